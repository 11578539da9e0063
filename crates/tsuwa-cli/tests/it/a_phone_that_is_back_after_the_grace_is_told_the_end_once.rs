use crate::hall::{Hall, in_time, talk};
use crate::web::proxy::Wire;
use tsuwa::{EndReason, LeaveReason, TrtcCallingEvent};

/// Row 9a of the scenarios.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_is_back_after_the_grace_is_told_the_end_once() {
    let hall = Hall::open_with("[apps.policy]\ngrace_ms = 2000");
    let wire = Wire::to(&hall.url());
    let (mut alice, mut bob) = (hall.phone_at(&wire.url, "alice").await, hall.phone("bob").await);
    in_time(async {
        talk(&mut alice, &mut bob, ["alice", "bob"]).await;
        wire.hold(true);
        wire.cut();
        let left = TrtcCallingEvent::OnUserLeave { user_id: "alice".parse().unwrap(), reason: LeaveReason::TimedOut };
        assert_eq!(bob.next().await, left);
        bob.sees(&["onCallEnd"]).await;
        wire.hold(false);
        assert_eq!(alice.next().await, TrtcCallingEvent::OnCallEnd { reason: Some(EndReason::TimedOut) });
        alice.sees_nothing_more().await;
        bob.sees_nothing_more().await;
        let record = hall.records(1).await.remove(0);
        assert_eq!(record["stays"][0]["left"], "timed_out", "{record}");
    })
    .await;
}
