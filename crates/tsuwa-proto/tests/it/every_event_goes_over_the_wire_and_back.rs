//! Events and signals keep their meaning over the wire, under the API's own names.

use tsuwa_proto::{
    CallId, CallType, CancelReason, Code, EndReason, Event, EventSeq, FromServer, InvitationId, LeaveReason, Quality,
    Refusal, RequestId, Signal, Stream, StreamKind, UserId, event_frame, parse_server, reply_frame, signal_frame,
};

fn bob() -> UserId {
    "bob".parse().expect("a valid id")
}

#[test]
fn every_event_goes_over_the_wire_and_back() {
    let (call_id, user_id) = (CallId(12), bob());
    let user = || user_id.clone();
    let invited = Event::OnInvited {
        call_id,
        invitation_id: InvitationId(14),
        sponsor: user(),
        user_ids: vec![user()],
        is_from_group: true,
        kind: CallType::Video,
        rings_for_ms: 29_000,
        user_data: Some("x".into()),
    };
    let events = [
        ("onInvited", invited),
        ("onError", Event::OnError { code: Code::MediaFailed, msg: "m".into(), call_id: Some(call_id) }),
        ("onReject", Event::OnReject { call_id, user_id: user() }),
        ("onNoResp", Event::OnNoResp { call_id, user_id: user() }),
        ("onLineBusy", Event::OnLineBusy { call_id, user_id: user() }),
        ("onCallingCancel", Event::OnCallingCancel { call_id, reason: Some(CancelReason::AnsweredElsewhere) }),
        ("onCallingTimeOut", Event::OnCallingTimeOut { call_id }),
        ("onUserEnter", Event::OnUserEnter { call_id, user_id: user() }),
        ("onUserLeave", Event::OnUserLeave { call_id, user_id: user(), reason: LeaveReason::TimedOut }),
        ("onUserAudioAvailable", Event::OnUserAudioAvailable { call_id, user_id: user(), available: true }),
        ("onUserVideoAvailable", Event::OnUserVideoAvailable { call_id, user_id: user(), available: false }),
        ("onCallEnd", Event::OnCallEnd { call_id, reason: Some(EndReason::TimedOut) }),
        ("onNetworkQuality", Event::OnNetworkQuality { call_id, user_id: user(), quality: Quality::Down }),
        ("onKickedOffline", Event::OnKickedOffline {}),
        ("onUserSigExpired", Event::OnUserSigExpired {}),
    ];
    for (name, event) in events {
        let frame = event_frame(EventSeq(9), &event);
        let json: serde_json::Value = serde_json::from_str(&frame).expect("json");
        assert_eq!((&json["method"], &json["params"]["seq"]), (&name.into(), &9.into()));
        assert!(json.get("id").is_none() && json["jsonrpc"] == "2.0");
        assert_eq!(parse_server(&frame), Ok(FromServer::Event(EventSeq(9), event)));
    }
}

#[test]
fn every_signal_goes_over_the_wire_and_back() {
    let streams = vec![Stream { mid: "1".into(), kind: StreamKind::Audio, user_id: Some(bob()) }];
    let offer = Signal::MediaOffer { call_id: CallId(1), offer_id: 2, fresh: true, sdp: "v=0\r\n".into(), streams };
    let quality = Signal::OnNetworkQuality { call_id: CallId(1), user_id: bob(), quality: Quality::Good };
    for signal in [offer, quality] {
        assert_eq!(parse_server(&signal_frame(&signal)), Ok(FromServer::Signal(signal)));
    }
}

#[test]
fn replies_go_over_the_wire_and_back() {
    for outcome in [Ok(serde_json::json!({ "callId": "7" })), Err(Refusal::from(Code::InvitationOver))] {
        for id in [Some(RequestId(3)), None] {
            assert_eq!(parse_server(&reply_frame(id, &outcome)), Ok(FromServer::Reply(id, outcome.clone())));
        }
    }
}
