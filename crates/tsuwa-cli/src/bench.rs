//! `tsuwa bench`: what a call costs, measured from outside.

mod bare;
mod calls;
mod parties;
mod process;
mod report;

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
    /// The bare forwarder itself; `calls` starts it.
    #[command(hide = true)]
    Bare,
}

pub(crate) async fn run(args: Args) -> ExitCode {
    match args.what {
        What::Calls(args) => calls::run(&args).await,
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
