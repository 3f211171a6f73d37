//! 服务 Binds the address, answers until it is told to stop, and lets open requests end.

use crate::config::{Config, Limits};
use crate::house::Services;
use crate::password::PasswordFailed;
use crate::route::router;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tower::Service;

/// How long taking connections pauses where the system gave none.
const PAUSE: Duration = Duration::from_millis(100);

/// 服务失败 Why the server does not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address is taken, or not ours.
    #[error("cannot listen at {address}: {why}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        why: String,
    },
    /// The secret is too short to keep codes from being guessed.
    #[error("the secret has fewer than 16 bytes")]
    Secret,
    /// The machine gives no randomness, or the parameters of passwords are wrong.
    #[error(transparent)]
    Password(#[from] PasswordFailed),
    /// The server ended by itself.
    #[error("the server ended: {0}")]
    Ended(String),
}

/// 运行中的服务 A server that answers.
#[derive(Debug)]
pub struct Serving {
    /// Where it listens.
    pub address: SocketAddr,
    work: JoinHandle<Result<(), ServeError>>,
}

impl Serving {
    /// Waits until the server has stopped.
    ///
    /// # Errors
    /// It ended by itself.
    pub async fn stopped(self) -> Result<(), ServeError> {
        self.work.await.map_err(|error| ServeError::Ended(error.to_string()))?
    }
}

/// Binds the address and answers until `shutdown`; then takes no new requests and lets open ones
/// end, for as long as the settings allow.
///
/// # Errors
/// The address is taken, or the settings do not do.
pub async fn serve(
    config: Config,
    services: Services,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<Serving, ServeError> {
    if config.secret.len() < 16 {
        return Err(ServeError::Secret);
    }
    let (asked, limits) = (config.address, config.limits);
    let bind = |error: std::io::Error| ServeError::Bind { address: asked, why: error.to_string() };
    let listener = TcpListener::bind(asked).await.map_err(bind)?;
    let address = listener.local_addr().map_err(bind)?;
    let router = router(config, services)?;
    let work = tokio::spawn(async move {
        answer(listener, router, limits, shutdown).await;
        Ok(())
    });
    tracing::info!(%address, "listening");
    Ok(Serving { address, work })
}

/// Takes connections until `shutdown`, each with a time for the heads of its requests.
async fn answer(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let mut app = router.into_make_service_with_connect_info::<SocketAddr>();
    let open = GracefulShutdown::new();
    let turns = Arc::new(Semaphore::new(limits.connections));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head);
    let mut shutdown = pin!(shutdown);
    loop {
        let next = async {
            // Nobody closes the semaphore.
            let turn = Arc::clone(&turns).acquire_owned().await.ok();
            (turn, listener.accept().await)
        };
        let (turn, accepted) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        let (stream, remote) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Too many open files, most likely: others must close first.
                tracing::error!(%error, "a connection was not taken");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let Ok(service) = app.call(remote).await;
        let service = TowerToHyperService::new(service);
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            let _turn = turn;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
    drop(listener);
    tracing::info!("stopping");
    if tokio::time::timeout(limits.stop, open.shutdown()).await.is_err() {
        tracing::warn!("open requests were cut off");
    }
}
