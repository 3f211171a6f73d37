//! 收窄 Which rows of wide tables a figure is made of, so that its derivation reads only them.
//!
//! From the figure's key downwards: what an operation asks of its operands at those keys. Where an
//! operation may look at other keys (an earlier year, a rank, a look-up) nothing is narrowed along
//! that index: the rows are always all that the figure needs, sometimes more.

use crate::EngineError;
use crate::atom::{Atom, AtomKind};
use crate::feed::WideInput;
use crate::lane::runs_in_order;
use crate::source::{Predicate, WideColumn};
use arrow::datatypes::DataType;
use std::collections::{BTreeMap, BTreeSet};
use tanliu_method::data::Dataset;
use tanliu_method::program::{
    Group, IndexId, Key, NodeId, NodeKind, Program, Step, Target, Value, VariableId, VariableKind,
};
use tanliu_method::table::Table;
use tanliu_unit::time::{Grain, TimeKey};

/// 1970-01-01 00:00, in seconds from 0000-01-01.
const EPOCH_SECOND: i64 = 719_528 * 86_400;

/// 限制 The keys of an index that are wanted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Limit {
    /// One of these.
    In(BTreeSet<Atom>),
    /// Within a period: from the first second to the one behind the last.
    Within(i64, i64),
}

/// Indexes without an entry are not limited.
type Limits = BTreeMap<IndexId, Limit>;

/// Reads those rows of wide tables that a figure is made of: one table for each wide one, in the
/// order in which the inputs name them.
///
/// # Errors
/// What is wrong with the files; more rows than `most`.
pub fn load_for(
    program: &Program,
    dataset: &Dataset,
    (variable, keys): (VariableId, &[(IndexId, Key)]),
    wide: &[WideInput],
    most: u64,
) -> Result<Vec<Table>, EngineError> {
    let mut narrowing =
        Narrowing { program, dataset, found: BTreeMap::new(), seen: BTreeSet::new() };
    let limits = keys.iter().filter_map(|(index, key)| narrowing.limit(*index, key)).collect();
    narrowing.variable(variable, limits);
    let mut tables: Vec<Table> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for input in wide {
        let shown = input.table.shown.as_str();
        if names.contains(&shown) {
            continue;
        }
        names.push(shown);
        let own: Vec<&WideInput> = wide.iter().filter(|own| own.table.shown == shown).collect();
        let predicate = narrowing.predicate(&own);
        tables.push(input.table.load_where(predicate, most).map_err(EngineError::source)?);
    }
    Ok(tables)
}

struct Narrowing<'a> {
    program: &'a Program,
    dataset: &'a Dataset,
    /// What is asked of each input.
    found: BTreeMap<VariableId, Limits>,
    seen: BTreeSet<(NodeId, Limits)>,
}

