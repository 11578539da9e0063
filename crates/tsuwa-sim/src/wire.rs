//! The network between devices and gateways: connections, what flies on them, how they die.

use crate::doing::{ConnNo, Do, PhoneNo};
use crate::server::Standing;
use crate::town::{Fault, Town};
use tsuwa_proto::{CallId, Millis};
use tsuwa_session::{Heartbeat, Link};

/// What flies.
#[derive(Clone)]
pub(crate) enum Frame {
    Text(String),
    Ping,
    Pong,
}

/// One attempt to connect, from its beginning to its end.
pub(crate) struct Conn {
    /// Whose; nobody's if it is a stranger who plays about.
    pub(crate) phone: Option<PhoneNo>,
    pub(crate) link: Link,
    pub(crate) gateway: usize,
    /// Whether each end thinks that it is open.
    pub(crate) client_open: bool,
    pub(crate) gateway_open: bool,
    /// The gateway has died, and with it whatever was on its way between it and the shard.
    pub(crate) gateway_dead: bool,
    pub(crate) standing: Standing,
    pub(crate) heartbeat: Heartbeat,
    pub(crate) beat_at: Option<u64>,
    pub(crate) sign_in_by: u64,
    /// When its last frame came, and since when its device is in which call, by the server's clock.
    pub(crate) heard_at: Millis,
    pub(crate) in_call_from: Option<(CallId, Millis)>,
    /// The shard has been told that it is over; it has taken notice.
    pub(crate) left: bool,
    pub(crate) gone_at_shard: bool,
    /// How much is on its way, in either direction and up to the shard's effects.
    pub(crate) busy: i32,
    /// Nothing arrives any more, and nobody is told.
    pub(crate) black: bool,
    /// It was cut: of what flies so much still arrives, up and down.
    pub(crate) cut: Option<(u64, u64)>,
    last_up: u64,
    last_down: u64,
    pub(crate) last_to_shard: u64,
    pub(crate) last_from_shard: u64,
}

impl Conn {
    pub(crate) fn new(phone: Option<PhoneNo>, link: Link, gateway: usize) -> Self {
        Self {
            phone,
            link,
            gateway,
            client_open: true,
            gateway_open: false,
            gateway_dead: false,
            standing: Standing::Stranger,
            heartbeat: Heartbeat::new(Millis(0)),
            beat_at: None,
            sign_in_by: 0,
            heard_at: Millis(0),
            in_call_from: None,
            left: false,
            gone_at_shard: false,
            busy: 0,
            black: false,
            cut: None,
            last_up: 0,
            last_down: 0,
            last_to_shard: 0,
            last_from_shard: 0,
        }
    }
}

impl Town {
    /// One way over a phone's network, in milliseconds.
    fn way_ms(&mut self, conn: ConnNo) -> u64 {
        let Some(phone) = self.conns[conn].phone else { return 5 };
        let phone = &self.phones[phone];
        let mut ms = phone.way_ms + self.dice.below(phone.way_ms / 2 + 2);
        if self.troubled && self.dice.chance(4) {
            self.counts.fault(Fault::Late);
            ms += self.dice.within(500, 3_500);
        }
        // A network that is away delivers when it is back: TCP sends again.
        ms + phone.away_until.saturating_sub(self.now)
    }

    pub(crate) fn connect(&mut self, phone: Option<PhoneNo>, link: Link) -> ConnNo {
        let gateway = self.dice.index(self.gateways.len());
        self.conns.push(Conn::new(phone, link, gateway));
        let conn = self.conns.len() - 1;
        let at = self.now + self.way_ms(conn);
        self.conns[conn].last_up = at;
        self.conns[conn].busy = 1;
        self.queue.put(at, Do::Open(conn));
        conn
    }

    /// The connection reaches its gateway.
    pub(crate) fn open(&mut self, conn: ConnNo) {
        let there = self.server.alive && self.gateways[self.conns[conn].gateway];
        let at = (self.now + self.way_ms(conn)).max(self.conns[conn].last_down);
        self.conns[conn].last_down = at;
        if !there {
            self.queue.put(at, Do::Refused(conn));
            return;
        }
        let now = self.server.clock.at(self.now);
        let opened = &mut self.conns[conn];
        opened.gateway_open = true;
        opened.heartbeat = Heartbeat::new(now);
        opened.heard_at = now;
        opened.sign_in_by = self.now + 10_000;
        self.queue.put(at, Do::Opened(conn));
        self.watch(conn);
    }

    pub(crate) fn opened(&mut self, conn: ConnNo) {
        self.conns[conn].busy -= 1;
        if self.conns[conn].client_open {
            match self.conns[conn].phone {
                Some(phone) => self.with_session(phone, |session, now, link| session.opened(now, link), conn),
                None => self.play_about(conn),
            }
        }
    }

    pub(crate) fn refused(&mut self, conn: ConnNo) {
        self.conns[conn].busy -= 1;
        self.gone_at_client(conn);
    }

