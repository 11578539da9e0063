//! The caller's user data is carried with the invitation, to devices that come later too.

use crate::town::{Town, invite};
use tsuwa_call::Output;
use tsuwa_proto::{Event, Invite};

#[test]
fn what_the_callers_app_sends_along_arrives() {
    let mut town = Town::of(&["A1", "B1"]);
    let mut told = Vec::new();
    let invite = Invite { user_data: Some("{\"room\":7}".into()), ..invite(1) };
    town.call_with("A1", "B", invite);
    town.sign_in("B2");
    for output in town.outputs() {
        if let Output::Event { event: Event::OnInvited { user_data, .. }, .. } = output {
            told.push(user_data.clone());
        }
    }
    assert_eq!(told, [Some("{\"room\":7}".to_owned()), Some("{\"room\":7}".to_owned())]);
    town.forget_what_was_seen();
}
