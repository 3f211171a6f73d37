//! 目标 The functions that read texts and files from outside, each fed with any bytes.
//!
//! Besides not panicking, each must keep the promise that is written beside it.

use crate::package;
use tanliu_diagnostic::Span;
use tanliu_factor::Catalogue;
use tanliu_method::{check, document, examples, lint, parse};
use tanliu_office::{ReadOptions, read_tables};
use tanliu_pack::Limits;
use tanliu_unit::UnitTable;

/// A target: any bytes in, nothing out, no panic.
pub type Target = fn(&[u8]);

/// All targets by name; the seeds of each are in `fuzz/corpus/NAME/`.
pub const ALL: [(&str, Target); 7] = [
    ("document", document),
    ("tan", tan),
    ("whole", whole),
    ("units", units),
    ("csv", csv),
    ("xlsx", xlsx),
    ("pack", pack),
];

/// 文档 A methodology document: reading never fails, and every declaration lies within a block.
pub fn document(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (document, _findings) = document::read("fuzz.md", &text);
    declarations(&text, &document.blocks);
}

/// 全程 A whole document: checked, its worked examples run, and read critically, whatever they say.
pub fn whole(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let files: [(String, String); 0] = [];
    let (catalogue, _findings) = Catalogue::load(files, &UnitTable::builtin());
    let checked = check::check("fuzz.md", &text, &check::NoLibrary, &catalogue);
    for result in examples::run_examples(&checked, &catalogue) {
        let met = result.expectations.iter().all(|expectation| expectation.passed);
        assert_eq!(result.passed, met && result.diagnostics.is_empty(), "passed says so");
    }
    let _objections = lint::lint(&checked, &catalogue);
    let _printed = checked.program.to_string();
}

/// 代码块 The same for declarations alone: the whole text is one `tan` block.
pub fn tan(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    declarations(&text, &[Span::new(0, text.len())]);
    let units = UnitTable::builtin();
    if let Ok(expression) = parse::parse_expression("fuzz.md", &text, &units) {
        let printed = parse::print_expression(&expression);
        let again = parse::parse_expression("fuzz.md", &printed, &units);
        let again = again.map(|again| parse::print_expression(&again));
        assert_eq!(again.as_ref(), Ok(&printed), "what is printed is read back");
    }
}

fn declarations(text: &str, blocks: &[Span]) {
    let parsed = parse::parse("fuzz.md", text, blocks, &UnitTable::builtin());
    for declaration in &parsed.declarations {
        let Span { start, end } = declaration.span;
        assert!(text.get(start..end).is_some(), "a declaration lies within the text");
        let held = blocks.iter().any(|block| block.start <= start && end <= block.end);
        assert!(held, "a declaration lies within a block");
    }
}

/// 单位 A unit: what parses has a canonical text that parses to an equal unit.
pub fn units(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let table = UnitTable::builtin();
    for loose in [false, true] {
        if let Ok((_, taken)) = table.parse_start(&text, loose) {
            assert!(text.is_char_boundary(taken), "a unit ends between letters");
        }
    }
    if let Ok(unit) = table.parse(&text) {
        let canonical = unit.to_string();
        let again = table.parse(&canonical);
        assert!(again.is_ok_and(|again| again == unit), "`{canonical}` is not read back");
    }
}

/// 文本表 A CSV, TSV or JSON lines file; the first byte chooses. Every column has a cell per row.
pub fn csv(data: &[u8]) {
    let (choice, rest) = data.split_first().unwrap_or((&0, data));
    let name = match choice % 8 {
        0 => "fuzz.tsv",
        1 => "fuzz.jsonl",
        _ => "fuzz.csv",
    };
    read(name, rest);
}

/// 工作簿 A workbook; bytes that are no package become the first sheet of one, so that mutations
/// reach what lies behind the package's checksums.
pub fn xlsx(data: &[u8]) {
    if data.starts_with(b"PK") {
        read("fuzz.xlsx", data);
    } else {
        read("fuzz.xlsx", &package::workbook(data));
    }
}

fn read(name: &str, bytes: &[u8]) {
    let options = ReadOptions {
        max_unpacked_bytes: 16 << 20,
        max_typed_cells: 1_000_000,
        ..ReadOptions::default()
    };
    let (tables, _findings) = read_tables(name, bytes, &options);
    for table in &tables {
        for column in &table.columns {
            assert_eq!(column.cells.len(), table.row_count(), "one cell per row");
        }
    }
}

/// 计算包 A pack: refused, or the very bytes that its contents are written to. With the last digits
/// made a fitting seal, what lies behind the seal is tried too.
pub fn pack(data: &[u8]) {
    let limits = Limits { bytes_max: 1 << 24, ..Limits::default() };
    reads(data, &limits);
    let body = data.get(..data.len().saturating_sub(64)).unwrap_or_default();
    let seal = tanliu_pack::Digests::of(body).sha256;
    reads(&[body, seal.as_bytes()].concat(), &limits);
}

fn reads(bytes: &[u8], limits: &Limits) {
    let (pack, findings) = tanliu_pack::read("fuzz.tanpack", bytes, limits);
    assert_eq!(pack.is_none(), findings.has_errors(), "a pack, or why not");
    let Some(pack) = pack else { return };
    let _signer = pack.signature.as_ref().map(|block| block.verify(&pack.signed).is_ok());
    let draft = pack.into_draft();
    let again = tanliu_pack::write(&draft, None, limits).ok();
    let again = again.and_then(|again| tanliu_pack::read("again.tanpack", &again, limits).0);
    let again = again.map(tanliu_pack::Pack::into_draft);
    assert!(again.is_none_or(|again| again == draft), "what is written is read back");
}
