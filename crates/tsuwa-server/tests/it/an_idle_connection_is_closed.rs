use crate::harness::{House, PATIENCE};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let house = House::open_with(|config| config.limits.sign_in = Duration::from_secs(1)).await;
    let mut socket = TcpStream::connect(house.server.address()).await.expect("a connection");
    socket.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("a request sent");
    let mut answer = Vec::new();
    // The answer, and then the end, since nothing more is asked.
    timeout(PATIENCE, socket.read_to_end(&mut answer)).await.expect("an end in time").expect("an answer");
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
}
