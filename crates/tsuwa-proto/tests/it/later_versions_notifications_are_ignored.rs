//! What a later server says is no error for an older client; a numbered one counts as seen.

use tsuwa_proto::{EventSeq, FromServer, parse_server};

#[test]
fn later_versions_notifications_are_ignored() {
    let numbered = r#"{"jsonrpc":"2.0","method":"onSomethingNew","params":{"seq":4,"x":1}}"#;
    assert_eq!(parse_server(numbered), Ok(FromServer::Unknown(Some(EventSeq(4)))));
    let signal = r#"{"jsonrpc":"2.0","method":"somethingNew","params":{}}"#;
    assert_eq!(parse_server(signal), Ok(FromServer::Unknown(None)));
    assert!(parse_server("{}").is_err());
    assert!(parse_server("x").is_err());
}
