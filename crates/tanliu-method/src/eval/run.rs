//! 运行 One run: formulas in order, conditions, evidence, results as tables.

use super::column::{Column, FAULT, PRESENT, Values};
use super::drop::{cannot_drop, drop_key};
use super::frame::NO_KEY;
use super::withheld::{Withheld, shaping_holes};
use super::{Evaluator, Materialized};
use crate::data::{Dataset, GivenGap, Notation};
use crate::program::{IndexId, Key, NodeId, NodeKind, Program, Type, VariableId, VariableKind};
use std::collections::BTreeSet;
use std::rc::Rc;
use tanliu_diagnostic::{Diagnostics, Text};
use tanliu_factor::Catalogue;
use tanliu_unit::time::{Grain, TimeKey};

/// 运行选项
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Runs without the keys that fail a `require`, and says so.
    pub drop_refused: bool,
    /// Variables wanted beside the outputs (a worked example may name any).
    pub also: Vec<VariableId>,
    /// What must stand, where it is not what [`wanted_roots`] says: part of it was made elsewhere.
    pub roots: Option<Vec<VariableId>>,
}

/// 运行结果 Everything a run says.
#[derive(Debug, Default)]
pub struct RunOutcome {
    /// One table per output that is not withheld, in the order of the document; then those of
    /// [`RunOptions::also`]. Empty if the run is refused.
    pub tables: Vec<OutputTable>,
    /// Conditions that fail (they are among the diagnostics too).
    pub violations: Vec<Violation>,
    /// Results that need a hole that is not filled.
    pub withheld: Vec<Withheld>,
    /// Evidence without a row, by item and key.
    pub open_evidence: Vec<(String, String)>,
    /// NE and C under each output they reach: output, input, key, notation.
    pub notations: Vec<(String, String, String, Notation)>,
    /// The factors that were asked.
    pub factors: Vec<FactorUse>,
    /// Keys that `drop_refused` took out.
    pub dropped: Vec<String>,
    /// The data without them, if there are any.
    pub narrowed: Option<Dataset>,
    /// Inputs whose default stood in for data: name, and for how many keys.
    pub defaults: Vec<(String, usize)>,
    /// What gaps lack, where a part of a run was asked for its values.
    pub gaps: Vec<GivenGap>,
    /// Errors and warnings; with an error there are no tables.
    pub diagnostics: Diagnostics,
}

/// 结果表 One result at all its keys, rows in key order of the declared indexes.
#[derive(Debug, Clone)]
pub struct OutputTable {
    /// The variable.
    pub variable: VariableId,
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: Option<String>,
    /// The names of its indexes in the declared order.
    pub indexes: Vec<String>,
    /// Its unit, if it is a number.
    pub unit: Option<String>,
    /// The keys as people read them: one list per index, one entry per row.
    pub keys: Vec<Vec<Rc<str>>>,
    /// One figure per row.
    pub figures: Vec<Figure>,
}

/// 数值 One figure of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// A number in the table's unit.
    Number(f64),
    /// A number that is printed as its notation key.
    Noted(f64, Notation),
    /// True or false.
    Bool(bool),
    /// A text, a date, a member's name.
    Text(Rc<str>),
}

/// 违反的条件 A `require` or `warn` that fails, with the keys.
#[derive(Debug, Clone)]
pub struct Violation {
    /// `warn`
    pub warn: bool,
    /// The message.
    pub message: String,
    /// The keys as people read them; empty for a scalar condition.
    pub keys: Vec<String>,
}

/// 取用的因子
#[derive(Debug, Clone)]
pub struct FactorUse {
    /// The factor's name in the document.
    pub name: String,
    /// The set.
    pub set: String,
    /// The key, as people read it.
    pub key: String,
    /// The value in the declared unit.
    pub value: f64,
    /// Rows of the set.
    pub rows: Vec<usize>,
    /// What was chosen and passed over.
    pub explanation: Text,
}

