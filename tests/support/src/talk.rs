//! A client's side of a test: connecting as a user, and running a command to its end.

use bailiwick_client::{
    CommandText, ConnectOptions, Connection, Event, Identity, Outcome, ServerTrust, Session, Target,
};
use bailiwick_objects::metadata::StreamKind;
use bailiwick_objects::{ErrorRecord, Value};

use crate::place::Place;

pub(crate) async fn connect(place: &Place, user: &str, address: &str) -> Connection {
    let folder = place.config_of(user, address).join("bailiwick");
    let identity = Identity::load(&folder.join("identity.pem")).unwrap();
    let trust = ServerTrust::KnownHosts { path: folder.join("known_hosts"), ask: None };
    let target = Target::parse(address).unwrap();
    Connection::connect(&target, &identity, &trust, &ConnectOptions::default()).await.unwrap()
}

/// What a command wrote and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// All records, in order.
    pub records: Vec<(StreamKind, Value)>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Ran {
    /// The values of its output.
    pub fn output(&self) -> Vec<&Value> {
        self.of(StreamKind::Output)
    }

    /// Its error records.
    pub fn errors(&self) -> Vec<&ErrorRecord> {
        let errors = self.of(StreamKind::Error).into_iter();
        errors
            .filter_map(|value| if let Value::Error(error) = value { Some(&**error) } else { None })
            .collect()
    }

    fn of(&self, wanted: StreamKind) -> Vec<&Value> {
        self.records.iter().filter(|(stream, _)| *stream == wanted).map(|(_, value)| value).collect()
    }
}

/// Runs a text in a session, to its end.
///
/// # Panics
/// The command is not taken, or the connection is lost.
pub async fn run(session: &Session, text: &str) -> Ran {
    let mut execution = session.execute(CommandText::new(text)).await.unwrap();
    let mut records = Vec::new();
    while let Some(event) = execution.next().await {
        match event {
            Event::Records { stream, values } => {
                records.extend(values.into_iter().map(|value| (stream, value)))
            }
            Event::Finished(outcome) => return Ran { records, outcome },
        }
    }
    panic!("`{text}` did not finish");
}

/// The output of a text that must complete.
///
/// # Panics
/// It does not complete, or writes an error.
pub async fn values(session: &Session, text: &str) -> Vec<Value> {
    let ran = run(session, text).await;
    assert!(ran.errors().is_empty(), "`{text}`: {:?}", ran.errors());
    ran.records
        .into_iter()
        .filter(|(stream, _)| *stream == StreamKind::Output)
        .map(|(_, value)| value)
        .collect()
}
