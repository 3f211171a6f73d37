//! 用时 `TANLIU_TIMES=1`: how long steps took, on standard error; for benchmarks only.

use std::io::Write as _;
use std::time::{Duration, Instant};

/// The variable that asks for it.
const WANTED: &str = "TANLIU_TIMES";

/// Does something, and says how long it took where that was asked for.
#[expect(clippy::disallowed_methods, reason = "the time is printed, it enters no result")]
pub(crate) fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let made = work();
    tell(what, begin.elapsed());
    made
}

/// Says how long something took where that was asked for.
pub(crate) fn tell(what: &str, took: Duration) {
    if std::env::var_os(WANTED).is_some() {
        // Who asks for times and closes standard error gets none.
        let _ = writeln!(std::io::stderr(), "time: {what} {:.3} ms", took.as_secs_f64() * 1000.0);
    }
}
