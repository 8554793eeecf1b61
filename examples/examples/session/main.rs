//! Keeps a sign-in between runs, in a file or in the operating system's keyring.
//!
//! Run it in two terminals at once: whoever refreshes first does so for both, and who signs out
//! signs out the other.
//!
//! ```text
//! cargo run -p perennial-examples --example session --features file,keyring -- --help
//! ```

mod arguments;
mod server;

use arguments::{Arguments, Command, Kept};
use perennial::{
    Call, Error, Event, FileStore, KeyringStore, Model, OAuth2Tokens, Session, TokenStore,
    api_client,
};
use std::error::Error as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

/// How long the session may take to be written before the program ends.
const PATIENCE: Duration = Duration::from_secs(5);

/// The server's API.
#[api_client(auth = bearer)]
trait Api: Send + Sync {
    /// A first pair of tokens. A real server would ask for more than a name.
    #[post("/sign-in", auth = none)]
    fn sign_in(&self, #[field] user: &str) -> Call<OAuth2Tokens>;

    /// The next pair; the session calls it by itself.
    #[post("/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    /// Who is asking.
    #[get("/me")]
    fn me(&self) -> Call<Me>;

    /// Makes the access token that it is called with expire, if that has served.
    #[post("/expire")]
    fn expire(&self) -> Call<()>;
}

/// A user of the server.
#[derive(Clone, Debug, Model)]
struct Me {
    user: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(mistake) => {
            eprintln!("session: {mistake} (session --help says more)");
            return ExitCode::from(2);
        }
    };
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("session: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.command {
        Command::Help => {
            print!("{}", arguments::HELP);
            return Ok(());
        }
        Command::Serve { port } => return server::serve(*port).await,
        _ => {}
    }
    let program = Program::new(arguments)?;
    match &arguments.command {
        Command::SignIn { user } => program.sign_in(user).await,
        Command::Show => program.show().await,
        Command::Refresh => program.refresh().await,
        Command::Watch => program.watch().await,
        Command::SignOut => program.sign_out().await,
        Command::Help | Command::Serve { .. } => Ok(()),
    }
}

struct Program {
    store: Arc<dyn TokenStore>,
    session: Session,
    api: ApiClient,
    server: String,
}

impl Program {
    fn new(arguments: &Arguments) -> Result<Self> {
        let store: Arc<dyn TokenStore> = match &arguments.kept {
            Kept::File(path) => Arc::new(FileStore::new(path)),
            Kept::Keyring => Arc::new(KeyringStore::new("perennial-example", &arguments.server)),
        };
        let session = Session::builder().store(store.clone()).build();
        let session = session.map_err(Error::<perennial::ApiError>::from)?;
        let api = ApiClient::builder()
            .base_url(&arguments.server)
            .session(session.clone())
            .build()?;
        Ok(Self {
            store,
            session,
            api,
            server: arguments.server.clone(),
        })
    }

    async fn sign_in(&self, user: &str) -> Result<()> {
        self.session.load().await?;
        let tokens = self.api.sign_in(user).await;
        self.session
            .sign_in(tokens.map_err(|error| self.explained(error))?);
        self.kept().await?;
        self.whoami().await
    }

    /// What is kept, and what the server says of it.
    async fn show(&self) -> Result<()> {
        match self.store.load().await? {
            None => println!("nobody is signed in"),
            Some(record) => {
                let (sign_in, version) = (record.sign_in(), record.version());
                println!("sign-in {sign_in:?}, version {version}");
                self.whoami().await?;
            }
        }
        self.kept().await
    }

    /// Makes the access token expire, so that the next call renews it.
    async fn refresh(&self) -> Result<()> {
        let expired = self.api.expire().await;
        expired.map_err(|error| self.explained(error))?;
        println!("the access token is to expire; the next call renews it");
        self.whoami().await?;
        self.kept().await
    }

    /// Prints what happens to the session, here and in other processes, until it is interrupted.
    async fn watch(&self) -> Result<()> {
        let mut events = self.session.events();
        let state = self.session.load().await?;
        println!("watching; the session is {state:?}");
        while let Some(event) = events.next().await {
            match event {
                Event::SignedIn | Event::Changed => println!("someone has signed in"),
                Event::SignedOut => println!("signed out"),
                Event::Refreshed => println!("new tokens are in use"),
                Event::Expired { reason } => println!("the session is over: {reason}"),
                other => println!("{other:?}"),
            }
        }
        Ok(())
    }

    async fn sign_out(&self) -> Result<()> {
        self.session.load().await?;
        self.session.sign_out();
        self.kept().await?;
        println!("signed out");
        Ok(())
    }

    async fn whoami(&self) -> Result<()> {
        let me = self.api.me().await.map_err(|error| self.explained(error))?;
        println!("signed in as {}", me.user);
        Ok(())
    }

    /// Waits until the store holds what the session holds: a program that ends before may lose it.
    async fn kept(&self) -> Result<()> {
        let closed = tokio::time::timeout(PATIENCE, self.session.close()).await;
        if closed.is_ok() {
            return Ok(());
        }
        // Says what is wrong, if it can be said.
        self.store.load().await?;
        Err(
            "the session could not be written within 5 s: is there room, and may it be written?"
                .into(),
        )
    }

    /// The error with what to do about it.
    fn explained(&self, error: Error) -> Box<dyn std::error::Error + Send + Sync> {
        let server = &self.server;
        match error {
            Error::SessionExpired(why) => {
                format!("{why}; `session sign-in` begins a new one").into()
            }
            error if error.is_transport() => format!(
                "{error}; is there a server at {server}? `session serve` starts one to try it with"
            )
            .into(),
            error => match error.source() {
                Some(cause) => format!("{error}: {cause}").into(),
                None => error.into(),
            },
        }
    }
}
