//! 单元格 Cells as values of a declared type, converted into its unit.

use super::column_unit::{
    ColumnUnit, Scale, column_unit, scale_of, unlike_declared, unlike_header,
};
use super::context::{Context, input_of, is_one, unit_fault};
use super::header::normal;
use super::keys::{KeyFault, KeyReader, is_nothing, plain_text};
use super::layout::{Layout, ValueColumn};
use crate::ast::CompareOp;
use crate::data::Notation;
use crate::number::{format_number, parse_number};
use crate::parse::comparison_sign;
use crate::program::{Index, Type, Value, Variable};
use crate::significant::compare;
use crate::table::CellRef;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use tanliu_diagnostic::{Diagnostic, Place, Text};
use tanliu_unit::Unit;
use tanliu_unit::time::{Grain, TimeKey};

/// 单元格读取器 Reads the cells of one column.
pub(super) struct CellReader<'p, 'a> {
    context: &'p Context<'p>,
    variable: &'p Variable,
    unit: ColumnUnit<'a>,
    rows: BTreeMap<String, Result<Scale, Text>>,
    keys: Option<(&'p Index, KeyReader<'p, 'a>)>,
    texts: HashMap<&'a str, Rc<str>>,
    /// Units met that differ from the declared one.
    seen: BTreeSet<String>,
}

/// 读出的单元格
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReadCell {
    /// The value in the declared unit.
    pub(super) value: Value,
    /// Its notation key; the value is 0 then.
    pub(super) notation: Option<Notation>,
}

/// 单元格之误 What is wrong with a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum CellFault {
    /// Text in a number, with the reason.
    Number(Text),
    /// A formula error of a workbook.
    Formula(String),
    /// A percentage in a column of another unit.
    Percent,
    /// No unit in the header, nor in the row, nor in the cell.
    MissingUnit,
    /// A unit that does not fit.
    Unit(Text),
    /// A notation key in an input that takes none.
    Notation(Notation),
    /// Beyond a bound; the value is in the declared unit.
    Bound(CompareOp, f64, f64),
    /// No truth value, date or text.
    Kind,
    /// No key.
    Key(KeyFault),
}

impl<'p, 'a> CellReader<'p, 'a> {
    /// A reader for the column; an error if its header's unit does not fit.
    pub(super) fn new(
        context: &'p Context<'p>,
        variable: &'p Variable,
        layout: &Layout<'a>,
        column: &ValueColumn<'a>,
    ) -> Result<Self, Box<Diagnostic>> {
        let mut seen = BTreeSet::new();
        let unit = column_unit(context, variable, (layout, column), &mut seen)?;
        Ok(Self::with_unit(context, variable, unit, seen))
    }

    /// A reader for values that take no unit: keys, texts, dates, truth values.
    pub(super) fn without_unit(context: &'p Context<'p>, variable: &'p Variable) -> Self {
        Self::with_unit(context, variable, ColumnUnit::None, BTreeSet::new())
    }

    fn with_unit(
        context: &'p Context<'p>,
        variable: &'p Variable,
        unit: ColumnUnit<'a>,
        seen: BTreeSet<String>,
    ) -> Self {
        let index = match variable.ty {
            Type::Key(id) => context.program.indexes.get(id),
            _ => None,
        };
        Self {
            context,
            variable,
            unit,
            rows: BTreeMap::new(),
            keys: index.map(|index| (index, KeyReader::new(index))),
            texts: HashMap::new(),
            seen,
        }
    }

