//! 读表 Reads the rows of a set's CSV text and checks each cell by itself.

use crate::header::{parse_day_or_coarser, standing_finding, time_finding, unit_finding};
use crate::row::parse_number;
use crate::table::{RawRow, RawTable};
use crate::{Header, Row, Standing, Uncertainty, Validity};
use std::collections::BTreeMap;
use tanliu_diagnostic::{CellPlace, Diagnostic, Diagnostics, Place, nearest};
use tanliu_unit::time::TimeKey;
use tanliu_unit::{Unit, UnitTable};

/// The columns a table may have beside its keys and their labels.
const COLUMNS: [&str; 11] = [
    "from",
    "to",
    "vintage",
    "published",
    "value",
    "unit",
    "uncertainty",
    "source",
    "page",
    "standing",
    "note",
];

/// What was read from a table.
pub(crate) struct ReadRows {
    pub(crate) rows: Vec<Row>,
    /// Per key column: code → label.
    pub(crate) labels: Vec<BTreeMap<String, String>>,
    /// The column `value`, from 1.
    pub(crate) value_column: u32,
}

/// Reads the rows; a row with a fault is left out after the finding is made.
pub(crate) fn read_rows(
    table: &RawTable<'_>,
    header: &Header,
    units: &UnitTable,
    findings: &mut Diagnostics,
) -> Option<ReadRows> {
    let columns = Columns::find(table, header, findings)?;
    let mut reader =
        RowReader { table, header, columns: &columns, units, findings, parsed: BTreeMap::new() };
    let mut rows = Vec::new();
    let mut labels = vec![BTreeMap::new(); header.keys.len()];
    for raw in &table.rows {
        if let Some(row) = reader.row(raw) {
            reader.labels(raw, &row, &mut labels);
            rows.push(row);
        }
    }
    check_labels(table, &labels, findings);
    let value_column = u32::try_from(columns.value + 1).unwrap_or(u32::MAX);
    Some(ReadRows { rows, labels, value_column })
}

/// Where each column stands, from 0.
struct Columns {
    keys: Vec<(usize, Option<usize>)>,
    from: usize,
    value: usize,
    optional: BTreeMap<&'static str, usize>,
}

impl Columns {
    fn find(table: &RawTable<'_>, header: &Header, findings: &mut Diagnostics) -> Option<Columns> {
        let before = findings.error_count();
        let label_names: Vec<String> =
            header.keys.iter().map(|key| format!("{}_label", key.column)).collect();
        let mut known: Vec<&str> = header.keys.iter().map(|key| key.column.as_str()).collect();
        known.extend(label_names.iter().map(String::as_str));
        known.extend(COLUMNS);
        for (position, name) in table.heading.cells.iter().enumerate() {
            let place = table.place(&table.heading, position);
            if !known.contains(&name.as_str()) {
                findings.push(unknown_column(name, &known).at(place, "", ""));
            } else if table.column(name) != Some(position) {
                findings.push(
                    Diagnostic::error(
                        "factor-column-double",
                        format!("列「{name}」出现了两次"),
                        format!("the column `{name}` stands twice"),
                    )
                    .at(place, "", "")
                    .hint("删去一列", "remove one of them"),
                );
            }
        }
        let keys: Vec<(Option<usize>, Option<usize>)> = header
            .keys
            .iter()
            .zip(&label_names)
            .map(|(key, label)| {
                (required_column(table, &key.column, findings), table.column(label))
            })
            .collect();
        let from = required_column(table, "from", findings);
        let value = required_column(table, "value", findings);
        let optional =
            COLUMNS.iter().filter_map(|name| Some((*name, table.column(name)?))).collect();
        if findings.error_count() > before {
            return None;
        }
        let keys = keys.into_iter().filter_map(|(key, label)| Some((key?, label))).collect();
        Some(Columns { keys, from: from?, value: value?, optional })
    }

