use super::far_end::plays;

/// After a resume the others may come in before `call` is answered.
#[test]
fn who_comes_in_before_call_is_answered_is_talked_to() {
    plays(
        r#"
        const answer = calling.call("bob", 1);
        const call = far.hears("call");
        far.loses();
        far.resumes();
        far.tells("onUserEnter", { callId: "5", userId: "bob" });
        far.tells("onUserAudioAvailable", { callId: "5", userId: "bob", available: true });
        far.answers(call, { callId: "5", type: 1, invitationId: 0 });
        is("the answer", (await answer).code, 0);
        is("told", told(), ["onUserEnter bob", "onUserAudioAvailable bob"]);
        const users = [{ userId: "bob", audio: true, video: false }];
        is("the call", calling.currentCall, { callId: "5", stage: "talking", type: 1, users });
        "#,
    );
}
