use super::far_end::plays;

/// What was hung up without an answer was an earlier time.
#[test]
fn a_call_that_rings_again_after_a_hangup_rings() {
    plays(
        r#"
        far.invites("5", 10);
        const accepted = calling.accept();
        far.answers(far.hears("accept"), { callId: "5", type: 1, invitationId: 10 });
        is("accepted", (await accepted).code, 0);
        far.loses();
        const hungUp = calling.hangup();
        far.refuses(far.connects("resume"), 6014);
        far.welcomes(far.hears("login"));
        is("hung up", (await hungUp).code, 9508);
        far.invites("5", 20);
        is("told", told(), ["onInvited bob", "onInvited bob"]);
        far.signsInAnew({ callId: "5", invitationId: 20, type: 1, stage: "ringing", users: [] });
        far.invites("5", 20);
        is("nothing is hung up", far.requests(), []);
        is("told of it again", told(), []);
        is("the call", calling.currentCall?.stage, "ringing");
        "#,
    );
}

#[test]
fn a_ringing_that_was_replaced_while_away_ends_and_rings_anew() {
    plays(
        r#"
        far.invites("5", 10);
        far.signsInAnew({ callId: "5", invitationId: 20, type: 1, stage: "ringing", users: [] });
        far.invites("5", 20, "carol");
        is("told", told(), ["onInvited bob", "onCallingCancel", "onInvited carol"]);
        calling.accept();
        is("accepted", far.hears("accept").params, { callId: "5", invitationId: 20 });
        "#,
    );
}
