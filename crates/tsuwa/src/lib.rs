//! See the crate description.
pub mod media;
