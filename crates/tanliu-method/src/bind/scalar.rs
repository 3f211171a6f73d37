//! 标量 Values set one by one: `--set`, and `Given:` of worked examples.

use super::cell::{CellFault, CellReader, check_bounds};
use super::context::{Context, input_of, is_one};
use super::header::normal;
use super::keys::is_nothing;
use super::literal;
use crate::data::{InputTable, Notation};
use crate::number::format_number;
use crate::program::{Type, Value, Variable, VariableId, VariableKind};
use crate::table::CellRef;
use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostic, Diagnostics, Place, Text, nearest};
use tanliu_unit::Unit;

/// 已设标量 A scalar that was set.
pub(super) struct SetScalar {
    /// Where.
    pub(super) place: Place,
    /// Its value; nothing if it was refused.
    pub(super) table: Option<InputTable>,
}

/// One assignment.
type Assignment = (String, String, Place);

/// Reads all assignments.
pub(super) fn read_all(
    context: &Context<'_>,
    assignments: &[Assignment],
    diagnostics: &mut Diagnostics,
) -> BTreeMap<VariableId, SetScalar> {
    let mut set: BTreeMap<VariableId, SetScalar> = BTreeMap::new();
    for assignment in assignments {
        let (name, value, place) = assignment;
        let Some(id) = resolve(context, assignment, diagnostics) else { continue };
        if let Some(earlier) = set.get(&id) {
            diagnostics.push(
                Diagnostic::error(
                    "data-scalar",
                    format!("{name} 给了两次"),
                    format!("{name} is set twice"),
                )
                .at(place.clone(), "又一次", "a second time")
                .see(earlier.place.clone(), "第一次", "the first")
                .hint("只留一处", "keep one of them"),
            );
            continue;
        }
        let Some(variable) = context.variable(id) else { continue };
        let table = match read_value(context, variable, value) {
            Ok((read, notation, unit_seen)) => Some(InputTable {
                values: vec![read],
                notations: notation.map(|notation| vec![Some(notation)]).unwrap_or_default(),
                unit_seen,
                ..InputTable::default()
            }),
            Err(fault) => {
                diagnostics.push(fault_at(context, variable, (value, place), &fault));
                None
            }
        };
        set.insert(id, SetScalar { place: place.clone(), table });
    }
    set
}

/// What is wrong with a value.
enum ScalarFault {
    /// As a cell.
    Cell(CellFault),
    /// A number with a unit, as a literal.
    Literal(Text),
    /// The unit is missing.
    NoUnit,
    /// The unit does not fit.
    Unit,
    /// Nothing at all.
    Empty,
}

/// The variable an assignment means; an error if it takes no value.
fn resolve(
    context: &Context<'_>,
    (name, _, place): &Assignment,
    diagnostics: &mut Diagnostics,
) -> Option<VariableId> {
    let wanted = normal(name);
    let refuse = |zh: String, en: String| Diagnostic::error("data-scalar", zh, en);
    let found = match context.variables_named(&wanted) {
        [id] => *id,
        [] => {
            diagnostics.push(unknown(context, &wanted, place));
            return None;
        }
        _ => {
            diagnostics.push(
                refuse(format!("{wanted} 不止一个"), format!("{wanted} names more than one"))
                    .at(place.clone(), "", "")
                    .hint("用名称，不用标签", "use the name, not the label"),
            );
            return None;
        }
    };
    let variable = context.variable(found)?;
    if variable.dims.is_empty() {
        return Some(found);
    }
    let (title, names) = (context.title(variable), context.index_names(&variable.dims));
    diagnostics.push(
        refuse(
            format!("{}有索引 {names}，不能只给一个值", title.zh),
            format!("{} has the indexes {names} and cannot be set to one value", title.en),
        )
        .at(place.clone(), "在此给值", "set here")
        .see(context.declared(variable), "在此声明", "declared here")
        .hint("用一张表给出", "give it in a table"),
    );
    None
}

/// No input or hole has that name: perhaps the document fixes it, perhaps it is a slip.
fn unknown(context: &Context<'_>, name: &str, place: &Place) -> Diagnostic {
    let fixed = context.program.variables.iter().find(|variable| normal(&variable.name) == name);
    if let Some(variable) = fixed {
        let title = context.title(variable);
        let (zh, en) = match variable.kind {
            VariableKind::Factor(_) => ("取自因子库", "comes from the factor catalogue"),
            _ => ("由文档给定", "is fixed by the document"),
        };
        return Diagnostic::error(
            "data-scalar",
            format!("{}{zh}，不能另给值", title.zh),
            format!("{} {en} and cannot be set", title.en),
        )
        .at(place.clone(), "在此给值", "set here")
        .see(context.declared(variable), "在此声明", "declared here");
    }
    let diagnostic = Diagnostic::error(
        "data-scalar",
        format!("没有名为 {name} 的输入或待定参数"),
        format!("there is no input or open param named {name}"),
    )
    .at(place.clone(), "未知名称", "unknown name");
    let like = nearest(name, context.scalar_names());
    if !like.is_empty() {
        let (zh, en) = (like.join("、"), like.join(", "));
        return diagnostic.hint(format!("是否想写 {zh}？"), format!("did you mean {en}?"));
    }
    let all: Vec<&str> = (context.program.variables.iter())
        .filter(|variable| {
            variable.dims.is_empty()
                && matches!(variable.kind, VariableKind::Input(_) | VariableKind::Hole)
        })
        .map(|variable| variable.name.as_str())
        .take(12)
        .collect();
    match all.as_slice() {
        [] => diagnostic.note("文档没有可直接给值的标量", "the document has no scalar to set"),
        _ => diagnostic.note(
            format!("可给值的有：{}", all.join("、")),
            format!("these can be set: {}", all.join(", ")),
        ),
    }
}

