use super::*;
use crate::{Standing, Uncertainty};
use proptest::prelude::*;

#[test]
fn a_good_set_is_read_whole() {
    let set = set(HEADER, TABLE);
    assert_eq!(set.id, "a/b");
    assert_eq!(set.rows.len(), 6);
    let row = &set.rows[1];
    assert_eq!((row.line, row.value), (3, 0.4403));
    assert_eq!(row.validity.from, day("2022"));
    assert_eq!(row.published, Some(day("2024-12-23")));
    assert_eq!((row.source.as_str(), row.page.as_str()), ("公告", "附表"));
    assert_eq!(row.standing, Standing::Secondary);
    assert_eq!(set.members("grid"), [("guangdong", Some("广东")), ("zhejiang", Some("浙江"))]);
    assert_eq!(set.code_of("grid", " 浙江 "), Some("zhejiang"));
    assert_eq!(set.code_of("grid", "浙"), None);
}

#[test]
fn rows_override_the_header() {
    let table = "\
grid,from,to,value,unit,uncertainty,source,page,standing,vintage,note
a,2021,2021,471.5,gCO2/kWh,±5%,别处,12,verified,2020,换算前
a,2022,,0.4403,,± 0.02,,,,,
";
    let set = set(HEADER, table);
    let (first, second) = (&set.rows[0], &set.rows[1]);
    assert_eq!(first.unit, UnitTable::builtin().parse("gCO2/kWh").unwrap());
    assert_eq!(first.uncertainty, Some(Uncertainty::Relative(0.05)));
    assert_eq!((first.source.as_str(), first.page.as_str()), ("别处", "12"));
    assert_eq!(first.standing, Standing::Verified);
    assert_eq!(first.vintage, Some(day("2020")));
    assert_eq!(first.note.as_deref(), Some("换算前"));
    assert_eq!(second.uncertainty, Some(Uncertainty::Absolute(0.02)));
    assert_eq!(second.validity.to, None);
    assert_eq!(second.page, "附表");
}

#[test]
fn the_header_takes_dates_pages_and_named_keys() {
    let header = HEADER
        .replace("section = \"附表\"", "page = 8\npublished = 2024-12-23")
        .replace("[\"grid\"]", "[{ column = \"grid\", index = \"电网\" }]");
    let set = set(&header, "grid,from,value\na,2021,1\n");
    assert_eq!(set.header.published, Some(day("2024-12-23")));
    assert_eq!(set.rows[0].published, Some(day("2024-12-23")));
    assert_eq!(set.rows[0].page, "8");
    assert_eq!(set.code_of("电网", "a"), Some("a"));
}

#[test]
fn a_broken_header_is_refused() {
    for (from, to) in [
        ("kind = \"average\"", ""),
        ("kind = \"average\"", "kind = \" \""),
        ("kind = \"average\"", "kind = \"average\"\nkinds = 1"),
        ("keys = [\"grid\"]", "keys = [\"grid\", \"grid\"]"),
        ("keys = [\"grid\"]", "keys = [\"grid\""),
    ] {
        assert_eq!(faults(&HEADER.replace(from, to), TABLE), [("factor-header", 0, 0)], "{to}");
    }
    let faulty = |from: &str, to: &str| faults(&HEADER.replace(from, to), TABLE);
    assert_eq!(faulty("kgCO2/kWh", "kgCO2/kwhh"), [("factor-unit", 0, 0)]);
    assert_eq!(faulty("secondary", "sure"), [("factor-standing", 0, 0)]);
    let dated = "source = \"公告\"\npublished = \"昨天\"";
    assert_eq!(faulty("source = \"公告\"", dated), [("factor-time", 0, 0)]);
}

