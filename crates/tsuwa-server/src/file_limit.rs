//! How many sockets this process may have: each is a file to the system.
#![allow(unsafe_code)]

/// Raises the soft limit on open files to the hard one, and gives it. Systems start processes with a soft limit of 1024
/// for the sake of programs that use `select`; this one does not.
///
/// For a whole process, so it is its `main` that should say so.
pub fn allow_many_sockets() -> u64 {
    #[cfg(unix)]
    {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: `limit` is a valid place for the two numbers.
        if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) } != 0 {
            return 0;
        }
        let wanted = libc::rlimit { rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max };
        // SAFETY: `wanted` is only read, and a process may always raise its soft limit to the hard one.
        if unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const wanted) } == 0 {
            limit = wanted;
        }
        // The type's width differs between systems.
        #[allow(clippy::unnecessary_cast)]
        return limit.rlim_cur as u64;
    }
    #[cfg(not(unix))]
    u64::MAX
}
