use crate::fake_server::{FakeServer, nothing_more};

#[tokio::test]
async fn accept_and_reject_with_nothing_ringing_are_refused_without_asking_the_server() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    assert_eq!(calling.accept().await.code, -1203);
    assert_eq!(calling.reject().await.code, -1203);
    nothing_more(&calling, &mut connection, &mut events).await;
}
