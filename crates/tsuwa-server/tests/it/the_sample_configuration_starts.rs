use crate::harness::{Device, Folder};
use std::future::pending;
use std::path::Path;
use tsuwa_server::{Config, Server, Settings};

#[tokio::test]
async fn the_sample_configuration_starts() {
    let folder = Folder::new();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/tsuwa.toml");
    let settings = Settings { config: Some(sample), data: Some(folder.0.clone()), ..Settings::default() };
    let mut config = Config::load(settings).expect("the sample is right");
    // The sample says the default port, which may be taken on this machine.
    assert_eq!(config.listen, tsuwa_server::DEFAULT_LISTEN);
    config.listen.set_port(0);
    config.media.port = 0;
    let server = Server::start(config).await.expect("it starts");
    Device::connect(&server.rpc_url()).await;
    assert!(server.join(pending()).await);
}
