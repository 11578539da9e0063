//! `tsuwa demo`: a server and three telephones on this machine play a story and are checked against what everybody is to
//! see.

mod acts;
mod cast;
mod figures;
mod heard;
mod ledger;
mod report;
mod talk;

use cast::Cast;
use report::Report;
use std::path::PathBuf;
use std::process::ExitCode;

/// What `tsuwa demo --help` says below the flags.
const AFTER: &str = "\
A server and the telephones of alice, bob and carol, with real sockets and real sound: alice calls bob, they talk, alice
mutes herself, bob invites carol, carol leaves, alice hangs up; then a call is rejected, one finds bob busy, one is not
answered, one is cancelled, and two meet half-way.

Exit status: 0 if everybody saw and heard what they were to, else 1.";

/// What `tsuwa demo` takes.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Args {
    /// Print the whole report as JSON.
    #[arg(long)]
    json: bool,
    /// Write what each of them said and heard to WAV files in this folder.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

/// Plays the story.
pub(crate) async fn run(args: Args) -> ExitCode {
    let mut report = Report::new(args.json);
    let mut cast = match Cast::gather().await {
        Ok(cast) => cast,
        Err(why) => {
            report.wrong("the beginning", why);
            return report.end();
        }
    };
    report.begin(&cast);
    for (number, act) in acts::ALL.iter().enumerate() {
        report.progress(number + 1, acts::ALL.len(), act.title);
        let outcome = act.play(&mut cast, &mut report.figures).await;
        report.act(act.title, cast.ledger.take(), outcome);
        if report.is_wrong() {
            // The next act would begin in the middle of this one.
            break;
        }
    }
    if let Some(folder) = &args.keep
        && let Err(error) = cast.keep(folder)
    {
        report.wrong("keeping the sound", format!("{}: {error}", folder.display()));
    }
    if let Err(why) = cast.leave().await {
        report.wrong("the end", why);
    }
    report.end()
}
