//! 结果表 Results as tables to write and as aligned text for a terminal.

use tanliu_method::eval::{Figure, OutputTable};
use tanliu_method::number::format_number;
use tanliu_method::program::{IndexKind, Program};
use tanliu_office::{OutCell, OutColumn, OutTable};
use tanliu_unit::time::Grain;

/// So many rows of a table are printed on a screen.
const ROWS_SHOWN: usize = 100;

/// The table to write: index columns by name, the value under `name (unit)`.
pub(crate) fn out_table(program: &Program, table: &OutputTable) -> OutTable {
    let mut columns: Vec<OutColumn> = Vec::new();
    for (index, keys) in table.indexes.iter().zip(&table.keys) {
        let whole = is_whole(program, index);
        let cells = keys
            .iter()
            .map(|key| match key.parse::<i32>() {
                Ok(number) if whole => OutCell::Number(f64::from(number)),
                _ => OutCell::Text(key.to_string()),
            })
            .collect();
        columns.push(OutColumn { header: index.clone(), cells });
    }
    let cells = table.figures.iter().map(out_cell).collect();
    columns.push(OutColumn { header: header(table), cells });
    OutTable { name: table.name.clone(), columns }
}

/// `co2 (tCO2)`; a plain number has no brackets.
pub(crate) fn header(table: &OutputTable) -> String {
    match table.unit.as_deref() {
        None | Some("1") => table.name.clone(),
        Some(unit) => format!("{} ({unit})", table.name),
    }
}

/// Whether the keys of an index are whole numbers: years are numbers to a spreadsheet.
fn is_whole(program: &Program, index: &str) -> bool {
    let index = program.index(index).and_then(|id| program.indexes.get(id));
    index.is_some_and(|index| match index.kind {
        IndexKind::Integer => true,
        IndexKind::Time { grain, .. } => grain == Grain::Year,
        _ => false,
    })
}

fn out_cell(figure: &Figure) -> OutCell {
    match figure {
        Figure::Number(number) => OutCell::Number(*number),
        Figure::Noted(_, notation) => OutCell::Text(notation.word().to_owned()),
        Figure::Bool(value) => OutCell::Bool(*value),
        Figure::Text(text) => OutCell::Text(text.to_string()),
    }
}

/// A figure for a screen: ten significant digits, which no data of this field exceed.
pub(crate) fn figure_words(figure: &Figure) -> String {
    match figure {
        Figure::Number(number) => number_words(*number),
        Figure::Noted(_, notation) => notation.word().to_owned(),
        Figure::Bool(value) => value.to_string(),
        Figure::Text(text) => text.to_string(),
    }
}

/// A number with ten significant digits.
pub(crate) fn number_words(number: f64) -> String {
    format_number(format!("{number:.9e}").parse().unwrap_or(number))
}

/// A table as aligned text; the second value is how many rows are left out.
pub(crate) fn table_text(table: &OutputTable) -> (String, usize) {
    if table.indexes.is_empty() {
        let Some(figure) = table.figures.first() else { return (String::new(), 0) };
        let unit = match table.unit.as_deref() {
            None | Some("1") => String::new(),
            Some(unit) => format!(" {unit}"),
        };
        return (format!("{} = {}{unit}\n", table.name, figure_words(figure)), 0);
    }
    let rows = table.figures.len().min(ROWS_SHOWN);
    let mut columns: Vec<(Vec<String>, bool)> = Vec::new();
    for (index, keys) in table.indexes.iter().zip(&table.keys) {
        let mut cells = vec![index.clone()];
        cells.extend(keys.iter().take(rows).map(ToString::to_string));
        columns.push((cells, false));
    }
    let mut cells = vec![header(table)];
    cells.extend(table.figures.iter().take(rows).map(figure_words));
    let right = !matches!(table.figures.first(), Some(Figure::Text(_)));
    columns.push((cells, right));
    (aligned(&columns), table.figures.len() - rows)
}

/// Columns side by side, two blanks apart; the flag sets a column to the right.
pub(crate) fn aligned(columns: &[(Vec<String>, bool)]) -> String {
    let widths: Vec<usize> = columns
        .iter()
        .map(|(cells, _)| cells.iter().map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let lines = columns.iter().map(|(cells, _)| cells.len()).max().unwrap_or(0);
    let mut text = String::new();
    for line in 0..lines {
        let mut row = String::new();
        for ((cells, right), widest) in columns.iter().zip(&widths) {
            let cell = cells.get(line).map_or("", String::as_str);
            let padding = " ".repeat(widest.saturating_sub(width(cell)));
            if !row.is_empty() {
                row.push_str("  ");
            }
            if *right {
                row.push_str(&padding);
                row.push_str(cell);
            } else {
                row.push_str(cell);
                row.push_str(&padding);
            }
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}

/// How many columns of a terminal a text takes: Chinese signs take two.
pub(crate) fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}
