use crate::fake_server::{FakeServer, nothing_more, told};
use serde_json::json;
use tsuwa::CallType;

#[tokio::test]
async fn a_call_that_the_server_no_longer_has_at_a_new_sign_in_is_over_and_told_once() {
    for server_tells in [false, true] {
        let server = FakeServer::start().await;
        let (calling, mut events, mut connection) = server.signed_in().await;
        let answer = calling.call("bob", CallType::Audio);
        let (id, _) = connection.expect("call").await;
        connection.reply(&id, json!({ "callId": "11", "type": 1 })).await;
        assert_eq!(answer.await.code, 0);
        drop(connection);

        let mut connection = server.connection().await;
        let (id, _) = connection.expect("resume").await;
        connection.refuse(&id, 6014).await;
        connection.welcome("login", json!(null)).await;
        if server_tells {
            connection.event(1, "onCallEnd", json!({ "callId": "11", "reason": "timed_out" })).await;
        }
        let end = async { told(&mut events, &["onCallEnd"]).await };
        let served = async {
            let (id, _) = connection.expect("accept").await;
            connection.refuse(&id, 8010).await;
        };
        // Whatever is asked for next lets the server answer what the SDK asks by itself.
        let asked = async {
            end.await;
            assert_eq!(calling.accept().await.code, -1203);
        };
        tokio::select! { () = asked => {}, () = served => unreachable!("nothing rings") }
        nothing_more(&calling, &mut connection, &mut events).await;
    }
}