    fn optional<'r>(&self, raw: &'r RawRow, name: &str) -> &'r str {
        self.optional.get(name).map_or("", |column| raw.cell(*column))
    }
}

fn unknown_column(name: &str, known: &[&str]) -> Diagnostic {
    let finding = Diagnostic::error(
        "factor-column-unknown",
        format!("不认识列「{name}」"),
        format!("unknown column `{name}`"),
    );
    let near = nearest(name, known.iter().copied());
    if near.is_empty() {
        let list = known.join(", ");
        finding
            .note(format!("可用的列：{list}"), format!("the columns are: {list}"))
            .hint("键列须写在表头的 keys 里", "a key column must be listed in `keys` of the header")
    } else {
        finding.hint(
            format!("是否想写 {}？", near.join("、")),
            format!("did you mean {}?", near.join(", ")),
        )
    }
}

fn required_column(table: &RawTable<'_>, name: &str, findings: &mut Diagnostics) -> Option<usize> {
    let column = table.column(name);
    if column.is_none() {
        let place = CellPlace { column: 0, text: String::new(), ..table.place(&table.heading, 0) };
        findings.push(
            Diagnostic::error(
                "factor-column-missing",
                format!("缺列「{name}」"),
                format!("the column `{name}` is missing"),
            )
            .at(place, "", "")
            .note(
                format!("表里的列：{}", table.heading.cells.join("、")),
                format!("the table has: {}", table.heading.cells.join(", ")),
            )
            .hint("补上这一列", "add the column"),
        );
    }
    column
}

/// One code, one label, and one label, one code; a label is no other key's code.
fn check_labels(
    table: &RawTable<'_>,
    labels: &[BTreeMap<String, String>],
    findings: &mut Diagnostics,
) {
    for column in labels {
        let mut codes: BTreeMap<&str, &str> = BTreeMap::new();
        for (code, label) in column {
            let other = codes.insert(label, code).or_else(|| {
                column.get_key_value(label).map(|(c, _)| c.as_str()).filter(|c| c != code)
            });
            if let Some(other) = other {
                findings.push(
                    Diagnostic::error(
                        "factor-label-conflict",
                        format!("「{label}」既指 {other}，又是 {code} 的标签"),
                        format!("`{label}` stands for `{other}` and is the label of `{code}`"),
                    )
                    .at(Place::File(table.file.to_owned()), "", "")
                    .hint("一个键只用一个标签", "give each key one label"),
                );
            }
        }
    }
}

struct RowReader<'a> {
    table: &'a RawTable<'a>,
    header: &'a Header,
    columns: &'a Columns,
    units: &'a UnitTable,
    findings: &'a mut Diagnostics,
    /// Units already read, by their text.
    parsed: BTreeMap<String, Option<Unit>>,
}

