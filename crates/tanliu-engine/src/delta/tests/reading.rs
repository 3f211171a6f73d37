//! Opening at a version or time.

use super::*;

#[test]
fn a_snapshot_tells_columns_units_partitions_and_rows() {
    let bench = Bench::with_readings();
    let snapshot = open(&bench.table(), None).unwrap();
    assert_eq!(snapshot.version, 1);
    assert_eq!(snapshot.rows(), Some(5));
    assert_eq!(snapshot.keys, keys());
    assert_eq!(snapshot.partitions, ["month"]);
    let names: Vec<&str> = snapshot.schema.fields().iter().map(|f| f.name().as_str()).collect();
    assert_eq!(names, ["plant", "instant", "power", "month"]);
    let power = snapshot.schema.field_with_name("power").unwrap();
    assert_eq!(power.metadata().get(UNIT).map(String::as_str), Some("kWh"));
    assert!(snapshot.is_derived("month") && !snapshot.is_derived("plant"));
    let months: Vec<_> = snapshot.files.iter().map(|f| f.partition["month"].clone()).collect();
    assert_eq!(months, [Some("2024-01".to_owned()), Some("2024-02".to_owned())]);
    assert!(snapshot.files.iter().all(|file| file.path.is_absolute() && file.path.is_file()));
}

#[test]
fn an_earlier_version_is_read_as_it_was() {
    let bench = Bench::with_readings();
    let merged = bench.merge("plant,instant,power (kWh)\n乙厂,2024-02-01 00:00,25\n").unwrap();
    assert_eq!(merged.version, 2);
    let key = ("乙厂".to_owned(), at("2024-02-01 00:00"));
    assert_eq!(bench.rows(Some(&AsOf::Version(0))).len(), 0);
    assert_eq!(bench.rows(Some(&AsOf::Version(1)))[&key], Some(20.0));
    assert_eq!(bench.rows(Some(&AsOf::Version(2)))[&key], Some(25.0));
    assert_eq!(bench.rows(None)[&key], Some(25.0));
}

#[test]
fn a_time_means_the_latest_version_then() {
    let bench = Bench::with_readings();
    // The entries say when they were made; the times of their files say nothing.
    for (version, time) in [(0, 1_704_067_200_000), (1, 1_706_745_600_000_i64)] {
        let path = bench.log_entry(version);
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<String> = text
            .lines()
            .map(|line| {
                let mut action: serde_json::Value = serde_json::from_str(line).unwrap();
                if let Some(info) = action.get_mut("commitInfo") {
                    info["timestamp"] = time.into();
                }
                action.to_string()
            })
            .collect();
        std::fs::write(&path, lines.join("\n")).unwrap();
    }
    let version = |text: &str| {
        open(&bench.table(), Some(&AsOf::parse(text).unwrap())).map(|snapshot| snapshot.version)
    };
    // 2024-01-01 08:00 and 2024-02-01 08:00 in Shanghai.
    assert_eq!(version("2024-01-01"), Ok(0), "a day is meant with its end");
    assert_eq!(version("2024-01-01 08:00"), Ok(0));
    assert_eq!(version("2024-01"), Ok(0));
    assert_eq!(version("2024-02-01 07:59:59"), Ok(0));
    assert_eq!(version("2024-02-01 08:00"), Ok(1));
    assert_eq!(version("2024-02-01T00:00:00Z"), Ok(1));
    assert_eq!(version("2024-01-31T23:59:59Z"), Ok(0));
    assert_eq!(version("2024-02-01T09:00:00+09:00"), Ok(1));
    assert_eq!(version("2030-12-31"), Ok(1));
    let (code, text) = refusal(open(&bench.table(), Some(&AsOf::Time("2023-12-31".into()))));
    assert_eq!(code, "delta-no-version");
    assert!(text.contains("earliest: version 0 (2024-01-01 08:00:00)"), "{text}");
}

#[test]
fn what_is_no_version_and_no_time_is_refused() {
    for text in ["", "yesterday", "2024-13-01", "v3", "99999999999999999999"] {
        let (code, _) = refusal(AsOf::parse(text));
        assert_eq!(code, "delta-time", "{text}");
    }
    assert_eq!(AsOf::parse("12"), Ok(AsOf::Version(12)));
}

#[test]
fn tables_can_have_times_of_their_own() {
    let texts = ["2024-12-31".to_owned(), "meters=3".to_owned()];
    let choice = AsOfChoice::parse(&texts).unwrap();
    assert_eq!(choice.of("meters"), Some(&AsOf::Version(3)));
    assert_eq!(choice.of("fuel"), Some(&AsOf::Time("2024-12-31".to_owned())));
    assert_eq!(AsOfChoice::default().of("fuel"), None);
    assert_eq!(choice.names().collect::<Vec<_>>(), ["meters"]);
    assert!(AsOfChoice::parse(&["3".to_owned(), "4".to_owned()]).is_err());
}

#[test]
fn a_version_that_is_not_there_is_told_with_those_that_are() {
    let bench = Bench::with_readings();
    let (code, text) = refusal(open(&bench.table(), Some(&AsOf::Version(7))));
    assert_eq!(code, "delta-no-version");
    assert!(text.contains("latest: version 1"), "{text}");
}

#[test]
fn a_folder_without_a_log_is_no_table() {
    let bench = Bench::empty();
    std::fs::create_dir(bench.table()).unwrap();
    assert_eq!(refusal(open(&bench.table(), None)).0, "delta-not-a-table");
    assert_eq!(refusal(open(&bench.path("nowhere"), None)).0, "delta-not-a-table");
}

#[test]
fn a_missing_data_file_is_named() {
    let bench = Bench::with_readings();
    let file = open(&bench.table(), None).unwrap().files[1].clone();
    std::fs::remove_file(&file.path).unwrap();
    let (code, text) = refusal(open(&bench.table(), None));
    assert_eq!(code, "delta-data-file");
    assert!(text.contains(&file.name), "{text}");
    std::fs::write(&file.path, "cut").unwrap();
    let (code, _) = refusal(open(&bench.table(), None));
    assert_eq!(code, "delta-data-file", "a file of another size is another file");
}

#[test]
fn deletion_vectors_are_refused_by_name() {
    let bench = Bench::with_readings();
    let path = bench.log_entry(1);
    let text = std::fs::read_to_string(&path).unwrap();
    let vector = r#""deletionVector":{"storageType":"i","pathOrInlineDv":"x","sizeInBytes":1,"cardinality":1},"dataChange""#;
    std::fs::write(&path, text.replace("\"dataChange\"", vector)).unwrap();
    let (code, text) = refusal(open(&bench.table(), None));
    assert_eq!(code, "delta-unsupported");
    assert!(text.contains("deletion vectors"), "{text}");
}