impl Narrowing<'_> {
    fn limit(&self, index: IndexId, key: &Key) -> Option<(IndexId, Limit)> {
        let limit = match key {
            Key::Time(key) if key.grain < Grain::Instant => {
                let (from, to) = seconds(*key, self.kind(index));
                Limit::Within(from, to)
            }
            key => Limit::In([Atom::from(key)].into()),
        };
        Some((index, limit))
    }

    fn kind(&self, index: IndexId) -> AtomKind {
        self.program.indexes.get(index).map_or(AtomKind::Integer, AtomKind::of)
    }

    fn variable(&mut self, id: VariableId, mut limits: Limits) {
        let Some(variable) = self.program.variables.get(id) else { return };
        limits.retain(|index, _| variable.dims.contains(index));
        if runs_in_order(self.program, id) {
            for step in &self.program.order {
                if let Step::Recurrence { index, .. } = step {
                    limits.remove(index);
                }
            }
        }
        match &variable.kind {
            VariableKind::Input(_) => self.ask(id, limits),
            kind => {
                if let Some(root) = kind.root() {
                    self.node(root, limits);
                }
            }
        }
    }

    /// What is asked of an input, together with what was asked before.
    fn ask(&mut self, id: VariableId, limits: Limits) {
        let Some(known) = self.found.get_mut(&id) else {
            self.found.insert(id, limits);
            return;
        };
        known.retain(|index, limit| match (limit, limits.get(index)) {
            (Limit::In(own), Some(Limit::In(other))) => {
                own.extend(other.iter().cloned());
                true
            }
            (Limit::Within(from, to), Some(Limit::Within(first, last))) => {
                (*from, *to) = ((*from).min(*first), (*to).max(*last));
                true
            }
            _ => false,
        });
    }

    fn node(&mut self, node: NodeId, mut limits: Limits) {
        let Some(found) = self.program.nodes.get(node) else { return };
        limits.retain(|index, _| found.dims.contains(index));
        if !self.seen.insert((node, limits.clone())) {
            return;
        }
        match &found.kind {
            NodeKind::Variable(id) => self.variable(*id, limits),
            NodeKind::Group(group) => self.group(&group.clone(), &limits),
            NodeKind::Shift { value, index, .. } => {
                limits.remove(index);
                self.node(*value, limits);
            }
            NodeKind::Window(window) => {
                limits.remove(&window.index);
                found.kind.children().into_iter().for_each(|n| self.node(n, limits.clone()));
            }
            NodeKind::Running(_, value, over) => {
                over.iter().for_each(|index| {
                    limits.remove(index);
                });
                self.node(*value, limits);
            }
            NodeKind::Lookup { value, selectors } => {
                let mut own = limits.clone();
                for (index, selector) in selectors {
                    own.remove(index);
                    self.node(*selector, limits.clone());
                }
                self.node(*value, own);
            }
            kind => {
                kind.children().into_iter().for_each(|n| self.node(n, limits.clone()));
            }
        }
    }

    fn group(&mut self, group: &Group, limits: &Limits) {
        let mut own: Limits = limits.clone();
        for index in &group.over {
            own.remove(index);
        }
        for target in &group.targets {
            match target {
                Target::To { from, index } => {
                    if let Some(limit @ Limit::Within(..)) = limits.get(index) {
                        let limit = self.stamped(*from, limit.clone());
                        own.insert(*from, limit);
                    }
                    own.remove(index);
                }
                Target::By { mapping, index } => {
                    if let Some((source, keys)) = self.mapped(*mapping, limits.get(index)) {
                        // Two mappings of one index: only what both send there.
                        let both = match own.get(&source) {
                            Some(Limit::In(before)) => {
                                before.intersection(&keys).cloned().collect()
                            }
                            _ => keys,
                        };
                        own.insert(source, Limit::In(both));
                    }
                    own.remove(index);
                }
            }
        }
        let children = [Some(group.value), group.second, group.weight];
        let mappings = group.targets.iter().filter_map(|target| match target {
            Target::By { mapping, .. } => Some(*mapping),
            Target::To { .. } => None,
        });
        for child in children.into_iter().flatten().chain(mappings) {
            self.node(child, own.clone());
        }
    }

    /// Data that stamp the end of an interval belong to the period before.
    fn stamped(&self, from: IndexId, limit: Limit) -> Limit {
        match (self.kind(from), limit) {
            (AtomKind::Time { grain, ends: true }, Limit::Within(first, last))
                if grain >= Grain::Hour =>
            {
                let step = if grain == Grain::Hour { 3_600 } else { 1 };
                Limit::Within(first + step, last + step)
            }
            (_, limit) => limit,
        }
    }

    /// The keys that a mapping in memory sends to the wanted ones.
    fn mapped(&self, mapping: NodeId, wanted: Option<&Limit>) -> Option<(IndexId, BTreeSet<Atom>)> {
        let Some(Limit::In(wanted)) = wanted else { return None };
        let NodeKind::Variable(id) = self.program.nodes.get(mapping)?.kind else { return None };
        let variable = self.program.variables.get(id)?;
        let [index] = variable.dims.as_slice() else { return None };
        let table = self.dataset.inputs.get(&id)?;
        let [column] = table.keys.as_slice() else { return None };
        let keys = column.codes.iter().zip(&table.values).filter_map(|(code, value)| {
            let Value::Key(target) = value else { return None };
            let key = column.dictionary.get(*code as usize)?;
            wanted.contains(&Atom::from(target)).then(|| Atom::from(key))
        });
        Some((*index, keys.collect()))
    }

    /// What is asked of a table: what is asked of all its inputs.
    fn predicate(&self, inputs: &[&WideInput]) -> Option<Predicate> {
        let mut asked =
            inputs.iter().filter_map(|input| Some((input, self.found.get(&input.variable)?)));
        let (first, limits) = asked.next()?;
        // Inputs of one table that are asked differently are read whole.
        if asked.any(|(_, other)| other != limits) {
            return None;
        }
        let parts: Vec<Predicate> = (first.keys.iter())
            .filter_map(|(index, number)| {
                let column = (*number as usize).checked_sub(1)?;
                let column = first.table.columns.get(column)?;
                predicate_of(column, limits.get(index)?)
            })
            .collect();
        (!parts.is_empty()).then_some(Predicate::All(parts))
    }
}

