use crate::stage::Stage;

#[test]
fn each_phone_lists_the_calls_that_are_over_as_its_user_saw_them() {
    let stage = Stage::open();
    let (mut alice, mut bob) = (stage.phone("alice"), stage.phone("bob"));
    for phone in [&mut alice, &mut bob] {
        assert_eq!(phone.answer("login"), 0);
    }
    alice.succeeds("call bob");
    bob.event("onInvited");
    bob.succeeds("reject");
    alice.event("onCallEnd");
    alice.succeeds("call carol video");
    alice.types("hangup");

    alice.types("recent 1");
    let first = alice.until("the first page", |line| line["answer"] == "recent");
    assert_eq!((&first["code"], &first["more"]), (&0.into(), &true.into()));
    let call = &first["calls"][0];
    assert_eq!((&call["direction"], &call["outcome"]), (&"outgoing".into(), &"cancelled".into()));
    assert_eq!((&call["userIds"][0], &call["type"]), (&"carol".into(), &2.into()));
    alice.types(&format!("recent before {}", call["callId"].as_str().unwrap()));
    let second = alice.until("the second page", |line| line["answer"] == "recent");
    assert_eq!((&second["calls"][0]["outcome"], &second["more"]), (&"declined".into(), &false.into()));

    bob.types("recent");
    let page = bob.until("bob's page", |line| line["answer"] == "recent");
    assert_eq!(page["calls"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&page["calls"][0]["direction"], &page["calls"][0]["outcome"]),
        (&"incoming".into(), &"declined".into())
    );

    bob.types("recent 101");
    assert_eq!(bob.answer("recent"), -1202);
}
