//! Everything that can happen next.

use crate::outside::Errand;
use crate::people::Deed;
use crate::rooms::{Order, Saying};
use crate::server::{ToLink, ToShard};
use crate::wire::Frame;

/// A phone, a resident, a connection, by their places in the town's lists.
pub(crate) type PhoneNo = usize;
pub(crate) type ResidentNo = usize;
pub(crate) type ConnNo = usize;

/// What the queue holds.
pub(crate) enum Do {
    /// A device's connection reaches a gateway; then its answer the device.
    Open(ConnNo),
    Opened(ConnNo),
    Refused(ConnNo),
    /// A frame arrives.
    Up(ConnNo, Frame),
    Down(ConnNo, Frame),
    /// One end hears that its socket is closed.
    GoneAtClient(ConnNo),
    GoneAtGateway(ConnNo),
    /// A connection's heartbeat may be due.
    Beat(ConnNo),
    /// Between gateway and shard. The first number is the process's, the second the message's.
    ToShard(u32, u64, Option<ConnNo>, ToShard),
    FromShard(u32, ConnNo, ToLink),
    /// The shard's turn; what it appended is on the disk; its deadline may be due.
    Turn(u32),
    Commit(u32),
    Tick(u32),
    /// The process begins; a gateway that died is there again.
    Start(u32),
    GatewayBack(usize),
    /// A device's session wants to be woken.
    Wake(PhoneNo, u64),
    /// What the media rooms are told, and say.
    Order(u32, Order),
    Says(u32, Saying),
    /// ICE and DTLS of an offer's transport are done.
    Connected(u32, PhoneNo, u64),
    /// A device's packets of a while; its leg may be lost.
    Packets(PhoneNo, u64),
    LegCheck(u32, u64, PhoneNo),
    /// The store and the webhooks' receiver.
    Errand(u32, Errand),
    /// Somebody thinks of something to do, or does it.
    Think(ResidentNo),
    Deed(PhoneNo, Deed),
    Plot,
    /// Something goes wrong; a network heals.
    Trouble,
    Heal(PhoneNo),
    /// An app is started (again).
    AppStart(PhoneNo, u32),
    /// The day is over? Every second of it.
    Hour,
}
