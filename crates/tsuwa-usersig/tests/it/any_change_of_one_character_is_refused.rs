use crate::support::*;

#[test]
fn any_change_of_one_character_is_refused() {
    let ticket = pack(&json());
    assert!(verify_alice(&ticket).is_ok());
    for at in 0..ticket.len() {
        for other in "Aa09*-_+/= \n".chars().filter(|c| *c != char::from(ticket.as_bytes()[at])) {
            let changed = format!("{}{other}{}", &ticket[..at], &ticket[at + 1..]);
            assert!(verify_alice(&changed).is_err(), "{at} {other:?}");
        }
    }
}
