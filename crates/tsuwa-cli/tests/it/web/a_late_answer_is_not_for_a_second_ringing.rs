use super::far_end::plays;

/// The caller withdrew, and calls again into the same call, before the server heard of the rejection.
#[test]
fn a_rejection_that_was_late_does_not_decline_a_second_ringing() {
    plays(
        r#"
        far.invites("5", 10);
        const rejected = calling.reject();
        far.hears("reject");
        far.loses();
        far.resumes();
        far.tells("onCallingCancel", { callId: "5" });
        far.invites("5", 20);
        const again = far.hears("reject");
        is("it names the first", again.params, { callId: "5", invitationId: 10 });
        far.refuses(again, 8010);
        is("the answer", (await rejected).code, 8010);
        is("told", told(), ["onInvited bob", "onCallingCancel", "onInvited bob"]);
        is("it rings", calling.currentCall?.stage, "ringing");
        calling.accept();
        is("accepted", far.hears("accept").params, { callId: "5", invitationId: 20 });
        "#,
    );
}

/// The server had heard of it, and its answer was lost.
#[test]
fn the_answer_to_a_rejection_does_not_end_a_second_ringing() {
    plays(
        r#"
        far.invites("5", 10);
        const rejected = calling.reject();
        far.hears("reject");
        far.loses();
        far.resumes();
        far.invites("5", 20);
        far.answers(far.hears("reject"));
        is("the answer", (await rejected).code, 0);
        is("told", told(), ["onInvited bob", "onCallingCancel", "onInvited bob"]);
        is("it rings", calling.currentCall?.stage, "ringing");
        calling.hangup();
        is("declined", far.hears("hangup").params, { callId: "5", invitationId: 20 });
        "#,
    );
}

#[test]
fn an_acceptance_that_was_late_takes_no_second_ringing() {
    plays(
        r#"
        far.invites("5", 10);
        const accepted = calling.accept();
        await tsuwaTest.until(() => calling.sending.microphone, 30_000);
        far.hears("accept");
        far.loses();
        far.resumes();
        far.tells("onUserEnter", { callId: "5", userId: "bob" });
        far.tells("onUserLeave", { callId: "5", userId: "alice", reason: 1 });
        far.tells("onCallEnd", { callId: "5", reason: "timed_out" });
        far.invites("5", 20);
        const again = far.hears("accept");
        is("it names the first", again.params, { callId: "5", invitationId: 10 });
        far.answers(again, { callId: "5", type: 1, invitationId: 10 });
        is("the answer", (await accepted).code, 0);
        is("it rings", calling.currentCall?.stage, "ringing");
        holds("the microphone is shut", !calling.sending.microphone);
        "#,
    );
}
