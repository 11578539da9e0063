//! A server and telephones in processes of their own.

use crate::hall::free_port;
use serde_json::Value;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Whatever takes longer on loopback has failed, however busy the machine is.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

pub(crate) fn tsuwa() -> Command {
    Command::new(env!("CARGO_BIN_EXE_tsuwa"))
}

/// A folder for one test, gone with it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("tsuwa-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The folder without the sweeping up, for somebody else to do it.
    pub(crate) fn into_path(self) -> PathBuf {
        std::mem::ManuallyDrop::new(self).0.clone()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left over is the system's to sweep.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// `tsuwa serve` on a port that the system chose.
pub(crate) struct Stage {
    server: Child,
    flags: Vec<OsString>,
    pub(crate) url: String,
    pub(crate) folder: Folder,
}

impl Stage {
    pub(crate) fn open() -> Self {
        Self::open_with(&[] as &[&str])
    }

    pub(crate) fn open_with<S: AsRef<OsStr>>(flags: &[S]) -> Self {
        Self::open_in(Folder::new(), flags)
    }

    pub(crate) fn open_in<S: AsRef<OsStr>>(folder: Folder, flags: &[S]) -> Self {
        Self::open_at(0, folder, flags)
    }

    /// One that can be killed and started again.
    pub(crate) fn open_to_be_killed() -> Self {
        Self::open_at(free_port(), Folder::new(), &[] as &[&str])
    }

    fn open_at<S: AsRef<OsStr>>(port: u16, folder: Folder, flags: &[S]) -> Self {
        let flags: Vec<OsString> = flags.iter().map(|flag| flag.as_ref().to_owned()).collect();
        let (server, url) = Self::serve(port, &folder, &flags);
        Self { server, flags, url, folder }
    }

    /// SIGKILL: from one moment to the next.
    pub(crate) fn is_killed(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    /// Started again after [`Stage::is_killed`], on the same folder and port.
    pub(crate) fn starts(&mut self) {
        let port = self.url.rsplit(':').next().unwrap().parse().unwrap();
        (self.server, _) = Self::serve(port, &self.folder, &self.flags);
    }

    fn serve(port: u16, folder: &Folder, flags: &[OsString]) -> (Child, String) {
        let mut server = tsuwa()
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--media-ip", "127.0.0.1", "--data"])
            .arg(folder.join("data"))
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let first = lines.next().expect("the server says where it is").unwrap();
        let url = first.split_whitespace().find(|word| word.starts_with("http")).unwrap().to_owned();
        // Read on, so that the server never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        (server, url)
    }

    pub(crate) fn phone(&self, user: &str) -> Phone {
        self.phone_with(user, &["--no-media"])
    }

    pub(crate) fn phone_with<S: AsRef<OsStr>>(&self, user: &str, flags: &[S]) -> Phone {
        self.phone_at(&self.url, user, flags)
    }

    pub(crate) fn phone_at<S: AsRef<OsStr>>(&self, url: &str, user: &str, flags: &[S]) -> Phone {
        let mut command = tsuwa();
        command.args(["phone", user, "--json", "--periodic", "--server", url, "--data"]);
        command.arg(self.folder.join("data")).args(flags);
        Phone::start(command)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // A server that is gone already is what a test may want.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// `tsuwa phone --json`.
pub(crate) struct Phone {
    process: Child,
    keyboard: Option<ChildStdin>,
    lines: Receiver<Value>,
    pub(crate) seen: Vec<Value>,
}

impl Phone {
    fn start(mut command: Command) -> Self {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (tell, lines) = channel();
        let stdout = process.stdout.take().unwrap();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                let line = line.unwrap();
                let value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}"));
                if tell.send(value).is_err() {
                    return;
                }
            }
        });
        Self { keyboard: process.stdin.take(), process, lines, seen: Vec::new() }
    }

    pub(crate) fn types(&mut self, command: &str) {
        writeln!(self.keyboard.as_mut().unwrap(), "{command}").unwrap();
    }

    /// The next line that is so; what comes before it is kept in `seen`.
    pub(crate) fn until(&mut self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        let by = Instant::now() + DEADLINE;
        loop {
            match self.lines.recv_timeout(by.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.seen.push(line.clone());
                    if is(&line) {
                        return line;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("{what} did not come; seen: {:?}", self.seen),
                Err(RecvTimeoutError::Disconnected) => panic!("{what} did not come; ended after {:?}", self.seen),
            }
        }
    }

    /// The next event of this name; its parameters.
    pub(crate) fn event(&mut self, name: &str) -> Value {
        self.until(name, |line| line["event"] == name)["params"].clone()
    }

    /// The answer to a command; its code.
    pub(crate) fn answer(&mut self, what: &str) -> i64 {
        self.until(what, |line| line["answer"] == what)["code"].as_i64().unwrap()
    }

    /// Types a command, which succeeds.
    pub(crate) fn succeeds(&mut self, command: &str) {
        self.types(command);
        let name = command.split(' ').next().unwrap();
        assert_eq!(self.answer(name), 0, "{command}");
    }

    /// The input ends, and the phone with it. Gives its exit status and what it printed since.
    pub(crate) fn ends(mut self) -> (ExitStatus, Vec<Value>) {
        drop(self.keyboard.take());
        let status = self.process.wait().unwrap();
        (status, self.lines.iter().collect())
    }

    /// The process is gone from one moment to the next.
    pub(crate) fn dies(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// The process stands still, or goes on.
    pub(crate) fn stands_still(&self, still: bool) {
        self.signals(if still { "-STOP" } else { "-CONT" });
    }

    /// As Ctrl-C does.
    pub(crate) fn interrupts(&self) {
        self.signals("-INT");
    }

    fn signals(&self, signal: &str) {
        assert!(Command::new("kill").arg(signal).arg(self.process.id().to_string()).status().unwrap().success());
    }

    /// Whether the process ends, though its input has not.
    pub(crate) fn is_over(&mut self) -> bool {
        let by = Instant::now() + DEADLINE;
        while Instant::now() < by {
            if self.process.try_wait().unwrap().is_some() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }

    /// The names of the events seen, but for the periodic ones.
    pub(crate) fn story(&self) -> Vec<String> {
        let name = |line: &Value| line["event"].as_str().map(str::to_owned);
        let periodic = |name: &String| name == "onUserVoiceVolume" || name == "onNetworkQuality";
        self.seen.iter().filter_map(name).filter(|name| !periodic(name)).collect()
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// alice and bob are in a call.
pub(crate) fn talk(alice: &mut Phone, bob: &mut Phone) {
    for phone in [&mut *alice, &mut *bob] {
        assert_eq!(phone.answer("login"), 0);
    }
    alice.succeeds("call bob");
    bob.event("onInvited");
    bob.succeeds("accept");
    alice.event("onUserEnter");
}

pub(crate) fn read(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    fs::File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}
