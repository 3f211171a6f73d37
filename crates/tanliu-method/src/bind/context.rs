//! 上下文 What every step of binding asks: names of the program, units, how types read.

use super::BindInput;
use super::header::normal;
use crate::program::{IndexId, Input, Program, Type, Variable, VariableId, VariableKind};
use crate::table::Table;
use std::collections::BTreeMap;
use tanliu_diagnostic::{Place, Text};
use tanliu_unit::{Unit, UnitError, UnitTable};

/// 上下文 The program with its names sorted for looking up.
pub(super) struct Context<'a> {
    /// The program.
    pub(super) program: &'a Program,
    /// Unit names.
    pub(super) units: &'a UnitTable,
    /// Names that each table supplies, for worked examples.
    pub(super) restricted: Option<&'a [Vec<String>]>,
    /// Indexes by name.
    indexes: Lookup<IndexId>,
    /// Inputs, holes (and factors, in worked examples) by name.
    names: Lookup<VariableId>,
    /// The same by label.
    labels: BTreeMap<String, Vec<VariableId>>,
}

/// Names in full, and without the name of the used document before the dot.
struct Lookup<Id> {
    full: BTreeMap<String, Vec<Id>>,
    short: BTreeMap<String, Vec<Id>>,
}

impl<Id: Copy> Lookup<Id> {
    fn new<'n>(names: impl Iterator<Item = (&'n str, Id)>) -> Self {
        let mut lookup = Self { full: BTreeMap::new(), short: BTreeMap::new() };
        for (name, id) in names {
            lookup.full.entry(normal(name)).or_default().push(id);
            if let Some((_, short)) = name.rsplit_once('.') {
                lookup.short.entry(normal(short)).or_default().push(id);
            }
        }
        lookup
    }

    /// The full name first; a short one only if nothing is so named.
    fn find(&self, name: &str) -> &[Id] {
        self.full.get(name).or_else(|| self.short.get(name)).map_or(&[], Vec::as_slice)
    }
}

impl<'a> Context<'a> {
    /// Sorts the program's names.
    pub(super) fn new(program: &'a Program, input: &BindInput<'a>) -> Self {
        let restricted = input.restricted;
        let supplied = || {
            (program.variables.iter().enumerate())
                .filter(move |(_, variable)| is_supplied(variable, restricted.is_some()))
        };
        let mut labels: BTreeMap<String, Vec<VariableId>> = BTreeMap::new();
        for (id, variable) in supplied() {
            if let Some(label) = &variable.label {
                labels.entry(normal(label)).or_default().push(id);
            }
        }
        let indexes = program.indexes.iter().enumerate();
        Self {
            program,
            units: input.units,
            restricted,
            indexes: Lookup::new(indexes.map(|(id, index)| (index.name.as_str(), id))),
            names: Lookup::new(supplied().map(|(id, variable)| (variable.name.as_str(), id))),
            labels,
        }
    }

    /// The indexes of that (normal) name; more than one only if documents disagree.
    pub(super) fn indexes_named(&self, name: &str) -> &[IndexId] {
        self.indexes.find(name)
    }

    /// The inputs, holes and factors of that (normal) name or label; names go first.
    pub(super) fn variables_named(&self, name: &str) -> &[VariableId] {
        match self.names.find(name) {
            [] => self.labels.get(name).map_or(&[], Vec::as_slice),
            found => found,
        }
    }

    /// All names and labels that data may use: inputs, holes and indexes.
    pub(super) fn known_names(&self) -> impl Iterator<Item = &str> {
        let names = self.names.full.keys().chain(self.labels.keys());
        names.chain(self.indexes.full.keys()).map(String::as_str)
    }

    /// Names and labels of what scalars may set.
    pub(super) fn scalar_names(&self) -> impl Iterator<Item = &str> {
        self.names.full.keys().chain(self.labels.keys()).map(String::as_str)
    }

    /// Whether a worked example's table `number` supplies this variable (always, if it is none).
    pub(super) fn allows(&self, number: usize, id: VariableId) -> bool {
        let Some(restricted) = self.restricted else { return true };
        let given = restricted.get(number).map_or(&[] as &[String], Vec::as_slice);
        given.iter().any(|name| self.variables_named(&normal(name)).contains(&id))
    }

