use crate::harness::{Device, Folder};
use std::future::pending;
use tsuwa_server::{Config, Server, Settings};

/// Then nothing has to be made for the app but its log.
#[tokio::test]
async fn a_server_with_all_its_secrets_in_the_configuration_starts() {
    let folder = Folder::new();
    let secrets = "listen = \"127.0.0.1:0\"\n[[apps]]\nid = 1400000001\n\
        secret = \"only-for-tests-the-secret-of-the-app-1\"\n\
        admin_token = \"only-for-tests-the-administrator-of-1\"\n";
    let file = folder.file("tsuwa.toml", secrets);
    let settings = Settings { config: Some(file), data: Some(folder.0.join("data")), ..Settings::default() };
    let server = Server::start(Config::load(settings).expect("it is right")).await.expect("it starts");
    Device::connect(&server.rpc_url()).await;
    assert!(server.join(pending()).await);
}
