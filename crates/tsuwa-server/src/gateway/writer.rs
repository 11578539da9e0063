//! The half of a connection's task that sends.

use super::link::{End, Ends, Link, Out};
use crate::metrics::Metrics;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::SinkExt;
use futures_util::stream::SplitSink;
use std::time::Duration;
use tokio::time::timeout;

/// A socket that takes nothing for so long belongs to nobody: TCP has given up on the second retransmission by then
/// even over a satellite.
const STUCK: Duration = Duration::from_secs(10);
/// How long all that waits may take, once the connection is to end.
const FLUSH: Duration = Duration::from_secs(5);

/// The socket's own end of things: it takes no more.
struct Stuck;

/// Sends what the link has, until it ends.
pub(super) async fn write(mut sink: SplitSink<WebSocket, Message>, mut ends: Ends, link: &Link, metrics: &Metrics) {
    let end = loop {
        let out = tokio::select! {
            biased;
            // The sender lives in the link, so there is always an end to come.
            Ok(()) = ends.end.changed() => break *ends.end.borrow_and_update(),
            Some(out) = ends.out.recv() => out,
            else => break None,
        };
        if put(&mut sink, out, link, metrics).await.is_err() {
            link.end(End::THEIRS);
            return;
        }
    };
    let end = end.unwrap_or(End::THEIRS);
    if end == End::THEIRS {
        return;
    }
    let rest = async {
        if end.flush {
            while let Ok(out) = ends.out.try_recv() {
                put(&mut sink, out, link, metrics).await?;
            }
        }
        let frame = CloseFrame { code: end.code, reason: end.reason.into() };
        sink.send(Message::Close(Some(frame))).await.map_err(|_| Stuck)
    };
    // Who does not even take its goodbye is left without.
    let _ = timeout(FLUSH, rest).await;
}

async fn put(sink: &mut SplitSink<WebSocket, Message>, out: Out, link: &Link, metrics: &Metrics) -> Result<(), Stuck> {
    let (message, bytes, rings_since) = match out {
        Out::Text { text, rings_since } => {
            let bytes = text.len();
            (Message::text(text), bytes, rings_since)
        }
        Out::Ping => (Message::Ping(Vec::new().into()), 0, None),
    };
    let sent = timeout(STUCK, sink.send(message)).await;
    link.sent(bytes);
    if let (Ok(Ok(())), Some(since)) = (&sent, rings_since) {
        metrics.ringing.observe(since.elapsed().as_secs_f64());
    }
    match sent {
        Ok(Ok(())) => Ok(()),
        _ => Err(Stuck),
    }
}
