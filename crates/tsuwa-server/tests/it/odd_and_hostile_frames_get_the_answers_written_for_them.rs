use crate::harness::{Device, House, still_talks_and_ends, talk};
use crate::torture::{name, set, text};
use serde_json::{Value, json};

#[tokio::test]
async fn and_a_call_goes_on_beside_them() {
    let house = House::open().await;
    let talking = talk(&house, "alice", "bob").await;
    let mut wrong = Vec::new();
    for message in set("frames") {
        let by_nobody = message["by"] == "nobody";
        let mut device = if by_nobody { house.socket().await } else { house.device("mallory").await };
        let frame = text(&message["frame"]).replace("1400000001", &house.app().to_string());
        device.send(frame).await;
        let got = answer(&mut device, &message["expects"]).await;
        let expected = expected(&message);
        if got != expected {
            wrong.push(format!("{}: expected {expected}, got {got}", name(&message)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    still_talks_and_ends(talking).await;
    still_talks_and_ends(talk(&house, "alice", "bob").await).await;
}

fn expected(message: &Value) -> Value {
    match &message["expects"] {
        Value::Number(code) => json!({ "id": message["id"], "code": code }),
        Value::Object(other) if other.contains_key("result") => {
            json!({ "id": message["id"], "result": other["result"] })
        }
        other => other.clone(),
    }
}

/// What came. Where nothing is expected, that is shown by the answer to what comes after it.
async fn answer(device: &mut Device, expected: &Value) -> Value {
    if expected == "nothing" {
        let next = r#"{"jsonrpc":"2.0","id":3,"method":"ping"}"#;
        device.send(next).await;
        return match device.frame().await {
            Ok(frame) if frame["id"] == 3 => json!("nothing"),
            other => json!(format!("{other:?}")),
        };
    }
    match device.frame().await {
        Ok(frame) => match frame.get("error") {
            Some(error) => {
                let message = error["message"].as_str().expect("a message");
                assert!(message.len() < 200, "an answer repeats what came: {message}");
                json!({ "id": frame["id"], "code": error["code"] })
            }
            None => json!({ "id": frame["id"], "result": frame["result"] }),
        },
        Err(code) => json!({ "closed": code }),
    }
}
