//! A hand-written trait of the back end.

use crate::face::{Answer, Cancelled, Origin, Seen};
use perennial::{ApiError, Call, Error, Result, Session, Tokens, api_client};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pair {
    token: String,
    refresh_token: String,
}

impl From<Pair> for Tokens {
    fn from(pair: Pair) -> Self {
        Self::new(pair.token).refresh_token(pair.refresh_token)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Echo {
    method: String,
    path: String,
    user: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Order {
    items: Vec<String>,
}

#[derive(Debug, ApiError)]
pub(crate) enum CancelError {
    #[status(409)]
    TooLate,
}

#[api_client(
    auth = header("token"),
    session(refresh = 401, expired = 402, from = [status, envelope]),
    envelope(code = "code", message = "msg", data = "data", ok = [0, 200]),
)]
pub(crate) trait OriginApi: Send + Sync {
    #[post("/login", auth = none)]
    fn log_in(&self, #[field] user: &str) -> Call<Pair>;

    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[query("refreshToken")] refresh_token: &str) -> Call<Pair>;

    #[get("/user/profile")]
    fn profile(&self) -> Call<Echo>;

    #[get("/open/notice", auth = none)]
    fn notice(&self) -> Call<Echo>;

    #[get("/orders/{id}", none(404))]
    fn order(&self, id: i64) -> Call<Option<Echo>>;

    #[put("/orders/{id}")]
    fn change_order(
        &self,
        id: i64,
        #[query] notify: bool,
        #[header] if_match: &str,
        #[json] order: &Order,
    ) -> Call<Echo>;

    #[post("/orders/{id}/cancel")]
    fn cancel_order(&self, id: i64) -> Call<(), CancelError>;
}

impl From<Echo> for Seen {
    fn from(echo: Echo) -> Self {
        Self {
            method: echo.method,
            path: echo.path,
            user: echo.user,
        }
    }
}

impl Origin for OriginApiClient {
    fn connect(url: &str, session: &Session) -> Self {
        let builder = Self::builder().base_url(url).session(session.clone());
        builder.build().expect("the client can be built")
    }

    fn log_in(&self, user: &str) -> Answer<Result<Tokens>> {
        let call = self.log_in(user);
        Box::pin(async move { Ok(call.await?.into()) })
    }

    fn profile(&self) -> Answer<Result<Seen>> {
        let call = self.profile();
        Box::pin(async move { Ok(call.await?.into()) })
    }

    fn notice(&self) -> Answer<Result<Seen>> {
        let call = self.notice();
        Box::pin(async move { Ok(call.await?.into()) })
    }

    fn order(&self, id: i64) -> Answer<Result<Option<Seen>>> {
        let call = self.order(id);
        Box::pin(async move { Ok(call.await?.map(Seen::from)) })
    }

    fn change_order(
        &self,
        id: i64,
        notify: bool,
        if_match: &str,
        item: &str,
    ) -> Answer<Result<Seen>> {
        let order = Order {
            items: vec![item.to_owned()],
        };
        let call = self.change_order(id, notify, if_match, &order);
        Box::pin(async move { Ok(call.await?.into()) })
    }

    fn cancel_order(&self, id: i64) -> Answer<Cancelled> {
        let call = self.cancel_order(id);
        Box::pin(async move {
            match call.await {
                Ok(()) => Cancelled::Done,
                Err(Error::Api(refused)) if matches!(refused.value, CancelError::TooLate) => {
                    Cancelled::TooLate
                }
                Err(error) => Cancelled::Failed(error.into()),
            }
        })
    }
}
