use tsuwa::TrtcCalling;

/// On a paused clock: the attempts and their pauses take no time.
#[tokio::test(start_paused = true)]
async fn a_sign_in_that_finds_no_server_answers_9508_and_may_be_tried_again() {
    // Bound and let go: nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let calling = TrtcCalling::builder().server(format!("ws://{free}")).without_media().build().unwrap();
    for _ in 0..2 {
        assert_eq!(calling.login(1_400_000_001, "alice", "ticket").await.code, 9508);
    }
}
