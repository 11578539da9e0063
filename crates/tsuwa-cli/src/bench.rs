//! `tsuwa bench`: what a call costs, and what a killed server costs it, measured from outside.

mod bare;
mod calls;
mod draw;
mod folder;
mod kills;
mod parties;
mod process;
mod report;
mod restart;
mod spread;
mod stand;

use clap::{Args as ClapArgs, Subcommand};
use std::process::ExitCode;

/// What `tsuwa bench` takes.
#[derive(ClapArgs)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// One-to-one calls through a server in another process, and the same packets through a bare forwarder.
    Calls(calls::Args),
    /// How soon two hear each other again whose server was killed and started again.
    Restart(restart::Args),
    /// Calls beyond number through a server that is killed again and again: whether any is lost.
    Kills(kills::Args),
    /// The bare forwarder itself; `calls` starts it.
    #[command(hide = true)]
    Bare,
}

pub(crate) async fn run(args: Args) -> ExitCode {
    match args.what {
        What::Calls(args) => calls::run(&args).await,
        What::Restart(args) => restart::run(&args).await,
        What::Kills(args) => kills::run(&args).await,
        What::Bare => match tokio::task::spawn_blocking(bare::serve).await {
            Ok(Ok(())) => ExitCode::SUCCESS,
            Ok(Err(why)) => {
                eprintln!("tsuwa bench: {why}");
                ExitCode::FAILURE
            }
            Err(_) => ExitCode::FAILURE,
        },
    }
}
