use crate::media_rig::{CALL, Rig};
use tsuwa::media::{CaptureSource, EngineOut};

#[tokio::test]
async fn an_offer_that_is_none_is_told() {
    let mut rig = Rig::new(CaptureSource::Silence);
    rig.engine.offer(CALL, 1, true, "v=0\r\nthis is no offer".into(), Vec::new());
    rig.until(|out| matches!(out, EngineOut::Error(_)).then_some(())).await;
    // One that goes on with a connection that is not there: a new one is asked for.
    rig.engine.offer(CALL, 2, false, String::new(), Vec::new());
    rig.until(|out| (*out == EngineOut::Lost { call: CALL }).then_some(())).await;
}
