//! The town: everything there is, its one clock, and the day that it lives through.

use crate::books::Books;
use crate::clock::Clock;
use crate::dice::Dice;
use crate::disk::Disk;
use crate::doing::{Do, PhoneNo};
use crate::laws::{Law, Laws};
use crate::outside::Outside;
use crate::people::Resident;
use crate::phone::Phone;
use crate::queue::Queue;
use crate::report::Counts;
use crate::rooms::Rooms;
use crate::rows::Tales;
use crate::server::{PhoneOf, Server, ToShard};
pub(crate) use crate::trouble::Fault;
use crate::wire::Conn;
use std::collections::{BTreeMap, VecDeque};
use tsuwa_call::{AdminAct, DeviceKey, DevicePolicy, Policy};
use tsuwa_proto::{DeviceId, MediaMode, Millis, UserId};
use tsuwa_usersig::Key;

/// When every town begins, in Unix milliseconds.
pub(crate) const DAWN: u64 = 1_700_000_000_000;
/// A day has at least so many calls and inputs, and goes on for so many milliseconds at the least and at the most.
const CALLS: u64 = 100;
const INPUTS: u64 = 1_000;
const SHORTEST_MS: u64 = 60_000;
const LONGEST_MS: u64 = 3_600_000;
/// In the evening: when the last ones log out, and when nothing may be left: a ring, a grace and a session last a minute
/// at the most each.
const LOG_OUT_MS: u64 = 100_000;
const NIGHT_MS: u64 = 270_000;
/// So much of the story is shown of a seed that failed.
const LINES_KEPT: usize = 120;

pub(crate) struct Town {
    pub(crate) now: u64,
    pub(crate) dice: Dice,
    pub(crate) queue: Queue<Do>,
    pub(crate) residents: Vec<Resident>,
    pub(crate) phones: Vec<Phone>,
    pub(crate) phone_of: PhoneOf,
    pub(crate) conns: Vec<Conn>,
    /// Whether each lives.
    pub(crate) gateways: Vec<bool>,
    pub(crate) server: Server,
    pub(crate) disk: Disk,
    pub(crate) outside: Outside,
    pub(crate) rooms: Rooms,
    pub(crate) books: Books,
    pub(crate) tales: Tales,
    pub(crate) counts: Counts,
    pub(crate) laws: Laws,
    pub(crate) key: Key,
    pub(crate) tickets: BTreeMap<(PhoneNo, u64, u64), String>,
    pub(crate) believed: BTreeMap<(UserId, String), u64>,
    pub(crate) messages: u64,
    /// How far the machine's clock was set off.
    pub(crate) wall_off: i64,
    pub(crate) crashes: Vec<u64>,
    /// Things go wrong.
    pub(crate) troubled: bool,
    /// Everybody goes home.
    pub(crate) evening: bool,
    evening_at: u64,
    logged_out: bool,
    pub(crate) one_device: bool,
    pub(crate) closed_list: bool,
    pub(crate) full_until: u64,
    over: bool,
    /// The story, where somebody wants it: the last lines, or all of them as they come.
    pub(crate) trace: Option<VecDeque<String>>,
    aloud: bool,
}

impl Town {
    /// A town as the seed has it. `story`: keep the last lines; `aloud`: print all.
    pub(crate) fn new(seed: u64, story: bool, aloud: bool) -> Self {
        let mut dice = Dice::new(seed);
        let clock = Clock::new(0, Millis(DAWN), 0);
        let key = Key::new("the town's own secret, which it shares with nobody");
        let mut town = Self {
            now: 0,
            queue: Queue::new(),
            residents: Vec::new(),
            phones: Vec::new(),
            phone_of: PhoneOf::new(),
            conns: Vec::new(),
            gateways: vec![true; dice.within(2, 3) as usize],
            server: Server::new(clock),
            disk: Disk::default(),
            outside: Outside::default(),
            rooms: Rooms::default(),
            books: Books::default(),
            tales: Tales::default(),
            counts: Counts::default(),
            laws: Laws::default(),
            // The secret is not empty.
            key: key.unwrap_or_else(|_| unreachable!()),
            tickets: BTreeMap::new(),
            believed: BTreeMap::new(),
            messages: 0,
            wall_off: 0,
            crashes: Vec::new(),
            troubled: true,
            evening: false,
            evening_at: 0,
            logged_out: false,
            one_device: dice.chance(300),
            closed_list: dice.chance(250),
            full_until: 0,
            over: false,
            trace: (story || aloud).then(VecDeque::new),
            aloud,
            dice,
        };
        town.settle();
        town
    }

