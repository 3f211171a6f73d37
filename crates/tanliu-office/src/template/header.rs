//! 表头 The header of a column that the binder reads back as the input it is meant for.

use std::collections::BTreeMap;
use tanliu_method::bind::header::{normal, split_header};
use tanliu_method::document::Document;
use tanliu_method::program::{Program, Type, VariableId};
use tanliu_unit::{Unit, UnitTable};

/// 表头集 Who is meant by which text, as the binder sees it.
pub(super) struct Headers<'a> {
    program: &'a Program,
    units: UnitTable,
    /// Full names, then names without that of the used document, then labels.
    meanings: [BTreeMap<String, Vec<VariableId>>; 3],
}

impl<'a> Headers<'a> {
    pub(super) fn new(program: &'a Program, document: &Document) -> Self {
        let mut units = UnitTable::builtin();
        for (name, definition, _) in &document.front.units {
            // One that does not define is reported by the checker.
            let _ = units.define(name, definition);
        }
        let mut meanings: [BTreeMap<String, Vec<VariableId>>; 3] = Default::default();
        let [full, short, labels] = &mut meanings;
        for (id, variable) in program.variables.iter().enumerate() {
            if !super::is_asked_for(variable) {
                continue;
            }
            full.entry(normal(&variable.name)).or_default().push(id);
            if let Some((_, name)) = variable.name.rsplit_once('.') {
                short.entry(normal(name)).or_default().push(id);
            }
            if let Some(label) = &variable.label {
                labels.entry(normal(label)).or_default().push(id);
            }
        }
        Self { program, units, meanings }
    }

    /// `化石能源消费量（tce）`, or `energy (tce)` where the label would not be read back.
    pub(super) fn of(&self, id: VariableId) -> String {
        let Some(variable) = self.program.variables.get(id) else { return String::new() };
        let unit = match &variable.ty {
            Type::Number(unit) if !(unit.is_dimensionless() && *unit == Unit::one()) => {
                Some(unit.to_string())
            }
            _ => None,
        };
        let label = variable.label.as_ref().filter(|label| !label.trim().is_empty());
        let by_label = label.map(|label| match &unit {
            Some(unit) => format!("{}（{unit}）", label.trim()),
            None => label.trim().to_owned(),
        });
        let by_name = match &unit {
            Some(unit) => format!("{} ({unit})", variable.name),
            None => variable.name.clone(),
        };
        by_label.filter(|header| self.reads_back(header, id, unit.as_deref())).unwrap_or(by_name)
    }

    /// The label, else the name.
    pub(super) fn title(&self, id: VariableId) -> String {
        let variable = self.program.variables.get(id);
        variable.map_or_else(String::new, |variable| match &variable.label {
            Some(label) => format!("{label} {}", variable.name),
            None => variable.name.clone(),
        })
    }

    /// Whether the binder takes the header for this variable in this unit, and nothing else.
    fn reads_back(&self, header: &str, id: VariableId, unit: Option<&str>) -> bool {
        let whole = normal(header);
        let is_index = |index: &tanliu_method::program::Index| {
            let short = index.name.rsplit_once('.').map_or("", |(_, short)| short);
            normal(&index.name) == whole || normal(short) == whole
        };
        let has_line_break = header.contains(['\n', '\r']);
        if has_line_break || whole.starts_with('±') || self.program.indexes.iter().any(is_index) {
            return false;
        }
        let (name, in_brackets) = split_header(&whole);
        let (found, unit_read) = match self.meaning(&whole) {
            [] => (self.meaning(&name), in_brackets),
            found => (found, in_brackets.filter(|unit| self.units.parse(unit).is_ok())),
        };
        found == [id] && unit_read.as_deref().map(normal) == unit.map(normal)
    }

    fn meaning(&self, name: &str) -> &[VariableId] {
        let found = self.meanings.iter().find_map(|meanings| meanings.get(name));
        found.map_or(&[], Vec::as_slice)
    }
}
