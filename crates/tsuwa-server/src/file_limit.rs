//! How many sockets this process may have: each is a file to the system.

/// What systems allow at the least where they don't say.
const LEAST: u64 = 1024;

/// Raises the soft limit on open files to the hard one, and gives it. Systems start processes with a soft limit of 1024
/// for the sake of programs that use `select`; this one does not.
///
/// For a whole process, so it is its `main` that should say so.
pub fn allow_many_sockets() -> u64 {
    rlimit::increase_nofile_limit(u64::MAX).unwrap_or(LEAST)
}
