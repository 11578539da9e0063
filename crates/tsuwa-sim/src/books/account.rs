//! The town's own account of a call, written from what was asked and answered, to hold its record against.

use std::collections::BTreeSet;
use tsuwa_call::DeviceKey;
use tsuwa_proto::{CallId, CallOutcome, CallRecord, CallType, DeviceId, InvitationId, LeftHow, Millis, UserId};

pub(crate) struct Account {
    pub(crate) caller: DeviceKey,
    pub(crate) kind: CallType,
    pub(crate) started_at: Millis,
    pub(crate) ended_at: Option<Millis>,
    pub(crate) invitations: Vec<Invited>,
    pub(crate) present: Vec<(DeviceKey, Millis)>,
    pub(crate) stays: Vec<Stay>,
    /// Whose media was up once.
    pub(crate) had_media: BTreeSet<DeviceKey>,
    two_since: Option<Millis>,
    talked_ms: Option<u64>,
    /// Something could not be followed (a session with too many events was given up): no record is held against it.
    pub(crate) vague: bool,
}

pub(crate) struct Invited {
    pub(crate) id: InvitationId,
    pub(crate) inviter: UserId,
    pub(crate) callee: UserId,
    pub(crate) kind: CallType,
    pub(crate) at: Millis,
    /// Until when it may ring; nothing if it never stood.
    pub(crate) until: Option<Millis>,
    pub(crate) rang: Option<bool>,
    pub(crate) ended: Option<(Millis, CallOutcome, Option<DeviceId>)>,
}

pub(crate) struct Stay {
    at: DeviceKey,
    from: Millis,
    until: Millis,
    /// How it may have ended, by what the town knows.
    left: Vec<LeftHow>,
}

impl Account {
    pub(super) fn new(caller: DeviceKey, kind: CallType, now: Millis) -> Self {
        Self {
            present: vec![(caller.clone(), now)],
            caller,
            kind,
            started_at: now,
            ended_at: None,
            invitations: Vec::new(),
            stays: Vec::new(),
            had_media: BTreeSet::new(),
            two_since: None,
            talked_ms: None,
            vague: false,
        }
    }

    /// The invitation of this user that stands.
    pub(super) fn standing(&mut self, callee: &UserId) -> Option<&mut Invited> {
        self.invitations.iter_mut().find(|invited| invited.callee == *callee && invited.ended.is_none())
    }

    /// The invitation that rings at this device, or by which it is in the call; none for who made it.
    pub(super) fn by(&self, at: &DeviceKey) -> Option<InvitationId> {
        let of_user = || self.invitations.iter().rev().filter(|invited| invited.callee == at.user);
        if let Some(standing) = of_user().find(|invited| invited.ended.is_none()) {
            return Some(standing.id);
        }
        self.present.iter().find(|(present, _)| present == at)?;
        let answered = |invited: &&Invited| matches!(invited.ended, Some((_, CallOutcome::Answered, _)));
        Some(of_user().find(answered).map_or(InvitationId::NONE, |invited| invited.id))
    }

    pub(super) fn concerns(&self, user: &UserId) -> bool {
        let invited = self.invitations.iter().any(|invited| invited.callee == *user && invited.ended.is_none());
        invited || self.present.iter().any(|(at, _)| at.user == *user)
    }

    pub(super) fn join(&mut self, at: &DeviceKey, now: Millis) {
        self.present.push((at.clone(), now));
        self.two_since.get_or_insert(now);
    }

    pub(super) fn leave(&mut self, place: usize, now: Millis, left: Vec<LeftHow>) -> DeviceKey {
        let (at, from) = self.present.remove(place);
        if self.present.len() == 1
            && let Some(since) = self.two_since.take()
        {
            self.talked_ms = Some(self.talked_ms.unwrap_or_default() + now.since(since));
        }
        self.stays.push(Stay { at: at.clone(), from, until: now, left });
        at
    }

    /// Whether the record says the same; else what it says otherwise.
    pub(crate) fn fits(&self, record: &CallRecord, call: CallId) -> Result<(), String> {
        if self.vague {
            return Ok(());
        }
        let same = |what: &str, same: bool| if same { Ok(()) } else { Err(format!("call {call}: {what}: {record:?}")) };
        same("the caller", record.caller == self.caller.user && record.caller_device == self.caller.device)?;
        same("the type", record.kind == self.kind)?;
        same("the beginning", record.started_at == self.started_at)?;
        same("the end", Some(record.ended_at) == self.ended_at)?;
        same("the talk", record.talked_ms == self.talked_ms)?;
        same("the number of invitations", record.invitations.len() == self.invitations.len())?;
        for (said, known) in record.invitations.iter().zip(&self.invitations) {
            same("who invited whom", said.inviter == known.inviter && said.callee == known.callee)?;
            same("an invitation's type", said.kind == known.kind)?;
            same("an invitation's moment", said.at == known.at)?;
            same("whether it rang", known.rang.is_none_or(|rang| rang == said.rang))?;
            let Some((ended, outcome, device)) = &known.ended else {
                return Err(format!("call {call}: {} rings", known.callee.as_str()));
            };
            same("an invitation's time", said.ringing_ms == ended.since(known.at))?;
            let failed = said.outcome == CallOutcome::Failed && *outcome == CallOutcome::Answered && self.failed(known);
            same("how an invitation ended", (said.outcome == *outcome && !self.failed_for_sure(known)) || failed)?;
            same("who answered", said.device == *device)?;
        }
        same("the number of stays", record.stays.len() == self.stays.len())?;
        let mut left: Vec<&Stay> = self.stays.iter().collect();
        for said in &record.stays {
            let fits = |known: &&Stay| {
                known.at.user == said.user_id
                    && known.at.device == said.device_id
                    && (known.from, known.until) == (said.from, said.until)
                    && known.left.contains(&said.left)
            };
            let Some(place) = left.iter().position(fits) else {
                let how: Vec<_> = left.iter().map(|stay| (stay.at.device.as_str(), stay.until, &stay.left)).collect();
                return Err(format!("call {call}: the stay {said:?} is not among {how:?}"));
            };
            left.remove(place);
        }
        same("how it went", self.went(record.outcome))
    }

    fn failed(&self, known: &Invited) -> bool {
        let of = |stay: &&Stay| stay.at.user == known.callee && stay.left.contains(&LeftHow::MediaFailed);
        self.stays.iter().any(|stay| of(&stay))
    }

    /// Its only stay ended by media that failed.
    fn failed_for_sure(&self, known: &Invited) -> bool {
        let own: Vec<&Stay> = self.stays.iter().filter(|stay| stay.at.user == known.callee).collect();
        own.len() == 1
            && own[0].left == [LeftHow::MediaFailed]
            && known.ended.as_ref().is_some_and(|end| end.1 == CallOutcome::Answered)
    }

    fn went(&self, said: CallOutcome) -> bool {
        let any = |wanted| self.invitations.iter().any(|known| known.ended.as_ref().is_some_and(|end| end.1 == wanted));
        match said {
            CallOutcome::Answered => any(CallOutcome::Answered),
            CallOutcome::Failed => self.stays.iter().any(|stay| stay.left.contains(&LeftHow::MediaFailed)),
            CallOutcome::Cancelled => {
                !any(CallOutcome::Answered) && (any(CallOutcome::Cancelled) || self.invitations.is_empty())
            }
            CallOutcome::NoAnswer | CallOutcome::Declined | CallOutcome::Busy => {
                !any(CallOutcome::Answered) && any(said)
            }
        }
    }
}
