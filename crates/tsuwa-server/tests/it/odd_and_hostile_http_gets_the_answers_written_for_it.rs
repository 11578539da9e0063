use crate::harness::{House, PATIENCE, still_talks_and_ends, talk};
use crate::torture::{name, set, text};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

#[tokio::test]
async fn and_a_call_goes_on_beside_it() {
    let house = House::open().await;
    let talking = talk(&house, "alice", "bob").await;
    let mut wrong = Vec::new();
    for message in set("http") {
        let request = text(&message["request"]).replace("1400000001", &house.app().to_string());
        let mut socket = TcpStream::connect(house.server.address()).await.expect("a connection");
        // The server may answer, and close, before all of it is sent.
        let _ = socket.write_all(request.as_bytes()).await;
        let answer = timeout(PATIENCE, answer(&mut socket)).await.expect("an answer in time");
        let status: Option<u64> = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        if status != message["status"].as_u64() {
            let head: String = answer.lines().take(1).collect();
            wrong.push(format!("{}: expected {}, got {head:?}", name(&message), message["status"]));
        }
        assert!(!answer.contains("root:"), "{}: a file of the system", name(&message));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(house.http("GET", "/healthz", &[], None).await.0, 200);
    still_talks_and_ends(talking).await;
}

/// The head and the body of what comes, or what there is when the socket ends.
async fn answer(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if length.is_some_and(|length| body.len() >= length) {
                return text;
            }
        }
        let mut some = [0; 4096];
        match socket.read(&mut some).await {
            Ok(count) if count > 0 => bytes.extend_from_slice(&some[..count]),
            Ok(_) | Err(_) => return text,
        }
    }
}
