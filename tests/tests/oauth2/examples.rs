//! The sign-in examples, as they are, against a real authorization server.

use crate::endpoint::{Endpoint, json};
use perennial_tests::folder::Folder;
use perennial_tests::oidc::{CLI, Oidc, SERVICE};
use perennial_tests::run;
use std::sync::Mutex;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

#[expect(dead_code, reason = "the test calls what `main` calls")]
#[path = "../../../examples/examples/client_credentials.rs"]
mod client_credentials;
#[expect(
    clippy::duplicate_mod,
    dead_code,
    reason = "the test calls what `main` calls, and each example has its own copy of what they share"
)]
#[path = "../../../examples/examples/device_code.rs"]
mod device_code;
#[expect(
    clippy::duplicate_mod,
    dead_code,
    reason = "the test calls what `main` calls, and each example has its own copy of what they share"
)]
#[path = "../../../examples/examples/pkce.rs"]
mod pkce;

const LIFETIME: Duration = Duration::from_secs(3600);

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

/// The next line that starts like that, without its start.
async fn line(lines: &mut mpsc::UnboundedReceiver<String>, start: &str) -> String {
    loop {
        let line = lines.recv().await.expect("the example says more");
        if let Some(rest) = line.strip_prefix(start) {
            return rest.to_owned();
        }
    }
}

fn arguments(server: &Oidc) -> Vec<String> {
    let api = format!("{}/api", server.issuer());
    words([server.issuer(), CLI.id, "openid offline_access", &api])
}

