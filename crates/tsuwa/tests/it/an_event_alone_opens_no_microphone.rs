use crate::fake_server::{DEADLINE, FakeServer, told};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tsuwa::media::{AudioSetup, Capture, CaptureSource, FRAME, PlaybackSink};
use tsuwa::{Code, TrtcCalling};
use tsuwa_proto::Refusal;

struct Microphone(mpsc::UnboundedSender<&'static str>);

impl Capture for Microphone {
    fn open(&mut self) -> Result<(), Refusal> {
        self.0.send("open").map_err(|_| Code::MicrophoneFailed.into())
    }

    fn read(&mut self, _: &mut [i16; FRAME]) -> bool {
        false
    }

    fn close(&mut self) {
        let _ = self.0.send("close");
    }
}

/// The fault of FaceTime, Signal, Duo and others: a message that says "you are in the call" answered for the callee.
#[tokio::test]
async fn the_microphone_opens_at_the_users_own_accept_and_closes_at_the_end() {
    let server = FakeServer::start().await;
    let (heard, mut microphone) = mpsc::unbounded_channel();
    let capture = CaptureSource::Custom(Box::new(Microphone(heard)));
    let audio = AudioSetup { capture, playback: PlaybackSink::Discard };
    let calling = TrtcCalling::builder().server(server.url()).audio(audio).build().unwrap();
    let (calling, mut events, mut connection) = server.sign_in(calling).await;
    connection.invite(1, "11").await;
    connection.event(2, "onUserEnter", json!({ "callId": "11", "userId": "bob" })).await;
    connection.event(3, "onUserAudioAvailable", json!({ "callId": "11", "userId": "bob", "available": true })).await;
    connection.event(4, "onCallingCancel", json!({ "callId": "11" })).await;
    connection.invite(5, "12").await;
    told(&mut events, &["onInvited", "onUserEnter", "onUserAudioAvailable", "onCallingCancel", "onInvited"]).await;
    let accepted = calling.accept();
    let (id, _) = connection.expect("accept").await;
    assert!(microphone.try_recv().is_err(), "closed until the server has taken the answer");
    connection.reply(&id, json!({ "callId": "12", "type": 1 })).await;
    assert_eq!(accepted.await.code, 0);
    let next = timeout(DEADLINE, microphone.recv()).await.expect("it opens");
    assert_eq!(next, Some("open"));
    calling.hangup();
    let next = timeout(DEADLINE, microphone.recv()).await.expect("it closes");
    assert_eq!(next, Some("close"));
}
