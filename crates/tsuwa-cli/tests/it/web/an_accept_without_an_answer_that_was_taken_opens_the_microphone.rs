use super::far_end::plays;

/// The app was told that nobody answered; the server had taken it, and says so by an event.
#[test]
fn an_accept_without_an_answer_that_was_taken_opens_the_microphone() {
    plays(
        r#"
        far.invites("5", 10);
        const accepted = calling.accept();
        far.hears("accept");
        far.passes(15_000);
        is("the answer", (await accepted).code, 9520);
        holds("the microphone is shut", !calling.sending.microphone);
        far.tells("onUserEnter", { callId: "5", userId: "bob" });
        is("told", told(), ["onInvited bob", "onUserEnter bob"]);
        await tsuwaTest.until(() => calling.sending.microphone, 30_000);
        "#,
    );
}

/// The page shows it as the call that it is, with the red button.
#[test]
fn an_accept_without_an_answer_that_was_taken_is_shown() {
    plays(
        r#"
        const { Model } = await import("/web/latest/ui/model.js");
        const model = new Model(calling);
        far.invites("5", 10);
        is("it rings", model.screen, "incoming");
        const accepted = model.accept(true);
        far.hears("accept");
        far.passes(15_000);
        await accepted;
        is("it failed", model.screen, "ended");
        far.tells("onUserEnter", { callId: "5", userId: "bob" });
        is("it did not", [model.screen, model.ended, [...model.people.keys()]], ["call", null, ["bob"]]);
        model.hangUp();
        is("hung up", far.hears("hangup").params, { callId: "5", invitationId: 10 });
        "#,
    );
}
