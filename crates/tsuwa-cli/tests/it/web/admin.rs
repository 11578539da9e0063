//! The administrator's HTTP, with the credential that the server keeps in its data folder.

use crate::stage::Stage;
use std::io::{Read, Write};
use std::net::TcpStream;

/// A request below `/v1/apps/…/`; gives the answer's body.
pub(crate) fn admin(stage: &Stage, method: &str, path: &str, body: &str) -> String {
    let token = std::fs::read_to_string(stage.folder.join("data/apps/1400000001/admin-token")).unwrap();
    let host = stage.url.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(host).unwrap();
    let (token, length) = (token.trim(), body.len());
    write!(
        socket,
        "{method} /v1/apps/1400000001/{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 2"), "{method} {path}: {answer}");
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}
