use crate::support::*;
use tsuwa_usersig::VerifyError;

/// A ticket whose packed form needs all three of the letters that differ.
fn ticket() -> String {
    let spaced = |spaces: usize| pack(&json().replacen('{', &format!("{{{}", " ".repeat(spaces)), 1));
    let has_all = |ticket: &String| "*-_".chars().all(|c| ticket.contains(c));
    (0..200).map(spaced).find(has_all).expect("one of two hundred has them all")
}

#[test]
fn only_the_tickets_own_base64_is_taken() {
    let ticket = ticket();
    assert!(verify_alice(&ticket).is_ok());
    let standard = ticket.replace('*', "+").replace('-', "/").replace('_', "=");
    let url = ticket.replace('_', "").replace('-', "_").replace('*', "-");
    for other in [
        standard,
        url,
        ticket.replace('*', "+"),
        ticket.replace('_', "="),
        ticket.trim_end_matches('_').to_owned(),
        format!("{ticket}_"),
        format!("{ticket}\n"),
        format!(" {ticket}"),
        ticket.replacen(&ticket[..4], &format!("{}\r\n", &ticket[..4]), 1),
        ticket.replacen('*', "%2A", 1),
        ticket.replacen('*', "＊", 1),
    ] {
        assert_eq!(verify_alice(&other), Err(VerifyError::NotBase64), "{other}");
    }
}
