//! A stretch of network in front of a media worker that loses packets of sound, and sees which kinds pass.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::UdpSocket;

/// What has passed it, and what it is to lose. Counts are RTP packets by payload type (the header is not encrypted).
#[derive(Default)]
pub(crate) struct Path {
    pub(crate) loses: AtomicBool,
    pub(crate) lost: AtomicU64,
    pub(crate) up: Mutex<BTreeMap<u8, u64>>,
    pub(crate) down: Mutex<BTreeMap<u8, u64>>,
    seen: AtomicU64,
}

impl Path {
    /// Loses every eighth packet of sound while it is told to lose.
    fn passes(&self, datagram: &[u8], seen: &Mutex<BTreeMap<u8, u64>>) -> bool {
        let Some(kind) = rtp_type(datagram) else { return true };
        *seen.lock().unwrap().entry(kind).or_default() += 1;
        let number = self.seen.fetch_add(1, Ordering::Relaxed);
        let lose = self.loses.load(Ordering::Relaxed) && number.is_multiple_of(8);
        self.lost.fetch_add(u64::from(lose), Ordering::Relaxed);
        !lose
    }
}

fn rtp_type(datagram: &[u8]) -> Option<u8> {
    let [first, second, ..] = datagram else { return None };
    let kind = second & 0x7f;
    ((128..192).contains(first) && !(64..96).contains(&kind)).then_some(kind)
}

/// Relays `socket` to a worker, with a socket of its own for each device, as an address translator does.
pub(crate) async fn relay(socket: UdpSocket, worker: SocketAddr, path: Arc<Path>) {
    let socket = Arc::new(socket);
    let mut inner: HashMap<SocketAddr, Arc<UdpSocket>> = HashMap::new();
    let mut bytes = vec![0; 65_536];
    while let Ok((length, device)) = socket.recv_from(&mut bytes).await {
        let own = match inner.get(&device) {
            Some(own) => own.clone(),
            None => {
                let own = Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a free port"));
                own.connect(worker).await.expect("loopback is there");
                tokio::spawn(back(own.clone(), socket.clone(), device, path.clone()));
                inner.insert(device, own.clone());
                own
            }
        };
        if path.passes(&bytes[..length], &path.up) {
            let _ = own.send(&bytes[..length]).await;
        }
    }
}

async fn back(own: Arc<UdpSocket>, socket: Arc<UdpSocket>, device: SocketAddr, path: Arc<Path>) {
    let mut bytes = vec![0; 65_536];
    while let Ok(length) = own.recv(&mut bytes).await {
        if path.passes(&bytes[..length], &path.down) {
            let _ = socket.send_to(&bytes[..length], device).await;
        }
    }
}
