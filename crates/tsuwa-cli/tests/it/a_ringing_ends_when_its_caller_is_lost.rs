use crate::hall::{Hall, in_time};
use crate::web::proxy::Wire;
use tsuwa::{CancelReason, EndReason, TrtcCallingEvent};

/// Row 9b of the scenarios.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ringing_ends_when_its_caller_is_lost_for_longer_than_the_grace() {
    let hall = Hall::open_with("[apps.policy]\ngrace_ms = 2000");
    let wire = Wire::to(&hall.url());
    let (mut alice, mut bob) = (hall.phone_at(&wire.url, "alice").await, hall.phone("bob").await);
    in_time(async {
        alice.calls("bob").await;
        bob.sees(&["onInvited"]).await;
        wire.hold(true);
        wire.cut();
        assert_eq!(bob.next().await, TrtcCallingEvent::OnCallingCancel { reason: Some(CancelReason::CallerLost) });
        wire.hold(false);
        assert_eq!(alice.next().await, TrtcCallingEvent::OnCallEnd { reason: Some(EndReason::TimedOut) });
        alice.sees_nothing_more().await;
        bob.sees_nothing_more().await;
    })
    .await;
}
