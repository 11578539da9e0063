//! One attempt to hand a webhook over.

use super::letter::Letter;
use super::retry_after;
use super::way::Way;
use crate::config::{WebhookConfig, WebhookSecret};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, Uri, header};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::error::Error;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::timeout;

/// A receiver has so long to take a webhook; the specification recommends 15 to 30 s.
const ATTEMPT: Duration = Duration::from_secs(15);
/// So much of an answer's body is read, and for so long, that its connection can be used again. What it says is of no
/// interest.
const ANSWER_BYTES: usize = 16 * 1024;
const ANSWER: Duration = Duration::from_millis(500);
/// The head of an answer may be so large: what servers commonly send is a few hundred bytes.
const HEAD_BYTES: usize = 64 * 1024;
/// So much is told of why an attempt failed: a certificate may have a thousand names.
const REASON_CHARS: usize = 300;
/// An idle connection is kept for so long: less than servers commonly do (nginx: 75 s, Node: 5 s — that one is asked
/// again, since hyper repeats what was never begun).
const IDLE: Duration = Duration::from_secs(30);

/// Why an attempt failed: the receiver's fault, or the network's. To be tried again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Failure {
    /// Nobody could be reached; how the connection failed.
    Unreachable(String),
    /// Somebody was reached, and no answer came that is one.
    NoAnswer(String),
    /// No answer in time.
    TimedOut,
    /// An answer, but not 2xx. Redirects are not followed: a webhook goes where its owner said.
    Status {
        status: u16,
        /// For so long the receiver wants nothing, as it says.
        pause: Option<Duration>,
    },
}

impl Failure {
    /// For how long the receiver wants to be left alone, if it says so.
    pub(super) fn pause(&self) -> Option<Duration> {
        match self {
            Self::Status { pause, .. } => *pause,
            Self::Unreachable(_) | Self::NoAnswer(_) | Self::TimedOut => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "the receiver can't be reached: {why}"),
            Self::NoAnswer(why) => write!(f, "the receiver gave no answer: {why}"),
            Self::TimedOut => write!(f, "no answer within {} s", ATTEMPT.as_secs()),
            Self::Status { status, .. } => write!(f, "the receiver answered {status}"),
        }
    }
}

/// An app's way to its receiver.
#[derive(Clone)]
pub(super) struct Client {
    pool: Pool<Way, Body>,
    uri: Uri,
    /// The newest first.
    secrets: Vec<WebhookSecret>,
    attempt: Duration,
}

impl Client {
    /// At most `most` connections stay open between attempts.
    ///
    /// # Errors
    /// What is wrong with the authorities' file, or with TLS on this machine.
    pub(super) fn new(config: &WebhookConfig, most: usize) -> Result<Self, String> {
        let way = Way::new(config.url.is_secure(), config.authorities.as_deref(), ATTEMPT)?;
        let pool = Pool::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(most)
            .http1_max_buf_size(HEAD_BYTES)
            .build(way);
        let secrets = std::iter::once(&config.secret).chain(&config.older_secrets).cloned().collect();
        Ok(Self { pool, uri: config.url.uri().clone(), secrets, attempt: ATTEMPT })
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
            .header("webhook-signature", letter.signatures(&self.secrets, at_s))
            .body(Body::from(letter.body.clone()))
            .map_err(|e| Failure::Unreachable(e.to_string()))?;
        timeout(self.attempt, self.send(request, at_s)).await.unwrap_or(Err(Failure::TimedOut))
    }

    async fn send(&self, request: Request<Body>, at_s: u64) -> Result<(), Failure> {
        let answer = self.pool.request(request).await.map_err(|error| {
            let why = causes(&error);
            if error.is_connect() { Failure::Unreachable(why) } else { Failure::NoAnswer(why) }
        })?;
        let status = answer.status();
        let pause = pause(status, answer.headers(), at_s);
        // A longer one ends the connection, and that is all.
        let _ = timeout(ANSWER, to_bytes(Body::new(answer.into_body()), ANSWER_BYTES)).await;
        if status.is_success() { Ok(()) } else { Err(Failure::Status { status: status.as_u16(), pause }) }
    }
}

