//! Who saw which event when.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tsuwa::TrtcCallingEvent;

/// One line of the story.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) at: Duration,
    pub(super) who: &'static str,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// Somebody does something.
    Does(String),
    /// Somebody is told something.
    Sees(TrtcCallingEvent),
}

/// The lines of the act that is being played, and what each has seen that the story has not come to.
#[derive(Clone)]
pub(super) struct Ledger(Arc<Inside>);

struct Inside {
    began: Instant,
    pages: Mutex<Pages>,
    news: Notify,
}

#[derive(Default)]
struct Pages {
    lines: Vec<Line>,
    unread: Vec<(&'static str, VecDeque<(Instant, TrtcCallingEvent)>)>,
    periodic: Vec<(&'static str, TrtcCallingEvent)>,
}

impl Ledger {
    pub(super) fn new() -> Self {
        let inside = Inside { began: Instant::now(), pages: Mutex::default(), news: Notify::new() };
        Self(Arc::new(inside))
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        // The pages are whole whenever the lock is free.
        self.0.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn did(&self, who: &'static str, what: impl Into<String>) {
        let line = Line { at: self.0.began.elapsed(), who, what: What::Does(what.into()) };
        self.pages().lines.push(line);
    }

    /// A listener's word. What is periodic stands outside the story and is kept for those who ask.
    pub(super) fn saw(&self, who: &'static str, event: &TrtcCallingEvent) {
        let now = Instant::now();
        let mut pages = self.pages();
        if event.is_periodic() {
            pages.periodic.push((who, event.clone()));
        } else {
            let at = now.duration_since(self.0.began);
            pages.lines.push(Line { at, who, what: What::Sees(event.clone()) });
            match pages.unread.iter_mut().find(|(each, _)| *each == who) {
                Some((_, unread)) => unread.push_back((now, event.clone())),
                None => pages.unread.push((who, VecDeque::from([(now, event.clone())]))),
            }
        }
        drop(pages);
        self.0.news.notify_waiters();
    }

    /// What somebody sees next, and when that was. `None`: nothing by then.
    pub(super) async fn next(&self, who: &'static str, by: Instant) -> Option<(Instant, TrtcCallingEvent)> {
        loop {
            let news = self.0.news.notified();
            tokio::pin!(news);
            // Listed as waiting before the look, so that nothing falls between.
            news.as_mut().enable();
            let seen = {
                let mut pages = self.pages();
                pages.unread.iter_mut().find(|(each, _)| *each == who).and_then(|(_, unread)| unread.pop_front())
            };
            if seen.is_some() {
                return seen;
            }
            if tokio::time::timeout_at(by.into(), news).await.is_err() {
                return None;
            }
        }
    }

    /// Whether somebody has seen an event of this name that the story has not come to.
    pub(super) fn has_seen(&self, who: &'static str, name: &str) -> bool {
        let pages = self.pages();
        let unread = pages.unread.iter().find(|(each, _)| *each == who);
        unread.is_some_and(|(_, unread)| unread.iter().any(|(_, event)| event.name() == name))
    }

    /// What was seen and is nowhere in the story.
    pub(super) fn surplus(&self) -> Vec<String> {
        let mut pages = self.pages();
        let mut surplus = Vec::new();
        for (who, unread) in &mut pages.unread {
            surplus.extend(unread.drain(..).map(|(_, event)| format!("{who} also saw {}", brief(&event))));
        }
        surplus
    }

    /// Waits until a periodic event is as wanted.
    pub(super) async fn periodic(
        &self,
        who: &'static str,
        by: Instant,
        wanted: impl Fn(&TrtcCallingEvent) -> bool,
    ) -> bool {
        loop {
            let news = self.0.news.notified();
            tokio::pin!(news);
            news.as_mut().enable();
            let found = self.pages().periodic.iter().any(|(each, event)| *each == who && wanted(event));
            if found {
                return true;
            }
            if tokio::time::timeout_at(by.into(), news).await.is_err() {
                return false;
            }
        }
    }

    /// The lines so far; the next act begins on a new page.
    pub(super) fn take(&self) -> Vec<Line> {
        let mut pages = self.pages();
        pages.periodic.clear();
        std::mem::take(&mut pages.lines)
    }
}

/// An event in one line: its name, and its parameters by name.
pub(super) fn brief(event: &TrtcCallingEvent) -> String {
    let value = serde_json::to_value(event).unwrap_or_default();
    let mut text = event.name().to_owned();
    for (name, value) in value["params"].as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.push_str(&format!(" {name}={value}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_nowhere_in_the_story_is_surplus_and_what_does_not_come_is_missed() {
        let ledger = Ledger::new();
        ledger.saw("bob", &TrtcCallingEvent::OnCallingTimeOut {});
        ledger.saw("bob", &TrtcCallingEvent::OnCallEnd { reason: None });
        let by = Instant::now() + Duration::from_millis(1);
        let first = ledger.next("bob", by).await.map(|(_, event)| event);
        assert_eq!(first, Some(TrtcCallingEvent::OnCallingTimeOut {}));
        assert!(ledger.next("alice", by).await.is_none());
        assert_eq!(ledger.surplus(), ["bob also saw onCallEnd"]);
        assert!(ledger.surplus().is_empty());
    }
}
