use crate::fake_server::FakeServer;
use serde_json::Value;
use tsuwa::TrtcCalling;

#[tokio::test]
async fn the_shared_instance_is_one_until_it_is_destroyed_and_then_signs_out() {
    let server = FakeServer::start().await;
    TrtcCalling::shared_instance().set_server(&server.url()).unwrap();
    let answer = TrtcCalling::shared_instance().login(1_400_000_001, "alice", "ticket");
    let mut connection = server.connection().await;
    connection.welcome("login", Value::Null).await;
    assert_eq!(answer.await.code, 0);
    let first = TrtcCalling::shared_instance();
    assert_eq!(first.user_id().map(String::from).as_deref(), Some("alice"));

    TrtcCalling::destroy_shared_instance();
    let (id, _) = connection.expect("logout").await;
    connection.reply(&id, serde_json::json!({})).await;
    assert_eq!(TrtcCalling::shared_instance().user_id(), None, "it is another one");
    // The old one answers, however long its end takes.
    assert_eq!(first.accept().await.code, 6014);
    TrtcCalling::destroy_shared_instance();
}
