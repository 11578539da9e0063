//! Who is told: listeners, and readers of a stream.

use crate::event::TrtcCallingEvent;
use futures_util::Stream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// A listener, as `register_listener` named it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ListenerId(u64);

type ListenerFn = Arc<dyn Fn(&TrtcCallingEvent) + Send + Sync>;

/// A call makes a handful of events; a reader this far behind has stopped reading.
const STREAM_EVENTS: usize = 1024;

/// The listeners of one instance. Telling holds no lock while a listener runs, so that it may register and unregister.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    closed: bool,
    next: u64,
    functions: Vec<(ListenerId, ListenerFn)>,
    streams: Vec<mpsc::Sender<TrtcCallingEvent>>,
}

impl Listeners {
    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        // The lists are whole whenever the lock is free, even after a panic elsewhere.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn register(&self, function: ListenerFn) -> ListenerId {
        let mut inside = self.inside();
        let id = ListenerId(inside.next);
        inside.next += 1;
        inside.functions.push((id, function));
        id
    }

    pub(crate) fn unregister(&self, id: ListenerId) -> bool {
        let mut inside = self.inside();
        let before = inside.functions.len();
        inside.functions.retain(|(each, _)| *each != id);
        inside.functions.len() != before
    }

    pub(crate) fn stream(&self) -> EventStream {
        let (tx, rx) = mpsc::channel(STREAM_EVENTS);
        let mut inside = self.inside();
        if !inside.closed {
            inside.streams.push(tx);
        }
        EventStream(rx)
    }

    /// Nobody is told anything any more.
    pub(crate) fn close(&self) {
        // What listeners own may run code when it is dropped: not under the lock.
        let gone = {
            let mut inside = self.inside();
            inside.closed = true;
            (std::mem::take(&mut inside.functions), std::mem::take(&mut inside.streams))
        };
        drop(gone);
    }

    /// Tell everybody who is registered now. One that a listener unregisters meanwhile is told no more; one that it
    /// registers is told from the next event on.
    pub(crate) fn tell(&self, event: &TrtcCallingEvent) {
        let present: Vec<_> = {
            let mut inside = self.inside();
            inside.streams.retain(|stream| match stream.try_send(event.clone()) {
                Ok(()) => true,
                Err(mpsc::error::TrySendError::Full(event)) => event.is_periodic(),
                Err(mpsc::error::TrySendError::Closed(_)) => false,
            });
            inside.functions.clone()
        };
        for (id, function) in present {
            if !self.inside().functions.iter().any(|(each, _)| *each == id) {
                continue;
            }
            // A listener's bug must not take the telephone with it.
            if catch_unwind(AssertUnwindSafe(|| function(event))).is_err() {
                tracing::error!(event = event.name(), "a listener panicked");
            }
        }
    }
}

/// The events of an instance from the moment `events()` was called, in order.
///
/// A reader that falls 1024 events behind misses the periodic ones, and at the next other one its stream ends.
#[derive(Debug)]
pub struct EventStream(mpsc::Receiver<TrtcCallingEvent>);

impl EventStream {
    /// The next event; `None` when the instance was destroyed.
    pub async fn next(&mut self) -> Option<TrtcCallingEvent> {
        self.0.recv().await
    }
}

impl Stream for EventStream {
    type Item = TrtcCallingEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<TrtcCallingEvent>> {
        self.0.poll_recv(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_listener_may_unregister_itself_and_register_another() {
        let listeners = Arc::new(Listeners::default());
        let (first, second) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let id = Arc::new(Mutex::new(None));
        let function = {
            let (listeners, first, second, id) = (listeners.clone(), first.clone(), second.clone(), id.clone());
            move |_: &TrtcCallingEvent| {
                first.fetch_add(1, Ordering::Relaxed);
                let own = id.lock().unwrap().take().unwrap();
                assert!(listeners.unregister(own));
                let second = second.clone();
                listeners.register(Arc::new(move |_| {
                    second.fetch_add(1, Ordering::Relaxed);
                }));
            }
        };
        *id.lock().unwrap() = Some(listeners.register(Arc::new(function)));
        for _ in 0..3 {
            listeners.tell(&TrtcCallingEvent::OnCallingTimeOut {});
        }
        assert_eq!((first.load(Ordering::Relaxed), second.load(Ordering::Relaxed)), (1, 2));
    }

    #[test]
    fn a_listener_that_panics_does_not_silence_the_others() {
        let listeners = Listeners::default();
        listeners.register(Arc::new(|_| panic!("a bug of the app")));
        let heard = Arc::new(AtomicUsize::new(0));
        let count = heard.clone();
        listeners.register(Arc::new(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        }));
        listeners.tell(&TrtcCallingEvent::OnCallingTimeOut {});
        assert_eq!(heard.load(Ordering::Relaxed), 1);
    }
}
