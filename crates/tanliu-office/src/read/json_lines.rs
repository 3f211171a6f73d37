//! JSON 行 One object a line; the columns are all keys in the order they are first seen.

use super::{Source, findings};
use crate::ReadOptions;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostic, Diagnostics};
use tanliu_method::table::{CellValue, Cells, Column, Table};

/// Whole numbers beyond it are not all doubles.
const LARGEST_WHOLE: u64 = 1 << 53;

/// Reads JSON lines (UTF-8). Blank lines and objects without a value are passed over.
pub(super) fn read(
    source: &Source,
    bytes: &[u8],
    options: &ReadOptions,
    diagnostics: &mut Diagnostics,
) -> Vec<Table> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut builder = Builder::default();
    let mut offset = 0;
    for (line, raw) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let start = offset;
        offset += raw.len() + 1;
        let Ok(text) = std::str::from_utf8(raw) else {
            let valid = std::str::from_utf8(raw).err().map_or(0, |error| error.valid_up_to());
            diagnostics.push(not_utf8(source, line, start + valid));
            return Vec::new();
        };
        if super::is_blank(text) {
            continue;
        }
        match serde_json::from_str::<Object>(text) {
            Ok(object) => {
                if let Err(finding) = builder.add(source, line, object, options, diagnostics) {
                    diagnostics.push(*finding);
                    break;
                }
            }
            Err(error) => diagnostics.push(not_an_object(source, line, text, &error)),
        }
    }
    if builder.columns.is_empty() {
        if !diagnostics.has_errors() {
            diagnostics.push(findings::empty(source.file()));
        }
        return Vec::new();
    }
    vec![builder.finish(source)]
}

#[derive(Default)]
struct Builder {
    numbers: BTreeMap<String, usize>,
    columns: Vec<(String, Vec<CellValue>)>,
    row_numbers: Vec<u32>,
    /// Cells of all columns once they are filled up to the last row.
    cells: usize,
}

impl Builder {
    /// Adds a row; an error in the result ends the reading.
    fn add(
        &mut self,
        source: &Source,
        line: u32,
        object: Object,
        options: &ReadOptions,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Box<Diagnostic>> {
        let row = self.row_numbers.len();
        let mut filled = false;
        let mut seen: BTreeMap<String, ()> = BTreeMap::new();
        for (key, value) in object.0 {
            if seen.insert(key.clone(), ()).is_some() {
                diagnostics.push(duplicate_key(source, line, &key));
                continue;
            }
            let column = match self.numbers.get(&key) {
                Some(&column) => column,
                None => {
                    if self.columns.len() >= options.max_columns {
                        let place = source.row(line);
                        let limit = options.max_columns;
                        return Err(Box::new(findings::too_many_columns(place, limit)));
                    }
                    self.columns.push((key.clone(), Vec::new()));
                    self.numbers.insert(key.clone(), self.columns.len() - 1);
                    self.columns.len() - 1
                }
            };
            let place = || source.cell(line, u32::try_from(column + 1).unwrap_or(0), &key);
            let value = match value {
                Member::Cell(CellValue::Text(text)) if text.len() > options.max_cell_bytes => {
                    diagnostics.push(findings::cell_too_long(place(), options.max_cell_bytes));
                    continue;
                }
                Member::Cell(value) => value,
                Member::Nested => {
                    diagnostics.push(nested(place()));
                    continue;
                }
                Member::TooManyDigits(number) => {
                    diagnostics.push(too_many_digits(place(), &number));
                    continue;
                }
            };
            filled |= value != CellValue::Empty;
            if let Some((_, cells)) = self.columns.get_mut(column) {
                cells.resize(row, CellValue::Empty);
                cells.push(value);
            }
        }
        if filled {
            self.row_numbers.push(line);
        } else {
            self.columns.iter_mut().for_each(|(_, cells)| cells.truncate(row));
        }
        self.cells = self.columns.len().saturating_mul(self.row_numbers.len());
        if self.cells > options.max_typed_cells {
            let limit = options.max_typed_cells;
            return Err(Box::new(findings::too_many_cells(source.file(), limit)));
        }
        Ok(())
    }

    fn finish(self, source: &Source) -> Table {
        let rows = self.row_numbers.len();
        let columns = (1..).zip(self.columns).map(|(number, (header, mut cells))| {
            cells.resize(rows, CellValue::Empty);
            Column { header, number, cells: Cells::Mixed(cells) }
        });
        Table {
            name: source.stem.clone(),
            source: source.path.clone(),
            sheet: None,
            header_row: 1,
            columns: columns.collect(),
            row_numbers: self.row_numbers,
        }
    }
}

/// The members of an object in their order, doubled keys included.
struct Object(Vec<(String, Member)>);

/// A member's value.
enum Member {
    Cell(CellValue),
    Nested,
    TooManyDigits(String),
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Object(members))
    }
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MemberVisitor)
    }
}

