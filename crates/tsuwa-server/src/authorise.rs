//! Who may ask for what: the one function that every frame of a client passes before anything is done about it.

use tsuwa_call::DeviceKey;
use tsuwa_proto::{Act, AppId, Code, Incoming, Login, Refusal, Request, RequestId, Resume, SessionId};

/// Where a connection stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Standing {
    /// Nobody yet.
    Stranger,
    /// A `login` or `resume` is on its way.
    SigningIn,
    /// A session's connection.
    SignedIn(Signed),
    /// Its session is over or goes on elsewhere; the connection is being closed.
    Over,
}

/// Whose connection it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Signed {
    /// The app.
    pub(crate) app: AppId,
    /// The session.
    pub(crate) session: SessionId,
    /// The user and the device.
    pub(crate) at: DeviceKey,
}

/// What a frame may have done.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Permit {
    /// Verify the ticket and begin a session.
    SignIn(RequestId, Login),
    /// Verify the ticket and renew it for this session.
    Renew(RequestId, Signed, Login),
    /// Check the token and go on with a session.
    Resume(RequestId, Resume),
    /// Anything else, by this session.
    Act(Signed, Incoming),
    /// Nothing, and nothing is said either: an `ack` of nobody's.
    Nothing,
}

/// What the house is in the middle of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Circumstances {
    /// The server is shutting down: nothing new is begun.
    pub(crate) draining: bool,
    /// The device is in a call.
    pub(crate) in_call: bool,
}

/// Decides about a frame.
///
/// Not signed in, nothing is allowed but `login` and `resume`. Signed in, everything is allowed that is one's own, which
/// for calls the switchboard judges.
pub(crate) fn authorise(
    standing: &Standing,
    now: Circumstances,
    frame: Incoming,
) -> Result<Permit, (RequestId, Refusal)> {
    let (id, request) = match frame {
        Incoming::Request(id, request) => (id, request),
        Incoming::Ack(_) => {
            return Ok(match standing {
                Standing::SignedIn(signed) => Permit::Act(signed.clone(), frame),
                Standing::Stranger | Standing::SigningIn | Standing::Over => Permit::Nothing,
            });
        }
    };
    match (standing, request) {
        (Standing::Over, _) => Err((id, Code::NotSignedIn.into())),
        (Standing::SigningIn, Request::Login(_) | Request::Resume(_)) => Err((id, Code::SignInUnderWay.into())),
        (Standing::Stranger, Request::Login(_)) if now.draining => Err((id, going_down())),
        (Standing::Stranger, Request::Login(login)) => Ok(Permit::SignIn(id, login)),
        (Standing::Stranger, Request::Resume(resume)) => Ok(Permit::Resume(id, resume)),
        (Standing::Stranger | Standing::SigningIn, _) => Err((id, Code::NotSignedIn.into())),
        (Standing::SignedIn(signed), Request::Login(login)) => {
            let same = login.sdk_app_id == signed.app
                && login.user_id == signed.at.user
                && login.device_id == signed.at.device;
            if !same {
                let reason = "somebody else is signed in on this connection; log out first";
                return Err((id, Refusal::new(Code::WrongState, reason)));
            }
            Ok(Permit::Renew(id, signed.clone(), login))
        }
        (Standing::SignedIn(_), Request::Resume(_)) => {
            Err((id, Refusal::new(Code::WrongState, "this connection has its session")))
        }
        (Standing::SignedIn(_), Request::Act(Act::Call { .. } | Act::GroupCall { .. }))
            if now.draining && !now.in_call =>
        {
            Err((id, going_down()))
        }
        (Standing::SignedIn(signed), request) => Ok(Permit::Act(signed.clone(), Incoming::Request(id, request))),
    }
}