    /// Whose values it reads.
    pub(super) fn variable(&self) -> &'p Variable {
        self.variable
    }

    /// Whether the unit is written nowhere but (as `%`) in the cells.
    pub(super) fn unit_is_in_cells(&self) -> bool {
        matches!(self.unit, ColumnUnit::Cells(_))
    }

    /// The units met that differ from the declared one.
    pub(super) fn unit_seen(&self) -> Option<String> {
        let list: Vec<&str> = self.seen.iter().map(String::as_str).collect();
        (!list.is_empty()).then(|| list.join(", "))
    }

    /// Reads the cell of a row; nothing if it is empty or a dash.
    pub(super) fn read(
        &mut self,
        cell: CellRef<'a>,
        row: usize,
    ) -> Result<Option<ReadCell>, CellFault> {
        let value = match (cell, &self.variable.ty) {
            (CellRef::Empty, _) => return Ok(None),
            (CellRef::Error(error), _) => return Err(CellFault::Formula(error.to_owned())),
            (_, Type::Number(declared)) => return self.number(cell, row, declared),
            (CellRef::Text(text), _) if is_nothing(text) => return Ok(None),
            (CellRef::Bool(value), Type::Bool) => Value::Bool(value),
            (CellRef::Text(text), Type::Bool) => Value::Bool(truth(text).ok_or(CellFault::Kind)?),
            (CellRef::Text(text), Type::Text) => {
                let text = self.texts.entry(text).or_insert_with(|| plain_text(text));
                Value::Text(Rc::clone(text))
            }
            (CellRef::Number(number), Type::Text) => Value::Text(format_number(number).into()),
            (CellRef::Percent(_) | CellRef::Date(_), Type::Text) => {
                Value::Text(cell.to_string().into())
            }
            (CellRef::Text(text) | CellRef::Date(text), Type::Date) => {
                let day = TimeKey::parse_as(&normal(text), Grain::Day);
                Value::Date(day.ok_or(CellFault::Kind)?)
            }
            (_, Type::Key(_)) => {
                let (_, keys) = self.keys.as_mut().ok_or(CellFault::Kind)?;
                let code = keys.read(cell).map_err(CellFault::Key)?;
                Value::Key(keys.dictionary().get(code as usize).cloned().ok_or(CellFault::Kind)?)
            }
            _ => return Err(CellFault::Kind),
        };
        Ok(Some(ReadCell { value, notation: None }))
    }

    fn number(
        &mut self,
        cell: CellRef<'a>,
        row: usize,
        declared: &Unit,
    ) -> Result<Option<ReadCell>, CellFault> {
        let input = input_of(self.variable);
        let (value, percent) = match cell {
            CellRef::Empty => return Ok(None),
            CellRef::Number(number) => (number, false),
            CellRef::Percent(number) => (number, true),
            CellRef::Text(text) => match parse_number(text) {
                Ok(number) => (number.value, number.percent),
                Err(_) if is_nothing(text) => return Ok(None),
                Err(fault) => {
                    let Some(notation) = Notation::parse(&normal(text)) else {
                        return Err(CellFault::Number(fault.text()));
                    };
                    return match input {
                        Some(input) if input.notation => Ok(Some(ReadCell {
                            value: Value::Number(0.0),
                            notation: Some(notation),
                        })),
                        _ => Err(CellFault::Notation(notation)),
                    };
                }
            },
            CellRef::Date(_) => {
                return Err(CellFault::Number(Text::new("是日期，不是数", "a date, not a number")));
            }
            CellRef::Bool(_) => {
                return Err(CellFault::Number(Text::new(
                    "是真假值，不是数",
                    "a truth value, not a number",
                )));
            }
            CellRef::Error(error) => return Err(CellFault::Formula(error.to_owned())),
        };
        let value = self.convert(value, percent, row, declared)? + 0.0;
        if !value.is_finite() {
            return Err(CellFault::Number(Text::new("不是有限的数", "not a finite number")));
        }
        if let Some(input) = input {
            check_bounds(&input.bounds, value)?;
        }
        Ok(Some(ReadCell { value: Value::Number(value), notation: None }))
    }

    /// Converts a number as written into the declared unit.
    fn convert(
        &mut self,
        value: f64,
        percent: bool,
        row: usize,
        declared: &Unit,
    ) -> Result<f64, CellFault> {
        match &self.unit {
            ColumnUnit::None => Err(CellFault::MissingUnit),
            ColumnUnit::Header(scale) => scale.apply(value, percent),
            ColumnUnit::HeaderChecked(scale, unit, column) => {
                let text = column.cells.get(row).to_string();
                let text = normal(&text);
                if !is_nothing(&text) {
                    let (units, same) = (self.context.units, unit.clone());
                    let checked = self.rows.entry(text).or_insert_with_key(|text| {
                        let found = units.parse(text).map_err(|error| unit_fault(text, &error))?;
                        if found == same {
                            Ok(scale.clone())
                        } else {
                            Err(unlike_header(text, &same))
                        }
                    });
                    checked.as_ref().map_err(|fault| CellFault::Unit(fault.clone()))?;
                }
                scale.apply(value, percent)
            }
            ColumnUnit::Rows(column) => {
                let text = normal(&column.cells.get(row).to_string());
                if is_nothing(&text) {
                    return match Unit::percent().conversion_to(declared) {
                        Some(conversion) if percent => Ok(conversion.apply(value)),
                        _ if is_one(declared) && !percent => Ok(value),
                        _ => Err(CellFault::MissingUnit),
                    };
                }
                let (units, seen) = (self.context.units, &mut self.seen);
                let scale = self.rows.entry(text).or_insert_with_key(|text| {
                    let found = units.parse(text).map_err(|error| unit_fault(text, &error))?;
                    if found != *declared {
                        seen.insert(text.clone());
                    }
                    scale_of(&found, declared).ok_or_else(|| unlike_declared(text, declared))
                });
                match scale {
                    Ok(scale) => scale.apply(value, percent),
                    Err(fault) => Err(CellFault::Unit(fault.clone())),
                }
            }
            ColumnUnit::Cells(conversion) if percent => Ok(conversion.apply(value)),
            ColumnUnit::Cells(_) => Err(CellFault::MissingUnit),
        }
    }
}

