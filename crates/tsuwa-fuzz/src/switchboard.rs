//! The switchboard's inputs in any order, from anybody.

use crate::bytes::Bytes;
use crate::invitations::{Invitations, of_no_call, unnamed};
use crate::words;
use std::collections::{BTreeMap, BTreeSet};
use tsuwa_call::{AdminAct, DeviceKey, HowEnded, Input, MediaCommand, Note, Output, Reply, Switchboard};
use tsuwa_proto::{Act, CallId, Event, Millis, Quality, RequestId, UserId, limits};

/// Longer stories are cut: each step is checked, and what they show, shorter ones do.
const STEPS: usize = 400;

/// A switchboard that is told anything in any order keeps its promises at each step, and has nothing left when all is
/// over.
pub fn switchboard(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let mut watch = Watch::new();
    watch.take(Input::Started);
    for _ in 0..STEPS {
        if bytes.is_empty() {
            break;
        }
        let input = input(&mut bytes, &watch);
        watch.take(input);
    }
    watch.all_goes_home();
    watch.replay();
}

fn input(bytes: &mut Bytes<'_>, watch: &Watch) -> Input {
    let calls = &watch.issued;
    match bytes.below(20) {
        0..=3 => {
            let at = words::device(bytes);
            Input::SignIn { at, media: words::media(bytes), expires_at: watch.now.plus(words::pause(bytes) * 40) }
        }
        4..=11 => {
            let (at, id) = (words::device(bytes), RequestId(u64::from(bytes.byte())));
            let act = words::act(bytes, &at.user, calls, &watch.invitations);
            Input::Request { at, id, act }
        }
        12 => Input::Media(words::report(bytes, calls)),
        13 => Input::Socket { at: words::device(bytes), up: bytes.flag() },
        14 => Input::Gone { at: words::device(bytes) },
        15 => Input::Renew { at: words::device(bytes), expires_at: watch.now.plus(words::pause(bytes)) },
        16 => Input::Admin(words::admin(bytes, calls)),
        17 => bytes.one(&[Input::Started, Input::Capacity { open: false }, Input::Capacity { open: true }]),
        _ => Input::Tick,
    }
}

/// A switchboard, what it was told and what it has said.
struct Watch {
    switchboard: Switchboard,
    now: Millis,
    log: Vec<(u64, Millis, Input)>,
    said: Vec<Output>,
    issued: Vec<CallId>,
    /// Who is in which call.
    members: BTreeSet<(CallId, DeviceKey)>,
    admitted: BTreeSet<(CallId, DeviceKey)>,
    open: BTreeSet<CallId>,
    invited: BTreeSet<(CallId, UserId)>,
    invitations: Invitations,
}

impl Watch {
    fn new() -> Self {
        Self {
            switchboard: Switchboard::new(),
            now: words::DAWN,
            log: Vec::new(),
            said: Vec::new(),
            issued: Vec::new(),
            members: BTreeSet::new(),
            admitted: BTreeSet::new(),
            open: BTreeSet::new(),
            invited: BTreeSet::new(),
            invitations: Invitations::default(),
        }
    }

    fn take(&mut self, input: Input) {
        let position = self.log.len() as u64 + 1;
        // Ticks come when something is due, or too early, as here half of the time.
        if input == Input::Tick
            && position.is_multiple_of(2)
            && let Some(due) = self.switchboard.deadline()
        {
            self.now = self.now.max(due);
        }
        self.log.push((position, self.now, input.clone()));
        let twin = self.twin(position, &input);
        self.switchboard.handle(position, self.now, input.clone());
        let said: Vec<Output> = std::iter::from_fn(|| self.switchboard.poll_output()).collect();
        if let Some(twin) = twin {
            assert!(twin == self.switchboard, "{input:?} gave {said:?}, and other than its twin");
        }
        self.replies(&input, &said);
        self.notes(position, &said);
        self.invitations(&input, &said);
        self.people(&input, &said);
        self.gates(&said);
        self.said.extend(said);
    }