fn going_down() -> Refusal {
    Refusal::new(Code::NoMediaWorker, "the server is shutting down; try again in a moment")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsuwa_proto::parse_request;

    /// A frame of each method that there is.
    const FRAMES: &[(&str, &str)] = &[
        ("login", r#"{"sdkAppId":1,"userId":"bob","userSig":"x","deviceId":"d"}"#),
        ("resume", r#"{"sdkAppId":1,"sessionId":"1","resumeToken":"x","lastSeq":0}"#),
        ("ping", "{}"),
        ("mediaAnswer", r#"{"callId":"1","offerId":1,"sdp":""}"#),
        ("mediaRestart", r#"{"callId":"1"}"#),
        ("logout", "{}"),
        ("call", r#"{"userId":"bob","type":1}"#),
        ("groupCall", r#"{"userIds":["bob"],"type":1}"#),
        ("accept", r#"{"callId":"1"}"#),
        ("reject", r#"{"callId":"1"}"#),
        ("hangup", r#"{"callId":"1"}"#),
        ("setMicMute", r#"{"callId":"1","isMute":true}"#),
        ("openCamera", r#"{"callId":"1"}"#),
        ("closeCamera", r#"{"callId":"1"}"#),
        ("queryRecentCalls", "{}"),
    ];

    fn frame(method: &str, params: &str) -> Incoming {
        let text = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#);
        parse_request(&text).expect("a good request")
    }

    fn signed() -> Signed {
        let at = DeviceKey { user: "alice".parse().expect("an id"), device: "d".parse().expect("an id") };
        Signed { app: AppId(1), session: SessionId(1), at }
    }

    /// Fails to compile when a request is added that [`FRAMES`] may lack.
    fn named(request: &Request) -> &'static str {
        match request {
            Request::Login(_) => "login",
            Request::Resume(_) => "resume",
            Request::Ping => "ping",
            Request::MediaAnswer { .. } => "mediaAnswer",
            Request::MediaRestart { .. } => "mediaRestart",
            Request::QueryRecentCalls { .. } => "queryRecentCalls",
            Request::Act(act) => match act {
                Act::Logout => "logout",
                Act::Call { .. } => "call",
                Act::GroupCall { .. } => "groupCall",
                Act::Accept { .. } => "accept",
                Act::Reject { .. } => "reject",
                Act::Hangup { .. } => "hangup",
                Act::SetMicMute { .. } => "setMicMute",
                Act::SetCamera { is_open: true, .. } => "openCamera",
                Act::SetCamera { is_open: false, .. } => "closeCamera",
            },
        }
    }

    #[test]
    fn nobody_may_do_anything_but_sign_in() {
        for (method, params) in FRAMES {
            let frame = frame(method, params);
            let Incoming::Request(_, request) = &frame else { panic!("{method} is a request") };
            assert_eq!(named(request), *method);
            for standing in [Standing::Stranger, Standing::SigningIn, Standing::Over] {
                let verdict = authorise(&standing, Circumstances::default(), frame.clone());
                match (&standing, *method) {
                    (Standing::Stranger, "login" | "resume") => assert!(verdict.is_ok(), "{method}"),
                    (Standing::SigningIn, "login" | "resume") => {
                        assert_eq!(verdict.map_err(|(_, r)| r.code), Err(Code::SignInUnderWay));
                    }
                    _ => assert_eq!(verdict.map_err(|(_, r)| r.code), Err(Code::NotSignedIn), "{standing:?} {method}"),
                }
            }
        }
    }

    #[test]
    fn a_session_acts_as_itself_only() {
        for (method, params) in FRAMES {
            let verdict = authorise(&Standing::SignedIn(signed()), Circumstances::default(), frame(method, params));
            match *method {
                "login" | "resume" => assert_eq!(verdict.map_err(|(_, r)| r.code), Err(Code::WrongState), "{method}"),
                _ => assert!(matches!(verdict, Ok(Permit::Act(who, _)) if who == signed()), "{method}"),
            }
        }
    }

    #[test]
    fn a_shutdown_begins_nothing_new_and_lets_calls_go_on() {
        let draining = Circumstances { draining: true, in_call: false };
        let code = |standing: &Standing, now, (method, params): (&str, &str)| {
            authorise(standing, now, frame(method, params)).map_err(|(_, r)| r.code).err()
        };
        let of = |wanted: &str| *FRAMES.iter().find(|(method, _)| *method == wanted).expect("a method");
        let busy = Circumstances { draining: true, in_call: true };
        let signed = Standing::SignedIn(signed());
        assert_eq!(code(&Standing::Stranger, draining, of("login")), Some(Code::NoMediaWorker));
        assert_eq!(code(&Standing::Stranger, draining, of("resume")), None);
        assert_eq!(code(&signed, draining, of("call")), Some(Code::NoMediaWorker));
        assert_eq!(code(&signed, busy, of("call")), None);
        assert_eq!(code(&signed, draining, of("accept")), None);
        assert_eq!(code(&signed, draining, of("hangup")), None);
    }
}
