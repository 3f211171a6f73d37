//! 列单位 Where the unit of a column is written, and how its numbers become the declared unit.

use super::cell::CellFault;
use super::context::{Context, is_one, unit_fault};
use super::layout::{Layout, ValueColumn};
use crate::program::{Type, Variable};
use crate::table::Column;
use std::collections::BTreeSet;
use tanliu_diagnostic::{Diagnostic, Text};
use tanliu_unit::{Conversion, Unit, describe_mismatch};

/// 换算方式 How the numbers of a column become numbers in the declared unit.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    conversion: Conversion,
    percent: PercentRule,
}

/// 百分号 What `5%` means in a column of some unit.
#[derive(Debug, Clone, Copy, PartialEq)]
enum PercentRule {
    /// 5, in a column of `%`.
    AsWritten,
    /// 0.05, in a column of unit 1.
    Hundredth,
    /// Nothing, in any other.
    Refused,
}

/// 列单位 Where the unit of a column is written.
pub(super) enum ColumnUnit<'a> {
    /// Values that take no unit.
    None,
    /// In the header, or it is 1.
    Header(Scale),
    /// In the header, with a column `unit` beside it that must say the same.
    HeaderChecked(Scale, Unit, &'a Column),
    /// Row by row in the column `unit`.
    Rows(&'a Column),
    /// Nowhere: each cell must carry its `%`.
    Cells(Conversion),
}

impl Scale {
    /// How plain numbers become numbers in the declared unit.
    pub(super) fn conversion(&self) -> Conversion {
        self.conversion.clone()
    }

    /// Converts a number; an error for a percentage in a column of another unit.
    pub(super) fn apply(&self, value: f64, percent: bool) -> Result<f64, CellFault> {
        match (percent, self.percent) {
            (false, _) | (true, PercentRule::AsWritten) => Ok(self.conversion.apply(value)),
            (true, PercentRule::Hundredth) => Ok(self.conversion.apply(value / 100.0)),
            (true, PercentRule::Refused) => Err(CellFault::Percent),
        }
    }
}

/// How values of `unit` become values of `declared`, if they can.
pub(super) fn scale_of(unit: &Unit, declared: &Unit) -> Option<Scale> {
    let percent = if *unit == Unit::percent() {
        PercentRule::AsWritten
    } else if is_one(unit) {
        PercentRule::Hundredth
    } else {
        PercentRule::Refused
    };
    Some(Scale { conversion: unit.conversion_to(declared)?, percent })
}

/// Finds out where the unit of a column is written.
pub(super) fn column_unit<'a>(
    context: &Context<'_>,
    variable: &Variable,
    (layout, column): (&Layout<'a>, &ValueColumn<'a>),
    seen: &mut BTreeSet<String>,
) -> Result<ColumnUnit<'a>, Box<Diagnostic>> {
    let Type::Number(declared) = &variable.ty else {
        return match &column.unit {
            None => Ok(ColumnUnit::None),
            Some(unit) => Err(Box::new(takes_no_unit(context, variable, (layout, column), unit))),
        };
    };
    let beside = layout.unit.filter(|_| layout.number_columns(context) == 1);
    let Some(text) = &column.unit else {
        let unwritten = match beside {
            Some(rows) => Some(ColumnUnit::Rows(rows)),
            None if is_one(declared) => scale_of(&Unit::one(), declared).map(ColumnUnit::Header),
            None => Unit::percent().conversion_to(declared).map(ColumnUnit::Cells),
        };
        return unwritten.ok_or_else(|| Box::new(missing_unit(context, variable, layout, column)));
    };
    let refuse = |fault: Text| Box::new(unfit(context, variable, (layout, column), &fault));
    let unit = context.units.parse(text).map_err(|error| refuse(unit_fault(text, &error)))?;
    let scale = scale_of(&unit, declared).ok_or_else(|| {
        let refused = *refuse(unlike_declared(text, declared));
        Box::new(mend_unlike(refused, variable, declared, &unit))
    })?;
    if unit != *declared {
        seen.insert(text.clone());
    }
    Ok(match beside {
        Some(rows) => ColumnUnit::HeaderChecked(scale, unit, rows),
        None => ColumnUnit::Header(scale),
    })
}