/// What asks a column for rows with some keys; nothing if it cannot be asked so. Rows with other
/// keys may come too.
pub(crate) fn keys_wanted(
    column: &WideColumn,
    kind: AtomKind,
    keys: &BTreeSet<Atom>,
) -> Option<Predicate> {
    let limit = match (kind, keys.first()?, keys.last()?) {
        (AtomKind::Time { grain, .. }, Atom::Number(first), Atom::Number(last)) => {
            let begins = |ordinal: i64| seconds(TimeKey { grain, ordinal }, kind);
            Limit::Within(begins(*first).0, begins(*last).1)
        }
        // Footers judge a range of texts, but no long list of them.
        (AtomKind::Text, Atom::Text(least), Atom::Text(greatest)) if is_text(column) => {
            let (least, greatest) = (least.to_string(), greatest.to_string());
            return Some(Predicate::TextWithin {
                column: column.physical.clone(),
                least,
                greatest,
            });
        }
        _ => Limit::In(keys.clone()),
    };
    predicate_of(column, &limit)
}

fn is_text(column: &WideColumn) -> bool {
    matches!(column.data_type, DataType::Utf8 | DataType::Dictionary(..))
}

fn predicate_of(column: &WideColumn, limit: &Limit) -> Option<Predicate> {
    let name = column.physical.clone();
    let is_text = is_text(column);
    let is_time = matches!(column.data_type, DataType::Timestamp(..) | DataType::Date32);
    match limit {
        Limit::In(keys) if is_text => {
            let texts = keys.iter().map(|key| match key {
                Atom::Text(text) => Some(text.to_string()),
                Atom::Number(_) => None,
            });
            Some(Predicate::TextIn { column: name, texts: texts.collect::<Option<_>>()? })
        }
        Limit::In(keys) if column.data_type.is_integer() => {
            let numbers = keys.iter().map(|key| match key {
                Atom::Number(number) => Some(*number),
                Atom::Text(_) => None,
            });
            let numbers: Vec<i64> = numbers.collect::<Option<_>>()?;
            let (least, greatest) = (*numbers.iter().min()?, *numbers.iter().max()?);
            Some(Predicate::IntegerWithin { column: name, least, greatest })
        }
        Limit::Within(from, to) if is_time => Some(Predicate::TimeWithin {
            column: name,
            from_seconds: from - EPOCH_SECOND,
            to_seconds: to - EPOCH_SECOND,
        }),
        Limit::In(_) | Limit::Within(..) => None,
    }
}

/// The seconds of a period, counted from 0000-01-01.
fn seconds(key: TimeKey, kind: AtomKind) -> (i64, i64) {
    debug_assert!(matches!(kind, AtomKind::Time { .. }), "a time key is of a time index");
    let begins = |key: TimeKey| key.coarsen(Grain::Instant, false).ordinal;
    (begins(key), begins(key.step(1)))
}
