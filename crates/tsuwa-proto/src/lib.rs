//! Every word that Tsuwa's two sides say to each other: identities, units, requests, events and error codes,
//! and how JSON-RPC 2.0 carries them. `docs/protocol.md` is the same in prose.
#![forbid(unsafe_code)]

mod code;
mod event;
mod hook;
mod ids;
mod params;
mod record;
mod request;
mod rpc;
mod units;

pub use code::{Code, Refusal, UnknownCode};
pub use event::{CallStage, CallState, CancelReason, EndReason, Event, Participant, Signal, Stream, StreamKind};
pub use hook::{Hook, HookEvent};
pub use ids::{AppId, BadId, CallId, DeviceId, EventSeq, InvitationId, RequestId, SessionId, UserId};
pub use record::{CallOutcome, CallRecord, Direction, InvitationRecord, LeftHow, RecentCall, SeenOutcome, StayRecord};
pub use request::{Act, HangupTarget, Invite, Login, Request, Resume, Welcome};
pub use rpc::{
    FromServer, Incoming, Outcome, Rejected, event_frame, parse_request, parse_server, reply_frame, request_frame,
    signal_frame,
};
pub use units::{CallType, LeaveReason, MediaMode, Millis, Quality, Volume, limits};

/// The WebSocket subprotocol: its version is part of the name.
pub const SUBPROTOCOL: &str = "tsuwa.1";
