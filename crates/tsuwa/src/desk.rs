//! What the handles of one instance share.

use crate::listeners::Listeners;
use crate::media::Route;
use crate::server_url::ServerUrl;
use crate::standing::Standing;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tsuwa_proto::{AppId, UserId};

/// When somebody's voice was first heard here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct FirstSound {
    /// When its packet came in.
    pub arrived: Instant,
    /// When it was handed to the loudspeaker.
    pub played: Instant,
}

/// What the sound of the present call, or the last one, is like.
#[derive(Default)]
pub(crate) struct SoundNotes {
    pub(crate) first: BTreeMap<UserId, FirstSound>,
    pub(crate) route: Option<Route>,
}

/// Since when the connections stand; for measuring.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Connected {
    /// The one to the server; `None` while there is none.
    pub session: Option<Instant>,
    /// The one that carries the sound of the present call; `None` before it is up, and when it was found lost.
    pub media: Option<Instant>,
}

pub(crate) struct Desk {
    pub(crate) listeners: Listeners,
    standing: Mutex<Standing>,
    sound: Mutex<SoundNotes>,
    connected: Mutex<Connected>,
    /// Who is signed in, or signing in.
    who: Mutex<Option<(AppId, UserId)>>,
    server: Mutex<ServerUrl>,
}

impl Desk {
    pub(crate) fn new(server: ServerUrl) -> Self {
        Self {
            listeners: Listeners::default(),
            standing: Mutex::default(),
            sound: Mutex::default(),
            connected: Mutex::default(),
            who: Mutex::default(),
            server: Mutex::new(server),
        }
    }

    // Nothing here is left half done while a lock is held, so a panic elsewhere spoils nothing.

    /// What listeners have been told.
    pub(crate) fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn sound(&self) -> MutexGuard<'_, SoundNotes> {
        self.sound.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn connected(&self) -> MutexGuard<'_, Connected> {
        self.connected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn who(&self) -> MutexGuard<'_, Option<(AppId, UserId)>> {
        self.who.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn server(&self) -> MutexGuard<'_, ServerUrl> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
