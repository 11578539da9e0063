//! The story of a seed, for people: written only when somebody wants to read it. The residents are nobody's users, so
//! their names may be said whole.

use crate::books::Stage;
use crate::phone::View;
use tsuwa_call::AdminAct;
use tsuwa_exchange::{Effect, EffectKind, Entry, Input};
use tsuwa_proto::{CallState, Event, UserId};

fn list(users: &[UserId]) -> String {
    users.iter().map(UserId::as_str).collect::<Vec<_>>().join(" ")
}

pub(crate) fn event(event: &Event) -> String {
    let call = event.call_id().map_or(String::new(), |call| format!(" {}", short(call)));
    match event {
        Event::OnInvited { sponsor, user_ids, is_from_group, .. } => {
            format!("onInvited{call} by {} with [{}] {is_from_group}", sponsor.as_str(), list(user_ids))
        }
        Event::OnReject { user_id, .. } => format!("onReject{call} {}", user_id.as_str()),
        Event::OnNoResp { user_id, .. } => format!("onNoResp{call} {}", user_id.as_str()),
        Event::OnLineBusy { user_id, .. } => format!("onLineBusy{call} {}", user_id.as_str()),
        Event::OnCallingCancel { reason, .. } => format!("onCallingCancel{call} {reason:?}"),
        Event::OnCallingTimeOut { .. } => format!("onCallingTimeOut{call}"),
        Event::OnUserEnter { user_id, .. } => format!("onUserEnter{call} {}", user_id.as_str()),
        Event::OnUserLeave { user_id, reason, .. } => format!("onUserLeave{call} {} {reason:?}", user_id.as_str()),
        Event::OnUserAudioAvailable { user_id, available, .. } => {
            format!("audio{call} {} {available}", user_id.as_str())
        }
        Event::OnUserVideoAvailable { user_id, available, .. } => {
            format!("video{call} {} {available}", user_id.as_str())
        }
        Event::OnCallEnd { reason, .. } => format!("onCallEnd{call} {reason:?}"),
        Event::OnNetworkQuality { user_id, quality, .. } => format!("quality{call} {} {quality:?}", user_id.as_str()),
        Event::OnError { code, .. } => format!("onError{call} {}", code.number()),
        Event::OnKickedOffline {} => "onKickedOffline".to_owned(),
        Event::OnUserSigExpired {} => "onUserSigExpired".to_owned(),
    }
}

/// The low digits of an id: positions begin far from 0.
fn short(call: tsuwa_proto::CallId) -> String {
    format!("#{}", call.0 % (1 << 20))
}

pub(crate) fn state(state: Option<&CallState>) -> String {
    state.map_or_else(
        || "no call".to_owned(),
        |state| {
            let users: Vec<String> = state
                .users
                .iter()
                .map(|other| format!("{} {} {}", other.user_id.as_str(), other.audio, other.video))
                .collect();
            format!("call {} ({:?}, with {})", short(state.call_id), state.stage, users.join(", "))
        },
    )
}

pub(crate) fn shown(view: &View) -> String {
    view.call.as_ref().map_or_else(
        || "no call".to_owned(),
        |shown| {
            let users: Vec<String> =
                shown.users.iter().map(|(user, [audio, video])| format!("{} {audio} {video}", user.as_str())).collect();
            format!("call {} ({:?}, with {})", short(shown.id), shown.stage, users.join(", "))
        },
    )
}

pub(crate) fn story(stage: &Stage) -> String {
    match stage {
        Stage::Free => "no call".to_owned(),
        Stage::Ringing(call) => format!("the ringing of call {}", short(*call)),
        Stage::InCall(call, others) => {
            let others: Vec<String> =
                others.iter().map(|(user, other)| format!("{} {other:?}", user.as_str())).collect();
            format!("call {} with {}", short(*call), others.join(", "))
        }
    }
}

pub(crate) fn act(act: &AdminAct) -> String {
    match act {
        AdminAct::SetPolicy(policy) => format!("{policy:?}"),
        AdminAct::AddUsers(users) => format!("lists {}", list(users)),
        AdminAct::RemoveUser(user) => format!("takes {} off the list", user.as_str()),
        AdminAct::Block { user, blocked } => format!("{} blocks {}", user.as_str(), blocked.as_str()),
        AdminAct::Unblock { user, blocked } => format!("{} no longer blocks {}", user.as_str(), blocked.as_str()),
        AdminAct::EndCall(call) => format!("ends call {}", short(*call)),
        AdminAct::SignOut { user, device } => {
            format!("signs out {} {}", user.as_str(), device.as_ref().map_or("everywhere", |device| device.as_str()))
        }
    }
}

/// An entry of the log and what follows from it.
pub(crate) fn entry(entry: &Entry, effects: &[Effect]) -> String {
    let input = match &entry.input {
        Input::SignIn { at, .. } => format!("SignIn {}", at.device.as_str()),
        Input::Admin { act: what, .. } => format!("Admin: {}", act(what)),
        other => format!("{other:?}"),
    };
    let effects: Vec<String> = effects.iter().map(|effect| what(&effect.what)).collect();
    format!("@{} {} {input} => {}", entry.position % (1 << 20), entry.at.0 % 10_000_000, effects.join("; "))
}

fn what(effect: &EffectKind) -> String {
    match effect {
        EffectKind::Event { session, seq, event: what } => {
            format!("to {} ({}): {}", session.0 % (1 << 20), seq.0, event(what))
        }
        EffectKind::SignedIn { session, at, call, .. } => {
            format!("signed in {} as {}: {}", at.device.as_str(), session.0 % (1 << 20), state(call.as_ref()))
        }
        EffectKind::Resumed { session, at, call, .. } => {
            format!("resumed {} as {}: {}", at.device.as_str(), session.0 % (1 << 20), state(call.as_ref()))
        }
        EffectKind::Reply { id, outcome, .. } => {
            format!("reply {}: {}", id.0, outcome.as_ref().map_or_else(|refusal| refusal.code.number(), |_| 0))
        }
        EffectKind::Record(record) => format!("record of {}", short(record.call_id)),
        EffectKind::Hook(hook) => format!("hook {} of {}", hook.number, short(hook.call_id)),
        other => format!("{other:?}"),
    }
}
