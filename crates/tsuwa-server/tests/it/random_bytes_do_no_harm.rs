use crate::harness::{House, PATIENCE, open_socket, still_talks_and_ends, talk};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

/// Bytes without a pattern, the same in every run (xorshift64).
struct Noise(u64);

impl Noise {
    fn byte(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u8
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }
}

const FRAMES: &[&str] = &[
    r#"{"jsonrpc":"2.0","id":1,"method":"login","params":{"sdkAppId":1400000001,"userId":"x","userSig":"y"}}"#,
    r#"{"jsonrpc":"2.0","id":2,"method":"call","params":{"userId":"bob","type":1}}"#,
    r#"{"jsonrpc":"2.0","method":"ack","params":{"seq":18446744073709551615}}"#,
    r#"{"jsonrpc":"2.0","id":-1,"method":"ping"}"#,
    r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#,
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "\u{0}\u{7f}\u{ffff}",
    "",
];

#[tokio::test]
async fn random_bytes_do_no_harm() {
    let house = House::open().await;
    let talking = talk(&house, "alice", "bob").await;
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    // Where HTTP should be.
    for _ in 0..50 {
        let mut socket = TcpStream::connect(house.server.address()).await.expect("a connection");
        let bytes = noise.bytes(2000);
        // The server may have closed before all was sent.
        let _ = socket.write_all(&bytes).await;
        let _ = socket.shutdown().await;
        let mut rest = Vec::new();
        let _ = timeout(PATIENCE, socket.read_to_end(&mut rest)).await.expect("an end in time");
    }
    // Where JSON should be: garbled requests, of somebody and of nobody.
    for round in 0..40 {
        let mut socket = if round % 2 == 0 { house.device("mallory").await } else { house.socket().await };
        for frame in FRAMES {
            let mut bytes = frame.as_bytes().to_vec();
            for _ in 0..round % 5 {
                let at = noise.byte() as usize % bytes.len().max(1);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = noise.byte();
                }
            }
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if !socket.try_send(Message::text(text)).await {
                break;
            }
        }
    }
    // Where WebSocket frames should be.
    for _ in 0..20 {
        let mut socket = open_socket(&house.server.rpc_url()).await;
        let raw = socket.get_mut();
        let _ = raw.write_all(&noise.bytes(500)).await;
        let _ = raw.flush().await;
        let mut rest = vec![0; 4096];
        let _ = timeout(PATIENCE, raw.read(&mut rest)).await.expect("an end in time");
    }
    still_talks_and_ends(talking).await;
    assert_eq!(house.http("GET", "/healthz", &[], None).await.0, 200);
}
