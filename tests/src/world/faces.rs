//! The same API through each face of a session.

use super::{Echo, Face, ShopApiClient};
use crate::leaks;
use http::{HeaderMap, Method};
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client as Hyper, rt::TokioExecutor};
use perennial::{
    Answer, ApiError, ByteStream, Bytes, Call, DecodeError, Error, Guard, Once, RequestError,
    Response, Result, TransportError, TransportKind,
};
use serde::de::DeserializeOwned;
use std::error::Error as StdError;
use std::sync::Arc;
use tower::{Layer, ServiceExt};

/// The methods that scenarios call, by whichever face.
#[derive(Clone)]
pub struct Shop {
    generated: ShopApiClient,
    other: Option<Arc<Other>>,
}

struct Other {
    face: Face,
    guard: Guard,
    base: String,
    http: reqwest::Client,
    hyper: Hyper<hyper_util::client::legacy::connect::HttpConnector, Full<Bytes>>,
}

impl Shop {
    /// A face of the session that the generated client has been bound to.
    pub(super) fn new(generated: ShopApiClient, face: Face, base: String, http2: bool) -> Self {
        if face == Face::Generated {
            return Self {
                generated,
                other: None,
            };
        }
        let session = generated.client().session().expect("it was given one");
        let guard = Guard::new(session.clone(), &base).expect("a loopback URL");
        let mut http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        if http2 {
            http = http.http2_prior_knowledge();
        }
        let other = Other {
            face,
            guard,
            base,
            http: http.build().expect("a client can be built"),
            hyper: Hyper::builder(TokioExecutor::new())
                .http2_only(http2)
                .build_http(),
        };
        Self {
            generated,
            other: Some(Arc::new(other)),
        }
    }

    /// The generated client, for what only it has.
    #[must_use]
    pub fn generated(&self) -> &ShopApiClient {
        &self.generated
    }

    /// `GET /items/{id}`
    pub fn item(&self, id: u32) -> Call<Echo> {
        match &self.other {
            None => watched(self.generated.item(id)),
            Some(other) => get(other, &format!("/items/{id}")),
        }
    }

    /// `GET /slow`
    pub fn slow(&self) -> Call<Echo> {
        match &self.other {
            None => watched(self.generated.slow()),
            Some(other) => get(other, "/slow"),
        }
    }

    /// `GET /forbidden`
    pub fn forbidden(&self) -> Call<Echo> {
        match &self.other {
            None => watched(self.generated.forbidden()),
            Some(other) => get(other, "/forbidden"),
        }
    }

    /// `GET /open/{name}`
    pub fn open(&self, name: &str) -> Call<Echo> {
        match &self.other {
            None => watched(self.generated.open(name)),
            Some(other) => get(other, &format!("/open/{name}")),
        }
    }

    /// `POST /upload` with a body that can be had only once.
    pub fn upload(&self, rows: &'static str) -> Call<Echo> {
        match &self.other {
            None => watched(self.generated.upload(ByteStream::from_iter([rows]))),
            Some(other) => send(
                other,
                Method::POST,
                "/upload",
                HeaderMap::new(),
                Content::Once(rows),
            ),
        }
    }

    /// `PUT /items/{id}`, with a query, a header and a JSON body.
    pub fn put_item(
        &self,
        id: u32,
        notify: bool,
        if_match: &str,
        body: &serde_json::Value,
    ) -> Call<Echo> {
        let Some(other) = &self.other else {
            return watched(self.generated.put_item(id, notify, if_match, body));
        };
        let path = format!("/items/{id}?notify={notify}");
        json(other, Method::PUT, &path, &[("if-match", if_match)], body)
    }

    /// `PATCH /items/{id}`, with two headers and a JSON body.
    pub fn patch_item(
        &self,
        id: u32,
        if_match: &str,
        language: &str,
        body: &serde_json::Value,
    ) -> Call<Echo> {
        let Some(other) = &self.other else {
            return watched(self.generated.patch_item(id, if_match, language, body));
        };
        let headers = [("if-match", if_match), ("accept-language", language)];
        json(
            other,
            Method::PATCH,
            &format!("/items/{id}"),
            &headers,
            body,
        )
    }

    /// `POST /orders`, with an idempotency key and a JSON body.
    pub fn order(&self, key: &str, body: &serde_json::Value) -> Call<Echo> {
        let Some(other) = &self.other else {
            return watched(self.generated.order(key, body));
        };
        json(
            other,
            Method::POST,
            "/orders",
            &[("idempotency-key", key)],
            body,
        )
    }
}

