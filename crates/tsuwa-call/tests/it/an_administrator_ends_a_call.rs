//! Row 29: for those who talk and those who ring.

use crate::town::Town;
use tsuwa_call::{AdminAct, Reply};

#[test]
fn an_administrator_ends_a_call() {
    let (mut town, call) = Town::talking();
    town.call("A1", "C", 1);
    town.sees("C1", &["onInvited A [] true 1"]);
    assert_eq!(town.administer(AdminAct::EndCall(call)), Ok(Reply::Done));
    town.sees("A1", &["onCallEnd ended_by_server"]);
    town.sees("B1", &["onCallEnd ended_by_server"]);
    town.sees("C1", &["onCallingCancel ended_by_server"]);
    assert!(town.administer(AdminAct::EndCall(call)).is_err());
}
