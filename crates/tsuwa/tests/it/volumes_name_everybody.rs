use crate::media_rig::Rig;
use tsuwa::media::{CaptureSource, EngineOut};

/// The local user has no name here; the one who is muted has volume 0 and is named all the same.
#[tokio::test]
async fn volumes_name_everybody() {
    let (mut rig, _peer) = Rig::connected(CaptureSource::Voice { seed: 3 }).await;
    rig.engine.set_volume_interval(100);
    rig.engine.open_microphone();
    rig.until_heard("bob").await;
    let volumes = |out: &EngineOut| match out {
        EngineOut::Volumes { users, total } => Some((users.clone(), *total)),
        _ => None,
    };
    rig.until(|out| {
        let (users, total) = volumes(out)?;
        assert_eq!(users.len(), 2);
        assert_eq!(users[0].0, None);
        assert_eq!(users[1].0.as_ref().unwrap().as_str(), "bob");
        users.iter().all(|(_, volume)| volume.get() > 30).then_some(())?;
        (total.get() > 30).then_some(())
    })
    .await;
    rig.engine.set_mic_mute(true);
    rig.until(|out| {
        let (users, total) = volumes(out)?;
        (users.len() == 2 && users.iter().all(|(_, volume)| volume.get() == 0) && total.get() == 0).then_some(())
    })
    .await;
}
