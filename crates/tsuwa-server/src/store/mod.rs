//! What an app keeps on the disk: one SQLite file, `calls.sqlite` in the app's folder.
//!
//! The log of its exchange is in it ([`Store`] is a [`tsuwa_exchange::Log`]), and the records of its calls. One handle
//! writes, on the thread of the app's shard; whoever wants to read opens the file for reading, at any time and from any
//! process. What the file promises of a process that is killed and of a power cut is said at [`LogSync`].

mod error;
mod head;
mod keeper;
mod log;
mod look;
mod meta;
mod reader;
mod records;
mod row;
mod schema;

pub use error::StoreError;
pub use keeper::{Keeper, LogSync};
pub use log::Store;
pub use look::LogFile;
pub(crate) use reader::{ReadError, Records};
pub(crate) use records::Wanted;