#[test]
fn columns_are_checked() {
    let with = |heading: &str| TABLE.replace("grid,grid_label,from,to,published,value", heading);
    let missing = faults(HEADER, &with("grid,grid_label,from,to,published,note"));
    assert_eq!(missing, [("factor-column-missing", 1, 0)]);
    let misspelt = faults(HEADER, &with("grid,grid_label,from,to,publishd,value"));
    assert_eq!(misspelt, [("factor-column-unknown", 1, 5)]);
    let double = faults(HEADER, &with("grid,grid_label,from,to,from,value"));
    assert_eq!(double, [("factor-column-double", 1, 5)]);
    let (_, findings) = load(HEADER, &with("grid,grid_label,from,to,publishd,value"));
    let hint = findings.list()[0].hint.clone().unwrap();
    assert!(hint.en.contains("published"), "{}", hint.en);
}

#[test]
fn every_faulty_cell_is_reported_in_one_go() {
    let table = "\
grid,from,to,published,vintage,value,unit,uncertainty,standing
a,2021,2021,,,1 t,,,
a,20x1,2021,,,1,,,
a,2022,2021,,,1,,,
a,2021,x,y,z,1,,,

,2021,,,,1,foo,bar,baz
a,2021,2021
b,2021-05-01T13,,,,inf,,-5%,
";
    let expected = [
        ("factor-number", 2, 6),
        ("factor-time", 3, 2),
        ("factor-validity-reversed", 4, 2),
        ("factor-time", 5, 3),
        ("factor-time", 5, 5),
        ("factor-time", 5, 4),
        ("factor-key-empty", 7, 1),
        ("factor-unit", 7, 7),
        ("factor-uncertainty", 7, 8),
        ("factor-standing", 7, 9),
        ("factor-row-width", 8, 0),
        ("factor-time", 9, 2),
        ("factor-number", 9, 6),
        ("factor-uncertainty", 9, 8),
    ];
    assert_eq!(faults(HEADER, table), expected);
}

#[test]
fn source_page_unit_and_memory_marks_must_be_there() {
    let table = "grid,from,value\na,2021,1\n";
    let without = |line: &str| faults(&HEADER.replace(line, ""), table);
    assert_eq!(without("source = \"公告\""), [("factor-source-missing", 2, 3)]);
    assert_eq!(without("section = \"附表\""), [("factor-source-missing", 2, 3)]);
    assert_eq!(without("unit = \"kgCO2/kWh\""), [("factor-unit", 2, 3)]);
    let memory = HEADER.replace("secondary", "memory");
    assert_eq!(faults(&memory, table), [("factor-standing", 2, 3)]);
    set(&format!("{memory}standing_note = \"某人记得\"\n"), table);
    set(&memory, "grid,from,value,note\na,2021,1,某人记得\n");
}

#[test]
fn rows_must_not_contradict_each_other() {
    let fault = |rows: &str| faults(HEADER, &format!("grid,from,to,value\n{rows}"));
    assert_eq!(fault("a,2021,2021,1\na,2021,2021,1\n"), [("factor-row-double", 3, 0)]);
    assert_eq!(fault("a,2021,2022,1\na,2022-12-31,2023,1\n"), [("factor-overlap", 3, 0)]);
    assert_eq!(fault("a,2021,,1\na,2023,2023,1\n"), [("factor-overlap", 3, 0)]);
    // The long row reaches over two later ones, and the order of the file does not matter.
    let nested = fault("a,2023,2023,1\na,2021,2021,1\na,2020,2030,1\n");
    assert_eq!(nested, [("factor-overlap", 3, 0), ("factor-overlap", 2, 0)]);
    assert_eq!(fault("a,2021,2021,1\na,2023,2023,1\n"), [("factor-gap", 3, 0)]);
    assert_eq!(fault("a,2021,2021-06-29,1\na,2021-07,,1\n"), [("factor-gap", 3, 0)]);
    let mixed = faults(HEADER, "grid,from,value,unit\na,2021,1,\nb,2021,1,kgCO2/t\n");
    assert_eq!(mixed, [("factor-unit-mixed", 3, 0)]);
}

