use crate::fake_server::FakeServer;
use serde_json::json;
use tsuwa::TrtcCalling;
use tsuwa::media::AudioSetup;

#[tokio::test]
async fn when_the_app_says_so() {
    let server = FakeServer::start().await;
    let calling = TrtcCalling::builder().server(server.url()).audio(AudioSetup::silent()).build().unwrap();
    let (calling, _events, _connection) = server.in_call(calling, "11").await;
    calling.network_changed();
    let mut connection = server.connection().await;
    connection.welcome("resume", json!(null)).await;
    assert_eq!(connection.expect("mediaRestart").await.1, json!({ "callId": "11" }));
}

#[tokio::test]
async fn but_not_when_only_the_socket_was_lost() {
    let server = FakeServer::start().await;
    let calling = TrtcCalling::builder().server(server.url()).audio(AudioSetup::silent()).build().unwrap();
    let (calling, _events, connection) = server.in_call(calling, "11").await;
    drop(connection);
    let mut connection = server.connection().await;
    connection.welcome("resume", json!(null)).await;
    calling.hangup();
    connection.expect("hangup").await;
}
