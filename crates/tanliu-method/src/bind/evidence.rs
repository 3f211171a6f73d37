//! 证据 The table `evidence`: columns `item`, `status`, index columns at will.

use super::context::{Context, table_title};
use super::header::normal;
use super::keys::{KeyReader, is_nothing, plain_text};
use super::layout::Layout;
use super::read::{column_title, is_blank_row};
use super::report::ColumnReport;
use crate::data::EvidenceRow;
use crate::program::{Evidence, IndexId, Key};
use crate::table::{CellRef, Column};
use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostic, Diagnostics, nearest};

/// The columns of the table, with a reader for each index.
struct Reading<'p, 'a> {
    context: &'p Context<'p>,
    layout: &'p Layout<'a>,
    item: &'a Column,
    status: &'a Column,
    keys: Vec<(IndexId, &'a Column, KeyReader<'p, 'a>)>,
}

/// What makes two rows speak of the same: the item and its keys.
type ItemKey = (String, Vec<(String, Key)>);

/// Reads a table of evidence, if it is one.
pub(super) fn read(
    context: &Context<'_>,
    layout: &Layout<'_>,
    found: &mut Vec<EvidenceRow>,
    diagnostics: &mut Diagnostics,
) {
    let Some(columns) = &layout.evidence else { return };
    let (Some(item), Some(status)) = (columns.item, columns.status) else {
        diagnostics.push(lacks_columns(layout));
        return;
    };
    let keys = (layout.indexes.iter())
        .filter_map(|(id, column)| {
            Some((*id, *column, KeyReader::new(context.program.indexes.get(*id)?)))
        })
        .collect();
    let mut reading = Reading { context, layout, item, status, keys };
    let mut report = ColumnReport::new();
    let mut seen: BTreeMap<ItemKey, (usize, bool)> = BTreeMap::new();
    for row in 0..layout.table.row_count() {
        let Some(read) = reading.row(row, &mut report) else { continue };
        let (first, satisfied) =
            *seen.entry((read.item.clone(), read.keys.clone())).or_insert((row, read.satisfied));
        if satisfied != read.satisfied {
            report.error("data-disagree", || disagree(layout, item, (first, row), &read.item));
        }
        if first == row {
            found.push(read);
        }
    }
    report.finish(&column_title(layout.table, item), diagnostics);
    let (context, layout) = (reading.context, reading.layout);
    warn_unasked(context, layout, item, found, diagnostics);
}

impl Reading<'_, '_> {
    /// One row; nothing if it is empty, open or wrong.
    fn row(&mut self, row: usize, report: &mut ColumnReport) -> Option<EvidenceRow> {
        let table = self.layout.table;
        let item = self.item.cells.get(row).to_string();
        let status = self.status.cells.get(row).to_string();
        if item.trim().is_empty() {
            if !is_blank_row(table, row) {
                report.error("data-evidence", || {
                    Diagnostic::error(
                        "data-evidence",
                        "证据行没有 item",
                        "a row of evidence has no item",
                    )
                    .at(table.place(row, self.item), "空单元格", "empty cell")
                });
            }
            return None;
        }
        let item = plain_text(&item);
        let keys = self.keys_of(row, &item, report)?;
        if is_nothing(&status) {
            return None;
        }
        let satisfied = match self.status.cells.get(row) {
            CellRef::Text(_) => status_word(&status),
            _ => None,
        };
        let Some(satisfied) = satisfied else {
            report.error("data-evidence", || {
                let found = status.trim();
                Diagnostic::error(
                    "data-evidence",
                    format!("证据「{item}」的 status 是「{found}」"),
                    format!("the status of evidence `{item}` is `{found}`"),
                )
                .at(
                    table.place(row, self.status),
                    "应为 satisfied 或 violated（满足、不满足）",
                    "expected satisfied or violated",
                )
                .hint("未定的留空", "leave it empty while it is open")
            });
            return None;
        };
        Some(EvidenceRow {
            item: item.to_string(),
            satisfied,
            keys,
            source: self.layout.number,
            row: table.row_numbers.get(row).copied().unwrap_or(0),
        })
    }