    /// What comes of a request that names an invitation: with the right one, what comes of one that names none; with any
    /// other, what comes of one for a call that never was.
    fn twin(&self, position: u64, input: &Input) -> Option<Switchboard> {
        let Input::Request { at, id, act } = input else { return None };
        let act = if self.invitations.names(&at.user, act)? { unnamed(act) } else { of_no_call(act) };
        let mut twin = self.switchboard.clone();
        twin.handle(position, self.now, Input::Request { at: at.clone(), id: *id, act });
        while twin.poll_output().is_some() {}
        Some(twin)
    }

    /// Whoever is told of an invitation is told of its own, and all say the same of it.
    fn invitations(&self, input: &Input, said: &[Output]) {
        for output in said {
            match (output, input) {
                (Output::Event { to, event }, _) => self.invitations.told(&to.user, event),
                (Output::Reply(Ok(Reply::Call { call_id, invitation_id, .. })), Input::Request { at, .. }) => {
                    let its = self.invitations.of(*call_id, &at.user);
                    // A call of which nobody rings is over at once.
                    assert!(its.is_none_or(|its| its == *invitation_id), "{input:?} gave {said:?}");
                }
                _ => {}
            }
        }
        for user in self.switchboard.users() {
            let at = |device| DeviceKey { user: user.user_id.clone(), device };
            for call in user.devices.into_iter().filter_map(|device| self.switchboard.call_of(&at(device))) {
                self.invitations.shown(&user.user_id, &call);
            }
        }
    }

    /// Exactly one reply to what wants one; a refused one changes nothing.
    fn replies(&mut self, input: &Input, said: &[Output]) {
        let wanted = matches!(input, Input::Request { .. } | Input::Admin(_));
        let replies: Vec<_> = said.iter().filter(|output| matches!(output, Output::Reply(_))).collect();
        assert_eq!(replies.len(), usize::from(wanted), "{input:?} gave {said:?}");
        if let Some(Output::Reply(Err(refusal))) = replies.first() {
            let harmless = |output: &&Output| match (output, input) {
                (Output::Reply(_), _) => true,
                // Who asks is there: it is told what it missed, and the others that it is back.
                (Output::Event { to, event: Event::OnCallEnd { .. } }, Input::Request { at, .. }) => to == at,
                (
                    Output::Event { event: Event::OnNetworkQuality { user_id, quality: Quality::Unknown, .. }, .. },
                    _,
                ) => {
                    matches!(input, Input::Request { at, .. } if at.user == *user_id)
                }
                _ => false,
            };
            let more: Vec<_> = said.iter().filter(|output| !harmless(output)).collect();
            assert!(more.is_empty(), "{input:?} was refused ({refusal:?}), and yet {more:?}");
        }
        if let Some(Output::Reply(Ok(Reply::Call { call_id, .. }))) = replies.first()
            && !self.issued.contains(call_id)
        {
            self.issued.push(*call_id);
        }
    }

    /// Every call that begins ends once, and every invitation in exactly one way.
    fn notes(&mut self, position: u64, said: &[Output]) {
        for output in said {
            let Output::Note(note) = output else { continue };
            self.invitations.note(position, note);
            match note {
                Note::CallStarted { call, .. } => assert!(self.open.insert(*call), "call {call} begins twice"),
                Note::CallEnded { call, .. } => {
                    assert!(self.open.remove(call), "call {call} ends twice, or never began");
                    assert!(self.invited.iter().all(|(of, _)| of != call), "call {call} leaves an invitation behind");
                }
                Note::Invited { call, callee, .. } => {
                    assert!(self.open.contains(call), "an invitation into call {call}, which is over");
                    assert!(self.invited.insert((*call, callee.clone())), "{callee:?} is invited twice into {call}");
                }
                Note::InvitationEnded { call, callee, .. } => {
                    assert!(
                        self.invited.remove(&(*call, callee.clone())),
                        "{callee:?}'s invitation to {call} ends twice"
                    );
                }
                Note::Left { .. } => {}
            }
        }
        assert_eq!(self.open.len(), self.switchboard.calls(), "calls that began and did not end are there");
    }

