//! The device's id: made once, and kept where the app says.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use tsuwa_proto::DeviceId;

/// 16 bytes: enough that two devices of one user never meet (2^64 devices before a collision is likely).
const ID_BYTES: usize = 16;

/// Why a device id could not be had.
#[derive(Debug)]
#[non_exhaustive]
pub enum DeviceIdError {
    /// The file could not be read or written.
    Io(std::io::Error),
    /// The file holds something that is no device id; it is some other file, or damaged.
    NotAnId,
    /// The system gave no randomness.
    NoRandomness,
}

impl std::fmt::Display for DeviceIdError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the device id's file: {error}"),
            Self::NotAnId => f.write_str("the device id's file holds no device id"),
            Self::NoRandomness => f.write_str("the system gave no randomness for a device id"),
        }
    }
}

impl std::error::Error for DeviceIdError {}

/// A new id.
pub(crate) fn fresh() -> Result<DeviceId, DeviceIdError> {
    let mut bytes = [0; ID_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| DeviceIdError::NoRandomness)?;
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    DeviceId::try_from(text).map_err(|_| DeviceIdError::NotAnId)
}

/// The id that the file keeps; a new one, kept there, where there is no file yet.
pub(crate) fn kept_in(path: &Path) -> Result<DeviceId, DeviceIdError> {
    let id = fresh()?;
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => {
            writeln!(file, "{}", id.as_str()).map_err(DeviceIdError::Io)?;
            Ok(id)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(path),
        Err(error) => Err(DeviceIdError::Io(error)),
    }
}

fn read(path: &Path) -> Result<DeviceId, DeviceIdError> {
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(DeviceIdError::Io)?;
    // An id and a line's end; whatever is longer is no id.
    let longest = DeviceId::LONGEST_BYTES as u64 + 2;
    file.take(longest + 1).read_to_string(&mut text).map_err(DeviceIdError::Io)?;
    text.trim_end().parse().map_err(|_| DeviceIdError::NotAnId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_id_is_made_once_and_kept() {
        let dir = std::env::temp_dir().join(format!("tsuwa-device-{}", fresh().unwrap().as_str()));
        std::fs::create_dir(&dir).unwrap();
        let path = dir.join("device");
        let first = kept_in(&path).unwrap();
        assert_eq!(kept_in(&path).unwrap(), first);
        std::fs::write(&path, "not an id\n").unwrap();
        assert!(matches!(kept_in(&path), Err(DeviceIdError::NotAnId)));
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
