use crate::media_peer::Peer;
use crate::media_rig::{CALL, Rig, reaches};
use tsuwa::media::{CaptureSource, EngineOut};

/// The first goes on until the second is up; then sound goes over the second.
#[tokio::test]
async fn a_fresh_connection_takes_over() {
    let (mut rig, first) = Rig::connected(CaptureSource::Voice { seed: 3 }).await;
    rig.engine.open_microphone();
    rig.until_heard("bob").await;
    let (second, offer) = Peer::start("bob");
    rig.offer(&second, offer, true).await;
    rig.until(|out| (*out == EngineOut::Up { call: CALL }).then_some(())).await;
    reaches(|| second.came().len() > 20).await;
    let (last, begin) = (first.came().last().unwrap().1, second.came()[0].1);
    // The same clock on both: nothing said is sent twice or left out.
    assert_eq!(begin, last.wrapping_add(960));
}
