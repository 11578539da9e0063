//! Bad input gets a code and a sentence that names the parameter, never a panic.

use tsuwa_proto::{Code, Rejected, RequestId, parse_request};

fn rejected(text: &str) -> Rejected {
    parse_request(text).expect_err(text)
}

fn refused(method: &str, params: &str) -> (Code, String) {
    let text = format!(r#"{{"jsonrpc":"2.0","id":4,"method":"{method}","params":{params}}}"#);
    let rejected = rejected(&text);
    assert_eq!(rejected.id, Some(RequestId(4)));
    (rejected.refusal.code, rejected.refusal.desc)
}

#[test]
fn frames_that_are_no_requests() {
    for text in ["", "{", "nonsense", "\u{0}", "[[[[", &"[".repeat(100_000)] {
        assert_eq!(rejected(text).refusal.code, Code::NotJson);
    }
    for text in [
        "[]",
        "1",
        "null",
        r#"{"jsonrpc":"2.0"}"#,
        r#"{"id":1,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","method":7,"id":1}"#,
    ] {
        assert_eq!(rejected(text).refusal.code, Code::NotARequest, "{text}");
    }
    for id in ["0", "-1", "1.5", "\"1\"", "null", "9007199254740992", "{}"] {
        let text = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
        assert_eq!(rejected(&text), Rejected { id: None, refusal: rejected(&text).refusal });
        assert_eq!(rejected(&text).refusal.code, Code::NotARequest, "{id}");
    }
    // A request that needs an answer can't be a notification.
    assert_eq!(
        rejected(r#"{"jsonrpc":"2.0","method":"hangup","params":{"callId":"1"}}"#).refusal.code,
        Code::NotARequest
    );
}

#[test]
fn parameters_that_are_wrong() {
    let bad = Code::BadParameter;
    let table = [
        ("nothing", "{}", Code::NoSuchMethod, "method"),
        ("call", "[]", bad, "params"),
        ("call", "{}", bad, "userId"),
        ("call", r#"{"userId":7,"type":1}"#, bad, "userId"),
        ("call", r#"{"userId":"bob"}"#, bad, "type"),
        ("call", r#"{"userId":"bob","type":3}"#, bad, "type"),
        ("call", r#"{"userId":"bob","type":0}"#, bad, "type"),
        ("call", r#"{"userId":"bob","type":257}"#, bad, "type"),
        ("call", r#"{"userId":"bob","type":"1"}"#, bad, "type"),
        ("call", r#"{"userId":"bob","type":1,"timeout":0}"#, bad, "timeout"),
        ("call", r#"{"userId":"bob","type":1,"timeout":301}"#, bad, "timeout"),
        ("call", r#"{"userId":"bob","type":1,"userData":{}}"#, bad, "userData"),
        ("call", r#"{"userId":"","type":1}"#, Code::BadUserId, "empty"),
        ("call", r#"{"userId":"b b","type":1}"#, Code::BadUserId, "character"),
        ("groupCall", r#"{"userIds":"bob","type":1}"#, bad, "userIds"),
        ("groupCall", r#"{"userIds":["bob",1],"type":1}"#, bad, "userIds"),
        ("setMicMute", r#"{"callId":"1"}"#, bad, "isMute"),
        ("setMicMute", r#"{"callId":"1","isMute":"yes"}"#, bad, "isMute"),
        ("setMicMute", r#"{"isMute":true}"#, bad, "callId"),
        ("hangup", "{}", bad, "callId"),
        ("hangup", r#"{"callId":"c1"}"#, Code::InvitationOver, "over"),
        ("accept", r#"{"callId":1}"#, bad, "callId"),
        ("resume", r#"{"sdkAppId":1,"sessionId":"x","resumeToken":"t","lastSeq":0}"#, bad, "sessionId"),
        ("login", r#"{"sdkAppId":1,"userId":"bob","deviceId":"d"}"#, Code::SigEmpty, "empty"),
        ("login", r#"{"sdkAppId":1,"userId":"bob","userSig":"s"}"#, bad, "deviceId"),
        ("login", r#"{"sdkAppId":1,"userId":"bob","userSig":"s","deviceId":"d","media":"pigeon"}"#, bad, "media"),
        ("login", r#"{"sdkAppId":4294967296,"userId":"bob","userSig":"s","deviceId":"d"}"#, Code::AppUnknown, "app"),
        ("mediaAnswer", r#"{"callId":"1","offerId":-1,"sdp":""}"#, bad, "offerId"),
    ];
    for (method, params, code, named) in table {
        let (got, sentence) = refused(method, params);
        assert_eq!(got, code, "{method} {params}: {sentence}");
        assert!(sentence.contains(named), "{method} {params}: {sentence}");
    }
}

#[test]
fn sizes_are_bounded() {
    let long = "a".repeat(33);
    assert_eq!(refused("call", &format!(r#"{{"userId":"{long}","type":1}}"#)).0, Code::BadUserId);
    let data = "x".repeat(4097);
    assert_eq!(refused("call", &format!(r#"{{"userId":"b","type":1,"userData":"{data}"}}"#)).0, Code::BadParameter);
    let sdp = "v".repeat(48 * 1024 + 1);
    assert_eq!(refused("mediaAnswer", &format!(r#"{{"callId":"1","offerId":1,"sdp":"{sdp}"}}"#)).0, Code::BadParameter);
    let many = vec!["\"b\""; 65].join(",");
    assert_eq!(refused("groupCall", &format!(r#"{{"userIds":[{many}],"type":1}}"#)).0, Code::BadParameter);
    let sig = "s".repeat(4097);
    let login = format!(r#"{{"sdkAppId":1,"userId":"b","userSig":"{sig}","deviceId":"d"}}"#);
    assert_eq!(refused("login", &login).0, Code::SigUndecodable);
}
