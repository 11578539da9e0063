use super::far_end::plays;

/// A call that crosses with an invitation is refused.
#[test]
fn a_microphone_that_was_opened_for_a_refused_call_is_shut_while_another_rings() {
    plays(
        r#"
        const answer = calling.call("bob", 1);
        await tsuwaTest.until(() => calling.sending.microphone, 30_000);
        far.invites("6", 10, "carol");
        far.refuses(far.hears("call"), -1203);
        is("the answer", (await answer).code, -1203);
        is("it rings", [told(), calling.currentCall?.stage], [["onInvited carol"], "ringing"]);
        holds("the microphone is shut", !calling.sending.microphone);
        "#,
    );
}

#[test]
fn a_microphone_that_was_opened_for_a_call_that_is_over_is_shut_while_another_rings() {
    plays(
        r#"
        const answer = calling.call("bob", 1);
        await tsuwaTest.until(() => calling.sending.microphone, 30_000);
        const call = far.hears("call");
        far.loses();
        far.resumes();
        far.tells("onLineBusy", { callId: "5", userId: "bob" });
        far.tells("onCallEnd", { callId: "5" });
        far.invites("6", 10, "carol");
        far.answers(call, { callId: "5", type: 1, invitationId: 0 });
        is("the answer", (await answer).code, 0);
        is("it rings", calling.currentCall?.callId, "6");
        holds("the microphone is shut", !calling.sending.microphone);
        "#,
    );
}

/// Where the call was sent before the invitation was heard of, it may be taken as its answer.
#[test]
fn a_microphone_stays_open_for_a_call_that_is_taken_as_an_accept() {
    plays(
        r#"
        const answer = calling.call("bob", 1);
        await tsuwaTest.until(() => calling.sending.microphone, 30_000);
        far.invites("6", 10, "bob");
        far.answers(far.hears("call"), { callId: "6", type: 1, invitationId: 10 });
        is("the answer", (await answer).code, 0);
        is("the call", calling.currentCall?.stage, "talking");
        holds("the microphone is open", calling.sending.microphone);
        "#,
    );
}
