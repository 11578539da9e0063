use super::far_end::plays;

/// It is on its way, or will be: the phone rings no more, and says it again where the server has not heard of it.
#[test]
fn a_ringing_that_was_rejected_without_an_answer_is_over() {
    plays(
        r#"
        far.invites("5", 10);
        is("told", told(), ["onInvited bob"]);
        const rejected = calling.reject();
        far.hears("reject");
        far.passes(14_000);
        is("it is waited for", calling.currentCall?.stage, "ringing");
        far.passes(2_000);
        is("the answer", (await rejected).code, 9520);
        is("the call", calling.currentCall, null);
        is("accept", (await calling.accept()).code, -1203);

        far.signsInAnew({ callId: "5", invitationId: 10, type: 1, stage: "ringing", users: [] });
        far.invites("5", 10);
        const again = far.hears("hangup");
        is("said again", again.params, { callId: "5", invitationId: 10 });
        far.answers(again);
        is("it does not ring for that", [told(), calling.currentCall], [[], null]);
        far.invites("5", 20);
        is("the next time it rings", told(), ["onInvited bob"]);
        "#,
    );
}
