//! Calls at a rate.

use super::books::Books;
use super::party::Party;
use super::story::{Broken, Plan, Trio};
use crate::bench::draw::Draw;
use crate::bench::stand::Stand;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{MissedTickBehavior, interval};
use tsuwa::load::Load as Media;

/// A call takes 2 s on average, and longer where the server is killed: so many seconds' worth of callers.
const SECONDS: u32 = 6;
/// What was on its way is there by then.
const QUIET: Duration = Duration::from_secs(1);

/// All who call.
pub(super) struct Load {
    without: Pool,
    with: Pool,
    rate: u32,
    media: u32,
    books: Arc<Books>,
    draw: Draw,
    /// Calls that were due when nobody was free.
    held_back: u32,
    lasted: Duration,
    /// Whose story broke: what they are in is not known.
    broken: Vec<Trio>,
    /// Held, so that the media's thread lives.
    _carrier: Option<Media>,
}

type Pool = VecDeque<Trio>;

/// A load that is going on.
pub(super) struct Calling {
    stop: watch::Sender<bool>,
    task: JoinHandle<Load>,
}

impl Load {
    pub(super) async fn sign_in(
        stand: &Stand,
        rate: u32,
        media: u32,
        books: Arc<Books>,
        draw: Draw,
    ) -> Result<Self, String> {
        let carrier = if media > 0 { Some(Media::start().map_err(|e| e.to_string())?) } else { None };
        let with = (rate * SECONDS * media).div_ceil(100);
        let without = rate * SECONDS - with.min(rate * SECONDS);
        let without = pool(stand, "silent", without, None).await?;
        let with = pool(stand, "loud", with, carrier.as_ref()).await?;
        Ok(Self {
            without,
            with,
            rate,
            media,
            books,
            draw,
            held_back: 0,
            lasted: Duration::ZERO,
            broken: Vec::new(),
            _carrier: carrier,
        })
    }

    pub(super) fn devices(&self) -> usize {
        3 * (self.with.len() + self.without.len())
    }

    /// So many calls that were due were not made, for nobody was free; and how long the load went on.
    pub(super) fn pace(&self) -> (u32, Duration) {
        (self.held_back, self.lasted)
    }

    pub(super) fn begin(self) -> Calling {
        let (stop, stopped) = watch::channel(false);
        Calling { stop, task: tokio::spawn(self.go_on(stopped)) }
    }

    async fn go_on(mut self, mut stopped: watch::Receiver<bool>) -> Self {
        let mut due = interval(Duration::from_secs(1) / self.rate);
        due.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut stories = JoinSet::new();
        let began = Instant::now();
        // Calls that were made beside those that were due.
        let mut ahead = 0;
        loop {
            tokio::select! {
                _ = due.tick() => if ahead > 0 { ahead -= 1 } else { ahead += self.next_story(&mut stories) },
                Some(done) = stories.join_next() => self.take_back(done.ok()),
                _ = stopped.changed() => break,
            }
        }
        self.lasted = began.elapsed();
        while let Some(done) = stories.join_next().await {
            self.take_back(done.ok());
        }
        self
    }

    /// Begins one, if anybody is free; gives the calls beside its first.
    fn next_story(&mut self, stories: &mut JoinSet<(Trio, bool, Result<(), Broken>)>) -> u32 {
        let loud = self.draw.percent(self.media);
        let pool = if loud { &mut self.with } else { &mut self.without };
        let Some(mut trio) = pool.pop_front() else {
            self.held_back += 1;
            return 0;
        };
        let (books, mut draw) = (Arc::clone(&self.books), self.draw.split());
        let plan = Plan::draw(&mut draw);
        stories.spawn(async move {
            let played = trio.play(plan, &mut draw, &books).await;
            (trio, loud, played)
        });
        plan.calls() - 1
    }

    fn take_back(&mut self, done: Option<(Trio, bool, Result<(), Broken>)>) {
        match done {
            Some((trio, true, Ok(()))) => self.with.push_back(trio),
            Some((trio, false, Ok(()))) => self.without.push_back(trio),
            Some((trio, _, Err(broken))) => {
                match broken {
                    Broken::Unanswered => self.books.not_answered(),
                    Broken::Fault(why) => self.books.fault(why),
                }
                self.broken.push(trio);
            }
            None => self.books.fault("a story panicked".into()),
        }
    }

    /// Whose stories came to their end are told of nothing more.
    pub(super) async fn hears_nothing_more(&self) -> Vec<String> {
        tokio::time::sleep(QUIET).await;
        let idle = self.with.iter().chain(&self.without).flat_map(|trio| &trio.parties);
        idle.filter_map(|party| party.calling.current_call().map(|_| format!("{} is in a call still", party.user)))
            .collect()
    }

    /// Everybody leaves.
    pub(super) async fn sign_out(self) -> Vec<String> {
        let mut leaving = JoinSet::new();
        for trio in self.with.into_iter().chain(self.without).chain(self.broken) {
            for party in trio.parties {
                leaving.spawn(async move {
                    let left = party.succeeds("logout", party.calling.logout().await);
                    party.calling.destroy();
                    left
                });
            }
        }
        let mut wrong = Vec::new();
        while let Some(left) = leaving.join_next().await {
            wrong.extend(left.unwrap_or_else(|_| Err("a logout panicked".into())).err());
        }
        super::books::named(wrong, "could not sign out")
    }
}

impl Calling {
    /// No more calls begin; gives everybody back when the last story is over.
    pub(super) async fn end(self) -> Load {
        let _ = self.stop.send(true);
        match self.task.await {
            Ok(load) => load,
            // It has no way to fail of its own.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

async fn pool(stand: &Stand, name: &str, count: u32, media: Option<&Media>) -> Result<Pool, String> {
    let mut pool = Pool::new();
    for number in 0..count {
        let user = |letter: char| format!("{name}-{number}-{letter}");
        let parties = [
            Party::sign_in(stand, user('a'), media).await?,
            Party::sign_in(stand, user('b'), media).await?,
            Party::sign_in(stand, user('c'), media).await?,
        ];
        pool.push_back(Trio { parties });
    }
    Ok(pool)
}
