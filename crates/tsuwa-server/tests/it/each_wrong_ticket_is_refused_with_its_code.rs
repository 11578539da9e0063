use crate::harness::{House, now_s};
use serde_json::{Value, json};

#[tokio::test]
async fn each_wrong_ticket_is_refused_with_its_code() {
    let house = House::open().await;
    let (app, now) = (house.app(), now_s());
    let other = house.ticket_for("alice", app + 1, now, 3600);
    let mut altered = house.ticket("alice");
    let last = altered.pop().expect("a character");
    let cut = altered.clone();
    altered.push(last);
    let forged = {
        let key = tsuwa_usersig::Key::new("a secret that is not this app's, though long").expect("a key");
        let claims = tsuwa_usersig::Claims { app, user: "alice".into(), issued_at_s: now, lifetime_s: 3600 };
        tsuwa_usersig::sign(&key, &claims).expect("a ticket")
    };
    let wrong: &[(&str, Value, i64)] = &[
        ("empty", json!({ "userSig": "" }), 70_002),
        ("absent", json!({ "userSig": null }), 70_002),
        ("nonsense", json!({ "userSig": "nonsense" }), 70_003),
        ("cut off", json!({ "userSig": cut }), 70_003),
        ("endless", json!({ "userSig": "A".repeat(60_000) }), 70_003),
        ("forged", json!({ "userSig": forged }), 70_009),
        ("another user's", json!({ "userSig": house.ticket("bob") }), 70_013),
        ("another app's", json!({ "userSig": other }), 70_014),
        ("expired", json!({ "userSig": house.ticket_for("alice", app, now - 100, 50) }), 70_001),
        ("from the future", json!({ "userSig": house.ticket_for("alice", app, now + 10_000, 50) }), 70_001),
        ("unknown app", json!({ "sdkAppId": app + 1, "userSig": other }), 70_020),
        ("no app at all", json!({ "sdkAppId": 5_000_000_000_u64 }), 70_020),
        ("bad user", json!({ "userId": "no spaces" }), 7_003),
        ("no device", json!({ "deviceId": "" }), -1_202),
        ("bad media", json!({ "media": "smoke signals" }), -1_202),
    ];
    let mut socket = house.socket().await;
    for (name, change, code) in wrong {
        let mut login = house.login("alice", "phone");
        for (field, value) in change.as_object().expect("an object") {
            login[field] = value.clone();
        }
        assert_eq!(socket.ask("login", login).await, Err(*code), "{name}");
    }
    // And the right one, on the same socket.
    socket.ask("login", house.login("alice", "phone")).await.expect("a sign-in");
}
