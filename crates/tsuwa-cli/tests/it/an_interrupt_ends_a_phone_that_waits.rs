use crate::stage::{Stage, talk};

#[test]
fn an_interrupt_ends_a_phone_that_waits() {
    let stage = Stage::open();
    // The last of them waits for the next line alone.
    for waiting in ["wait onInvited 3600", "sleep 3600", "help"] {
        let (mut alice, mut bob) = (stage.phone("alice"), stage.phone("bob"));
        talk(&mut alice, &mut bob);
        alice.types(waiting);
        // The answer to this is not waited for: what matters is that the line before is being carried out.
        alice.interrupts();
        assert_eq!(bob.event("onUserLeave")["reason"], 0, "it left by itself");
        assert!(alice.is_over(), "{waiting}");
    }
}
