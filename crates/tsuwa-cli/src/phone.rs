//! `tsuwa phone`: makes and takes calls from a terminal or a script.

mod script;
mod show;
mod ticket;

use script::{Command, Wanted};
use show::Show;
use std::collections::VecDeque;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep_until};
use tsuwa::media::{AudioSetup, CaptureSource, PlaybackSink};
use tsuwa::{ActionCallback, Answer, CallId, CallOptions, Code, EventStream, TrtcCalling, TrtcCallingEvent};

/// Something a `wait` wanted did not come, or a line of the script is no command.
const FAILED: u8 = 1;
/// The sign-in was refused, or nothing could be made ready for it.
const NOT_SIGNED_IN: u8 = 3;
/// Nothing failed, but a command was refused.
const REFUSED: u8 = 4;

/// What `tsuwa phone --help` says below the flags.
const AFTER: &str = "\
Commands, one a line, from the keyboard or a script on standard input:

  call USER [video]              group USER USER… [video]
  accept                         reject
  hangup                         quit (so does the end of the input)
  mute on|off                    speaker on|off
  recent [COUNT] [before CALL]   (the calls that are over, the newest first)
  sleep SECONDS                  wait EVENT [WORD…] [SECONDS]

wait takes the events since the last wait, one after the other, until one has that name and each of the words among its
parameters: wait onUserAudioAvailable bob true 5. It gives up after 30 seconds unless told otherwise.

Exit status: 0; 1 a wait gave up, or a line of the script is no command; 3 the sign-in failed; 4 nothing failed but a
command was refused.";

/// What `tsuwa phone` takes.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Args {
    /// Whose telephone this is.
    user: String,
    /// The server: ws://, wss://, http:// or https://.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7700")]
    server: String,
    /// The application.
    #[arg(long, value_name = "ID", default_value_t = tsuwa_server::DEFAULT_APP.0)]
    app: u32,
    /// The ticket; without one it is made with the secret in the data folder of a server on this machine.
    #[arg(long, value_name = "TICKET")]
    sig: Option<String>,
    /// The data folder that the secret is in.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Send this WAV file instead of the microphone's sound, and silence after its end.
    #[arg(long, value_name = "WAV", conflicts_with = "tone")]
    play: Option<PathBuf>,
    /// Play the file again and again.
    #[arg(long, requires = "play")]
    repeat: bool,
    /// Send a voice-like sound instead of the microphone's.
    #[arg(long)]
    tone: bool,
    /// Write what is heard to this WAV file instead of the loudspeaker.
    #[arg(long, value_name = "WAV")]
    record: Option<PathBuf>,
    /// Touch no devices: send silence unless --play or --tone is given, play nothing unless --record is.
    #[arg(long)]
    silent: bool,
    /// Signalling only: no media at all.
    #[arg(long)]
    no_media: bool,
    /// Print JSON, one object a line.
    #[arg(long)]
    json: bool,
    /// Print volumes and network quality too.
    #[arg(long)]
    periodic: bool,
    /// Keep this device's id in a file, so that a phone that is started again is the same device.
    #[arg(long, value_name = "FILE")]
    device: Option<PathBuf>,
    /// Trust these certificates (PEM) beside the web's own.
    #[arg(long, value_name = "PEM")]
    trust: Option<PathBuf>,
}

/// Runs the phone until `quit`, the end of its input, or an interrupt.
pub(crate) async fn run(args: Args) -> ExitCode {
    // On a task: an answer then wakes it at once, before the event behind it is told.
    tokio::spawn(telephone(args)).await.unwrap_or(ExitCode::FAILURE)
}

