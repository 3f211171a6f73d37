//! 值的读取 Value columns of files: numbers in the declared unit, within their bounds.

use super::super::bad::{BadCell, shown};
use super::WideInput;
use crate::EngineError;
use crate::batch::{Cells, InputColumn};
use crate::source::{WideColumn, WideTable};
use arrow::array::{Array, ArrayRef, AsArray, Float64Builder};
use arrow::buffer::ScalarBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use std::sync::Arc;
use tanliu_method::ast::CompareOp;
use tanliu_method::parse::comparison_sign;
use tanliu_method::program::{Program, Type, VariableKind};
use tanliu_unit::Conversion;

/// 值列 How a column becomes the cells of an input.
#[derive(Debug, Clone)]
pub(crate) struct CellColumn {
    pub(crate) header: String,
    pub(crate) number: u32,
    conversion: Option<Conversion>,
    bounds: Vec<(CompareOp, f64)>,
    kind: CellKind,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum CellKind {
    Number,
    /// Numbers as text, in a CSV file.
    Written,
    Bool,
}

impl CellColumn {
    pub(super) fn new(
        program: &Program,
        input: &WideInput,
        column: &WideColumn,
        table: &WideTable,
    ) -> Result<Self, EngineError> {
        let variable = program.variables.get(input.variable);
        let variable = variable.ok_or_else(|| EngineError::internal("an unknown input"))?;
        let bounds = match &variable.kind {
            VariableKind::Input(input) => input.bounds.clone(),
            _ => Vec::new(),
        };
        let kind = match (&variable.ty, &column.data_type) {
            (Type::Number(_), kind) if kind.is_numeric() => CellKind::Number,
            (Type::Number(_), DataType::Utf8) => CellKind::Written,
            (Type::Bool, DataType::Boolean) => CellKind::Bool,
            (Type::Number(_), _) => {
                return Err(EngineError::key_type(table, column, ("数", "a number")));
            }
            _ => return Err(EngineError::key_type(table, column, ("真假", "true or false"))),
        };
        let conversion = input.conversion.clone().filter(|own| !own.is_identity());
        let (header, number) = (column.header.clone(), input.column);
        Ok(Self { header, number, conversion, bounds, kind })
    }

    /// What is wrong with a cell; nothing for a good one.
    pub(crate) fn judge(&self, array: &ArrayRef, row: usize) -> Option<BadCell> {
        let one = array.slice(row, 1);
        read_cells(self, &one).err()?;
        let bounds: Vec<String> = (self.bounds.iter())
            .map(|(operator, bound)| format!("{} {bound}", comparison_sign(*operator)))
            .collect();
        let bounds =
            if bounds.is_empty() { String::new() } else { format!(" {}", bounds.join(", ")) };
        Some(BadCell {
            shown: shown(array, row),
            wanted_zh: format!("有限的数{bounds}"),
            wanted_en: format!("a finite number{bounds}"),
        })
    }
}

/// Reads a batch's cells; an error says that some cell is bad, and no more.
pub(super) fn read_cells(
    column: &CellColumn,
    array: &ArrayRef,
) -> Result<InputColumn, EngineError> {
    let mut nulls = array.logical_nulls().filter(|nulls| nulls.null_count() > 0);
    if column.kind == CellKind::Bool {
        let list = array.as_boolean_opt().ok_or(EngineError::BadCells)?;
        let values = Cells::Bool(list.values().iter().collect());
        return Ok(InputColumn { values, nulls });
    }
    let written;
    let array = match column.kind {
        CellKind::Written => {
            written = written_numbers(array)?;
            nulls = written.logical_nulls().filter(|nulls| nulls.null_count() > 0);
            &written
        }
        _ => array,
    };
    let numbers = match array.data_type() {
        DataType::Float64 => ArrayRef::clone(array),
        _ => cast(array, &DataType::Float64).map_err(|_| EngineError::BadCells)?,
    };
    let mut numbers: ScalarBuffer<f64> = numbers.as_primitive::<Float64Type>().values().clone();
    // 0 · x is 0 for every finite number, and the sum of zeros tells of all at once.
    let odd: f64 = numbers.iter().map(|x| x * 0.0).sum();
    let is_null = |row: usize| nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
    if odd != 0.0 && numbers.iter().enumerate().any(|(row, x)| !x.is_finite() && !is_null(row)) {
        return Err(EngineError::BadCells);
    }
    if let Some(conversion) = &column.conversion {
        numbers = numbers.iter().map(|x| conversion.apply(*x)).collect();
    }
    let mut negative_zero = false;
    for x in numbers.iter() {
        negative_zero |= x.to_bits() == 1 << 63;
    }
    if negative_zero {
        numbers = numbers.iter().map(|x| x + 0.0).collect();
    }
    for (operator, bound) in &column.bounds {
        let holds = |x: &f64| x.partial_cmp(bound).is_some_and(|order| operator.holds(order));
        let all = numbers.iter().fold(true, |all, x| all & holds(x));
        if !all && numbers.iter().enumerate().any(|(row, x)| !holds(x) && !is_null(row)) {
            return Err(EngineError::BadCells);
        }
    }
    Ok(InputColumn { values: Cells::Number(numbers), nulls })
}

/// Numbers written as text: plain decimals; an empty cell, `-` and `—` are no value.
fn written_numbers(array: &ArrayRef) -> Result<ArrayRef, EngineError> {
    let texts = array.as_string_opt::<i32>().ok_or(EngineError::BadCells)?;
    let mut numbers = Float64Builder::with_capacity(texts.len());
    for text in texts {
        match text.map(str::trim) {
            None | Some("" | "-" | "—") => numbers.append_null(),
            Some(text) => {
                let plain =
                    text.bytes().all(|sign| sign.is_ascii_digit() || b"+-.eE".contains(&sign));
                let number = text.parse::<f64>().ok().filter(|_| plain);
                numbers.append_value(number.ok_or(EngineError::BadCells)?);
            }
        }
    }
    Ok(Arc::new(numbers.finish()))
}
