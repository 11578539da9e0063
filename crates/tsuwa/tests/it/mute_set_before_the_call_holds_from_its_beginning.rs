use crate::fake_server::FakeServer;
use serde_json::json;
use tsuwa::CallType;

#[tokio::test]
async fn muted_before_the_call_it_begins_muted_and_mute_ends_with_it() {
    let server = FakeServer::start().await;
    let (calling, _events, mut connection) = server.signed_in().await;
    calling.set_mic_mute(true);
    for (call, muted) in [("11", true), ("12", false)] {
        let answer = calling.call("bob", CallType::Audio);
        let (id, _) = connection.expect("call").await;
        connection.reply(&id, json!({ "callId": call, "type": 1 })).await;
        assert_eq!(answer.await.code, 0);
        if muted {
            let (id, params) = connection.expect("setMicMute").await;
            assert_eq!(params, json!({ "callId": call, "isMute": true }));
            connection.reply(&id, json!({})).await;
        }
        calling.hangup();
        let (id, _) = connection.expect("hangup").await;
        connection.reply(&id, json!({})).await;
    }
}
