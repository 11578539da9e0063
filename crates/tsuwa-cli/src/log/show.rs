//! `tsuwa log show`.

use super::lines::{line, time};
use std::collections::BTreeMap;
use std::io::{self, Write};
use tsuwa_call::DeviceKey;
use tsuwa_exchange::{Entry, Exchange, Input, LOG_VERSION, Snapshot};
use tsuwa_proto::{AppId, SessionId};
use tsuwa_server::store::LogFile;

/// Whether nothing is wrong with it.
pub(super) fn is_whole(log: &LogFile) -> bool {
    log.faults.is_empty() && !matches!(log.snapshot, Some(Err(_))) && log.entries.iter().all(Result::is_ok)
}

/// Prints it; `true` if it is whole.
pub(super) fn print(log: &LogFile, from: u64, out: &mut impl Write) -> io::Result<bool> {
    head(log, out)?;
    let mut sessions = Sessions::default();
    if let Some(Ok(snapshot)) = &log.snapshot {
        sessions.learn(snapshot);
    }
    for entry in &log.entries {
        match entry {
            Ok(entry) => {
                sessions.follow(entry);
                if entry.position >= from {
                    writeln!(out, "{}", told(entry, &sessions))?;
                }
            }
            Err(fault) => writeln!(out, "DAMAGED: {fault}")?,
        }
    }
    tail(log, out)
}

/// What is known before the first entry.
pub(super) fn head(log: &LogFile, out: &mut impl Write) -> io::Result<()> {
    let app = log.app.map_or("an unknown app".to_owned(), |app| format!("app {}", app.0));
    let program = log.program.as_deref().map_or("nobody".to_owned(), |version| format!("tsuwa {version}"));
    writeln!(out, "{app}, written by {program}")?;
    if let Some(version) = log.log_version.filter(|version| *version != LOG_VERSION) {
        writeln!(out, "its entries are of version {version}, and this program is of version {LOG_VERSION}")?;
    }
    match &log.snapshot {
        None => writeln!(out, "no snapshot"),
        Some(Err(fault)) => writeln!(out, "DAMAGED: {fault}"),
        Some(Ok(snapshot)) => print_snapshot(log.app, snapshot, out),
    }
}

fn print_snapshot(app: Option<AppId>, snapshot: &Snapshot, out: &mut impl Write) -> io::Result<()> {
    let exchange = match restored(app, snapshot) {
        Ok(exchange) => exchange,
        Err(fault) => return writeln!(out, "DAMAGED: {fault}"),
    };
    let board = exchange.switchboard();
    let (users, calls) = (board.users(), board.live_calls());
    writeln!(out, "{} {}  snapshot", exchange.position(), time(exchange.moment()))?;
    writeln!(
        out,
        "    {} calls, {} sessions, {} users on the list, {} records and {} webhooks on their way",
        calls.len(),
        exchange.sessions(),
        users.iter().filter(|user| user.listed).count(),
        exchange.unkept_records(),
        exchange.waiting_hooks(),
    )?;
    writeln!(out, "    policy {}", line(board.policy()))?;
    for call in &calls {
        writeln!(out, "    call {} since {}:", call.call_id, time(call.started_at))?;
        for member in &call.members {
            let lost = if member.lost { ", lost" } else { "" };
            writeln!(out, "        {}/{}{lost}", member.user_id.as_str(), member.device_id.as_str())?;
        }
        for user in &call.ringing {
            writeln!(out, "        {}, ringing", user.as_str())?;
        }
    }
    Ok(())
}

/// What the snapshot holds.
pub(super) fn restored(app: Option<AppId>, snapshot: &Snapshot) -> Result<Exchange, String> {
    let app = app.ok_or("it does not say which app it is of")?;
    Exchange::recover(app, 1, Some(snapshot.clone()), &[]).map_err(|error| error.to_string())
}

/// What is known after the last entry; `true` if nothing is wrong.
pub(super) fn tail(log: &LogFile, out: &mut impl Write) -> io::Result<bool> {
    for fault in &log.faults {
        writeln!(out, "DAMAGED: {fault}")?;
    }
    Ok(is_whole(log))
}

/// Whose the sessions are.
#[derive(Default)]
pub(super) struct Sessions(BTreeMap<SessionId, String>);

impl Sessions {
    /// Those that there were before the first entry.
    pub(super) fn learn(&mut self, snapshot: &Snapshot) {
        let state = serde_json::to_value(snapshot).unwrap_or_default();
        let all = state["state"]["sessions"]["all"].as_object().into_iter().flatten();
        self.0.extend(all.filter_map(|(id, session)| Some((id.parse().ok()?, line(&session["at"])))));
    }

    /// A sign-in begins the session that has its place's number.
    pub(super) fn follow(&mut self, entry: &Entry) {
        if let Input::SignIn { at, .. } = &entry.input {
            self.0.insert(SessionId(entry.position), device(at));
        }
    }

    /// The session's device, or its number.
    pub(super) fn name(&self, session: SessionId) -> String {
        self.0.get(&session).cloned().unwrap_or_else(|| format!("session {session}"))
    }
}

pub(super) fn device(at: &DeviceKey) -> String {
    format!("{}/{}", at.user.as_str(), at.device.as_str())
}

/// An entry as a line: its place, its moment, who, and what.
pub(super) fn told(entry: &Entry, sessions: &Sessions) -> String {
    let what = match &entry.input {
        Input::Request { session, id, act } => format!("{} request {}: {}", sessions.name(*session), id.0, line(act)),
        Input::Resume { session, last_seq, .. } => {
            format!("{} resumes, having seen event {}", sessions.name(*session), line(last_seq))
        }
        Input::Socket { session, up } => {
            format!("{}'s socket is {}", sessions.name(*session), if *up { "back" } else { "gone" })
        }
        Input::Ack { session, seq } => format!("{} has seen event {}", sessions.name(*session), line(seq)),
        Input::Renew { session, .. } => format!("{} has a new ticket", sessions.name(*session)),
        Input::SignIn { at, media, .. } => format!("{} signs in, media {}", device(at), line(media)),
        Input::Media(report) => format!("media: {}", line(report)),
        Input::Admin { act, .. } => format!("administrator: {}", line(act)),
        other => line(other),
    };
    format!("{} {}  {what}", entry.position, time(entry.at))
}
