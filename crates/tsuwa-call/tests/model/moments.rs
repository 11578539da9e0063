//! What has to come about somewhere, so that a check that finds nothing wrong has looked at something.

/// A turn that calls take.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub(crate) enum Moment {
    Answered,
    AnsweredElsewhere,
    RejectedElsewhere,
    Rejected,
    Cancelled,
    TimedOut,
    Busy,
    GlareJoined,
    ThirdJoined,
    /// Two people each rung by a call of the same third one.
    TwoRing,
    /// An answer after the ringing's time was over, but before the switchboard was told that it was.
    AnsweredAtTheLast,
    RungAtSignIn,
    CallerLost,
    LostCallerAnswered,
    BackInTime,
    EndToldLate,
    Kicked,
    RingingMovedOver,
    EndedByServer,
    RestartedInACall,
    RestartedWhileRinging,
    MediaFailed,
    LostBySilence,
}

impl Moment {
    /// The property's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Answered => "a call is answered",
            Self::AnsweredElsewhere => "a call is answered elsewhere",
            Self::RejectedElsewhere => "a call is rejected elsewhere",
            Self::Rejected => "a call is rejected",
            Self::Cancelled => "a call is cancelled",
            Self::TimedOut => "a call times out",
            Self::Busy => "a callee is busy",
            Self::GlareJoined => "two who call each other are connected",
            Self::ThirdJoined => "a third joins",
            Self::TwoRing => "two ring at once",
            Self::AnsweredAtTheLast => "an answer comes when the time is over and the tick is not",
            Self::RungAtSignIn => "a device rings when it signs in",
            Self::CallerLost => "ringing ends with a lost caller",
            Self::LostCallerAnswered => "a lost caller is answered",
            Self::BackInTime => "somebody lost is back in time",
            Self::EndToldLate => "an end is told late",
            Self::Kicked => "a device is put out",
            Self::RingingMovedOver => "ringing moves to another device",
            Self::EndedByServer => "an administrator ends a call",
            Self::RestartedInACall => "the process starts anew in a call",
            Self::RestartedWhileRinging => "the process starts anew while it rings",
            Self::MediaFailed => "media fails",
            Self::LostBySilence => "somebody is lost though its socket is there",
        }
    }
}

/// The moments of one step.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Moments(u32);

impl Moments {
    pub(crate) fn add(&mut self, moment: Moment) {
        self.0 |= 1 << moment as u8;
    }

    /// Whether the moment of this number is among them.
    pub(crate) fn bit(self, number: u8) -> bool {
        self.0 & (1 << number) != 0
    }

    /// Only what this model is to show.
    pub(crate) fn keep(&mut self, wanted: &[Moment]) {
        let all = wanted.iter().fold(0, |bits, moment| bits | 1 << *moment as u8);
        self.0 &= all;
    }
}
