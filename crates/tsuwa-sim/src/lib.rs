//! A town on a virtual clock, all of it from one seed: residents with phones, gateways, the shard with its exchange, a
//! log on a disk, media rooms, a store and a receiver of webhooks; and everything that can go wrong between them.
//!
//! It is a second shell over `tsuwa-exchange` and `tsuwa-session`: the order of append, commit and effect is theirs. After
//! every step what must always hold is looked at. [`live`] runs one seed; the same seed always lives the same day.
#![forbid(unsafe_code)]

/// A line of the story, if somebody wants it.
macro_rules! say {
    ($town:expr, $($said:tt)*) => {
        if $town.trace.is_some() {
            let line = format!($($said)*);
            $town.tell(line);
        }
    };
}

mod books;
mod clock;
mod dice;
mod disk;
mod doing;
mod laws;
mod outside;
mod people;
mod phone;
mod queue;
mod report;
mod rooms;
mod rows;
mod server;
mod town;
mod trace;
mod trouble;
mod waiting;
mod wire;

pub use report::Counts;

use std::panic::{AssertUnwindSafe, catch_unwind};
use town::Town;

/// A day on which something was not as it must be.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The seed: the same day can be lived again.
    pub seed: u64,
    /// What must always hold, and did not.
    pub law: String,
    /// In what way.
    pub how: String,
    /// At which step.
    pub step: u64,
    /// What happened last, a line each.
    pub story: Vec<String>,
}

/// Lives through a seed's day; with `aloud` it is told as it happens.
///
/// # Errors
/// [`Broken`] with the first thing that was not as it must be, and what came before it.
pub fn live(seed: u64, aloud: bool) -> Result<Counts, Box<Broken>> {
    match day(seed, false, aloud) {
        Ok(counts) => Ok(counts),
        Err(broken) if aloud => Err(broken),
        // Once more, now that somebody wants to read the story.
        Err(_) => day(seed, true, false),
    }
}

fn day(seed: u64, story: bool, aloud: bool) -> Result<Counts, Box<Broken>> {
    let mut town = Town::new(seed, story, aloud);
    let lived = catch_unwind(AssertUnwindSafe(|| town.live()));
    let broken = match (lived, town.laws.broken.take()) {
        (Ok(()), None) => {
            town.counts.seeds = 1;
            return Ok(town.counts);
        }
        (Ok(()), Some((law, how))) => (law.to_owned(), how),
        (Err(panic), _) => {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
            ("nothing panics".to_owned(), said.unwrap_or_default())
        }
    };
    let story = town.trace.take().unwrap_or_default().into();
    Err(Box::new(Broken { seed, law: broken.0, how: broken.1, step: town.counts.steps, story }))
}
