//! `Debug` is what reaches a log: of an id the beginning, of a ticket or a token nothing.

use tsuwa_proto::{Incoming, Request, parse_request};

#[test]
fn secrets_and_ids_are_not_logged_whole() {
    let login = r#"{"jsonrpc":"2.0","id":1,"method":"login","params":{"sdkAppId":1,"userId":"bartholomew","userSig":"SECRET","deviceId":"device-1"}}"#;
    let resume = r#"{"jsonrpc":"2.0","id":1,"method":"resume","params":{"sdkAppId":1,"sessionId":"1","resumeToken":"SECRET","lastSeq":0}}"#;
    for text in [login, resume] {
        let read = parse_request(text).expect("a request");
        assert!(matches!(read, Incoming::Request(_, Request::Login(_) | Request::Resume(_))));
        let logged = format!("{read:?}");
        assert!(!logged.contains("SECRET") && !logged.contains("bartholomew"), "{logged}");
    }
}
