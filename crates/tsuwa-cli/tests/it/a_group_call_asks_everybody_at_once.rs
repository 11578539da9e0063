use crate::house::House;
use tsuwa::{CallType, TrtcCallingEvent};

/// Rows 23 and 24 of the scenarios.
#[tokio::test]
async fn a_group_call_tells_each_callee_of_the_others_and_ends_once_when_all_have_declined() {
    let house = House::open().await;
    let mut alice = house.line("alice").await;
    let (mut bob, mut carol) = (house.line("bob").await, house.line("carol").await);
    assert_eq!(alice.calling.group_call(&["bob", "carol", "bob"], CallType::Video).await.code, 0);
    for (line, other) in [(&mut bob, "carol"), (&mut carol, "bob")] {
        let TrtcCallingEvent::OnInvited { sponsor, user_ids, is_from_group, kind, .. } = line.next().await else {
            panic!("it rings");
        };
        let others: Vec<_> = user_ids.iter().map(|user| user.as_str()).collect();
        assert_eq!((sponsor.as_str(), others, is_from_group, kind), ("alice", vec![other], true, CallType::Video));
    }
    assert_eq!(bob.calling.reject().await.code, 0);
    alice.sees(&["onReject"]).await;
    alice.sees_nothing_more().await;
    assert_eq!(carol.calling.reject().await.code, 0);
    alice.sees(&["onReject", "onCallEnd"]).await;
    for line in [&mut alice, &mut bob, &mut carol] {
        line.sees_nothing_more().await;
    }
}
