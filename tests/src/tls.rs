//! TLS in front of a back end, with a certificate that only the tests trust.

use reqwest::{Certificate, ClientBuilder};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// Self-signed for 127.0.0.1, and valid for a century: nobody else trusts it.
const CERTIFICATE: &[u8] = include_bytes!("../fixtures/tls/loopback.cert.der");
const KEY: &[u8] = include_bytes!("../fixtures/tls/loopback.key.der");

/// The first byte of a TLS handshake (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

/// Speaks HTTPS and plain HTTP on one port, and hands both on to a back end on `port`.
///
/// Runs as a task of the current runtime; answers where it listens.
///
/// # Panics
/// When there is no free port.
pub async fn in_front_of(port: u16) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.expect("a free port");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    let acceptor = acceptor();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(serve(client, acceptor.clone(), port));
        }
    });
    address
}

/// Trusts the certificate, and no other.
pub fn trusting(http: ClientBuilder) -> ClientBuilder {
    let certificate = Certificate::from_der(CERTIFICATE).expect("the fixture is a certificate");
    http.tls_certs_only([certificate])
}

fn acceptor() -> TlsAcceptor {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(KEY));
    let certificates = vec![CertificateDer::from(CERTIFICATE)];
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider speaks TLS 1.3")
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .expect("the fixtures fit together");
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(client: TcpStream, acceptor: TlsAcceptor, port: u16) {
    let mut first = [0];
    match client.peek(&mut first).await {
        Ok(1) if first[0] == HANDSHAKE => {
            // A client that does not trust the certificate ends here.
            if let Ok(client) = acceptor.accept(client).await {
                join(client, port).await;
            }
        }
        Ok(1) => join(client, port).await,
        _ => {}
    }
}

async fn join(mut client: impl AsyncRead + AsyncWrite + Unpin, port: u16) {
    if let Ok(mut server) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
        // How a connection ends is the client's and the server's affair.
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}
