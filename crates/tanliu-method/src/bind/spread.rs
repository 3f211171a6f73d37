//! 行不确定度 Columns `± energy (%)`: the relative half-width of each row's 95 % interval.

use super::context::{Context, unit_fault};
use super::keys::is_nothing;
use super::layout::{Layout, ValueColumn};
use super::read::column_title;
use super::report::ColumnReport;
use crate::number::parse_number;
use crate::program::VariableId;
use crate::table::CellRef;
use tanliu_diagnostic::{Diagnostic, Diagnostics, Text};
use tanliu_unit::{Conversion, Unit};

/// Reads the half-widths for the given rows as fractions (5 % is 0.05); empty without a column.
pub(super) fn read(
    context: &Context<'_>,
    layout: &Layout<'_>,
    id: VariableId,
    rows: &[usize],
    diagnostics: &mut Diagnostics,
) -> Vec<Option<f64>> {
    let mut columns = layout.spreads.iter().filter(|column| column.variables.contains(&id));
    let Some(column) = columns.next() else { return Vec::new() };
    if let Some(second) = columns.next() {
        diagnostics.push(
            Diagnostic::error(
                "data-ambiguous",
                "不确定度有两列",
                "two columns give its uncertainty",
            )
            .at(layout.table.header_place(second.column), "又出现一次", "a second time")
            .see(layout.table.header_place(column.column), "第一次", "the first"),
        );
        return Vec::new();
    }
    let conversion = match conversion(context, column) {
        Ok(conversion) => conversion,
        Err(fault) => {
            diagnostics.push(
                Diagnostic::error(
                    "data-unit",
                    format!("不确定度须为相对值：{}", fault.zh),
                    format!("an uncertainty column is relative: {}", fault.en),
                )
                .at(
                    layout.table.header_place(column.column),
                    "应为 %",
                    "expected %",
                ),
            );
            return Vec::new();
        }
    };
    let mut report = ColumnReport::new();
    let mut widths = Vec::with_capacity(rows.len());
    for row in rows {
        let cell = column.column.cells.get(*row);
        widths.push(half_width(cell, conversion.as_ref()).unwrap_or_else(|why| {
            report.error("data-bad-number", || {
                let found = cell.to_string();
                let found = found.trim();
                Diagnostic::error(
                    "data-bad-number",
                    format!("不确定度「{found}」{}", why.zh),
                    format!("uncertainty `{found}`: {}", why.en),
                )
                .at(
                    layout.table.place(*row, column.column),
                    "应为不小于 0 的百分数",
                    "expected a percentage of at least 0",
                )
            });
            None
        }));
    }
    report.finish(&column_title(layout.table, column.column), diagnostics);
    widths
}

/// From the header's unit to a fraction; nothing if each cell must carry its `%`.
fn conversion(context: &Context<'_>, column: &ValueColumn<'_>) -> Result<Option<Conversion>, Text> {
    let Some(text) = &column.unit else { return Ok(None) };
    let unit = context.units.parse(text).map_err(|error| unit_fault(text, &error))?;
    unit.conversion_to(&Unit::one()).filter(|_| unit.is_dimensionless()).map(Some).ok_or_else(
        || Text::new(format!("「{text}」不是百分数"), format!("`{text}` is no percentage")),
    )
}

fn half_width(cell: CellRef<'_>, conversion: Option<&Conversion>) -> Result<Option<f64>, Text> {
    let (value, percent) = match cell {
        CellRef::Empty => return Ok(None),
        CellRef::Text(text) if is_nothing(text) => return Ok(None),
        CellRef::Text(text) => {
            let number =
                parse_number(text.trim().trim_start_matches('±')).map_err(|fault| fault.text())?;
            (number.value, number.percent)
        }
        CellRef::Number(number) => (number, false),
        CellRef::Percent(number) => (number, true),
        _ => return Err(Text::new("不是数", "not a number")),
    };
    let fraction = match (percent, conversion) {
        (true, _) => value / 100.0,
        (false, Some(conversion)) => conversion.apply(value),
        (false, None) => return Err(Text::new("没有写 %", "no % written")),
    };
    if fraction.is_finite() && fraction >= 0.0 {
        return Ok(Some(fraction));
    }
    Err(Text::new("须不小于 0", "must be at least 0"))
}
