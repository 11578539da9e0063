//! A server, from its start to its end.

use crate::admin;
use crate::apps::{App, Apps};
use crate::clock::Clock;
use crate::config::{AppConfig, Config, ConfigError, DataFolder, FolderLock};
use crate::door::Door;
use crate::gateway::{self, Guards};
use crate::health;
use crate::hooks::{Delivery, Hooks, Post};
use crate::house::{House, Phase};
use crate::media::{MediaOut, MediaPool, MediaStartError};
use crate::metrics::Metrics;
use crate::page;
use crate::shard::{Recovered, ShardParts, ShardThreads, ToShard};
use crate::store::{Keeper, LogSync, StoreError};
use crate::tls;
use crate::token::ResumeTokens;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONNECTION;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::RustlsAcceptor;
use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tsuwa_proto::AppId;
use tsuwa_usersig::Key;

/// How often the media workers are asked whether they can take calls, and a shutdown whether calls are left.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How long connections get to take their leave.
const GOODBYE: Duration = Duration::from_secs(3);
/// Who asks for a ticket says a name.
const TICKET_BYTES: usize = 1024;
/// Most bytes of a request's head; servers and proxies elsewhere take 8 to 32 KiB.
const HEAD_BYTES: usize = 32 * 1024;

/// Why a server was not started.
#[derive(Debug)]
pub enum StartError {
    /// A setting is wrong.
    Config(ConfigError),
    /// The address can't be listened on (taken, or not this machine's).
    Listen(SocketAddr, std::io::Error),
    /// The certificate or its key is none.
    Tls(String),
    /// An app's log can't be used.
    Log(StoreError),
    /// Media can't be carried.
    Media(MediaStartError),
    /// The machine refused a thread or the like.
    System(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Listen(at, error) => write!(f, "listen: {at} can't be listened on: {error}"),
            Self::Tls(why) => f.write_str(why),
            Self::Log(error) => error.fmt(f),
            Self::Media(error) => write!(f, "media: {error}"),
            Self::System(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for StartError {}

impl From<ConfigError> for StartError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

/// A running server. Dropping it leaves it running; [`Self::shut_down`] and [`Self::join`] end it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    secure: bool,
    drain: Duration,
    house: Arc<House>,
    handle: Handle<SocketAddr>,
    serving: JoinHandle<std::io::Result<()>>,
    carrying: Vec<JoinHandle<()>>,
    /// Webhooks on their way.
    delivering: Vec<JoinHandle<()>>,
    threads: ShardThreads,
}

impl Server {
    /// Binds everything and begins to serve; when this returns, devices may connect. Needs a tokio runtime.
    ///
    /// # Errors
    /// See [`StartError`]; nothing is left running.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let tls = match &config.tls {
            Some(files) => Some(tls::read(files).await.map_err(StartError::Tls)?),
            None => None,
        };
        let lock = config.data.lock()?;
        let tokens = Arc::new(ResumeTokens::new(config.data.server_key()?));
        let listener = TcpListener::bind(config.listen).map_err(|e| StartError::Listen(config.listen, e))?;
        let address = listener.local_addr().map_err(|e| StartError::Listen(config.listen, e))?;
        let (media_out, media_events) = mpsc::unbounded_channel();
        let media = MediaPool::start(config.media.clone(), media_out).map_err(StartError::Media)?;
        let parts = Parts {
            clock: Clock::start(),
            media: Arc::new(media),
            metrics: Arc::new(Metrics::new().map_err(|e| StartError::System(e.to_string()))?),
            guards: Arc::new(Guards::new(&config.limits)),
            tokens,
            data: config.data.clone(),
            lock,
            keeper: Keeper::start().map_err(|e| StartError::System(format!("no thread for the logs: {e}")))?,
            log_sync: config.log_sync,
            records_kept: config.records_kept,
        };
        let (threads, apps, deliveries) = parts.shards(&config.apps)?;
        let house = Arc::new(parts.house(apps, &config));
        let delivering =
            deliveries.into_iter().map(|delivery| tokio::spawn(delivery.run(house.phase.subscribe()))).collect();
        let carrying = vec![
            tokio::spawn(carry(Arc::clone(&house), media_events)),
            tokio::spawn(watch_capacity(Arc::clone(&house))),
        ];
        let handle = Handle::new();
        let service = routes(Arc::clone(&house)).into_make_service_with_connect_info::<SocketAddr>();
        let mut plain = axum_server::from_tcp(listener)
            .map_err(|e| StartError::Listen(address, e))?
            .handle(handle.clone())
            .first_request_timeout(config.limits.sign_in)
            .acceptor(NoDelayAcceptor::new());
        plain.http_builder().http1().header_read_timeout(config.limits.sign_in).max_buf_size(HEAD_BYTES);
        let secure = tls.is_some();
        let serving = match tls {
            Some(tls) => {
                let acceptor =
                    |inner| RustlsAcceptor::new(tls).handshake_timeout(config.limits.sign_in).acceptor(inner);
                tokio::spawn(plain.map(|inner| Door(acceptor(inner))).serve(service))
            }
            None => tokio::spawn(plain.map(Door).serve(service)),
        };
        Ok(Self { address, secure, drain: config.drain, house, handle, serving, carrying, delivering, threads })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where a browser finds it.
    pub fn http_url(&self) -> String {
        format!("{}://{}", if self.secure { "https" } else { "http" }, self.address)
    }

    /// Where devices connect.
    pub fn rpc_url(&self) -> String {
        format!("{}://{}/rpc", if self.secure { "wss" } else { "ws" }, self.address)
    }

    /// How many calls are going on.
    pub fn live_calls(&self) -> usize {
        self.house.live_calls()
    }

    /// Waits until the server can't go on by itself: its listener or one of its shards failed.
    pub async fn failed(&self) {
        while self.house.sound() && !self.serving.is_finished() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Begins to shut down: `/readyz` says 503, and nothing new is taken. Calls go on. May be said twice.
    pub fn shut_down(&self) {
        self.house.phase.send_if_modified(|phase| {
            let open = *phase == Phase::Open;
            *phase = (*phase).max(Phase::Draining);
            open
        });
    }

    /// Waits until no call is left, at most as long as the configuration says or `hurry` takes; then sends everybody
    /// away and ends. `false`: a part of the server had failed.
    pub async fn join(self, hurry: impl Future<Output = ()>) -> bool {
        self.shut_down();
        let empty = async {
            while self.house.live_calls() > 0 {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        tokio::select! {
            () = empty => {}
            () = tokio::time::sleep(self.drain) => {}
            () = hurry => {}
        }
        self.house.phase.send_replace(Phase::Closing);
        let away = Instant::now() + GOODBYE;
        while self.house.guards.sockets() > 0 && Instant::now() < away {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.handle.graceful_shutdown(Some(Duration::from_millis(100)));
        let served = matches!(self.serving.await, Ok(Ok(())));
        for task in &self.carrying {
            task.abort();
        }
        for task in self.carrying {
            // Only its end is of interest.
            let _ = task.await;
        }
        for task in self.delivering {
            // They end soon after the phase did; what they could not deliver is in the log.
            let _ = task.await;
        }
        let Some(house) = sole(self.house).await else {
            tracing::warn!("a connection did not end in time");
            return false;
        };
        let House { apps, media, .. } = house;
        // The handles go, and with the last of each thread's the thread ends.
        drop(apps);
        let threads = self.threads;
        let ended = tokio::task::spawn_blocking(move || {
            let well = threads.join();
            if let Some(media) = Arc::into_inner(media) {
                media.stop();
            }
            well
        });
        ended.await.unwrap_or(false) && served
    }
}

/// Waits until nobody else holds on to it; connections that were told to leave are about to let go.
async fn sole(mut house: Arc<House>) -> Option<House> {
    let until = Instant::now() + GOODBYE;
    loop {
        match Arc::try_unwrap(house) {
            Ok(house) => return Some(house),
            Err(_) if Instant::now() > until => return None,
            Err(shared) => house = shared,
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// What the shards and the connections share.
struct Parts {
    clock: Clock,
    media: Arc<MediaPool>,
    metrics: Arc<Metrics>,
    guards: Arc<Guards>,
    tokens: Arc<ResumeTokens>,
    data: DataFolder,
    /// Held as long as the server runs.
    lock: FolderLock,
    keeper: Keeper,
    log_sync: LogSync,
    records_kept: Option<Duration>,
}

impl Parts {
    fn shards(&self, configs: &[AppConfig]) -> Result<(ShardThreads, Apps, Vec<Delivery>), StartError> {
        let (mut shards, mut posts) = (Vec::with_capacity(configs.len()), Vec::with_capacity(configs.len()));
        for config in configs {
            let post = config.webhooks.as_ref().map(Post::new).transpose().map_err(StartError::System)?;
            shards.push(self.shard(config, post.as_ref().map(Post::hooks))?);
            posts.push(post);
        }
        let records: Vec<_> = shards.iter().map(|parts| parts.recovered.log.records()).collect();
        let most = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let (threads, handles) = ShardThreads::start(shards, most).map_err(|e| StartError::System(e.to_string()))?;
        let (mut apps, mut deliveries) = (Vec::with_capacity(configs.len()), Vec::new());
        for (((config, handle), post), records) in configs.iter().zip(handles).zip(posts).zip(records) {
            // Secrets are not empty, so there is a key.
            let key = Key::new(config.secret.expose()).map_err(|e| StartError::System(e.to_string()))?;
            if let Some(post) = post {
                let (shard, metrics) = (handle.clone(), Arc::clone(&self.metrics));
                deliveries.push(Delivery { app: config.id, post, shard, clock: self.clock, metrics });
            }
            apps.push(App::new(config.id, key, config.admin_token.clone(), handle, records));
        }
        Ok((threads, Apps::new(apps), deliveries))
    }

    fn shard(&self, config: &AppConfig, hooks: Option<Hooks>) -> Result<ShardParts, StartError> {
        self.data.make_app_folder(config.id).map_err(StartError::Config)?;
        let path = self.data.calls_path(config.id);
        let recovered = Recovered::from_log(&path, config, self.log_sync, &self.keeper, self.clock.now())
            .map_err(StartError::Log)?;
        Ok(ShardParts {
            recovered,
            clock: self.clock,
            media: Arc::clone(&self.media),
            metrics: Arc::clone(&self.metrics),
            guards: Arc::clone(&self.guards),
            tokens: Arc::clone(&self.tokens),
            hooks,
            records_kept: self.records_kept,
        })
    }

    fn house(self, apps: Apps, config: &Config) -> House {
        House {
            clock: self.clock,
            guards: self.guards,
            metrics: self.metrics,
            tokens: self.tokens,
            media: self.media,
            apps,
            _lock: self.lock,
            _keeper: self.keeper,
            sign_in: config.limits.sign_in,
            metrics_for_all: config.metrics_for_all,
            gives_tickets: config.gives_tickets,
            proxies: config.proxies.clone(),
            phase: watch::Sender::new(Phase::Open),
            links: AtomicU64::new(1),
        }
    }
}

fn routes(house: Arc<House>) -> Router {
    Router::new()
        .route("/", get(page::front))
        .route("/web/{version}/{*path}", get(page::asset))
        .route("/about", get(page::about))
        .route("/ticket", post(page::ticket).layer(DefaultBodyLimit::max(TICKET_BYTES)))
        .route("/rpc", get(gateway::upgrade))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .nest("/v1/apps/{app}", admin::routes())
        .layer(from_fn_with_state(Arc::clone(&house), in_time))
        .with_state(house)
}

/// No request takes for ever: one whose body does not come is given up.
async fn in_time(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(house.sign_in, next.run(request)).await;
    answer.unwrap_or_else(|_| (StatusCode::REQUEST_TIMEOUT, [(CONNECTION, "close")]).into_response())
}

/// Brings what the media workers say to the shards.
async fn carry(house: Arc<House>, mut events: mpsc::UnboundedReceiver<(AppId, MediaOut)>) {
    while let Some((app, event)) = events.recv().await {
        let Ok(app) = house.apps.get(app) else { continue };
        // A shard that failed is seen elsewhere.
        let _ = app.shard.send(ToShard::Media(event)).await;
    }
}

/// Tells the shards when media workers can take no more calls, and when they can again.
async fn watch_capacity(house: Arc<House>) {
    let mut told = true;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let open = house.media.capacity_open() && !house.draining();
        if open != told {
            told = open;
            for app in house.apps.iter() {
                // A shard that failed is seen elsewhere.
                let _ = app.shard.send(ToShard::Capacity { open }).await;
            }
        }
    }
}
