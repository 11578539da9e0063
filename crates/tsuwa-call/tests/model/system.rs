//! The model: the real switchboard, the specification beside it, and what every device was told.

use crate::canonical::{Canonical, FAR, IDS_FROM, TIME_FROM};
use crate::moments::{Moment, Moments};
use crate::properties::{self, Promise};
use crate::rules::{EARLIER, Place, Rules, Times};
use crate::step::Step;
use crate::story::Story;
use stateright::{Model, Property};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use tsuwa_call::{AdminAct, DeviceKey, DevicePolicy, Input, MediaReport, Output, Policy, Switchboard};
use tsuwa_proto::{Act, CallId, CallType, HangupTarget, Invite, Millis, UserId};

/// How large a model is, and what may happen in it.
#[derive(Clone, Debug)]
pub(crate) struct Size {
    /// "B2" is user B's second device.
    pub(crate) devices: &'static [&'static str],
    pub(crate) times: Times,
    /// How far time goes on in one step, in milliseconds: what divides all the times.
    pub(crate) step_ms: u64,
    pub(crate) one_device: bool,
    /// Sockets go and come back, sessions are given up.
    pub(crate) losses: bool,
    /// Devices sign in and out, and take their own place.
    pub(crate) sign_ins: bool,
    pub(crate) restarts: bool,
    pub(crate) groups: bool,
    pub(crate) admin: bool,
    /// Media comes up when it likes, is lost, and fails; else it is up at once.
    pub(crate) media: bool,
    /// What has to come about somewhere, for the check to mean something.
    pub(crate) sometimes: &'static [Moment],
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct State {
    pub(crate) board: Switchboard,
    pub(crate) now: Millis,
    pub(crate) next_call: CallId,
    pub(crate) rules: Rules,
    pub(crate) stories: BTreeMap<DeviceKey, Story>,
    pub(crate) rooms: Rooms,
    /// The call that ended last: what late answers name.
    pub(crate) ended: Option<CallId>,
    /// What is worth a look in the step that led here.
    pub(crate) moments: Moments,
    pub(crate) broken: Vec<(Promise, String)>,
    /// Of the step that is being taken.
    pub(crate) outputs: Vec<Output>,
}

/// What the media rooms were told.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Rooms {
    pub(crate) open: BTreeSet<CallId>,
    pub(crate) legs: BTreeMap<(CallId, DeviceKey), Leg>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Leg {
    pub(crate) up: bool,
    pub(crate) admitted: bool,
}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let mut seen = Canonical::new(hasher, self.now.0);
        self.board.hash(&mut seen);
        self.rules.hash(&mut seen);
        self.stories.hash(&mut seen);
        self.rooms.hash(&mut seen);
        self.ended.is_some().hash(&mut seen);
        self.moments.hash(&mut seen);
        self.broken.len().hash(&mut seen);
    }
}

pub(crate) fn device(name: &str) -> DeviceKey {
    DeviceKey { user: user(&name[..1]), device: name.parse().expect("a device id") }
}

pub(crate) fn user(name: &str) -> UserId {
    name.parse().expect("a user id")
}

impl Size {
    fn keys(&self) -> impl Iterator<Item = DeviceKey> {
        self.devices.iter().map(|name| device(name))
    }

    fn users(&self) -> BTreeSet<UserId> {
        self.keys().map(|at| at.user).collect()
    }

    fn begin(&self) -> State {
        let Times { ring_ms, grace_ms } = self.times;
        let devices = if self.one_device { DevicePolicy::One } else { DevicePolicy::Many };
        let ring_timeout_s = u32::try_from(ring_ms / 1000).expect("a ring timeout");
        let policy = Policy { devices, grace_ms, ring_timeout_s, ..Policy::default() };
        let rules =
            Rules { times: self.times, one_device: self.one_device, devices: BTreeMap::new(), calls: BTreeMap::new() };
        let mut state = State {
            board: Switchboard::new(),
            now: Millis(TIME_FROM),
            next_call: CallId(IDS_FROM),
            rules,
            stories: BTreeMap::new(),
            rooms: Rooms::default(),
            ended: None,
            moments: Moments::default(),
            broken: Vec::new(),
            outputs: Vec::new(),
        };
        state.board.handle(1, state.now, Input::Started);
        state.board.handle(1, state.now, Input::Admin(AdminAct::SetPolicy(policy)));
        while state.board.poll_output().is_some() {}
        // One device of each user is there from the beginning; with sign-ins, the others come when they like.
        let mut there = BTreeSet::new();
        for at in self.keys() {
            if there.insert(at.user.clone()) || !self.sign_ins {
                state.take(&Step::SignIn(at));
            }
        }
        state.moments = Moments::default();
        state
    }

