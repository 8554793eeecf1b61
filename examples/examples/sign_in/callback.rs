//! Where the browser comes back to: a socket that only this machine reaches (RFC 8252, section 7.3).

use super::server::Metadata;
use perennial::Url;
use std::{collections::HashMap, error::Error, net::Ipv4Addr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// No browser's request line is longer.
const LONGEST: usize = 16 << 10;

pub(crate) struct Callback {
    listener: TcpListener,
    redirect_uri: String,
}

impl Callback {
    /// A free port of 127.0.0.1, and of nothing else.
    pub(crate) async fn listen() -> Result<Self, Box<dyn Error>> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self {
            listener,
            redirect_uri: format!("http://127.0.0.1:{port}/callback"),
        })
    }

    pub(crate) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits for the browser, and gives the code that it brings.
    pub(crate) async fn code(
        &self,
        state: &str,
        metadata: &Metadata,
    ) -> Result<String, Box<dyn Error>> {
        // Browsers open connections that they may never use, so each is read by itself.
        let mut browsers = JoinSet::new();
        loop {
            let asked = tokio::select! {
                browser = self.listener.accept() => {
                    browsers.spawn(request(browser?.0, self.redirect_uri.clone()));
                    continue;
                }
                Some(asked) = browsers.join_next() => asked?,
            };
            if let Some(code) = reply(asked, state, metadata).await {
                return code;
            }
        }
    }
}

type Asked = (TcpStream, Option<HashMap<String, String>>);

/// The query of a request to the callback, and whom to answer.
async fn request(mut browser: TcpStream, redirect_uri: String) -> Asked {
    let (mut head, mut buffer) = (Vec::new(), [0; 1024]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match browser.read(&mut buffer).await {
            Ok(read @ 1..) if head.len() <= LONGEST => head.extend_from_slice(&buffer[..read]),
            _ => return (browser, None),
        }
    }
    (browser, query(&head, &redirect_uri))
}

fn query(head: &[u8], redirect_uri: &str) -> Option<HashMap<String, String>> {
    let head = std::str::from_utf8(head).ok()?;
    let target = head.strip_prefix("GET ")?.split(' ').next()?;
    let url = Url::parse(redirect_uri).ok()?.join(target).ok()?;
    let ours = url.path() == "/callback";
    ours.then(|| url.query_pairs().into_owned().collect())
}

/// The sign-in's end, if that is what the browser brings.
async fn reply(
    (mut browser, parameters): Asked,
    state: &str,
    metadata: &Metadata,
) -> Option<Result<String, Box<dyn Error>>> {
    let Some(parameters) = parameters else {
        answer(&mut browser, "404 Not Found", "nothing here").await;
        return None;
    };
    // Whoever does not know the state is not the answer to our question: a page on another tab,
    // for one, that would like to sign us in as someone else.
    if parameters.get("state").map(String::as_str) != Some(state) {
        let told = "not the sign-in that was asked for";
        answer(&mut browser, "400 Bad Request", told).await;
        return None;
    }
    let code = read(&parameters, metadata);
    let told = match &code {
        Ok(_) => "signed in; this page can be closed",
        Err(_) => "not signed in; this page can be closed",
    };
    answer(&mut browser, "200 OK", told).await;
    Some(code)
}

fn read(
    parameters: &HashMap<String, String>,
    metadata: &Metadata,
) -> Result<String, Box<dyn Error>> {
    // RFC 9207: with several servers, the answer of one must not pass for another's.
    let issuer = parameters.get("iss");
    let named = metadata.authorization_response_iss_parameter_supported == Some(true);
    if issuer.map_or(named, |issuer| *issuer != metadata.issuer) {
        return Err("the browser brought the answer of another server".into());
    }
    if let Some(error) = parameters.get("error") {
        return Err(format!("the sign-in was refused: {error}").into());
    }
    let code = parameters.get("code").cloned();
    code.ok_or_else(|| "the browser brought no code".into())
}

async fn answer(browser: &mut TcpStream, status: &str, text: &str) {
    let length = text.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}"
    );
    let _ = browser.write_all(head.as_bytes()).await;
}
