use super::far_end::plays;

/// However much a page has asked for while there was no connection.
#[test]
fn one_can_always_hang_up() {
    plays(
        r#"
        far.invites("5", 10);
        const accepted = calling.accept();
        far.answers(far.hears("accept"), { callId: "5", type: 1, invitationId: 10 });
        await accepted;
        far.loses();
        const looks = Array.from({ length: 300 }, () => calling.queryRecentCalls());
        const hungUp = calling.hangup();
        far.resumes();
        let heard = 0;
        for (let next; (next = far.requests()[0]); heard += next.method === "hangup" ? 1 : 0) far.answers(far.hears(next.method));
        is("the server hears of it", heard, 1);
        is("the answer", (await hungUp).code, 0);
        const codes = (await Promise.all(looks)).map(({ code }) => code);
        is("the others", [codes.filter((code) => code === 0).length, codes.filter((code) => code === 7008).length], [256, 44]);
        "#,
    );
}

#[test]
fn whoever_was_called_and_hung_up_without_a_server_is_rung_by_nobody() {
    plays(
        r#"
        far.loses();
        const answers = [];
        for (let time = 0; time < 300; time += 1) answers.push(calling.call("bob", 1), calling.hangup());
        far.resumes();
        const rung = new Set();
        for (let next; (next = far.requests()[0]); ) {
          far.hears(next.method);
          if (next.method === "call") rung.add(next.id);
          else rung.delete(next.params.request);
          far.answers(next, next.method === "call" ? { callId: String(next.id), type: 1, invitationId: 0 } : {});
        }
        is("who is rung by", [...rung], []);
        holds("everybody is answered", (await Promise.all(answers)).length === 600);
        is("the call", calling.currentCall, null);
        "#,
    );
}

#[test]
fn a_hangup_that_the_server_had_no_time_for_is_said_again() {
    plays(
        r#"
        far.invites("5", 10);
        const accepted = calling.accept();
        far.answers(far.hears("accept"), { callId: "5", type: 1, invitationId: 10 });
        await accepted;
        const hungUp = calling.hangup();
        const hangup = far.hears("hangup");
        for (let time = 0; time < 3; time += 1) {
          far.refuses(hangup, 7008);
          if (time === 0) calling.call("carol", 1);
          is("at once, or of the next call", far.requests(), []);
          far.passes(1_100);
          is("again", far.hears("hangup"), hangup);
          if (time === 0) far.hears("call");
        }
        far.answers(hangup);
        is("the answer", (await hungUp).code, 0);
        is("told", told(), ["onInvited bob"]);
        far.passes(5_000);
        is("no more", far.requests(), []);
        "#,
    );
}
