//! The client that `gen-client` wrote from `fixtures/origin.yaml`.

use crate::face::{Answer, Cancelled, Origin, Seen};
use perennial::{Error, Result, Session, Tokens};
use perennial_tests::origin::Origin as Client;
use perennial_tests::origin::shop::ShopError;
use perennial_tests::origin::types::{Credentials, Echo, Order};

impl From<Echo> for Seen {
    fn from(echo: Echo) -> Self {
        Self {
            method: echo.method,
            path: echo.path,
            user: echo.user.flatten(),
        }
    }
}

impl Origin for Client {
    fn connect(url: &str, session: &Session) -> Self {
        let builder = Self::builder(url).session(session.clone());
        builder.build().expect("the client can be built")
    }

    fn log_in(&self, user: &str) -> Answer<Result<Tokens>> {
        let call = self.session().log_in(&Credentials::new(user.to_owned()));
        Box::pin(async move { Ok(call.await?.into()) })
    }

    fn profile(&self) -> Answer<Result<Seen>> {
        let call = self.shop().profile();
        Box::pin(async move { Ok(call.await?.into()) })
    }

    fn notice(&self) -> Answer<Result<Seen>> {
        let call = self.shop().notice();
        Box::pin(async move { Ok(call.await?.into()) })
    }

    fn order(&self, id: i64) -> Answer<Result<Option<Seen>>> {
        let call = self.shop().order(id);
        Box::pin(async move { Ok(call.await?.map(Seen::from)) })
    }

    fn change_order(
        &self,
        id: i64,
        notify: bool,
        if_match: &str,
        item: &str,
    ) -> Answer<Result<Seen>> {
        let order = Order::new(vec![item.to_owned()]);
        let call = self.shop().change_order(id, notify, if_match, &order);
        Box::pin(async move { Ok(call.await?.into()) })
    }

    fn cancel_order(&self, id: i64) -> Answer<Cancelled> {
        let call = self.shop().cancel_order(id);
        Box::pin(async move {
            match call.await {
                Ok(()) => Cancelled::Done,
                Err(Error::Api(refused)) if matches!(refused.value, ShopError::Conflict) => {
                    Cancelled::TooLate
                }
                Err(error) => Cancelled::Failed(error.into()),
            }
        })
    }
}