/// Reads 是/否, true/false in any case.
fn truth(text: &str) -> Option<bool> {
    match normal(text).to_ascii_lowercase().as_str() {
        "true" | "是" => Some(true),
        "false" | "否" => Some(false),
        _ => None,
    }
}

/// Bounds are compared as the language compares: at 14 significant digits.
pub(super) fn check_bounds(bounds: &[(CompareOp, f64)], value: f64) -> Result<(), CellFault> {
    for (operator, bound) in bounds {
        let order = compare(value, *bound);
        if !operator.holds(order) {
            return Err(CellFault::Bound(*operator, *bound, value));
        }
    }
    Ok(())
}

impl CellFault {
    /// The finding's code.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Number(_) => "data-bad-number",
            Self::Formula(_) => "cell-formula-error",
            Self::Percent | Self::Unit(_) => "data-unit",
            Self::MissingUnit => "data-missing-unit",
            Self::Notation(_) => "data-notation",
            Self::Bound(..) => "data-bound",
            Self::Kind => "data-bad-value",
            Self::Key(fault) => fault.code(),
        }
    }

    /// The finding for what was found at a place.
    pub(super) fn diagnostic(
        &self,
        context: &Context<'_>,
        variable: &Variable,
        found: &str,
        place: Place,
    ) -> Diagnostic {
        if let (Self::Key(fault), Type::Key(id)) = (self, &variable.ty)
            && let Some(index) = context.program.indexes.get(*id)
        {
            return fault.diagnostic(index, found, place);
        }
        let title = context.title(variable);
        let what = self.what(variable, found.trim());
        let message =
            (format!("{}：{}", title.zh.trim_end(), what.zh), format!("{}: {}", title.en, what.en));
        let diagnostic = Diagnostic::error(self.code(), message.0, message.1);
        if let Self::Bound(operator, bound, value) = self {
            let needed = bound_text(variable, *operator, *bound);
            let diagnostic =
                diagnostic.at(place, format!("须 {needed}"), format!("must be {needed}"));
            if parse_number(found).is_ok_and(|number| number.value == *value && !number.percent) {
                return diagnostic;
            }
            let shown = format!("{}{}", format_number(*value), unit_suffix(variable));
            return diagnostic.note(format!("换算后为 {shown}"), format!("that is {shown}"));
        }
        let mut expected = context.expected(&variable.ty);
        if input_of(variable).is_some_and(|input| input.notation) {
            expected.zh.push_str("，或 NO、NA、IE、NE、C");
            expected.en.push_str(", or NO, NA, IE, NE, C");
        }
        let diagnostic = diagnostic.at(
            place,
            format!("应为{}", expected.zh),
            format!("expected {}", expected.en),
        );
        match self.mend() {
            Some(hint) => diagnostic.hint(hint.zh, hint.en),
            None => diagnostic,
        }
    }

    /// What is wrong, to follow the name of the input.
    fn what(&self, variable: &Variable, found: &str) -> Text {
        match self {
            Self::Number(why) => Text::new(
                format!("「{found}」{}", why.zh),
                format!("cannot read `{found}`, {}", why.en),
            ),
            Self::Formula(formula) => Text::new(
                format!("单元格是公式错误 {formula}"),
                format!("the cell is the formula error {formula}"),
            ),
            Self::Percent => Text::new(
                format!("「{found}」带百分号，而此列不是百分数"),
                format!("`{found}` has a percent sign, but the column is no percentage"),
            ),
            Self::MissingUnit => {
                Text::new(format!("「{found}」没有单位"), format!("`{found}` has no unit"))
            }
            Self::Unit(fault) => fault.clone(),
            Self::Notation(notation) => Text::new(
                format!("不接受标注键 {}", notation.word()),
                format!("notation key {} is not taken here", notation.word()),
            ),
            Self::Bound(operator, bound, _) => {
                let needed = bound_text(variable, *operator, *bound);
                Text::new(
                    format!("「{found}」越界，须 {needed}"),
                    format!("`{found}` is out of bounds, it must be {needed}"),
                )
            }
            Self::Kind | Self::Key(_) => {
                Text::new(format!("不能读「{found}」"), format!("cannot read `{found}`"))
            }
        }
    }

    /// The likely mend.
    fn mend(&self) -> Option<Text> {
        match self {
            Self::Formula(error) => Some(formula_mend(error)),
            Self::MissingUnit => Some(Text::new(
                "在表头或本行写明单位",
                "write the unit in the header or in this row",
            )),
            Self::Notation(_) => Some(Text::new(
                "在声明中加 notation，或留空、写数",
                "add notation to the declaration, or leave the cell empty or write a number",
            )),
            _ => None,
        }
    }
}

/// Why a spreadsheet shows an error in place of a value.
fn formula_mend(error: &str) -> Text {
    let (zh, en) = match error {
        "#DIV/0!" => ("公式除以了零或空单元格", "the formula divides by zero or by an empty cell"),
        "#REF!" => ("公式引用的单元格已被删除", "a cell the formula refers to was removed"),
        "#N/A" => ("查找公式没有找到对应项", "a look-up found nothing"),
        "#NAME?" => ("公式里有不认识的名称", "the formula has an unknown name"),
        _ => ("在电子表格中改正公式，或填入数值", "mend the formula, or fill in the value"),
    };
    Text::new(zh, en)
}

/// ` tce`: the declared unit behind a number, nothing for 1.
fn unit_suffix(variable: &Variable) -> String {
    match &variable.ty {
        Type::Number(unit) if !is_one(unit) => format!(" {unit}"),
        _ => String::new(),
    }
}

/// `>= 0 tce`
fn bound_text(variable: &Variable, operator: CompareOp, bound: f64) -> String {
    format!("{} {}{}", comparison_sign(operator), format_number(bound), unit_suffix(variable))
}
