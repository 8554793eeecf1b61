//! From a response whose body is still on its way to an answer, and what it says to the session.

use super::{Exchange, exchange::cure};
use crate::{Answer, TransportError, session::Refusal};
use bytes::{Bytes, BytesMut};
use std::{mem, time::Duration};

/// How much of a refusal is read, so that its connection is free again.
pub(crate) const HEAD: usize = 64 * 1024;
/// For how long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// An answer, and what it says to the session.
pub(crate) struct Received {
    pub(super) answer: Answer,
    pub(super) refusal: Option<Refusal>,
    /// The scheme that was refused, where the policy names one of several.
    pub(super) scheme: Option<&'static str>,
}

impl Exchange {
    /// Reads the answer as far as is needed to tell what it is.
    pub(super) async fn receive(
        &self,
        mut response: reqwest::Response,
    ) -> Result<Received, TransportError> {
        let status = response.status();
        let headers = mem::take(response.headers_mut());
        let mut answer = Answer {
            status,
            headers,
            body: Bytes::new(),
            opened: None,
        };
        let Some(rules) = self.rules() else {
            answer.body = whole(response).await?;
            self.open(&mut answer);
            return Ok(Received {
                answer,
                refusal: None,
                scheme: None,
            });
        };
        if let Some(refusal) = self.by_status(&rules, status) {
            answer.body = drain(response).await;
            self.open(&mut answer);
            let refusal = Some(cure(refusal, &answer.headers));
            return Ok(Received {
                answer,
                refusal,
                scheme: None,
            });
        }
        let own = rules
            .own()
            .filter(|_| !self.owns(i64::from(status.as_u16())));
        if let Some(own) = own {
            let head = head(&mut response).await?;
            if let Some((refusal, scheme)) =
                own(status, &answer.headers, &head[..head.len().min(HEAD)])
            {
                answer.body = head;
                self.open(&mut answer);
                let refusal = Some(cure(refusal, &answer.headers));
                return Ok(Received {
                    answer,
                    refusal,
                    scheme,
                });
            }
            answer.body = rest(head, response).await?;
        } else {
            answer.body = whole(response).await?;
        }
        self.open(&mut answer);
        let refusal = self.by_body(&rules, &answer);
        let refusal = refusal.map(|refusal| cure(refusal, &answer.headers));
        Ok(Received {
            answer,
            refusal,
            scheme: None,
        })
    }

    fn open(&self, answer: &mut Answer) {
        if let Some(envelope) = &self.endpoint.api.envelope {
            envelope.open(answer);
        }
    }
}

async fn whole(response: reqwest::Response) -> Result<Bytes, TransportError> {
    response.bytes().await.map_err(TransportError::from_http)
}

/// At most 64 KiB for at most a second, then the connection is let go.
///
/// The status is known, so what breaks here changes nothing.
pub(crate) async fn drain(mut response: reqwest::Response) -> Bytes {
    let mut body = BytesMut::new();
    let read = async {
        while body.len() < HEAD {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                _ => break,
            }
        }
    };
    let _ = tokio::time::timeout(PATIENCE, read).await;
    body.truncate(HEAD);
    body.freeze()
}

/// The first 64 KiB, or the whole body where it is shorter.
async fn head(response: &mut reqwest::Response) -> Result<Bytes, TransportError> {
    let mut body = BytesMut::new();
    while body.len() < HEAD {
        match response.chunk().await.map_err(TransportError::from_http)? {
            Some(chunk) => body.extend_from_slice(&chunk),
            None => break,
        }
    }
    Ok(body.freeze())
}

async fn rest(head: Bytes, response: reqwest::Response) -> Result<Bytes, TransportError> {
    let rest = whole(response).await?;
    if rest.is_empty() {
        return Ok(head);
    }
    let mut body = BytesMut::from(head);
    body.extend_from_slice(&rest);
    Ok(body.freeze())
}
