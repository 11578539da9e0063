use crate::harness::{PATIENCE, still_talks_and_ends, talk};
use crate::receiver::{Mood, Receiver};
use tokio::time::timeout;

/// More calls than webhooks that may be on their way at once.
#[tokio::test]
async fn a_dead_receiver_costs_no_call_anything() {
    let receiver = Receiver::open().await;
    receiver.mood(Mood::Sleeps);
    let house = receiver.house().await;
    for pair in 0..20 {
        let talking = talk(&house, &format!("a{pair}"), &format!("b{pair}")).await;
        still_talks_and_ends(talking).await;
    }
    let waiting = format!("tsuwa_webhooks_waiting{{app=\"{}\"}} 80", house.app());
    let all_wait = async {
        while !house.http("GET", "/metrics", &[], None).await.1.contains(&waiting) {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, all_wait).await.expect("four of each call wait");
}