/// A value, its notation key, and its unit if it is not the declared one.
type ReadScalar = (Value, Option<Notation>, Option<String>);

fn read_value(
    context: &Context<'_>,
    variable: &Variable,
    text: &str,
) -> Result<ReadScalar, ScalarFault> {
    let quoted = unquoted(text.trim());
    if let Type::Number(declared) = &variable.ty {
        return read_number(context, variable, text, declared);
    }
    let text = quoted.unwrap_or(text);
    let read = CellReader::without_unit(context, variable)
        .read(CellRef::Text(text), 0)
        .map_err(ScalarFault::Cell)?
        .ok_or(ScalarFault::Empty)?;
    Ok((read.value, None, None))
}

fn read_number(
    context: &Context<'_>,
    variable: &Variable,
    text: &str,
    declared: &Unit,
) -> Result<ReadScalar, ScalarFault> {
    if is_nothing(text) {
        return Err(ScalarFault::Empty);
    }
    let input = input_of(variable);
    if let Some(notation) = Notation::parse(&normal(text)) {
        return match input {
            Some(input) if input.notation => Ok((Value::Number(0.0), Some(notation), None)),
            _ => Err(ScalarFault::Cell(CellFault::Notation(notation))),
        };
    }
    let literal = literal::read(text, context.units).map_err(ScalarFault::Literal)?;
    let seen = literal.unit.as_ref().filter(|unit| *unit != declared).map(ToString::to_string);
    let value = match literal.unit {
        Some(unit) => unit.conversion_to(declared).ok_or(ScalarFault::Unit)?.apply(literal.value),
        // A bare 0 fits every unit.
        None if is_one(declared) || literal.value == 0.0 => literal.value,
        None => return Err(ScalarFault::NoUnit),
    };
    let value = value + 0.0;
    if !value.is_finite() {
        let why = Text::new("不是有限的数", "not a finite number");
        return Err(ScalarFault::Cell(CellFault::Number(why)));
    }
    if let Some(input) = input {
        check_bounds(&input.bounds, value).map_err(ScalarFault::Cell)?;
    }
    Ok((Value::Number(value), None, seen))
}

/// What stands between quotation marks, plain or Chinese.
fn unquoted(text: &str) -> Option<&str> {
    let inside = |open: char, close: char| text.strip_prefix(open)?.strip_suffix(close);
    inside('"', '"').or_else(|| inside('“', '”'))
}

fn fault_at(
    context: &Context<'_>,
    variable: &Variable,
    (text, place): (&str, &Place),
    fault: &ScalarFault,
) -> Diagnostic {
    let title = context.title(variable);
    let expected = context.expected(&variable.ty);
    let unit = variable.ty.unit().map(ToString::to_string).unwrap_or_default();
    let text = text.trim();
    let error = |code: &'static str, zh: String, en: String| {
        Diagnostic::error(
            code,
            format!("{}：{zh}", title.zh.trim_end()),
            format!("{}: {en}", title.en),
        )
        .at(place.clone(), format!("应为{}", expected.zh), format!("expected {}", expected.en))
        .see(context.declared(variable), "在此声明", "declared here")
    };
    match fault {
        ScalarFault::Cell(fault) => fault.diagnostic(context, variable, text, place.clone()),
        ScalarFault::Literal(why) => error("data-scalar", why.zh.clone(), why.en.clone()),
        ScalarFault::Empty => error("data-scalar", "没有值".to_owned(), "no value".to_owned()),
        ScalarFault::Unit => error(
            "data-unit",
            format!("「{text}」不能换算为 {unit}"),
            format!("`{text}` does not convert to {unit}"),
        ),
        ScalarFault::NoUnit => {
            let number = literal::read(text, context.units).map_or(3.0, |literal| literal.value);
            let shown = format!("{} {unit}", format_number(number));
            error(
                "data-missing-unit",
                format!("「{text}」没有单位"),
                format!("`{text}` has no unit"),
            )
            .hint(format!("写明单位，如 {shown}"), format!("write the unit, e.g. {shown}"))
        }
    }
}