/// A body, and whether it can be sent again.
enum Content {
    None,
    Shared(Bytes),
    Once(&'static str),
}

/// In a run that is looked at for leaks, looks at the error that the call may end with.
fn watched(call: Call<Echo>) -> Call<Echo> {
    if !leaks::is_on() {
        return call;
    }
    leaks::look_at(&call);
    Call::from_future(async move {
        let result = call.await;
        if let Err(error) = &result {
            leaks::look_at_error(error);
        }
        result
    })
}

fn get(other: &Arc<Other>, path: &str) -> Call<Echo> {
    send(other, Method::GET, path, HeaderMap::new(), Content::None)
}

fn json(
    other: &Arc<Other>,
    method: Method,
    path: &str,
    headers: &[(&'static str, &str)],
    body: &serde_json::Value,
) -> Call<Echo> {
    let mut map = HeaderMap::new();
    for (name, value) in [("content-type", "application/json")].iter().chain(headers) {
        map.insert(*name, value.parse().expect("a header's value"));
    }
    let body = serde_json::to_vec(body).expect("JSON can be written");
    send(other, method, path, map, Content::Shared(body.into()))
}

fn send(
    other: &Arc<Other>,
    method: Method,
    path: &str,
    headers: HeaderMap,
    body: Content,
) -> Call<Echo> {
    let (other, url) = (other.clone(), format!("{}{path}", other.base));
    let call = Call::from_future(async move {
        let answer = match other.face {
            Face::Generated => unreachable!("it has methods of its own"),
            Face::Plain => {
                let request = other.request(method, &url, headers, body);
                read(other.guard.send(&other.http, request).await?).await?
            }
            Face::Middleware => {
                let stack = reqwest_middleware::ClientBuilder::new(other.http.clone())
                    .with(other.guard.middleware())
                    .build();
                let request = other.request(method, &url, headers, body);
                read(stack.execute(request).await.map_err(unwrapped)?).await?
            }
            Face::Tower => {
                let once = matches!(body, Content::Once(_));
                let mut request = http::Request::new(Full::new(body.bytes()));
                *request.method_mut() = method;
                *request.uri_mut() = url.parse().expect("a URI");
                *request.headers_mut() = headers;
                let (layer, hyper) = (other.guard.layer(), other.hyper.clone());
                let sent = if once {
                    let layer = other.guard.layer_with(Once);
                    layer.layer(hyper).oneshot(request).await
                } else {
                    layer.layer(hyper).oneshot(request).await
                };
                let response = sent.map_err(unboxed)?;
                let (head, body) = response.into_parts();
                let body = body.collect().await.map_err(|error| transport(&error))?;
                let mut answer = Answer::new(head.status, body.to_bytes());
                answer.headers = head.headers;
                answer
            }
        };
        decode(answer)
    });
    watched(call)
}

impl Other {
    fn request(
        &self,
        method: Method,
        url: &str,
        headers: HeaderMap,
        body: Content,
    ) -> reqwest::Request {
        let mut request = self.http.request(method, url).headers(headers);
        request = match body {
            Content::None => request,
            Content::Shared(bytes) => request.body(bytes),
            Content::Once(text) => request.body(reqwest::Body::wrap(Full::new(Bytes::from(text)))),
        };
        request.build().expect("a request can be built")
    }
}

impl Content {
    fn bytes(self) -> Bytes {
        match self {
            Self::None => Bytes::new(),
            Self::Shared(bytes) => bytes,
            Self::Once(text) => Bytes::from(text),
        }
    }
}

async fn read(response: reqwest::Response) -> Result<Answer> {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await.map_err(|error| transport(&error))?;
    let mut answer = Answer::new(status, body);
    answer.headers = headers;
    Ok(answer)
}

fn decode<T: DeserializeOwned>(answer: Answer) -> Result<T> {
    if !answer.status.is_success() {
        let status = answer.status;
        return Err(Response::new(status, ApiError::from(answer)).into());
    }
    serde_json::from_slice(&answer.body).map_err(|error| DecodeError::new(error.to_string()).into())
}

/// What the session said, or what the transport did.
fn unwrapped(error: reqwest_middleware::Error) -> Error {
    match error {
        reqwest_middleware::Error::Middleware(error) => match error.downcast::<Error>() {
            Ok(ours) => ours,
            Err(other) => RequestError::new(other.to_string()).into(),
        },
        reqwest_middleware::Error::Reqwest(error) => transport(&error),
    }
}

fn unboxed(error: Box<dyn StdError + Send + Sync>) -> Error {
    match error.downcast::<Error>() {
        Ok(ours) => *ours,
        Err(other) => transport(&*other),
    }
}

fn transport(error: &(dyn StdError + 'static)) -> Error {
    TransportError::new(TransportKind::Connect, error.to_string()).into()
}
