use super::far_end::plays;

/// The answer was lost, and the callee came in before the server had heard of the hang-up.
#[test]
fn a_call_that_was_hung_up_without_a_server_does_not_come_back() {
    plays(
        r#"
        const answer = calling.call("bob", 1);
        const call = far.hears("call");
        far.loses();
        const hungUp = calling.hangup();
        far.resumes();
        far.tells("onUserEnter", { callId: "5", userId: "bob" });
        far.tells("onUserAudioAvailable", { callId: "5", userId: "bob", available: true });
        far.answers(far.hears("call"), { callId: "5", type: 1, invitationId: 0 });
        const hangup = far.hears("hangup");
        is("it is named by the request", hangup.params, { request: call.id });
        far.answers(hangup);
        is("the answers", [(await answer).code, (await hungUp).code], [0, 0]);
        is("told", told(), []);
        is("the call", calling.currentCall, null);
        "#,
    );
}

/// The app was told that its call failed; the server had it all the same.
#[test]
fn a_call_without_an_answer_does_not_come_back() {
    plays(
        r#"
        const answer = calling.call("bob", 1);
        const call = far.hears("call");
        far.passes(15_000);
        is("the answer", (await answer).code, 9520);
        is("nobody is to be rung", far.hears("hangup").params, { request: call.id });
        far.tells("onUserEnter", { callId: "5", userId: "bob" });
        far.tells("onUserLeave", { callId: "5", userId: "bob", reason: 0 });
        far.tells("onCallEnd", { callId: "5" });
        is("told", told(), []);
        is("the call", calling.currentCall, null);
        "#,
    );
}

#[test]
fn a_call_without_an_answer_does_not_come_back_at_the_next_sign_in() {
    plays(
        r#"
        const answer = calling.call("bob", 1);
        far.hears("call");
        far.loses();
        passes(16_000);
        is("the answer", (await answer).code, 9508);
        far.resumes();
        const users = [{ userId: "bob", audio: false, video: false }];
        far.signsInAnew({ callId: "5", invitationId: 0, type: 1, stage: "talking", users });
        is("it is hung up", far.hears("hangup").params, { callId: "5", invitationId: 0 });
        far.tells("onUserEnter", { callId: "5", userId: "bob" });
        is("told", told(), []);
        is("the call", calling.currentCall, null);
        "#,
    );
}
