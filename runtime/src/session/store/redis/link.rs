//! The connection: made when it is needed, given up when it fails, and never waited for long.

use crate::session::StoreError;
use ::redis::{AsyncConnectionConfig, Client, FromRedisValue, RedisError, RedisResult, Value};
use ::redis::{ScriptInvocation, aio::MultiplexedConnection};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    runtime::{Handle, Id},
    time::timeout,
};

pub(super) struct Link {
    client: Client,
    deadline: Duration,
    /// The connection, and the runtime that it lives on: elsewhere it may stand still.
    open: Mutex<Option<(Id, MultiplexedConnection)>>,
}

impl Link {
    pub(super) fn new(client: Client, deadline: Duration) -> Self {
        Self {
            client,
            deadline,
            open: Mutex::new(None),
        }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn limit(&self) -> Duration {
        self.deadline
    }

    /// Host and port, or the path of a socket: not the URL, which may hold a password.
    pub(super) fn place(&self) -> String {
        self.client.get_connection_info().addr().to_string()
    }

    /// Runs a script, which may be run twice: the answer of the first time may be lost.
    pub(super) async fn run(&self, script: &ScriptInvocation<'_>) -> Result<Value, StoreError> {
        let runtime = self.runtime()?;
        self.within(self.attempt(script, runtime)).await
    }

    /// What `future` gives within the deadline.
    pub(super) async fn within<T>(
        &self,
        future: impl Future<Output = RedisResult<T>>,
    ) -> Result<T, StoreError> {
        let error = match timeout(self.deadline, future).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => self.failed(error),
            Err(_) => StoreError::new(format!(
                "redis at {} did not answer within {:?}",
                self.place(),
                self.deadline
            )),
        };
        // A new connection costs little, and may lead to another server of the same name.
        *self.slot() = None;
        Err(error)
    }

    pub(super) fn runtime(&self) -> Result<Id, StoreError> {
        Handle::try_current()
            .map(|runtime| runtime.id())
            .map_err(|error| StoreError::because("a Redis store needs a tokio runtime", error))
    }

    async fn attempt<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
        runtime: Id,
    ) -> RedisResult<T> {
        if let Some(mut connection) = self.cached(runtime) {
            match script.invoke_async(&mut connection).await {
                // The server may have been restarted since.
                Err(error) if is_broken(&error) => {}
                answer => return answer,
            }
        }
        let mut connection = self.connect().await?;
        *self.slot() = Some((runtime, connection.clone()));
        script.invoke_async(&mut connection).await
    }

    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        // The deadline of the whole covers both.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None);
        self.client
            .get_multiplexed_async_connection_with_config(&config)
            .await
    }

    fn cached(&self, runtime: Id) -> Option<MultiplexedConnection> {
        let slot = self.slot();
        let (home, connection) = slot.as_ref()?;
        (*home == runtime).then(|| connection.clone())
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<(Id, MultiplexedConnection)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, error: RedisError) -> StoreError {
        let place = self.place();
        let message = if error.is_io_error() {
            format!("redis at {place} cannot be reached")
        } else {
            format!("redis at {place} refused a command")
        };
        StoreError::because(message, error)
    }
}

fn is_broken(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error()
}
