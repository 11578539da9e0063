//! Where a device stands: signed in or not, and in which call. Pure.
//!
//! An instance keeps two of these. The driver's follows what the server said; the other follows what listeners have been
//! told. An answer carries the id out of the second: the app answers what it was told, whatever is on its way to it.

use std::collections::BTreeSet;
use tsuwa_proto::{CallId, CallStage, CallState, Event, InvitationId};

/// One `call` or `groupCall` that this instance was asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Asked(pub(crate) u64);

/// A call, and by which invitation it rings here or this device is in it: an answer that is carried late must not answer
/// a later ringing of the same call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Part {
    pub(crate) call: CallId,
    /// `None`: not known here, as somebody was heard of before anything else.
    pub(crate) invitation: Option<InvitationId>,
}

impl Part {
    pub(crate) fn new(call: CallId, invitation: InvitationId) -> Self {
        Self { call, invitation: Some(invitation) }
    }

    pub(crate) fn of(state: &CallState) -> Self {
        Self::new(state.call_id, state.invitation_id)
    }

    /// The same, as far as is known.
    pub(crate) fn is(self, other: Self) -> bool {
        let invitations = self.invitation.zip(other.invitation);
        self.call == other.call && invitations.is_none_or(|(one, another)| one == another)
    }
}

/// What a `hangup` is to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// A call that the app knows of.
    Call(Part),
    /// A request of the app that has no answer yet.
    Asked(Asked),
}

/// Signed in, out, or between.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum SignedIn {
    #[default]
    Out,
    UnderWay,
    In,
    /// The instance is destroyed; it stays so.
    Gone,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Standing {
    pub(crate) signed_in: SignedIn,
    call: Option<(Part, CallStage)>,
    asking: BTreeSet<Asked>,
    /// The next call begins muted, or the present one is.
    pub(crate) muted: bool,
    /// Somebody is in this call already, whose `call` here has no answer yet.
    early: Option<CallId>,
    /// Over, as was heard while a `call` had no answer: after a resume the answer may come behind the end of its call.
    over: BTreeSet<CallId>,
    /// Ended by this device, while events of it may still be on their way.
    left: Option<CallId>,
}

impl Standing {
    /// The call, and how this device stands in it.
    pub(crate) fn call(&self) -> Option<(CallId, CallStage)> {
        self.call.map(|(part, stage)| (part.call, stage))
    }

    /// What rings here.
    pub(crate) fn ringing(&self) -> Option<Part> {
        self.call.filter(|(_, stage)| *stage == CallStage::Ringing).map(|(part, _)| part)
    }

    /// What this device takes part in: as caller, or accepted.
    pub(crate) fn taking_part(&self) -> Option<Part> {
        self.call.filter(|(_, stage)| *stage != CallStage::Ringing).map(|(part, _)| part)
    }

    /// How this device stands in that call, if it does by another invitation.
    pub(crate) fn in_it_otherwise(&self, part: Part) -> Option<CallStage> {
        let (present, stage) = self.call?;
        (present.call == part.call && !present.is(part)).then_some(stage)
    }

    /// Neither in a call nor asking for one.
    pub(crate) fn idle(&self) -> bool {
        self.call.is_none() && self.asking.is_empty()
    }

    /// The app asks for a call.
    pub(crate) fn asks(&mut self, asked: Asked) {
        self.asking.insert(asked);
    }

    /// The oldest that has no answer.
    pub(crate) fn first_asked(&self) -> Option<Asked> {
        self.asking.first().copied()
    }

    /// A `call` was answered with a call. `false`: it was hung up meanwhile, or is over.
    pub(crate) fn asked_and_got(&mut self, asked: Asked, got: Part) -> bool {
        let call = got.call;
        if !self.asking.remove(&asked) {
            self.left = Some(call);
            return false;
        }
        let is_over = self.over.remove(&call);
        self.nothing_asked_nothing_over();
        if is_over {
            self.early = None;
            self.mute_ends_with_the_call();
            return false;
        }
        match self.call {
            // Someone was invited into the call that there is, and it goes on as it was.
            Some((present, CallStage::Talking)) if present.call == call => {}
            // The `call` of one whom the callee was calling meanwhile is taken as an accept.
            Some((present, CallStage::Ringing)) if present.is(got) => self.call = Some((got, CallStage::Talking)),
            // It rings anew meanwhile.
            Some((present, CallStage::Ringing)) if present.call == call => return false,
            _ if self.early == Some(call) => self.call = Some((got, CallStage::Talking)),
            _ => self.call = Some((got, CallStage::Calling)),
        }
        self.early = None;
        true
    }

    /// A `call` was refused, or nobody answered it.
    pub(crate) fn asked_in_vain(&mut self, asked: Asked) {
        self.asking.remove(&asked);
        self.nothing_asked_nothing_over();
        self.mute_ends_with_the_call();
    }

