//! Creating, appending, replacing; what comes in wrong.

use super::*;
use arrow::array::{ArrayRef, DictionaryArray, Float32Array, StringArray};
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use std::sync::Arc;
use tanliu_method::check::{NoLibrary, check};

fn append_text(bench: &Bench, text: &str) -> Result<Appended, DeltaError> {
    append(&bench.table(), vec![bench.csv("more.csv", text)], &Author::default())
}

#[test]
fn rows_are_appended_behind_those_that_are_there() {
    let bench = Bench::with_readings();
    let done = append_text(
        &bench,
        "\u{feff}instant,plant,power (kWh)\n2024/3/1 0:15, 甲厂 ,\n2024-03-01T00:30,甲厂,1e3\n",
    );
    assert_eq!(done, Ok(Appended { version: 2, rows: 2 }));
    let rows = bench.rows(None);
    assert_eq!(rows.len(), 7);
    assert_eq!(rows[&("甲厂".to_owned(), at("2024-03-01 00:15"))], None, "empty is not zero");
    assert_eq!(rows[&("甲厂".to_owned(), at("2024-03-01 00:30"))], Some(1000.0));
    let done = append_text(&bench, "plant,instant,power (kWh)\n");
    assert_eq!(done, Ok(Appended { version: 2, rows: 0 }), "no row, no version");
}

#[test]
fn what_does_not_fit_is_told_with_file_and_row_and_nothing_is_written() {
    let bench = Bench::with_readings();
    let cases = [
        (
            "plant,instant,power (kWh)\n甲厂,2024-03-01,1\n甲厂,2024-03-02,n/a\n",
            "delta-cell",
            "row: 3",
        ),
        ("plant,instant,power (kWh)\n甲厂,2024-03-01,inf\n", "delta-cell", "row: 2"),
        ("plant,instant,power (kWh)\n甲厂,2024-02-30,1\n", "delta-cell", "2024-02-30"),
        ("plant,instant,power (kWh)\n ,2024-03-01,1\n", "delta-cell", "column plant is empty"),
        (
            "plant,instant,power (MWh)\n甲厂,2024-03-01,1\n",
            "delta-unit",
            "in MWh, the table's in kWh",
        ),
        ("plant,instant,power\n甲厂,2024-03-01,1\n", "delta-unit", "no unit"),
        ("plant,instant\n甲厂,2024-03-01\n", "delta-columns", "missing in the file: power"),
        (
            "plant,instant,power (kWh),x\n甲厂,2024-03-01,1,2\n",
            "delta-columns",
            "not in the table: x",
        ),
        ("plant,plant,instant,power (kWh)\na,b,2024-03-01,1\n", "delta-column-name", "twice"),
        ("plant,instant,power (kWh)\n甲厂,2024-03-01\n", "delta-input", "more.csv"),
    ];
    for (text, code, part) in cases {
        let (found, words) = refusal(append_text(&bench, text));
        assert_eq!(found, code, "{text}{words}");
        assert!(words.contains(part), "{words} does not say {part}");
        assert!(words.contains("more.csv"), "{words} does not name the file");
    }
    assert_eq!(bench.rows(None).len(), 5);
    assert_eq!(history(&bench.table()).unwrap().len(), 2);
    assert_eq!(leftovers(&bench.table()).unwrap(), Vec::<PathBuf>::new());
}

#[test]
fn a_unit_may_be_written_otherwise_or_said_beside() {
    let bench = Bench::with_readings();
    append_text(&bench, "plant,instant,power (千瓦时)\n甲厂,2024-03-01,1\n").unwrap();
    let units = BTreeMap::from([("power".to_owned(), "kWh".to_owned())]);
    let bare = bench.csv("bare.csv", "plant,instant,power\n甲厂,2024-03-02,1\n").with_units(&units);
    append(&bench.table(), vec![bare], &Author::default()).unwrap();
    assert_eq!(bench.rows(None).len(), 7);
}

