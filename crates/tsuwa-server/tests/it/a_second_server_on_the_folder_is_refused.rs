use crate::harness::House;
use tsuwa_server::{Server, StartError};

#[tokio::test]
async fn as_long_as_the_first_one_runs() {
    let house = House::open().await;
    let refusal = Server::start(house.config.clone()).await.expect_err("a second server");
    assert!(matches!(refusal, StartError::Config(_)), "{refusal}");
    let folder = house.config.data.path().display().to_string();
    let said = refusal.to_string();
    assert!(said.contains("another server runs") && said.contains(&folder), "{said}");
    let mut alice = house.device("alice").await;
    alice.call("bob").await;
    house.restart().await;
}