    /// `accept` was answered with 0. `false`: the call was left meanwhile.
    pub(crate) fn accepted(&mut self, part: Part) -> bool {
        if self.call.is_some_and(|(present, _)| present.is(part)) {
            self.call = Some((part, CallStage::Talking));
            return true;
        }
        false
    }

    /// `reject` was answered with 0, or this device has left the call by itself.
    pub(crate) fn leaves(&mut self, part: Part) {
        if self.in_it_otherwise(part).is_some() {
            // It rings anew meanwhile.
            return;
        }
        self.left = Some(part.call);
        self.ends(part.call);
    }

    /// The app hangs up: what there is to end. Nothing when idle.
    pub(crate) fn hangs_up(&mut self) -> Vec<Target> {
        let asked = std::mem::take(&mut self.asking);
        self.over.clear();
        let targets = match self.call {
            // The server reads in order: whatever was asked for before is in this call by then, or refused.
            Some((part, _)) => {
                self.leaves(part);
                vec![Target::Call(part)]
            }
            None => asked.into_iter().map(Target::Asked).collect(),
        };
        self.mute_ends_with_the_call();
        targets
    }

    /// What an event changes.
    pub(crate) fn hears(&mut self, event: &Event) {
        match event {
            Event::OnInvited { call_id, invitation_id, .. } => self.rings(Part::new(*call_id, *invitation_id)),
            Event::OnUserEnter { call_id, .. } => match self.call {
                Some((part, _)) if part.call == *call_id => self.call = Some((part, CallStage::Talking)),
                // What the app knows as failed, or has hung up before it was answered: nothing of it is told.
                None if self.asking.is_empty() => self.left = Some(*call_id),
                None if self.left != Some(*call_id) => self.early = Some(*call_id),
                _ => {}
            },
            Event::OnCallingCancel { call_id, .. }
            | Event::OnCallingTimeOut { call_id }
            | Event::OnCallEnd { call_id, .. } => self.ends(*call_id),
            _ => {}
        }
    }

    /// What the server says at sign-in.
    pub(crate) fn finds(&mut self, state: &CallState) {
        self.call = Some((Part::of(state), state.stage));
    }

    /// Signed in, or out; unless the instance is destroyed.
    pub(crate) fn is_signed_in(&mut self, signed_in: SignedIn) {
        if self.signed_in != SignedIn::Gone {
            self.signed_in = signed_in;
        }
    }

    /// Nothing of any call is left.
    pub(crate) fn forgets_calls(&mut self) {
        self.call = None;
        self.asking.clear();
        self.over.clear();
        self.muted = false;
    }

    /// Whether this device has left the call by itself. Nothing more is told of it: the app may be making its next call
    /// by then, and the API's events don't say which call they are of.
    pub(crate) fn has_left(&self, call: Option<CallId>) -> bool {
        call.is_some() && call == self.left
    }

    fn rings(&mut self, part: Part) {
        if self.left == Some(part.call) {
            self.left = None;
        }
        self.over.remove(&part.call);
        self.call = Some((part, CallStage::Ringing));
    }

    fn ends(&mut self, call: CallId) {
        if !self.asking.is_empty() {
            self.over.insert(call);
        }
        if self.call.is_some_and(|(present, _)| present.call == call) {
            self.call = None;
        }
        self.mute_ends_with_the_call();
    }

    /// An end is kept for answers that may come behind it.
    fn nothing_asked_nothing_over(&mut self) {
        if self.asking.is_empty() {
            self.over.clear();
        }
    }

