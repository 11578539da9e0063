//! TLS, when certificate files are given.

use crate::config::TlsFiles;
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use std::sync::Arc;

/// Reads the files. An error says which of the two settings is wrong.
pub(crate) async fn read(files: &TlsFiles) -> Result<RustlsConfig, String> {
    // One provider for the process; whoever was first (an embedding program, another server) has the say.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let config = RustlsConfig::from_pem_file(&files.certificate, &files.key).await.map_err(|e| {
        let (certificate, key) = (files.certificate.display(), files.key.display());
        format!("tls.certificate, tls.key: {certificate} and {key} are no certificate chain and key in PEM: {e}")
    })?;
    // A WebSocket begins as HTTP/1.1. There is nothing here for HTTP/2 to make faster, and it can be idle in more ways.
    let mut inner = ServerConfig::clone(&config.get_inner());
    inner.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.reload_from_config(Arc::new(inner));
    Ok(config)
}
