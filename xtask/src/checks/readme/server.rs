//! A server that was started as the README says, seen from outside.

use crate::command::{self, Running};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::time::Duration;

/// How long until it says its address: it may have to be built first, optimised, on two cores.
const TO_START: Duration = command::minutes(25);
/// How long a page may take, on a machine that is busy.
const TO_ANSWER: Duration = Duration::from_secs(10);
/// How long it may drain.
const TO_END: Duration = Duration::from_secs(30);

/// A running server.
pub(super) struct Server {
    running: Running,
    address: SocketAddr,
}

impl Server {
    /// Starts it and reads its address from what it prints.
    pub(super) fn start(mut command: Command, args: &[String]) -> Result<Self, String> {
        println!("   $ {}", command::shown(command.args(args)));
        let mut running = Running::begin(&mut command, "").map_err(|error| error.to_string())?;
        let address = running.wait_for(address_in, TO_START);
        let address = address.map_err(|output| format!("it did not print its address:\n{output}"))?;
        Ok(Self { running, address })
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
    pub(super) fn stop(self) -> Result<(), String> {
        self.running.ask_to_end();
        let done = self.running.finish(TO_END);
        if done.ok { Ok(()) } else { Err(format!("after SIGTERM it did not end with success:\n{}", done.output)) }
    }
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("http://")?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':')).unwrap_or(rest.len());
    // A full stop that ends the sentence is not the address's.
    let address = rest[..end].trim_end_matches(['.', ':']).parse().ok();
    address.filter(|address: &SocketAddr| address.port() != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_a_line() {
        let found = |line: &str| address_in(line).map(|address| address.port());
        assert_eq!(found("  open http://127.0.0.1:7700 in a browser"), Some(7700));
        assert_eq!(found("listening on http://127.0.0.1:7701/."), Some(7701));
        assert_eq!(found("listening on http://127.0.0.1:7702."), Some(7702));
        assert_eq!(found("http://127.0.0.1:0"), None);
        assert_eq!(found("see https://example.com"), None);
    }
}
