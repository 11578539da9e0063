//! A server and telephones within the test, by the SDK.

use crate::stage::{DEADLINE, Folder};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::timeout;
use tsuwa::media::AudioSetup;
use tsuwa::{EventStream, TrtcCalling, TrtcCallingEvent};
use tsuwa_server::{Config, DEFAULT_APP, Server};
use tsuwa_usersig::{Claims, Key, sign};

pub(crate) struct House {
    server: Server,
    key: Key,
    _folder: Folder,
}

/// A telephone, and what it has been told.
pub(crate) struct Line {
    pub(crate) calling: TrtcCalling,
    events: EventStream,
}

impl House {
    pub(crate) async fn open() -> Self {
        let folder = Folder::new();
        let config = Config::local(folder.join("data")).unwrap();
        let key = Key::new(config.apps[0].secret.expose()).unwrap();
        Self { server: Server::start(config).await.unwrap(), key, _folder: folder }
    }

    pub(crate) fn ticket(&self, user: &str, lifetime_s: u64) -> String {
        let issued_at_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        sign(&self.key, &Claims { app: DEFAULT_APP.0, user: user.to_owned(), issued_at_s, lifetime_s }).unwrap()
    }

    /// A phone without sound that is signed in.
    pub(crate) async fn line(&self, user: &str) -> Line {
        let calling = TrtcCalling::builder().server(self.server.rpc_url()).without_media().build().unwrap();
        self.sign_in(calling, user, 600).await
    }

    /// A phone with sound that is signed in.
    pub(crate) async fn line_with(&self, user: &str, audio: AudioSetup) -> Line {
        let calling = TrtcCalling::builder().server(self.server.rpc_url()).audio(audio).build().unwrap();
        self.sign_in(calling, user, 600).await
    }

    pub(crate) async fn line_for(&self, user: &str, lifetime_s: u64) -> Line {
        let calling = TrtcCalling::builder().server(self.server.rpc_url()).without_media().build().unwrap();
        self.sign_in(calling, user, lifetime_s).await
    }

    async fn sign_in(&self, calling: TrtcCalling, user: &str, lifetime_s: u64) -> Line {
        Line::signed_in(calling, user, &self.ticket(user, lifetime_s)).await
    }
}

impl Line {
    pub(crate) async fn signed_in(calling: TrtcCalling, user: &str, ticket: &str) -> Self {
        let events = calling.events();
        assert_eq!(calling.login(DEFAULT_APP.0, user, ticket).await.code, 0);
        Self { calling, events }
    }

    /// The next event that is not periodic.
    pub(crate) async fn next(&mut self) -> TrtcCallingEvent {
        loop {
            let event = self.next_of_all().await;
            if !event.is_periodic() {
                return event;
            }
        }
    }

    /// The next event, periodic or not.
    pub(crate) async fn next_of_all(&mut self) -> TrtcCallingEvent {
        timeout(DEADLINE, self.events.next()).await.expect("an event comes").expect("it lives")
    }

    /// The next events have these names.
    pub(crate) async fn sees(&mut self, names: &[&str]) {
        for name in names {
            let event = self.next().await;
            assert_eq!(event.name(), *name, "{event:?}");
        }
    }

    /// Nothing more comes. What the server had to say before comes before the answer to a question that is asked now.
    pub(crate) async fn sees_nothing_more(&mut self) {
        // Oneself can't be called.
        let own = self.calling.user_id().expect("it is signed in");
        assert_eq!(self.calling.call(own.as_str(), tsuwa::CallType::Audio).await.code, -1202);
        let more = timeout(Duration::ZERO, self.next()).await;
        assert!(more.is_err(), "{more:?}");
    }
}
