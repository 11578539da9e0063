use super::far_end::plays;

/// After a resume the answer to `call` may come behind the end of its call.
#[test]
fn a_call_whose_end_came_before_its_answer_is_over() {
    plays(
        r#"
        const answer = calling.call("bob", 1);
        await tsuwaTest.until(() => calling.sending.microphone, 30_000);
        const call = far.hears("call");
        far.loses();
        far.resumes();
        far.tells("onLineBusy", { callId: "5", userId: "bob" });
        far.tells("onCallEnd", { callId: "5" });
        is("the call is asked for again", far.hears("call"), call);
        far.answers(call, { callId: "5", type: 1, invitationId: 0 });
        is("the answer", (await answer).code, 0);
        is("told", told(), ["onLineBusy bob", "onCallEnd"]);
        is("the call", calling.currentCall, null);
        holds("the microphone is let go", !calling.sending.microphone);

        const next = calling.call("carol", 1);
        far.answers(far.hears("call"), { callId: "6", type: 1, invitationId: 0 });
        is("the next answer", (await next).code, 0);
        is("the next call", calling.currentCall?.stage, "calling");
        "#,
    );
}
