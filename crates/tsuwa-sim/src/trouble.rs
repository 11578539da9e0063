//! What goes wrong, by chance.

use crate::disk::Failing;
use crate::doing::{Do, PhoneNo};
use crate::server::Doom;
use crate::town::Town;

/// Something that went wrong, or that somebody noticed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(usize)]
pub(crate) enum Fault {
    Lost,
    Doubled,
    Late,
    Reordered,
    SocketCut,
    HalfDead,
    HeartbeatLost,
    Partition,
    LongAway,
    NetworkChanged,
    GatewayDied,
    ProcessDied,
    DiedBeforeAppend,
    DiedAfterAppend,
    DiedMidGroup,
    DiedMidEffects,
    DiedReplaying,
    DiedAfterStarted,
    Herd,
    ClockBack,
    ClockForward,
    AppendFailed,
    SnapshotFailed,
    Snapshot,
    AppKilled,
    WorkerDied,
    RoomBroke,
    RoomsFull,
    NoPlace,
    BadAnswer,
    MediaNeverUp,
    MediaAway,
    MediaLost,
    HookFailed,
    HookTwice,
    HookGivenUp,
    RecordTwice,
}

/// Each with its name in the report.
pub(crate) const FAULTS: [(Fault, &str); 37] = [
    (Fault::Lost, "messages lost"),
    (Fault::Doubled, "requests that came twice"),
    (Fault::Late, "messages late"),
    (Fault::Reordered, "messages that overtook another connection's"),
    (Fault::SocketCut, "sockets that died"),
    (Fault::HalfDead, "half-dead sockets"),
    (Fault::HeartbeatLost, "devices lost by their heartbeat"),
    (Fault::Partition, "networks away"),
    (Fault::LongAway, "networks away for longer than a session is kept"),
    (Fault::NetworkChanged, "changes of network"),
    (Fault::GatewayDied, "gateways that died"),
    (Fault::ProcessDied, "processes that died"),
    (Fault::DiedBeforeAppend, "… before an append"),
    (Fault::DiedAfterAppend, "… between append and effect"),
    (Fault::DiedMidGroup, "… within a group of entries"),
    (Fault::DiedMidEffects, "… within the effects of an entry"),
    (Fault::DiedReplaying, "… while reading the log"),
    (Fault::DiedAfterStarted, "… between start and its effects"),
    (Fault::Herd, "crowds that came back at once"),
    (Fault::ClockBack, "clocks set back"),
    (Fault::ClockForward, "clocks set forward"),
    (Fault::AppendFailed, "appends that failed"),
    (Fault::SnapshotFailed, "snapshots that failed"),
    (Fault::Snapshot, "snapshots"),
    (Fault::AppKilled, "apps killed"),
    (Fault::WorkerDied, "rooms lost with their worker"),
    (Fault::RoomBroke, "rooms that broke"),
    (Fault::RoomsFull, "times without room for a call"),
    (Fault::NoPlace, "calls that no worker could take"),
    (Fault::BadAnswer, "bad SDP answers"),
    (Fault::MediaNeverUp, "transports that never came up"),
    (Fault::MediaAway, "media's ways away"),
    (Fault::MediaLost, "legs lost"),
    (Fault::HookFailed, "webhooks not taken"),
    (Fault::HookTwice, "webhooks delivered twice"),
    (Fault::HookGivenUp, "webhooks given up"),
    (Fault::RecordTwice, "records written twice"),
];

