//! A server that is killed and started again, on one folder and one port.

use super::folder::Folder;
use super::process::Process;
use serde_json::Value;
use std::net::TcpListener;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tsuwa_proto::AppId;
use tsuwa_server::DataFolder;
use tsuwa_usersig::{Claims, Key, sign};

pub(super) const APP: u32 = 1_400_000_001;

/// A server answers a question about what it has in milliseconds.
const ANSWER: Duration = Duration::from_secs(30);

pub(super) struct Stand {
    port: u16,
    arguments: Vec<String>,
    process: Option<Process>,
    key: Key,
    credential: String,
    _folder: Folder,
}

impl Stand {
    /// Not started yet. `app`: lines of the configuration that belong to the app.
    pub(super) fn new(app: &str) -> Result<Self, String> {
        let folder = Folder::new()?;
        let (config, data) = (folder.0.join("tsuwa.toml"), folder.0.join("data"));
        std::fs::write(&config, format!("[[apps]]\nid = {APP}\n{app}\n")).map_err(|e| e.to_string())?;
        let port = free_port();
        let arguments = ["serve", "--media-ip", "127.0.0.1", "--listen"].map(str::to_owned).into_iter();
        let arguments = arguments.chain([format!("127.0.0.1:{port}"), "--data".into(), data.display().to_string()]);
        let arguments = arguments.chain(["--config".into(), config.display().to_string()]).collect();
        let data = DataFolder::open(&data).map_err(|e| e.to_string())?;
        let secret = data.app_secret(AppId(APP)).map_err(|e| e.to_string())?;
        let key = Key::new(secret.expose()).map_err(|e| e.to_string())?;
        let credential = data.admin_token(AppId(APP)).map_err(|e| e.to_string())?.expose().to_owned();
        Ok(Self { port, arguments, process: None, key, credential, _folder: folder })
    }

    /// Starts the process; gives when.
    pub(super) fn spawn(&mut self) -> Result<Instant, String> {
        let at = Instant::now();
        // Webhooks that are refused on purpose are no news.
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        self.process = Some(Process::start_saying("error", &arguments)?);
        Ok(at)
    }

    /// When it has said that it listens. May be given up on and asked again.
    pub(super) async fn listening(&mut self) -> Result<Instant, String> {
        let process = self.process.as_mut().ok_or("there is no server")?;
        loop {
            if process.line().await?.contains("serves at http") {
                return Ok(Instant::now());
            }
        }
    }

    /// SIGKILL.
    ///
    /// # Errors
    /// It had ended by itself.
    pub(super) async fn kill(&mut self) -> Result<(), String> {
        let process = self.process.take().ok_or("there is no server")?;
        if process.kill().await { Ok(()) } else { Err("the server ended by itself".into()) }
    }

    pub(super) fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.port)
    }

    pub(super) fn ticket(&self, user: &str) -> Result<String, String> {
        let issued_at_s = std::time::UNIX_EPOCH.elapsed().map_err(|e| e.to_string())?.as_secs();
        let claims = Claims { app: APP, user: user.to_owned(), issued_at_s, lifetime_s: 86_400 };
        sign(&self.key, &claims).map_err(|e| e.to_string())
    }

    /// What the administrator's HTTP says.
    pub(super) async fn ask(&self, what: &str) -> Result<Value, String> {
        let body = self.get(&format!("/v1/apps/{APP}/{what}")).await?;
        serde_json::from_str(&body).map_err(|e| format!("{what}: {e}"))
    }

    /// The sum of a metric over its labels.
    pub(super) async fn metric(&self, name: &str) -> Result<f64, String> {
        let all = self.get("/metrics").await?;
        let rows = all.lines().filter(|row| row.starts_with(name) && row[name.len()..].starts_with([' ', '{']));
        Ok(rows.filter_map(|row| row.rsplit(' ').next()?.parse::<f64>().ok()).sum())
    }

    async fn get(&self, path: &str) -> Result<String, String> {
        let asked = async {
            let mut socket = TcpStream::connect(("127.0.0.1", self.port)).await?;
            let credential = &self.credential;
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: tsuwa\r\nAuthorization: Bearer {credential}\r\nConnection: close\r\n\r\n"
            );
            socket.write_all(request.as_bytes()).await?;
            let mut answer = String::new();
            socket.read_to_string(&mut answer).await?;
            Ok::<_, std::io::Error>(answer)
        };
        let answer = tokio::time::timeout(ANSWER, asked).await.map_err(|_| format!("{path}: no answer"))?;
        let answer = answer.map_err(|e| format!("{path}: {e}"))?;
        match answer.split_once("\r\n\r\n") {
            Some((head, body)) if head.starts_with("HTTP/1.1 200") => Ok(body.to_owned()),
            _ => Err(format!("{path}: {}", answer.lines().next().unwrap_or_default())),
        }
    }
}

/// A free port below those that systems choose from (32768 and up with Linux): it stays free while the server is gone,
/// and a client that knocks at it meanwhile can't be given it as its own and reach itself.
fn free_port() -> u16 {
    let begin = std::process::id() % 12_000;
    let ports = (0..12_000).map(|n| 18_000 + ((begin + n) % 12_000) as u16);
    let mut free = ports.filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    // With all of them taken, the server will say so.
    free.next().unwrap_or(18_000)
}