async fn telephone(args: Args) -> ExitCode {
    let show = Show::new(args.json, args.periodic);
    let (calling, sig) = match prepare(&args) {
        Ok(ready) => ready,
        Err(why) => {
            show.failure(&why);
            return ExitCode::from(NOT_SIGNED_IN);
        }
    };
    let events = calling.events();
    let answer = calling.login(args.app, &args.user, &sig).await;
    show.answer("login", &answer);
    if !answer.is_success() {
        return ExitCode::from(NOT_SIGNED_IN);
    }
    let by_hand = std::io::stdin().is_terminal();
    if by_hand {
        show.hint(script::HELP);
    }
    let status = Phone {
        calling: calling.clone(),
        events,
        unseen: VecDeque::new(),
        lines: typed(),
        show,
        by_hand,
        interrupted: interrupts(),
        refused: false,
        hinted: false,
    }
    .work()
    .await;
    // The others hear of it at once, and not when the server has missed this phone for long enough.
    let _ = calling.logout().await;
    calling.destroy();
    ExitCode::from(status)
}

/// The lines of the standard input, each read when the one before was taken. On a thread that nobody waits for: a read
/// can't be given up, and one on the runtime would hold an interrupted phone until somebody types.
fn typed() -> mpsc::Receiver<String> {
    let (type_in, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if type_in.blocking_send(line).is_err() {
                break;
            }
        }
    });
    lines
}

/// Told of each interrupt, also of one that comes while nobody listens.
fn interrupts() -> Arc<Notify> {
    let interrupted = Arc::new(Notify::new());
    let told = Arc::clone(&interrupted);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            told.notify_one();
        }
    });
    interrupted
}

fn prepare(args: &Args) -> Result<(TrtcCalling, String), String> {
    let sig = match &args.sig {
        Some(sig) => sig.clone(),
        None => ticket::from_data_folder(args.data.as_deref(), args.app, &args.user)?,
    };
    if let Some(path) = &args.play {
        std::fs::File::open(path).map_err(|error| format!("--play: {}: {error}", path.display()))?;
    }
    let mut builder = TrtcCalling::builder().server(&args.server);
    builder = if args.no_media { builder.without_media() } else { builder.audio(audio(args)) };
    if let Some(path) = &args.device {
        builder = builder.device_file(path);
    }
    if let Some(path) = &args.trust {
        let pem = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        builder = builder.trust_certificates(pem);
    }
    Ok((builder.build().map_err(|error| error.to_string())?, sig))
}

fn audio(args: &Args) -> AudioSetup {
    let capture = match &args.play {
        Some(path) => CaptureSource::Wav { path: path.clone(), looped: args.repeat },
        // Any number: the same user has the same voice.
        None if args.tone => CaptureSource::Voice { seed: args.user.bytes().map(u64::from).sum() },
        None if args.silent => CaptureSource::Silence,
        None => CaptureSource::Device { name: None },
    };
    let playback = match &args.record {
        Some(path) => PlaybackSink::Wav { path: path.clone() },
        None if args.silent => PlaybackSink::Discard,
        None => PlaybackSink::Device { name: None },
    };
    AudioSetup { capture, playback }
}

struct Phone {
    calling: TrtcCalling,
    events: EventStream,
    /// Events that no `wait` has seen.
    unseen: VecDeque<TrtcCallingEvent>,
    lines: mpsc::Receiver<String>,
    show: Show,
    by_hand: bool,
    interrupted: Arc<Notify>,
    refused: bool,
    /// It was said what to do without devices.
    hinted: bool,
}

/// As many events stay for a `wait` that comes late; a script that waits for nothing needs none of them.
const UNSEEN_MOST: usize = 1024;

enum Next {
    Line(Option<String>),
    Interrupted,
}

impl Phone {
    async fn work(mut self) -> u8 {
        loop {
            let line = match self.next_line().await {
                Next::Line(Some(line)) => line,
                Next::Line(None) | Next::Interrupted => break,
            };
            match script::parse(&line) {
                Ok(None) => {}
                Ok(Some(Command::Quit)) => break,
                Ok(Some(command)) => {
                    if !self.carry_out(command).await && !self.by_hand {
                        return FAILED;
                    }
                }
                Err(why) => {
                    self.show.failure(&why);
                    if !self.by_hand {
                        return FAILED;
                    }
                }
            }
        }
        if self.refused && !self.by_hand { REFUSED } else { 0 }
    }

