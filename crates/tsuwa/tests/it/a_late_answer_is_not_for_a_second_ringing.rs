use crate::fake_server::{FakeServer, INVITATION, nothing_more, told};
use serde_json::json;
use tsuwa::CallStage;

const SECOND: u64 = 33;

/// The answers to what was said of the first ringing come behind the second: it rings on, and is answered by itself.
#[tokio::test]
async fn a_late_answer_is_not_for_a_second_ringing() {
    for (answer, code) in [("accept", 8010), ("reject", 8010), ("accept", 0), ("reject", 0)] {
        let server = FakeServer::start().await;
        let (calling, mut events, mut connection) = server.signed_in().await;
        connection.invite(1, "11").await;
        told(&mut events, &["onInvited"]).await;
        let answered = if answer == "accept" { calling.accept() } else { calling.reject() };
        let (id, params) = connection.expect(answer).await;
        assert_eq!(params, json!({ "callId": "11", "invitationId": INVITATION }));
        connection.event(2, "onCallingTimeOut", json!({ "callId": "11" })).await;
        connection.invite_again(3, "11", SECOND).await;
        match code {
            0 => connection.reply(&id, json!({ "callId": "11", "invitationId": INVITATION, "type": 1 })).await,
            code => connection.refuse(&id, code).await,
        }
        assert_eq!(answered.await.code, code);
        told(&mut events, &["onCallingTimeOut", "onInvited"]).await;
        assert_eq!(calling.current_call().map(|(_, stage)| stage), Some(CallStage::Ringing), "{answer} {code}");

        calling.hangup();
        let (_, params) = connection.expect("hangup").await;
        assert_eq!(params, json!({ "callId": "11", "invitationId": SECOND }));
    }
}

/// The session is a new one, and with the old one went the end of the first ringing.
#[tokio::test]
async fn an_earlier_ringing_is_over_when_it_rings_anew() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    connection.invite(1, "11").await;
    told(&mut events, &["onInvited"]).await;

    let call = json!({ "callId": "11", "invitationId": SECOND, "type": 1, "stage": "ringing", "users": [] });
    let mut connection = server.anew(connection, call).await;
    connection.invite_again(1, "11", SECOND).await;
    told(&mut events, &["onCallingCancel", "onInvited"]).await;
    nothing_more(&calling, &mut connection, &mut events).await;
    let accepted = calling.accept();
    let (id, params) = connection.expect("accept").await;
    assert_eq!(params["invitationId"], SECOND);
    connection.reply(&id, json!({ "callId": "11", "invitationId": SECOND, "type": 1 })).await;
    assert_eq!(accepted.await.code, 0);
}

/// The same ringing is told once.
#[tokio::test]
async fn one_that_rings_on_is_not_told_again() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    connection.invite(1, "11").await;
    told(&mut events, &["onInvited"]).await;

    let call = json!({ "callId": "11", "invitationId": INVITATION, "type": 1, "stage": "ringing", "users": [] });
    let mut connection = server.anew(connection, call).await;
    connection.invite(1, "11").await;
    nothing_more(&calling, &mut connection, &mut events).await;
}

/// It was declined when there was no connection; the new session tells of it before it has heard that.
#[tokio::test]
async fn what_was_declined_does_not_ring_again_at_a_new_sign_in() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    connection.invite(1, "11").await;
    told(&mut events, &["onInvited"]).await;
    // Said when nobody hears it.
    calling.hangup();
    let call = json!({ "callId": "11", "invitationId": INVITATION, "type": 1, "stage": "ringing", "users": [] });
    let mut connection = server.anew(connection, call).await;
    connection.invite(1, "11").await;
    let (id, params) = connection.expect("hangup").await;
    assert_eq!(params, json!({ "callId": "11", "invitationId": INVITATION }));
    connection.reply(&id, json!({})).await;
    nothing_more(&calling, &mut connection, &mut events).await;
    connection.invite_again(2, "11", SECOND).await;
    told(&mut events, &["onInvited"]).await;
}
