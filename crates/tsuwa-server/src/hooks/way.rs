//! The way to a receiver: its address looked up, TCP, and TLS where it is spoken.

use crate::config::is_near;
use axum::http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioIo;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::error::Error;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;
use tower_service::Service;

/// A connection that is not there after so long won't be: TCP has asked three times by then (RFC 6298, 2.1: after 1, 3
/// and 7 s).
const CONNECT: Duration = Duration::from_secs(5);
/// So many names are looked up at once for an app. A name server that is silent holds each up for long, beyond the end of
/// the attempt that asked.
const LOOKUPS: usize = 16;

/// Makes connections. One that is not there in time is given up, TLS and all. An attempt's own end is not enough for that:
/// where another connection becomes free first, hyper lets the one that was begun go on by itself, and a receiver that never
/// answers to TLS would hold one socket after another.
#[derive(Clone)]
pub(super) struct Way {
    connector: HttpsConnector<HttpConnector<Lookup>>,
    within: Duration,
}

impl Way {
    /// # Errors
    /// What is wrong with the authorities' file, or with TLS on this machine.
    pub(super) fn new(secure: bool, authorities: Option<&Path>, within: Duration) -> Result<Self, String> {
        let mut http = HttpConnector::new_with_resolver(Lookup::new(!secure));
        http.set_connect_timeout(Some(CONNECT));
        http.set_nodelay(true);
        http.enforce_http(false);
        let https = HttpsConnectorBuilder::new().with_tls_config(tls(authorities)?);
        let https = if secure { https.https_only() } else { https.https_or_http() };
        Ok(Self { connector: https.enable_http1().wrap_connector(http), within })
    }
}

impl Service<Uri> for Way {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connected = timeout(self.within, self.connector.call(uri));
        Box::pin(async move { connected.await.unwrap_or_else(|late| Err(late.into())) })
    }
}

/// The authorities in a PEM file.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn read_authorities(path: &Path) -> Result<RootCertStore, String> {
    let shown = path.display();
    let found = CertificateDer::pem_file_iter(path).map_err(|e| format!("{shown} can't be read: {e}"))?;
    let mut roots = RootCertStore::empty();
    for certificate in found {
        let certificate = certificate.map_err(|e| format!("{shown} is no PEM file: {e}"))?;
        roots.add(certificate).map_err(|e| format!("{shown} holds a certificate that is none: {e}"))?;
    }
    if roots.is_empty() { Err(format!("{shown} holds no certificate")) } else { Ok(roots) }
}

fn tls(authorities: Option<&Path>) -> Result<ClientConfig, String> {
    let roots = match authorities {
        Some(path) => read_authorities(path)?,
        None => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|e| format!("TLS: {e}"))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Looks names up. Where `http` is spoken, only near addresses are given: a name that anybody else can point elsewhere
/// does not carry who calls whom over the public network in plain text.
#[derive(Clone, Debug)]
struct Lookup {
    near_only: bool,
    seats: Arc<Semaphore>,
}

impl Lookup {
    fn new(near_only: bool) -> Self {
        Self { near_only, seats: Arc::new(Semaphore::new(LOOKUPS)) }
    }
}

impl Service<Name> for Lookup {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (near_only, seats) = (self.near_only, Arc::clone(&self.seats));
        Box::pin(async move {
            // Nobody closes it.
            let seat = seats.acquire_owned().await.map_err(io::Error::other)?;
            // The port is put in by who asks.
            let look = move || (name.as_str(), 0).to_socket_addrs();
            let (tell, told) = oneshot::channel();
            // A thread of its own, for which nobody waits: at the server's end a name server may be silent for long.
            let thread = std::thread::Builder::new().name("tsuwa-lookup".to_owned());
            thread.spawn(move || {
                // Who asked may have given up.
                let _ = tell.send(look());
                drop(seat);
            })?;
            let found = told.await.map_err(io::Error::other)??;
            let found: Vec<SocketAddr> = found.filter(|at| !near_only || is_near(at.ip())).collect();
            if found.is_empty() {
                let why = "http is spoken on private networks only, and the name is of no address there";
                return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, why));
            }
            Ok(found.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::net::TcpListener;

    #[tokio::test]
    async fn a_connection_that_never_comes_to_be_is_given_up_whoever_waits_for_it() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("https://{}/", listener.local_addr().expect("its address"));
        // TCP, but not a word of TLS, until the client closes.
        let receiver = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept()?;
            socket.set_read_timeout(Some(Duration::from_secs(30)))?;
            let mut hello = Vec::new();
            socket.read_to_end(&mut hello)
        });
        let mut way = Way::new(true, None, Duration::from_millis(300)).expect("a way");
        assert!(way.call(url.parse().expect("a URL")).await.is_err());
        let heard = tokio::task::spawn_blocking(|| receiver.join().expect("no panic")).await.expect("no panic");
        assert!(heard.is_ok(), "the socket is closed: {heard:?}");
    }

    #[tokio::test]
    async fn a_name_is_followed_to_near_addresses_only_where_http_is_spoken() {
        // What a public name would lead to: a number is looked up without asking anybody.
        for (near_only, name, leads_on) in [
            (true, "localhost", true),
            (true, "10.0.0.1", true),
            (true, "203.0.113.7", false),
            (true, "2001:db8::1", false),
            // 203.0.113.7, as the system reads it too.
            (true, "3405803783", false),
            (false, "203.0.113.7", true),
        ] {
            let found = Lookup::new(near_only).call(name.parse().expect("a name")).await;
            assert_eq!(found.is_ok(), leads_on, "{name}");
        }
    }
}
