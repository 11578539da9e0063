use crate::house::House;
use tsuwa::{CallType, CancelReason, TrtcCallingEvent};

/// Rows 21 and 21a of the scenarios.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_devices_that_ring_one_answers_and_the_other_stops() {
    let house = House::open().await;
    let mut alice = house.line("alice").await;
    let (mut phone, mut laptop) = (house.line("bob").await, house.line("bob").await);
    for _ in 0..20 {
        assert_eq!(alice.calling.call("bob", CallType::Audio).await.code, 0);
        phone.sees(&["onInvited"]).await;
        laptop.sees(&["onInvited"]).await;
        let (by_phone, by_laptop) = tokio::join!(phone.calling.accept(), laptop.calling.accept());
        let (winner, loser) = match (by_phone.code, by_laptop.code) {
            (0, 8010 | -1203) => (&mut phone, &mut laptop),
            (8010 | -1203, 0) => (&mut laptop, &mut phone),
            codes => panic!("{codes:?}"),
        };
        let reason = Some(CancelReason::AnsweredElsewhere);
        assert_eq!(loser.next().await, TrtcCallingEvent::OnCallingCancel { reason });
        winner.sees(&["onUserEnter"]).await;
        alice.sees(&["onUserEnter"]).await;
        alice.calling.hangup();
        winner.sees(&["onUserLeave", "onCallEnd"]).await;
        loser.sees_nothing_more().await;
    }
}