    /// The keys of a row; a cell may be empty where the item is not asked for by that index.
    fn keys_of(
        &mut self,
        row: usize,
        item: &str,
        report: &mut ColumnReport,
    ) -> Option<Vec<(String, Key)>> {
        let (context, table) = (self.context, self.layout.table);
        let asked = asked_for(context, item);
        let mut keys = Vec::new();
        let mut sound = true;
        for (id, column, reader) in &mut self.keys {
            let Some(index) = context.program.indexes.get(*id) else { continue };
            let cell = column.cells.get(row);
            let needed = asked.is_some_and(|evidence| evidence.dims.contains(id));
            if !needed && is_nothing(&cell.to_string()) {
                continue;
            }
            match reader.read(cell) {
                Ok(code) => {
                    let key = reader.dictionary().get(code as usize).cloned();
                    keys.extend(key.map(|key| (index.name.clone(), key)));
                }
                Err(fault) => {
                    sound = false;
                    report.error(fault.code(), || {
                        fault.diagnostic(index, &cell.to_string(), table.place(row, column).into())
                    });
                }
            }
        }
        sound.then_some(keys)
    }
}

/// Reads the status; nothing for another word.
fn status_word(text: &str) -> Option<bool> {
    match normal(text).to_lowercase().as_str() {
        "satisfied" | "满足" => Some(true),
        "violated" | "不满足" => Some(false),
        _ => None,
    }
}

/// The `require evidence` of that item.
fn asked_for<'p>(context: &Context<'p>, item: &str) -> Option<&'p Evidence> {
    let wanted = normal(item);
    context.program.evidence.iter().find(|evidence| normal(&evidence.message) == wanted)
}

/// Items that no `require evidence` asks for.
fn warn_unasked(
    context: &Context<'_>,
    layout: &Layout<'_>,
    item: &Column,
    found: &[EvidenceRow],
    diagnostics: &mut Diagnostics,
) {
    let mut warned = std::collections::BTreeSet::new();
    for row in found.iter().filter(|row| row.source == layout.number) {
        if asked_for(context, &row.item).is_some() || !warned.insert(row.item.as_str()) {
            continue;
        }
        let mut place = layout.table.header_place(item);
        (place.row, place.text) = (row.row, row.item.clone());
        let mut warning = Diagnostic::warning(
            "data-evidence",
            format!("文档不要求证据「{}」", row.item),
            format!("the document asks for no evidence `{}`", row.item),
        )
        .at(place, "未用到", "not used");
        let asked = context.program.evidence.iter().map(|evidence| evidence.message.as_str());
        let like = nearest(&row.item, asked);
        if !like.is_empty() {
            let (zh, en) = (like.join("、"), like.join(", "));
            warning = warning.hint(format!("是否想写 {zh}？"), format!("did you mean {en}?"));
        }
        diagnostics.push(warning);
    }
}

fn lacks_columns(layout: &Layout<'_>) -> Diagnostic {
    let title = table_title(layout.table);
    Diagnostic::error(
        "data-evidence",
        format!("证据表 {title} 须有列 item 和 status"),
        format!("the table of evidence {title} must have the columns item and status"),
    )
    .at(tanliu_diagnostic::Place::File(layout.table.source.clone()), "", "")
    .note(format!("已有的列：{}", layout.summary()), format!("seen: {}", layout.summary()))
}

fn disagree(
    layout: &Layout<'_>,
    column: &Column,
    (first, second): (usize, usize),
    item: &str,
) -> Diagnostic {
    Diagnostic::error(
        "data-disagree",
        format!("证据「{item}」既满足又不满足"),
        format!("evidence `{item}` is both satisfied and violated"),
    )
    .at(layout.table.place(second, column), "第二行", "the second row")
    .see(layout.table.place(first, column), "第一行", "the first")
}
