use crate::fake_server::{FakeServer, nothing_more};

#[tokio::test]
async fn hanging_up_when_idle_asks_and_tells_nothing() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    calling.hangup();
    nothing_more(&calling, &mut connection, &mut events).await;
}