#[test]
fn other_files_are_refused_by_name() {
    let bench = Bench::empty();
    let book = bench.path("book.xlsx");
    std::fs::write(&book, "PK").unwrap();
    let (code, text) = refusal(Incoming::open(&book));
    assert_eq!(code, "delta-input");
    assert!(text.contains("book.xlsx"), "{text}");
    assert_eq!(refusal(Incoming::open(&bench.path("nowhere.csv"))).0, "delta-input");
    let bad = bench.path("bad.parquet");
    std::fs::write(&bad, "PAR1 and nothing else PAR1").unwrap();
    assert_eq!(refusal(Incoming::open(&bad)).0, "delta-input");
}

#[test]
fn batches_of_other_types_are_taken_where_nothing_is_lost() {
    let bench = Bench::with_readings();
    let plants: DictionaryArray<Int32Type> = ["甲厂"; 2].into_iter().collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(plants),
        Arc::new(StringArray::from(vec!["2024-04-01", "2024-04-02"])),
        Arc::new(Float32Array::from(vec![0.5, 2.0])),
    ];
    let plant = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let schema = Arc::new(Schema::new(vec![
        Field::new("plant", plant, true),
        Field::new("instant", DataType::Utf8, true),
        Field::new("power (kWh)", DataType::Float32, true),
    ]));
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
    let incoming = Incoming::of_batches("stream", schema, std::iter::once(batch));
    append(&bench.table(), vec![incoming], &Author::default()).unwrap();
    assert_eq!(bench.rows(None)[&("甲厂".to_owned(), at("2024-04-02 00:00"))], Some(2.0));
}

#[test]
fn a_stream_is_appended_from_inside_a_runtime() {
    let bench = Bench::with_readings();
    let schema = Arc::new(Schema::new(vec![
        Field::new("plant", DataType::Utf8, true),
        Field::new("instant", DataType::Utf8, true),
        Field::new("power (kWh)", DataType::Utf8, true),
    ]));
    let batch = |day: u32| {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from(vec!["甲厂"])),
            Arc::new(StringArray::from(vec![format!("2024-05-{day:02}")])),
            Arc::new(StringArray::from(vec!["1"])),
        ];
        RecordBatch::try_new(Arc::clone(&schema), columns).map_err(|error| error.to_string())
    };
    let stream = futures::stream::iter((1..=3).map(batch).collect::<Vec<_>>());
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let incoming =
        Incoming::of_stream("stream", Arc::clone(&schema), stream, runtime.handle().clone());
    let table = bench.table();
    let done = runtime.block_on(async { append(&table, vec![incoming], &Author::default()) });
    assert_eq!(done.unwrap().rows, 3);
}

#[test]
fn a_table_is_made_once() {
    let bench = Bench::with_readings();
    let layout = layout_of(bench.csv("readings.csv", READINGS), &keys()).unwrap();
    assert_eq!(refusal(create(&bench.table(), &layout, &Author::default())).0, "delta-exists");
}

#[test]
fn a_layout_is_read_off_a_file() {
    let bench = Bench::empty();
    let text = "plant,code,day,用电量 (千瓦时),share,checked,empty\n\
        001,91330000142916567,2024-01-31,1,0.5,true,\n002,1,2024-02-01,,1,false,\n";
    let layout = layout_of(bench.csv("a.csv", text), &["plant".to_owned()]).unwrap();
    let kinds: Vec<_> = layout.columns.iter().map(|column| column.kind).collect();
    use ColumnType::{Bool, Date, Number, Text};
    assert_eq!(kinds, [Text, Text, Date, Number, Number, Bool, Text]);
    assert_eq!(layout.columns[3].name, "用电量");
    assert_eq!(layout.columns[3].unit.as_deref(), Some("千瓦时"));
    let (code, _) = refusal(layout_of(bench.csv("b.csv", "a b,c\n1,2\n"), &[]));
    assert_eq!(code, "delta-column-name");
    let (code, _) = refusal(layout_of(bench.csv("c.csv", "a,c\n1,2\n"), &["x".to_owned()]));
    assert_eq!(code, "delta-keys");
}

