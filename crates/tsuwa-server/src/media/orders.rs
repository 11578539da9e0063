//! What the pool tells a worker, and what the worker makes of it.

use super::out::{self, MediaOut};
use super::worker::Worker;
use std::sync::mpsc::TryRecvError;
use std::time::Instant;
use tsuwa_call::{DeviceKey, MediaCommand, MediaReport};
use tsuwa_proto::{AppId, CallId};
use tsuwa_sfu::RoomKey;

/// What a worker is told.
pub(super) enum Order {
    Command(AppId, MediaCommand),
    Answer {
        key: RoomKey,
        at: DeviceKey,
        offer_id: u64,
        sdp: String,
    },
    Restart {
        key: RoomKey,
        at: DeviceKey,
    },
    /// For tests: the room's next packet panics.
    BreakRoom(RoomKey),
    /// For tests: the worker dies.
    Die,
    Stop,
}

impl Worker<'_> {
    /// Takes what has been ordered so far; `true` for an end.
    pub(super) fn fetch(&mut self) -> bool {
        loop {
            match self.post.orders.try_recv() {
                Ok(Order::Stop) | Err(TryRecvError::Disconnected) => return true,
                Ok(order) => self.orders.push(order),
                Err(TryRecvError::Empty) => return false,
            }
        }
    }

    /// Does what was taken.
    pub(super) fn obey(&mut self) {
        let now = Instant::now();
        let mut orders = std::mem::take(&mut self.orders);
        for order in orders.drain(..) {
            match order {
                Order::Command(app, command) => self.command(now, app, command),
                Order::Answer { key, at, offer_id, sdp } => {
                    self.rooms.answer(now, key, &out::leg(&at), offer_id, &sdp);
                }
                Order::Restart { key, at } => self.rooms.restart(now, key, &out::leg(&at)),
                Order::BreakRoom(key) => self.rooms.break_room(key),
                Order::Die => panic!("a test has this worker die"),
                // Not kept by `fetch`.
                Order::Stop => {}
            }
        }
        self.orders = orders;
    }

    fn command(&mut self, now: Instant, app: AppId, command: MediaCommand) {
        let key = |call: CallId| RoomKey { app, call };
        let rooms = &mut self.rooms;
        match command {
            MediaCommand::Open { call } => {
                rooms.open(now, key(call));
                let _ = self.post.out.send((app, MediaOut::Report(MediaReport::Placed { call })));
            }
            MediaCommand::Leg { call, at, video } => rooms.join(now, key(call), out::leg(&at), video),
            MediaCommand::Admit { call, at } => rooms.admit(now, key(call), &out::leg(&at)),
            MediaCommand::Mute { call, at, kind, muted } => {
                rooms.mute(now, key(call), &out::leg(&at), kind.into(), muted);
            }
            MediaCommand::Drop { call, at } => rooms.leave(now, key(call), &out::leg(&at)),
            MediaCommand::Close { call } => rooms.close(now, key(call)),
        }
    }
}
