use super::workbook::repacked;
use super::{headers, read, texts};
use crate::{KNOWN_EXTENSIONS, OutCell, OutColumn, OutTable, ReadOptions, WorkbookMeta};
use crate::{read_tables, write_csv, write_xlsx};
use proptest::prelude::*;

/// Every table has one cell per row in each column, and rows in order.
fn assert_whole(tables: &[tanliu_method::table::Table]) {
    for table in tables {
        assert!(table.columns.iter().all(|column| column.cells.len() == table.row_count()));
        assert!(table.row_numbers.is_sorted_by(|a, b| a < b));
        assert!(table.row_numbers.iter().all(|row| *row >= table.header_row));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for extension in KNOWN_EXTENSIONS {
            assert_whole(&read(&format!("a.{extension}"), &bytes).0);
        }
    }

    #[test]
    fn random_text_never_panics(text in "[a1,;\"\n\r\t {}\\[\\]:煤，.-]{0,80}") {
        let options = ReadOptions { max_cell_bytes: 8, max_columns: 4, max_typed_cells: 6, ..ReadOptions::default() };
        for extension in ["csv", "tsv", "jsonl"] {
            assert_whole(&read(&format!("a.{extension}"), text.as_bytes()).0);
            assert_whole(&read_tables(&format!("a.{extension}"), text.as_bytes(), &options).0);
        }
    }

    #[test]
    fn damaged_workbooks_never_panic(at in 0_usize..6000, byte in any::<u8>(), cut in 0_usize..6000) {
        let mut bytes = small_workbook();
        let length = bytes.len();
        bytes[at % length] = byte;
        assert_whole(&read("a.xlsx", &bytes).0);
        bytes.truncate(cut % length);
        assert_whole(&read("a.xlsx", &bytes).0);
    }

    #[test]
    fn damaged_members_never_panic(
        member in 0_usize..16,
        edits in proptest::collection::vec((any::<usize>(), 0x20_u8..0x7F), 1..6),
    ) {
        let mut index = 0;
        let bytes = repacked(&small_workbook(), |_, content| {
            for (at, byte) in edits.iter().filter(|_| index == member) {
                let length = content.len().max(1);
                content[at % length] = *byte;
            }
            index += 1;
        });
        assert_whole(&read("a.xlsx", &bytes).0);
        let _ = crate::read_properties(&bytes);
        let _ = crate::write_marked_copy(&bytes, &[], None);
    }

    #[test]
    fn csv_round_trips_any_text(cells in proptest::collection::vec("[^\\x00]{0,12}", 1..20)) {
        let column = |header: &str, cells: Vec<OutCell>| OutColumn { header: header.to_owned(), cells };
        let written = cells.iter().map(|text| OutCell::Text(text.clone())).collect();
        let numbers = (0..cells.len()).map(|n| OutCell::Number(n as f64 / 3.0)).collect();
        let columns = vec![column("a (t)", written), column("值", numbers)];
        let table = OutTable { name: "x".to_owned(), columns };
        let (tables, diagnostics) = read("x.csv", &write_csv(&table));
        prop_assert!(diagnostics.is_empty(), "{:?}", diagnostics);
        prop_assert_eq!(headers(&tables[0]), ["a (t)", "值"]);
        prop_assert_eq!(texts(&tables[0], 0), cells);
        for (row, text) in texts(&tables[0], 1).iter().enumerate() {
            prop_assert_eq!(text.parse::<f64>().unwrap(), row as f64 / 3.0);
        }
    }
}

fn small_workbook() -> Vec<u8> {
    let cells = vec![OutCell::Text("煤".to_owned()), OutCell::Number(1.5), OutCell::Bool(true)];
    let columns = vec![OutColumn { header: "x".to_owned(), cells }];
    let table = OutTable { name: "x".to_owned(), columns };
    write_xlsx(&[table], &WorkbookMeta::default()).unwrap()
}
