//! `tsuwa log`.

mod file;
mod lines;
mod mask;
mod replay;
mod show;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use tsuwa_proto::AppId;
use tsuwa_server::store::LogFile;
use tsuwa_server::{DEFAULT_APP, DataFolder};

/// What `tsuwa log` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Print a log: what the snapshot holds, and each entry behind it.
    Show(Show),
    /// Replay a log, and print what the switchboard does after each entry: replies, events, media commands, records.
    Replay(Replay),
}

#[derive(clap::Args)]
struct Show {
    #[command(flatten)]
    which: Which,
    /// Print it as lines of JSON: what to add to a bug report, and what `tsuwa log replay` reads.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct Replay {
    #[command(flatten)]
    which: Which,
}

/// Which log, and how much of it.
#[derive(clap::Args)]
struct Which {
    /// A calls.sqlite, be it a running server's or a damaged one, or what `tsuwa log show --json` printed; `-` reads
    /// that from standard input. It is not changed. [default: the log of --app in --data]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The data folder of the server [default: as `tsuwa serve`].
    #[arg(long, value_name = "DIR", conflicts_with = "file")]
    data: Option<PathBuf>,
    /// The app (sdkAppId).
    #[arg(long, value_name = "ID", default_value_t = DEFAULT_APP.0, conflicts_with = "file")]
    app: u32,
    /// Print nothing before the entry at this position.
    #[arg(long, value_name = "POSITION", default_value_t = 0)]
    from: u64,
    /// Put other names in the place of users and devices, the same everywhere (u1, u2, d1, …), and leave out what apps
    /// sent along with their calls.
    #[arg(long)]
    mask: bool,
}

impl Which {
    fn path(&self) -> PathBuf {
        let folder = || self.data.clone().unwrap_or_else(DataFolder::default_path);
        self.file.clone().unwrap_or_else(|| DataFolder::at(&folder()).calls_path(AppId(self.app)))
    }

    fn read(&self) -> Result<LogFile, String> {
        let log = file::read(&self.path())?;
        if self.mask { mask::masked(&log).map_err(|e| e.to_string()) } else { Ok(log) }
    }
}

/// 0: the log is whole. 1: it is damaged; what could be read was printed. 2: nothing of it can be read.
pub(crate) fn run(args: &Args) -> ExitCode {
    let which = match &args.what {
        What::Show(Show { which, .. }) | What::Replay(Replay { which }) => which,
    };
    let log = match which.read() {
        Ok(log) => log,
        Err(why) => {
            eprintln!("tsuwa log: {}: {why}", which.path().display());
            return ExitCode::from(2);
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let printed = match &args.what {
        What::Show(Show { json: true, .. }) => file::write(&log, which.from, &mut out),
        What::Show(_) => show::print(&log, which.from, &mut out),
        What::Replay(_) => replay::print(&log, which.from, &mut out),
    };
    match printed.and_then(|whole| out.flush().map(|()| whole)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tsuwa log: {error}");
            ExitCode::from(2)
        }
    }
}
