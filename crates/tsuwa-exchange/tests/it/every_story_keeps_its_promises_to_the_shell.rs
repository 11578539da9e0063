use crate::story::story;
use crate::town::{APP, EPOCH};
use std::collections::{BTreeMap, BTreeSet};
use tsuwa_exchange::{EffectKind, Entry, Exchange, Input, Log};
use tsuwa_proto::{EventSeq, Outcome, RequestId, SessionId};

/// What a shell sees, and what it relies on.
#[derive(Default)]
struct Shell {
    /// Sessions that have begun and not ended, and how closely their connections are watched.
    live: BTreeMap<SessionId, bool>,
    last_seq: BTreeMap<SessionId, EventSeq>,
    outcomes: BTreeMap<(SessionId, RequestId), Outcome>,
    /// Sessions whose socket the shell said to be down.
    down: BTreeSet<SessionId>,
}

impl Shell {
    fn take(&mut self, entry: &Entry, effects: &[EffectKind]) {
        match &entry.input {
            Input::Started => self.down.extend(self.live.keys()),
            Input::Socket { session, up: false } => {
                self.down.insert(*session);
            }
            Input::Socket { session, up: true } | Input::Resume { session, .. } => {
                self.down.remove(session);
            }
            _ => {}
        }
        let answers = effects.iter().filter(|effect| is_answer(effect)).count();
        assert_eq!(answers, usize::from(wants_answer(&entry.input)), "one answer to whoever waits: {entry:?}");
        let mut ended = BTreeSet::new();
        let mut resumed = None;
        for effect in effects {
            match effect {
                EffectKind::SignedIn { session, .. } => {
                    self.live.entry(*session).or_insert(false);
                }
                EffectKind::Resumed { session, .. } => {
                    assert!(self.live.insert(*session, false).is_some(), "only what began can go on");
                    resumed = Some(*session);
                }
                EffectKind::Event { session, seq, .. } => {
                    assert!(self.live.contains_key(session), "no event before the sign-in or after the end");
                    let last = self.last_seq.insert(*session, *seq);
                    let again = resumed == Some(*session);
                    assert!(again || last.is_none_or(|last| last < *seq), "numbers rise, but in a resume");
                }
                EffectKind::Reply { session, id, outcome } => {
                    assert!(!ended.contains(session), "answered before it is closed");
                    if self.live.contains_key(session) {
                        let first = self.outcomes.entry((*session, *id)).or_insert_with(|| outcome.clone());
                        let forgotten = outcome.as_ref().is_err_and(|refusal| refusal.desc.contains("no longer kept"));
                        assert!(first == outcome || forgotten, "a repeated request has the same answer");
                    }
                }
                EffectKind::Close { session, .. } | EffectKind::Lapsed { session } => {
                    assert!(self.live.remove(session).is_some(), "each session ends once");
                    ended.insert(*session);
                }
                EffectKind::InCall { session, yes } => {
                    assert_ne!(self.live.insert(*session, *yes), Some(*yes), "said only when it changes");
                }
                _ => {}
            }
        }
    }
}

fn is_answer(effect: &EffectKind) -> bool {
    matches!(
        effect,
        EffectKind::SignedIn { .. }
            | EffectKind::SignInRefused { .. }
            | EffectKind::Resumed { .. }
            | EffectKind::ResumeRefused { .. }
            | EffectKind::Reply { .. }
            | EffectKind::AdminReply { .. }
    )
}

fn wants_answer(input: &Input) -> bool {
    matches!(
        input,
        Input::SignIn { .. } | Input::Renew { .. } | Input::Resume { .. } | Input::Request { .. } | Input::Admin { .. }
    )
}

#[test]
fn every_story_keeps_its_promises_to_the_shell() {
    for seed in 100..130 {
        let entries = story(seed, 400).log.load().unwrap().tail;
        let mut exchange = Exchange::new(APP, EPOCH);
        let mut shell = Shell::default();
        for entry in &entries {
            exchange.committed(entry);
            let effects: Vec<_> = std::iter::from_fn(|| exchange.poll_effect()).map(|effect| effect.what).collect();
            shell.take(entry, &effects);
            assert_eq!(shell.live.keys().filter(|id| exchange.device_of(**id).is_none()).count(), 0);
            for (session, watched) in &shell.live {
                let at = exchange.device_of(*session).expect("it was found above");
                assert_eq!(exchange.session_of(at), Some(*session));
                let in_call = exchange.switchboard().in_call(at);
                assert!(*watched == in_call || shell.down.contains(session), "seed {seed}, {entry:?}");
            }
        }
    }
}
