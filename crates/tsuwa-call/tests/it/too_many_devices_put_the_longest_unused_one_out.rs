//! Sixteen at most; never the one that is in a call.

use crate::town::Town;

#[test]
fn too_many_devices_put_the_longest_unused_one_out() {
    let mut town = Town::of(&["B1"]);
    let names: Vec<String> = (1..=17).map(|n| format!("A{n}")).collect();
    town.sign_in(&names[0]);
    let call = town.call("A1", "B", 1);
    for name in &names[1..] {
        town.sign_in(name);
    }
    town.sees("A2", &["onKickedOffline"]);
    town.sees("B1", &["onInvited A [] false 1"]);
    town.hangup("A1", call);
    town.sees("B1", &["onCallingCancel"]);
}
