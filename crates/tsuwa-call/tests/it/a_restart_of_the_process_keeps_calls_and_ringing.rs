//! The state's part of row 28: ring timeouts count the time away, grace begins anew, rooms are made again.

use crate::town::Town;
use tsuwa_call::{Input, MediaCommand};

#[test]
fn a_restart_of_the_process_keeps_calls_and_ringing() {
    let (mut town, call) = Town::talking();
    town.call("C1", "D", 1);
    town.sees("D1", &["onInvited C [] false 1"]);
    let rooms = |town: &Town| town.media.iter().filter(|m| matches!(m, MediaCommand::Open { .. })).count();
    let before = rooms(&town);
    town.feed(Input::Started);
    assert_eq!(rooms(&town), before + 2);
    assert!(town.admitted("A1", call) && town.admitted("B1", call));
    for name in ["A1", "B1", "C1", "D1"] {
        town.socket(name, true);
    }
    town.sees("A1", &["quality B 6", "quality B 0"]);
    town.sees("B1", &["quality A 6", "quality A 0"]);
    town.wait_ms(30_000);
    town.sees("C1", &["onNoResp D", "onCallEnd"]);
    town.sees("D1", &["onCallingTimeOut"]);
    town.hangup("A1", call);
    town.sees("B1", &["onUserLeave A 0", "onCallEnd"]);
}
