//! A device's connection: one task that reads, one that writes.

use super::guards::{Seat, StrangersSeat};
use super::link::{End, Link, ended};
use super::requests::Requests;
use super::writer::write;
use crate::house::{House, Phase};
use crate::shard::ToShard;
use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use std::future::pending;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::time::{sleep_until, timeout};
use tsuwa_proto::limits;
use tsuwa_session::{Beat, Heartbeat};

/// How long a client gets to answer our close frame. What it still sends is read and thrown away meanwhile: closing a
/// socket with unread bytes in it makes TCP take back what was sent (RFC 9293, 3.10.4), the close frame too.
const LINGER: Duration = Duration::from_secs(2);
/// Most frames that are read and thrown away.
const LINGER_FRAMES: usize = 1024;

/// Serves a connection until it is over.
pub(super) async fn serve(house: Arc<House>, from: IpAddr, socket: WebSocket, seats: (Seat, StrangersSeat)) {
    let (_seat, stranger) = seats;
    house.metrics.sockets.inc();
    let (link, ends) = Link::new(house.next_link(), stranger);
    let link = Arc::new(link);
    let (sink, stream) = socket.split();
    let leaving = leaves(house.phase.subscribe(), ends.end.clone());
    let reader = Reader {
        requests: Requests::new(Arc::clone(&house), Arc::clone(&link), from),
        heartbeat: Heartbeat::new(house.clock.now()),
        sign_in_by: Instant::now() + house.sign_in,
        house: Arc::clone(&house),
        link: Arc::clone(&link),
    };
    // A task of its own, so that whatever befalls it, the session hears that its socket is gone.
    let reading = tokio::spawn(reader.read(stream, leaving));
    write(sink, ends, &link, &house.metrics).await;
    if reading.await.is_err() {
        tracing::error!("a connection's task panicked");
        link.end(End::BROKEN);
        leave(&house, &link).await;
    }
    house.metrics.sockets.dec();
}

/// Tells the shard, once, that the connection is no more.
async fn leave(house: &House, link: &Link) {
    if !link.leave() {
        return;
    }
    if let Some(app) = link.app().and_then(|app| house.apps.get(app).ok()) {
        // A shard that is no more has no use for it.
        let _ = app.shard.send(ToShard::Left { link: link.id }).await;
    }
}

/// Until the connection is to be left, whatever its device does, and how.
async fn leaves(mut phase: watch::Receiver<Phase>, mut end: watch::Receiver<Option<End>>) -> End {
    tokio::select! {
        _ = phase.wait_for(|phase| *phase == Phase::Closing) => End::GOING_AWAY,
        // Whoever said so said how.
        end = ended(&mut end) => end.unwrap_or(End::THEIRS),
    }
}

struct Reader {
    house: Arc<House>,
    link: Arc<Link>,
    requests: Requests,
    heartbeat: Heartbeat,
    sign_in_by: Instant,
}

impl Reader {
    async fn read(mut self, mut stream: SplitStream<WebSocket>, leaving: impl Future<Output = End>) {
        // Also while an answer waits for a device that takes none.
        let end = tokio::select! {
            biased;
            end = leaving => end,
            end = self.listen(&mut stream) => end,
        };
        self.link.end(end);
        leave(&self.house, &self.link).await;
        if end != End::THEIRS {
            let rest = async {
                for _ in 0..LINGER_FRAMES {
                    if !matches!(stream.next().await, Some(Ok(_))) {
                        return;
                    }
                }
                // Who goes on sending is not read, but has time to.
                pending::<()>().await;
            };
            let _ = timeout(LINGER, rest).await;
        }
    }

    /// Until the connection is over, and how it is.
    async fn listen(&mut self, stream: &mut SplitStream<WebSocket>) -> End {
        loop {
            let wake = self.wake();
            tokio::select! {
                biased;
                () = self.link.nudged() => {
                    self.heartbeat.set_in_call(self.house.clock.now(), self.link.in_call());
                }
                // Before the clock: nobody is silent whose frame is here already, after this process stood still.
                message = stream.next() => {
                    let Some(Ok(message)) = message else { return End::THEIRS };
                    if let Err(end) = self.message(message).await {
                        return end;
                    }
                }
                () = sleep_until(wake.into()) => {}
            }
            if let Err(end) = self.beat().await {
                return end;
            }
        }
    }

    async fn message(&mut self, message: Message) -> Result<(), End> {
        let back = self.heartbeat.heard(self.house.clock.now());
        if back {
            self.socket(true).await?;
        }
        match message {
            Message::Text(text) if text.len() > limits::FRAME_BYTES => Err(End::TOO_BIG),
            Message::Binary(bytes) if bytes.len() > limits::FRAME_BYTES => Err(End::TOO_BIG),
            Message::Text(text) => self.requests.text(&text).await,
            Message::Binary(_) => Err(End::NOT_TEXT),
            Message::Ping(_) | Message::Pong(_) => self.requests.control().await,
            Message::Close(_) => Err(End::THEIRS),
        }
    }

    /// When something is due if nothing comes.
    fn wake(&self) -> Instant {
        let beat = self.heartbeat.deadline().map(|at| self.house.clock.instant(at));
        // Heartbeats without an end are for connections that have one.
        let beat = beat.unwrap_or(self.sign_in_by);
        if self.link.signed().is_some() { beat } else { beat.min(self.sign_in_by) }
    }

    async fn beat(&mut self) -> Result<(), End> {
        if self.link.signed().is_none() && Instant::now() >= self.sign_in_by {
            return Err(End::SIGN_IN_TOO_LATE);
        }
        while let Some(beat) = self.heartbeat.poll(self.house.clock.now()) {
            match beat {
                Beat::Ping => self.link.ping(),
                Beat::Lost => self.socket(false).await?,
                Beat::Close => return Err(End::SILENT),
            }
        }
        Ok(())
    }

    /// Tells the session's shard that its device is silent, or is heard again.
    async fn socket(&self, up: bool) -> Result<(), End> {
        let Some(signed) = self.link.signed() else { return Ok(()) };
        let Ok(app) = self.house.apps.get(signed.app) else { return Ok(()) };
        let message = ToShard::Socket { link: self.link.id, session: signed.session, up };
        app.shard.send(message).await.map_err(|_| End::BROKEN)
    }
}
