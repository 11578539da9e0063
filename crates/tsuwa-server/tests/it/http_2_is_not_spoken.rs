use crate::harness::{House, PATIENCE};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

#[tokio::test]
async fn http_2_is_not_spoken() {
    let house = House::open().await;
    let mut socket = TcpStream::connect(house.server.address()).await.expect("a connection");
    // The preface and an empty SETTINGS frame (RFC 9113, 3.4).
    socket.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.expect("a beginning");
    let mut answer = Vec::new();
    // Whether it is closed or reset does not matter.
    let _ = timeout(PATIENCE, socket.read_to_end(&mut answer)).await.expect("an end in time");
    assert!(answer.is_empty(), "{} bytes", answer.len());
}
