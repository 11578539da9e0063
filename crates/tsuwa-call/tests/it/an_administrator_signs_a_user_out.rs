//! As a sign-in elsewhere, with the server's reason.

use crate::town::{Town, calls, user};
use tsuwa_call::{AdminAct, Reply};
use tsuwa_proto::Code;

#[test]
fn an_administrator_signs_a_user_out() {
    let (mut town, _) = Town::talking();
    let sign_out = AdminAct::SignOut { user: user("B"), device: None };
    assert_eq!(town.administer(sign_out.clone()), Ok(Reply::Done));
    town.sees("B1", &["onKickedOffline", "onCallEnd ended_by_server"]);
    town.sees("A1", &["onUserLeave B 2", "onCallEnd"]);
    town.refused("B1", calls("A", 1), Code::NotSignedIn);
    assert_eq!(town.administer(sign_out).expect_err("not signed in").code, Code::NotSignedIn);
}