struct MemberVisitor;

impl<'de> Visitor<'de> for MemberVisitor {
    type Value = Member;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Member, E> {
        Ok(Member::Cell(CellValue::Empty))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Member, E> {
        Ok(Member::Cell(CellValue::Bool(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Member, E> {
        Ok(Member::Cell(CellValue::Number(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Member, E> {
        if value > LARGEST_WHOLE {
            return Ok(Member::TooManyDigits(value.to_string()));
        }
        Ok(Member::Cell(CellValue::Number(value as f64)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Member, E> {
        if value.unsigned_abs() > LARGEST_WHOLE {
            return Ok(Member::TooManyDigits(value.to_string()));
        }
        Ok(Member::Cell(CellValue::Number(value as f64)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Member, E> {
        Ok(Member::Cell(CellValue::Text(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Member, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Member::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Member, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Member::Nested)
    }
}

fn not_utf8(source: &Source, line: u32, offset: usize) -> Diagnostic {
    Diagnostic::error(
        "table-encoding",
        format!("第 {line} 行（字节 {offset}）不是 UTF-8 文字；JSON 必须是 UTF-8"),
        format!("line {line} (byte {offset}) is not UTF-8 text; JSON must be UTF-8"),
    )
    .at(source.row(line), "", "")
    .hint("转换为 UTF-8 再读", "convert the file to UTF-8")
}

fn not_an_object(source: &Source, line: u32, text: &str, error: &serde_json::Error) -> Diagnostic {
    let finding = Diagnostic::error(
        "table-json-line",
        format!("第 {line} 行不是一个完整的 JSON 对象"),
        format!("line {line} is not one whole JSON object"),
    )
    .at(source.cell(line, 0, text), "", "")
    .note(
        format!("在该行第 {} 个字节处读不下去", error.column()),
        format!("it cannot be read on from byte {} of the line", error.column()),
    );
    let start = text.trim_start();
    if start.starts_with('[') {
        return finding.hint(
            "去掉外层方括号，每行写一个 {…}",
            "remove the outer brackets and write one {…} a line",
        );
    }
    finding.hint(
        "每行写一个对象，例如 {\"year\": 2021, \"energy (tce)\": 3.5}",
        "write one object a line, e.g. {\"year\": 2021, \"energy (tce)\": 3.5}",
    )
}

fn duplicate_key(source: &Source, line: u32, key: &str) -> Diagnostic {
    Diagnostic::error(
        "table-duplicate-column",
        format!("这一行的对象里键「{key}」出现了两次"),
        format!("the object of this line has the key \"{key}\" twice"),
    )
    .at(source.row(line), "", "")
    .hint("删去其中一个", "remove one of them")
}

fn nested(place: tanliu_diagnostic::CellPlace) -> Diagnostic {
    Diagnostic::error(
        "cell-nested",
        format!("键「{}」的值是数组或对象；单元格只能是数、文字、真假或 null", place.text),
        format!(
            "\"{}\" holds an array or object; a cell is a number, text, bool or null",
            place.text
        ),
    )
    .at(place, "", "")
    .hint("把它拆成多列或多行", "spread it over several columns or rows")
}

fn too_many_digits(place: tanliu_diagnostic::CellPlace, number: &str) -> Diagnostic {
    Diagnostic::error(
        "cell-too-many-digits",
        format!("整数 {number} 的位数超出双精度数能表示的范围"),
        format!("the whole number {number} has more digits than a double holds"),
    )
    .at(place, "", "")
    .hint("编号请加引号写成文字", "write it in quotes if it is an identifier")
}
