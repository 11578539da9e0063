//! One WebSocket connection: text frames in and out, with nothing of the protocol in it.

use crate::server_url::ServerUrl;
use futures_util::{SinkExt, StreamExt};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use std::net::IpAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::ClientRequestBuilder;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream};
use tsuwa_proto::SUBPROTOCOL;

/// Frames waiting to be written. The session sends a handful at a time; more means that the socket is stuck.
const WAITING: usize = 256;
/// The largest frame that a server sends: an offer for nine people's video is the largest by far.
const LARGEST: usize = 256 * 1024;

/// What became of a socket.
pub(crate) enum SocketNews {
    /// It is open, from this address of the machine.
    Opened(Option<IpAddr>),
    /// A text frame.
    Text(String),
    /// Something else came: the server is there.
    Alive,
    /// It is closed, or could not be opened. The last news.
    Closed(String),
}

/// A socket and its task; dropping it closes the connection.
pub(crate) struct Socket {
    outgoing: mpsc::Sender<String>,
    news: mpsc::Receiver<SocketNews>,
    task: JoinHandle<()>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Socket {
    /// Begin to connect.
    pub(crate) fn connect(url: ServerUrl, tls: Arc<ClientConfig>) -> Self {
        let (outgoing, frames) = mpsc::channel(WAITING);
        let (tell, news) = mpsc::channel(WAITING);
        let task = tokio::spawn(async move {
            let why = match open(&url, tls).await {
                Ok(stream) => {
                    if tell.send(SocketNews::Opened(address_here(&stream))).await.is_err() {
                        return;
                    }
                    pump(stream, frames, &tell).await
                }
                Err(error) => error.to_string(),
            };
            // Nobody listens any more when the socket was dropped.
            let _ = tell.send(SocketNews::Closed(why)).await;
        });
        Self { outgoing, news, task }
    }

    /// Send a frame. `false`: the socket is stuck or closed.
    pub(crate) fn send(&self, text: String) -> bool {
        self.outgoing.try_send(text).is_ok()
    }

    /// The next news; pends for good after the last.
    pub(crate) async fn news(&mut self) -> SocketNews {
        match self.news.recv().await {
            Some(news) => news,
            None => std::future::pending().await,
        }
    }

    /// Close in order: what was sent before is written first.
    pub(crate) async fn close(mut self) {
        let (unused, _) = mpsc::channel(1);
        drop(std::mem::replace(&mut self.outgoing, unused));
        while self.news.recv().await.is_some() {}
    }
}

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn open(url: &ServerUrl, tls: Arc<ClientConfig>) -> Result<Stream, tungstenite::Error> {
    let request = ClientRequestBuilder::new(url.uri().clone()).with_sub_protocol(SUBPROTOCOL);
    let config = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
    let connector = Connector::Rustls(tls);
    // Frames are small and each is somebody's word: none waits for the next (no Nagle).
    let no_delay = true;
    let (stream, _) =
        tokio_tungstenite::connect_async_tls_with_config(request, Some(config), no_delay, Some(connector)).await?;
    Ok(stream)
}

/// The machine's address that the connection goes from.
fn address_here(stream: &Stream) -> Option<IpAddr> {
    let tcp = match stream.get_ref() {
        MaybeTlsStream::Plain(tcp) => tcp,
        MaybeTlsStream::Rustls(tls) => tls.get_ref().0,
        _ => return None,
    };
    tcp.local_addr().ok().map(|here| here.ip())
}

/// Carries frames until one side closes; says why.
async fn pump(mut stream: Stream, mut frames: mpsc::Receiver<String>, tell: &mpsc::Sender<SocketNews>) -> String {
    loop {
        tokio::select! {
            frame = frames.recv() => match frame {
                Some(text) => {
                    if let Err(error) = stream.send(Message::text(text)).await {
                        return error.to_string();
                    }
                }
                None => {
                    // Best effort: the server notices in any case.
                    let _ = stream.close(None).await;
                    return "closed here".to_owned();
                }
            },
            message = stream.next() => {
                let news = match message {
                    Some(Ok(Message::Text(text))) => SocketNews::Text(text.as_str().to_owned()),
                    Some(Ok(Message::Close(_))) | None => return "closed by the server".to_owned(),
                    Some(Ok(_)) => SocketNews::Alive,
                    Some(Err(error)) => return error.to_string(),
                };
                // The pong to a ping was queued by the read; it goes out now and not with the next frame.
                if let Err(error) = stream.flush().await {
                    return error.to_string();
                }
                if tell.send(news).await.is_err() {
                    return "dropped here".to_owned();
                }
            }
        }
    }
}

/// TLS with the web's roots, and those that the app adds.
pub(crate) fn tls(trusted: &[CertificateDer<'static>]) -> Result<Arc<ClientConfig>, rustls::Error> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in trusted {
        roots.add(certificate.clone())?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
