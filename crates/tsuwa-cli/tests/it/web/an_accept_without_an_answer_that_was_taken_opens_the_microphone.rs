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
        await tsuwaTest.until(() => calling.sending.microphone, 10_000);
        "#,
    );
}
