//! What is kept beside the log, by name.

use super::error::failed;
use super::log::Store;
use rusqlite::OptionalExtension;
use tsuwa_exchange::LogError;

/// The settings of the configuration file that the log has taken, as JSON.
const CONFIGURED: &str = "configured";

impl Store {
    /// What the configuration file said when it was last applied; `None` if it never was.
    ///
    /// # Errors
    /// [`LogError::Failed`] or [`LogError::Damaged`].
    pub(crate) fn configured(&self) -> Result<Option<String>, LogError> {
        let sql = "SELECT value FROM meta WHERE name = ?";
        self.db.query_row(sql, [CONFIGURED], |row| row.get(0)).optional().map_err(|e| failed(&e))
    }

    /// Remember that this was applied.
    ///
    /// # Errors
    /// [`LogError::Fenced`] or [`LogError::Failed`].
    pub(crate) fn set_configured(&mut self, value: &str) -> Result<(), LogError> {
        self.write(|transaction| {
            let sql = "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
            transaction.execute(sql, [CONFIGURED, value]).map_err(|e| failed(&e))?;
            Ok(())
        })
    }
}