#[test]
fn pkce_signs_in_through_the_browser() {
    if !Oidc::there("pkce_signs_in_through_the_browser") {
        return;
    }
    run(async {
        let server = Oidc::start(LIFETIME);
        let (tell, mut lines) = mpsc::unbounded_channel();
        let arguments = arguments(&server);
        let example = pkce::run(&arguments, move |line| {
            let _ = tell.send(line.to_owned());
        });
        let user = async {
            let page = line(&mut lines, "open ").await;
            let page = perennial::Url::parse(&page).expect("a URL");
            let callback = page.query_pairs().find(|(name, _)| name == "redirect_uri");
            let callback = callback.expect("a redirect").1.into_owned();
            assert!(callback.starts_with("http://127.0.0.1:"), "{callback}");
            // Neither a stranger nor a browser's idle connection ends or delays the sign-in.
            let idle = connect(&callback).await;
            let forged = get(&callback, "/callback?state=guessed&code=stolen").await;
            assert!(forged.starts_with("HTTP/1.1 400 "), "{forged}");
            let icon = get(&callback, "/favicon.ico").await;
            assert!(icon.starts_with("HTTP/1.1 404 "), "{icon}");
            let last = server.browse(page.as_str()).await;
            assert!(last.starts_with(&callback), "{last}");
            drop(idle);
            line(&mut lines, "{").await
        };
        // At once, so that nobody waits for an example that has failed.
        let example = async { example.await.expect("it signs in") };
        let ((), told) = tokio::join!(example, user);
        assert!(told.contains(r#""user":"user-1""#), "{told}");
    });
}

async fn connect(callback: &str) -> TcpStream {
    let url = perennial::Url::parse(callback).expect("a URL");
    let port = url.port().expect("a port of its own");
    TcpStream::connect(("127.0.0.1", port))
        .await
        .expect("it listens")
}

async fn get(callback: &str, target: &str) -> String {
    let mut stream = connect(callback).await;
    let head = format!("GET {target} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .await
        .expect("it answers");
    answer
}

#[test]
fn pkce_wants_the_very_server_that_it_asked() {
    run(async {
        let impostor = Endpoint::answering([String::new()]).await;
        let metadata = r#"{"issuer":"https://login.example.com","token_endpoint":"https://login.example.com/token"}"#;
        impostor.describes(metadata);
        let arguments = words([&impostor.url, "cli", "openid", "http://127.0.0.1/api"]);
        let failed = pkce::run(&arguments, |_| {})
            .await
            .expect_err("another issuer");
        let failed = failed.to_string();
        assert!(
            failed.contains("found the metadata of https://login.example.com"),
            "{failed}"
        );
    });
}

#[test]
fn device_code_signs_in_elsewhere() {
    if !Oidc::there("device_code_signs_in_elsewhere") {
        return;
    }
    run(async {
        let server = Oidc::start(LIFETIME);
        let (tell, mut lines) = mpsc::unbounded_channel();
        let (asks, mut asked) = mpsc::unbounded_channel();
        let (goes_on, go_on) = mpsc::unbounded_channel::<()>();
        let go_on = tokio::sync::Mutex::new(go_on);
        let arguments = arguments(&server);
        let example = device_code::run(
            &arguments,
            move |line| drop(tell.send(line.to_owned())),
            async |interval| {
                let _ = asks.send(interval);
                let _ = go_on.lock().await.recv().await;
            },
        );
        let user = async {
            let page = line(&mut lines, "open ").await;
            // One poll finds nobody there yet, the next one finds the user's consent.
            assert_eq!(asked.recv().await, Some(Duration::from_secs(5)));
            goes_on.send(()).expect("it waits");
            assert_eq!(asked.recv().await, Some(Duration::from_secs(5)));
            let last = server.browse(&page).await;
            assert!(last.contains("/device/"), "{last}");
            goes_on.send(()).expect("it waits");
            line(&mut lines, "{").await
        };
        // At once, so that nobody waits for an example that has failed.
        let example = async { example.await.expect("it signs in") };
        let ((), told) = tokio::join!(example, user);
        assert!(told.contains(r#""user":"user-1""#), "{told}");
        let polls = server.log();
        let polls: Vec<_> = polls.iter().map(|poll| poll["error"].as_str()).collect();
        assert_eq!(polls, [Some("authorization_pending"), None]);
    });
}

/// One device sign-in whose polls are answered like that: how long each wait was, and the end.
async fn polls(device: &str, answers: Vec<String>) -> (Vec<u64>, String) {
    let server = Endpoint::answering(answers).await;
    server.takes("A2");
    let metadata = format!(
        r#"{{"issuer":"{0}","token_endpoint":"{0}/token","device_authorization_endpoint":"{0}/device"}}"#,
        server.url
    );
    server.describes(&metadata);
    server.authorizes(device);
    let api = format!("{}/api", server.url);
    let arguments = words([&server.url, "cli", "openid", &api]);
    let waits = Mutex::new(Vec::new());
    let ended = device_code::run(
        &arguments,
        |_| {},
        async |interval: Duration| waits.lock().expect("no panic").push(interval.as_secs()),
    );
    let ended = match ended.await {
        Ok(()) => "signed in".to_owned(),
        Err(why) => why.to_string(),
    };
    (waits.into_inner().expect("no panic"), ended)
}

#[test]
fn device_code_polls_no_faster_than_it_may() {
    let error = |word: &str| json(400, &format!(r#"{{"error":"{word}"}}"#));
    let device = |rest: &str| {
        format!(
            r#"{{"device_code":"D1","user_code":"AB-CD","verification_uri":"https://x.example","expires_in":60{rest}}}"#
        )
    };
    let good = json(200, r#"{"access_token":"A2","token_type":"Bearer"}"#);
    run(async {
        let answers = vec![
            error("authorization_pending"),
            error("slow_down"),
            error("authorization_pending"),
            error("slow_down"),
            good.clone(),
        ];
        let told = polls(&device(r#","interval":2"#), answers).await;
        assert_eq!(told, (vec![2, 2, 7, 7, 12], "signed in".to_owned()));

        // A server that answers nothing is asked half as often; five seconds if none are said.
        let told = polls(&device(""), vec![String::new(), good]).await;
        assert_eq!(told, (vec![5, 10], "signed in".to_owned()));

        let told = polls(&device(""), vec![error("access_denied")]).await;
        assert_eq!(told, (vec![5], "the user said no".to_owned()));

        let pending = vec![error("authorization_pending"); 100];
        let (waits, ended) = polls(&device(r#","interval":20"#), pending).await;
        assert_eq!(waits, [20, 20, 20], "until the code has expired");
        assert!(ended.contains("expired"), "{ended}");

        let (_, ended) = polls(&device(""), vec![error("invalid_client")]).await;
        assert!(ended.contains("refused: invalid_client"), "{ended}");
    });
}

#[test]
fn client_credentials_share_one_token_through_a_file() {
    if !Oidc::there("client_credentials_share_one_token_through_a_file") {
        return;
    }
    run(async {
        let server = Oidc::start(LIFETIME);
        let folder = Folder::new();
        let file = folder.path("token.json").display().to_string();
        let api = format!("{}/api", server.issuer());
        let arguments = words([server.issuer(), SERVICE.id, "openid", &api, &file]);
        for _ in 0..3 {
            let said = Mutex::new(String::new());
            let say = |line: &str| said.lock().expect("no panic").push_str(line);
            let ran = client_credentials::run(&arguments, SERVICE.secret, say).await;
            ran.expect("the API answers");
            let said = said.into_inner().expect("no panic");
            assert!(said.contains(r#""client":"service""#), "{said}");
        }
        assert_eq!(server.figures().services, 1);
    });
}
