//! Row 25: the policy is one device.

use crate::town::Town;
use tsuwa_call::{DevicePolicy, Policy};

#[test]
fn a_sign_in_elsewhere_puts_the_old_device_out() {
    let (mut town, _) = Town::talking_among(&["A1", "B1"]);
    town.policy(Policy { devices: DevicePolicy::One, ..Policy::default() });
    town.sign_in("B2");
    town.sees("B1", &["onKickedOffline", "onCallEnd signed_in_elsewhere"]);
    town.sees("A1", &["onUserLeave B 2", "onCallEnd"]);
    town.sees("B2", &[]);
    town.call("A1", "B", 1);
    town.sees("B2", &["onInvited A [] false 1"]);
    town.sign_in("B3");
    town.sees("B2", &["onKickedOffline"]);
    town.sees("B3", &["onInvited A [] false 1"]);
    town.sign_in("A2");
    town.sees("A1", &["onKickedOffline", "onCallEnd signed_in_elsewhere"]);
    town.sees("B3", &["onCallingCancel"]);
}
