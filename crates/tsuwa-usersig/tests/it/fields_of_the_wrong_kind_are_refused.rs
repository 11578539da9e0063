use crate::support::*;
use tsuwa_usersig::VerifyError;

#[test]
fn numbers_that_are_none_are_refused() {
    let numbers =
        [("1400000000", APP.to_string()), ("1700000000", ISSUED_AT_S.to_string()), ("604800", LIFETIME_S.to_string())];
    for (field, value) in numbers {
        for other in [
            format!("-{value}"),
            format!("\"{value}\""),
            format!("{value}.0"),
            format!("{value}e0"),
            format!("0{value}"),
            format!("+{value}"),
            format!("[{value}]"),
            "-1".into(),
            "-0".into(),
            "null".into(),
            "true".into(),
            "NaN".into(),
            "18446744073709551616".into(),
            "1e400".into(),
        ] {
            assert_eq!(verify_alice(&altered(field, &other)), Err(VerifyError::Fields), "{field} as {other}");
        }
    }
    // An app id is 32 bits; a larger one must not wrap round to this app's.
    let wrapped = (u64::from(APP) + (1 << 32)).to_string();
    assert_eq!(verify_alice(&altered("1400000000", &wrapped)), Err(VerifyError::Fields));
}

#[test]
fn texts_that_are_none_are_refused() {
    let sig = format!("\"{}\"", good_sig());
    for field in ["\"alice\"", "\"2.0\"", &sig] {
        for other in ["null", "2.0", "[]", "{}", "[\"alice\"]", "'alice'", "\"\\ud800\"", "\"a\nb\""] {
            assert_eq!(verify_alice(&altered(field, other)), Err(VerifyError::Fields), "{field} as {other}");
        }
    }
    assert_eq!(verify_alice(&altered("{", r#"{"TLS.userbuf":null,"#)), Err(VerifyError::Fields));
    assert_eq!(verify_alice(&altered(&good_sig(), "not base64")), Err(VerifyError::Fields));
}

#[test]
fn a_field_that_is_there_twice_is_refused() {
    for twice in [
        r#"{"TLS.identifier":"bob","#,
        r#"{"TLS.identifier":"alice","#,
        r#"{"TLS.identif\u0069er":"bob","#,
        r#"{"TLS.expire":604800,"#,
        r#"{"TLS.sig":"","#,
        r#"{"TLS.userbuf":"AAAA","TLS.userbuf":"AAAA","#,
    ] {
        assert_eq!(verify_alice(&altered("{", twice)), Err(VerifyError::Fields), "{twice}");
    }
}

#[test]
fn a_field_that_is_missing_is_refused() {
    for field in ["ver", "identifier", "sdkappid", "time", "expire", "sig"] {
        assert_eq!(verify_alice(&altered(&format!("TLS.{field}"), "TLS.x")), Err(VerifyError::Fields), "{field}");
    }
}

#[test]
fn another_version_is_refused() {
    for version in ["1.0", "2", "2.0.0", " 2.0", ""] {
        assert_eq!(verify_alice(&altered("2.0", version)), Err(VerifyError::Version), "{version:?}");
    }
}

#[test]
fn what_is_not_an_object_is_refused() {
    let values = format!(r#"["2.0","alice",1400000000,1700000000,604800,null,"{}"]"#, good_sig());
    let deep = "[".repeat(4000);
    for text in ["", "null", "\"{}\"", "[]", "{", &values, &deep, "\u{feff}{}"] {
        assert_eq!(verify_alice(&pack(text)), Err(VerifyError::Fields), "{text}");
    }
    assert_eq!(verify_alice(&to_base64(&deflate(&[b'{', 0xff, b'}'], 6))), Err(VerifyError::Fields));
}