    /// People move in.
    fn settle(&mut self) {
        let count = 20 + self.dice.below(7) as usize;
        for number in 0..count {
            // Two have no phone that is ever on.
            let phones = if number >= count - 2 { 0 } else { 1 + (number + 1) % 2 };
            self.move_in(&format!("r{number:02}"), phones);
        }
        for resident in 0..count {
            let friends = (0..3).map(|_| self.dice.index(count)).filter(|friend| *friend != resident).collect();
            self.residents[resident].friends = friends;
            let at = self.dice.within(2_000, 9_000);
            self.queue.put(at, Do::Think(resident));
        }
        self.books = Books::new(&self.phone_of);
        for phone in 0..self.phones.len() {
            let at =
                if self.dice.chance(850) { self.dice.within(500, 6_000) } else { self.dice.within(10_000, 60_000) };
            self.queue.put(at, Do::AppStart(phone, 0));
        }
        self.queue.put(0, Do::Start(0));
        self.queue.put(4_000, Do::Plot);
        self.queue.put(8_000, Do::Trouble);
        self.queue.put(1_000, Do::Hour);
    }

    fn move_in(&mut self, name: &str, phones: usize) {
        // Made of letters and digits, and short.
        let Ok(id) = name.parse::<UserId>() else { unreachable!("{name} is an id") };
        let owner = self.residents.len();
        let mut own = Vec::new();
        for letter in ["a", "b"].into_iter().take(phones) {
            let Ok(device) = format!("{name}{letter}").parse::<DeviceId>() else { unreachable!("{name} is an id") };
            let at = DeviceKey { user: id.clone(), device };
            let media = if self.dice.chance(850) { MediaMode::Webrtc } else { MediaMode::None };
            let shows = Millis(self.dice.within(1_000, 4_000_000_000));
            // Cheap quartz is off by 100 parts in a million; these are worse.
            let clock = Clock::new(0, shows, self.dice.within(0, 20_000) as i64 - 10_000);
            let way_ms = self.dice.within(3, 60);
            let mut phone = Phone::new(owner, at.clone(), media, clock, way_ms);
            if self.dice.chance(250) {
                phone.ticket_s = self.dice.within(25, 120);
            }
            phone.eager = self.dice.chance(200);
            own.push(self.phones.len());
            self.phone_of.insert(at, self.phones.len());
            self.phones.push(phone);
        }
        self.residents.push(Resident { id, phones: own, friends: Vec::new() });
    }

    /// Lives through the day, to its end or to the first thing that must not be.
    pub(crate) fn live(&mut self) {
        while !self.over && self.laws.broken.is_none() {
            let Some((at, what)) = self.queue.next() else { break };
            self.now = self.now.max(at);
            self.counts.steps += 1;
            self.step(what);
        }
        if self.laws.broken.is_none() {
            self.replay();
            let users: Vec<UserId> = self.phones.iter().map(|phone| phone.at.user.clone()).collect();
            let Self { tales, crashes, counts, .. } = self;
            tales.rows(&users, crashes, &mut |row| counts.row(row));
            let skipped = self.books.skipped();
            (0..skipped).for_each(|_| self.counts.row("11a"));
        }
        self.counts.checked = self.laws.checked;
        self.counts.records = self.outside.records() as u64;
        self.counts.hooks = self.outside.hooks() as u64;
    }