/// What an answer says of when to come back, if it is one that says so of the whole receiver.
fn pause(status: StatusCode, headers: &HeaderMap, now_s: u64) -> Option<Duration> {
    if status != StatusCode::TOO_MANY_REQUESTS && status != StatusCode::SERVICE_UNAVAILABLE {
        return None;
    }
    retry_after::read(headers.get(header::RETRY_AFTER)?.to_str().ok()?, now_s)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

/// An error with what is behind it, fit for a line of a log. hyper's own words name neither the host nor the path; those
/// of TLS have whatever names a certificate has.
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    let whole = text.chars().count() <= REASON_CHARS;
    let text: String = text.chars().take(REASON_CHARS).map(|char| if char.is_control() { ' ' } else { char }).collect();
    if whole { text } else { format!("{text} …") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, Read, Write};
    use std::net::{Shutdown, TcpListener, TcpStream};
    use std::thread::JoinHandle;

    /// What a receiver does once it has read a webhook.
    type Manners = fn(TcpStream) -> io::Result<()>;

    /// One attempt at a receiver with such manners: how it ended, and how the receiver did.
    async fn attempt(attempt: Duration, manners: Manners) -> (Result<(), Failure>, io::Result<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("its address"));
        let receiver: JoinHandle<io::Result<()>> = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept()?;
            // A client that never lets go is a failure, not a test without end.
            socket.set_read_timeout(Some(Duration::from_secs(30)))?;
            socket.set_write_timeout(Some(Duration::from_secs(30)))?;
            let mut request = Vec::new();
            while !request.ends_with(b"{}") {
                let mut some = [0; 1024];
                let read = socket.read(&mut some)?;
                if read == 0 {
                    return Err(io::ErrorKind::ConnectionReset.into());
                }
                request.extend_from_slice(&some[..read]);
            }
            manners(socket)
        });
        let config = WebhookConfig {
            url: url.parse().expect("a URL"),
            secret: WebhookSecret::random().expect("random numbers"),
            older_secrets: Vec::new(),
            authorities: None,
        };
        let mut client = Client::new(&config, 1).expect("a client");
        client.attempt = attempt;
        let posted = client.post(&Letter { id: "1-1-1".to_owned(), body: "{}".to_owned() }).await;
        let ended = tokio::task::spawn_blocking(|| receiver.join().expect("no panic")).await.expect("no panic");
        (posted, ended)
    }

    /// Longer than anything here takes; who runs into it has failed.
    const LONG: Duration = Duration::from_secs(25);
    /// For receivers that are to run into it.
    const SHORT: Duration = Duration::from_millis(300);

    /// Says this again and again, until nobody listens any more.
    fn says_for_ever(mut socket: TcpStream, first: &str, again: &str) -> io::Result<()> {
        socket.write_all(first.as_bytes())?;
        let much = again.repeat(64);
        loop {
            socket.write_all(much.as_bytes())?;
        }
    }

    fn let_go(ended: &io::Result<()>) -> bool {
        let Err(error) = ended else { return false };
        matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset)
    }

    #[tokio::test]
    async fn an_answer_without_end_is_not_read_to_its_end() {
        let endless_head: Manners = |socket| says_for_ever(socket, "HTTP/1.1 200 OK\r\n", "X-More: and more\r\n");
        let endless_line: Manners = |socket| says_for_ever(socket, "HTTP/1.1 200 OK\r\nX: ", "and more ");
        let noise: Manners = |socket| says_for_ever(socket, "", "\0\u{1}\u{2}");
        for manners in [endless_head, endless_line, noise] {
            let (posted, ended) = attempt(LONG, manners).await;
            assert!(matches!(posted, Err(Failure::NoAnswer(_))), "{posted:?}");
            assert!(let_go(&ended), "{ended:?}");
        }
        // It took the webhook, and talks on.
        let endless_body: Manners = |socket| says_for_ever(socket, "HTTP/1.1 200 OK\r\n\r\n", "and more ");
        let endless_chunks: Manners =
            |socket| says_for_ever(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n");
        for manners in [endless_body, endless_chunks] {
            let (posted, ended) = attempt(LONG, manners).await;
            assert_eq!(posted, Ok(()));
            assert!(let_go(&ended), "{ended:?}");
        }
    }

    #[tokio::test]
    async fn an_answer_that_does_not_come_is_given_up() {
        let silent: Manners = |mut socket| socket.read(&mut [0]).map(|_| ());
        let dripping: Manners = |mut socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nX: ")?;
            socket.set_read_timeout(Some(Duration::from_millis(20)))?;
            loop {
                socket.write_all(b"x")?;
                // The client says nothing more; in the end it closes.
                match socket.read(&mut [0]) {
                    Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
                    closed => return closed.map(|_| ()),
                }
            }
        };
        for manners in [silent, dripping] {
            let (posted, ended) = attempt(SHORT, manners).await;
            assert_eq!(posted, Err(Failure::TimedOut));
            assert!(ended.is_ok() || let_go(&ended), "the connection is closed: {ended:?}");
        }
        let always_soon: Manners = |socket| says_for_ever(socket, "", "HTTP/1.1 102 Processing\r\n\r\n");
        let (posted, ended) = attempt(SHORT, always_soon).await;
        assert_eq!(posted, Err(Failure::TimedOut));
        assert!(let_go(&ended), "{ended:?}");
    }

    #[tokio::test]
    async fn what_the_status_says_holds_though_the_rest_does_not_come() {
        let dies_in_the_body: Manners = |mut socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nalmost")?;
            socket.shutdown(Shutdown::Both)
        };
        assert_eq!(attempt(LONG, dies_in_the_body).await.0, Ok(()));
        let dies_in_the_head: Manners = |mut socket| {
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Le")?;
            socket.shutdown(Shutdown::Both)
        };
        let dies_at_once: Manners = |socket| socket.shutdown(Shutdown::Both);
        for manners in [dies_in_the_head, dies_at_once] {
            let posted = attempt(LONG, manners).await.0;
            assert!(matches!(posted, Err(Failure::NoAnswer(_))), "{posted:?}");
        }
    }

    #[test]
    fn a_pause_is_for_who_is_busy_to_ask_for() {
        let headers: HeaderMap = [(header::RETRY_AFTER, "7".parse().expect("a value"))].into_iter().collect();
        for (status, seconds) in [(429, Some(7)), (503, Some(7)), (500, None), (410, None), (301, None), (200, None)] {
            let status = StatusCode::from_u16(status).expect("a status");
            assert_eq!(pause(status, &headers, 0).map(|pause| pause.as_secs()), seconds, "{status}");
            assert_eq!(pause(status, &HeaderMap::new(), 0), None);
        }
    }

    #[test]
    fn what_a_receiver_makes_us_say_is_one_line_of_some_length() {
        let names = format!("\u{1b}[31m\n{}", "name ".repeat(1_000));
        let told = causes(&io::Error::other(names));
        assert!(told.chars().count() <= REASON_CHARS + 2, "{told}");
        assert!(!told.chars().any(char::is_control), "{told:?}");
        assert_eq!(causes(&io::Error::other("short")), "short");
    }
}
