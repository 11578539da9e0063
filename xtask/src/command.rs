//! Running other programs: said before, bounded in time, their output kept.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};
use std::{env, fs, io, mem, thread};

/// How often a long command says that it is alive, so that nobody takes a long silence for a hang.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// What a command that has ended leaves.
pub(crate) struct Done {
    /// It ended by itself, in time and with success.
    pub(crate) ok: bool,
    /// Both of its outputs.
    pub(crate) output: String,
}

pub(crate) const fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

/// The cargo that started this.
pub(crate) fn cargo<const N: usize>(args: [&str; N]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    command
}

/// A command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words: Vec<_> = [program].into_iter().chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

/// Runs a command to its end, without standard input; one that takes longer than `limit` is killed.
pub(crate) fn run(command: &mut Command, limit: Duration) -> Done {
    println!("   $ {}", shown(command));
    match Running::begin(command, "") {
        Ok(running) => running.finish(limit),
        Err(error) => Done { ok: false, output: format!("{}: {error}\n", shown(command)) },
    }
}

/// A command that has begun. Dropped, it is killed with all that it started.
pub(crate) struct Running {
    child: Child,
    lines: mpsc::Receiver<String>,
    /// What it has said so far.
    output: String,
}

impl Running {
    /// Begins a command, `input` being all that it will find on its standard input. It has to be short: it is written
    /// whether the command reads it or not, and a pipe holds 64 kB.
    pub(crate) fn begin(command: &mut Command, input: &str) -> io::Result<Self> {
        let stdin = if input.is_empty() { Stdio::null() } else { Stdio::piped() };
        let mut child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let lines = lines(&mut child);
        Ok(Self { child, lines, output: String::new() })
    }

    /// Waits until it says something that `wanted` finds something in.
    pub(crate) fn wait_for<T>(&mut self, wanted: impl Fn(&str) -> Option<T>, limit: Duration) -> Result<T, String> {
        let mut found = None;
        self.listen(limit, |line| {
            found = wanted(line);
            found.is_some()
        });
        found.ok_or_else(|| self.output.clone())
    }

    /// Asks it to end, as an operator would.
    pub(crate) fn ask_to_end(&self) {
        let _ = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", self.child.id())).status();
    }

    /// Waits for its end.
    pub(crate) fn finish(mut self, limit: Duration) -> Done {
        let ended = self.listen(limit, |_| false);
        if !ended {
            self.output.push_str(&format!("killed: not done after {} s\n", limit.as_secs()));
        }
        let ok = ended && self.child.wait().is_ok_and(|status| status.success());
        Done { ok, output: mem::take(&mut self.output) }
    }

    /// Takes in lines until one is `enough`, both outputs are closed (`true`) or the time is up.
    fn listen(&mut self, limit: Duration, mut enough: impl FnMut(&str) -> bool) -> bool {
        let (began, mut said) = (Instant::now(), Instant::now());
        while began.elapsed() <= limit {
            match self.lines.recv_timeout(Duration::from_secs(1).min(limit)) {
                Ok(line) => {
                    self.output.push_str(&line);
                    self.output.push('\n');
                    if enough(&line) {
                        return false;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return true,
            }
            if said.elapsed() > SIGN_OF_LIFE {
                said = Instant::now();
                let last = self.output.lines().last().unwrap_or_default();
                println!("     {:>4} s  {}", began.elapsed().as_secs(), last.trim());
            }
        }
        false
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            kill(&mut self.child);
        }
    }
}

/// Lines of both outputs as they come; the channel closes when both have.
fn lines(child: &mut Child) -> mpsc::Receiver<String> {
    let (send, lines) = mpsc::channel();
    fn read(from: impl Read + Send + 'static, to: Sender<String>) {
        thread::spawn(move || {
            let lines = BufReader::new(from).split(b'\n').map_while(Result::ok);
            lines.map(|line| String::from_utf8_lossy(&line).trim_end().to_owned()).try_for_each(|line| to.send(line))
        });
    }
    if let Some(stdout) = child.stdout.take() {
        read(stdout, send.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        read(stderr, send);
    }
    lines
}

/// Kills a child with all that it started: cargo's death alone would leave the tests running.
fn kill(child: &mut Child) {
    let family = descendants(child.id());
    let _ = child.kill();
    if !family.is_empty() {
        let pids: Vec<String> = family.iter().map(u32::to_string).collect();
        let _ = Command::new("sh").arg("-c").arg(format!("kill -KILL {} 2>/dev/null", pids.join(" "))).status();
    }
    let _ = child.wait();
}

/// The living descendants of a process, from `/proc`; none where there is no `/proc`.
fn descendants(of: u32) -> Vec<u32> {
    let stat = |pid: u32| fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // Behind the program's name, which is in parentheses and may hold anything: state, then the parent.
    let parent = |pid: u32| stat(pid).rsplit(')').next()?.split_whitespace().nth(1)?.parse::<u32>().ok();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids: Vec<u32> = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    let mut family = vec![of];
    let mut next = 0;
    while next < family.len() {
        let children = pids.iter().copied().filter(|pid| parent(*pid) == Some(family[next]));
        let children: Vec<u32> = children.collect();
        family.extend(children);
        next += 1;
    }
    family.split_off(1)
}

/// Becomes a command, so that signals reach it and its exit code is ours. Returns only if that fails.
#[cfg(unix)]
pub(crate) fn become_it(command: &mut Command) -> io::Error {
    std::os::unix::process::CommandExt::exec(command)
}

/// Where there is no `exec`: runs it and ends with its code.
#[cfg(not(unix))]
pub(crate) fn become_it(command: &mut Command) -> io::Error {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_hangs_is_killed_with_all_that_it_started() {
        let mut shell = Command::new("sh");
        let mut child =
            shell.args(["-c", "sh -c 'echo $$; exec sleep 600' & wait"]).stdout(Stdio::piped()).spawn().unwrap();
        let grandchild: u32 = lines(&mut child).recv().unwrap().parse().unwrap();
        assert!(descendants(child.id()).contains(&grandchild));
        kill(&mut child);
        // Dead: gone, or a zombie that nobody has waited for.
        let dead = || fs::read_to_string(format!("/proc/{grandchild}/stat")).map_or(true, |stat| stat.contains(") Z "));
        let deadline = Instant::now() + Duration::from_secs(10);
        while !dead() {
            assert!(Instant::now() < deadline, "the grandchild lives");
            thread::yield_now();
        }
    }

    #[test]
    fn a_command_that_takes_too_long_has_failed() {
        let done = run(Command::new("sleep").arg("600"), Duration::ZERO);
        assert!(!done.ok && done.output.contains("killed"), "{}", done.output);
    }
}
