use super::{headers, mixed, read, read_clean, texts};
use crate::{
    OfficeError, OutCell, OutColumn, OutTable, WorkbookMeta, read_properties, write_csv,
    write_json, write_json_lines, write_xlsx,
};
use tanliu_method::table::CellValue;

fn column(header: &str, cells: Vec<OutCell>) -> OutColumn {
    OutColumn { header: header.to_owned(), cells }
}

fn sample() -> OutTable {
    let text = |text: &str| OutCell::Text(text.to_owned());
    OutTable {
        name: "排放量/co2".to_owned(),
        columns: vec![
            column("年份", vec![text("2020"), text("a,\"b\"\n"), OutCell::Empty]),
            column("co2 (t)", vec![OutCell::Number(0.1 + 0.2), OutCell::Number(-0.0)]),
            column("ok", vec![OutCell::Bool(true), OutCell::Empty, OutCell::Number(1e21)]),
        ],
    }
}

#[test]
fn csv_is_plain_and_reads_back() {
    let bytes = write_csv(&sample());
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert_eq!(
        text,
        "年份,co2 (t),ok\n2020,0.30000000000000004,true\n\"a,\"\"b\"\"\n\",0,\n,,1000000000000000000000\n"
    );
    let table = read_clean("排放量.csv", &bytes);
    assert_eq!(headers(&table), ["年份", "co2 (t)", "ok"]);
    assert_eq!(texts(&table, 0), ["2020", "a,\"b\"\n", ""]);
}

#[test]
fn json_keeps_the_order_of_columns_and_reads_back() {
    let table = sample();
    assert_eq!(
        String::from_utf8(write_json_lines(&table)).unwrap().lines().next().unwrap(),
        "{\"年份\": \"2020\", \"co2 (t)\": 0.30000000000000004, \"ok\": true}"
    );
    let value: serde_json::Value = serde_json::from_slice(&write_json(&table)).unwrap();
    assert_eq!(value.as_array().unwrap().len(), 3);
    assert_eq!(value[1]["年份"], "a,\"b\"\n");
    assert!(value[2]["co2 (t)"].is_null());
    let back = read_clean("x.jsonl", &write_json_lines(&table));
    assert_eq!(
        mixed(&back, 1),
        [CellValue::Number(0.1 + 0.2), CellValue::Number(0.0), CellValue::Empty]
    );
    let empty: serde_json::Value =
        serde_json::from_slice(&write_json(&OutTable::default())).unwrap();
    assert_eq!(empty.as_array().unwrap().len(), 0);
}

#[test]
fn numbers_that_are_not_finite_are_seen() {
    let numbers = [f64::NAN, f64::INFINITY].map(OutCell::Number).to_vec();
    let table = OutTable { name: "x".to_owned(), columns: vec![column("x", numbers)] };
    assert_eq!(write_csv(&table), b"x\nNaN\ninf\n");
    assert_eq!(write_json_lines(&table), b"{\"x\": \"NaN\"}\n{\"x\": \"inf\"}\n");
    assert!(write_xlsx(&[table], &WorkbookMeta::default()).is_ok());
}

#[test]
fn xlsx_reads_back_with_its_properties() {
    let meta = WorkbookMeta {
        title: "结果".to_owned(),
        properties: vec![("tanliu.method".to_owned(), "cn/省级清单".to_owned())],
    };
    let bytes = write_xlsx(&[sample()], &meta).unwrap();
    let table = read_clean("a.xlsx", &bytes);
    assert_eq!(table.name, "排放量_co2");
    assert_eq!(
        mixed(&table, 1),
        [CellValue::Number(0.1 + 0.2), CellValue::Number(0.0), CellValue::Empty]
    );
    assert_eq!(mixed(&table, 2)[0], CellValue::Bool(true));
    let properties = read_properties(&bytes).unwrap();
    assert_eq!(properties.method.as_deref(), Some("cn/省级清单"));
    assert_eq!((properties.version, properties.marked), (None, false));
}

#[test]
fn sheet_names_follow_excel_and_differ() {
    let long = "一个很长很长的工作表名称".repeat(4);
    let names = ["a", "A", "", "History", "'x'", "[1]:*?", &long, &long, "😀".repeat(20).as_str()]
        .map(|name| OutTable {
            name: name.to_owned(),
            columns: vec![column("x", vec![OutCell::Number(1.0)])],
        });
    let (tables, diagnostics) =
        read("a.xlsx", &write_xlsx(&names, &WorkbookMeta::default()).unwrap());
    assert!(diagnostics.is_empty());
    let names: Vec<_> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names[..6], ["a", "A_2", "表", "History_", "x", "_1_____"[..6].as_ref()]);
    assert!(names[6] != names[7] && names[7].ends_with("_2"));
    assert!(names.iter().all(|name| name.encode_utf16().count() <= 31));
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    let meta = WorkbookMeta::default();
    let bytes = write_xlsx(&[sample()], &meta).unwrap();
    assert_eq!(bytes, write_xlsx(&[sample()], &meta).unwrap());
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let mut core = String::new();
    archive.by_name("docProps/core.xml").unwrap().read_to_string(&mut core).unwrap();
    assert!(core.contains("2020-01-01T00:00:00Z"), "no clock: {core}");
}

#[test]
fn too_large_tables_are_refused() {
    let cells = vec![OutCell::Empty; 1_048_576];
    let table = OutTable { name: "x".to_owned(), columns: vec![column("x", cells)] };
    let error = write_xlsx(&[table], &WorkbookMeta::default()).unwrap_err();
    assert!(matches!(error, OfficeError::TooManyRows { rows: 1_048_576, .. }), "{error}");
    assert!(matches!(read_properties(b"x"), Err(OfficeError::Unreadable(_))));
}
