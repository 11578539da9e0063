//! The ring timeout is the call's, or the app's policy's.

use crate::town::{Town, invite};
use tsuwa_call::Policy;
use tsuwa_proto::Invite;

#[test]
fn a_call_can_ring_for_its_own_time() {
    let mut town = Town::of(&["A1", "B1"]);
    town.call_with("A1", "B", Invite { timeout_s: Some(300), ..invite(1) });
    town.wait_ms(299_999);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.wait_ms(1);
    town.sees("B1", &["onCallingTimeOut"]);
    town.sees("A1", &["onNoResp B", "onCallEnd"]);
    town.policy(Policy { ring_timeout_s: 5, ..Policy::default() });
    town.call("A1", "B", 1);
    town.wait_ms(5_000);
    town.sees("B1", &["onInvited A [] false 1", "onCallingTimeOut"]);
    town.sees("A1", &["onNoResp B", "onCallEnd"]);
}