    /// Nobody is in two places; nobody comes into a call but by its own act.
    fn people(&mut self, input: &Input, said: &[Output]) {
        let mut places: BTreeMap<UserId, CallId> = BTreeMap::new();
        let mut members = BTreeSet::new();
        for live in self.switchboard.live_calls() {
            let call = live.call_id;
            let present = live.members.iter().map(|member| &member.user_id);
            assert!(live.members.len() + live.ringing.len() <= limits::PEOPLE, "{live:?}");
            assert!(!live.members.is_empty(), "a call of nobody: {live:?}");
            assert!(live.members.len() > 1 || !live.ringing.is_empty(), "a call of one: {live:?}");
            for user in present.chain(&live.ringing) {
                assert_eq!(places.insert(user.clone(), call), None, "{user:?} is in two places");
            }
            for user in &live.ringing {
                assert!(self.invited.contains(&(call, user.clone())), "{user:?} rings without an invitation");
            }
            for member in live.members {
                members.insert((call, DeviceKey { user: member.user_id, device: member.device_id }));
            }
        }
        for (call, at) in members.difference(&self.members) {
            let own = match input {
                Input::Request {
                    at: who, act: Act::Call { .. } | Act::GroupCall { .. } | Act::Accept { .. }, ..
                } => who == at && said.iter().any(|output| matches!(output, Output::Reply(Ok(_)))),
                _ => false,
            };
            assert!(own, "{at:?} is in call {call} by {input:?}");
        }
        for output in said {
            if let Output::Note(Note::InvitationEnded { call, callee, how: HowEnded::Accepted, .. }) = output {
                let own = matches!(input, Input::Request { at, .. } if at.user == *callee);
                assert!(own, "{callee:?}'s invitation to {call} was accepted by {input:?}");
            }
        }
        self.members = members;
    }

    /// No gate is open but of who is in the call.
    fn gates(&mut self, said: &[Output]) {
        for output in said {
            match output {
                Output::Media(MediaCommand::Admit { call, at }) => drop(self.admitted.insert((*call, at.clone()))),
                Output::Media(MediaCommand::Drop { call, at }) => drop(self.admitted.remove(&(*call, at.clone()))),
                // A new room has no legs.
                Output::Media(MediaCommand::Close { call } | MediaCommand::Open { call }) => {
                    self.admitted.retain(|(of, _)| of != call);
                }
                _ => {}
            }
        }
        let open: Vec<_> = self.admitted.difference(&self.members).collect();
        assert!(open.is_empty(), "let through without being in the call: {open:?}");
    }

    /// Everything is ended in an orderly way, and then nothing is left.
    fn all_goes_home(&mut self) {
        for live in self.switchboard.live_calls() {
            self.take(Input::Admin(AdminAct::EndCall(live.call_id)));
        }
        for user in self.switchboard.users() {
            for device in user.devices {
                self.take(Input::Gone { at: DeviceKey { user: user.user_id.clone(), device } });
            }
        }
        assert!(self.open.is_empty() && self.invited.is_empty() && self.admitted.is_empty());
        assert_eq!(self.switchboard.deadline(), None, "a timer is left over");
        assert!(self.switchboard.users().iter().all(|user| user.devices.is_empty()), "a device is left over");
    }

    /// The same log gives the same, also through a snapshot in the middle.
    fn replay(&self) {
        let mut again = Switchboard::new();
        let mut said = Vec::new();
        for (number, (position, now, input)) in self.log.iter().enumerate() {
            if number == self.log.len() / 2 {
                let kept = serde_json::to_string(&again).expect("the state can be written");
                let read = serde_json::from_str(&kept).expect("and read");
                assert_eq!(again, read, "a snapshot is what it was taken of");
                again = read;
            }
            again.handle(*position, *now, input.clone());
            said.extend(std::iter::from_fn(|| again.poll_output()));
        }
        assert!(again == self.switchboard, "the same log gives the same state");
        assert!(said == self.said, "the same log gives the same outputs");
    }
}