    fn mute_ends_with_the_call(&mut self) {
        if self.idle() {
            self.muted = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsuwa_proto::CallType;

    /// The call's own caller.
    fn own(call: u64) -> Part {
        Part::new(CallId(call), InvitationId::NONE)
    }

    /// Its only invitation here.
    fn part(call: u64) -> Part {
        Part::new(CallId(call), InvitationId(call))
    }

    fn invited(call: u64) -> Event {
        invited_by(part(call))
    }

    fn invited_by(part: Part) -> Event {
        Event::OnInvited {
            call_id: part.call,
            invitation_id: part.invitation.unwrap(),
            sponsor: "alice".parse().unwrap(),
            user_ids: Vec::new(),
            is_from_group: false,
            kind: CallType::Audio,
            rings_for_ms: 30_000,
            user_data: None,
        }
    }

    fn entered(call: u64) -> Event {
        Event::OnUserEnter { call_id: CallId(call), user_id: "alice".parse().unwrap() }
    }

    #[test]
    fn a_hangup_before_the_answer_names_the_request() {
        let mut standing = Standing::default();
        standing.asks(Asked(4));
        assert_eq!(standing.hangs_up(), [Target::Asked(Asked(4))]);
        assert_eq!(standing.hangs_up(), []);
        assert!(!standing.asked_and_got(Asked(4), own(9)), "it was hung up");
        standing.hears(&entered(9));
        assert_eq!(standing.call(), None, "an event on its way does not bring a call back");
    }

    #[test]
    fn an_answer_goes_to_the_call_that_was_told() {
        let (mut driver, mut told) = (Standing::default(), Standing::default());
        for standing in [&mut driver, &mut told] {
            standing.hears(&invited(1));
        }
        driver.hears(&Event::OnCallingCancel { call_id: CallId(1), reason: None });
        driver.hears(&invited(2));
        assert_eq!(told.ringing(), Some(part(1)));
        assert_eq!(driver.ringing(), Some(part(2)));
    }

    #[test]
    fn a_late_end_of_an_older_call_does_not_touch_the_present_one() {
        let mut standing = Standing::default();
        standing.hears(&invited(2));
        standing.hears(&Event::OnCallEnd { call_id: CallId(1), reason: None });
        assert_eq!(standing.ringing(), Some(part(2)));
    }

    #[test]
    fn inviting_a_third_goes_on_with_the_talk() {
        let mut standing = Standing::default();
        standing.hears(&invited(2));
        assert!(standing.accepted(part(2)));
        standing.asks(Asked(1));
        assert!(standing.asked_and_got(Asked(1), part(2)));
        assert_eq!(standing.call(), Some((CallId(2), CallStage::Talking)));
        assert_eq!(standing.hangs_up(), [Target::Call(part(2))]);
    }

    #[test]
    fn who_accepts_before_the_answer_to_call_is_there_is_talked_to() {
        let mut standing = Standing::default();
        standing.asks(Asked(1));
        standing.hears(&entered(3));
        assert!(standing.asked_and_got(Asked(1), own(3)));
        assert_eq!(standing.call(), Some((CallId(3), CallStage::Talking)));
    }

    #[test]
    fn a_call_whose_end_was_heard_before_its_answer_is_over() {
        let mut standing = Standing::default();
        standing.asks(Asked(1));
        standing.hears(&Event::OnLineBusy { call_id: CallId(3), user_id: "bob".parse().unwrap() });
        standing.hears(&Event::OnCallEnd { call_id: CallId(3), reason: None });
        assert!(!standing.asked_and_got(Asked(1), own(3)), "it is over");
        assert!(standing.idle());

        // The same where somebody had been there, and where it was the call that this device was in.
        standing.asks(Asked(2));
        standing.hears(&entered(4));
        standing.hears(&Event::OnCallEnd { call_id: CallId(4), reason: None });
        assert!(!standing.asked_and_got(Asked(2), own(4)));
        standing.hears(&invited(5));
        standing.accepted(part(5));
        standing.asks(Asked(3));
        standing.hears(&Event::OnCallEnd { call_id: CallId(5), reason: None });
        assert!(!standing.asked_and_got(Asked(3), own(5)));
        assert!(standing.idle());
        standing.asks(Asked(4));
        assert!(standing.asked_and_got(Asked(4), own(6)), "the next one is not");
    }

    #[test]
    fn so_is_one_whose_end_is_followed_by_another() {
        let mut standing = Standing::default();
        standing.asks(Asked(1));
        standing.hears(&Event::OnCallEnd { call_id: CallId(3), reason: None });
        standing.hears(&invited(4));
        standing.hears(&Event::OnCallingCancel { call_id: CallId(4), reason: None });
        assert!(!standing.asked_and_got(Asked(1), own(3)), "it is over");
        assert!(standing.idle());
    }

    #[test]
    fn mute_ends_with_the_call() {
        let mut standing = Standing { muted: true, ..Standing::default() };
        standing.hears(&invited(2));
        standing.accepted(part(2));
        assert!(standing.muted, "muted while idle or ringing, it is muted from the first word");
        standing.hears(&Event::OnCallEnd { call_id: CallId(2), reason: None });
        assert!(!standing.muted);
    }

    #[test]
    fn an_answer_that_comes_late_is_not_of_the_second_ringing() {
        let mut standing = Standing::default();
        let (first, second) = (part(2), Part::new(CallId(2), InvitationId(7)));
        for answer in [Standing::leaves, |standing: &mut Standing, part| assert!(!standing.accepted(part))] {
            standing.hears(&invited_by(first));
            standing.hears(&Event::OnCallingTimeOut { call_id: CallId(2) });
            standing.hears(&invited_by(second));
            answer(&mut standing, first);
            assert_eq!(standing.ringing(), Some(second));
            assert!(!standing.has_left(Some(CallId(2))), "what follows is told");
        }
    }
}
