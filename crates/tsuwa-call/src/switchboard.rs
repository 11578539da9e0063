//! The state, and the way through it.

use crate::call::Call;
use crate::due::Due;
use crate::user::User;
use crate::{DeviceKey, Input, MediaCommand, Note, Output, Policy, Reply};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tsuwa_proto::{CallId, Event, Millis, Refusal, UserId};

/// The calls of one app, and who is signed in.
///
/// ```
/// use tsuwa_call::{Input, Switchboard};
/// use tsuwa_proto::Millis;
///
/// let mut switchboard = Switchboard::new();
/// switchboard.handle(1, Millis(0), Input::Started);
/// assert!(switchboard.poll_output().is_none());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Switchboard {
    pub(crate) policy: Policy,
    pub(crate) capacity: bool,
    pub(crate) now: Millis,
    pub(crate) position: u64,
    pub(crate) listed: BTreeSet<UserId>,
    pub(crate) blocks: BTreeMap<UserId, BTreeSet<UserId>>,
    pub(crate) users: BTreeMap<UserId, User>,
    pub(crate) calls: BTreeMap<CallId, Call>,
    pub(crate) due: BTreeSet<(Millis, Due)>,
    /// To which devices ends of calls came to be owed, the oldest first; they may have been told since.
    #[serde(default)]
    pub(crate) owing: VecDeque<(DeviceKey, CallId)>,
    out: VecDeque<Output>,
}

impl Default for Switchboard {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            capacity: true,
            now: Millis::default(),
            position: 0,
            listed: BTreeSet::new(),
            blocks: BTreeMap::new(),
            users: BTreeMap::new(),
            calls: BTreeMap::new(),
            due: BTreeSet::new(),
            owing: VecDeque::new(),
            out: VecDeque::new(),
        }
    }
}

impl Switchboard {
    /// An empty one: open to every user, many devices each.
    pub fn new() -> Self {
        Self::default()
    }

    /// Take one input. `position` is its place in the log, from which the id of a call that it begins is derived;
    /// `now` never goes back (an earlier moment counts as the last one). Then poll the outputs until there are none.
    ///
    /// Deadlines take effect by [`Input::Tick`] only: what is first in the log has happened first.
    pub fn handle(&mut self, position: u64, now: Millis, input: Input) {
        self.position = position;
        self.now = self.now.max(now);
        match input {
            Input::Started => self.started(),
            Input::Tick => self.tick(),
            Input::Capacity { open } => self.capacity = open,
            Input::SignIn { at, media, expires_at } => self.sign_in(at, media, expires_at),
            Input::Renew { at, expires_at } => self.renew(&at, expires_at),
            Input::Socket { at, up } => self.socket(&at, up),
            Input::Gone { at } => self.gone(&at),
            Input::Request { at, id: _, act } => self.request(&at, act),
            Input::Media(report) => self.report(report),
            Input::Admin(act) => self.admin(act),
        }
    }

    /// The next consequence of the inputs so far, in order.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When a [`Input::Tick`] is wanted.
    pub fn deadline(&self) -> Option<Millis> {
        self.due.first().map(|(at, _)| *at)
    }

    pub(crate) fn emit(&mut self, output: Output) {
        self.out.push_back(output);
    }

    pub(crate) fn reply(&mut self, result: Result<Reply, Refusal>) {
        self.emit(Output::Reply(result));
    }

    pub(crate) fn media(&mut self, command: MediaCommand) {
        self.emit(Output::Media(command));
    }

    pub(crate) fn note(&mut self, note: Note) {
        self.emit(Output::Note(note));
    }

    /// An event for one device, if that is signed in.
    pub(crate) fn tell(&mut self, to: &DeviceKey, event: Event) {
        if self.device(to).is_some() {
            self.emit(Output::Event { to: to.clone(), event });
        }
    }
}