impl RowReader<'_> {
    fn row(&mut self, raw: &RawRow) -> Option<Row> {
        if raw.cells.len() != self.table.heading.cells.len() {
            self.width_finding(raw);
            return None;
        }
        // Every cell is read before any fault ends the row, so that all of them are reported.
        let keys = self.keys(raw);
        let validity = self.validity(raw);
        let vintage = self.time(raw, "vintage");
        let published = self.time(raw, "published");
        let value = self.value(raw);
        let unit = self.unit(raw);
        let uncertainty = self.uncertainty(raw);
        let standing = self.standing(raw);
        let source = self.provenance(raw, "source", self.header.source.as_deref());
        let page = self.provenance(raw, "page", self.header.page.as_deref());
        let note = Some(self.columns.optional(raw, "note"))
            .filter(|note| !note.is_empty())
            .map(str::to_owned);
        let standing = standing?;
        if standing == Standing::Memory && note.is_none() && self.header.standing_note.is_none() {
            self.memory_finding(raw);
        }
        Some(Row {
            line: raw.line,
            keys: keys?,
            validity: validity?,
            vintage: vintage?,
            published: published?.or(self.header.published),
            value: value?,
            printed: raw.cell(self.columns.value).to_owned(),
            unit: unit?,
            uncertainty: uncertainty?,
            source: source?,
            page: page?,
            standing,
            note,
        })
    }

    /// Records the labels of a row and finds those that contradict an earlier row.
    fn labels(&mut self, raw: &RawRow, row: &Row, labels: &mut [BTreeMap<String, String>]) {
        for (((_, column), code), known) in self.columns.keys.iter().zip(&row.keys).zip(labels) {
            let Some(column) = *column else { continue };
            let label = raw.cell(column);
            if label.is_empty() || label == code {
                continue;
            }
            let first = known.entry(code.clone()).or_insert_with(|| label.to_owned());
            if first != label {
                let finding = Diagnostic::error(
                    "factor-label-conflict",
                    format!("{code} 的标签在别的行是「{first}」，这里是「{label}」"),
                    format!("`{code}` is labelled `{first}` in another row, here `{label}`"),
                );
                let finding = finding.hint("一个键只用一个标签", "give each key one label");
                self.findings.push(finding.at(self.table.place(raw, column), "", ""));
            }
        }
    }

    fn keys(&mut self, raw: &RawRow) -> Option<Vec<String>> {
        let mut keys = Vec::new();
        for (key, (column, _)) in self.header.keys.iter().zip(&self.columns.keys) {
            let code = raw.cell(*column);
            if code.is_empty() {
                self.push_at(
                    raw,
                    *column,
                    Diagnostic::error(
                        "factor-key-empty",
                        format!("键「{}」是空的", key.column),
                        format!("the key `{}` is empty", key.column),
                    )
                    .hint("填上键，或删去整行", "fill it in, or remove the row"),
                );
            } else {
                keys.push(code.to_owned());
            }
        }
        (keys.len() == self.header.keys.len()).then_some(keys)
    }

    fn validity(&mut self, raw: &RawRow) -> Option<Validity> {
        let text = raw.cell(self.columns.from);
        let from = parse_day_or_coarser(text);
        if from.is_none() {
            self.push_at(raw, self.columns.from, time_finding(text));
        }
        let to = self.time(raw, "to");
        let validity = Validity { from: from?, to: to? };
        let reversed =
            validity.last_day().is_some_and(|last| last.ordinal < validity.first_day().ordinal);
        if reversed {
            let finding = Diagnostic::error(
                "factor-validity-reversed",
                "有效期的终止早于起始",
                "the validity ends before it begins",
            )
            .hint("对调 from 与 to", "exchange `from` and `to`");
            self.push_at(raw, self.columns.from, finding);
        }
        (!reversed).then_some(validity)
    }

    /// A time key of an optional column: `Some(None)` for an empty cell, `None` for a fault.
    fn time(&mut self, raw: &RawRow, name: &str) -> Option<Option<TimeKey>> {
        let text = self.columns.optional(raw, name);
        if text.is_empty() {
            return Some(None);
        }
        let key = parse_day_or_coarser(text);
        if key.is_none() {
            self.push_in(raw, name, time_finding(text));
        }
        key.map(Some)
    }

    fn value(&mut self, raw: &RawRow) -> Option<f64> {
        let text = raw.cell(self.columns.value);
        let value = parse_number(text);
        if value.is_none() {
            let finding = Diagnostic::error(
                "factor-number",
                format!("「{text}」不是数"),
                format!("`{text}` is not a number"),
            )
            .hint(
                "值列只写数，不带单位与千分位；没有值的行整行删去",
                "write a bare number without unit or thousands separators; leave out a row that has none",
            );
            self.push_at(raw, self.columns.value, finding);
        }
        value
    }

    fn unit(&mut self, raw: &RawRow) -> Option<Unit> {
        let text = self.columns.optional(raw, "unit");
        if text.is_empty() {
            if self.header.unit.is_none() {
                let finding = Diagnostic::error(
                    "factor-unit",
                    "这一行没有单位，表头也没有",
                    "neither this row nor the header has a unit",
                );
                self.push_at(raw, self.columns.value, finding);
            }
            return self.header.unit.clone();
        }
        if let Some(unit) = self.parsed.get(text) {
            return unit.clone();
        }
        let unit = match self.units.parse(text) {
            Ok(unit) => Some(unit),
            Err(error) => {
                self.push_in(raw, "unit", unit_finding(text, &error));
                None
            }
        };
        self.parsed.insert(text.to_owned(), unit.clone());
        unit
    }

    /// `Some(None)` for an empty cell, `None` for a fault.
    fn uncertainty(&mut self, raw: &RawRow) -> Option<Option<Uncertainty>> {
        let text = self.columns.optional(raw, "uncertainty");
        if text.is_empty() {
            return Some(None);
        }
        let uncertainty = Uncertainty::parse(text);
        if uncertainty.is_none() {
            let finding = Diagnostic::error(
                "factor-uncertainty",
                format!("不确定度「{text}」读不懂"),
                format!("the uncertainty `{text}` cannot be read"),
            )
            .hint(
                "写成 ±5%（相对）或 ±0.02（与值同单位）",
                "write ±5% (relative) or ±0.02 (in the unit of the value)",
            );
            self.push_in(raw, "uncertainty", finding);
        }
        uncertainty.map(Some)
    }

    fn standing(&mut self, raw: &RawRow) -> Option<Standing> {
        let text = self.columns.optional(raw, "standing");
        if text.is_empty() {
            return Some(self.header.standing);
        }
        let standing = Standing::parse(text);
        if standing.is_none() {
            self.push_in(raw, "standing", standing_finding(text));
        }
        standing
    }

    /// The row's source or page, else the header's; a figure without is refused.
    fn provenance(&mut self, raw: &RawRow, name: &str, of_header: Option<&str>) -> Option<String> {
        let text = self.columns.optional(raw, name);
        let text = if text.is_empty() { of_header.unwrap_or("") } else { text };
        if text.is_empty() {
            let (zh, en) = if name == "source" {
                ("这一行没有出处，表头也没有", "neither this row nor the header has a source")
            } else {
                (
                    "这一行没有页码或章节，表头也没有",
                    "neither this row nor the header has a page or section",
                )
            };
            let finding = Diagnostic::error("factor-source-missing", zh, en).hint(
                "没有出处的数不收",
                "a figure that does not say where it stands is not taken",
            );
            self.push_at(raw, self.columns.value, finding);
            return None;
        }
        Some(text.to_owned())
    }

    fn memory_finding(&mut self, raw: &RawRow) {
        let finding = Diagnostic::error(
            "factor-standing",
            "凭记忆录入的数须写明何人据何",
            "a figure from memory must say whose and how it is to be checked",
        )
        .hint("写 note 列或表头的 standing_note", "fill the column `note` or `standing_note`");
        self.push_at(raw, self.columns.value, finding);
    }

    fn width_finding(&mut self, raw: &RawRow) {
        let (found, expected) = (raw.cells.len(), self.table.heading.cells.len());
        let finding = Diagnostic::error(
            "factor-row-width",
            format!("这一行有 {found} 格，表头有 {expected} 格"),
            format!("this row has {found} cells, the heading has {expected}"),
        )
        .at(CellPlace { column: 0, text: String::new(), ..self.table.place(raw, 0) }, "", "")
        .hint("含逗号的文字要加引号", "text with commas needs quotes");
        self.findings.push(finding);
    }

    fn push_in(&mut self, raw: &RawRow, name: &str, finding: Diagnostic) {
        let column = self.columns.optional.get(name).copied().unwrap_or(self.columns.value);
        self.push_at(raw, column, finding);
    }

    fn push_at(&mut self, raw: &RawRow, column: usize, finding: Diagnostic) {
        self.findings.push(finding.at(self.table.place(raw, column), "", ""));
    }
}
