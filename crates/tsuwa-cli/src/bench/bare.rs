//! The same load through the bare forwarder of `benches/`, in a process of its own.

use super::parties::wait;
use super::process::Process;
use super::report::Bare;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::ChildStdin;
use tokio::sync::mpsc;
use tsuwa::load::Load;
use tsuwa::media::{AudioSetup, EngineOut, MediaEngine};
use tsuwa_benches::{escape, unescape};
use tsuwa_proto::{CallId, Stream, StreamKind};

const REST: Duration = Duration::from_secs(1);

/// The child's half: it never returns before its standard input ends.
pub(super) fn serve() -> Result<(), String> {
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    tsuwa_benches::run(any).map_err(|e| format!("the bare forwarder: {e}"))
}

/// One side of a pair.
struct Party {
    engine: MediaEngine,
    /// Held, so that the engine has somebody to tell.
    _out: mpsc::UnboundedReceiver<EngineOut>,
}

pub(super) async fn measure(pairs: u32, seconds: u32) -> Result<Bare, String> {
    let load = Load::start().map_err(|e| e.to_string())?;
    let mut process = Process::start(&["bench", "bare"])?;
    let mut stdin = process.stdin().ok_or("the bare forwarder can't be spoken to")?;
    until(&mut process, "bare").await?;
    let mut parties = Vec::new();
    for pair in 0..pairs {
        for side in ["a", "b"] {
            parties.push(connect(&mut process, &mut stdin, &load, pair, side).await?);
        }
    }
    let wanted = parties.len() as u64;
    wait("the bare forwarder's media", || load.stats().up >= wanted).await?;
    parties.iter().for_each(|party| party.engine.open_microphone());
    tokio::time::sleep(REST).await;
    load.reset();
    let before = process.used()?;
    tokio::time::sleep(Duration::from_secs(u64::from(seconds))).await;
    let used = process.used()?.since(before);
    let mut stats = load.stats();
    parties.iter().for_each(|party| party.engine.set_mic_mute(true));
    tokio::time::sleep(REST).await;
    stats.lost = load.final_stats().lost;
    Ok(Bare { used, stats })
}

async fn connect(
    process: &mut Process,
    stdin: &mut ChildStdin,
    load: &Load,
    pair: u32,
    side: &str,
) -> Result<Party, String> {
    say(stdin, &format!("offer {pair} {side}")).await?;
    let line = until(process, &format!("offer {pair} {side} ")).await?;
    let mut words = line.splitn(3, ' ');
    let (Some(up), Some(down), Some(sdp)) = (words.next(), words.next(), words.next()) else {
        return Err("the bare forwarder's offer is not as expected".into());
    };
    let other = format!("{pair}-{}", if side == "a" { "b" } else { "a" });
    let user_id = other.parse().map_err(|_| "a party's name is no user id")?;
    let streams = vec![
        Stream { mid: up.to_owned(), kind: StreamKind::Audio, user_id: None },
        Stream { mid: down.to_owned(), kind: StreamKind::Audio, user_id: Some(user_id) },
    ];
    let (tell, mut out) = mpsc::unbounded_channel();
    let engine = MediaEngine::start(AudioSetup::load(load), tell);
    engine.offer(CallId(u64::from(pair)), 1, true, unescape(sdp), streams);
    let answer = loop {
        match out.recv().await {
            Some(EngineOut::Answer { sdp, .. }) => break sdp,
            Some(EngineOut::Error(refusal)) => return Err(refusal.desc),
            Some(_) => {}
            None => return Err("the load's thread ended".into()),
        }
    };
    say(stdin, &format!("answer {pair} {side} {}", escape(&answer))).await?;
    until(process, &format!("ok {pair} {side}")).await?;
    Ok(Party { engine, _out: out })
}

async fn say(stdin: &mut ChildStdin, line: &str) -> Result<(), String> {
    let line = format!("{line}\n");
    stdin.write_all(line.as_bytes()).await.map_err(|e| format!("the bare forwarder: {e}"))
}

/// What stands behind these words, when they come; lines in between (`up …`) are passed over.
async fn until(process: &mut Process, words: &str) -> Result<String, String> {
    loop {
        let line = process.line().await?;
        if let Some(rest) = line.strip_prefix(words) {
            return Ok(rest.to_owned());
        }
        if line.starts_with("error") {
            return Err(line);
        }
    }
}
