use super::{cell, codes, headers, only_error, read, read_clean, texts};
use crate::{ReadOptions, read_tables};

#[test]
fn a_plain_table_keeps_its_texts_and_lines() {
    let table = read_clean(
        "data/energy.csv",
        "year,fuel,energy (tce)\n2020,煤炭,1.5\n2021,油, \n".as_bytes(),
    );
    assert_eq!((table.name.as_str(), table.source.as_str()), ("energy", "data/energy.csv"));
    assert_eq!(headers(&table), ["year", "fuel", "energy (tce)"]);
    assert_eq!(table.row_numbers, [2, 3]);
    assert_eq!(texts(&table, 1), ["煤炭", "油"]);
    assert_eq!(texts(&table, 2), ["1.5", " "], "nothing is trimmed here");
}

#[test]
fn byte_order_mark_line_ends_and_blank_rows() {
    let table = read_clean("a.csv", b"\xEF\xBB\xBF\r\n,\r\na,b\r\n\r\n1,2\r\n,\r\n3,4");
    assert_eq!((table.header_row, headers(&table)), (3, vec!["a", "b"]));
    assert_eq!(table.row_numbers, [5, 7]);
    let table = read_clean("old-mac.csv", b"a,b\r1,2\r3,4\r");
    assert_eq!(
        (table.row_numbers.as_slice(), texts(&table, 1)),
        ([2, 3].as_slice(), vec!["2".to_owned(), "4".to_owned()])
    );
}

#[test]
fn header_only_is_a_table_without_rows() {
    let table = read_clean("a.csv", b"year,x (t)\n");
    assert_eq!((table.row_count(), headers(&table).len()), (0, 2));
}

#[test]
fn an_empty_file_is_an_error() {
    for bytes in [&b""[..], b"\n\n  \n", b",,\n", b"\xEF\xBB\xBF"] {
        assert_eq!(only_error("a.csv", bytes).code, "table-empty");
    }
}

#[test]
fn quotes_hold_delimiters_quotes_and_line_ends() {
    let table = read_clean("a.csv", b"a,b\n\"x,\"\"y\"\"\nz\r\nw\",1\n2,3\n");
    assert_eq!(texts(&table, 0), ["x,\"y\"\nz\r\nw", "2"]);
    assert_eq!(table.row_numbers, [2, 5], "lines inside a quoted cell count");
    let table = read_clean("a.csv", b"a,b\n5\" pipe,\"\"\n");
    assert_eq!(texts(&table, 0), ["5\" pipe"], "a quote inside a plain cell is a quote");
}

#[test]
fn an_unclosed_quote_is_named_where_it_opens() {
    let error = only_error("a.csv", b"a,b\n1,2\n3,\"x\n4,5\n6,7\n");
    assert_eq!((error.code, cell(&error)), ("table-unclosed-quote", (3, 2, "")));
    let error = only_error("a.csv", b"a,b\n\"x\"y,2\n");
    assert_eq!((error.code, cell(&error)), ("table-stray-quote", (2, 1, "")));
}

#[test]
fn empty_cells_beyond_the_header_are_no_cells() {
    let table = read_clean("a.csv", b"a,b\n1,2,,\n3,4, \n,,,\n");
    assert_eq!(
        (texts(&table, 1), table.row_numbers),
        (vec!["2".to_owned(), "4".to_owned()], vec![2, 3])
    );
    let (_, diagnostics) = read("a.csv", "2016 年能源消费\na,b\n1,2\n".as_bytes());
    let hints = diagnostics.list().iter().filter_map(|finding| finding.hint.as_ref());
    assert!(hints.clone().count() > 0 && hints.into_iter().all(|hint| hint.zh.contains("标题")));
}

#[test]
fn ragged_rows_are_all_named_with_both_counts() {
    let (tables, diagnostics) = read("a.csv", b"a,b\n1\n1,234,5\n6,7\n");
    assert_eq!(codes(&diagnostics), ["table-ragged-row", "table-ragged-row"]);
    let list = diagnostics.list();
    assert_eq!(list[0].message.en, "this row has 1 cells, the header has 2");
    assert_eq!((cell(&list[0]).0, cell(&list[1]).0), (2, 3));
    assert!(list[1].hint.as_ref().unwrap().en.contains("1,234"));
    assert_eq!(tables[0].row_numbers, [4], "the whole rows are still there for other findings");
}

#[test]
fn headers_are_named_once() {
    let error = only_error("a.csv", b"year,x, year\n1,2,3\n");
    assert_eq!((error.code, cell(&error)), ("table-duplicate-column", (1, 3, " year")));
    let error = only_error("a.csv", b"year,\n1,\n2,9\n3,9\n");
    assert_eq!((error.code, cell(&error)), ("table-unnamed-column", (1, 2, "")));
    assert!(error.message.en.contains("2 cells"));
    let table = read_clean("a.csv", b"year,,x\n1, ,2\n");
    assert_eq!(headers(&table), ["year", "x"]);
    assert_eq!(table.columns[1].number, 3, "columns keep their place in the file");
}

