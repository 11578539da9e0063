use crate::harness::House;
use serde_json::json;
use tsuwa_exchange::{Exchange, Input, Log};
use tsuwa_proto::Millis;
use tsuwa_server::store::{Keeper, LogSync, Store};

/// A log whose last moment is half an hour ahead of the machine's clock: that was set back while no server ran.
#[tokio::test]
async fn and_a_ringing_ends_in_its_time() {
    let house = House::open_with(|config| {
        let app = config.apps[0].id;
        let keeper = Keeper::start().expect("a thread");
        let path = config.data.calls_path(app);
        let mut store = Store::open(&path, app, LogSync::Second, &keeper).expect("a log");
        let mut exchange = Exchange::new(app, store.reign().expect("a reign"));
        let ahead = Millis((crate::harness::now_s() + 1_800) * 1000);
        store.append(&[exchange.propose(ahead, Input::Started)]).expect("appended");
    })
    .await;
    let mut alice = house.device("alice").await;
    let params = json!({ "userId": "bob", "type": 1, "timeout": 1 });
    let call = alice.ask("call", params).await.expect("a call");
    assert_eq!(alice.event("onNoResp").await["callId"], call["callId"]);
}