    fn step(&mut self, what: Do) {
        match what {
            Do::Open(conn) => self.open(conn),
            Do::Opened(conn) => self.opened(conn),
            Do::Refused(conn) => self.refused(conn),
            Do::Up(conn, frame) => self.up(conn, frame),
            Do::Down(conn, frame) => self.down(conn, frame),
            Do::GoneAtClient(conn) => self.gone_at_client(conn),
            Do::GoneAtGateway(conn) => self.gone_at_gateway(conn),
            Do::Beat(conn) => self.beat_due(conn),
            Do::ToShard(life, number, conn, message) => self.at_shard(life, number, conn, message),
            Do::FromShard(life, conn, message) => self.hear_shard(life, conn, message),
            Do::Turn(life) => self.turn(life, false),
            Do::Commit(life) => self.commit(life),
            Do::Tick(life) => self.tick(life),
            Do::Start(life) => self.start(life),
            Do::GatewayBack(gateway) => self.gateways[gateway] = true,
            Do::Wake(phone, wish) => self.wake(phone, wish),
            Do::Order(life, order) => self.carry_order(life, order),
            Do::Says(life, saying) => self.says(life, saying),
            Do::Connected(life, phone, offer) => self.connected(life, phone, offer),
            Do::Packets(phone, turn) => self.packets(phone, turn),
            Do::LegCheck(life, call, phone) => self.leg_check(life, call, phone),
            Do::Errand(life, errand) => self.errand(life, errand),
            Do::Think(resident) => self.think(resident),
            Do::Deed(phone, deed) => self.deed(phone, deed),
            Do::Plot => self.plot(),
            Do::Trouble => self.trouble(),
            Do::Heal(phone) => self.heal(phone),
            Do::AppStart(phone, run) => self.start_app(phone, run),
            Do::Hour => self.hour(),
        }
    }

    fn heal(&mut self, phone: PhoneNo) {
        if self.phones[phone].away_until <= self.now {
            self.settled(phone);
        }
    }

    /// Every second somebody looks after everything.
    fn hour(&mut self) {
        self.queue.put(self.now + 1_000, Do::Hour);
        if self.now == 1_000 {
            self.first_rules();
        }
        let overdue = self.server.alive
            && self.server.is_idle()
            && !self.server.ticks_by(self.now)
            && self.server.exchange.deadline().is_some_and(|due| due.plus(1_000) < self.server.clock.at(self.now));
        self.laws.hold(Law::DueInTime, !overdue, || "the server sleeps over what is due".to_owned());
        self.look_for_the_silent();
        if self.now.is_multiple_of(4_000) {
            self.look_at_everybody();
        }
        if self.full_until != 0 && self.full_until <= self.now {
            self.full_until = 0;
            self.rooms_full(false, true);
        }
        if self.evening {
            return self.go_home();
        }
        if self.now.is_multiple_of(30_000) {
            self.take_snapshot();
        }
        if self.now == 40_000 && self.crashes.is_empty() {
            self.crash();
        }
        let enough = self.counts.calls >= CALLS && self.counts.inputs >= INPUTS && !self.crashes.is_empty();
        if enough && self.now >= SHORTEST_MS {
            self.evening_comes();
        }
        self.laws.hold(Law::NothingLeft, self.now < LONGEST_MS, || "the day does not end: too few calls".to_owned());
    }

    fn first_rules(&mut self) {
        let devices = if self.one_device { DevicePolicy::One } else { DevicePolicy::Many };
        let policy = Policy { devices, closed_list: self.closed_list, ..Policy::default() };
        self.administer_now(AdminAct::SetPolicy(policy));
        let listed: Vec<UserId> =
            self.residents.iter().map(|each| each.id.clone()).filter(|id| id.as_str() != "r03").collect();
        self.administer_now(AdminAct::AddUsers(listed));
        let (user, blocked) = (self.residents[1].id.clone(), self.residents[2].id.clone());
        self.administer_now(AdminAct::Block { user, blocked });
    }

    fn administer_now(&mut self, act: AdminAct) {
        self.at_shard(self.server.life, 0, None, ToShard::Admin { act });
    }

    /// Nothing goes wrong any more, and everybody is to go home.
    fn evening_comes(&mut self) {
        say!(self, "evening comes");
        (self.troubled, self.evening, self.evening_at) = (false, true, self.now);
        self.disk.failing = None;
        self.server.doom = None;
        self.outside.receiver_away_until = 0;
        self.rooms_full(false, true);
        for gateway in &mut self.gateways {
            *gateway = true;
        }
        for phone in &mut self.phones {
            (phone.away_until, phone.media_away_until) = (self.now, self.now);
            (phone.no_media, phone.bad_answers) = (false, false);
            phone.ticket_s = 86_400;
        }
    }

