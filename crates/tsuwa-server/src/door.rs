//! The way in for every connection, in front of HTTP: what the HTTP server leaves open is shut here.
//!
//! hyper speaks HTTP/2 on any connection that may be upgraded, whatever its builder was told, and there idle connections
//! have no end; and it has all the time in the world for who does not take its answers.

use axum_server::accept::Accept;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// A connection that takes nothing for so long belongs to nobody; as for a device's socket (`gateway::writer`).
const STUCK: Duration = Duration::from_secs(10);
/// How HTTP/2 begins (RFC 9113, 3.4); no method of HTTP/1.1 does.
const HTTP_2: &[u8] = b"PRI ";

/// An acceptor whose connections are [`Visitor`]s. To be put around all others, so that it sees what TLS brought.
#[derive(Clone, Debug)]
pub(crate) struct Door<A>(pub(crate) A);

impl<A, I, S> Accept<I, S> for Door<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = Visitor<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let accepting = self.0.accept(stream, service);
        Box::pin(async move {
            let (stream, service) = accepting.await?;
            Ok((Visitor::new(stream, STUCK), service))
        })
    }
}

/// A connection that fails where HTTP/2 is spoken to it, and where nothing of what is sent is taken for a time.
#[derive(Debug)]
pub(crate) struct Visitor<S> {
    stream: S,
    /// How much of [`HTTP_2`] has come; `None` when something else has.
    preface: Option<usize>,
    stuck: Option<Pin<Box<Sleep>>>,
    patience: Duration,
}

impl<S> Visitor<S> {
    fn new(stream: S, patience: Duration) -> Self {
        Self { stream, preface: Some(0), stuck: None, patience }
    }

    /// Looks at what came.
    fn look_at(&mut self, came: &[u8]) -> Result<()> {
        let Some(seen) = self.preface else { return Ok(()) };
        let rest = &HTTP_2[seen..];
        let compared = rest.len().min(came.len());
        self.preface = (rest[..compared] == came[..compared]).then_some(seen + compared);
        if self.preface == Some(HTTP_2.len()) {
            return Err(Error::new(ErrorKind::InvalidData, "HTTP/2 is not spoken here"));
        }
        Ok(())
    }

    /// Looks at how sending went.
    fn sent<T>(&mut self, cx: &mut Context<'_>, sent: Poll<Result<T>>) -> Poll<Result<T>> {
        if sent.is_ready() {
            self.stuck = None;
            return sent;
        }
        let until = Instant::now() + self.patience;
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(sleep_until(until)));
        ready!(stuck.as_mut().poll(cx));
        Poll::Ready(Err(Error::new(ErrorKind::TimedOut, "nothing is taken")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Visitor<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        Poll::Ready(self.look_at(&buffer.filled()[before..]))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Visitor<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.sent(cx, sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.sent(cx, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let sent = Pin::new(&mut self.stream).poll_flush(cx);
        self.sent(cx, sent)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let sent = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.sent(cx, sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn who_takes_nothing_is_given_up() {
        let (near, mut far) = duplex(16);
        let mut visitor = Visitor::new(near, Duration::from_millis(20));
        let error = visitor.write_all(&[0; 64]).await.expect_err("an end");
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        let mut taken = [0; 16];
        far.read_exact(&mut taken).await.expect("what fitted");
    }

    #[tokio::test]
    async fn who_takes_slowly_is_waited_for() {
        let (near, mut far) = duplex(16);
        let mut visitor = Visitor::new(near, Duration::from_secs(60));
        let sending = tokio::spawn(async move { visitor.write_all(&[0; 64]).await });
        let mut taken = [0; 64];
        far.read_exact(&mut taken).await.expect("all of it");
        assert!(sending.await.expect("no panic").is_ok());
    }

    #[tokio::test]
    async fn http_2_is_recognised_in_pieces_and_nothing_else_is() {
        for (pieces, passes) in [
            (&["P", "RI", " * HTTP/2.0"][..], false),
            (&["PRI * HTTP/2.0\r\n"][..], false),
            (&["P", "UT / HTTP/1.1"][..], true),
            (&["GET /PRI "][..], true),
            (&["GET ", "PRI "][..], true),
        ] {
            let (near, mut far) = duplex(64);
            let mut visitor = Visitor::new(near, Duration::from_secs(60));
            let mut well = true;
            for piece in pieces {
                far.write_all(piece.as_bytes()).await.expect("room");
                well &= visitor.read(&mut [0; 64]).await.is_ok();
            }
            assert_eq!(well, passes, "{pieces:?}");
        }
    }
}
