use crate::stage::{Stage, talk};
use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A wire between a phone and its server that can be cut.
struct Wire {
    url: String,
    ends: Arc<Mutex<Vec<TcpStream>>>,
}

impl Wire {
    fn to(server: &str) -> Self {
        let server = server.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let ends = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&ends);
        thread::spawn(move || {
            for phone in listener.incoming() {
                let (phone, server) = (phone.unwrap(), TcpStream::connect(&server).unwrap());
                for (mut from, mut to) in [
                    (phone.try_clone().unwrap(), server.try_clone().unwrap()),
                    (server.try_clone().unwrap(), phone.try_clone().unwrap()),
                ] {
                    thread::spawn(move || {
                        // A cut wire ends it.
                        let _ = io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                kept.lock().unwrap().push(phone);
            }
        });
        Self { url, ends }
    }

    fn cut(&self) {
        for end in self.ends.lock().unwrap().drain(..) {
            // It may have ended by itself.
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}

#[test]
fn a_call_survives_lost_connections_and_what_was_missed_comes_once() {
    let stage = Stage::open();
    let wire = Wire::to(&stage.url);
    let mut alice = stage.phone_at(&wire.url, "alice", &["--no-media"]);
    let (mut bob, mut carol) = (stage.phone("bob"), stage.phone("carol"));
    talk(&mut alice, &mut bob);
    assert_eq!(carol.answer("login"), 0);
    for _ in 0..3 {
        wire.cut();
        bob.succeeds("call carol");
        carol.event("onInvited");
        carol.succeeds("accept");
        wire.cut();
        assert_eq!(alice.event("onUserEnter")["userId"], "carol");
        carol.types("hangup");
        assert_eq!(alice.event("onUserLeave")["userId"], "carol");
    }
    wire.cut();
    alice.types("hangup");
    bob.event("onCallEnd");
    let thrice = ["onUserEnter", "onUserLeave"].repeat(3);
    assert_eq!(alice.story(), [vec!["onUserEnter"], thrice].concat());
}