    fn go_home(&mut self) {
        let since = self.now - self.evening_at;
        let one = self.server.exchange.switchboard().policy().devices == DevicePolicy::One;
        if one && self.server.alive {
            self.administer_now(AdminAct::SetPolicy(Policy::default()));
        }
        if since < 3_000 {
            return;
        }
        if since < LOG_OUT_MS {
            for phone in 0..self.phones.len() {
                if self.phones[phone].session.is_none() {
                    let run = self.phones[phone].runs;
                    self.start_app(phone, run);
                } else if self.phones[phone].view.call.is_some() && self.phones[phone].is_up() {
                    self.deed(phone, crate::people::Deed::Hangup);
                }
            }
        } else if !std::mem::replace(&mut self.logged_out, true) {
            self.everybody_knows();
            for phone in 0..self.phones.len() {
                self.deed(phone, crate::people::Deed::Logout);
            }
        }
        if since >= NIGHT_MS {
            self.nothing_is_left();
            self.over = true;
        }
    }

    /// Before they log out: all are signed in, and nobody is left in a call or without its end.
    fn everybody_knows(&mut self) {
        for phone in 0..self.phones.len() {
            let found = &self.phones[phone];
            let name = || found.at.device.as_str().to_owned();
            self.laws.hold(Law::NothingLeft, found.is_up(), || format!("{} can't sign in", name()));
            let idle = found.view.call.is_none();
            self.laws.hold(Law::NothingLeft, idle, || {
                format!("{} still shows {}", name(), crate::trace::shown(&found.view))
            });
            let session = found.present.filter(|_| self.is_quiet(phone));
            let unseen = session.and_then(|session| self.books.unseen(session));
            self.laws.hold(Law::SeenIsMade, unseen.is_none(), || {
                format!("{} was not told everything: {}", name(), unseen.map(crate::trace::event).unwrap_or_default())
            });
        }
        let owed = self.books.nobody_owed();
        self.laws.hold(Law::OneEnd, owed.is_none(), || format!("{owed:?} was not told the end of its call"));
    }

    fn nothing_is_left(&mut self) {
        let exchange = &self.server.exchange;
        let (calls, sessions, due) = (exchange.switchboard().calls(), exchange.sessions(), exchange.deadline());
        self.laws
            .hold(Law::NothingLeft, calls == 0 && self.books.live_calls() == 0, || format!("{calls} calls are left"));
        self.laws.hold(Law::NothingLeft, sessions == 0, || format!("{sessions} sessions are left"));
        self.laws.hold(Law::NothingLeft, due.is_none(), || format!("something is due at {due:?}"));
        let rooms = self.rooms.is_empty() && self.books.rooms_are_gone();
        self.laws.hold(Law::NothingLeft, rooms, || "a media room, or a permission, is left".to_owned());
        let state = serde_json::to_value(exchange.snapshot()).unwrap_or_default();
        for path in [
            "switchboard/users",
            "switchboard/calls",
            "switchboard/due",
            "sessions/all",
            "ledger/open",
            "ledger/unkept",
            "hooks/calls",
        ] {
            let found = state.pointer(&format!("/state/{path}"));
            let empty = found.is_some_and(|found| {
                found
                    .as_object()
                    .map(serde_json::Map::is_empty)
                    .or(found.as_array().map(Vec::is_empty))
                    .unwrap_or_default()
            });
            self.laws.hold(Law::NothingLeft, empty, || format!("{path} holds {found:?}"));
        }
        self.check_outside();
    }

    pub(crate) fn evening_begun_signed_out(&self, _phone: PhoneNo) -> bool {
        self.logged_out
    }

    /// A line of the story.
    pub(crate) fn tell(&mut self, line: String) {
        let line = format!("{:>9.3} {:>6} {line}", self.now as f64 / 1000.0, self.counts.steps);
        if self.aloud {
            println!("{line}");
        }
        if let Some(trace) = &mut self.trace {
            if trace.len() >= LINES_KEPT {
                trace.pop_front();
            }
            trace.push_back(line);
        }
    }
}
