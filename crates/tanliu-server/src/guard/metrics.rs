//! 计数 What happened so far, in the text form of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

/// The upper ends of the latency's buckets, in milliseconds.
const BUCKETS_MS: [u64; 12] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 5000, 30_000];

/// 计数
#[derive(Default)]
pub(crate) struct Metrics(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    requests: BTreeMap<(String, String, u16), u64>,
    latencies: BTreeMap<String, Latency>,
    sessions_begun: u64,
    sessions_refused: u64,
    sessions_ended: u64,
}

#[derive(Default)]
struct Latency {
    buckets: [u64; BUCKETS_MS.len()],
    count: u64,
    sum_us: u64,
}

/// 会话事件
pub(crate) enum Seen {
    /// Somebody signed in.
    Begun,
    /// Somebody could not.
    Refused,
    /// Somebody signed out.
    Ended,
}

impl Metrics {
    /// Counts an answered request.
    pub(crate) fn answered(&self, route: &str, method: &str, status: u16, took_us: u64) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.requests.entry((route.to_owned(), method.to_owned(), status)).or_default() += 1;
        let latency = counts.latencies.entry(route.to_owned()).or_default();
        latency.count += 1;
        latency.sum_us = latency.sum_us.saturating_add(took_us);
        for (end_ms, bucket) in BUCKETS_MS.iter().zip(latency.buckets.iter_mut()) {
            *bucket += u64::from(took_us <= end_ms * 1000);
        }
    }

    /// Counts what became of a session.
    pub(crate) fn session(&self, seen: &Seen) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match seen {
            Seen::Begun => counts.sessions_begun += 1,
            Seen::Refused => counts.sessions_refused += 1,
            Seen::Ended => counts.sessions_ended += 1,
        }
    }

    /// All counts as text.
    pub(crate) fn text(&self) -> String {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = counts.write(&mut text);
        text
    }
}

impl Counts {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "# HELP tanliu_requests_total Requests answered.")?;
        writeln!(out, "# TYPE tanliu_requests_total counter")?;
        for ((route, method, status), count) in &self.requests {
            let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
            writeln!(out, "tanliu_requests_total{{{labels}}} {count}")?;
        }
        writeln!(out, "# HELP tanliu_request_seconds How long answers took.")?;
        writeln!(out, "# TYPE tanliu_request_seconds histogram")?;
        let name = "tanliu_request_seconds";
        for (route, latency) in &self.latencies {
            for (end_ms, count) in BUCKETS_MS.iter().zip(latency.buckets) {
                let end = *end_ms as f64 / 1000.0;
                writeln!(out, "{name}_bucket{{route=\"{route}\",le=\"{end}\"}} {count}")?;
            }
            writeln!(out, "{name}_bucket{{route=\"{route}\",le=\"+Inf\"}} {}", latency.count)?;
            let sum_s = latency.sum_us as f64 / 1_000_000.0;
            writeln!(out, "{name}_sum{{route=\"{route}\"}} {sum_s}")?;
            writeln!(out, "{name}_count{{route=\"{route}\"}} {}", latency.count)?;
        }
        writeln!(out, "# HELP tanliu_sessions_total Sessions, by what became of them.")?;
        writeln!(out, "# TYPE tanliu_sessions_total counter")?;
        writeln!(out, "tanliu_sessions_total{{event=\"begun\"}} {}", self.sessions_begun)?;
        writeln!(out, "tanliu_sessions_total{{event=\"refused\"}} {}", self.sessions_refused)?;
        writeln!(out, "tanliu_sessions_total{{event=\"ended\"}} {}", self.sessions_ended)
    }
}
