//! The half of a connection's task that sends.

use super::link::{End, Ends, Link, Out, ended};
use crate::metrics::Metrics;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::SinkExt;
use futures_util::stream::SplitSink;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// A socket that takes nothing for so long belongs to nobody: TCP has given up on the second retransmission by then
/// even over a satellite.
const STUCK: Duration = Duration::from_secs(10);
/// How long all that waits may take, once the connection is to end.
const FLUSH: Duration = Duration::from_secs(5);

/// The socket's own end of things: it takes no more.
struct Stuck;

/// Sends what the link has, until it ends.
pub(super) async fn write(mut sink: SplitSink<WebSocket, Message>, mut ends: Ends, link: &Link, metrics: &Metrics) {
    let mut by = None;
    let end = loop {
        let out = tokio::select! {
            biased;
            // The sender lives in the link, so there is always an end to come.
            end = ended(&mut ends.end) => break end,
            Some(out) = ends.out.recv() => out,
            else => break None,
        };
        let sent = {
            let mut sending = pin!(put(&mut sink, out, link, metrics));
            tokio::select! {
                biased;
                sent = &mut sending => sent,
                Some(end) = ended(&mut ends.end) => {
                    let until = *by.insert(Instant::now() + FLUSH);
                    // Nobody is there, or it gets the time for what is on its way that it would have for its goodbye.
                    if end == End::THEIRS { return } else { timeout_at(until, sending).await.unwrap_or(Err(Stuck)) }
                }
            }
        };
        if sent.is_err() {
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
    let _ = timeout_at(by.unwrap_or_else(|| Instant::now() + FLUSH), rest).await;
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
