//! The process dies, and starts again from its log.

use super::{Doom, Server};
use crate::clock::Clock;
use crate::doing::Do;
use crate::laws::Law;
use crate::town::{DAWN, Fault, Town};
use tsuwa_exchange::{Exchange, Input, Log};
use tsuwa_proto::Millis;

impl Town {
    /// Whether the process was to die here; then it is dead.
    pub(super) fn doomed(&mut self, here: Doom) -> bool {
        if self.server.doom != Some(here)
            || (matches!(here, Doom::MidGroup | Doom::MidEffects) && self.dice.chance(600))
        {
            return false;
        }
        self.counts.fault(match here {
            Doom::BeforeAppend => Fault::DiedBeforeAppend,
            Doom::AfterAppend => Fault::DiedAfterAppend,
            Doom::MidGroup => Fault::DiedMidGroup,
            Doom::MidEffects => Fault::DiedMidEffects,
            Doom::WhileReplaying => Fault::DiedReplaying,
            Doom::AfterStarted => Fault::DiedAfterStarted,
        });
        self.die();
        true
    }

    /// The process is gone: with it its gateways, its media rooms and everything on its way inside it.
    pub(crate) fn die(&mut self) {
        say!(self, "the process dies");
        self.server.doom = None;
        self.server.alive = false;
        self.server.life += 1;
        self.counts.fault(Fault::ProcessDied);
        self.crashes.push(self.now);
        for conn in 0..self.conns.len() {
            if self.conns[conn].gateway_open {
                self.gateway_vanishes(conn);
            }
        }
        self.rooms.die();
        self.outside.forget_errands();
        let down_ms = match self.dice.below(20) {
            0 => self.dice.within(10_000, 35_000),
            1..=5 => self.dice.within(1_000, 5_000),
            _ => self.dice.within(50, 1_000),
        };
        self.queue.put(self.now + down_ms, Do::Start(self.server.life));
    }

    /// A new process reads the log.
    pub(crate) fn start(&mut self, life: u32) {
        if life != self.server.life || self.server.alive {
            return;
        }
        let Ok(epoch) = self.disk.reign() else { return self.die() };
        let stored = match self.disk.load() {
            Ok(stored) => stored,
            Err(error) => return self.laws.hold(Law::ReplaySame, false, || format!("the log can't be read: {error}")),
        };
        let recovered = Exchange::recover(crate::server::APP, epoch, stored.snapshot, &stored.tail);
        let exchange = match recovered {
            Ok(exchange) => exchange,
            Err(error) => return self.laws.hold(Law::ReplaySame, false, || format!("no recovery: {error}")),
        };
        self.compare_with_the_dead(&exchange);
        if self.doomed(Doom::WhileReplaying) {
            return;
        }
        let wall = self.wall_clock();
        let fast_ppm = self.dice.within(0, 10_000) as i64 - 5_000;
        let doom = self.server.doom.take();
        let shows = wall.max(exchange.moment());
        self.server =
            Server { life, doom, alive: true, exchange, ..Server::new(Clock::new(self.now, shows, fast_ppm)) };
        say!(self, "the process starts for the {epoch}. time");
        self.gateways.iter_mut().for_each(|gateway| *gateway = true);
        self.rooms.begin();
        self.input(Input::Started);
        self.input(Input::Settings { hooks: true });
        self.input(Input::Capacity { open: true });
        if self.server.doom == Some(Doom::AfterStarted) {
            self.server.doom = Some(Doom::AfterAppend);
            self.counts.fault(Fault::DiedAfterStarted);
        }
        self.turn(life, false);
        self.herd();
    }

    /// What the dead process would have come to by the same log is what the new one has read.
    fn compare_with_the_dead(&mut self, recovered: &Exchange) {
        let last = self.server.exchange.position();
        let missed: Vec<_> = self.disk.whole.iter().rev().take_while(|entry| entry.position > last).cloned().collect();
        self.server.exchange.withdraw();
        for entry in missed.iter().rev() {
            // In the log, but not carried out by anybody.
            self.take_entry(entry);
        }
        let same = self.server.exchange.snapshot() == recovered.snapshot();
        self.laws.hold(Law::ReplaySame, same, || "a new process reads another state than the old one had".to_owned());
    }

    /// The machine's clock: it drifts, and somebody sets it now and then, back too.
    fn wall_clock(&mut self) -> Millis {
        if self.troubled && !self.crashes.is_empty() && self.dice.chance(300) {
            if self.dice.chance(500) {
                self.wall_off -= self.dice.within(1_000, 3_600_000) as i64;
                self.counts.fault(Fault::ClockBack);
            } else {
                self.wall_off += self.dice.within(100, 5_000) as i64;
                self.counts.fault(Fault::ClockForward);
            }
        }
        Millis(DAWN.saturating_add_signed(self.now as i64 + self.wall_off))
    }

    /// A snapshot, as a server takes one now and then and at a clean stop.
    pub(crate) fn take_snapshot(&mut self) {
        if !self.server.alive || self.server.appended.is_some() {
            return;
        }
        let snapshot = self.server.exchange.snapshot();
        if let Err(error) = self.disk.keep(&snapshot) {
            say!(self, "no snapshot: {error}");
            self.counts.fault(Fault::SnapshotFailed);
        } else {
            self.counts.fault(Fault::Snapshot);
        }
    }
}
