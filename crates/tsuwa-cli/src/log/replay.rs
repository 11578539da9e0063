//! `tsuwa log replay`.

use super::lines::line;
use super::show::{Sessions, device, head, restored, tail, told};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tsuwa_exchange::{EffectKind, Exchange};
use tsuwa_proto::AppId;
use tsuwa_server::store::LogFile;

/// Replays it, and prints what follows from each entry; `true` if it is whole.
pub(super) fn print(log: &LogFile, from: u64, out: &mut impl Write) -> io::Result<bool> {
    head(log, out)?;
    let mut sessions = Sessions::default();
    let restored = match &log.snapshot {
        None => log.app.ok_or("it does not say which app it is of".to_owned()).map(|app: AppId| Exchange::new(app, 1)),
        Some(Err(fault)) => Err(fault.clone()),
        Some(Ok(snapshot)) => {
            sessions.learn(snapshot);
            restored(log.app, snapshot)
        }
    };
    let mut exchange = match restored {
        Ok(exchange) => exchange,
        Err(fault) => {
            writeln!(out, "nothing can be replayed: {fault}")?;
            tail(log, out)?;
            return Ok(false);
        }
    };
    for entry in &log.entries {
        let broken = match entry {
            Err(fault) => Some(fault.clone()),
            Ok(entry) => {
                let (last, next) = (exchange.position(), entry.position);
                let fits = next == last + 1 || (last == 0 && next > 0);
                (!fits).then(|| format!("entry {} was due, {next} came", last + 1))
            }
        };
        let (Ok(entry), None) = (entry, &broken) else {
            let fault = broken.unwrap_or_default();
            writeln!(out, "DAMAGED: {fault}\nwhat follows can't be replayed")?;
            tail(log, out)?;
            return Ok(false);
        };
        sessions.follow(entry);
        let shown = entry.position >= from;
        if shown {
            writeln!(out, "{}", told(entry, &sessions))?;
        }
        if catch_unwind(AssertUnwindSafe(|| exchange.committed(entry))).is_err() {
            writeln!(out, "FAULT: here the switchboard fails; please report it with what `--mask --json` prints")?;
            return Ok(false);
        }
        while let Some(effect) = exchange.poll_effect() {
            if shown {
                writeln!(out, "    {}", done(&effect.what, &sessions))?;
            }
        }
    }
    tail(log, out)
}

/// An effect as a line: to whom, and what.
fn done(effect: &EffectKind, sessions: &Sessions) -> String {
    match effect {
        EffectKind::SignedIn { at, call, .. } => format!("-> {} is signed in, call {}", device(at), line(call)),
        EffectKind::Resumed { at, call, .. } => format!("-> {} is back, call {}", device(at), line(call)),
        EffectKind::SignInRefused { refusal, .. } => format!("-> the sign-in is refused: {}", line(refusal)),
        EffectKind::ResumeRefused { refusal, .. } => format!("-> the resume is refused: {}", line(refusal)),
        EffectKind::Reply { session, id, outcome } => {
            format!("-> {} answer {}: {}", sessions.name(*session), id.0, line(outcome))
        }
        EffectKind::Event { session, seq, event } => {
            format!("-> {} event {}: {}", sessions.name(*session), line(seq), line(event))
        }
        EffectKind::Close { session, why } => format!("-> {} is closed: {}", sessions.name(*session), line(why)),
        EffectKind::Lapsed { session } => format!("-> {} is given up", sessions.name(*session)),
        EffectKind::AdminReply { result, .. } => format!("-> administrator: {}", line(result)),
        EffectKind::Media(command) => format!("-> media: {}", line(command)),
        EffectKind::Note(note) => format!("   note: {}", line(note)),
        EffectKind::Record(record) => format!("-> record: {}", line(record)),
        EffectKind::Hook(hook) => format!("-> webhook: {}", line(hook)),
        EffectKind::HooksFull { call } => format!("-> webhooks: too many wait; none of call {call}"),
        EffectKind::InCall { session, yes } => {
            format!("   {} is {} a call", sessions.name(*session), if *yes { "in" } else { "out of" })
        }
    }
}
