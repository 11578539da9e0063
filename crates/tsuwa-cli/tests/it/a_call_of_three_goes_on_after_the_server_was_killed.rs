use crate::hall::{Hall, in_time};
use tsuwa::CallType;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_of_three_goes_on_after_the_server_was_killed() {
    let mut hall = Hall::open();
    let (mut alice, mut bob) = (hall.phone("alice").await, hall.phone("bob").await);
    let mut carol = hall.phone("carol").await;
    in_time(async {
        assert_eq!(alice.calling.group_call(&["bob", "carol"], CallType::Audio).await.code, 0);
        for callee in [&mut bob, &mut carol] {
            callee.sees(&["onInvited"]).await;
            callee.accepts().await;
        }
        alice.is_joined_by(&["bob", "carol"]).await;
        bob.is_joined_by(&["alice", "carol"]).await;
        carol.is_joined_by(&["alice", "bob"]).await;
        hall.is_killed_and_starts();
        // Two at a time: a piece of two voices at once is like neither.
        for phone in [&alice, &bob, &carol] {
            phone.calling.set_mic_mute(true);
        }
        for (speaker, listeners) in [(&alice, [&bob, &carol]), (&bob, [&alice, &carol]), (&carol, [&alice, &bob])] {
            speaker.calling.set_mic_mute(false);
            tokio::join!(listeners[0].hears(speaker), listeners[1].hears(speaker));
            speaker.calling.set_mic_mute(true);
        }
        carol.calling.hangup();
        for phone in [&mut alice, &mut bob] {
            while phone.next().await.name() != "onUserLeave" {}
        }
        alice.calling.hangup();
        bob.sees(&["onUserLeave", "onCallEnd"]).await;
        let record = hall.records(1).await.remove(0);
        assert_eq!(record["stays"].as_array().unwrap().len(), 3, "{record}");
    })
    .await;
}
