use crate::harness::House;

#[tokio::test]
async fn metrics_are_for_this_machine() {
    let house = House::open().await;
    assert_eq!(house.http("GET", "/metrics", &[], None).await.0, 200);
    // What a proxy on this machine brings comes from elsewhere.
    let proxied = [("X-Forwarded-For", "203.0.113.7")];
    assert_eq!(house.http("GET", "/metrics", &proxied, None).await.0, 403);

    let open = House::open_with(|config| config.metrics_for_all = true).await;
    assert_eq!(open.http("GET", "/metrics", &proxied, None).await.0, 200);
}
