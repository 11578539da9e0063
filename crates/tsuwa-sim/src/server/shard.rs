//! The shard: it takes messages, appends them as a group, and lets their effects out one by one.

use super::{Appended, Doom, Pending, SLOW_APPEND_MS, SLOW_MESSAGE_MS, ToShard, Todo};
use crate::doing::{ConnNo, Do};
use crate::rooms::Saying;
use crate::town::{Fault, Town};
use tsuwa_exchange::{Effect, Entry, Input, Log};
use tsuwa_proto::{Code, Signal, reply_frame, signal_frame};

impl Town {
    /// A message arrives at the shard.
    pub(crate) fn at_shard(&mut self, life: u32, number: u64, conn: Option<ConnNo>, message: ToShard) {
        if let Some(conn) = conn {
            self.conns[conn].busy -= 1;
        }
        let lost = conn.is_some_and(|conn| self.conns[conn].gateway_dead) && !matches!(message, ToShard::Left);
        if life != self.server.life || !self.server.alive || lost {
            self.counts.fault(Fault::Lost);
            return;
        }
        if conn.is_some() && number < self.server.latest {
            self.counts.fault(Fault::Reordered);
        }
        self.server.latest = self.server.latest.max(number);
        if let Some(todo) = self.taken(conn, message) {
            if let Todo::Input(_, Some(conn)) | Todo::Aside(_, Some(conn)) = &todo {
                self.conns[*conn].busy += 1;
            }
            self.server.queue.push(todo);
            self.turn_soon();
        }
    }

    pub(super) fn input(&mut self, input: Input) {
        self.server.queue.push(Todo::Input(input, None));
    }

    pub(super) fn turn_soon(&mut self) {
        if !std::mem::replace(&mut self.server.turn_due, true) {
            let at = self.now + self.dice.below(2);
            self.queue.put(at, Do::Turn(self.server.life));
        }
    }

    /// What a message is to the log, if anything.
    fn taken(&mut self, conn: Option<ConnNo>, message: ToShard) -> Option<Todo> {
        let present = |town: &Self, session| conn.is_some() && town.server.sessions.get(&session).copied() == conn;
        let input = match message {
            ToShard::SignIn { id, at, media, expires_at } => {
                let origin = self.wait(conn?, id, false);
                Input::SignIn { origin, at, media, expires_at }
            }
            ToShard::Renew { id, session, expires_at } => {
                let origin = self.wait(conn?, id, true);
                Input::Renew { origin, session, expires_at }
            }
            ToShard::Resume { id, session, last_seq } => {
                if let Some(before) = self.server.part(session) {
                    self.tell_link(before, super::ToLink::End);
                }
                let origin = self.wait(conn?, id, false);
                Input::Resume { origin, session, last_seq }
            }
            ToShard::Request { session, id, act } => {
                if !present(self, session) {
                    let text = reply_frame(Some(id), &Err(Code::NotSignedIn.into()));
                    self.tell_link(conn?, super::ToLink::Send(text));
                    return None;
                }
                if self.books.was_asked(session, id) {
                    self.counts.fault(Fault::Doubled);
                }
                Input::Request { session, id, act }
            }
            ToShard::Ack { session, seq } => Input::Ack { session, seq },
            ToShard::Socket { session, up } => {
                if !present(self, session) {
                    return None;
                }
                Input::Socket { session, up }
            }
            ToShard::Left => {
                self.conns[conn?].gone_at_shard = true;
                let session = self.server.left(conn?)?;
                Input::Socket { session, up: false }
            }
            ToShard::Media(Saying::Report(report)) => Input::Media(report),
            ToShard::Capacity { open } => Input::Capacity { open },
            ToShard::Admin { act } => {
                let origin = self.server.origin();
                self.server.admins.insert(origin, act.clone());
                Input::Admin { origin, act }
            }
            ToShard::RecordsKept { calls } => Input::RecordsKept { calls },
            ToShard::HookDone { call, number, taken } => Input::HookDone { call, number, taken },
            ToShard::Media(Saying::Offer { .. }) | ToShard::MediaAnswer { .. } | ToShard::MediaRestart { .. } => {
                return Some(Todo::Aside(message, conn));
            }
        };
        Some(Todo::Input(input, conn))
    }

    fn wait(&mut self, conn: ConnNo, id: tsuwa_proto::RequestId, renews: bool) -> u64 {
        let origin = self.server.origin();
        self.server.pending.insert(origin, Pending { conn, id, renews });
        origin
    }

    /// The deadline has come, or the machine's clock thinks so.
    pub(crate) fn tick(&mut self, life: u32) {
        if life == self.server.life && self.server.alive {
            self.server.tick_at = None;
            self.turn(life, true);
        }
    }

