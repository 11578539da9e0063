//! An engine on the line to a [`Peer`].

use crate::media_peer::{Offer, Peer};
use std::time::Duration;
use tokio::sync::mpsc;
use tsuwa::media::{AudioSetup, CaptureSource, EngineOut, MediaEngine, PlaybackSink, Recording};
use tsuwa_proto::CallId;

/// The call of every test.
pub(crate) const CALL: CallId = CallId(7);

/// Longest that anything may take.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// An engine and what comes out of it.
pub(crate) struct Rig {
    pub(crate) engine: MediaEngine,
    pub(crate) out: mpsc::UnboundedReceiver<EngineOut>,
    pub(crate) heard: Recording,
    offers: u64,
}

impl Rig {
    /// An engine with this microphone.
    pub(crate) fn new(capture: CaptureSource) -> Self {
        let heard = Recording::new();
        let (tell, out) = mpsc::unbounded_channel();
        let audio = AudioSetup { capture, playback: PlaybackSink::Memory(heard.clone()) };
        Self { engine: MediaEngine::start(audio, tell), out, heard, offers: 0 }
    }

    /// Hands an offer of `peer` over and takes the answer back.
    pub(crate) async fn offer(&mut self, peer: &Peer, offer: Offer, fresh: bool) {
        self.offers += 1;
        self.engine.offer(CALL, self.offers, fresh, offer.sdp, offer.streams);
        let wanted = self.offers;
        let sdp = self
            .until(|out| match out {
                EngineOut::Answer { call, offer_id, sdp } if *offer_id == wanted => {
                    assert_eq!(*call, CALL);
                    Some(sdp.clone())
                }
                _ => None,
            })
            .await;
        peer.answer(sdp);
    }

    /// A peer that echoes as bob, and the connection to it.
    pub(crate) async fn connected(capture: CaptureSource) -> (Self, Peer) {
        Self::connected_to(capture, Peer::start("bob")).await
    }

    /// The connection to this peer.
    pub(crate) async fn connected_to(capture: CaptureSource, (peer, offer): (Peer, Offer)) -> (Self, Peer) {
        let mut rig = Self::new(capture);
        rig.offer(&peer, offer, true).await;
        rig.until(|out| (*out == EngineOut::Up { call: CALL }).then_some(())).await;
        (rig, peer)
    }

    /// Waits for what `wanted` picks; passes everything else by.
    pub(crate) async fn until<T>(&mut self, mut wanted: impl FnMut(&EngineOut) -> Option<T>) -> T {
        let waiting = async {
            loop {
                let out = self.out.recv().await.expect("the engine runs");
                if let Some(found) = wanted(&out) {
                    return found;
                }
            }
        };
        tokio::time::timeout(DEADLINE, waiting).await.expect("in time")
    }

    /// Waits until bob, or whoever, is heard.
    pub(crate) async fn until_heard(&mut self, who: &str) {
        self.until(|out| matches!(out, EngineOut::FirstSound { user, .. } if user.as_str() == who).then_some(())).await;
    }

    /// Waits until `seconds` more are recorded.
    pub(crate) async fn record(&self, seconds: usize) {
        let until = self.heard.samples().len() + seconds * 48_000;
        reaches(|| self.heard.samples().len() >= until).await;
    }
}

/// Waits until it is so.
pub(crate) async fn reaches(mut so: impl FnMut() -> bool) {
    let waiting = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(DEADLINE, waiting).await.expect("in time");
}

/// Whether it stays so for a little: long enough for what should not happen to happen.
pub(crate) async fn stays(mut so: impl FnMut() -> bool) -> bool {
    for _ in 0..30 {
        if !so() {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    true
}
