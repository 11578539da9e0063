use crate::fake_server::{FakeServer, told};
use tokio::time::timeout;
use tsuwa_session::timing::ANSWER_MS;

/// The server is silent for as long as an app waits. The rejection is on its way, or will be: the phone rings no more.
#[tokio::test]
async fn a_ringing_that_was_rejected_without_an_answer_is_over() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection) = server.signed_in().await;
    connection.invite(1, "5").await;
    told(&mut events, &["onInvited"]).await;
    let rejected = calling.reject();
    connection.expect("reject").await;
    let served = async {
        // Pings are answered, so that the connection counts as alive.
        loop {
            let (_, method, _) = connection.request().await;
            assert_ne!(method, "accept");
        }
    };
    let deadline = std::time::Duration::from_millis(2 * ANSWER_MS);
    let answer = tokio::select! {
        answer = timeout(deadline, rejected) => answer.expect("it is given up in time"),
        () = async { tokio::time::timeout(deadline, served).await.unwrap_or(()) } => unreachable!("it is given up"),
    };
    assert_eq!(answer.code, 9520);
    assert_eq!(calling.accept().await.code, -1203, "nothing rings");
}
