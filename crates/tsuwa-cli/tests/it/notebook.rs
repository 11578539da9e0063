//! The log of a short story, as a server leaves it, and `tsuwa log`, which looks at it.

use crate::stage::{Folder, tsuwa};
use std::path::{Path, PathBuf};
use std::process::Output;
use tsuwa_call::DeviceKey;
use tsuwa_exchange::{Exchange, Input, Log};
use tsuwa_proto::{Act, CallId, CallType, HangupTarget, Invite, MediaMode, Millis, RequestId, SessionId};
use tsuwa_server::DEFAULT_APP;
use tsuwa_server::store::{Keeper, LogSync, Store};

/// Zoe calls abe, who answers, and hangs up; her ids sort behind his. Then she calls him again.
pub(crate) struct Story {
    pub(crate) path: PathBuf,
    store: Store,
    exchange: Exchange,
    _folder: Folder,
}

/// 2026-11-23, 20:44:05.123.
const BEGAN: u64 = 1_795_466_645_123;

impl Story {
    pub(crate) fn told() -> Self {
        let folder = Folder::new();
        let path = folder.join("calls.sqlite");
        let keeper = Keeper::start().unwrap();
        let mut store = Store::open(&path, DEFAULT_APP, LogSync::Second, &keeper).unwrap();
        let exchange = Exchange::new(DEFAULT_APP, store.reign().unwrap());
        let mut story = Self { path, store, exchange, _folder: folder };
        story.enter(Input::Started);
        let [zoe, abe] = ["zoe", "abe"].map(|user| story.sign_in(user));
        let call = story.call(zoe, 1);
        story.request(abe, 1, Act::Accept { call_id: Some(call), invitation_id: None });
        story.store.keep(&story.exchange.snapshot()).unwrap();
        story.request(zoe, 2, Act::Hangup { target: HangupTarget::Call(call), invitation_id: None });
        story.call(zoe, 3);
        story
    }

    /// The log when its server has ended.
    pub(crate) fn closed(self) -> (PathBuf, Folder) {
        (self.path, self._folder)
    }

    fn enter(&mut self, input: Input) -> u64 {
        let entry = self.exchange.propose(Millis(BEGAN), input);
        self.store.append(std::slice::from_ref(&entry)).unwrap();
        self.exchange.committed(&entry);
        while self.exchange.poll_effect().is_some() {}
        entry.position
    }

    fn sign_in(&mut self, user: &str) -> SessionId {
        let at = DeviceKey { user: user.parse().unwrap(), device: format!("{user}s-phone").parse().unwrap() };
        let expires_at = Millis(BEGAN + 3_600_000);
        SessionId(self.enter(Input::SignIn { origin: 1, at, media: MediaMode::Webrtc, expires_at }))
    }

    fn request(&mut self, session: SessionId, id: u64, act: Act) -> u64 {
        self.enter(Input::Request { session, id: RequestId(id), act })
    }

    fn call(&mut self, session: SessionId, id: u64) -> CallId {
        let user_data = Some("zoe's secret".to_owned());
        let invite = Invite { kind: CallType::Audio, timeout_s: None, user_data };
        CallId(self.request(session, id, Act::Call { user_id: "abe".parse().unwrap(), invite }))
    }
}

/// `tsuwa log` with these words, and then the file: its status, and what it says.
pub(crate) fn log(words: &[&str], file: &Path) -> (i32, String) {
    said(tsuwa().arg("log").args(words).arg(file).output().unwrap())
}

pub(crate) fn said(output: Output) -> (i32, String) {
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), text)
}
