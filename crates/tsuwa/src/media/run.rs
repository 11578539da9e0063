//! The engine's thread.

use super::engine::{AudioSetup, Command, EngineOut};
use tokio::sync::mpsc;

pub(super) fn spawn(
    audio: AudioSetup,
    mut inbox: mpsc::UnboundedReceiver<Command>,
    out: mpsc::UnboundedSender<EngineOut>,
) {
    let _ = audio;
    let _ = out;
    std::thread::spawn(move || while inbox.blocking_recv().is_some() {});
}
