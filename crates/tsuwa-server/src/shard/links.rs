//! Which connection is whose.

use crate::gateway::{End, Link};
use std::collections::BTreeMap;
use std::sync::Arc;
use tsuwa_proto::{RequestId, SessionId};

/// A `login` or `resume` whose answer is on its way.
pub(super) struct Pending {
    pub(super) link: Arc<Link>,
    pub(super) id: RequestId,
    /// It renews the ticket of a session that the connection has already.
    pub(super) renews: bool,
}

/// The connections of a shard's sessions.
#[derive(Default)]
pub(super) struct Links {
    sessions: BTreeMap<SessionId, Arc<Link>>,
    by_link: BTreeMap<u64, SessionId>,
    pending: BTreeMap<u64, Pending>,
    last_origin: u64,
}

impl Links {
    /// A number by which the answer will find who waits for it.
    pub(super) fn origin(&mut self) -> u64 {
        self.last_origin += 1;
        self.last_origin
    }

    pub(super) fn wait(&mut self, pending: Pending) -> u64 {
        let origin = self.origin();
        self.pending.insert(origin, pending);
        origin
    }

    pub(super) fn waiting(&mut self, origin: u64) -> Option<Pending> {
        self.pending.remove(&origin)
    }

    /// From now on, the session's connection is this one; gives the one before, if that is another.
    pub(super) fn join(&mut self, session: SessionId, link: Arc<Link>) -> Option<Arc<Link>> {
        self.by_link.insert(link.id, session);
        let before = self.sessions.insert(session, Arc::clone(&link)).filter(|before| before.id != link.id);
        if let Some(before) = &before {
            self.by_link.remove(&before.id);
        }
        before
    }

    /// The session's connection.
    pub(super) fn of(&self, session: SessionId) -> Option<&Arc<Link>> {
        self.sessions.get(&session)
    }

    /// Whether this is the session's present connection.
    pub(super) fn is_present(&self, session: SessionId, link: u64) -> bool {
        self.sessions.get(&session).is_some_and(|present| present.id == link)
    }

    /// The session has no connection any more.
    pub(super) fn part(&mut self, session: SessionId) -> Option<Arc<Link>> {
        let link = self.sessions.remove(&session)?;
        self.by_link.remove(&link.id);
        Some(link)
    }

    /// A connection is over; gives the session whose present one it was.
    pub(super) fn left(&mut self, link: u64) -> Option<SessionId> {
        let session = self.by_link.remove(&link)?;
        self.sessions.remove(&session);
        Some(session)
    }
}

/// A shard that is no more serves nobody.
impl Drop for Links {
    fn drop(&mut self) {
        let waiting = self.pending.values().map(|pending| &pending.link);
        for link in self.sessions.values().chain(waiting) {
            link.end(End::BROKEN);
        }
    }
}
