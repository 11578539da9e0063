//! People, devices and requests to choose from.

use crate::bytes::Bytes;
use crate::invitations::Invitations;
use tsuwa_call::{AdminAct, DeviceKey, DevicePolicy, MediaReport, Policy};
use tsuwa_proto::{
    Act, CallId, CallType, HangupTarget, InvitationId, Invite, MediaMode, Millis, RequestId, StreamKind, UserId,
};

/// When stories begin: an ordinary moment.
pub(crate) const DAWN: Millis = Millis(1_700_000_000_000);

pub(crate) fn user(bytes: &mut Bytes<'_>) -> UserId {
    bytes.one(&["A", "B", "C", "D", "E"]).parse().expect("an id")
}

/// Who is in no story.
pub(crate) fn nobody() -> UserId {
    "nobody".parse().expect("an id")
}

pub(crate) fn device(bytes: &mut Bytes<'_>) -> DeviceKey {
    DeviceKey { user: user(bytes), device: bytes.one(&["1", "2"]).parse().expect("an id") }
}

pub(crate) fn media(bytes: &mut Bytes<'_>) -> MediaMode {
    bytes.one(&[MediaMode::None, MediaMode::Webrtc])
}

pub(crate) fn kind(bytes: &mut Bytes<'_>) -> CallType {
    bytes.one(&[CallType::Audio, CallType::Video])
}

/// One of the latest calls, or one that never was.
pub(crate) fn call(bytes: &mut Bytes<'_>, calls: &[CallId]) -> CallId {
    let recent = &calls[calls.len().saturating_sub(6)..];
    match bytes.below(8) {
        7 => CallId(bytes.number()),
        _ if recent.is_empty() => CallId(1),
        choice => recent[recent.len() - 1 - choice % recent.len()],
    }
}

/// A request of this user. The byte that says which also says which invitation it names.
pub(crate) fn act(bytes: &mut Bytes<'_>, by: &UserId, calls: &[CallId], invitations: &Invitations) -> Act {
    let choice = bytes.byte();
    let invitation_id = match choice / 12 {
        // The right one, mostly.
        1..=8 => Some(invitations.present(by).unwrap_or_default()),
        // An old one, or another's.
        late @ 9..=14 => Some(invitations.late(usize::from(late - 9)).unwrap_or_default()),
        15 | 16 => Some(InvitationId::NONE),
        17 => Some(InvitationId(bytes.number())),
        _ => None,
    };
    match choice % 12 {
        0 | 1 => Act::Call { user_id: user(bytes), invite: invite(bytes) },
        2 => {
            let user_ids = (0..bytes.below(5)).map(|_| user(bytes)).collect();
            Act::GroupCall { user_ids, invite: invite(bytes) }
        }
        3..=5 => Act::Accept { call_id: (bytes.below(16) != 15).then(|| call(bytes, calls)), invitation_id },
        6 => Act::Reject { call_id: (bytes.below(16) != 15).then(|| call(bytes, calls)), invitation_id },
        7 => Act::Hangup { target: HangupTarget::Call(call(bytes, calls)), invitation_id },
        8 => Act::Hangup { target: HangupTarget::Request(RequestId(u64::from(bytes.byte()))), invitation_id },
        9 => Act::SetMicMute { call_id: call(bytes, calls), is_mute: bytes.flag() },
        10 => Act::SetCamera { call_id: call(bytes, calls), is_open: bytes.flag() },
        _ if bytes.below(4) == 0 => Act::Logout,
        _ => Act::Call { user_id: user(bytes), invite: invite(bytes) },
    }
}

fn invite(bytes: &mut Bytes<'_>) -> Invite {
    let kind = kind(bytes);
    Invite { kind, timeout_s: bytes.one(&[None, Some(1), Some(300)]), user_data: bytes.flag().then(|| "x".into()) }
}

pub(crate) fn report(bytes: &mut Bytes<'_>, calls: &[CallId]) -> MediaReport {
    let (choice, call, at) = (bytes.below(8), call(bytes, calls), device(bytes));
    match choice {
        0 => MediaReport::Placed { call },
        1 => MediaReport::PlaceFailed { call },
        2 => MediaReport::RoomLost { call },
        3 => MediaReport::Up { call, at },
        4 => MediaReport::Lost { call, at },
        5 => MediaReport::Back { call, at },
        6 => MediaReport::Failed { call, at },
        _ => MediaReport::Flowing { call, at, kind: bytes.one(&[StreamKind::Audio, StreamKind::Video]) },
    }
}

pub(crate) fn admin(bytes: &mut Bytes<'_>, calls: &[CallId]) -> AdminAct {
    match bytes.below(8) {
        0 => AdminAct::SetPolicy(Policy {
            devices: bytes.one(&[DevicePolicy::Many, DevicePolicy::One]),
            closed_list: bytes.below(4) == 3,
            ring_timeout_s: bytes.one(&[30, 1, 300, 0, u32::MAX]),
            grace_ms: bytes.one(&[15_000, 0, u64::MAX]),
        }),
        1 => AdminAct::AddUsers((0..bytes.below(4)).map(|_| user(bytes)).collect()),
        2 => AdminAct::RemoveUser(user(bytes)),
        3 => AdminAct::Block { user: user(bytes), blocked: user(bytes) },
        4 => AdminAct::Unblock { user: user(bytes), blocked: user(bytes) },
        5 => AdminAct::EndCall(call(bytes, calls)),
        6 => AdminAct::SignOut { user: user(bytes), device: Some(device(bytes).device) },
        _ => AdminAct::SignOut { user: user(bytes), device: None },
    }
}

/// How much time passes, in milliseconds.
pub(crate) fn pause(bytes: &mut Bytes<'_>) -> u64 {
    bytes.one(&[0, 1, 700, 2_000, 5_000, 15_000, 31_000, 61_000])
}
