//! The engine's thread: commands, packets and the 20 ms tick, one after the other.

use super::connections::Connections;
use super::ears::Ears;
use super::engine::{AudioSetup, Command, EngineOut};
use super::link::Arrival;
use super::mouth::Mouth;
use super::transport::Happened;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tsuwa_proto::{Code, Refusal};

/// Length of a frame.
const TICK: Duration = Duration::from_millis(20);

/// When the thread was kept from running for longer than this (a laptop's lid), the ticks between are left out.
const LATE_MOST: Duration = Duration::from_millis(200);

/// Packets waiting for the thread; when it can't keep up, sockets hold them back and then drop.
const ARRIVALS: usize = 256;

/// Shortest and usual time between two volume events: TRTCCalling's.
const VOLUME_SHORTEST: Duration = Duration::from_millis(100);
const VOLUME_USUAL: Duration = Duration::from_millis(500);

pub(super) fn spawn(audio: AudioSetup, inbox: mpsc::UnboundedReceiver<Command>, out: mpsc::UnboundedSender<EngineOut>) {
    let spawned = std::thread::Builder::new().name("tsuwa-media".into()).spawn({
        let out = out.clone();
        move || {
            let running = AssertUnwindSafe(|| start(audio, inbox, out.clone()));
            match std::panic::catch_unwind(running) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => no_engine(&out, &error),
                // The call goes on without sound; whoever made it is told, instead of finding out.
                Err(_) => no_engine(&out, &std::io::Error::other("it has failed")),
            }
        }
    });
    if let Err(error) = spawned {
        no_engine(&out, &error);
    }
}

/// Runs until the handle is dropped.
fn start(
    audio: AudioSetup,
    inbox: mpsc::UnboundedReceiver<Command>,
    out: mpsc::UnboundedSender<EngineOut>,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (arrivals, arrived) = mpsc::channel(ARRIVALS);
    runtime.block_on(Engine::new(audio, arrivals, out).run(inbox, arrived));
    Ok(())
}

fn no_engine(out: &mpsc::UnboundedSender<EngineOut>, error: &std::io::Error) {
    let refusal = Refusal::new(Code::MediaFailed, format!("there is no media engine: {error}"));
    let _ = out.send(EngineOut::Error(refusal));
}

struct Engine {
    out: mpsc::UnboundedSender<EngineOut>,
    mouth: Mouth,
    ears: Ears,
    connections: Connections,
    /// Whether the endpoints are open.
    open: bool,
    /// When the next 20 ms are due.
    tick_at: Instant,
    volume_every: Option<Duration>,
    volume_at: Instant,
}

impl Engine {
    fn new(audio: AudioSetup, arrivals: mpsc::Sender<Arrival>, out: mpsc::UnboundedSender<EngineOut>) -> Self {
        Self {
            out,
            mouth: Mouth::new(audio.capture),
            ears: Ears::new(audio.playback),
            connections: Connections::new(arrivals),
            open: false,
            tick_at: Instant::now(),
            volume_every: Some(VOLUME_USUAL),
            volume_at: Instant::now(),
        }
    }

    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Command>, mut arrived: mpsc::Receiver<Arrival>) {
        loop {
            let timeout = self.connections.timeout();
            // Without a call nothing happens until somebody asks.
            let busy = self.open || timeout.is_some();
            let wake = timeout.map_or(self.tick_at, |timeout| timeout.min(self.tick_at));
            tokio::select! {
                biased;
                command = inbox.recv() => match command {
                    Some(command) => self.command(command),
                    None => break,
                },
                Some(arrival) = arrived.recv() => self.connections.arrived(arrival, Instant::now()),
                () = tokio::time::sleep_until(wake.into()), if busy => {}
            }
            let now = Instant::now();
            if now >= self.tick_at {
                if self.open {
                    // What has come by now is to be heard now, also when this thread was late itself.
                    while let Ok(arrival) = arrived.try_recv() {
                        self.connections.arrived(arrival, now);
                    }
                    self.connections.catch_up(now);
                    self.happened(now);
                    self.tick(now);
                }
                self.tick_at = if now > self.tick_at + LATE_MOST { now + TICK } else { self.tick_at + TICK };
            }
            self.connections.turn(now);
            self.happened(now);
        }
        self.end_call();
    }

    fn tell(&self, what: EngineOut) {
        // Whoever no longer listens will drop the engine soon.
        let _ = self.out.send(what);
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Offer { call, offer_id, fresh, sdp, streams } => {
                let offered = self.connections.offer(call, fresh, &sdp, &streams);
                self.tell(offered.told(call, offer_id));
            }
            Command::OpenMicrophone => self.open_endpoints(),
            Command::Mute(mute) => self.mouth.mute(mute),
            Command::HandsFree(on) => {
                if let Some(route) = self.ears.route(on) {
                    self.tell(EngineOut::Route(route));
                }
            }
            Command::VolumeInterval(every) => {
                self.volume_every = (!every.is_zero()).then(|| every.max(VOLUME_SHORTEST));
                self.volume_at = Instant::now();
            }
            Command::EndCall => self.end_call(),
        }
    }

    fn open_endpoints(&mut self) {
        if self.open {
            return;
        }
        self.open = true;
        // The first word goes out now, not at some later tick.
        self.tick_at = Instant::now();
        self.volume_at = Instant::now() + self.volume_every.unwrap_or_default();
        for refusal in [self.mouth.open(), self.ears.open()].into_iter().filter_map(Result::err) {
            self.tell(EngineOut::Error(refusal));
        }
    }

    fn end_call(&mut self) {
        self.connections.close();
        if std::mem::take(&mut self.open) {
            self.mouth.close();
            self.ears.close();
        }
    }

    fn happened(&mut self, now: Instant) {
        for (call, happened) in self.connections.take_happened() {
            match happened {
                Happened::Up => self.tell(EngineOut::Up { call }),
                Happened::Lost => self.tell(EngineOut::Lost { call }),
                Happened::Sound { user, packet, red } if self.open => self.ears.take(now, user, &packet, red),
                Happened::Sound { .. } => {}
                Happened::Loss(loss) => self.mouth.adapt(loss),
            }
        }
    }

    /// 20 ms of sound, each way.
    fn tick(&mut self, now: Instant) {
        if let Some(fault) = self.mouth.fault() {
            self.tell(EngineOut::Error(fault));
        }
        match self.ears.news() {
            Some(Ok(route)) => self.tell(EngineOut::Route(route)),
            Some(Err(fault)) => self.tell(EngineOut::Error(fault)),
            None => {}
        }
        self.mouth.tick(now, self.connections.up());
        for (user, arrived) in self.ears.tick(now) {
            self.tell(EngineOut::FirstSound { user, at: Instant::now(), arrived });
        }
        if let Some(every) = self.volume_every
            && now >= self.volume_at
        {
            self.volume_at = (self.volume_at + every).max(now);
            let (mut users, total) = self.ears.volumes(&self.connections.users());
            users.insert(0, (None, self.mouth.volume()));
            self.tell(EngineOut::Volumes { users, total });
        }
    }
}
