use crate::fake_server::FakeServer;
use serde_json::Value;
use tsuwa::{CallType, TrtcCalling};

#[tokio::test]
async fn before_a_sign_in_nothing_works_and_during_one_there_is_no_second() {
    let server = FakeServer::start().await;
    let calling = TrtcCalling::builder().server(server.url()).without_media().build().unwrap();
    assert_eq!(calling.call("bob", CallType::Audio).await.code, 6014);
    assert_eq!(calling.accept().await.code, 6014);
    assert_eq!(calling.logout().await.code, 6014);
    let first = calling.login(1_400_000_001, "alice", "ticket");
    assert_eq!(calling.login(1_400_000_001, "alice", "ticket").await.code, 7501);
    let mut connection = server.connection().await;
    connection.welcome("login", Value::Null).await;
    assert_eq!(first.await.code, 0);
    assert_eq!(calling.login(1_400_000_001, "bob", "ticket").await.code, -1203);
}
