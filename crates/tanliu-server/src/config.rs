//! 设置 What whoever runs the server decides.

use crate::public_code::PublicCode;
use std::net::SocketAddr;
use std::time::Duration;

/// 设置 The server's settings.
#[derive(Clone)]
pub struct Config {
    /// Where it listens; port 0 takes a free one.
    pub address: SocketAddr,
    /// The address that people type: `https://carbon.example.gov.cn`. With `https` cookies are
    /// `Secure` and browsers are told to stay with https. Stands in QR codes.
    pub public_url: Option<String>,
    /// Further origins whose pages may send changes, beside the host that was asked.
    pub origins: Vec<String>,
    /// Whether a proxy of the house stands before it: then the last address of `X-Forwarded-For`
    /// is the caller's.
    pub behind_proxy: bool,
    /// What tokens of codes are derived from; at least 16 bytes, kept secret, kept for good:
    /// another secret makes every printed code void.
    pub secret: Vec<u8>,
    /// How long sessions last.
    pub session: SessionRules,
    /// What a password costs to check.
    pub password: PasswordCost,
    /// How much of everything.
    pub limits: Limits,
    /// What the page of an enterprise's code shows to everybody.
    pub code: PublicCode,
    /// Whether pages of documents need no sign-in.
    pub methods_public: bool,
    /// Whether `/metrics` answers others than this machine.
    pub metrics_public: bool,
}

impl Config {
    /// Settings with the usual limits.
    #[must_use]
    pub fn new(address: SocketAddr, secret: Vec<u8>) -> Self {
        Self {
            address,
            public_url: None,
            origins: Vec::new(),
            behind_proxy: false,
            secret,
            session: SessionRules::default(),
            password: PasswordCost::default(),
            limits: Limits::default(),
            code: PublicCode::default(),
            methods_public: false,
            metrics_public: false,
        }
    }

    /// Whether people come by https.
    pub(crate) fn https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

impl std::fmt::Debug for Config {
    /// Without the secret.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Config")
            .field("address", &self.address)
            .field("public_url", &self.public_url)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// 会话期限 How long sessions last.
#[derive(Debug, Clone, Copy)]
pub struct SessionRules {
    /// It ends so long after the last request.
    pub idle_ms: i64,
    /// And so long after signing in, whatever happens.
    pub longest_ms: i64,
}

impl Default for SessionRules {
    fn default() -> Self {
        Self { idle_ms: 2 * 3_600_000, longest_ms: 12 * 3_600_000 }
    }
}

/// 口令代价 The parameters of argon2id.
#[derive(Debug, Clone, Copy)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

impl Default for PasswordCost {
    /// 19 MiB and two passes: the first of the equal choices that OWASP recommends.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2 }
    }
}

/// 上限 How much of everything.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a usual request.
    pub body_bytes: usize,
    /// Bytes of a file or of a batch of readings.
    pub file_bytes: usize,
    /// A body too large is read to its end and thrown away up to this size, so that a browser gets
    /// the answer and not a broken connection.
    pub drained_bytes: u64,
    /// How long a usual request may take.
    pub usual: Duration,
    /// How long a calculation or a file may take.
    pub long: Duration,
    /// How long open requests have after the stop was asked for.
    pub stop: Duration,
    /// How long a client may take for the head of a request.
    pub head: Duration,
    /// Connections at once.
    pub connections: usize,
    /// Requests that one caller may send at once.
    pub burst: u32,
    /// And then per second.
    pub per_second: u32,
    /// Sign-ins that may fail at once, per name; four times as many per address.
    pub sign_in_burst: u32,
    /// And then per minute.
    pub sign_in_per_minute: u32,
    /// Bytes of serialized figures that are kept in memory.
    pub figure_cache_bytes: usize,
    /// Rows of a table with enterprises that are sent at once.
    pub rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            file_bytes: 32 * 1024 * 1024,
            drained_bytes: 256 * 1024 * 1024,
            usual: Duration::from_secs(30),
            long: Duration::from_secs(15 * 60),
            stop: Duration::from_secs(20),
            head: Duration::from_secs(15),
            connections: 4096,
            burst: 300,
            per_second: 60,
            sign_in_burst: 8,
            sign_in_per_minute: 6,
            figure_cache_bytes: 64 * 1024 * 1024,
            rows: 5000,
        }
    }
}
