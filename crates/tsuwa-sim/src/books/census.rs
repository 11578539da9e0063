//! Who is in which call, by the books and by the server.

use super::Books;
use crate::laws::{Law, Laws};
use std::collections::{BTreeMap, BTreeSet};
use tsuwa_call::{AdminAct, DeviceKey, LiveCall, MediaReport};
use tsuwa_exchange::{Effect, EffectKind, Entry, Exchange, Input};
use tsuwa_proto::{Act, CallId, EndReason, Event, LeftHow, UserId};

impl Books {
    /// Holds the calls that have changed against what the server has.
    pub(super) fn census(
        &mut self,
        changed: BTreeSet<CallId>,
        by: Option<(&Entry, &[Effect])>,
        exchange: &Exchange,
        laws: &mut Laws,
    ) {
        if changed.is_empty() {
            return;
        }
        let live: BTreeMap<CallId, LiveCall> =
            exchange.switchboard().live_calls().into_iter().map(|call| (call.call_id, call)).collect();
        for call in changed {
            self.count(call, live.get(&call), by, laws);
        }
        let mut seen: BTreeSet<&UserId> = BTreeSet::new();
        for call in live.values() {
            for user in call.members.iter().map(|member| &member.user_id).chain(&call.ringing) {
                laws.hold(Law::OneCall, seen.insert(user), || {
                    format!("{} is in two calls, or rings in one", user.as_str())
                });
            }
        }
        let same = live.len() == self.live.len() && live.keys().all(|call| self.live.contains(call));
        laws.hold(Law::StoryIsState, same, || {
            format!("the server has calls {:?}, the town {:?}", live.keys(), self.live)
        });
    }

    fn count(&mut self, call: CallId, live: Option<&LiveCall>, by: Option<(&Entry, &[Effect])>, laws: &mut Laws) {
        let Some(account) = self.calls.get_mut(&call) else {
            return laws.hold(Law::StoryIsState, live.is_none(), || format!("call {call}, which nobody began"));
        };
        let is_there = |at: &DeviceKey| {
            live.is_some_and(|live| {
                live.members.iter().any(|member| member.user_id == at.user && member.device_id == at.device)
            })
        };
        let mut gone = Vec::new();
        while let Some(place) = account.present.iter().position(|(at, _)| !is_there(at)) {
            let Some((entry, effects)) = by else {
                return laws.hold(Law::OneEnd, false, || format!("somebody has left call {call} without an input"));
            };
            let at = account.present[place].0.clone();
            let mut left =
                how(entry, effects, call, &at, self.phones.get(&at).and_then(|phone| self.stories[*phone].session));
            if left == [LeftHow::MediaFailed] && account.had_media.contains(&at) {
                // It may have been up before the answer only.
                left.push(LeftHow::TimedOut);
            }
            gone.push(account.leave(place, entry.at, left));
        }
        let members = live.map_or(0, |live| live.members.len());
        let present = account.present.len();
        laws.hold(Law::StoryIsState, members == present, || {
            format!("call {call} has {members} in it, by the town's books {present}")
        });
        let standing: Vec<&UserId> = account
            .invitations
            .iter()
            .filter(|invited| invited.ended.is_none())
            .map(|invited| &invited.callee)
            .collect();
        let same = live.map_or(standing.is_empty(), |live| {
            live.ringing.len() == standing.len() && live.ringing.iter().all(|user| standing.contains(&user))
        });
        laws.hold(Law::InvitationEndsOnce, same, || {
            format!("call {call}: {} invitations stand by the town's books", standing.len())
        });
        let dead =
            live.is_some_and(|live| live.members.len() == 1 && live.ringing.is_empty() || live.members.is_empty());
        laws.hold(Law::OneEnd, !dead, || format!("call {call} goes on with nobody to talk to"));
        if live.is_none() {
            account.ended_at = account.ended_at.or(by.map(|(entry, _)| entry.at));
            self.live.remove(&call);
        }
        for at in gone {
            self.shadow.consent.remove(&(call, at.clone()));
            let leg = self.shadow.has(call, Some(&at));
            laws.hold(Law::Consent, !leg, || format!("{} has left call {call} and is let through", at.device.as_str()));
            let Some(phone) = self.phone_at(&at) else { continue };
            self.touched.insert(phone);
            let story = &mut self.stories[phone];
            if story.is_in(call) {
                // It was told nothing of it: only who is away is told later.
                laws.hold(Law::OneEnd, !story.socket_up, || {
                    format!("{} is not told the end of call {call}", at.device.as_str())
                });
                story.stage = super::story::Stage::Free;
                story.owed = Some(call);
            }
        }
        if live.is_none() {
            let room = self.shadow.has(call, None);
            laws.hold(Law::NothingLeft, !room, || format!("call {call} is over, and its room is there"));
            if let Some(account) = self.calls.get(&call) {
                let open = account.invitations.iter().filter(|invited| invited.ended.is_none()).count();
                laws.hold(Law::InvitationEndsOnce, open == 0, || {
                    format!("call {call} is over, and an invitation of it is not")
                });
            }
        }
    }
}

/// How somebody's stay may have ended, by what the input was and what it was told.
fn how(
    entry: &Entry,
    effects: &[Effect],
    call: CallId,
    at: &DeviceKey,
    session: Option<tsuwa_proto::SessionId>,
) -> Vec<LeftHow> {
    let told = effects.iter().find_map(|effect| match &effect.what {
        EffectKind::Event { session: of, event: Event::OnCallEnd { call_id, reason }, .. }
            if Some(*of) == session && *call_id == call =>
        {
            Some(*reason)
        }
        _ => None,
    });
    match &entry.input {
        Input::Request { act: Act::Logout, .. } if told.is_none() => vec![LeftHow::LoggedOut, LeftHow::LastOne],
        Input::Request { act: Act::Hangup { .. }, .. } if told.is_none() => vec![LeftHow::HungUp, LeftHow::LastOne],
        Input::SignIn { at: new, .. } if new.user == at.user => vec![LeftHow::SignedInElsewhere],
        Input::Admin { act: AdminAct::EndCall(_), .. } => vec![LeftHow::EndedByServer],
        Input::Admin { act: AdminAct::SignOut { user, .. }, .. } if *user == at.user => vec![LeftHow::Removed],
        Input::Media(MediaReport::PlaceFailed { .. }) => vec![LeftHow::EndedByServer, LeftHow::MediaFailed],
        Input::Media(MediaReport::Failed { at: failed, .. }) if failed == at => vec![LeftHow::MediaFailed],
        Input::Tick => match told {
            Some(Some(EndReason::TimedOut)) => vec![LeftHow::TimedOut],
            Some(Some(EndReason::MediaFailed)) => vec![LeftHow::MediaFailed],
            Some(_) => vec![LeftHow::LastOne],
            None => vec![LeftHow::TimedOut, LeftHow::LastOne],
        },
        _ => vec![LeftHow::LastOne],
    }
}
