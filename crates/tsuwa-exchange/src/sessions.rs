//! Who has a session, where its events and results are kept, and when one is over.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tsuwa_call::DeviceKey;
use tsuwa_proto::{Millis, SessionId, limits};
use tsuwa_session::{Outbox, Results};

/// Most sessions of an app: with two hundred bytes and an empty outbox each, some hundred megabytes.
pub(crate) const MOST: usize = 1 << 20;
/// So many sessions that somebody ended are remembered, to tell their devices that they are out and not merely
/// forgotten. A device that was told once does not ask again, so only those without a connection at that moment ever do.
const ENDED_KEPT: usize = 4096;

#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) at: DeviceKey,
    pub(crate) outbox: Outbox,
    pub(crate) results: Results,
    /// Since when its socket is down.
    down_since: Option<Millis>,
    /// It had too many events: the device has to sign in anew, and until then keeps its call.
    lapsed: bool,
    /// As last told to the shell.
    pub(crate) in_call: bool,
}

/// The sessions of an app.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub(crate) struct Sessions {
    all: BTreeMap<SessionId, Session>,
    ended: VecDeque<SessionId>,
    /// Follow from `all`: JSON has no maps with such keys.
    #[serde(skip)]
    by_device: BTreeMap<DeviceKey, SessionId>,
    #[serde(skip)]
    expiries: BTreeSet<(Millis, SessionId)>,
}

#[derive(Deserialize)]
struct Kept {
    all: BTreeMap<SessionId, Session>,
    ended: VecDeque<SessionId>,
}

impl From<Kept> for Sessions {
    fn from(kept: Kept) -> Self {
        let by_device = kept.all.iter().map(|(id, session)| (session.at.clone(), *id)).collect();
        let expiries = kept.all.iter().filter_map(|(id, session)| session.expiry(*id)).collect();
        Self { all: kept.all, ended: kept.ended, by_device, expiries }
    }
}

impl Session {
    fn expiry(&self, id: SessionId) -> Option<(Millis, SessionId)> {
        self.down_since.map(|since| (since.plus(limits::SESSION_KEPT_MS), id))
    }
}

impl Sessions {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The session, unless it is over or lapsed.
    pub(crate) fn live(&self, id: SessionId) -> Option<&Session> {
        self.all.get(&id).filter(|session| !session.lapsed)
    }

    pub(crate) fn live_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        self.all.get_mut(&id).filter(|session| !session.lapsed)
    }

    /// The live session of a device.
    pub(crate) fn of_device(&self, at: &DeviceKey) -> Option<SessionId> {
        self.by_device.get(at).copied().filter(|id| self.live(*id).is_some())
    }

    /// Whether the device has a session, be it lapsed.
    pub(crate) fn knows(&self, at: &DeviceKey) -> bool {
        self.by_device.contains_key(at)
    }

    /// Begin a session, with its socket up. The device's older one, if any, is taken away and returned.
    pub(crate) fn begin(&mut self, id: SessionId, at: &DeviceKey) -> Option<SessionId> {
        let older = self.by_device.get(at).copied();
        if let Some(older) = older {
            self.remove(older);
        }
        self.by_device.insert(at.clone(), id);
        let session = Session {
            at: at.clone(),
            outbox: Outbox::new(),
            results: Results::new(),
            down_since: None,
            lapsed: false,
            in_call: false,
        };
        self.all.insert(id, session);
        older
    }

    pub(crate) fn set_up(&mut self, id: SessionId, up: bool, now: Millis) {
        let Some(session) = self.all.get_mut(&id) else { return };
        let was = session.expiry(id);
        session.down_since = if up { None } else { session.down_since.or(Some(now)) };
        let is = session.expiry(id);
        self.expiries.extend(is);
        if let Some(was) = was.filter(|was| Some(*was) != is) {
            self.expiries.remove(&was);
        }
    }

    /// No connection is left, and the time for which a session is kept begins anew.
    pub(crate) fn all_down(&mut self, now: Millis) {
        self.expiries.clear();
        for (id, session) in &mut self.all {
            session.down_since = Some(now);
            self.expiries.extend(session.expiry(*id));
        }
    }

    /// Give a session up, but let its device keep its call for as long as a session is kept without a socket.
    pub(crate) fn lapse(&mut self, id: SessionId, now: Millis) {
        self.set_up(id, false, now);
        if let Some(session) = self.all.get_mut(&id) {
            session.lapsed = true;
            session.outbox = Outbox::new();
            session.results = Results::new();
        }
    }

    pub(crate) fn remove(&mut self, id: SessionId) -> Option<Session> {
        let session = self.all.remove(&id)?;
        self.by_device.remove(&session.at);
        if let Some(expiry) = session.expiry(id) {
            self.expiries.remove(&expiry);
        }
        Some(session)
    }

    /// Remember that somebody ended this session.
    pub(crate) fn remember_ended(&mut self, id: SessionId) {
        if self.ended.len() >= ENDED_KEPT {
            self.ended.pop_front();
        }
        self.ended.push_back(id);
    }

    pub(crate) fn was_ended(&self, id: SessionId) -> bool {
        self.ended.contains(&id)
    }

    pub(crate) fn next_expiry(&self) -> Option<Millis> {
        self.expiries.first().map(|(at, _)| *at)
    }

    /// A session that was kept long enough, taken away; and whether it was still live.
    pub(crate) fn take_expired(&mut self, now: Millis) -> Option<(SessionId, DeviceKey, bool)> {
        let (_, id) = self.expiries.first().filter(|(at, _)| *at <= now)?;
        let id = *id;
        let session = self.remove(id)?;
        Some((id, session.at, !session.lapsed))
    }
}
