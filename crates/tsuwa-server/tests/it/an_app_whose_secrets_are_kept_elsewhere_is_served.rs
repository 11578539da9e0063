use crate::harness::Folder;
use std::future::ready;
use tsuwa_server::{Config, Server, Settings};

/// Nothing of it is made when the configuration is read.
const APP: &str = "listen = \"127.0.0.1:0\"\n\
    [[apps]]\nid = 7\nsecret = \"b1f0c3d2a4958677b1f0c3d2a4958677\"\nadmin_token = \"c2a1d4e3b5069788c2a1d4e3b5069788\"";

#[tokio::test]
async fn an_app_whose_secrets_are_kept_elsewhere_is_served() {
    let folder = Folder::new();
    let config = Some(folder.file("tsuwa.toml", APP));
    let loopback = "127.0.0.1".parse().expect("an address");
    let data = Some(folder.0.join("data"));
    let settings = Settings { config, data, media_ips: vec![loopback], workers: Some(1), ..Settings::default() };
    let config = Config::load(settings).expect("a configuration");
    for _ in 0..2 {
        let server = Server::start(config.clone()).await.expect("a server");
        assert!(config.data.calls_path(config.apps[0].id).exists());
        assert!(server.join(ready(())).await);
    }
}
