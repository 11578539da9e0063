//! Requests carry the API's own names and parameters.

use tsuwa_proto::{
    Act, AppId, CallId, CallType, EventSeq, HangupTarget, Incoming, Invite, Login, MediaMode, Request, RequestId,
    Resume, SessionId, parse_request, request_frame,
};

fn read(method: &str, params: &str) -> Request {
    let params = serde_json::from_str(params).expect("a test's parameters are JSON");
    match parse_request(&request_frame(Some(RequestId(1)), method, &params)) {
        Ok(Incoming::Request(RequestId(1), request)) => request,
        other => panic!("{method}: {other:?}"),
    }
}

#[test]
fn every_request_is_read_from_its_frame() {
    let bob = || "bob".parse().expect("valid");
    let invite = |timeout_s| Invite { kind: CallType::Audio, timeout_s, user_data: None };
    let call_id = CallId(5);
    let acts = [
        ("logout", "{}", Act::Logout),
        ("call", r#"{"userId":"bob","type":1}"#, Act::Call { user_id: bob(), invite: invite(None) }),
        ("call", r#"{"userId":"bob","type":1,"timeout":300}"#, Act::Call { user_id: bob(), invite: invite(Some(300)) }),
        (
            "groupCall",
            r#"{"userIds":["bob"],"type":1}"#,
            Act::GroupCall { user_ids: vec![bob()], invite: invite(None) },
        ),
        ("accept", r#"{"callId":"5"}"#, Act::Accept { call_id: Some(call_id), invitation_id: None }),
        ("accept", r#"{"callId":null}"#, Act::Accept { call_id: None, invitation_id: None }),
        ("reject", r#"{"callId":"5"}"#, Act::Reject { call_id: Some(call_id), invitation_id: None }),
        ("hangup", r#"{"callId":"5"}"#, Act::Hangup { target: HangupTarget::Call(call_id), invitation_id: None }),
        (
            "hangup",
            r#"{"request":3}"#,
            Act::Hangup { target: HangupTarget::Request(RequestId(3)), invitation_id: None },
        ),
        ("setMicMute", r#"{"callId":"5","isMute":true}"#, Act::SetMicMute { call_id, is_mute: true }),
        ("openCamera", r#"{"callId":"5"}"#, Act::SetCamera { call_id, is_open: true }),
        ("closeCamera", r#"{"callId":"5"}"#, Act::SetCamera { call_id, is_open: false }),
    ];
    for (method, params, act) in acts {
        assert_eq!(read(method, params), Request::Act(act), "{method}");
    }
    let login = r#"{"sdkAppId":1400000001,"userId":"bob","userSig":"eJw","deviceId":"d-1","media":"none","later":1}"#;
    let wanted = Login {
        sdk_app_id: AppId(1_400_000_001),
        user_id: bob(),
        user_sig: "eJw".into(),
        device_id: "d-1".parse().expect("valid"),
        media: MediaMode::None,
    };
    assert_eq!(read("login", login), Request::Login(wanted));
    let resume = r#"{"sdkAppId":1,"sessionId":"8","resumeToken":"t","lastSeq":4}"#;
    let wanted =
        Resume { sdk_app_id: AppId(1), session_id: SessionId(8), resume_token: "t".into(), last_seq: EventSeq(4) };
    assert_eq!(read("resume", resume), Request::Resume(wanted));
    assert_eq!(read("ping", "{}"), Request::Ping);
    assert_eq!(read("mediaRestart", r#"{"callId":"5"}"#), Request::MediaRestart { call_id });
    let recent = |before, limit| Request::QueryRecentCalls { before, limit };
    assert_eq!(read("queryRecentCalls", "{}"), recent(None, 20));
    assert_eq!(read("queryRecentCalls", r#"{"before":"5","limit":100}"#), recent(Some(call_id), 100));
    let answer = Request::MediaAnswer { call_id, offer_id: 2, sdp: "v=0".into() };
    assert_eq!(read("mediaAnswer", r#"{"callId":"5","offerId":2,"sdp":"v=0"}"#), answer);
    let ack = request_frame(None, "ack", &serde_json::json!({ "seq": 6 }));
    assert_eq!(parse_request(&ack), Ok(Incoming::Ack(EventSeq(6))));
}