    /// The device sends.
    pub(crate) fn fly_up(&mut self, conn: ConnNo, frame: Frame) {
        if !self.conns[conn].client_open {
            return;
        }
        if self.conns[conn].black {
            self.counts.fault(Fault::Lost);
            return;
        }
        let at = (self.now + self.way_ms(conn)).max(self.conns[conn].last_up);
        self.conns[conn].last_up = at;
        self.conns[conn].busy += 1;
        self.queue.put(at, Do::Up(conn, frame));
    }

    /// The gateway sends.
    pub(crate) fn fly_down(&mut self, conn: ConnNo, frame: Frame) {
        if !self.conns[conn].gateway_open {
            return;
        }
        if self.conns[conn].black {
            self.counts.fault(Fault::Lost);
            return;
        }
        let at = (self.now + self.way_ms(conn)).max(self.conns[conn].last_down);
        self.conns[conn].last_down = at;
        self.conns[conn].busy += 1;
        self.queue.put(at, Do::Down(conn, frame));
    }

    /// Whether a frame that arrives now really does.
    pub(crate) fn arrives(&mut self, conn: ConnNo, up: bool) -> bool {
        let found = &mut self.conns[conn];
        found.busy -= 1;
        let open = if up { found.gateway_open } else { found.client_open };
        let through = match &mut found.cut {
            None => true,
            Some((left, _)) if up => std::mem::replace(left, left.saturating_sub(1)) > 0,
            Some((_, left)) => std::mem::replace(left, left.saturating_sub(1)) > 0,
        };
        if !(open && through) {
            self.counts.fault(Fault::Lost);
        }
        open && through
    }

    pub(crate) fn down(&mut self, conn: ConnNo, frame: Frame) {
        if !self.arrives(conn, false) {
            return;
        }
        let Some(phone) = self.conns[conn].phone else {
            if let Frame::Text(text) = frame {
                self.heard_by_stranger(&text);
            }
            return;
        };
        match frame {
            Frame::Text(text) => self.with_session(phone, |session, now, link| session.frame(now, link, &text), conn),
            Frame::Ping => {
                self.with_session(phone, |session, now, link| session.heard(now, link), conn);
                self.fly_up(conn, Frame::Pong);
            }
            Frame::Pong => {}
        }
        self.settled(phone);
    }

    /// The device closes its end: what it sent before still arrives.
    pub(crate) fn client_closes(&mut self, conn: ConnNo) {
        let found = &mut self.conns[conn];
        if !std::mem::take(&mut found.client_open) || found.black {
            return;
        }
        let at = (self.now + 1 + self.dice.below(80)).max(self.conns[conn].last_up);
        let at = at.max(self.conns[conn].phone.map_or(0, |phone| self.phones[phone].away_until));
        self.queue.put(at, Do::GoneAtGateway(conn));
    }

    /// The gateway closes its end; what it sent before still arrives.
    pub(crate) fn gateway_closes(&mut self, conn: ConnNo) {
        if !std::mem::take(&mut self.conns[conn].gateway_open) {
            return;
        }
        self.leave(conn);
        self.tell_client_gone(conn);
    }

    fn tell_client_gone(&mut self, conn: ConnNo) {
        if self.conns[conn].black {
            return;
        }
        let at = (self.now + self.way_ms(conn)).max(self.conns[conn].last_down);
        self.queue.put(at, Do::GoneAtClient(conn));
    }

    pub(crate) fn gone_at_client(&mut self, conn: ConnNo) {
        if std::mem::take(&mut self.conns[conn].client_open)
            && let Some(phone) = self.conns[conn].phone
        {
            self.with_session(phone, |session, now, link| session.closed(now, link), conn);
        }
    }

    pub(crate) fn gone_at_gateway(&mut self, conn: ConnNo) {
        if std::mem::take(&mut self.conns[conn].gateway_open) {
            self.leave(conn);
        }
    }

    /// The network cuts a connection: of what flies a little still arrives.
    pub(crate) fn cut(&mut self, conn: ConnNo) {
        let left = (self.dice.below(4), self.dice.below(4));
        self.conns[conn].cut.get_or_insert(left);
        let at = self.now + self.dice.within(1, 120);
        self.queue.put(at, Do::GoneAtGateway(conn));
        self.tell_client_gone(conn);
    }

    /// The machine at the other end is gone.
    pub(crate) fn gateway_vanishes(&mut self, conn: ConnNo) {
        let left = self.dice.below(5);
        let found = &mut self.conns[conn];
        if !std::mem::take(&mut found.gateway_open) {
            return;
        }
        found.gateway_dead = true;
        found.cut.get_or_insert((0, left));
        self.tell_client_gone(conn);
    }

    /// Whether everything that was said on a phone's connection has been heard.
    pub(crate) fn is_quiet(&self, phone: PhoneNo) -> bool {
        let Some(conn) = self.phones[phone].conn else { return false };
        let found = &self.conns[conn];
        found.client_open && found.gateway_open && !found.black && found.cut.is_none() && found.busy == 0
    }
}
