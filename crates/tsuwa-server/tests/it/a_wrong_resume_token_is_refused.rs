use crate::harness::House;
use serde_json::json;

#[tokio::test]
async fn a_wrong_resume_token_is_refused() {
    let house = House::open().await;
    let (mut alice, mallory) = (house.device("alice").await, house.device("mallory").await);
    let mut socket = house.socket().await;

    let mut theirs = house.resume_params(&alice);
    theirs["resumeToken"] = mallory.welcome["resumeToken"].clone();
    assert_eq!(socket.ask("resume", theirs).await, Err(70_009));
    let mut nonsense = house.resume_params(&alice);
    nonsense["resumeToken"] = json!("nonsense");
    assert_eq!(socket.ask("resume", nonsense).await, Err(70_009));
    alice.nothing_more().await;

    // A session that was left is gone, even with its own token.
    let logged_out = house.resume_params(&alice);
    alice.ask("logout", json!({})).await.expect("a logout");
    assert_eq!(alice.end().await, 1000);
    assert_eq!(socket.ask("resume", logged_out).await, Err(6014));
}
