//! 一个区的电表 A district's meters, in files that stay where they are: both evaluators say the same.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use crate::desk::Desk;

/// A desk with the district's document and some weeks of a few plants.
fn desk() -> Desk {
    let desk = Desk::new();
    let method = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/district/meters.md");
    desk.put("meters.md", std::fs::read_to_string(method).unwrap());
    desk.tanliu("sample district data --plants 30 --from 2024-02-20 --days 20").says(0, &[]);
    desk
}

const RESULT: &str = "by_town_sector.csv";

#[test]
fn both_evaluators_and_any_number_of_threads_give_the_same_bytes() {
    let desk = desk();
    desk.tanliu("run meters.md --data data --out reference --engine reference").says(0, &[]);
    let wanted = desk.read(&format!("reference/{RESULT}"));
    assert!(wanted.lines().count() > 20, "{wanted}");
    for threads in [1, 2, 3] {
        let line = format!(
            "run meters.md --data data --out t{threads} --engine columnar --threads {threads}"
        );
        desk.tanliu(&line).says(0, &[]);
        assert_eq!(desk.read(&format!("t{threads}/{RESULT}")), wanted);
        let manifest: serde_json::Value =
            serde_json::from_str(&desk.read(&format!("t{threads}/run.json"))).unwrap();
        let digests = manifest["data"].as_array().unwrap();
        assert!(digests.iter().all(|file| file["sha256"].as_str().unwrap().len() == 64));
    }
}

#[test]
fn a_derivation_reads_the_rows_of_its_figure() {
    let desk = desk();
    let figure = "energy[plant=E00003,month=2024-02]";
    for engine in ["reference", "columnar"] {
        let line = format!("explain meters.md {figure} --data data --depth 1 --engine {engine}");
        let said = desk.tanliu(&line).out;
        assert!(said.contains("energy[plant = E00003, month = 2024-02] = "), "{said}");
    }
    let said = |engine: &str| {
        let line = format!("explain meters.md {figure} --data data --engine {engine}");
        desk.tanliu(&line).out.lines().next().unwrap().to_owned()
    };
    assert_eq!(said("reference"), said("columnar"));
}

#[test]
fn too_little_memory_and_files_at_fault_are_told() {
    let desk = desk();
    let method = std::fs::read_to_string(desk.path("meters.md")).unwrap();
    let median =
        method.replace("sum(power over instant to month)", "median(power over instant to month)");
    assert_ne!(median, method);
    desk.put("median.md", median);
    desk.tanliu("run median.md --data data --engine columnar --memory 1KB --out out --lang en")
        .says(1, &["engine-memory", "median.md", "median(power over instant to month)"]);
    desk.tanliu("run meters.md --data data --engine columnar --memory much --lang en")
        .says(2, &["--memory"]);
    let part = "data/readings/part-0000.parquet";
    let bytes = std::fs::read(desk.path(part)).unwrap();
    desk.put(part, &bytes[..bytes.len() / 2]);
    desk.tanliu("run meters.md --data data --engine columnar --out out --lang en")
        .says(1, &["table-unreadable", part]);
    assert!(!desk.path("out").exists(), "nothing half-done is left behind");
}
