use crate::browser::{Browser, Devices, turn};
use crate::stage::Stage;
use serde_json::json;

#[test]
fn a_page_notices_a_dead_socket_in_time_and_comes_back_soon() {
    let _turn = turn();
    let stage = Stage::open();
    let tab = Browser::shared().tab(&format!("{}/", stage.url), Devices::Granted);
    tab.eval(include_str!("clock.js"));
    tab.eval(include_str!("times.js"));
    assert_eq!(tab.eval("tsuwaTimes()"), json!([]));
}
