//! Every request's parameters, right and wrong.

use crate::bytes::Bytes;
use tsuwa_proto::{Act, DeviceId, Incoming, Invite, Request, UserId, limits, parse_request};

/// What a parameter is, and so which values are right and which are not.
#[derive(Clone, Copy)]
enum Is {
    App,
    User,
    Users,
    Ticket,
    Device,
    Media,
    Session,
    Text,
    Seq,
    Call,
    Invitation,
    Type,
    Timeout,
    Data,
    Flag,
    Before,
    Limit,
}

/// A parameter: its name, what it is, and whether it may be left out.
type Param = (&'static str, Is, bool);

/// Each method with its parameters.
const METHODS: &[(&str, &[Param])] = &[
    (
        "login",
        &[
            ("sdkAppId", Is::App, false),
            ("userId", Is::User, false),
            ("userSig", Is::Ticket, false),
            ("deviceId", Is::Device, false),
            ("media", Is::Media, true),
        ],
    ),
    (
        "resume",
        &[
            ("sdkAppId", Is::App, false),
            ("sessionId", Is::Session, false),
            ("resumeToken", Is::Text, false),
            ("lastSeq", Is::Seq, false),
        ],
    ),
    ("ping", &[]),
    ("logout", &[]),
    ("mediaAnswer", &[("callId", Is::Call, false), ("offerId", Is::Seq, false), ("sdp", Is::Text, false)]),
    ("mediaRestart", &[("callId", Is::Call, false)]),
    ("queryRecentCalls", &[("before", Is::Before, true), ("limit", Is::Limit, true)]),
    (
        "call",
        &[
            ("userId", Is::User, false),
            ("type", Is::Type, false),
            ("timeout", Is::Timeout, true),
            ("userData", Is::Data, true),
        ],
    ),
    (
        "groupCall",
        &[
            ("userIds", Is::Users, false),
            ("type", Is::Type, false),
            ("timeout", Is::Timeout, true),
            ("userData", Is::Data, true),
        ],
    ),
    ("accept", &[("callId", Is::Call, true), ("invitationId", Is::Invitation, true)]),
    ("reject", &[("callId", Is::Call, true), ("invitationId", Is::Invitation, true)]),
    ("hangup", &[("request", Is::Seq, true), ("callId", Is::Call, false), ("invitationId", Is::Invitation, true)]),
    ("setMicMute", &[("callId", Is::Call, false), ("isMute", Is::Flag, false)]),
    ("openCamera", &[("callId", Is::Call, false)]),
    ("closeCamera", &[("callId", Is::Call, false)]),
];

impl Is {
    fn right(self) -> &'static [&'static str] {
        match self {
            Self::App => &["1400000001", "0", "4294967295"],
            Self::User => &[r#""alice""#, r#""A-z_09""#, r#""\u0061""#, r#""abcdefghijklmnopqrstuvwxyz012345""#],
            Self::Users => &["[]", r#"["bob"]"#, r#"["bob","bob","carol"]"#],
            Self::Ticket => &[r#""eJx""#, r#""\u0000""#, r#""*-_""#],
            Self::Device => &[r#""d""#, r#""4f1c-phone""#],
            Self::Media => &["null", r#""none""#, r#""webrtc""#],
            Self::Session => &[r#""1""#, r#""0""#, r#""18446744073709551615""#],
            Self::Text => &[r#""""#, r#""v=0""#, r#""\r\n\u0000\ud83d\ude00""#],
            Self::Seq => &["0", "1", "18446744073709551615"],
            Self::Call => &[r#""7""#, r#""0""#, r#""007""#, r#""18446744073709551615""#],
            Self::Invitation => &["null", "0", "27", "9007199254740991"],
            Self::Type => &["1", "2"],
            Self::Timeout => &["null", "1", "300"],
            Self::Data => &["null", r#""""#, r#""\u0000\uffff""#],
            Self::Flag => &["true", "false"],
            Self::Before => &["null", r#""7""#],
            Self::Limit => &["null", "1", "100"],
        }
    }

    fn wrong(self) -> &'static [&'static str] {
        match self {
            Self::App => &["-1", "4294967296", "1.5", r#""1400000001""#, "[]"],
            Self::User => {
                &[r#""""#, r#""a b""#, r#""é""#, r#""abcdefghijklmnopqrstuvwxyz0123456""#, "7", r#"{"id":1}"#]
            }
            Self::Users => &[r#""bob""#, r#"["bob",1]"#, r#"[[]]"#, r#"["b b"]"#, r#"{"0":"bob"}"#],
            Self::Ticket => &[r#""""#, "1", "true"],
            Self::Device => &[r#""""#, r#""a/b""#, "1"],
            Self::Media => &[r#""""#, r#""NONE""#, "0"],
            Self::Session => &["1", r#""-1""#, r#""18446744073709551616""#, r#""1e0""#, r#""""#],
            Self::Text => &["1", "[]", "{}", "false"],
            Self::Seq => &["-1", "1.0", "1e0", "18446744073709551616", r#""1""#],
            Self::Call => &["7", r#""-7""#, r#""7.0""#, r#""18446744073709551616""#, r#"" 7""#, r#""""#],
            Self::Invitation => &["-1", "1.0", "1e3", "18446744073709551616", r#""27""#, "[27]", "true"],
            Self::Type => &["0", "3", "1.0", r#""1""#, "257", "true"],
            Self::Timeout => &["0", "301", "-30", "30.0", r#""30""#],
            Self::Data => &["1", "{}", "true"],
            Self::Flag => &["0", "1", r#""true""#, "[]"],
            Self::Before => &["7", r#""x""#, "[]"],
            Self::Limit => &["0", "101", "-1", "1e1", r#""20""#],
        }
    }
}

/// A request with parameters of which the right ones are taken, the wrong ones refused, and whatever is taken is
/// within its bounds.
pub fn params(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let (method, known) = METHODS[bytes.below(METHODS.len())];
    let (mut is_right, mut is_wrong, mut is_free) = (true, false, false);
    let mut written = Vec::new();
    for (name, is, optional) in known {
        // A request in place of the call's id is a right `hangup` whatever the id is.
        let counts = method != "hangup" || !matches!(is, Is::Call);
        match bytes.below(8) {
            0..=3 => written.push(format!(r#""{name}":{}"#, bytes.one(is.right()))),
            4 => {
                written.push(format!(r#""{name}":{}"#, bytes.one(is.wrong())));
                is_right = false;
                is_wrong |= counts;
            }
            5 => {
                is_right &= optional;
                is_wrong |= counts && !optional;
            }
            6 => {
                // Said twice: the last one counts.
                let (first, last) = (bytes.one(is.wrong()), bytes.one(is.right()));
                written.push(format!(r#""{name}":{first},"{name}":{last}"#));
            }
            _ => {
                // Whatever it is: it may be no JSON, or say more than one thing.
                written.push(format!(r#""{name}":{}"#, bytes.word()));
                is_free = true;
            }
        }
    }
    if bytes.flag() {
        written.push(format!(r#""{}":{}"#, bytes.word(), bytes.word()));
        is_free = true;
    }
    is_right &= !is_free;
    is_wrong &= !is_free;
    let text = format!(r#"{{"jsonrpc":"2.0","id":7,"method":"{method}","params":{{{}}}}}"#, written.join(","));
    let read = parse_request(&text);
    assert!(!is_right || read.is_ok(), "refused: {text}: {read:?}");
    assert!(!is_wrong || read.is_err(), "taken: {text}");
    match read {
        Ok(Incoming::Request(id, request)) => {
            assert_eq!(id.0, 7, "{text}");
            within_bounds(&request);
        }
        Ok(Incoming::Ack(_)) => panic!("a request with an id is no ack"),
        Err(rejected) => {
            assert!(rejected.refusal.desc.len() <= 512, "a refusal repeats what came");
        }
    }
}

fn within_bounds(request: &Request) {
    let user = |user: &UserId| assert!((1..=UserId::LONGEST_BYTES).contains(&user.as_str().len()));
    let invite = |invite: &Invite| {
        let range = limits::RING_MIN_S..=limits::RING_MAX_S;
        assert!(invite.timeout_s.is_none_or(|seconds| range.contains(&seconds)));
        assert!(invite.user_data.as_ref().is_none_or(|data| data.len() <= limits::USER_DATA_BYTES));
    };
    match request {
        Request::Login(login) => {
            user(&login.user_id);
            assert!((1..=DeviceId::LONGEST_BYTES).contains(&login.device_id.as_str().len()));
            assert!((1..=4096).contains(&login.user_sig.len()));
        }
        Request::MediaAnswer { sdp, .. } => assert!(sdp.len() <= limits::FRAME_BYTES),
        Request::QueryRecentCalls { limit, .. } => assert!((1..=limits::RECENT_CALLS).contains(limit)),
        Request::Act(Act::Call { user_id, invite: how }) => {
            user(user_id);
            invite(how);
        }
        Request::Act(Act::GroupCall { user_ids, invite: how }) => {
            user_ids.iter().for_each(user);
            assert!(user_ids.len() <= 64);
            invite(how);
        }
        Request::Act(_) | Request::Resume(_) | Request::Ping | Request::MediaRestart { .. } => {}
    }
}
