use crate::harness::House;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn a_binary_frame_closes_the_socket() {
    let house = House::open().await;
    let mut alice = house.device("alice").await;
    assert!(alice.try_send(Message::binary(vec![1, 2, 3])).await);
    assert_eq!(alice.end().await, 1003);
}
