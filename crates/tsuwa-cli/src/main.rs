//! The binary `tsuwa`. Each command is a file of its own; here they are only registered.
#![forbid(unsafe_code)]

mod bench;
mod demo;
mod log;
mod phone;
mod serve;
mod sig;
mod voice;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Calls on your own server: it rings, it is answered, people talk.
#[derive(Parser)]
#[command(name = "tsuwa", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure what a call costs.
    Bench(bench::Args),
    /// Serve: signalling, media, administration.
    Serve(serve::Args),
    /// Play a story on this machine, and check what everybody sees and hears.
    Demo(demo::Args),
    /// Make and take calls from a terminal or a script.
    Phone(phone::Args),
    /// Look at the log of a server's calls, or replay it.
    Log(log::Args),
    /// Print a ticket (UserSig) with which a user signs in.
    Sig(sig::Args),
}

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Bench(args) => bench::run(args).await,
        Command::Serve(args) => serve::run(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Phone(args) => phone::run(args).await,
        Command::Log(args) => log::run(&args),
        Command::Sig(args) => sig::run(&args),
    }
}
