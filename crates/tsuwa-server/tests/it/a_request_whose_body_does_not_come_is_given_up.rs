use crate::harness::{House, PATIENCE};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

#[tokio::test]
async fn a_request_whose_body_does_not_come_is_given_up() {
    let house = House::open_with(|config| config.limits.sign_in = Duration::from_secs(1)).await;
    let bearer = format!("Authorization: Bearer {}", house.config.apps[0].admin_token.expose());
    let policy = format!("PUT /v1/apps/{}/policy", house.app());
    for (line, header, body) in [
        ("POST /ticket", "Content-Length: 50", "{"),
        ("POST /ticket", "Transfer-Encoding: chunked", "1\r\n"),
        (&policy, &format!("{bearer}\r\nContent-Length: 50"), "{"),
    ] {
        let mut socket = TcpStream::connect(house.server.address()).await.expect("a connection");
        let head = format!("{line} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{header}\r\n\r\n");
        socket.write_all(format!("{head}{body}").as_bytes()).await.expect("a beginning");
        let mut answer = Vec::new();
        timeout(PATIENCE, socket.read_to_end(&mut answer)).await.expect("an end in time").expect("an answer");
        assert!(answer.starts_with(b"HTTP/1.1 408"), "{line}: {}", String::from_utf8_lossy(&answer));
    }
}
