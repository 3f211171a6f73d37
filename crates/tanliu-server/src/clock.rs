//! 时钟与随机 The clock and the entropy that a server needs, as traits, so that tests are exact.

use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tanliu_platform::moment::Moment;
use tanliu_platform::trail::hex;

/// 时钟
pub trait Clock: Send + Sync {
    /// The moment now.
    fn now(&self) -> Moment;
    /// Microseconds since some fixed point, never going back: for latencies alone.
    fn ticks_us(&self) -> u64;
}

/// 随机
pub trait Entropy: Send + Sync {
    /// Fills bytes that nobody can foresee.
    ///
    /// # Errors
    /// The system has none.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyFailed>;
}

/// 无随机 The system gave no randomness.
#[derive(Debug, thiserror::Error)]
#[error("the system gave no randomness: {0}")]
pub struct EntropyFailed(pub String);

/// So many unforeseeable bytes, in hex.
pub(crate) fn secret<const BYTES: usize>(entropy: &dyn Entropy) -> Result<String, EntropyFailed> {
    let mut bytes = [0_u8; BYTES];
    entropy.fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// 系统时钟 The machine's clock.
#[derive(Debug)]
pub struct SystemClock {
    begun: Instant,
}

impl Default for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "latencies are measured, results do not see it")]
    fn default() -> Self {
        Self { begun: Instant::now() }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the server is where acts get their moment")]
    fn now(&self) -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn ticks_us(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// 系统随机 The system's randomness.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyFailed> {
        getrandom::fill(bytes).map_err(|error| EntropyFailed(error.to_string()))
    }
}
