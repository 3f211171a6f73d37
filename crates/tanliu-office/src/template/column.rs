//! 列 One column for an index or an input: header, note, what may be typed.

use super::header::Headers;
use crate::{TemplateColumn, TemplateColumnKind, Validation};
use tanliu_method::ast::CompareOp;
use tanliu_method::number::format_number;
use tanliu_method::parse::comparison_sign;
use tanliu_method::program::{
    IndexId, IndexKind, Input, Program, Type, Value, Variable, VariableId, VariableKind,
};
use tanliu_unit::time::Grain;

/// The attribute lines that tell how a value is monitored.
const MONITORING: [(&str, &str); 7] = [
    ("source", "数据来源 source"),
    ("frequency", "监测频次 frequency"),
    ("method", "监测方法 method"),
    ("accuracy", "准确度 accuracy"),
    ("qa", "质量控制 QA/QC"),
    ("note", "备注 note"),
    ("standing", "依据 standing"),
];

/// 键列 The column of an index.
pub(super) fn key_column(program: &Program, id: IndexId) -> Option<TemplateColumn> {
    let index = program.indexes.get(id)?;
    let note = match &index.kind {
        IndexKind::Time { grain, ends } => {
            let stamp =
                if *ends { "\n时刻为时段之末 / the stamp ends its interval" } else { "" };
            format!("{}，如 {} / such as {1}{stamp}", grain.word_zh(), grain.example())
        }
        IndexKind::Integer => "整数 / a whole number".to_owned(),
        IndexKind::Text => "文字，同一对象写法须一致 / a text, always written alike".to_owned(),
        IndexKind::Closed(_) => "从列表中选 / choose from the list".to_owned(),
    };
    Some(TemplateColumn {
        header: index.name.clone(),
        note,
        kind: TemplateColumnKind::Key,
        validation: key_validation(&index.name, &index.kind),
        ..TemplateColumn::default()
    })
}

fn key_validation(name: &str, kind: &IndexKind) -> Validation {
    match kind {
        IndexKind::Time { grain: Grain::Year, .. } => Validation::WholeYear,
        IndexKind::Time { .. } | IndexKind::Text => Validation::Text,
        IndexKind::Integer => Validation::Decimal { min: None, max: None },
        IndexKind::Closed(_) => Validation::List(name.to_owned()),
    }
}

/// 数值列 The column of an input or an open parameter.
pub(super) fn value_column(
    program: &Program,
    headers: &Headers<'_>,
    id: VariableId,
) -> Option<TemplateColumn> {
    let variable = program.variables.get(id)?;
    Some(TemplateColumn {
        header: headers.of(id),
        note: note(program, variable),
        kind: TemplateColumnKind::Value,
        validation: validation(program, variable),
        default_text: default_text(program, variable),
        ..TemplateColumn::default()
    })
}

fn input_of(variable: &Variable) -> Option<&Input> {
    match &variable.kind {
        VariableKind::Input(input) => Some(input),
        _ => None,
    }
}

fn validation(program: &Program, variable: &Variable) -> Validation {
    let input = input_of(variable);
    match &variable.ty {
        Type::Number(_) if input.is_some_and(|input| input.notation) => Validation::Any,
        // Excel shows and checks a percentage as its fraction; the binder checks the bounds.
        Type::Number(unit) if unit.to_string() == "%" => Validation::Any,
        Type::Number(_) => {
            let bounds = input.map_or(&[] as &[_], |input| &input.bounds);
            let bound = |above: bool| {
                let matching = bounds.iter().filter_map(|(operator, bound)| {
                    let is_above = matches!(operator, CompareOp::Greater | CompareOp::GreaterEqual);
                    let is_below = matches!(operator, CompareOp::Less | CompareOp::LessEqual);
                    let fits = if above { is_above } else { is_below };
                    (fits || *operator == CompareOp::Equal).then_some(*bound)
                });
                matching.reduce(if above { f64::max } else { f64::min })
            };
            Validation::Decimal { min: bound(true), max: bound(false) }
        }
        Type::Bool => Validation::Bool,
        Type::Text | Type::Date => Validation::Text,
        Type::Key(index) => program
            .indexes
            .get(*index)
            .map_or(Validation::Any, |index| key_validation(&index.name, &index.kind)),
    }
}

/// What the column is: name, label, unit, bounds, how it is monitored.
fn note(program: &Program, variable: &Variable) -> String {
    let mut lines = Vec::new();
    let dims = super::index_names(program, &variable.dims, ", ");
    let signature = match dims.as_str() {
        "" => variable.name.clone(),
        dims => format!("{}[{dims}]", variable.name),
    };
    lines.push(match &variable.label {
        Some(label) => format!("{label} {signature}"),
        None => signature,
    });
    lines.push(match &variable.ty {
        Type::Number(unit) => format!("单位 unit：{unit}"),
        Type::Bool => "是/否 / true or false".to_owned(),
        Type::Text => "文字 / a text".to_owned(),
        Type::Date => "日期，如 2024-01-31 / a date".to_owned(),
        Type::Key(index) => {
            let name = program.indexes.get(*index).map_or("?", |index| &index.name);
            format!("{name} 的一个键 / a key of {name}")
        }
    });
    if let Some(input) = input_of(variable) {
        for (operator, bound) in &input.bounds {
            let sign = comparison_sign(*operator);
            lines.push(format!("范围 bound：{sign} {}", format_number(*bound)));
        }
        if input.notation {
            lines.push("可填 NO、NA、IE、NE、C / may hold these notation keys".to_owned());
        }
        if input.optional {
            lines.push("可缺：没有就整行不填 / optional: leave the row out".to_owned());
        } else if input.default.is_none() {
            lines.push("必填 / needed".to_owned());
        }
    } else {
        lines.push(
            "待定参数：不填则依赖它的结果不予给出 / open: results that need it are withheld"
                .to_owned(),
        );
    }
    for (kind, text) in &variable.attributes {
        let title = MONITORING.iter().find(|(word, _)| word == kind);
        lines.push(format!("{}：{text}", title.map_or(kind.as_str(), |(_, title)| title)));
    }
    lines.join("\n")
}

/// The default as it would be typed, with its unit.
pub(super) fn default_text(program: &Program, variable: &Variable) -> Option<String> {
    let input = input_of(variable)?;
    if let Some(notation) = input.default_notation {
        return Some(notation.word().to_owned());
    }
    let default = input.default.as_ref()?;
    Some(match (default, &variable.ty) {
        (Value::Number(number), Type::Number(unit)) if unit.to_string() == "1" => {
            format_number(*number)
        }
        (Value::Number(number), Type::Number(unit)) => format!("{} {unit}", format_number(*number)),
        (Value::Key(key), Type::Key(index)) => {
            let index = program.indexes.get(*index)?;
            index.show(key)
        }
        (Value::Number(number), _) => format_number(*number),
        (Value::Bool(value), _) => value.to_string(),
        (Value::Text(text), _) => text.to_string(),
        (Value::Date(day), _) => day.to_string(),
        (Value::Key(key), _) => key.to_string(),
    })
}
