//! JSON-RPC 2.0 frames: text to words and back. One parser, used by every side.

use crate::params::Params;
use crate::{
    Act, AppId, Code, Event, EventSeq, HangupTarget, Invite, Login, MediaMode, Refusal, Request, RequestId, Resume,
    SessionId, Signal, limits,
};
use serde_json::{Map, Value, json};

/// Numbers above this lose digits in JavaScript (ECMA-262, `Number.MAX_SAFE_INTEGER`).
const LARGEST_ID: u64 = (1 << 53) - 1;
/// More duplicates than this in one `groupCall` are no honest request.
const MOST_LISTED: usize = 64;
/// An SDP answer for nine people's video stays well under this.
const SDP_BYTES: usize = 48 * 1024;
/// A generous bound: real tickets have 200 to 500 bytes.
const SIG_BYTES: usize = 4096;

/// What a client's frame says.
#[derive(Clone, PartialEq, Debug)]
pub enum Incoming {
    /// A request that wants a reply.
    Request(RequestId, Request),
    /// `ack`: every event up to this one has been seen.
    Ack(EventSeq),
}

/// A frame that can't be carried out; to be answered with [`reply_frame`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejected {
    /// The frame's id, where it could be read.
    pub id: Option<RequestId>,
    /// Why.
    pub refusal: Refusal,
}

/// How a request ended: a result object, or a refusal.
pub type Outcome = Result<Value, Refusal>;

/// Read a client's frame.
pub fn parse_request(text: &str) -> Result<Incoming, Rejected> {
    let value: Value = serde_json::from_str(text).map_err(|_| Rejected { id: None, refusal: Code::NotJson.into() })?;
    let not_a_request = |id| Rejected { id, refusal: Code::NotARequest.into() };
    let Value::Object(mut frame) = value else { return Err(not_a_request(None)) };
    let raw_id = frame.remove("id");
    let id = match &raw_id {
        None => None,
        Some(value) => match value.as_u64() {
            Some(number) if (1..=LARGEST_ID).contains(&number) => Some(RequestId(number)),
            _ => {
                let refusal = Refusal::new(Code::NotARequest, "id must be a whole number from 1 to 2^53-1");
                return Err(Rejected { id: None, refusal });
            }
        },
    };
    if frame.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(not_a_request(id));
    }
    let Some(Value::String(method)) = frame.remove("method") else { return Err(not_a_request(id)) };
    let reject = |refusal| Rejected { id, refusal };
    let mut params = Params::new(frame.remove("params")).map_err(reject)?;
    match id {
        None if method == "ack" => params.number("seq").map(|seq| Incoming::Ack(EventSeq(seq))).map_err(reject),
        None => Err(not_a_request(None)),
        Some(number) => request(&method, &mut params).map(|r| Incoming::Request(number, r)).map_err(reject),
    }
}

fn request(method: &str, params: &mut Params) -> Result<Request, Refusal> {
    let act = match method {
        "login" => return login(params).map(Request::Login),
        "resume" => return resume(params).map(Request::Resume),
        "ping" => return Ok(Request::Ping),
        "mediaAnswer" => {
            let (call_id, offer_id) = (params.call_id("callId")?, params.number("offerId")?);
            let sdp = params.text("sdp")?;
            if sdp.len() > SDP_BYTES {
                return Err(Refusal::new(Code::BadParameter, "sdp: is too long"));
            }
            return Ok(Request::MediaAnswer { call_id, offer_id, sdp });
        }
        "mediaRestart" => return Ok(Request::MediaRestart { call_id: params.call_id("callId")? }),
        "queryRecentCalls" => {
            let before = params.optional_id("before")?;
            let limit = match params.optional_number("limit")? {
                None => limits::RECENT_CALLS_DEFAULT,
                Some(n) if (1..=limits::RECENT_CALLS as u64).contains(&n) => n as usize,
                Some(_) => return Err(Refusal::new(Code::BadParameter, "limit: must be 1 to 100")),
            };
            return Ok(Request::QueryRecentCalls { before, limit });
        }
        "logout" => Act::Logout,
        "call" => Act::Call { user_id: params.user("userId")?, invite: invite(params)? },
        "groupCall" => Act::GroupCall { user_ids: params.users("userIds", MOST_LISTED)?, invite: invite(params)? },
        "accept" => Act::Accept { call_id: params.optional_call_id("callId")?, invitation_id: params.invitation_id()? },
        "reject" => Act::Reject { call_id: params.optional_call_id("callId")?, invitation_id: params.invitation_id()? },
        "hangup" => {
            let target = match params.optional_number("request")? {
                Some(number) => HangupTarget::Request(RequestId(number)),
                None => HangupTarget::Call(params.call_id("callId")?),
            };
            Act::Hangup { target, invitation_id: params.invitation_id()? }
        }
        "setMicMute" => Act::SetMicMute { call_id: params.call_id("callId")?, is_mute: params.flag("isMute")? },
        "openCamera" => Act::SetCamera { call_id: params.call_id("callId")?, is_open: true },
        "closeCamera" => Act::SetCamera { call_id: params.call_id("callId")?, is_open: false },
        _ => return Err(Code::NoSuchMethod.into()),
    };
    Ok(Request::Act(act))
}

fn app(params: &mut Params) -> Result<AppId, Refusal> {
    let number = params.number("sdkAppId")?;
    u32::try_from(number).map(AppId).map_err(|_| Code::AppUnknown.into())
}

