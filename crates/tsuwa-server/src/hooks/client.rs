//! One attempt to hand a webhook over.

use super::letter::Letter;
use crate::config::{WebhookConfig, WebhookSecret, is_near};
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Uri, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tower_service::Service;

/// A connection that is not there after so long won't be: TCP has asked three times by then (RFC 6298, 2.1: after 1, 3
/// and 7 s).
const CONNECT: Duration = Duration::from_secs(5);
/// A receiver has so long to take a webhook; the specification recommends 15 to 30 s.
const ATTEMPT: Duration = Duration::from_secs(15);
/// So much of an answer's body is read, and for so long, that its connection can be used again. What it says is of no
/// interest.
const ANSWER_BYTES: usize = 16 * 1024;
const ANSWER: Duration = Duration::from_millis(500);
/// An idle connection is kept for so long: less than servers commonly do (nginx: 75 s, Node: 5 s — that one is asked
/// again, since hyper repeats what was never begun).
const IDLE: Duration = Duration::from_secs(30);

/// Why an attempt failed: the receiver's fault, or the network's. To be tried again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Failure {
    /// Nobody could be reached; how the connection failed.
    Unreachable(String),
    /// No answer in time.
    TimedOut,
    /// An answer, but not 2xx. Redirects are not followed: a webhook goes where its owner said.
    Status(u16),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "the receiver can't be reached: {why}"),
            Self::TimedOut => write!(f, "no answer within {} s", ATTEMPT.as_secs()),
            Self::Status(status) => write!(f, "the receiver answered {status}"),
        }
    }
}

/// An app's way to its receiver.
#[derive(Clone)]
pub(super) struct Client {
    pool: Pool<HttpsConnector<HttpConnector<Lookup>>, Body>,
    uri: Uri,
    secret: WebhookSecret,
}

impl Client {
    /// At most `most` connections stay open between attempts.
    ///
    /// # Errors
    /// What is wrong with the authorities' file, or with TLS on this machine.
    pub(super) fn new(config: &WebhookConfig, most: usize) -> Result<Self, String> {
        let mut http = HttpConnector::new_with_resolver(Lookup { near_only: !config.url.is_secure() });
        http.set_connect_timeout(Some(CONNECT));
        http.set_nodelay(true);
        http.enforce_http(false);
        let tls = tls(config.authorities.as_deref())?;
        let https = HttpsConnectorBuilder::new().with_tls_config(tls);
        let https = if config.url.is_secure() { https.https_only() } else { https.https_or_http() };
        let pool = Pool::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(most)
            .build(https.enable_http1().wrap_connector(http));
        Ok(Self { pool, uri: config.url.uri().clone(), secret: config.secret.clone() })
    }

    /// Posts a webhook; `Ok`: the receiver has it.
    pub(super) async fn post(&self, letter: &Letter) -> Result<(), Failure> {
        // The wall's time, not our clock's, which goes on from what the wall said at the start: receivers refuse what
        // seems to be of another time.
        let at_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.uri.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, concat!("tsuwa/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", &letter.id)
            .header("webhook-timestamp", at_s)
            .header("webhook-signature", letter.signature(&self.secret, at_s))
            .body(Body::from(letter.body.clone()))
            .map_err(|e| Failure::Unreachable(e.to_string()))?;
        timeout(ATTEMPT, self.send(request)).await.unwrap_or(Err(Failure::TimedOut))
    }

    async fn send(&self, request: Request<Body>) -> Result<(), Failure> {
        let answer = self.pool.request(request).await.map_err(|e| Failure::Unreachable(causes(&e)))?;
        let status = answer.status();
        // A longer one ends the connection, and that is all.
        let _ = timeout(ANSWER, to_bytes(Body::new(answer.into_body()), ANSWER_BYTES)).await;
        if status.is_success() { Ok(()) } else { Err(Failure::Status(status.as_u16())) }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

/// An error with what is behind it; hyper's own words name neither the host nor the path.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
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
}

impl Service<Name> for Lookup {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let near_only = self.near_only;
        Box::pin(async move {
            // The port is put in by who asks.
            let look = move || (name.as_str(), 0).to_socket_addrs();
            let (tell, told) = oneshot::channel();
            // A thread of its own, for which nobody waits: at the server's end a name server may be silent for long.
            let thread = std::thread::Builder::new().name("tsuwa-lookup".to_owned());
            thread.spawn(move || {
                // Who asked may have given up.
                let _ = tell.send(look());
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

    #[tokio::test]
    async fn a_name_is_followed_to_near_addresses_only_where_http_is_spoken() {
        // What a public name would lead to: a number is looked up without asking anybody.
        for (near_only, name, leads_on) in [
            (true, "localhost", true),
            (true, "10.0.0.1", true),
            (true, "203.0.113.7", false),
            (true, "2001:db8::1", false),
            (false, "203.0.113.7", true),
        ] {
            let found = Lookup { near_only }.call(name.parse().expect("a name")).await;
            assert_eq!(found.is_ok(), leads_on, "{name}");
        }
    }
}