/// Runs a program over a data set. Pure: the same program, data and factors give the same bits.
pub fn run(
    program: &Program,
    dataset: &Dataset,
    catalogue: &Catalogue,
    options: &RunOptions,
) -> RunOutcome {
    let mut outcome = attempt(program, dataset, catalogue, options);
    if !options.drop_refused {
        return outcome.0;
    }
    let mut narrowed = dataset.clone();
    let mut dropped: Vec<String> = Vec::new();
    for _ in 0..8 {
        let (refused, keys) = (&outcome.0, &outcome.1);
        if refused.violations.iter().all(|violation| violation.warn) || keys.is_empty() {
            break;
        }
        let mut fell = false;
        for key in keys {
            fell |= drop_key(program, &mut narrowed, key);
        }
        if !fell {
            let stays = cannot_drop(program, keys);
            outcome.0.diagnostics.push(stays);
            break;
        }
        for violation in refused.violations.iter().filter(|violation| !violation.warn) {
            let named = violation.keys.iter().map(|key| format!("{key}: {}", violation.message));
            dropped.extend(named);
        }
        outcome = attempt(program, &narrowed, catalogue, options);
    }
    outcome.0.narrowed = (!dropped.is_empty()).then_some(narrowed);
    outcome.0.dropped = dropped;
    outcome.0
}

/// 根 What must stand: outputs, what is asked for, and formulas that nothing else uses.
pub fn wanted_roots(program: &Program, also: &[VariableId]) -> Vec<VariableId> {
    let mut used = BTreeSet::new();
    for (id, variable) in program.variables.iter().enumerate() {
        if let VariableKind::Formula { root, .. } = variable.kind {
            used.extend(program.named_in(root).into_iter().filter(|other| *other != id));
        }
    }
    for condition in &program.conditions {
        used.extend(program.named_in(condition.root));
    }
    let mut roots: Vec<VariableId> = Vec::new();
    for (id, variable) in program.variables.iter().enumerate() {
        let own = !variable.name.contains('.');
        let idle = own
            && matches!(variable.kind, VariableKind::Formula { parameter: false, .. })
            && !used.contains(&id);
        if variable.output || also.contains(&id) || idle {
            roots.push(id);
        }
    }
    roots
}

pub(super) type KeyCodes = Vec<(IndexId, Key)>;

fn attempt(
    program: &Program,
    dataset: &Dataset,
    catalogue: &Catalogue,
    options: &RunOptions,
) -> (RunOutcome, Vec<KeyCodes>) {
    let evaluator = Evaluator::new(program, dataset, catalogue);
    let mut outcome = RunOutcome::default();
    let own = || wanted_roots(program, &options.also);
    let mut roots = options.roots.clone().unwrap_or_else(own);
    let is_shown = |id: &VariableId| {
        program.variables.get(*id).is_some_and(|v| v.output) || options.also.contains(id)
    };
    roots.retain(|id| {
        let holes = shaping_holes(program, dataset, &[*id], &[]);
        if !holes.is_empty() && is_shown(id) {
            let what = evaluator.variable(*id).name.clone();
            outcome.withheld.push(Withheld { what, holes: holes.clone(), keys: None });
        }
        holes.is_empty()
    });
    let conditions: Vec<usize> = (0..program.conditions.len())
        .filter(|number| {
            let Some(condition) = program.conditions.get(*number) else { return false };
            let holes = shaping_holes(program, dataset, &[], &[condition.root]);
            if !holes.is_empty() {
                let what = condition.message.clone();
                outcome.withheld.push(Withheld { what, holes: holes.clone(), keys: None });
            }
            holes.is_empty()
        })
        .collect();
    let nodes: Vec<NodeId> =
        conditions.iter().filter_map(|n| Some(program.conditions.get(*n)?.root)).collect();
    let wanted = program.reach(&roots, &nodes);
    evaluator.run_formulas(&wanted);
    let mut refused = Vec::new();
    let mut states = BTreeSet::new();
    for number in conditions {
        evaluator.check_condition(number, &mut outcome, &mut refused, &mut states);
    }
    evaluator.check_evidence(&mut outcome, &mut refused);
    for id in &roots {
        let made = evaluator.root(*id);
        collect_states(&made.column, &mut states);
        if is_shown(id) {
            let variable = evaluator.variable(*id);
            let made = (&*made.frame, &made.column);
            outcome.withheld.extend(evaluator.withheld(&variable.name, &variable.dims, made));
        }
    }
    states.extend(evaluator.loose.borrow().iter().copied());
    // What waits for a hole is withheld, not refused.
    states.retain(|state| !evaluator.is_hole(*state));
    outcome.diagnostics.extend(evaluator.tell(&states));
    evaluator.note_sources(&wanted, &mut outcome);
    let stands = !outcome.diagnostics.has_errors();
    if stands {
        let shown: Vec<VariableId> = roots
            .iter()
            .copied()
            .filter(|id| is_shown(id))
            .filter(|id| !outcome.is_withheld_whole(&evaluator.variable(*id).name))
            .collect();
        for id in shown {
            outcome.tables.push(evaluator.table(id));
        }
        evaluator.reach_of_notations(&mut outcome);
    }
    outcome.withheld.sort_by(|a, b| a.what.cmp(&b.what));
    (outcome, refused)
}

