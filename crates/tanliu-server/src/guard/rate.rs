//! 限流 Token buckets: so many at once, then so many per second.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Callers that are remembered.
const CALLERS_MAX: usize = 20_000;

/// 令牌桶 A bucket for each caller.
pub(crate) struct Buckets {
    burst: f64,
    per_us: f64,
    kept: Mutex<BTreeMap<String, Bucket>>,
}

struct Bucket {
    tokens: f64,
    size: f64,
    at_us: u64,
}

impl Buckets {
    pub(crate) fn new(burst: u32, per_second: f64) -> Self {
        let per_us = per_second / 1_000_000.0;
        Self { burst: f64::from(burst), per_us, kept: Mutex::default() }
    }

    /// Takes a token of a caller, whose bucket is `wide` times as large and as quick as usual; or
    /// says after how many seconds there is one.
    pub(crate) fn take(&self, caller: &str, wide: u32, now_us: u64) -> Result<(), u64> {
        let (size, per_us) = (self.burst * f64::from(wide), self.per_us * f64::from(wide));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= CALLERS_MAX && !kept.contains_key(caller) {
            self.make_room(&mut kept, now_us);
        }
        let bucket =
            kept.entry(caller.to_owned()).or_insert(Bucket { tokens: size, size, at_us: now_us });
        let gone = now_us.saturating_sub(bucket.at_us);
        bucket.tokens = (bucket.tokens + gone as f64 * per_us).min(size);
        bucket.at_us = now_us;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        let wait_us = (1.0 - bucket.tokens) / per_us.max(f64::MIN_POSITIVE);
        Err(((wait_us / 1_000_000.0).ceil() as u64).clamp(1, 3600))
    }

    /// Gives a token back: the request was a good one.
    pub(crate) fn give_back(&self, caller: &str) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = kept.get_mut(caller) {
            bucket.tokens = (bucket.tokens + 1.0).min(bucket.size);
        }
    }

    /// Forgets full buckets; if none is full, all.
    fn make_room(&self, kept: &mut BTreeMap<String, Bucket>, now_us: u64) {
        let (burst, per_us) = (self.burst, self.per_us);
        kept.retain(|_, own| {
            let gone = now_us.saturating_sub(own.at_us) as f64;
            own.tokens + gone * per_us * (own.size / burst) < own.size
        });
        if kept.len() >= CALLERS_MAX {
            kept.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Buckets;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let buckets = Buckets::new(2, 1.0);
        assert_eq!(buckets.take("a", 1, 0), Ok(()));
        assert_eq!(buckets.take("a", 1, 0), Ok(()));
        assert_eq!(buckets.take("a", 1, 0), Err(1));
        assert_eq!(buckets.take("b", 1, 0), Ok(()));
        assert_eq!(buckets.take("a", 1, 1_000_000), Ok(()));
        buckets.give_back("a");
        assert_eq!(buckets.take("a", 1, 1_000_000), Ok(()));
    }
}
