//! The server's address, as people write it.

use tokio_tungstenite::tungstenite::http::Uri;

/// Where a server is: `ws://`, or `wss://` over TLS.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ServerUrl(Uri);

/// Why a text is not a server's address. The app's fault.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum BadServer {
    /// Not a URL with a host.
    NotAUrl,
    /// A scheme other than `ws`, `wss`, `http`, `https`.
    Scheme,
}

impl std::fmt::Display for BadServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotAUrl => "the server's address is not a URL such as ws://127.0.0.1:7700",
            Self::Scheme => "the server's address must begin with ws://, wss://, http:// or https://",
        })
    }
}

impl std::error::Error for BadServer {}

impl ServerUrl {
    /// `http` and `https` stand for `ws` and `wss`; without a path it is `/rpc`.
    pub(crate) fn parse(text: &str) -> Result<Self, BadServer> {
        let uri: Uri = text.trim().parse().map_err(|_| BadServer::NotAUrl)?;
        let scheme = match uri.scheme_str() {
            Some("ws" | "http") => "ws",
            Some("wss" | "https") => "wss",
            Some(_) => return Err(BadServer::Scheme),
            None => return Err(BadServer::NotAUrl),
        };
        let authority = uri.authority().filter(|a| !a.host().is_empty()).ok_or(BadServer::NotAUrl)?.clone();
        let path = match uri.path_and_query().map(|p| p.as_str()) {
            None | Some("" | "/") => "/rpc",
            Some(path) => path,
        };
        Uri::builder()
            .scheme(scheme)
            .authority(authority)
            .path_and_query(path)
            .build()
            .map(Self)
            .map_err(|_| BadServer::NotAUrl)
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_that_serve_prints_is_understood() {
        for (text, url) in [
            ("http://127.0.0.1:7700", "ws://127.0.0.1:7700/rpc"),
            ("https://calls.example.org/", "wss://calls.example.org/rpc"),
            ("wss://example.org/tsuwa/rpc", "wss://example.org/tsuwa/rpc"),
            ("ws://[::1]:7700", "ws://[::1]:7700/rpc"),
        ] {
            assert_eq!(ServerUrl::parse(text).unwrap().uri().to_string(), url);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for (text, why) in [
            ("", BadServer::NotAUrl),
            ("127.0.0.1:7700", BadServer::NotAUrl),
            ("ftp://example.org", BadServer::Scheme),
            ("ws://", BadServer::NotAUrl),
        ] {
            assert_eq!(ServerUrl::parse(text).err(), Some(why), "{text}");
        }
    }
}