/// The header's unit is none, or does not convert.
fn unfit(
    context: &Context<'_>,
    variable: &Variable,
    (layout, column): (&Layout<'_>, &ValueColumn<'_>),
    fault: &Text,
) -> Diagnostic {
    let title = context.title(variable);
    let unit = variable.ty.unit().map(ToString::to_string).unwrap_or_default();
    Diagnostic::error(
        "data-unit",
        format!("{}的表头单位不合：{}", title.zh, fault.zh),
        format!("the header's unit does not fit {}: {}", title.en, fault.en),
    )
    .at(
        layout.table.header_place(column.column),
        format!("应能换算为 {unit}"),
        format!("expected a unit that converts to {unit}"),
    )
    .see(context.declared(variable), format!("声明为 {unit}"), format!("declared as {unit}"))
}

/// Says how the two units differ, and what to do about it.
fn mend_unlike(
    refused: Diagnostic,
    variable: &Variable,
    declared: &Unit,
    unit: &Unit,
) -> Diagnostic {
    let refused = match describe_mismatch(declared, unit) {
        Some(mismatch) => refused.note(mismatch.zh, mismatch.en),
        None => refused,
    };
    let name = &variable.name;
    refused.hint(
        format!("数若本就以 {declared} 计，表头写 {name} ({declared})；否则先换算再填"),
        format!(
            "if the numbers are in {declared}, write {name} ({declared}); else convert them first"
        ),
    )
}

/// Keys, texts, dates and truth values have no unit.
fn takes_no_unit(
    context: &Context<'_>,
    variable: &Variable,
    (layout, column): (&Layout<'_>, &ValueColumn<'_>),
    unit: &str,
) -> Diagnostic {
    let title = context.title(variable);
    let expected = context.expected(&variable.ty);
    Diagnostic::error(
        "data-unit",
        format!("{}没有单位，表头却写了「{unit}」", title.zh),
        format!("{} takes no unit, but the header gives `{unit}`", title.en),
    )
    .at(
        layout.table.header_place(column.column),
        format!("应为{}", expected.zh),
        format!("expected {}", expected.en),
    )
    .see(context.declared(variable), "在此声明", "declared here")
    .hint(format!("表头只写 {}", variable.name), format!("write {} alone", variable.name))
}

/// A unit of another dimension than the declared one.
pub(super) fn unlike_declared(text: &str, declared: &Unit) -> Text {
    Text::new(
        format!("「{text}」不能换算为 {declared}"),
        format!("`{text}` does not convert to {declared}"),
    )
}

/// A row's unit that contradicts the header.
pub(super) fn unlike_header(text: &str, header: &Unit) -> Text {
    Text::new(
        format!("此行单位「{text}」与表头的 {header} 不同"),
        format!("this row's unit `{text}` is not the header's {header}"),
    )
}

/// The header gives no unit, but the declaration has one.
pub(super) fn missing_unit(
    context: &Context<'_>,
    variable: &Variable,
    layout: &Layout<'_>,
    column: &ValueColumn<'_>,
) -> Diagnostic {
    let title = context.title(variable);
    let unit = variable.ty.unit().map(ToString::to_string).unwrap_or_default();
    let header = column.column.header.trim();
    let found = Diagnostic::error(
        "data-missing-unit",
        format!("{}的表头没有单位，应可换算为 {unit}", title.zh),
        format!("the header gives no unit for {}, declared in {unit}", title.en),
    )
    .at(layout.table.header_place(column.column), "没有单位", "no unit")
    .see(context.declared(variable), format!("声明为 {unit}"), format!("declared as {unit}"))
    .hint(format!("写成 {header} ({unit})"), format!("write {header} ({unit})"));
    if layout.unit.is_none() {
        return found;
    }
    found.note(
        "表中有多个数值列，列 unit 不知属于哪一列",
        "the table has several columns of numbers, so the column unit belongs to none of them",
    )
}
