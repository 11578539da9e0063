use crate::fake_server::{Connection, FakeServer, told};
use crate::media_rig::stays;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tsuwa::media::{AudioSetup, Capture, CaptureSource, FRAME, PlaybackSink};
use tsuwa::{CallType, EventStream, TrtcCalling};
use tsuwa_proto::Refusal;

#[derive(Clone, Default)]
struct Microphone(Arc<AtomicBool>);

impl Capture for Microphone {
    fn open(&mut self) -> Result<(), Refusal> {
        self.0.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn read(&mut self, _: &mut [i16; FRAME]) -> bool {
        false
    }
}

impl Microphone {
    async fn stays_shut(&self) {
        assert!(stays(|| !self.0.load(Ordering::Relaxed)).await, "it was opened");
    }
}

async fn signed_in(server: &FakeServer) -> (TrtcCalling, EventStream, Connection, Microphone) {
    let microphone = Microphone::default();
    let capture = CaptureSource::Custom(Box::new(microphone.clone()));
    let audio = AudioSetup { capture, playback: PlaybackSink::Discard };
    let calling = TrtcCalling::builder().server(server.url()).audio(audio).build().unwrap();
    let (calling, events, connection) = server.sign_in(calling).await;
    (calling, events, connection, microphone)
}

/// The server was killed with the answer on its way, and the ringing was over when it was back.
#[tokio::test]
async fn accepted_while_there_was_no_server() {
    let server = FakeServer::start().await;
    let (calling, mut events, mut connection, microphone) = signed_in(&server).await;
    connection.invite(1, "11").await;
    told(&mut events, &["onInvited"]).await;
    drop(connection);
    let accepted = calling.accept();
    let mut connection = server.connection().await;
    connection.welcome("resume", json!(null)).await;
    connection.event(2, "onCallingTimeOut", json!({ "callId": "11" })).await;
    let (id, _) = connection.expect("accept").await;
    connection.refuse(&id, 8010).await;
    assert_eq!(accepted.await.code, 8010);
    told(&mut events, &["onCallingTimeOut"]).await;
    microphone.stays_shut().await;
}

/// The answer to `call` comes when the user has long hung up.
#[tokio::test]
async fn called_and_hung_up_while_there_was_no_server() {
    let server = FakeServer::start().await;
    let (calling, _events, mut connection, microphone) = signed_in(&server).await;
    let called = calling.call("bob", CallType::Audio);
    connection.expect("call").await;
    drop(connection);
    calling.hangup();
    let mut connection = server.connection().await;
    connection.welcome("resume", json!(null)).await;
    let (call, _) = connection.expect("call").await;
    connection.reply(&call, json!({ "callId": "11", "type": 1 })).await;
    let (_, hangup) = connection.expect("hangup").await;
    assert_eq!(hangup["request"], call);
    assert_eq!(called.await.code, 0);
    microphone.stays_shut().await;
}
