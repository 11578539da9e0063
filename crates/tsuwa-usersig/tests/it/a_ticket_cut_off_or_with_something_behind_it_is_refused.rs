use crate::support::*;
use tsuwa_usersig::{VerifyError, sign};

#[test]
fn a_ticket_cut_off_is_refused() {
    let ticket = sign(&key(), &claims()).unwrap();
    for end in 1..ticket.len() {
        assert_eq!(verify_alice(&ticket[..end]).unwrap_err().code(), 70003, "{end}");
    }
    let packed = from_base64(&ticket);
    for end in 1..packed.len() {
        assert_eq!(verify_alice(&to_base64(&packed[..end])), Err(VerifyError::NotZlib), "{end}");
    }
}

#[test]
fn a_ticket_with_something_behind_it_is_refused() {
    let ticket = sign(&key(), &claims()).unwrap();
    let packed = from_base64(&ticket);
    for more in [&b"\0"[..], &packed, b"and more"] {
        assert_eq!(verify_alice(&to_base64(&[&packed, more].concat())), Err(VerifyError::TrailingBytes));
    }
    assert_eq!(verify_alice(&pack(&format!("{}{{}}", json()))), Err(VerifyError::Fields));
}

#[test]
fn a_stream_that_wants_a_dictionary_or_has_a_wrong_sum_is_refused() {
    let mut packed = deflate(json().as_bytes(), 6);
    *packed.last_mut().unwrap() ^= 1;
    assert_eq!(verify_alice(&to_base64(&packed)), Err(VerifyError::NotZlib));
    // CMF 0x78, FDICT set, FCHECK right (0x78bb % 31 == 0), a dictionary id.
    let mut packed = deflate(json().as_bytes(), 6);
    packed.splice(..2, [0x78, 0xbb, 1, 2, 3, 4]);
    assert_eq!(verify_alice(&to_base64(&packed)), Err(VerifyError::NotZlib));
}
