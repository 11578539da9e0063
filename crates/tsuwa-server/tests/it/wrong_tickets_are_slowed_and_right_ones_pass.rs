use crate::harness::{House, still_talks_and_ends, talk};
use serde_json::json;

#[tokio::test]
async fn wrong_tickets_are_slowed_and_right_ones_pass() {
    let house = House::open_with(|config| config.limits.failed_sign_ins_per_min = 5).await;
    let talking = talk(&house, "alice", "bob").await;
    let mut wrong = house.login("mallory", "phone");
    wrong["userSig"] = json!("nonsense");
    let mut mallory = house.socket().await;
    for _ in 0..5 {
        assert_eq!(mallory.ask("login", wrong.clone()).await, Err(70_003));
    }
    assert_eq!(mallory.ask("login", wrong.clone()).await, Err(70_050));
    assert_eq!(mallory.end().await, 1008);
    let mut again = house.socket().await;
    assert_eq!(again.ask("login", wrong).await, Err(70_050));

    // From the same address, with a good ticket.
    house.device("carol").await.nothing_more().await;
    let mut socket = house.socket().await;
    socket.ask("login", house.login("dave", "phone")).await.expect("a sign-in");
    still_talks_and_ends(talking).await;
}
