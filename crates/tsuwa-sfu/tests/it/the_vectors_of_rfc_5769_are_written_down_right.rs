use crate::rfc5769::{
    LONG_TERM_KEY, PASSWORD, fingerprint, integrity, ipv4_response, ipv6_response, long_term_request, request,
};

#[test]
fn each_hash_in_them_is_the_one_that_we_compute() {
    for (message, length) in [(request(), 108), (ipv4_response(), 80), (ipv6_response(), 92)] {
        assert_eq!(message.len(), length);
        let at = length - 8 - 24;
        assert_eq!(message[at + 4..at + 24], integrity(&message, at, PASSWORD.as_bytes()));
        assert_eq!(message[length - 4..], fingerprint(&message));
    }
    let message = long_term_request();
    assert_eq!(message.len(), 116);
    assert_eq!(message[96..], integrity(&message, 92, &LONG_TERM_KEY));
}
