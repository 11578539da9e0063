//! Each command in a block of kind `sh` of README.md is run for real, in order, on a free port and in a data folder of
//! its own. One that isn't known here fails: a reader would be the first to try it.

mod server;

use super::Outcome;
use crate::command::{self, Done, Running, minutes};
use crate::tree;
use server::Server;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

pub(crate) fn check() -> Outcome {
    let text = match fs::read_to_string("README.md") {
        Ok(text) => text,
        Err(error) => return Outcome::impossible(format!("README.md: {error}")),
    };
    let mut reader = match Reader::new() {
        Ok(reader) => reader,
        Err(error) => return Outcome::impossible(format!("a temporary folder: {error}")),
    };
    let mut outcome = Outcome::default();
    for line in commands(&text) {
        println!("   README: {line}");
        let words: Vec<&str> = line.split_whitespace().collect();
        outcome.add(or_failed(&line, reader.follow(&words)));
    }
    if let Some((user, _)) = reader.waiting.take() {
        outcome.add(Outcome::impossible(format!("README: nobody calls {user}")));
    }
    for server in reader.servers.drain(..) {
        outcome.add(or_failed("the end of a server", server.stop()));
    }
    outcome
}

fn or_failed(what: &str, result: Result<(), String>) -> Outcome {
    let faults = result.err().map(|why| format!("README: {what}\n{why}"));
    Outcome::of(faults.into_iter().collect())
}

/// The commands of a Markdown text's `sh` blocks, without prompts and comments, continued lines joined.
fn commands(markdown: &str) -> Vec<String> {
    let joined = tree::blocks(markdown, "sh").join("\n").replace("\\\n", " ");
    let bare =
        |line: &str| line.trim().trim_start_matches("$ ").split(" #").next().unwrap_or_default().trim().to_owned();
    joined.lines().map(bare).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// Somebody who reads the README and does what it says.
struct Reader {
    /// Where the servers keep their data and the commands find it.
    data: PathBuf,
    /// Those that run, the newest last.
    servers: Vec<Server>,
    /// A phone that nobody has called yet, and whose it is.
    waiting: Option<(String, Running)>,
}

impl Reader {
    fn new() -> std::io::Result<Self> {
        let data = env::temp_dir().join(format!("tsuwa-readme-{}", process::id()));
        fs::create_dir_all(&data)?;
        Ok(Self { data, servers: Vec::new(), waiting: None })
    }

    fn follow(&mut self, words: &[&str]) -> Result<(), String> {
        match words {
            // This is what is running; and how the reader came here.
            ["cargo", "xtask", "test"] | ["git", "clone", ..] | ["cd", _] => Ok(()),
            ["cargo", "xtask", "run", args @ ..] => {
                self.serve(command::cargo(["run", "--quiet", "--package", "xtask", "--", "run"]), args)
            }
            ["cargo", "build", args @ ..] => succeeded(command::run(command::cargo(["build"]).args(args), minutes(25))),
            ["cargo", "run", "--release", "-p", "tsuwa-cli", "--", args @ ..]
            | ["tsuwa" | "target/release/tsuwa" | "./target/release/tsuwa", args @ ..] => self.tsuwa(args),
            ["curl", .., url] => self.ask(url),
            _ => Err("no check runs this command: teach xtask/src/checks/readme to".into()),
        }
    }

    fn tsuwa(&mut self, args: &[&str]) -> Result<(), String> {
        let mut tsuwa = Command::new("target/release/tsuwa");
        let Some((subcommand, rest)) = args.split_first() else { return Err("no subcommand".into()) };
        tsuwa.arg(subcommand);
        match *subcommand {
            "serve" => self.serve(tsuwa, rest),
            "sig" => {
                tsuwa.args(with(rest, "--data", &self.data.display().to_string()));
                let done = command::run(&mut tsuwa, minutes(1));
                let is_ticket = |line: &str| line.len() > 100 && line.bytes().all(|b| b.is_ascii_graphic());
                let printed = done.output.lines().any(is_ticket);
                if printed { succeeded(done) } else { Err(format!("no ticket: {}", done.output)) }
            }
            "phone" => self.phone(tsuwa, rest),
            _ => succeeded(command::run(tsuwa.args(rest), minutes(10))),
        }
    }

    /// The first phone waits for a call, the next one calls it: what the README says to type, and nobody at a keyboard.
    fn phone(&mut self, mut tsuwa: Command, args: &[&str]) -> Result<(), String> {
        let server = self.servers.last().ok_or("a phone before any server")?;
        let args = with(args, "--data", &self.data.display().to_string());
        let args = with(&args, "--server", &server.url());
        tsuwa.args(&args).args(["--tone", "--silent"]);
        println!("   $ {}", command::shown(&tsuwa));
        let user = args.first().ok_or("a phone without a user")?;
        match self.waiting.take() {
            None => {
                let phone = Running::begin(&mut tsuwa, "wait onInvited\naccept\nwait onUserEnter\nwait onCallEnd\n");
                self.waiting = Some((user.clone(), phone.map_err(|error| error.to_string())?));
                Ok(())
            }
            Some((callee, phone)) => {
                let script = format!(
                    "call {callee}\nwait onUserEnter {callee}\nwait onUserAudioAvailable {callee}\n\
                    mute on\nmute off\nhelp\nhangup\n"
                );
                let caller = Running::begin(&mut tsuwa, &script).map_err(|error| error.to_string())?;
                succeeded(caller.finish(minutes(1)))?;
                succeeded(phone.finish(minutes(1)))
            }
        }
    }

    fn serve(&mut self, command: Command, args: &[&str]) -> Result<(), String> {
        let args = with(args, "--listen", "127.0.0.1:0");
        let args = with(&args, "--data", &self.data.display().to_string());
        let server = Server::start(command, &args)?;
        let answers = ["/healthz", "/"].iter().try_for_each(|path| server.get(path));
        self.servers.push(server);
        answers
    }

    /// The path of an address in the README, asked of the server that was started last.
    fn ask(&self, url: &str) -> Result<(), String> {
        let server = self.servers.last().ok_or("asked before any server was started")?;
        let behind_host = url.split_once("://").map_or(url, |(_, rest)| rest);
        server.get(behind_host.find('/').map_or("/", |at| &behind_host[at..]))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(Path::new(&self.data));
    }
}

fn succeeded(done: Done) -> Result<(), String> {
    if done.ok { Ok(()) } else { Err(done.output) }
}

/// Arguments in which an option has this value, whether it was among them or not.
fn with(args: &[impl AsRef<str>], option: &str, value: &str) -> Vec<String> {
    let mut args: Vec<String> = args.iter().map(|arg| arg.as_ref().to_owned()).collect();
    if let Some(at) = args.iter().position(|arg| arg == option) {
        args.drain(at..(at + 2).min(args.len()));
    }
    args.extend([option.to_owned(), value.to_owned()]);
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_in_sh_blocks_only() {
        let text = "```sh\n# first\n$ one two \\\n  three # why\n\nfour\n```\n```text\nfive\n```\n```sh\nsix\n```\n";
        let words: Vec<_> =
            commands(text).iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(words, ["one two three", "four", "six"]);
    }

    #[test]
    fn an_option_is_replaced_or_added() {
        assert_eq!(with(&["a", "--x", "1", "b"], "--x", "2"), ["a", "b", "--x", "2"]);
        assert_eq!(with(&["a"], "--x", "2"), ["a", "--x", "2"]);
    }
}
