use crate::harness::House;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;

#[tokio::test]
async fn a_client_without_the_subprotocol_is_refused() {
    let house = House::open().await;
    let refused = connect_async(house.server.rpc_url()).await.expect_err("a refusal");
    let Error::Http(response) = refused else { panic!("{refused}") };
    assert_eq!(response.status(), 400);
    let body = String::from_utf8_lossy(response.body().as_deref().unwrap_or_default()).into_owned();
    assert!(body.contains("tsuwa.1"), "{body}");
}
