//! A server that was started as the README says, seen from outside.

use crate::command;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How long until it says its address: it may have to be built first, optimised, on two cores.
const TO_START: Duration = command::minutes(25);
/// How long a page may take, on a machine that is busy.
const TO_ANSWER: Duration = Duration::from_secs(10);
/// How long it may drain.
const TO_END: Duration = Duration::from_secs(30);

/// A running server.
pub(super) struct Server {
    child: Child,
    address: SocketAddr,
    /// Kept so that the server never writes to a closed pipe.
    lines: Receiver<String>,
}

impl Server {
    /// Starts it and reads its address from what it prints.
    pub(super) fn start(mut command: Command, args: &[String]) -> Result<Self, String> {
        println!("   $ {} …", command::shown(command.args(args)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let lines = command::lines(&mut child);
        match address(&lines) {
            Ok(address) => Ok(Self { child, address, lines }),
            Err(output) => {
                command::kill(&mut child);
                Err(format!("it did not print its address:\n{output}"))
            }
        }
    }

    /// The address that it printed.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks for a page; anything but 200 is a fault.
    pub(super) fn get(&self, path: &str) -> Result<(), String> {
        let answer = self.answer(path).map_err(|error| format!("GET {path}: {error}"))?;
        let status = answer.lines().next().unwrap_or_default();
        println!("   GET {path}: {status}");
        if status.split(' ').nth(1) == Some("200") { Ok(()) } else { Err(format!("GET {path}: {answer}")) }
    }

    fn answer(&self, path: &str) -> std::io::Result<String> {
        let mut socket = TcpStream::connect_timeout(&self.address, TO_ANSWER)?;
        socket.set_read_timeout(Some(TO_ANSWER))?;
        write!(socket, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)?;
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// Ends it as an operator would; it has to go with success.
    pub(super) fn stop(mut self) -> Result<(), String> {
        command::ask_to_end(&self.child);
        let asked = Instant::now();
        while asked.elapsed() < TO_END {
            match self.child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(format!("{status}\n{}", self.said())),
                Ok(None) => thread::sleep(Duration::from_millis(50)),
                Err(error) => return Err(error.to_string()),
            }
        }
        command::kill(&mut self.child);
        Err(format!("still there {} s after SIGTERM\n{}", TO_END.as_secs(), self.said()))
    }

    fn said(&self) -> String {
        self.lines.try_iter().collect::<Vec<_>>().join("\n")
    }
}

/// The first address among the lines; all the lines if there is none.
fn address(lines: &Receiver<String>) -> Result<SocketAddr, String> {
    let began = Instant::now();
    let mut output = String::new();
    while began.elapsed() < TO_START {
        match lines.recv_timeout(Duration::from_secs(30)) {
            Ok(line) => {
                if let Some(address) = address_in(&line) {
                    return Ok(address);
                }
                output.push_str(&line);
                output.push('\n');
            }
            Err(RecvTimeoutError::Timeout) => {
                println!(
                    "     {:>4} s  {}",
                    began.elapsed().as_secs(),
                    output.lines().last().unwrap_or_default().trim()
                );
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    Err(output)
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("http://")?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':')).unwrap_or(rest.len());
    rest[..end].parse().ok().filter(|address: &SocketAddr| address.port() != 0)
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            command::kill(&mut self.child);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_a_line() {
        let found = |line: &str| address_in(line).map(|address| address.port());
        assert_eq!(found("  open http://127.0.0.1:7700 in a browser"), Some(7700));
        assert_eq!(found("listening on http://127.0.0.1:7701/."), Some(7701));
        assert_eq!(found("http://127.0.0.1:0"), None);
        assert_eq!(found("see https://example.com"), None);
    }
}
