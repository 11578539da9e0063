//! A server in a process of its own, and what the kernel says of it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// How long a process may take to say its first line.
const START: Duration = Duration::from_secs(20);

/// A child process; it is killed when this is dropped.
pub(super) struct Process {
    pid: u32,
    stdin: Option<ChildStdin>,
    child: Child,
    pub(super) said: Lines<BufReader<ChildStdout>>,
}

/// What a process has used so far.
#[derive(Clone, Copy)]
pub(super) struct Used {
    pub(super) user: Duration,
    pub(super) system: Duration,
}

impl Used {
    pub(super) fn total(self) -> Duration {
        self.user + self.system
    }

    pub(super) fn since(self, earlier: Self) -> Self {
        Self { user: self.user.saturating_sub(earlier.user), system: self.system.saturating_sub(earlier.system) }
    }
}

impl Process {
    /// This very program, with other arguments.
    pub(super) fn start(arguments: &[&str]) -> Result<Self, String> {
        Self::start_saying("warn", arguments)
    }

    /// The same, with another level of its log.
    pub(super) fn start_saying(level: &str, arguments: &[&str]) -> Result<Self, String> {
        // A program that is replaced while it measures (it was built anew) goes on with itself (proc(5)).
        let itself = Path::new("/proc/self/exe");
        let program = if itself.exists() { Ok(itself.to_owned()) } else { std::env::current_exe() };
        let program = program.map_err(|e| format!("this program's own file: {e}"))?;
        let mut child = Command::new(program)
            .args(arguments)
            .env("TSUWA_LOG", level)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| format!("the server can't be started: {e}"))?;
        let pid = child.id().ok_or("the server ended at once")?;
        let stdout = child.stdout.take().ok_or("the server has no output")?;
        let stdin = child.stdin.take();
        Ok(Self { pid, stdin, child, said: BufReader::new(stdout).lines() })
    }

    pub(super) fn stdin(&mut self) -> Option<ChildStdin> {
        self.stdin.take()
    }

    /// The next line that it says.
    pub(super) async fn line(&mut self) -> Result<String, String> {
        match tokio::time::timeout(START, self.said.next_line()).await {
            Ok(Ok(Some(line))) => Ok(line),
            Ok(Ok(None)) => Err("the server ended".into()),
            Ok(Err(error)) => Err(format!("the server can't be heard: {error}")),
            Err(_) => Err("the server says nothing".into()),
        }
    }

    /// SIGKILL, and its end. `false`: it had ended by itself before.
    pub(super) async fn kill(mut self) -> bool {
        let lived = matches!(self.child.try_wait(), Ok(None));
        // It can only be gone already.
        let _ = self.child.kill().await;
        lived
    }

    /// CPU time by the kernel's accounting (proc(5), `/proc/PID/stat`: fields 14 and 15, in ticks of 10 ms).
    pub(super) fn used(&self) -> Result<Used, String> {
        let stat = read(self.pid, "stat")?;
        // The second field, the program's name in brackets, may hold spaces.
        let behind_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let tick = |index: usize| {
            let ticks: u64 = behind_name.split_ascii_whitespace().nth(index)?.parse().ok()?;
            Some(Duration::from_millis(ticks * 10))
        };
        match (tick(11), tick(12)) {
            (Some(user), Some(system)) => Ok(Used { user, system }),
            _ => Err("/proc/PID/stat is not as expected".into()),
        }
    }

    /// Resident memory in bytes (proc(5), `VmRSS`).
    pub(super) fn resident(&self) -> Result<u64, String> {
        let status = read(self.pid, "status")?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
        let kib: u64 = line.split_ascii_whitespace().nth(1).and_then(|n| n.parse().ok()).ok_or("no VmRSS")?;
        Ok(kib * 1024)
    }
}

fn read(pid: u32, file: &str) -> Result<String, String> {
    std::fs::read_to_string(format!("/proc/{pid}/{file}")).map_err(|e| format!("the kernel's accounting (Linux): {e}"))
}
