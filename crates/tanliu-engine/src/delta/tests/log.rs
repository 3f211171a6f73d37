//! Logs with gaps and damaged entries, and what they say of the past.

use super::*;

#[test]
fn a_gap_in_the_log_is_named_and_earlier_versions_are_still_read() {
    let bench = Bench::with_readings();
    for power in ["4", "5"] {
        let text = format!("plant,instant,power (kWh)\n甲厂,2024-02-01 00:00,{power}\n");
        bench.merge(&text).unwrap();
    }
    std::fs::remove_file(bench.log_entry(2)).unwrap();
    let (code, text) = refusal(open(&bench.table(), None));
    assert_eq!(code, "delta-log-gap");
    assert!(text.contains("_delta_log/00000000000000000002.json"), "{text}");
    assert!(text.contains("--as-of 1"), "{text}");
    assert_eq!(bench.rows(Some(&AsOf::Version(1))).len(), 5);
}

#[test]
fn a_damaged_entry_is_named_with_its_line() {
    let bench = Bench::with_readings();
    let path = bench.log_entry(1);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, &text[..text.len() - 20]).unwrap();
    let (code, text) = refusal(open(&bench.table(), None));
    assert_eq!(code, "delta-log-corrupt");
    assert!(text.contains("line 3 of _delta_log/00000000000000000001.json"), "{text}");
    std::fs::write(&path, "").unwrap();
    assert_eq!(refusal(open(&bench.table(), None)).0, "delta-log-corrupt");
    assert_eq!(bench.rows(Some(&AsOf::Version(0))).len(), 0);
}

#[test]
fn a_table_is_read_from_its_checkpoint_on() {
    let bench = Bench::with_readings();
    for power in 0..12 {
        let text = format!("plant,instant,power (kWh)\n甲厂,2024-02-01 00:00,{power}.25\n");
        bench.merge(&text).unwrap();
    }
    let log = bench.table().join("_delta_log");
    let checkpoint = log.join("00000000000000000009.checkpoint.parquet");
    let first = if checkpoint.is_file() { 10 } else { 0 };
    for version in 0..first {
        std::fs::remove_file(bench.log_entry(version)).unwrap();
    }
    let key = ("甲厂".to_owned(), at("2024-02-01 00:00"));
    assert_eq!(bench.rows(None)[&key], Some(11.25));
    if first > 0 {
        let (code, text) = refusal(open(&bench.table(), Some(&AsOf::Version(3))));
        assert_eq!(code, "delta-no-version");
        assert!(text.contains("earliest: version 9"), "{text}");
    }
}

#[test]
fn the_history_tells_who_did_what() {
    let bench = Bench::with_readings();
    let correction =
        "plant,instant,power (kWh)\n甲厂,2024-02-01 00:00,4\n丙厂,2024-02-01 00:00,7\n";
    let options = MergeOptions {
        author: Author { name: Some("李工".into()), note: Some("电表重新校准".into()) },
        ..MergeOptions::default()
    };
    merge(&bench.table(), vec![bench.csv("correction.csv", correction)], &options).unwrap();
    let history = history(&bench.table()).unwrap();
    let told: Vec<_> = history
        .iter()
        .map(|entry| (entry.version, entry.operation.as_str(), entry.added, entry.updated))
        .collect();
    assert_eq!(
        told,
        [
            (2, "MERGE", Some(1), Some(1)),
            (1, "WRITE", Some(5), None),
            (0, "CREATE TABLE", Some(0), None)
        ]
    );
    assert_eq!(history[0].author.as_deref(), Some("李工"));
    assert_eq!(history[0].note.as_deref(), Some("电表重新校准"));
    assert!(history[0].engine.as_deref().unwrap().starts_with("tanliu/"));
    assert!(history.iter().all(|entry| entry.timestamp > 1_700_000_000_000));
}
