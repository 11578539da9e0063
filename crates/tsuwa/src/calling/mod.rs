//! The API: a handle, and what it hands to the driver.

mod audio;
mod calls;
mod recent;
mod sign_in;

use crate::builder::TrtcCallingBuilder;
use crate::callback::{ActionCallback, Answer};
use crate::command::Command;
use crate::desk::Desk;
use crate::event::TrtcCallingEvent;
use crate::listeners::{EventStream, ListenerId};
use crate::shared;
use crate::standing::SignedIn;
use crate::teller::Asker;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{mpsc, oneshot};

/// A telephone: signs a user in, makes calls and takes them.
///
/// Cloning gives another handle to the same instance. It ends with [`TrtcCalling::destroy`], or when the last handle is
/// gone (a listener that holds a handle keeps the instance alive).
///
/// Functions act at once and in the order in which they are called, also where their [`Answer`] is not awaited. `accept`,
/// `reject` and `hangup` mean the call that listeners were last told of when the function was called: should another
/// have come in its place by then, they are refused with 8010 and change nothing.
///
/// The server decides: the SDK never times a call out and never judges busy. A lost connection is made anew with
/// growing pauses, and the call goes on if that succeeds within the server's grace (15 s by default).
#[derive(Clone)]
pub struct TrtcCalling(Arc<Handle>);

struct Handle {
    desk: Arc<Desk>,
    commands: mpsc::UnboundedSender<Command>,
    asked: AtomicU64,
}

impl std::fmt::Debug for TrtcCalling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrtcCalling").finish_non_exhaustive()
    }
}

/// Making, sharing and destroying; listeners.
impl TrtcCalling {
    /// Makes an instance of one's own: several may live side by side.
    pub fn builder() -> TrtcCallingBuilder {
        TrtcCallingBuilder::new()
    }

    /// The component's singleton. The first use makes it with the builder's defaults, unless
    /// [`TrtcCallingBuilder::build_shared`] has put one in its place; [`TrtcCalling::set_server`] says where its server
    /// is. It lives on a runtime of the SDK's own.
    ///
    /// # Panics
    /// If the system gives neither threads nor randomness.
    pub fn shared_instance() -> Self {
        shared::shared()
    }

    /// Destroys the component's singleton, if there is one. The next [`TrtcCalling::shared_instance`] makes a new one.
    pub fn destroy_shared_instance() {
        shared::destroy();
    }

    /// Destroys this instance: call it when it is no longer needed. It leaves its call and signs out, as far as the
    /// server can be reached within a second, and tells nobody anything any more. Every function of any handle to it
    /// answers 6014 from now on.
    pub fn destroy(&self) {
        {
            let mut standing = self.desk().standing();
            standing.signed_in = SignedIn::Gone;
            standing.forgets_calls();
        }
        self.desk().listeners.close();
        self.send(Command::Destroy);
    }

    /// Adds a listener, called with each event in order. It may call every function of the instance, also register and
    /// unregister listeners, itself included. While it runs, the next event and every answer wait: let it hand long work
    /// on, and not wait for an [`Answer`] itself.
    pub fn register_listener(&self, listener: impl Fn(&TrtcCallingEvent) + Send + Sync + 'static) -> ListenerId {
        self.0.desk.listeners.register(Arc::new(listener))
    }

    /// Removes a listener. `false`: it was not there.
    pub fn un_register_listener(&self, listener: ListenerId) -> bool {
        self.0.desk.listeners.unregister(listener)
    }

    /// The events from now on, as a stream beside the listeners.
    pub fn events(&self) -> EventStream {
        self.0.desk.listeners.stream()
    }

    pub(crate) fn new(desk: Arc<Desk>, commands: mpsc::UnboundedSender<Command>) -> Self {
        Self(Arc::new(Handle { desk, commands, asked: AtomicU64::new(0) }))
    }

    fn desk(&self) -> &Desk {
        &self.0.desk
    }

    fn next_asked(&self) -> u64 {
        self.0.asked.fetch_add(1, Ordering::Relaxed)
    }

    /// The driver is gone only after `destroy`; then there is nothing to act on.
    fn send(&self, command: Command) {
        let _ = self.0.commands.send(command);
    }

    fn ask(&self, command: impl FnOnce(Asker) -> Command) -> Answer {
        let (asker, answer) = oneshot::channel::<ActionCallback>();
        match self.0.commands.send(command(asker)) {
            Ok(()) => Answer::awaited(answer),
            Err(_) => Answer::destroyed(),
        }
    }
}
