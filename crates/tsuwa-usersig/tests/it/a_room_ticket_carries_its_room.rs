use crate::support::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tsuwa_usersig::{Privileges, Room, UserBuf, sign_room};

fn rooms() -> Vec<(Room, Value)> {
    let vectors = vectors();
    let of = |ticket: &Value| {
        let room = match &ticket["room"] {
            Value::String(name) => Room::Name(name.clone()),
            number => Room::Number(number.as_u64().unwrap().try_into().unwrap()),
        };
        (room, ticket.clone())
    };
    vectors["room_tickets"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn a_room_ticket_carries_its_room() {
    for (room, _) in rooms() {
        let ticket = sign_room(&key(), &claims(), &room, Privileges::ALL).unwrap();
        let userbuf = verify_alice(&ticket).unwrap().userbuf.unwrap();
        assert_eq!((userbuf.room, userbuf.privileges), (room, Privileges(255)));
        assert_eq!((userbuf.account.as_str(), userbuf.app), ("alice", APP));
    }
}

#[test]
fn its_bytes_and_signature_are_those_of_other_generators() {
    for (room, theirs) in rooms() {
        let ours = unpack(&sign_room(&key(), &claims(), &room, Privileges::ALL).unwrap());
        let bytes = STANDARD.decode(ours["TLS.userbuf"].as_str().unwrap()).unwrap();
        assert_eq!(bytes, hex(theirs["userbuf_hex"].as_str().unwrap()));
        assert_eq!(ours["TLS.sig"], theirs["sig"]);
    }
}

#[test]
fn a_room_ticket_ends_when_its_room_does() {
    let inner = UserBuf {
        account: "alice".into(),
        app: APP,
        room: Room::Number(7),
        expires_at_s: (NOW_S + 10) as u32,
        privileges: Privileges::ALL,
    };
    let ticket = with_userbuf(&STANDARD.encode(inner.encode().unwrap()));
    assert_eq!(verify_alice(&ticket).unwrap().expires_at_s, NOW_S + 10);
}