#[test]
fn an_overlap_names_both_rows() {
    let (_, findings) = load(HEADER, "grid,from,to,value\na,2021,2022,1\na,2022,2023,1\n");
    let finding = &findings.list()[0];
    let rows: Vec<u32> = finding
        .labels
        .iter()
        .map(|label| match &label.place {
            Place::Cell(cell) => cell.row,
            _ => 0,
        })
        .collect();
    assert_eq!(rows, [3, 2]);
    assert!(finding.message.zh.contains("grid = a"));
}

#[test]
fn neighbouring_periods_of_other_grains_leave_no_gap() {
    set(HEADER, "grid,from,to,value\na,2021,2021-Q2,1\na,2021-07,2021-12-30,1\na,2021-12-31,,1\n");
    let gaps = format!("{HEADER}gaps = \"2022 未公布\"\n");
    set(&gaps, "grid,from,to,value\na,2021,2021,1\na,2023,2023,1\n");
}

#[test]
fn labels_must_be_one_to_one() {
    let fault = |rows: &str| faults(HEADER, &format!("grid,grid_label,from,to,value\n{rows}"));
    let two_labels = fault("a,甲,2021,2021,1\na,乙,2022,2022,1\n");
    assert_eq!(two_labels, [("factor-label-conflict", 3, 2)]);
    assert_eq!(fault("a,甲,2021,,1\nb,甲,2021,,1\n"), [("factor-label-conflict", 0, 0)]);
    assert_eq!(fault("a,b,2021,,1\nb,乙,2021,,1\n"), [("factor-label-conflict", 0, 0)]);
}

#[test]
fn empty_tables_and_lone_files_are_refused() {
    assert_eq!(faults(HEADER, ""), [("factor-table", 0, 0)]);
    assert_eq!(faults(HEADER, "grid,from,value\n,,\n"), [("factor-table", 0, 0)]);
    let lone = |path: &str| {
        let (catalogue, findings) =
            Catalogue::load([(path.to_owned(), String::new())], &UnitTable::builtin());
        assert!(catalogue.is_refused("x"));
        findings.list()[0].code
    };
    assert_eq!(lone("x.csv"), "factor-file-alone");
    assert_eq!(lone("./x.toml"), "factor-file-alone");
    let readme = [("README.md".to_owned(), "x".to_owned())];
    assert!(Catalogue::load(readme, &UnitTable::builtin()).1.is_empty());
}

#[test]
fn line_ends_and_marks_of_other_machines_change_nothing() {
    let windows = format!("\u{feff}{}", TABLE.replace('\n', "\r\n"));
    let (one, other) = (set(HEADER, TABLE), set(HEADER, &windows));
    assert_eq!(one.rows[5].line, other.rows[5].line);
    assert_eq!(one.rows[5].value, other.rows[5].value);
    assert_eq!(
        set(&HEADER.replace('\n', "\r\n"), &TABLE.replace('\n', "\r\n")).digest_text(),
        one.digest_text()
    );
    assert_ne!(set(HEADER, &TABLE.replace("0.4403", "0.4404")).digest_text(), one.digest_text());
}

#[test]
fn quoted_cells_may_hold_line_ends() {
    let fault = faults(HEADER, "grid,from,value,note\na,2021,1,\"x\ny\"\n\n\r\nb,2021,q,\n");
    assert_eq!(fault, [("factor-number", 6, 3)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_tables_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        load(HEADER, &text);
        load(HEADER, &format!("grid,from,to,value,unit,note\n{text}"));
    }

    #[test]
    fn random_headers_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        load(&text, TABLE);
        load(&format!("{HEADER}{text}"), TABLE);
    }

    #[test]
    fn tables_of_likely_cells_never_panic(
        cells in proptest::collection::vec("[0-9QWa-c,.%±\"\n-]{0,12}", 0..40),
    ) {
        let table = format!("grid,from,to,published,value,unit,uncertainty\n{}", cells.join(","));
        let (catalogue, _) = load(HEADER, &table);
        for set in catalogue.sets() {
            set.describe(tanliu_diagnostic::Lang::Zh);
        }
    }
}
