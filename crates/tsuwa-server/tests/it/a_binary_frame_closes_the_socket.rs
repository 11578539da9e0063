use crate::harness::House;
use futures_util::SinkExt;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn a_binary_frame_closes_the_socket() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    alice.ws.send(Message::binary(vec![1, 2, 3])).await.expect("a frame sent");
    assert_eq!(alice.end().await, 1003);
}
