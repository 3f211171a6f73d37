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

/// Every reading's part in its plant's month, and the loudest plants: one long result, one short.
const PARTS: &str = "---\nid: parts\nversion: \"1\"\ntitle: parts\nkind: account\nstatus: illustration\n---\n```tan
index plant : text
index instant : instant
index month : month
index town : text
index sector = energy | industry | building | transport | agriculture | living
input power[plant, instant] : kWh
input town_of[plant] : town
input sector_of[plant] : sector
input ef[month] : kgCO2/kWh
largest[plant] : kWh = max(power over instant)
output a_town[town] : kgCO2 = sum(sum(power over instant to month) * ef over plant, month by town_of)
output part[plant, instant] : 1 = power / largest
output total[sector] : kWh = sum(largest over plant by sector_of)
```\n";

#[test]
fn long_results_are_written_row_by_row_and_are_the_same() {
    let desk = desk();
    desk.put("parts.md", PARTS);
    let run = |words: &str, above: &str| {
        let mut command = desk.command();
        command
            .args("run parts.md --data data --engine columnar".split(' '))
            .args(words.split(' '));
        command.env("TANLIU_STREAM_ABOVE", above);
        let done = command.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    for (format, file) in [("csv", "part.csv"), ("parquet", "part.parquet")] {
        let said = run(&format!("--out held --format {format}"), "1000000");
        let also = run(&format!("--out rows --format {format} --memory 300KB --threads 2"), "1000");
        assert_eq!(said.replace("held", "rows"), also);
        let bytes = |folder: &str| std::fs::read(desk.path(&format!("{folder}/{file}"))).unwrap();
        assert!(bytes("held").len() > 100_000);
        assert!(bytes("held") == bytes("rows"), "{file}");
        assert_eq!(desk.read("held/run.json"), desk.read("rows/run.json"));
        assert_eq!(desk.list("held"), desk.list("rows"));
    }
    run("--out table --format delta", "1000");
    run("--out table --format delta --memory 300KB", "1000");
    let manifest: serde_json::Value = serde_json::from_str(&desk.read("table/run.json")).unwrap();
    assert_eq!(manifest["outputs"][1]["name"], "part");
    assert_eq!(manifest["outputs"][1]["version"], 2);
    assert_eq!(manifest["outputs"][1]["rows"], 30 * 20 * 96);
    let held: serde_json::Value = serde_json::from_str(&desk.read("held/run.json")).unwrap();
    assert_eq!(manifest["outputs"][1]["sha256"], held["outputs"][1]["sha256"]);
    let shown = run("--lang en", "1000");
    assert!(shown.contains("more; --out writes them all"), "{shown}");
    assert_eq!(shown, run("--lang en", "1000000"));
}

#[test]
fn a_fault_in_a_row_leaves_no_file() {
    let desk = desk();
    desk.put("parts.md", PARTS.replace("power / largest", "power / (power - largest)"));
    let mut command = desk.command();
    command.args("run parts.md --data data --engine columnar --out out --memory 300KB".split(' '));
    let done = command.env("TANLIU_STREAM_ABOVE", "1000").output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    assert!(!desk.path("out").exists(), "nothing half-done is left behind");
}