    fn requests(&self, state: &State, at: &DeviceKey, steps: &mut Vec<Step>) {
        let mut ask = |act| steps.push(Step::Ask(at.clone(), act));
        let invite = || Invite { kind: CallType::Audio, timeout_s: None, user_data: None };
        let others: Vec<UserId> = self.users().into_iter().filter(|user| *user != at.user).collect();
        for user_id in &others {
            ask(Act::Call { user_id: user_id.clone(), invite: invite() });
        }
        if self.groups {
            ask(Act::GroupCall { user_ids: others, invite: invite() });
        }
        for call in state.rules.calls.keys().copied().chain(state.ended) {
            // Whatever stands; and a ringing of the same call that is over, which changes nothing.
            for invitation_id in [None, Some(EARLIER)] {
                ask(Act::Accept { call_id: Some(call), invitation_id });
                ask(Act::Reject { call_id: Some(call), invitation_id });
                ask(Act::Hangup { target: HangupTarget::Call(call), invitation_id });
            }
        }
        if self.sign_ins {
            ask(Act::Logout);
        }
    }

    fn reports(&self, state: &State, steps: &mut Vec<Step>) {
        for ((call, at), leg) in &state.rooms.legs {
            let (call, at) = (*call, at.clone());
            if leg.up {
                steps.push(Step::Media(MediaReport::Lost { call, at }));
            } else {
                steps.push(Step::Media(MediaReport::Up { call, at: at.clone() }));
                steps.push(Step::Media(MediaReport::Failed { call, at }));
            }
        }
        for call in state.rooms.open.iter().copied() {
            steps.push(Step::Media(MediaReport::RoomLost { call }));
            steps.push(Step::Media(MediaReport::PlaceFailed { call }));
        }
    }
}

impl Model for Size {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        vec![self.begin()]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        if !state.broken.is_empty() {
            return;
        }
        if state.moments != Moments::default() {
            // It was looked at; what can happen next is what can happen in the same state without it.
            return steps.push(Step::GoOn);
        }
        for at in self.keys() {
            self.requests(state, &at, steps);
            let up = state.rules.devices.get(&at).copied();
            if self.sign_ins || up.is_none() {
                steps.push(Step::SignIn(at.clone()));
            }
            if self.losses {
                match up {
                    Some(true) => steps.push(Step::Lose(at)),
                    Some(false) => steps.extend([Step::Return(at.clone()), Step::GiveUp(at)]),
                    None => {}
                }
            }
        }
        match state.board.deadline() {
            Some(due) if due <= state.now => steps.push(Step::Tick),
            Some(due) if due < Millis(FAR) => steps.push(Step::Wait(self.step_ms)),
            _ => {}
        }
        if self.restarts {
            steps.push(Step::Restart);
        }
        if self.admin {
            steps.extend(state.rules.calls.keys().map(|call| Step::EndCall(*call)));
        }
        if self.media {
            self.reports(state, steps);
        }
    }

    fn next_state(&self, last: &State, step: Step) -> Option<State> {
        if matches!(&step, Step::Ask(at, act) if last.is_refused(at, act)) {
            return None;
        }
        let mut state = last.clone();
        state.moments = Moments::default();
        state.take(&step);
        while !self.media && state.broken.is_empty() {
            let Some((call, at)) = state.rooms.legs.iter().find(|(_, leg)| !leg.up).map(|(key, _)| key.clone()) else {
                break;
            };
            state.take(&Step::Media(MediaReport::Up { call, at }));
        }
        state.moments.keep(self.sometimes);
        let changed = state.moments != last.moments || !state.broken.is_empty() || state.differs(last);
        changed.then_some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::of(self)
    }
}

impl State {
    fn differs(&self, other: &Self) -> bool {
        self.now != other.now || self.board != other.board || self.stories != other.stories || self.rules != other.rules
    }

    /// The device of a user that is in the call.
    pub(crate) fn is_in(&self, call: CallId, at: &DeviceKey) -> bool {
        self.rules.place(&at.user) == Place::In(call, at.device.clone())
    }
}