impl Town {
    pub(crate) fn trouble(&mut self) {
        if !self.troubled {
            return;
        }
        let at = self.now + self.dice.within(500, 2_200);
        self.queue.put(at, Do::Trouble);
        match self.dice.below(110) {
            0..30 => {
                if let Some(conn) = self.some_conn() {
                    self.counts.fault(Fault::SocketCut);
                    self.cut(conn);
                }
            }
            30..40 => {
                if let Some(conn) = self.some_conn() {
                    self.counts.fault(Fault::HalfDead);
                    self.conns[conn].black = true;
                }
            }
            40..54 => {
                let ms = self.dice.within(300, 20_000);
                let phone = self.dice.index(self.phones.len());
                self.away(phone, ms);
            }
            54..56 => {
                let ms = self.dice.within(61_000, 90_000);
                let phone = self.dice.index(self.phones.len());
                self.away(phone, ms);
            }
            56..60 => self.gateway_dies(),
            60..64 => self.crash(),
            64 => {
                self.disk.failing =
                    Some(if self.dice.chance(500) { Failing::Append } else { Failing::AppendAllTheSame })
            }
            65..69 => self.take_snapshot(),
            69 => self.disk.failing = Some(Failing::Keep),
            70 => self.worker_dies(true),
            71..74 => self.worker_dies(false),
            74 => {
                let told = self.dice.chance(500);
                self.rooms_full(true, told);
                self.full_until = self.now + self.dice.within(2_000, 8_000);
            }
            75..77 => {
                // Seldom for so long that a webhook is given up.
                let ms = if self.dice.chance(60) { 180_000 } else { self.dice.within(2_000, 25_000) };
                self.outside.receiver_away_until = self.outside.receiver_away_until.max(self.now + ms);
            }
            77..79 => {
                let phone = self.dice.index(self.phones.len());
                self.kill_app(phone);
                self.app_later(phone, 100, 9_000);
            }
            79..84 => {
                let phone = self.dice.index(self.phones.len());
                self.phones[phone].media_away_until = self.now + self.dice.within(1_000, 25_000);
                self.counts.fault(Fault::MediaAway);
            }
            _ => {}
        }
    }

    fn some_conn(&mut self) -> Option<usize> {
        let open: Vec<usize> =
            self.phones.iter().filter_map(|phone| phone.conn).filter(|conn| self.conns[*conn].gateway_open).collect();
        self.dice.one(&open)
    }

    fn away(&mut self, phone: PhoneNo, ms: u64) {
        self.phones[phone].away_until = self.now + ms;
        self.counts.fault(if ms > 60_000 { Fault::LongAway } else { Fault::Partition });
        self.queue.put(self.now + ms, Do::Heal(phone));
    }

    fn gateway_dies(&mut self) {
        let gateway = self.dice.index(self.gateways.len());
        if !std::mem::take(&mut self.gateways[gateway]) || !self.server.alive {
            return;
        }
        say!(self, "gateway {gateway} dies");
        self.counts.fault(Fault::GatewayDied);
        let noticed = self.now + self.dice.within(5, 900);
        for conn in 0..self.conns.len() {
            if self.conns[conn].gateway == gateway && self.conns[conn].gateway_open {
                self.gateway_vanishes(conn);
                if !std::mem::replace(&mut self.conns[conn].left, true) {
                    self.conns[conn].busy += 1;
                    self.messages += 1;
                    let left = crate::server::ToShard::Left;
                    self.queue.put(noticed, Do::ToShard(self.server.life, self.messages, Some(conn), left));
                }
            }
        }
        let back = noticed + self.dice.within(500, 6_000);
        self.queue.put(back, Do::GatewayBack(gateway));
    }

    /// The process is to die: now, or at the next place of this kind that it comes to.
    pub(crate) fn crash(&mut self) {
        if !self.server.alive {
            return;
        }
        if self.dice.chance(150) {
            // And once more, as soon as it is up.
            let again = if self.dice.chance(500) { Doom::WhileReplaying } else { Doom::AfterStarted };
            self.die();
            self.server.doom = Some(again);
            return;
        }
        let places =
            [None, Some(Doom::BeforeAppend), Some(Doom::AfterAppend), Some(Doom::MidGroup), Some(Doom::MidEffects)];
        match places[self.dice.index(places.len())] {
            None => self.die(),
            some => self.server.doom = some,
        }
    }

    /// A crowd comes back after a crash.
    pub(crate) fn herd(&mut self) {
        let waiting = self.phones.iter().filter(|phone| phone.session.is_some()).count();
        if waiting >= 10 {
            self.counts.fault(Fault::Herd);
        }
    }
}