pub(super) fn collect_states(column: &Column, states: &mut BTreeSet<u32>) {
    states.extend(column.state.iter().copied().filter(|state| *state >= FAULT));
}

impl Evaluator<'_> {
    /// A wanted variable at its own keys (inputs, params and factors may be asked for too).
    pub(crate) fn root(&self, id: VariableId) -> Rc<Materialized> {
        match &self.variable(id).kind {
            VariableKind::Formula { parameter: false, .. } | VariableKind::Input(_) => {
                self.materialize(id)
            }
            _ if self.dataset.inputs.contains_key(&id) => self.materialize(id),
            _ => self.known_param(id),
        }
    }

    /// A parameter or factor at the keys where it is known.
    fn known_param(&self, id: VariableId) -> Rc<Materialized> {
        let node = self
            .program
            .nodes
            .iter()
            .position(|node| matches!(node.kind, NodeKind::Variable(own) if own == id));
        if let Some(node) = node {
            let frame = self.frame_of(node);
            let column = self.eval(node, &frame);
            return Rc::new(Materialized { frame, column });
        }
        if let VariableKind::Formula { root, .. } = self.variable(id).kind {
            let frame = self.frame_of(root);
            let column = self.eval(root, &frame);
            return Rc::new(Materialized { frame, column });
        }
        Rc::new(self.nothing(id))
    }

    pub(super) fn note_sources(&self, wanted: &BTreeSet<VariableId>, outcome: &mut RunOutcome) {
        let mut told: BTreeSet<String> = BTreeSet::new();
        for ((id, key), chosen) in self.factors.borrow().iter() {
            let Ok(chosen) = chosen else { continue };
            let variable = self.variable(*id);
            let VariableKind::Factor(factor) = &variable.kind else { continue };
            let pairs: Vec<_> = variable.dims.iter().copied().zip(key.iter().copied()).collect();
            outcome.factors.push(FactorUse {
                name: variable.name.clone(),
                set: factor.set.clone(),
                key: self.show_key(&pairs),
                value: chosen.value,
                rows: chosen.rows.clone(),
                explanation: chosen.explanation.clone(),
            });
            for finding in &chosen.findings {
                if told.insert(format!("{}{}", finding.code, finding.message.en)) {
                    outcome.diagnostics.push(finding.clone());
                }
            }
        }
        for id in wanted {
            let filled = self.default_count(*id);
            if filled > 0 {
                outcome.defaults.push((self.variable(*id).name.clone(), filled));
            }
        }
    }

    fn reach_of_notations(&self, outcome: &mut RunOutcome) {
        let outputs: Vec<VariableId> =
            (0..self.program.variables.len()).filter(|id| self.variable(*id).output).collect();
        for output in outputs {
            for id in self.program.reach(&[output], &[]) {
                let Some(table) = self.dataset.inputs.get(&id) else { continue };
                let variable = self.variable(id);
                for (row, notation) in table.notations.iter().enumerate() {
                    let Some(notation @ (Notation::NE | Notation::C)) = notation else { continue };
                    let key = variable
                        .dims
                        .iter()
                        .zip(&table.keys)
                        .filter_map(|(index, column)| {
                            let key = column.dictionary.get(*column.codes.get(row)? as usize)?;
                            let index = self.program.indexes.get(*index)?;
                            Some(format!("{} = {}", index.name, index.show(key)))
                        })
                        .collect::<Vec<_>>()
                        .join(", ");
                    let (output, input) =
                        (self.variable(output).name.clone(), variable.name.clone());
                    outcome.notations.push((output, input, key, *notation));
                }
            }
        }
    }

    /// A variable as a table: declared order of indexes, rows in key order.
    pub(crate) fn table(&self, id: VariableId) -> OutputTable {
        let variable = self.variable(id);
        let made = self.root(id);
        let frame = &made.frame;
        let rows = self.shown_rows(id, &made);
        let keys = variable
            .dims
            .iter()
            .map(|index| {
                let column = frame.column(*index).unwrap_or_default();
                let texts = self.key_texts(*index);
                rows.iter()
                    .filter_map(|row| texts.get(*column.get(*row as usize)? as usize).cloned())
                    .collect()
            })
            .collect();
        let figures =
            rows.iter().map(|row| self.figure(&made.column, &variable.ty, *row)).collect();
        OutputTable {
            variable: id,
            name: variable.name.clone(),
            label: variable.label.clone(),
            indexes: variable
                .dims
                .iter()
                .filter_map(|index| Some(self.program.indexes.get(*index)?.name.clone()))
                .collect(),
            unit: variable.ty.unit().map(ToString::to_string),
            keys,
            figures,
        }
    }

    /// The rows of a variable that have a value, in the order of the declared indexes.
    pub(crate) fn shown_rows(&self, id: VariableId, made: &Materialized) -> Vec<u32> {
        let columns: Vec<Vec<u32>> = self
            .variable(id)
            .dims
            .iter()
            .map(|index| made.frame.column(*index).unwrap_or_default().to_vec())
            .collect();
        let order = super::frame::sort_positions(&columns, made.frame.rows);
        order.into_iter().filter(|row| made.column.state(*row as usize) == PRESENT).collect()
    }

    fn key_texts(&self, index: IndexId) -> Vec<Rc<str>> {
        let declared = self.program.indexes.get(index);
        self.dictionary(index)
            .keys
            .iter()
            .map(|key| Rc::from(declared.map(|index| index.show(key)).unwrap_or_default()))
            .collect()
    }

    pub(crate) fn figure(&self, column: &Column, ty: &Type, row: u32) -> Figure {
        let at = row as usize;
        match (&column.values, ty) {
            (Values::Number(list), _) => {
                let number = list.get(at).copied().unwrap_or(0.0) + 0.0;
                match column.notation(at) {
                    Some(notation) => Figure::Noted(number, notation),
                    None => Figure::Number(number),
                }
            }
            (Values::Bool(list), _) => Figure::Bool(list.get(at) == Some(&true)),
            (Values::Text(list), _) => {
                Figure::Text(list.get(at).cloned().unwrap_or_else(|| Rc::from("")))
            }
            (Values::Date(list), _) => {
                let ordinal = list.get(at).copied().unwrap_or(0);
                Figure::Text(TimeKey { grain: Grain::Day, ordinal }.to_string().into())
            }
            (Values::Key(list), Type::Key(index)) => {
                let code = list.get(at).copied().unwrap_or(NO_KEY);
                let declared = self.program.indexes.get(*index);
                Figure::Text(
                    super::frame::show(declared, self.dictionaries.get(*index), code).into(),
                )
            }
            (Values::Key(_), _) => Figure::Text(Rc::from("")),
        }
    }
}