#[test]
fn a_layout_follows_a_documents_inputs() {
    let text = "---\nid: a\ntitle: a\n---\n```tan\nindex plant : text\nindex instant : instant\n\
        input power[plant, instant] : kWh \"用电量\"\ninput price[plant, instant] : CNY/kWh\n\
        input area[plant] : m2\noutput x = sum(sum(power over instant) over plant)\n```\n";
    let checked = check("a.md", text, &NoLibrary, &tanliu_factor::Catalogue::default());
    let inputs = ["power".to_owned(), "price".to_owned()];
    let layout = layout_of_input(&checked.program, &inputs).unwrap();
    let names: Vec<&str> = layout.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["plant", "instant", "power", "price"]);
    assert_eq!(layout.keys, keys());
    assert_eq!(layout.columns[1].kind, ColumnType::Instant);
    assert_eq!(layout.columns[2].unit.as_deref(), Some("kWh"));
    assert_eq!(layout.columns[2].label.as_deref(), Some("用电量"));
    let other = ["power".to_owned(), "area".to_owned()];
    assert_eq!(layout_of_input(&checked.program, &other), None, "other indexes, another table");
    let bench = Bench::empty();
    create(&bench.table(), &layout, &Author::default()).unwrap();
    let snapshot = open(&bench.table(), None).unwrap();
    let power = snapshot.schema.field_with_name("power").unwrap();
    assert_eq!(power.metadata().get(LABEL).map(String::as_str), Some("用电量"));
}

#[test]
fn partitions_are_columns_or_coarser_times() {
    assert_eq!(Partition::parse("plant"), Ok(Partition::Column("plant".to_owned())));
    assert_eq!(Partition::parse(" month( instant ) ").unwrap().text(), "month(instant)");
    for text in ["", "week(instant)", "hour(instant)", "month(", "month()", "a b"] {
        assert_eq!(refusal(Partition::parse(text)).0, "delta-partition", "{text}");
    }
    let bench = Bench::empty();
    let layout = layout_of(bench.csv("readings.csv", READINGS), &keys()).unwrap();
    for text in ["nowhere", "month(power)", "power"] {
        let partitions = vec![Partition::parse(text).unwrap()];
        let layout = TableLayout { partitions, ..layout.clone() };
        let (code, _) = refusal(create(&bench.table(), &layout, &Author::default()));
        assert_eq!(code, "delta-partition", "{text}");
    }
    assert!(!bench.table().exists(), "nothing is begun");
}

#[test]
fn a_partition_of_odd_texts_comes_back() {
    let bench = Bench::empty();
    let layout = layout_of(bench.csv("readings.csv", READINGS), &keys()).unwrap();
    let partitions = vec![Partition::parse("plant").unwrap()];
    create(&bench.table(), &TableLayout { partitions, ..layout }, &Author::default()).unwrap();
    let odd = "plant,instant,power (kWh)\n\"a/b %20=c\",2024-01-01,1\n甲 厂,2024-01-01,2\n";
    append_text(&bench, odd).unwrap();
    let snapshot = open(&bench.table(), None).unwrap();
    let plants: Vec<_> = snapshot.files.iter().map(|f| f.partition["plant"].clone()).collect();
    assert!(plants.contains(&Some("a/b %20=c".to_owned())), "{plants:?}");
    assert_eq!(leftovers(&bench.table()).unwrap(), Vec::<PathBuf>::new());
    let restated = bench.merge(&odd.replace(",1\n", ",5\n")).unwrap();
    assert_eq!((restated.updated, restated.unchanged, restated.inserted), (1, 1, 0));
    assert_eq!(open(&bench.table(), None).unwrap().files.len(), 2);
}

#[test]
fn whole_partitions_are_replaced() {
    let bench = Bench::with_readings();
    let january = "plant,instant,power (kWh)\n甲厂,2024-01-31 23:30,100\n";
    let done = replace(&bench.table(), vec![bench.csv("january.csv", january)], &Author::default());
    assert_eq!(done, Ok(Replaced { version: 2, rows: 1, gone: Some(3), partitions: 1 }));
    let rows = bench.rows(None);
    assert_eq!(rows.len(), 3, "February stays");
    assert_eq!(rows[&("甲厂".to_owned(), at("2024-01-31 23:30"))], Some(100.0));
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let bench = Bench::empty();
    std::fs::write(bench.path("file"), "in the way").unwrap();
    let layout = layout_of(bench.csv("readings.csv", READINGS), &keys()).unwrap();
    let (code, text) = refusal(create(&bench.path("file/meters"), &layout, &Author::default()));
    assert_eq!(code, "write-failed");
    assert!(text.contains("file/meters"), "{text}");
}
