//! A call: what the loop of the runtime does, over a transport in memory.

use super::{
    executor::Executor,
    server::{Server, parts},
};
use crate::session::{Admission, Ask, Denied, Refusal, Session, Ticket};

/// How a call ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) result: Result<(), Denied>,
    pub(super) sends: u32,
    /// Whether it was sent as two different people.
    pub(super) mixed: bool,
}

fn ask(endpoint: usize) -> Ask {
    Ask {
        endpoint,
        bytes: 100,
        ..Ask::default()
    }
}

pub(super) async fn call(
    session: Session,
    server: Server,
    executor: Executor,
    endpoint: usize,
) -> Ended {
    let ask = ask(endpoint);
    let mut sent = Vec::new();
    let result = exchange(&session, &server, &executor, &ask, &mut sent).await;
    let users: Vec<usize> = sent.iter().map(|token| parts(token).0).collect();
    Ended {
        result,
        sends: sent.len() as u32,
        mixed: users.iter().any(|user| *user != users[0]),
    }
}

async fn exchange(
    session: &Session,
    server: &Server,
    executor: &Executor,
    ask: &Ask,
    sent: &mut Vec<String>,
) -> Result<(), Denied> {
    executor.dawdle().await;
    let (mut ticket, token) = inject(session, ask).await?;
    sent.push(token);
    loop {
        executor.dawdle().await;
        let good = sent.last().is_some_and(|token| server.accepts(token));
        executor.dawdle().await;
        if good {
            session.accepted(ask, &ticket);
            return Ok(());
        }
        let replayed = sent.len() > 1;
        let refusal = Refusal::AccessExpired;
        let next = session.refused(ask, &ticket, refusal, replayed).await?;
        ticket = session.place(ask, next).await?;
        sent.extend(text(&ticket));
    }
}

/// The hot path, or the other one.
async fn inject(session: &Session, ask: &Ask) -> Result<(Ticket, String), Denied> {
    let mut token = String::new();
    let served = session.serve(ask, |credential| {
        credential.secret().expose().clone_into(&mut token);
        Ok::<(), Denied>(())
    });
    if let Some(ticket) = served {
        return Ok((ticket?, token));
    }
    match session.admit(ask).await? {
        Admission::Carry(ticket) => {
            let token = text(&ticket).unwrap_or_default();
            Ok((ticket, token))
        }
        Admission::Bare => unreachable!("the call needs a token"),
    }
}

fn text(ticket: &Ticket) -> Option<String> {
    let snapshot = ticket.token.as_ref()?;
    Some(snapshot.credential.secret().expose().to_owned())
}
