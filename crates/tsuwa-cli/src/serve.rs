//! `tsuwa serve`.

mod log;

use std::future::pending;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use tsuwa_server::{Config, Server, Settings};

/// What `tsuwa serve` takes. Flags have the say over the file.
#[derive(clap::Args)]
#[command(
    after_help = "The log goes to standard error; TSUWA_LOG says how much of it there is: off, error, warn, info \
    (as usual), debug, trace."
)]
pub(crate) struct Args {
    /// The configuration file (TOML; docs/tsuwa.toml explains each setting).
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:7700].
    #[arg(long, value_name = "IP:PORT")]
    listen: Option<SocketAddr>,
    /// The data folder, where secrets are kept [default: $TSUWA_DATA, else $XDG_DATA_HOME/tsuwa, else
    /// ~/.local/share/tsuwa].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// An address at which media reaches this machine; may be given several times [default: loopback and the machine's
    /// own].
    #[arg(long, value_name = "IP")]
    media_ip: Vec<IpAddr>,
    /// The port of the first media worker, UDP and TCP; each further worker has the next one [default: any free].
    #[arg(long, value_name = "PORT")]
    media_port: Option<u16>,
    /// What devices are told to send media to, where that is not what the socket is bound to (behind NAT).
    #[arg(long, value_name = "IP:PORT")]
    media_advertise: Option<SocketAddr>,
    /// How many media workers [default: one for each core].
    #[arg(long, value_name = "COUNT")]
    workers: Option<usize>,
    /// The certificate chain for TLS, PEM.
    #[arg(long, value_name = "FILE")]
    tls_certificate: Option<PathBuf>,
    /// The certificate's private key, PEM.
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
}

impl From<Args> for Settings {
    fn from(args: Args) -> Self {
        Self {
            config: args.config,
            listen: args.listen,
            data: args.data,
            media_ips: args.media_ip,
            media_port: args.media_port,
            media_advertise: args.media_advertise,
            workers: args.workers,
            tls_certificate: args.tls_certificate,
            tls_key: args.tls_key,
        }
    }
}

/// Serves until it is told to stop: by SIGINT or SIGTERM, which let calls end first; a second one does not.
pub(crate) async fn run(args: Args) -> ExitCode {
    if let Err(wrong) = log::start() {
        eprintln!("tsuwa serve: {wrong}");
        return ExitCode::from(2);
    }
    let mut config = match Config::load(args.into()) {
        Ok(config) => config,
        Err(error) => return refuse(&error),
    };
    config.limits = config.limits.within_files(tsuwa_server::allow_many_sockets());
    let server = match Server::start(config.clone()).await {
        Ok(server) => server,
        Err(error) => return refuse(&error),
    };
    say(&server, &config);
    tokio::select! {
        () = asked_to_stop() => {}
        () = server.failed() => tracing::error!("a part of the server failed; ending"),
    }
    let (calls, drain) = (server.live_calls(), config.drain.as_secs());
    if calls > 0 {
        tracing::info!(calls, "shutting down; waiting at most {drain} s for calls to end");
    }
    if server.join(asked_to_stop()).await { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn refuse(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("tsuwa serve: {error}");
    ExitCode::from(2)
}

fn say(server: &Server, config: &Config) {
    println!("tsuwa {} serves at {}", env!("CARGO_PKG_VERSION"), server.http_url());
    let data = &config.data;
    for app in &config.apps {
        println!("app {}; make a ticket with: tsuwa sig USER --app {0} --data {}", app.id.0, data.path().display());
        for (what, path) in [("secret", data.secret_path(app.id)), ("server credential", data.admin_token_path(app.id))]
        {
            if path.exists() {
                println!("  its {what} is kept in {}", path.display());
            }
        }
    }
    if config.browsers_refuse_the_microphone() {
        eprintln!(
            "warning: listening on {} without TLS: browsers refuse pages from there the microphone, and tickets can be \
             read on the way. Give tls.certificate and tls.key, or put a proxy with TLS in front.",
            config.listen
        );
    }
}

/// Until SIGINT or SIGTERM.
async fn asked_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            pending().await
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
