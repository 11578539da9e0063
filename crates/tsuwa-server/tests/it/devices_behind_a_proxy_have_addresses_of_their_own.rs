use crate::harness::House;
use serde_json::Value;

/// How many wrong credentials from this address are answered before they are slowed.
async fn attempts(house: &House, forwarded_for: &str) -> usize {
    let path = format!("/v1/apps/{}/calls", house.app());
    for count in 0.. {
        let (_, body) = house.http("GET", &path, &[("X-Forwarded-For", forwarded_for)], None).await;
        let body: Value = serde_json::from_str(&body).expect("JSON");
        if body["error"]["code"] == 70_050 {
            return count;
        }
    }
    unreachable!()
}

#[tokio::test]
async fn devices_behind_a_proxy_have_addresses_of_their_own() {
    let house = House::open_with(|config| {
        config.proxies = vec!["127.0.0.1".parse().expect("an address")];
        config.limits.failed_sign_ins_per_min = 3;
    })
    .await;
    assert_eq!(attempts(&house, "192.0.2.1").await, 3);
    assert_eq!(attempts(&house, "192.0.2.2").await, 3);
    // What the client itself wrote in front does not make it another.
    assert_eq!(attempts(&house, "192.0.2.77, 192.0.2.2").await, 0);

    // Nobody's word is taken who is no proxy of ours.
    let house = House::open_with(|config| config.limits.failed_sign_ins_per_min = 3).await;
    assert_eq!(attempts(&house, "192.0.2.1").await, 3);
    assert_eq!(attempts(&house, "192.0.2.2").await, 0);
}
