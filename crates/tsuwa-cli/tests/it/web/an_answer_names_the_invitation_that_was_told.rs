use super::far_end::plays;

/// As the same call can ring twice.
#[test]
fn an_answer_names_the_invitation_that_was_told() {
    plays(
        r#"
        far.invites("5", 10);
        calling.reject();
        const reject = far.hears("reject");
        is("rejected", reject.params, { callId: "5", invitationId: 10 });
        far.answers(reject);
        await 0;
        far.invites("5", 20);
        calling.hangup();
        is("declined", far.hears("hangup").params, { callId: "5", invitationId: 20 });
        far.invites("5", 30);
        const accepted = calling.accept();
        const accept = far.hears("accept");
        is("accepted", accept.params, { callId: "5", invitationId: 30 });
        far.answers(accept, { callId: "5", type: 1, invitationId: 30 });
        await accepted;
        const third = calling.call("carol", 1);
        far.answers(far.hears("call"), { callId: "5", type: 1, invitationId: 30 });
        await third;
        calling.hangup();
        is("left", far.hears("hangup").params, { callId: "5", invitationId: 30 });
        "#,
    );
}

#[test]
fn a_caller_is_in_its_call_by_no_invitation() {
    plays(
        r#"
        const answer = calling.call("bob", 1);
        far.answers(far.hears("call"), { callId: "5", type: 1, invitationId: 0 });
        await answer;
        calling.hangup();
        is("hung up", far.hears("hangup").params, { callId: "5", invitationId: 0 });
        "#,
    );
}

#[test]
fn who_is_in_a_call_still_after_a_sign_in_hangs_up_by_its_invitation() {
    plays(
        r#"
        far.invites("5", 10);
        const accepted = calling.accept();
        far.answers(far.hears("accept"), { callId: "5", type: 1, invitationId: 10 });
        await accepted;
        far.loses();
        far.refuses(far.connects("resume"), 6014);
        const hungUp = calling.hangup();
        far.welcomes(far.hears("login"), { callId: "5", invitationId: 10, type: 1, stage: "talking", users: [] });
        is("said at the sign-in", far.hears("hangup").params, { callId: "5", invitationId: 10 });
        "#,
    );
}