    async fn next_line(&mut self) -> Next {
        loop {
            tokio::select! {
                line = self.lines.recv() => return Next::Line(line),
                Some(event) = self.events.next() => self.came(event),
                () = self.interrupted.notified() => return Next::Interrupted,
            }
        }
    }

    fn came(&mut self, event: TrtcCallingEvent) {
        self.show.event(&event);
        if let TrtcCallingEvent::OnError { code, .. } = &event
            && [Code::MicrophoneFailed.number(), Code::SpeakerFailed.number()].contains(code)
            && !std::mem::replace(&mut self.hinted, true)
        {
            self.show
                .hint("without devices: --play WAV or --tone to be heard, --record WAV to hear, --silent for neither");
        }
        if self.unseen.len() == UNSEEN_MOST {
            self.unseen.pop_front();
        }
        self.unseen.push_back(event);
    }

    /// `false`: it failed.
    async fn carry_out(&mut self, command: Command) -> bool {
        match command {
            Command::Call { user, kind } => {
                let answer = self.calling.call_with(&user, CallOptions::of(kind));
                self.answered("call", answer).await;
            }
            Command::Group { users, kind } => {
                let answer = self.calling.group_call(&users, kind);
                self.answered("groupCall", answer).await;
            }
            Command::Accept => {
                let answer = self.calling.accept();
                self.answered("accept", answer).await;
            }
            Command::Reject => {
                let answer = self.calling.reject();
                self.answered("reject", answer).await;
            }
            Command::Hangup => self.calling.hangup(),
            Command::Mute(is_mute) => self.calling.set_mic_mute(is_mute),
            Command::Speaker(on) => self.calling.set_hands_free(on),
            Command::Recent { before, limit } => self.recent(before, limit).await,
            Command::Sleep(span) => self.sleep(span).await,
            Command::Wait { wanted, seconds } => return self.wait(&wanted, seconds).await,
            Command::Help => self.show.hint(script::HELP),
            Command::Quit => {}
        }
        true
    }

    async fn answered(&mut self, what: &str, mut answer: Answer) {
        let callback: ActionCallback = loop {
            tokio::select! {
                // What was told before the answer is shown before it.
                biased;
                Some(event) = self.events.next() => self.came(event),
                callback = &mut answer => break callback,
            }
        };
        self.refused |= !callback.is_success();
        self.show.answer(what, &callback);
    }

    async fn recent(&mut self, before: Option<CallId>, limit: Option<usize>) {
        let mut asked = Box::pin(self.calling.query_recent_calls(before, limit));
        let page = loop {
            tokio::select! {
                page = &mut asked => break page,
                Some(event) = self.events.next() => self.came(event),
            }
        };
        self.refused |= page.is_err();
        self.show.recent(&page);
    }

    async fn sleep(&mut self, span: Duration) {
        let until = Instant::now() + span;
        loop {
            tokio::select! {
                () = sleep_until(until) => return,
                () = self.interrupted.notified() => return self.interrupted.notify_one(),
                Some(event) = self.events.next() => self.came(event),
            }
        }
    }

    async fn wait(&mut self, wanted: &Wanted, span: Duration) -> bool {
        let until = Instant::now() + span;
        loop {
            while let Some(event) = self.unseen.pop_front() {
                if wanted.is(&event) {
                    return true;
                }
            }
            tokio::select! {
                () = sleep_until(until) => {
                    self.show.failure(&format!("{wanted} did not come in {} s", span.as_secs_f64()));
                    return false;
                }
                () = self.interrupted.notified() => {
                    self.interrupted.notify_one();
                    return false;
                }
                event = self.events.next() => match event {
                    Some(event) => self.came(event),
                    None => return false,
                },
            }
        }
    }
}