#[test]
fn other_delimiters_get_a_hint() {
    for (bytes, mark) in [("a;b\n1;2\n", "\";\""), ("a\tb\n", "a tab"), ("年，值\n", "\"，\"")]
    {
        let error = only_error("a.csv", bytes.as_bytes());
        assert_eq!(error.code, "table-delimiter");
        assert!(error.message.en.contains(mark), "{}", error.message.en);
    }
    assert_eq!(only_error("a.tsv", b"a,b\n1,2\n").code, "table-delimiter");
    assert_eq!(headers(&read_clean("a.TSV", b"a,1\tb\nx\ty\n")), ["a,1", "b"]);
}

#[test]
fn gb18030_and_utf16_are_read_with_a_warning() {
    let text = "年份,能源 (tce)\n2020,煤炭\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let (tables, diagnostics) = read("a.csv", &gb);
    assert_eq!(codes(&diagnostics), ["table-encoding"]);
    assert!(!diagnostics.has_errors());
    assert!(diagnostics.list()[0].message.zh.contains("GB18030"));
    assert!(diagnostics.list()[0].notes[0].zh.contains("年份"));
    assert_eq!(headers(&tables[0]), ["年份", "能源 (tce)"]);

    for (mark, big) in [([0xFF, 0xFE], false), ([0xFE, 0xFF], true)] {
        let mut bytes = mark.to_vec();
        for unit in text.encode_utf16() {
            bytes.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        }
        let (tables, diagnostics) = read("a.csv", &bytes);
        assert_eq!(
            (codes(&diagnostics), diagnostics.has_errors()),
            (vec!["table-encoding"], false)
        );
        assert_eq!(texts(&tables[0], 1), ["煤炭"]);
    }
}

#[test]
fn undecodable_bytes_are_named_by_their_offset() {
    let error = only_error("a.csv", b"a,b\n1,\xFF\n");
    assert_eq!(error.code, "table-encoding");
    assert!(error.message.en.contains("byte 6"), "{}", error.message.en);
    let mut damaged = "年份,能源\n2020,煤炭\n".as_bytes().to_vec();
    damaged.extend(b"2021,\xE7\n");
    let error = only_error("a.csv", &damaged);
    assert!(error.message.en.contains("not UTF-8"), "damaged UTF-8 is not read as GB18030");
}

#[test]
fn nul_bytes_are_an_error() {
    let error = only_error("a.csv", b"a,b\n1,\x002\n");
    assert_eq!((error.code, cell(&error).0), ("table-nul-byte", 2));
    assert_eq!(only_error("a.csv", b"a\x00,\x00b\x00").code, "table-nul-byte");
}

#[test]
fn limits_end_in_findings() {
    let options = ReadOptions { max_cell_bytes: 10, max_columns: 3, ..ReadOptions::default() };
    let first = |bytes: &[u8]| {
        let (_, diagnostics) = read_tables("a.csv", bytes, &options);
        codes(&diagnostics)[0]
    };
    assert_eq!(first(b"a,b\n1,12345678901\n"), "table-cell-too-long");
    assert_eq!(first(b"a,b\n1,\"12345678901\"\n"), "table-cell-too-long");
    assert_eq!(first(b"a,b,c,d\n"), "table-too-many-columns");
    assert_eq!(first(b"a,b\n1,2,3,4\n"), "table-too-many-columns");
    let (tables, diagnostics) = read_tables("a.csv", b"a,b\n1,1234567890\n", &options);
    assert!(diagnostics.is_empty() && tables[0].row_count() == 1);
}

#[test]
fn a_lone_huge_line_ends_quickly() {
    let error = only_error("a.csv", &vec![b'x'; 20_000_000]);
    assert_eq!(error.code, "table-cell-too-long");
    let error = only_error("a.csv", &vec![b','; 20_000_000]);
    assert_eq!(error.code, "table-too-many-columns");
}

#[test]
fn a_hundred_thousand_rows_are_read_at_once() {
    use std::fmt::Write as _;
    let mut text = String::from("year,plant,energy (tce)\n");
    for row in 0..100_000 {
        let _ = writeln!(text, "2020,电厂{row},{row}.25");
    }
    let table = read_clean("a.csv", text.as_bytes());
    assert_eq!(table.row_count(), 100_000);
    assert_eq!(table.row_numbers.last(), Some(&100_001));
    assert_eq!(table.columns[2].cells.get(99_999).to_string(), "99999.25");
}

#[test]
fn an_unknown_format_lists_the_known_ones() {
    for name in ["a.docx", "folder.csv/data"] {
        let error = only_error(name, b"x");
        assert_eq!(error.code, "table-unknown-format");
        assert!(error.notes[0].en.contains("csv, tsv, jsonl, ndjson, xlsx"));
    }
}