    /// The variable.
    pub(super) fn variable(&self, id: VariableId) -> Option<&'a Variable> {
        self.program.variables.get(id)
    }

    /// `input energy[year, fuel]` in both languages. The Chinese text ends in a blank, where Chinese
    /// signs follow Latin ones.
    pub(super) fn title(&self, variable: &Variable) -> Text {
        let (zh, en) = match variable.kind {
            VariableKind::Input(_) => ("输入", "input"),
            VariableKind::Hole => ("待定参数", "open param"),
            VariableKind::Factor(_) => ("因子", "factor"),
            // A param whose value is an expression is held as a formula.
            VariableKind::Param(_) | VariableKind::Formula { parameter: true, .. } => {
                ("参数", "param")
            }
            VariableKind::Formula { parameter: false, .. } => ("公式", "formula"),
        };
        let shown = self.signature(variable);
        let label = variable
            .label
            .as_ref()
            .map(|label| format!("「{label}」"))
            .unwrap_or_else(|| " ".to_owned());
        Text::new(format!("{zh} {shown}{label}"), format!("{en} {shown}"))
    }

    /// `energy[year, fuel]`
    pub(super) fn signature(&self, variable: &Variable) -> String {
        match variable.dims.as_slice() {
            [] => variable.name.clone(),
            dims => format!("{}[{}]", variable.name, self.index_names(dims)),
        }
    }

    /// `year, fuel`
    pub(super) fn index_names(&self, dims: &[IndexId]) -> String {
        let name = |id: &IndexId| self.program.indexes.get(*id).map_or("?", |index| &index.name);
        dims.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    /// Where a variable is declared.
    pub(super) fn declared(&self, variable: &Variable) -> Place {
        self.program.place(variable.origin)
    }

    /// What a cell of this type should hold.
    pub(super) fn expected(&self, ty: &Type) -> Text {
        match ty {
            Type::Number(unit) if is_one(unit) => Text::new("数", "a number"),
            Type::Number(unit) => {
                Text::new(format!("以 {unit} 计的数"), format!("a number in {unit}"))
            }
            Type::Bool => Text::new("「是」「否」或 true、false", "true or false (or 是, 否)"),
            Type::Text => Text::new("文字", "a text"),
            Type::Date => Text::new("日期（如 2024-01-31）", "a date such as 2024-01-31"),
            Type::Key(index) => {
                let name = self.program.indexes.get(*index).map_or("?", |index| &index.name);
                Text::new(format!("索引 {name} 的一个键"), format!("a key of index {name}"))
            }
        }
    }
}

/// Whether data may supply it.
fn is_supplied(variable: &Variable, example: bool) -> bool {
    match variable.kind {
        VariableKind::Input(_) | VariableKind::Hole => true,
        VariableKind::Factor(_) => example,
        VariableKind::Param(_) | VariableKind::Formula { .. } => false,
    }
}

/// The input's declaration, if it is an input.
pub(super) fn input_of(variable: &Variable) -> Option<&Input> {
    match &variable.kind {
        VariableKind::Input(input) => Some(input),
        _ => None,
    }
}

/// The unit 1, the only one that may go unwritten.
pub(super) fn is_one(unit: &Unit) -> bool {
    unit.is_dimensionless() && *unit == Unit::one()
}

/// `data.xlsx [煤耗]`: a table as messages name it.
pub(super) fn table_title(table: &Table) -> String {
    match &table.sheet {
        Some(sheet) => format!("{} [{sheet}]", table.source),
        None => table.source.clone(),
    }
}

/// What is wrong with a unit's text.
pub(super) fn unit_fault(text: &str, error: &UnitError) -> Text {
    match error {
        UnitError::Unknown { word, near, .. } if near.is_empty() => Text::new(
            format!("「{text}」中有未知单位「{word}」"),
            format!("unknown unit `{word}` in `{text}`"),
        ),
        UnitError::Unknown { word, near, .. } => Text::new(
            format!("「{text}」中有未知单位「{word}」；是否想写 {}？", near.join("、")),
            format!("unknown unit `{word}` in `{text}`; did you mean {}?", near.join(", ")),
        ),
        UnitError::Syntax { expected, expected_zh, .. } => Text::new(
            format!("「{text}」不是单位：此处应为{expected_zh}"),
            format!("`{text}` is no unit: expected {expected}"),
        ),
        other => {
            let (zh, en) = (other.text_zh(), other.text_en());
            Text::new(format!("「{text}」不能作单位：{zh}"), format!("`{text}` is no unit: {en}"))
        }
    }
}
