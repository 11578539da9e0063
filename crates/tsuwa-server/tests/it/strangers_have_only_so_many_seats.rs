use crate::harness::{House, open_socket};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

#[tokio::test]
async fn strangers_have_only_so_many_seats() {
    let house = House::open_with(|config| config.limits.strangers_per_address = 3).await;
    // Who signs in gives the seat back.
    let mut devices = Vec::new();
    for n in 0..10 {
        devices.push(house.device(&format!("user{n}")).await);
    }
    let url = house.server.rpc_url();
    let strangers = [open_socket(&url).await, open_socket(&url).await, open_socket(&url).await];
    let mut request = url.clone().into_client_request().expect("a request");
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("tsuwa.1"));
    let refused = connect_async(request).await.expect_err("a refusal");
    let Error::Http(response) = refused else { panic!("{refused}") };
    assert_eq!(response.status(), 503);
    drop(strangers);
    for device in &mut devices {
        device.nothing_more().await;
    }
}