    /// Appends what is to be done as one group.
    pub(crate) fn turn(&mut self, life: u32, ticked: bool) {
        if life != self.server.life || !self.server.alive {
            return;
        }
        if !ticked {
            self.server.turn_due = false;
        }
        if self.server.appended.is_some() {
            return;
        }
        let now = self.server.clock.at(self.now);
        // What was due while no process ran is due after the start only.
        let starts = matches!(self.server.queue.first(), Some(Todo::Input(Input::Started, _)));
        if !starts && self.server.exchange.deadline().is_some_and(|due| due <= now) {
            self.server.queue.insert(0, Todo::Input(Input::Tick, None));
        }
        let todo = std::mem::take(&mut self.server.queue);
        if todo.is_empty() {
            return self.tick_later();
        }
        let (mut entries, mut order) = (Vec::with_capacity(todo.len()), Vec::with_capacity(todo.len()));
        for each in todo {
            order.push(match each {
                Todo::Input(input, conn) => {
                    entries.push(self.server.exchange.propose(now, input));
                    Ok(conn)
                }
                Todo::Aside(message, conn) => Err((message, conn)),
            });
        }
        if !entries.is_empty() {
            if self.doomed(Doom::BeforeAppend) {
                return;
            }
            if let Err(error) = self.disk.append(&entries) {
                say!(self, "the disk: {error}");
                self.counts.fault(Fault::AppendFailed);
                return self.die();
            }
            self.counts.inputs += entries.len() as u64;
            if self.doomed(Doom::AfterAppend) {
                return;
            }
        }
        self.server.appended = Some(Appended { entries, order });
        let slow = if self.troubled && self.dice.chance(8) { self.dice.within(2, SLOW_APPEND_MS) } else { 0 };
        if slow > 0 {
            self.queue.put(self.now + slow, Do::Commit(life));
        } else {
            self.commit(life);
        }
    }

    /// The group is in the log: it takes effect.
    pub(crate) fn commit(&mut self, life: u32) {
        if life != self.server.life || !self.server.alive {
            return;
        }
        let Some(Appended { entries, order }) = self.server.appended.take() else { return };
        let mut entries = entries.iter();
        for each in order {
            match each {
                Ok(conn) => {
                    let Some(entry) = entries.next() else { unreachable!("an entry for each input") };
                    if self.doomed(Doom::MidGroup) {
                        return;
                    }
                    let effects = self.take_entry(entry);
                    for effect in effects {
                        if self.doomed(Doom::MidEffects) {
                            return;
                        }
                        self.carry_out(entry, effect.what);
                    }
                    self.done_with(conn);
                }
                Err((message, conn)) => {
                    self.aside(conn, message);
                    self.done_with(conn);
                }
            }
            if self.laws.broken.is_some() {
                return;
            }
        }
        self.tick_later();
        if !self.server.queue.is_empty() {
            self.turn_soon();
        }
    }

    fn done_with(&mut self, conn: Option<ConnNo>) {
        let Some(conn) = conn else { return };
        self.conns[conn].busy -= 1;
        if let Some(phone) = self.conns[conn].phone {
            self.settled(phone);
        }
    }

    /// An entry takes effect, and the town's books follow.
    pub(super) fn take_entry(&mut self, entry: &Entry) -> Vec<Effect> {
        self.server.exchange.committed(entry);
        let mut effects = Vec::new();
        while let Some(effect) = self.server.exchange.poll_effect() {
            effects.push(effect);
        }
        say!(self, "{}", crate::trace::entry(entry, &effects));
        self.keep_books(entry, &effects);
        let mut waiting = std::mem::take(&mut self.laws.waiting);
        waiting.follow(entry, &effects, &self.server.exchange, &mut self.laws);
        self.laws.waiting = waiting;
        effects
    }

    /// Asks to be called when something is due.
    pub(super) fn tick_later(&mut self) {
        let Some(due) = self.server.exchange.deadline() else { return };
        let at = self.server.clock.when(self.now, due);
        if self.server.tick_at.is_none_or(|planned| at < planned) {
            self.server.tick_at = Some(at);
            self.queue.put(at, Do::Tick(self.server.life));
        }
    }

    fn aside(&mut self, conn: Option<ConnNo>, message: ToShard) {
        match (message, conn) {
            (ToShard::MediaAnswer { at, id, call, offer_id, good }, Some(conn)) => {
                if self.media_reply(conn, &at, id, call) {
                    self.server.offers.answered(&at, call, offer_id);
                    self.media_answer(call, &at, offer_id, good);
                }
            }
            (ToShard::MediaRestart { at, id, call }, Some(conn)) => {
                if self.media_reply(conn, &at, id, call) {
                    self.media_restart(call, &at);
                }
            }
            (ToShard::Media(Saying::Offer { to, offer }), _) => {
                if let Signal::MediaOffer { call_id, offer_id, .. } = &offer {
                    self.server.offers.offered(&to, *call_id, *offer_id);
                }
                let session = self.server.exchange.session_of(&to);
                if let Some(conn) = session.and_then(|session| self.server.sessions.get(&session).copied()) {
                    self.tell_link(conn, super::ToLink::Send(signal_frame(&offer)));
                }
            }
            _ => unreachable!("an input was taken for something else"),
        }
    }

    fn media_reply(
        &mut self,
        conn: ConnNo,
        at: &tsuwa_call::DeviceKey,
        id: tsuwa_proto::RequestId,
        call: tsuwa_proto::CallId,
    ) -> bool {
        let concerned = self.server.exchange.switchboard().call_of(at).is_some_and(|state| state.call_id == call);
        let outcome = if concerned { Ok(serde_json::json!({})) } else { Err(Code::InvitationOver.into()) };
        self.tell_link(conn, super::ToLink::Send(reply_frame(Some(id), &outcome)));
        concerned
    }

    pub(super) fn tell_link(&mut self, conn: ConnNo, message: super::ToLink) {
        let slow = if self.troubled && self.dice.chance(10) {
            self.dice.within(5, SLOW_MESSAGE_MS)
        } else {
            self.dice.below(2)
        };
        let at = (self.now + slow).max(self.conns[conn].last_from_shard);
        self.conns[conn].last_from_shard = at;
        self.conns[conn].busy += 1;
        self.queue.put(at, Do::FromShard(self.server.life, conn, message));
    }
}
