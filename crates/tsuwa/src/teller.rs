//! Tells listeners and askers, in the order in which things came to be known, on a task of its own: a listener that
//! takes its time holds up the next event and not the connection.

use crate::callback::ActionCallback;
use crate::desk::Desk;
use crate::event::TrtcCallingEvent;
use crate::standing::{Asked, Part, SignedIn, Standing};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tsuwa_proto::{CallId, CallState, Event};

/// What has changed for this device: the same for what the driver knows and for what listeners have been told.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Change {
    Nothing,
    Hears(Event),
    Got { asked: Asked, got: Part },
    InVain(Asked),
    Accepted(Part),
    Rejected(Part),
    Found(CallState),
    SignedIn,
    SignedOut,
}

impl Change {
    /// `false` where an answer came for something that was left meanwhile.
    pub(crate) fn apply(&self, standing: &mut Standing) -> bool {
        match self {
            Self::Nothing => {}
            Self::Hears(event) => standing.hears(event),
            Self::Got { asked, got } => return standing.asked_and_got(*asked, *got),
            Self::InVain(asked) => standing.asked_in_vain(*asked),
            Self::Accepted(part) => return standing.accepted(*part),
            Self::Rejected(part) => standing.leaves(*part),
            Self::Found(state) => standing.finds(state),
            Self::SignedIn => standing.is_signed_in(SignedIn::In),
            Self::SignedOut => {
                standing.is_signed_in(SignedIn::Out);
                standing.forgets_calls();
            }
        }
        true
    }
}

/// Where an [`ActionCallback`] goes.
pub(crate) type Asker = oneshot::Sender<ActionCallback>;

/// One thing to tell.
#[derive(Debug)]
pub(crate) enum Told {
    /// To every listener.
    Event { call: Option<CallId>, change: Change, event: TrtcCallingEvent },
    /// To the one who asked.
    Answer(Change, Asker, ActionCallback),
    /// To nobody.
    Silent(Change),
}

/// As many things may wait for a slow listener.
pub(crate) const WAITING: usize = 1024;

pub(crate) async fn run(mut queue: mpsc::Receiver<Told>, desk: Arc<Desk>) {
    while let Some(told) = queue.recv().await {
        match told {
            Told::Event { call, change, event } => {
                let wanted = {
                    let mut standing = desk.standing();
                    change.apply(&mut standing);
                    !standing.has_left(call)
                };
                if wanted {
                    desk.listeners.tell(&event);
                }
            }
            Told::Answer(change, asker, callback) => {
                change.apply(&mut desk.standing());
                // Whoever dropped the answer did not want it.
                let _ = asker.send(callback);
                // The asker goes on before the next event is told, so that it finds the world as its answer left it.
                tokio::task::yield_now().await;
            }
            Told::Silent(change) => {
                change.apply(&mut desk.standing());
            }
        }
    }
    desk.listeners.close();
}
