//! 服务 Binds the address, answers until it is told to stop, and lets open requests end.

use crate::config::Config;
use crate::house::Services;
use crate::password::PasswordFailed;
use crate::route::router;
use std::future::Future;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

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
    let (asked, patience) = (config.address, config.limits.stop);
    let bind = |error: std::io::Error| ServeError::Bind { address: asked, why: error.to_string() };
    let listener = TcpListener::bind(asked).await.map_err(bind)?;
    let address = listener.local_addr().map_err(bind)?;
    let router = router(config, services)?;
    let (stopping, stopped) = oneshot::channel::<()>();
    let told = async move {
        shutdown.await;
        tracing::info!("stopping");
        // Nobody waits any more if the server has ended by itself.
        let _ = stopping.send(());
    };
    let app = router.into_make_service_with_connect_info::<SocketAddr>();
    let answering = axum::serve(listener, app).with_graceful_shutdown(told);
    let work = tokio::spawn(async move {
        let late = async {
            match stopped.await {
                Ok(()) => tokio::time::sleep(patience).await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            ended = answering => ended.map_err(|error| ServeError::Ended(error.to_string())),
            () = late => {
                tracing::warn!("open requests were cut off");
                Ok(())
            }
        }
    });
    tracing::info!(%address, "listening");
    Ok(Serving { address, work })
}
