use crate::harness::{Device, Folder, House};
use std::sync::Arc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{Connector, connect_async_tls_with_config};
use tsuwa_server::TlsFiles;

#[tokio::test]
async fn tls_is_spoken_with_the_given_certificate() {
    let folder = Folder::new();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let certificate = folder.file("certificate.pem", &made.cert.pem());
    let key = folder.file("key.pem", &made.signing_key.serialize_pem());
    let house = House::open_with(|config| config.tls = Some(TlsFiles { certificate, key })).await;

    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).expect("a root");
    let trust = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let url = format!("wss://localhost:{}/rpc", house.server.address().port());
    let mut request = url.into_client_request().expect("a request");
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("tsuwa.1"));
    let connector = Connector::Rustls(Arc::new(trust));
    let connected = connect_async_tls_with_config(request, None, true, Some(connector)).await;
    let (ws, _) = connected.expect("a WebSocket over TLS");
    let mut alice = Device::over(ws);
    alice.ask("login", house.login("alice", "phone")).await.expect("a sign-in");
}
