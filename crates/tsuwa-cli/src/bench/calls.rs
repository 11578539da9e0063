//! `tsuwa bench calls`.

use super::folder::Folder;
use super::parties::{self, Parties};
use super::process::{Process, Used};
use super::report::{Report, Run};
use clap::Args as ClapArgs;
use std::process::ExitCode;
use std::time::Duration;

/// Between a change and a measurement: connections and memory come to rest.
const REST: Duration = Duration::from_secs(1);

/// What `tsuwa bench calls` takes.
#[derive(ClapArgs)]
pub(crate) struct Args {
    /// How many calls at once.
    #[arg(short = 'n', long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=2000))]
    calls: u32,
    /// How long everybody talks, in seconds.
    #[arg(short, long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// How often, on one server; the figures are medians.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    runs: u32,
    /// The server's media workers [default: one for each core].
    #[arg(long)]
    workers: Option<usize>,
    /// Leave out the bare forwarder.
    #[arg(long)]
    no_bare: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Fails if a call was not connected or did not end, and never by its speed.
pub(crate) async fn run(args: &Args) -> ExitCode {
    match measure(args).await {
        Ok(report) => {
            if args.json {
                println!("{}", report.json());
            } else {
                print!("{}", report.text());
            }
            if report.every_call_connected_and_ended() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(why) => {
            eprintln!("tsuwa bench: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(args: &Args) -> Result<Report, String> {
    let calls = args.calls as usize;
    let folder = Folder::new()?;
    let (server, url) = parties::serve(&folder.0, args.workers).await?;
    let empty = server.resident()?;
    let parties = Parties::sign_in(calls, &url, &folder.0).await?;
    tokio::time::sleep(REST).await;
    let idle = server.resident()?;
    let mut report = Report::new(args.calls, args.seconds, empty, idle);
    for number in 1..=args.runs {
        progress(&format!("run {number} of {}: {calls} calls, {} s", args.runs, args.seconds));
        let mut run = one_run(&server, &parties, args).await?;
        if !args.no_bare {
            progress(&format!("run {number} of {}: the bare forwarder", args.runs));
            run.bare = Some(super::bare::measure(args.calls, args.seconds).await?);
        }
        report.runs.push(run);
    }
    progress("");
    Ok(report)
}

async fn one_run(server: &Process, parties: &Parties, args: &Args) -> Result<Run, String> {
    let before = server.used()?;
    parties.ring().await?;
    let set_up = server.used()?.since(before);
    parties.answer().await?;
    tokio::time::sleep(REST).await;
    parties.load.reset();
    let before = server.used()?;
    tokio::time::sleep(Duration::from_secs(u64::from(args.seconds))).await;
    let used: Used = server.used()?.since(before);
    let stats = parties.load.stats();
    let talking = server.resident()?;
    parties.fall_silent();
    tokio::time::sleep(REST).await;
    let lost = parties.load.final_stats().lost;
    parties.hang_up().await?;
    let (connected, ended, errors) = parties.tally();
    tokio::time::sleep(REST).await;
    Ok(Run { set_up, used, stats, lost, connected, ended, errors, talking, after: server.resident()?, bare: None })
}

/// A line that is overwritten by the next.
fn progress(line: &str) {
    use std::io::{IsTerminal, Write};
    let mut out = std::io::stderr();
    // What is not a terminal gets lines.
    let end = if out.is_terminal() { "\r" } else { "\n" };
    if !line.is_empty() || out.is_terminal() {
        let _ = write!(out, "{line:<60}{end}").and_then(|()| out.flush());
    }
}
