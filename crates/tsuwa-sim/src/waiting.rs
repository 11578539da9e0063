//! Who waits for whom: an invitation for its inviter to stay, somebody lost for its grace to be over.

use crate::laws::{Law, Laws};
use std::collections::BTreeMap;
use tsuwa_call::{HowEnded, Note};
use tsuwa_exchange::{Effect, EffectKind, Entry, Exchange, Input};
use tsuwa_proto::{CallId, Code, Event, LeftHow, Millis, UserId};

/// By the notes, and by who is lost after each entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting {
    /// Who is in a call, and, lost without a break, until when it is waited for.
    members: BTreeMap<(CallId, UserId), Option<Millis>>,
    /// Who is invited, and by whom.
    invited: BTreeMap<(CallId, UserId), UserId>,
}

impl Waiting {
    /// An entry has taken effect.
    pub(crate) fn follow(&mut self, entry: &Entry, effects: &[Effect], exchange: &Exchange, laws: &mut Laws) {
        let notes = effects.iter().filter_map(|effect| match &effect.what {
            EffectKind::Note(note) => Some(note),
            _ => None,
        });
        // Whose media can't be had is not waited for.
        let failed = effects.iter().any(|effect| {
            matches!(&effect.what, EffectKind::Event { event: Event::OnError { code: Code::MediaFailed, .. }, .. })
        });
        let mut noted = false;
        for note in notes {
            noted = true;
            self.take(note, entry, failed, laws);
        }
        let anew = matches!(entry.input, Input::Started);
        let until = entry.at.plus(exchange.switchboard().policy().grace_ms);
        for ((call, user), awaited) in &mut self.members {
            let lost = exchange.switchboard().is_lost(*call, user);
            *awaited = lost.then(|| awaited.filter(|_| !anew).unwrap_or(until));
        }
        for ((call, callee), inviter) in self.invited.iter().filter(|_| noted) {
            let there = self.members.contains_key(&(*call, inviter.clone()));
            laws.hold(Law::InviterIsThere, there, || {
                format!("{} is invited to call {call} by {}, who has left it", callee.as_str(), inviter.as_str())
            });
        }
    }

    fn take(&mut self, note: &Note, entry: &Entry, failed: bool, laws: &mut Laws) {
        match note {
            Note::CallStarted { call, caller, .. } => {
                self.members.insert((*call, caller.user.clone()), None);
            }
            Note::Invited { call, inviter, callee, until: Some(_), .. } => {
                self.invited.insert((*call, callee.clone()), inviter.clone());
            }
            Note::InvitationEnded { call, callee, how, .. } => {
                self.invited.remove(&(*call, callee.clone()));
                if *how == HowEnded::Accepted {
                    self.members.insert((*call, callee.clone()), None);
                }
            }
            Note::Left { call, at, how } => {
                let awaited = self.members.remove(&(*call, at.user.clone())).flatten();
                if *how == LeftHow::TimedOut && !failed {
                    laws.hold(Law::GraceIsWhole, awaited.is_some_and(|until| until <= entry.at), || {
                        format!("{} is given up in call {call}, awaited until {awaited:?}", at.device.as_str())
                    });
                }
            }
            Note::Invited { .. } | Note::CallEnded { .. } => {}
        }
    }
}
