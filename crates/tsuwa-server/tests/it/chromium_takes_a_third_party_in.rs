use crate::chromium_desk::Desk;

#[tokio::test(flavor = "multi_thread")]
async fn on_the_connections_that_it_has() {
    let mut desk = Desk::open(false).await;
    desk.join("alice");
    desk.join("bob");
    let heard = |desk: &Desk, user: &str, others: usize| {
        let counts = desk.figures(user, "inbound-rtp audio", "packetsReceived");
        counts.into_iter().filter(|count| *count > 50).count() >= others
    };
    let two = desk.until(|desk| heard(desk, "alice", 1) && heard(desk, "bob", 1)).await;
    assert!(two, "{:#}", desk.report());
    desk.join("carol");
    let three = desk.until(|desk| ["alice", "bob", "carol"].iter().all(|user| heard(desk, user, 2))).await;
    assert!(three, "each hears two others: {:#}", desk.report());
    assert_eq!(desk.up, 3, "nobody needed another connection");
    let lost: u64 = desk.sum("", "inbound-rtp audio", "packetsLost");
    assert_eq!(lost, 0, "and nobody missed anything: {:#}", desk.report());
}
