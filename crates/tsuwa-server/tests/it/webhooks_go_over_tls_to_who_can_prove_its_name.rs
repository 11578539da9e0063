use crate::harness::{Folder, House, PATIENCE};
use axum_server::tls_rustls::RustlsConfig;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use std::net::SocketAddr;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tsuwa_server::{WebhookConfig, WebhookSecret};

/// A receiver with a certificate of its own making, and what it gets.
async fn receiver(folder: &Folder) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let certificate = folder.file("receiver.pem", &cert.pem());
    let key = folder.file("receiver.key", &signing_key.serialize_pem());
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let tls = RustlsConfig::from_pem_file(certificate, key).await.expect("TLS");
    let (got_in, got) = mpsc::unbounded_channel();
    let take = move |body: String| async move {
        let _ = got_in.send(body);
    };
    let service = axum::Router::new().route("/hooks", axum::routing::post(take)).into_make_service();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket for tokio");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(axum_server::from_tcp_rustls(listener, tls).expect("a listener").serve(service));
    (address, got)
}

async fn house(folder: &Folder, host: &str, address: SocketAddr, known: bool) -> House {
    let webhooks = WebhookConfig {
        url: format!("https://{host}:{}/hooks", address.port()).parse().expect("a URL"),
        secret: WebhookSecret::random().expect("random numbers"),
        older_secrets: Vec::new(),
        authorities: known.then(|| folder.0.join("receiver.pem")),
    };
    House::open_with(|config| config.apps[0].webhooks = Some(webhooks)).await
}

#[tokio::test]
async fn webhooks_go_over_tls_to_who_can_prove_its_name() {
    let folder = Folder::new();
    let (address, mut got) = receiver(&folder).await;
    let house = house(&folder, "localhost", address, true).await;
    house.device("alice").await.call("bob").await;
    let first = timeout(PATIENCE, got.recv()).await.expect("a webhook in time").expect("a receiver");
    assert!(first.contains("call.started"), "{first}");
}

#[tokio::test]
async fn webhooks_do_not_go_to_who_can_not() {
    let folder = Folder::new();
    let (address, mut got) = receiver(&folder).await;
    // Of an unknown authority, and of another name.
    for (host, known) in [("localhost", false), ("127.0.0.1", true)] {
        let house = house(&folder, host, address, known).await;
        house.device("alice").await.call("bob").await;
        // One or more: it is tried again.
        let failed = format!("tsuwa_webhook_attempts_failed_total{{app=\"{}\"}} ", house.app());
        let has_failed = |page: &str| page.lines().any(|line| line.starts_with(&failed) && !line.ends_with(" 0"));
        let tried = async {
            while !has_failed(&house.http("GET", "/metrics", &[], None).await.1) {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, tried).await.expect("an attempt that fails");
        assert!(got.try_recv().is_err(), "nothing was said to it");
    }
}
