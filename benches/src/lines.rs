//! The forwarder as a child process: lines in, lines out.

use crate::forwarder::{Forwarder, Side};
use std::io::{self, BufRead, Write};
use std::net::SocketAddr;
use std::sync::mpsc::{self, TryRecvError};
use std::time::Instant;

/// An SDP on one line.
pub fn escape(sdp: &str) -> String {
    sdp.replace('\r', "").replace('\n', "\\n")
}

/// The SDP of one line.
pub fn unescape(line: &str) -> String {
    line.replace("\\n", "\r\n")
}

/// Runs a forwarder on `addr` (port 0: any) until standard input ends. See the crate for what it says.
///
/// # Errors
/// If the socket can't be bound, or standard output is closed.
pub fn run(addr: SocketAddr) -> io::Result<()> {
    let mut forwarder = Forwarder::bind(addr)?;
    let (lines, orders) = mpsc::channel();
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
    say(&format!("bare {}", forwarder.addr()))?;
    loop {
        loop {
            match orders.try_recv() {
                Ok(line) => say(&obey(&mut forwarder, &line))?,
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return Ok(()),
            }
        }
        forwarder.turn()?;
        for (pair, side) in forwarder.taken_up() {
            say(&format!("up {pair} {side}"))?;
        }
    }
}

fn obey(forwarder: &mut Forwarder, line: &str) -> String {
    let mut words = line.splitn(4, ' ');
    let (order, pair, side) = (words.next(), words.next(), words.next());
    let pair = pair.and_then(|pair| pair.parse::<usize>().ok());
    let side = side.and_then(Side::named);
    match (order, pair, side) {
        (Some("offer"), Some(pair), Some(side)) => {
            let offer = forwarder.offer(pair, side, Instant::now());
            format!("offer {pair} {side} {} {} {}", offer.up, offer.down, escape(&offer.sdp))
        }
        (Some("answer"), Some(pair), Some(side)) => {
            match forwarder.answer(pair, side, &unescape(words.next().unwrap_or("")), Instant::now()) {
                Ok(()) => format!("ok {pair} {side}"),
                Err(reason) => format!("error {pair} {side} {}", escape(&reason)),
            }
        }
        (Some("close"), Some(pair), _) => {
            forwarder.close(pair);
            format!("ok {pair}")
        }
        (Some("count"), ..) => format!("count {}", forwarder.forwarded()),
        _ => "error what is that?".to_owned(),
    }
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