fn login(params: &mut Params) -> Result<Login, Refusal> {
    let sdk_app_id = app(params)?;
    let user_id = params.user("userId")?;
    let user_sig = params.optional_text("userSig")?.unwrap_or_default();
    if user_sig.is_empty() {
        return Err(Code::SigEmpty.into());
    }
    if user_sig.len() > SIG_BYTES {
        return Err(Code::SigUndecodable.into());
    }
    let device_id = params.id("deviceId")?;
    let media = match params.optional_text("media")?.as_deref() {
        None | Some("webrtc") => MediaMode::Webrtc,
        Some("none") => MediaMode::None,
        Some(_) => return Err(Refusal::new(Code::BadParameter, "media: must be \"webrtc\" or \"none\"")),
    };
    Ok(Login { sdk_app_id, user_id, user_sig, device_id, media })
}

fn resume(params: &mut Params) -> Result<Resume, Refusal> {
    let sdk_app_id = app(params)?;
    let session_id: SessionId = params.id("sessionId")?;
    let resume_token = params.text("resumeToken")?;
    let last_seq = EventSeq(params.number("lastSeq")?);
    Ok(Resume { sdk_app_id, session_id, resume_token, last_seq })
}

fn invite(params: &mut Params) -> Result<Invite, Refusal> {
    let kind = params.call_type()?;
    let timeout_s = match params.optional_number("timeout")? {
        None => None,
        Some(n) if (u64::from(limits::RING_MIN_S)..=u64::from(limits::RING_MAX_S)).contains(&n) => Some(n as u32),
        Some(_) => return Err(Refusal::new(Code::BadParameter, "timeout: must be 1 to 300 seconds")),
    };
    let user_data = params.optional_text("userData")?;
    if user_data.as_ref().is_some_and(|data| data.len() > limits::USER_DATA_BYTES) {
        return Err(Refusal::new(Code::BadParameter, "userData: must be at most 4096 bytes"));
    }
    Ok(Invite { kind, timeout_s, user_data })
}

/// The reply to a request; with no id where the request's own could not be read.
pub fn reply_frame(id: Option<RequestId>, outcome: &Outcome) -> String {
    match outcome {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(refusal) => {
            json!({ "jsonrpc": "2.0", "id": id, "error": { "code": refusal.code.number(), "message": refusal.desc } })
        }
    }
    .to_string()
}

/// An event with its number.
pub fn event_frame(seq: EventSeq, event: &Event) -> String {
    notification(serde_json::to_value(event), Some(seq))
}

/// A signal: no number.
pub fn signal_frame(signal: &Signal) -> String {
    notification(serde_json::to_value(signal), None)
}

fn notification(value: serde_json::Result<Value>, seq: Option<EventSeq>) -> String {
    // Plain enums of texts and numbers always serialise, to an object with `method` and `params`.
    let Ok(Value::Object(mut frame)) = value else { unreachable!("an event is an object") };
    frame.insert("jsonrpc".into(), "2.0".into());
    if let Some(seq) = seq {
        let params = frame.entry("params").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(params) = params {
            params.insert("seq".into(), seq.0.into());
        }
    }
    Value::Object(frame).to_string()
}

/// A client's request, as it goes over the wire.
pub fn request_frame(id: Option<RequestId>, method: &str, params: &Value) -> String {
    match id {
        Some(id) => json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }),
        None => json!({ "jsonrpc": "2.0", "method": method, "params": params }),
    }
    .to_string()
}

/// What a server's frame says.
#[derive(Clone, PartialEq, Debug)]
pub enum FromServer {
    /// The answer to a request; without an id if the server could not read it.
    Reply(Option<RequestId>, Outcome),
    /// A numbered event.
    Event(EventSeq, Event),
    /// An unnumbered signal.
    Signal(Signal),
    /// A notification of a later version: to be ignored (a numbered one counts as seen).
    Unknown(Option<EventSeq>),
}

/// Read a server's frame.
pub fn parse_server(text: &str) -> Result<FromServer, Refusal> {
    let value: Value = serde_json::from_str(text).map_err(|_| Refusal::from(Code::NotJson))?;
    let Value::Object(frame) = &value else { return Err(Code::NotARequest.into()) };
    if frame.contains_key("method") {
        let seq = frame.get("params").and_then(|p| p.get("seq")).and_then(Value::as_u64).map(EventSeq);
        return Ok(match seq {
            Some(seq) => match serde_json::from_value(value) {
                Ok(event) => FromServer::Event(seq, event),
                Err(_) => FromServer::Unknown(Some(seq)),
            },
            None => serde_json::from_value(value).map_or(FromServer::Unknown(None), FromServer::Signal),
        });
    }
    let id = frame.get("id").and_then(Value::as_u64).map(RequestId);
    if let Some(error) = frame.get("error") {
        let number = error.get("code").and_then(Value::as_i64).unwrap_or_default();
        let desc = error.get("message").and_then(Value::as_str).unwrap_or_default();
        let code = i32::try_from(number).ok().and_then(|n| Code::try_from(n).ok()).unwrap_or(Code::NotARequest);
        return Ok(FromServer::Reply(id, Err(Refusal::new(code, desc))));
    }
    match frame.get("result") {
        Some(result) => Ok(FromServer::Reply(id, Ok(result.clone()))),
        None => Err(Code::NotARequest.into()),
    }
}
