//! 6014.

use crate::town::{Town, calls};
use tsuwa_proto::{Act, Code};

#[test]
fn somebody_not_signed_in_is_refused() {
    let mut town = Town::of(&["B1"]);
    town.refused("A1", calls("B", 1), Code::NotSignedIn);
    town.refused("A1", Act::Logout, Code::NotSignedIn);
}
