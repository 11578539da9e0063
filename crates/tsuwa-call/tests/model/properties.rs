//! What holds in every state, and what has to be seen in some.

use crate::moments::Moment;
use crate::system::{Size, State};
use stateright::{Expectation, Property};

/// What is promised to users, as far as a switchboard can keep it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Promise {
    Rules,
    Refusals,
    OneEnd,
    OneCall,
    Stories,
    Agreement,
    Busy,
    Consent,
    Rooms,
    Deadlines,
}

const PROMISES: [(Promise, &str); 10] = [
    (Promise::Rules, "each request is answered, and everybody is where, as the rules say"),
    (Promise::Refusals, "a refusal changes nothing"),
    (Promise::OneEnd, "every invitation, every stay and every call ends in exactly one way"),
    (Promise::OneCall, "nobody is in two calls"),
    (Promise::Stories, "no device is told what can't be, and an end once"),
    (Promise::Agreement, "every device that is there believes what is so"),
    (Promise::Busy, "busy, no answer and rejected are said of whom they are true"),
    (Promise::Consent, "media is let through for those, and only those, who called or accepted"),
    (Promise::Rooms, "no room and no leg is left over"),
    (Promise::Deadlines, "nothing is due but what somebody waits for"),
];

/// What is promised, in words.
pub(crate) fn name(promise: Promise) -> &'static str {
    PROMISES.iter().find(|(each, _)| *each == promise).map_or("", |(_, name)| name)
}

fn kept<const N: usize>(_: &Size, state: &State) -> bool {
    state.broken.iter().all(|(promise, _)| *promise != PROMISES[N].0)
}

fn seen<const N: u8>(_: &Size, state: &State) -> bool {
    state.moments.bit(N)
}

/// A property's condition is a function without surroundings, so there is one for each number.
macro_rules! each {
    ($function:ident, $($number:literal)*) => {
        [$($function::<$number>),*]
    };
}

type Condition = fn(&Size, &State) -> bool;
const KEPT: [Condition; 10] = each!(kept, 0 1 2 3 4 5 6 7 8 9);
const SEEN: [Condition; 23] = each!(seen, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22);

pub(crate) fn of(size: &Size) -> Vec<Property<Size>> {
    let kept = PROMISES.iter().zip(KEPT).map(|((_, name), condition)| Property::always(name, condition));
    let seen = size.sometimes.iter().map(|moment: &Moment| Property {
        expectation: Expectation::Sometimes,
        name: moment.name(),
        condition: SEEN[*moment as usize],
    });
    kept.chain(seen).collect()
}
