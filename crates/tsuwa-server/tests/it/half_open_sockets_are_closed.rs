use crate::harness::{House, PATIENCE, still_talks_and_ends, talk};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

#[tokio::test]
async fn half_open_sockets_are_closed() {
    let house = House::open_with(|config| config.limits.sign_in = Duration::from_secs(1)).await;
    let talking = talk(&house, "alice", "bob").await;
    let beginnings = ["", "GET /rpc HT", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "];
    let mut sockets = Vec::new();
    for n in 0..300 {
        let mut socket = TcpStream::connect(house.server.address()).await.expect("a connection");
        socket.write_all(beginnings[n % beginnings.len()].as_bytes()).await.expect("a beginning");
        sockets.push(socket);
    }
    for mut socket in sockets {
        let mut rest = Vec::new();
        // Whether it is closed or reset does not matter.
        let _ = timeout(PATIENCE, socket.read_to_end(&mut rest)).await.expect("an end in time");
    }
    // A WebSocket on which nobody signs in.
    let mut silent = house.socket().await;
    assert_eq!(silent.end().await, 1008);
    still_talks_and_ends(talking).await;
}
