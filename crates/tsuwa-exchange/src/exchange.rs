//! The order of things: propose, append, commit, effect.

use crate::state::State;
use crate::turn::Turn;
use crate::{Effect, Entry, Input};
use std::collections::VecDeque;
use tsuwa_call::{DeviceKey, Switchboard};
use tsuwa_proto::{AppId, Millis, SessionId};

/// The sessions and calls of one app, as its log makes them.
///
/// ```
/// use tsuwa_exchange::{Exchange, Input, Log, MemoryLog};
/// use tsuwa_proto::{AppId, Millis};
///
/// let mut log = MemoryLog::new();
/// let mut exchange = Exchange::new(AppId(1_400_000_001), log.reign()?);
/// let entry = exchange.propose(Millis(1_000), Input::Started);
/// log.append(std::slice::from_ref(&entry))?;
/// exchange.committed(&entry);
/// while let Some(effect) = exchange.poll_effect() {
///     // carry it out
/// }
/// # Ok::<(), tsuwa_exchange::LogError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Exchange {
    epoch: u64,
    state: State,
    /// The last proposal's position and moment; at or ahead of the state's.
    proposed: u64,
    proposed_at: Millis,
    effects: VecDeque<Effect>,
}

impl Exchange {
    /// An app whose log is empty. `epoch` numbers the reign of this writer: higher than that of any before.
    pub fn new(app: AppId, epoch: u64) -> Self {
        Self::with(epoch, State::new(app))
    }

    pub(crate) fn with(epoch: u64, state: State) -> Self {
        let (proposed, proposed_at) = (state.position, state.at);
        Self { epoch, state, proposed, proposed_at, effects: VecDeque::new() }
    }

    /// The entry that is to be appended for this input: the next position, and `now` unless that is before the last
    /// entry's moment. Nothing else changes. Several may be proposed before the first is committed.
    pub fn propose(&mut self, now: Millis, input: Input) -> Entry {
        self.proposed_at = self.proposed_at.max(now);
        self.proposed = match self.proposed {
            0 => first_position(self.proposed_at),
            last => last + 1,
        };
        Entry { position: self.proposed, at: self.proposed_at, input }
    }

    /// Proposals that are not committed won't be: the log did not take them.
    pub fn withdraw(&mut self) {
        (self.proposed, self.proposed_at) = (self.state.position, self.state.at);
    }

    /// The entry is in the log: let it take effect.
    ///
    /// # Panics
    /// If it is not the one after the last. A log is in order, so the shell has mixed up two logs; going on would tear
    /// calls apart.
    pub fn committed(&mut self, entry: &Entry) {
        assert!(self.state.is_next(entry), "entry {} is not the next one", entry.position);
        self.proposed = self.proposed.max(entry.position);
        self.proposed_at = self.proposed_at.max(entry.at);
        Turn::new(&mut self.state, &mut self.effects, self.epoch, entry).take(&entry.input);
    }

    /// What is to be done next, in order.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When [`Input::Tick`] is to be proposed.
    pub fn deadline(&self) -> Option<Millis> {
        let sessions = self.state.sessions.next_expiry();
        self.state.switchboard.deadline().into_iter().chain(sessions).min()
    }

    /// The app.
    pub fn app(&self) -> AppId {
        self.state.app
    }

    /// The last entry that was committed, 0 if none was.
    pub fn position(&self) -> u64 {
        self.state.position
    }

    /// The moment of the last entry that was committed. After [`Self::recover`] a shell's clock begins here if the
    /// machine's is behind: otherwise time would stand still until that has caught up.
    pub fn moment(&self) -> Millis {
        self.state.at
    }

    /// The calls, to be read.
    pub fn switchboard(&self) -> &Switchboard {
        &self.state.switchboard
    }

    /// The session that a device has.
    pub fn session_of(&self, at: &DeviceKey) -> Option<SessionId> {
        self.state.sessions.of_device(at)
    }

    /// Whose session it is; `None` if it is over.
    pub fn device_of(&self, session: SessionId) -> Option<&DeviceKey> {
        self.state.sessions.live(session).map(|found| &found.at)
    }

    /// How many sessions there are, those without a connection included.
    pub fn sessions(&self) -> usize {
        self.state.sessions.len()
    }

    /// How many calls go on whose records are being written; as many as the switchboard has.
    pub fn open_records(&self) -> usize {
        self.state.ledger.open()
    }

    /// How many records of calls that are over are not known to be in the store.
    pub fn unkept_records(&self) -> usize {
        self.state.ledger.unkept().count()
    }

    /// How many webhooks wait to be taken.
    pub fn waiting_hooks(&self) -> usize {
        self.state.hooks.waiting()
    }

    /// How many calls have webhooks that wait, or are to come.
    pub fn hooked_calls(&self) -> usize {
        self.state.hooks.calls()
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }
}

/// Ids of calls and sessions come from positions, and a device may hold one of a log that was lost (it was in memory,
/// or its disk died). So a new log begins above all that an earlier one can have reached: 2^20 positions for each
/// millisecond that has passed.
fn first_position(now: Millis) -> u64 {
    (now.0.min(u64::MAX >> 21) << 20).max(1)
}
