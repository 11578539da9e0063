//! What must always hold, counted; and the first that did not.

use crate::waiting::Waiting;

/// An invariant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(usize)]
pub(crate) enum Law {
    InvitationEndsOnce,
    OneCall,
    ViewAgrees,
    LegalStory,
    StoryIsState,
    OneEnd,
    SeenIsMade,
    AnsweredOnce,
    RefusedChangesNothing,
    DueInTime,
    RingsNoLonger,
    Consent,
    NoPacketBefore,
    RoomsObey,
    NothingLeft,
    ReplaySame,
    EffectsSame,
    RecordMatches,
    RecordOnce,
    HooksInOrder,
    HooksComplete,
    NoFault,
    InviterIsThere,
    GraceIsWhole,
    GlareConnects,
    SilenceIsNoticed,
    DownIsKnown,
    AnswerIsOfOne,
}

/// Each with what it says.
pub(crate) const LAWS: [(Law, &str); 28] = [
    (Law::InvitationEndsOnce, "every invitation ends in exactly one way"),
    (Law::OneCall, "nobody is in two calls"),
    (Law::ViewAgrees, "a device that is connected and settled sees the call that the server sees"),
    (Law::LegalStory, "each device's events are a legal story"),
    (Law::StoryIsState, "what a device was told is what the server has"),
    (Law::OneEnd, "a call ends exactly once for everybody who was in it"),
    (Law::SeenIsMade, "a device sees what was made for it, once and in order"),
    (Law::AnsweredOnce, "each request has one answer, and a repeated one the same"),
    (Law::RefusedChangesNothing, "a refusal changes nothing"),
    (Law::DueInTime, "what is due is done"),
    (Law::RingsNoLonger, "no phone rings for an invitation that is over"),
    (Law::Consent, "no media permission without call or accept"),
    (Law::NoPacketBefore, "no packet from or to who has not called or accepted"),
    (Law::RoomsObey, "media rooms are told a sensible story"),
    (Law::NothingLeft, "nothing is left when all have hung up"),
    (Law::ReplaySame, "replaying the log gives the same state"),
    (Law::EffectsSame, "replaying the log gives the same effects"),
    (Law::RecordMatches, "a record says what happened"),
    (Law::RecordOnce, "each call has exactly one record"),
    (Law::HooksInOrder, "webhooks of a call come in order"),
    (Law::HooksComplete, "every webhook comes, and every start has an end"),
    (Law::NoFault, "neither side says anything that the other can't read"),
    (Law::InviterIsThere, "an invitation goes with its inviter"),
    (Law::GraceIsWhole, "nobody is given up before its grace is over"),
    (Law::GlareConnects, "two who call each other are connected"),
    (Law::SilenceIsNoticed, "a device in a call that is silent for two seconds is lost"),
    (Law::DownIsKnown, "who is lost is down for the others in the call, and nobody else is"),
    (Law::AnswerIsOfOne, "an answer is to the ringing that it names, and to no other"),
];

/// How often each was looked at, and what broke first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Laws {
    pub(crate) checked: [u64; LAWS.len()],
    pub(crate) broken: Option<(&'static str, String)>,
    /// What some of them have to remember.
    pub(crate) waiting: Waiting,
}

impl Laws {
    /// Looks at one; `what` says in what way it is broken.
    pub(crate) fn hold(&mut self, law: Law, holds: bool, what: impl FnOnce() -> String) {
        self.checked[law as usize] += 1;
        if !holds && self.broken.is_none() {
            let said = LAWS.iter().find(|(each, _)| *each == law).map_or("", |(_, said)| said);
            self.broken = Some((said, what()));
        }
    }
}
