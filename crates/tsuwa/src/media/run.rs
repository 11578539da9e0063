//! The engine's thread: commands, packets and the 20 ms tick, one after the other.

use super::ears::Ears;
use super::engine::{AudioSetup, Command, EngineOut};
use super::link::{Arrival, Arrived};
use super::mouth::Mouth;
use super::transport::{Happened, Transport};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tsuwa_proto::{CallId, Code, Refusal, Stream, UserId};

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
            match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime.block_on(Engine::new(audio, out).run(inbox)),
                Err(error) => no_engine(&out, &error),
            };
        }
    });
    if let Err(error) = spawned {
        no_engine(&out, &error);
    }
}

fn no_engine(out: &mpsc::UnboundedSender<EngineOut>, error: &std::io::Error) {
    let refusal = Refusal::new(Code::MediaFailed, format!("the media engine can't start: {error}"));
    let _ = out.send(EngineOut::Error(refusal));
}

struct Engine {
    out: mpsc::UnboundedSender<EngineOut>,
    mouth: Mouth,
    ears: Ears,
    /// The connection in use, and the one that is to replace it when it is up.
    current: Option<Transport>,
    next: Option<Transport>,
    transports: u64,
    arrivals: mpsc::Sender<Arrival>,
    arrived: Option<mpsc::Receiver<Arrival>>,
    /// Whether the endpoints are open.
    open: bool,
    volume_every: Option<Duration>,
    volume_at: Instant,
}

impl Engine {
    fn new(audio: AudioSetup, out: mpsc::UnboundedSender<EngineOut>) -> Self {
        let (arrivals, arrived) = mpsc::channel(ARRIVALS);
        Self {
            out,
            mouth: Mouth::new(audio.capture),
            ears: Ears::new(audio.playback),
            current: None,
            next: None,
            transports: 0,
            arrivals,
            arrived: Some(arrived),
            open: false,
            volume_every: Some(VOLUME_USUAL),
            volume_at: Instant::now(),
        }
    }

    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Command>) {
        let Some(mut arrived) = self.arrived.take() else { return };
        let mut tick = Instant::now() + TICK;
        loop {
            let transports = [&self.current, &self.next];
            let timeout = transports.into_iter().flatten().map(Transport::timeout).min();
            // Without a call nothing happens until somebody asks.
            let busy = self.open || timeout.is_some();
            let wake = timeout.map_or(tick, |timeout| timeout.min(tick));
            tokio::select! {
                biased;
                command = inbox.recv() => match command {
                    Some(command) => self.command(command),
                    None => break,
                },
                Some(arrival) = arrived.recv() => self.arrival(arrival),
                () = tokio::time::sleep_until(wake.into()), if busy => {}
            }
            let now = Instant::now();
            if now >= tick {
                if self.open {
                    self.tick(now);
                }
                tick = if now > tick + LATE_MOST { now + TICK } else { tick + TICK };
            }
            for transport in [&mut self.current, &mut self.next].into_iter().flatten() {
                if transport.timeout() <= now {
                    transport.turn(now);
                }
            }
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
            Command::Offer { call, offer_id, fresh, sdp, streams } => self.offer(call, offer_id, fresh, &sdp, &streams),
            Command::OpenMicrophone => self.open_endpoints(),
            Command::Mute(mute) => self.mouth.mute(mute),
            Command::HandsFree(on) => match self.ears.route(on) {
                Ok(route) => self.tell(EngineOut::Route(route)),
                Err(refusal) => self.tell(EngineOut::Error(refusal)),
            },
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
        self.volume_at = Instant::now() + self.volume_every.unwrap_or_default();
        for refusal in [self.mouth.open(), self.ears.open()].into_iter().filter_map(Result::err) {
            self.tell(EngineOut::Error(refusal));
        }
    }

    fn end_call(&mut self) {
        self.current = None;
        self.next = None;
        if std::mem::take(&mut self.open) {
            self.mouth.close();
            self.ears.close();
        }
    }

    fn offer(&mut self, call: CallId, offer_id: u64, fresh: bool, sdp: &str, streams: &[Stream]) {
        let now = Instant::now();
        if self.current.as_ref().is_some_and(|transport| transport.call != call) {
            // The call before was not ended by its last event; it is over all the same.
            self.current = None;
            self.next = None;
        }
        let answer = if fresh {
            self.transports += 1;
            let opened = Transport::open(self.transports, call, sdp, streams, now, self.arrivals.clone());
            opened.map(|(transport, answer)| {
                // Sound goes on over the present connection until the new one is up.
                let place = if self.current.is_some() { &mut self.next } else { &mut self.current };
                *place = Some(transport);
                answer
            })
        } else if let Some(transport) = self.next.as_mut().or(self.current.as_mut()) {
            transport.offer(sdp, streams, now)
        } else {
            return self.tell(EngineOut::Lost { call });
        };
        match answer {
            Ok(sdp) => self.tell(EngineOut::Answer { call, offer_id, sdp }),
            Err(why) => self.tell(EngineOut::Error(Refusal::new(Code::MediaFailed, why.0))),
        }
    }

    fn arrival(&mut self, arrival: Arrival) {
        let now = Instant::now();
        let mut transports = [&mut self.current, &mut self.next].into_iter().flatten();
        match transports.find(|transport| transport.id == arrival.transport) {
            Some(transport) => transport.arrived(arrival.what, now),
            // A late word from a connection that is closed.
            None => drop::<Arrived>(arrival.what),
        }
    }

    fn happened(&mut self, now: Instant) {
        let mut switch = false;
        for (place, next) in [(&mut self.current, false), (&mut self.next, true)] {
            let Some(transport) = place else { continue };
            let call = transport.call;
            for happened in transport.take_happened() {
                match happened {
                    Happened::Up => {
                        switch |= next;
                        let _ = self.out.send(EngineOut::Up { call });
                    }
                    Happened::Lost => drop(self.out.send(EngineOut::Lost { call })),
                    Happened::Sound { user, packet, red } if self.open => self.ears.take(now, user, &packet, red),
                    Happened::Sound { .. } => {}
                    Happened::Loss(loss) => self.mouth.adapt(loss),
                }
            }
        }
        if switch {
            self.current = self.next.take();
        }
    }

    /// 20 ms of sound, each way.
    fn tick(&mut self, now: Instant) {
        self.mouth.tick(now, self.current.as_mut().filter(|transport| transport.up));
        for (user, arrived) in self.ears.tick(now) {
            self.tell(EngineOut::FirstSound { user, at: Instant::now(), arrived });
        }
        if let Some(every) = self.volume_every
            && now >= self.volume_at
        {
            self.volume_at = (self.volume_at + every).max(now);
            let present: Vec<UserId> = self.current.iter().flat_map(Transport::users).cloned().collect();
            let (mut users, total) = self.ears.volumes(&present);
            users.insert(0, (None, self.mouth.volume()));
            self.tell(EngineOut::Volumes { users, total });
        }
    }
}
