//! HTTP with every header in the test's hands.

use crate::harness::{House, PATIENCE};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Sends a head (without the line at its end) and a body; gives the whole answer.
pub(crate) async fn raw(house: &House, head: &str, body: &str) -> String {
    let mut socket = TcpStream::connect(house.server.address()).await.expect("a connection");
    let text = format!("{head}Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    socket.write_all(text.as_bytes()).await.expect("a request sent");
    let mut answer = Vec::new();
    timeout(PATIENCE, socket.read_to_end(&mut answer)).await.expect("an answer in time").expect("an answer");
    String::from_utf8(answer).expect("text")
}
