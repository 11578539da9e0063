use crate::hall::{Hall, in_time, talk};
use tsuwa::TrtcCallingEvent;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_muted_before_a_restart_or_in_it_is_muted_after_it() {
    let mut hall = Hall::open();
    let (mut alice, mut bob) = (hall.phone("alice").await, hall.phone("bob").await);
    let silent =
        |user: &str| TrtcCallingEvent::OnUserAudioAvailable { user_id: user.parse().unwrap(), available: false };
    in_time(async {
        talk(&mut alice, &mut bob, ["alice", "bob"]).await;
        alice.calling.set_mic_mute(true);
        assert_eq!(bob.next().await, silent("alice"));
        hall.is_killed();
        bob.calling.set_mic_mute(true);
        hall.starts();
        assert_eq!(alice.next().await, silent("bob"));
        bob.sees_nothing_more().await;
        alice.calling.set_mic_mute(false);
        bob.sees(&["onUserAudioAvailable"]).await;
        bob.hears(&alice).await;
        alice.sees_nothing_more().await;
    })
    .await;
}
