use crate::harness::{House, now_s};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use std::io::Write;

/// A ticket as another generator writes it: other order, spaces, no compression to speak of.
fn ticket(secret: &str, app: u32, user: &str, now_s: u64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("TLS.identifier:{user}\nTLS.sdkappid:{app}\nTLS.time:{now_s}\nTLS.expire:86400\n").as_bytes());
    let sig = STANDARD.encode(mac.finalize().into_bytes());
    let json = format!(
        "{{ \"TLS.sig\" : \"{sig}\",\n  \"TLS.expire\": 86400, \"TLS.time\": {now_s}, \"TLS.sdkappid\": {app}, \
         \"TLS.identifier\": \"{user}\", \"TLS.ver\": \"2.0\" }}"
    );
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::none());
    zlib.write_all(json.as_bytes()).expect("memory");
    STANDARD.encode(zlib.finish().expect("memory")).replace('+', "*").replace('/', "-").replace('=', "_")
}

#[tokio::test]
async fn a_ticket_of_another_implementation_signs_in() {
    let house = House::open().await;
    let mut alice = house.socket().await;
    let mut login = house.login("alice", "phone");
    login["userSig"] = json!(ticket(house.config.apps[0].secret.expose(), house.app(), "alice", now_s()));
    alice.ask("login", login).await.expect("a sign-in");
}
