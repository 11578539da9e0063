//! The media worker's packets and answers.

mod answers;
mod packets;
mod tap;
#[cfg(test)]
mod torture;
mod town;

pub use answers::sdp_answer;
pub use packets::media_packets;
