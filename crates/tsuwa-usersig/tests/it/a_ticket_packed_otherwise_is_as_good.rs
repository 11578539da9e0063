use crate::support::*;

#[test]
fn every_zlib_level_is_taken() {
    for level in 0..=9 {
        let ticket = to_base64(&deflate(json().as_bytes(), level));
        assert!(verify_alice(&ticket).is_ok(), "level {level}");
    }
}

#[test]
fn other_spaces_orders_and_escapes_are_taken() {
    let sig = good_sig().replace('/', "\\/");
    let text = format!(
        "\n{{ \"TLS.sig\" : \"{sig}\",\r\n\t\"TLS.expire\": 604800, \"TLS.time\": 1700000000,
        \"TLS.sdkappid\": 1400000000, \"TLS.identifier\": \"\\u0061lice\", \"TLS.ver\": \"2.0\" }}\n"
    );
    assert!(verify_alice(&pack(&text)).is_ok());
}

#[test]
fn a_field_that_nobody_knows_is_passed_over() {
    assert!(verify_alice(&altered("{", r#"{"TLS.later":[{"a":null}],"#)).is_ok());
}
