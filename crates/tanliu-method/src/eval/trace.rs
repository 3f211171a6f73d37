//! 溯源 The derivation of one figure down to inputs and factors, each with value, unit, source, page.

use super::Evaluator;
use super::column::{ABSENT, PRESENT};
use super::frame::{Frame, NO_KEY, NO_ROW};
use super::run::Figure;
use crate::data::Dataset;
use crate::program::{
    Group, IndexId, Key, NodeId, NodeKind, Program, Running, VariableId, VariableKind,
};
use std::collections::BTreeSet;
use std::rc::Rc;
use tanliu_diagnostic::{Span, Text};
use tanliu_factor::Catalogue;

/// How many operands of one figure are followed.
const OPERANDS_MAX: usize = 40;

/// 溯源树 One figure with what it was made of.
#[derive(Debug, Clone)]
pub struct Trace {
    /// Its variable.
    pub name: String,
    /// Its label.
    pub label: Option<String>,
    /// Index and key as people read them.
    pub key: Vec<(String, String)>,
    /// The figure; none if absent or at fault.
    pub figure: Option<Figure>,
    /// Its unit.
    pub unit: Option<String>,
    /// Why there is no figure.
    pub lack: Option<Text>,
    /// Where the declaration stands: document and bytes.
    pub declared: (String, Span),
    /// Where the right side stands: for an input of a used document in the outer one.
    pub formula: Option<(String, Span)>,
    /// What it rests on.
    pub leaf: Leaf,
    /// Attribute lines of the declaration.
    pub attributes: Vec<(String, String)>,
    /// The figures it was made of, in the order of the formula.
    pub operands: Vec<Trace>,
    /// Operands beyond the limit.
    pub more: usize,
    /// It stands above already, or the depth is used up: operands are left out.
    pub cut: bool,
}

/// 末端 What a figure rests on.
#[derive(Debug, Clone)]
pub enum Leaf {
    /// A formula: see the operands.
    Formula,
    /// A cell: file, sheet, row, column, the unit it was written in.
    Cell {
        /// File.
        source: String,
        /// Sheet.
        sheet: Option<String>,
        /// Row, as people count.
        row: u32,
        /// Column, from 1.
        column: u32,
        /// The data's own unit, if it differs.
        unit_seen: Option<String>,
    },
    /// Set by hand.
    Set,
    /// The declared default.
    Default,
    /// Nothing: no row has the key, and there is no default.
    Lacking,
    /// A constant of the document.
    Parameter,
    /// A factor of the catalogue.
    Factor {
        /// The set.
        set: String,
        /// What was chosen and passed over.
        explanation: Text,
        /// Title of the source.
        source: String,
        /// Page or section.
        page: String,
        /// verified, secondary, memory, illustration.
        standing: String,
    },
}

/// 溯源请求有误
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum TraceError {
    /// No such variable.
    #[error("there is no value `{0}`")]
    UnknownName(String),
    /// An index lacks its key, or is not one of the value's.
    #[error("`{name}` is indexed by [{indexes}]: give each a key")]
    Keys {
        /// The variable.
        name: String,
        /// Its indexes.
        indexes: String,
    },
    /// A key that this run does not know.
    #[error("there is no `{index} = {key}` in this run")]
    UnknownKey {
        /// The index.
        index: String,
        /// The key.
        key: String,
    },
}

/// The derivation of `name` at `keys` (index name, key), `depth` levels deep.
///
/// # Errors
/// Says which name, index or key is not there.
pub fn trace(
    program: &Program,
    (dataset, catalogue): (&Dataset, &Catalogue),
    name: &str,
    keys: &[(String, Key)],
    depth: usize,
) -> Result<Trace, TraceError> {
    Tracer::new(program, dataset, catalogue).trace(name, keys, depth)
}

/// 溯源器 Derives one figure after another of the same run: what was evaluated for one is there for
/// the next.
pub struct Tracer<'a> {
    evaluator: Evaluator<'a>,
    ready: BTreeSet<VariableId>,
}

impl<'a> Tracer<'a> {
    /// A tracer over a program's data. Nothing is evaluated yet.
    #[must_use]
    pub fn new(program: &'a Program, dataset: &'a Dataset, catalogue: &'a Catalogue) -> Self {
        Self { evaluator: Evaluator::new(program, dataset, catalogue), ready: BTreeSet::new() }
    }

    /// The derivation of `name` at `keys` (index name, key), `depth` levels deep.
    ///
    /// # Errors
    /// Says which name, index or key is not there.
    pub fn trace(
        &mut self,
        name: &str,
        keys: &[(String, Key)],
        depth: usize,
    ) -> Result<Trace, TraceError> {
        let program = self.evaluator.program;
        let id = program.variable(name).ok_or_else(|| TraceError::UnknownName(name.to_owned()))?;
        let reach = program.reach(&[id], &[]);
        self.evaluator.run_formulas(&reach.difference(&self.ready).copied().collect());
        self.ready.extend(reach);
        let codes = self.codes(id, keys)?;
        let mut walk = Walk { evaluator: &self.evaluator, seen: BTreeSet::new() };
        Ok(walk.figure(id, &codes, depth))
    }

    fn codes(&self, id: VariableId, keys: &[(String, Key)]) -> Result<Codes, TraceError> {
        let program = self.evaluator.program;
        let variable = self.evaluator.variable(id);
        let wrong = || TraceError::Keys {
            name: variable.name.clone(),
            indexes: names(program, &variable.dims),
        };
        let mut codes: Codes = Vec::new();
        for index in &variable.dims {
            let declared = program.indexes.get(*index);
            let own = declared.map(|index| index.name.clone()).unwrap_or_default();
            let (_, key) = keys.iter().find(|(name, _)| *name == own).ok_or_else(wrong)?;
            let Some(code) = self.evaluator.dictionary(*index).code(key) else {
                let key = declared.map(|index| index.show(key)).unwrap_or_default();
                return Err(TraceError::UnknownKey { index: own, key });
            };
            codes.push((*index, code));
        }
        if keys.len() != variable.dims.len() {
            return Err(wrong());
        }
        Ok(codes)
    }
}

fn names(program: &Program, dims: &[IndexId]) -> String {
    let names: Vec<&str> = dims
        .iter()
        .filter_map(|index| program.indexes.get(*index))
        .map(|index| index.name.as_str())
        .collect();
    names.join(", ")
}

type Codes = Vec<(IndexId, u32)>;

/// One derivation: what stands in it already is not opened again.
struct Walk<'w, 'p> {
    evaluator: &'w Evaluator<'p>,
    seen: BTreeSet<(VariableId, Codes)>,
}

impl Walk<'_, '_> {
    fn figure(&mut self, id: VariableId, codes: &[(IndexId, u32)], depth: usize) -> Trace {
        let evaluator = self.evaluator;
        let variable = evaluator.variable(id);
        let frame = self.frame(codes);
        let column = match variable.kind {
            VariableKind::Formula { root, parameter: true } => evaluator.eval(root, &frame),
            _ => evaluator.variable_at(id, &frame),
        };
        let state = column.state(0);
        let shown = |(index, code): &(IndexId, u32)| {
            let declared = evaluator.program.indexes.get(*index);
            let name = declared.map(|index| index.name.clone()).unwrap_or_default();
            (name, super::frame::show(declared, evaluator.dictionaries.get(*index), *code))
        };
        let document = evaluator.program.documents.get(variable.origin.document);
        let mut trace = Trace {
            name: variable.name.clone(),
            label: variable.label.clone(),
            key: codes.iter().map(shown).collect(),
            figure: (state == PRESENT).then(|| evaluator.figure(&column, &variable.ty, 0)),
            unit: variable.ty.unit().map(ToString::to_string),
            lack: match state {
                PRESENT => None,
                ABSENT => Some(Text::new("无值", "absent")),
                state => evaluator.fault_text(state),
            },
            declared: (
                document.map(|d| d.source.clone()).unwrap_or_default(),
                variable.origin.span,
            ),
            formula: None,
            leaf: self.leaf(id, codes),
            attributes: variable.attributes.clone(),
            operands: Vec::new(),
            more: 0,
            cut: false,
        };
        let VariableKind::Formula { root, .. } = variable.kind else { return trace };
        let written = evaluator.node(root).origin;
        let document = evaluator.program.documents.get(written.document);
        trace.formula = document.map(|document| (document.source.clone(), written.span));
        if depth == 0 || !self.seen.insert((id, codes.to_vec())) {
            trace.cut = true;
            return trace;
        }
        let mut operands = Operands::default();
        self.collect(root, &frame, &mut operands);
        trace.more = operands.more;
        trace.operands =
            operands.list.iter().map(|(id, codes)| self.figure(*id, codes, depth - 1)).collect();
        trace
    }

    fn frame(&self, codes: &[(IndexId, u32)]) -> Rc<Frame> {
        let mut codes = codes.to_vec();
        codes.sort_unstable();
        let dims = codes.iter().map(|(index, _)| *index).collect();
        let columns = codes.iter().map(|(_, code)| vec![*code]).collect();
        self.evaluator.frames.make(dims, columns, 1, true)
    }

    fn leaf(&self, id: VariableId, codes: &[(IndexId, u32)]) -> Leaf {
        let evaluator = self.evaluator;
        let variable = evaluator.variable(id);
        if let Some(table) = evaluator.dataset.inputs.get(&id) {
            // The code of each key in the table's own columns, so that rows are compared by numbers.
            let wanted: Option<Vec<u32>> = (variable.dims.iter().zip(&table.keys))
                .map(|(index, column)| {
                    let code = codes.iter().find(|(own, _)| own == index).map(|(_, code)| *code)?;
                    let key = evaluator.dictionary(*index).key(code)?;
                    let place = column.dictionary.iter().position(|own| own == key)?;
                    u32::try_from(place).ok()
                })
                .collect();
            let row = wanted.and_then(|wanted| {
                (0..table.values.len()).find(|row| {
                    let mut columns = table.keys.iter().zip(&wanted);
                    columns.all(|(column, code)| column.codes.get(*row) == Some(code))
                })
            });
            let source = table.source.and_then(|source| evaluator.dataset.sources.get(source));
            return match (row, source) {
                (Some(row), Some(source)) if row < table.rows.len() => Leaf::Cell {
                    source: source.source.clone(),
                    sheet: source.sheet.clone(),
                    row: table.rows.get(row).copied().unwrap_or(0),
                    column: table.column,
                    unit_seen: table.unit_seen.clone(),
                },
                (Some(row), None) if row + table.filled < table.values.len() => Leaf::Set,
                _ => unsupplied(&variable.kind),
            };
        }
        match &variable.kind {
            VariableKind::Input(_) => unsupplied(&variable.kind),
            VariableKind::Param(_) | VariableKind::Hole => Leaf::Parameter,
            VariableKind::Factor(factor) => self.factor_leaf(id, &factor.set, codes),
            VariableKind::Formula { .. } => Leaf::Formula,
        }
    }

    fn factor_leaf(&self, id: VariableId, set: &str, codes: &[(IndexId, u32)]) -> Leaf {
        let evaluator = self.evaluator;
        let key: Vec<u32> = evaluator
            .variable(id)
            .dims
            .iter()
            .filter_map(|index| codes.iter().find(|(own, _)| own == index))
            .map(|(_, code)| *code)
            .collect();
        let chosen = evaluator.factors.borrow().get(&(id, key)).cloned();
        let (mut source, mut page, mut standing) = (String::new(), String::new(), String::new());
        let mut explanation = Text::same("");
        if let Some(Ok(chosen)) = chosen {
            explanation = chosen.explanation.clone();
            let row =
                evaluator.catalogue.set(set).and_then(|set| set.rows.get(*chosen.rows.first()?));
            if let Some(row) = row {
                source = row.source.clone();
                page = row.page.clone();
                standing = row.standing.word().to_owned();
            }
        }
        Leaf::Factor { set: set.to_owned(), explanation, source, page, standing }
    }

    /// The variables a node takes its value from at one key, in the order of the formula; only the
    /// branches that are taken.
    fn collect(&self, node: NodeId, frame: &Rc<Frame>, found: &mut Operands) {
        let evaluator = self.evaluator;
        match &evaluator.node(node).kind {
            NodeKind::Variable(id) => {
                let codes = evaluator
                    .variable(*id)
                    .dims
                    .iter()
                    .filter_map(|index| Some((*index, *frame.column(*index)?.first()?)))
                    .collect();
                found.add(*id, codes);
            }
            NodeKind::If(condition, a, b) => {
                self.collect(*condition, frame, found);
                let condition = evaluator.eval(*condition, frame);
                let branch = if condition.bools().first() == Some(&true) { a } else { b };
                self.collect(*branch, frame, found);
            }
            NodeKind::Match(value, arms) => {
                self.collect(*value, frame, found);
                for (test, branch) in arms {
                    let seen = evaluator.eval(*value, frame);
                    let ty = evaluator.node(*value).ty.clone();
                    if evaluator.test(test, &seen, &ty, frame).bools().first() == Some(&true) {
                        self.collect(*branch, frame, found);
                        break;
                    }
                }
            }
            NodeKind::Default(a, b) => {
                let has = evaluator.eval(*a, frame).state(0) == PRESENT;
                self.collect(if has { *a } else { *b }, frame, found);
            }
            NodeKind::Shift { value, index, steps } => {
                let moved = evaluator.moved(frame, *index, *steps);
                if evaluator.eval(*value, &moved).state(0) == PRESENT {
                    self.collect(*value, &moved, found);
                }
            }
            NodeKind::Lookup { value, selectors } => {
                self.collect_lookup(*value, selectors, frame, found);
            }
            NodeKind::Group(group) => self.collect_group(node, group, frame, found),
            NodeKind::Window(window) => {
                let keys = evaluator.frame_of(window.value);
                let steps = i64::from(window.steps);
                for back in (0..steps).rev() {
                    let moved = evaluator.moved(frame, window.index, -back);
                    let trimmed = evaluator.trimmed(&moved, &keys.dims);
                    if evaluator.frames.locate(&keys, &trimmed).first() != Some(&NO_ROW) {
                        self.collect(window.value, &trimmed, found);
                    }
                }
            }
            NodeKind::Running(running, value, over) => {
                self.collect_running(*running, *value, over, frame, found);
            }
            kind => kind.children().iter().for_each(|child| self.collect(*child, frame, found)),
        }
    }

    fn collect_lookup(
        &self,
        value: NodeId,
        selectors: &[(IndexId, NodeId)],
        frame: &Rc<Frame>,
        found: &mut Operands,
    ) {
        let evaluator = self.evaluator;
        let mut codes: Codes = Vec::new();
        for index in &evaluator.node(value).dims {
            let code = match selectors.iter().find(|(own, _)| own == index) {
                Some((_, selector)) => {
                    self.collect(*selector, frame, found);
                    evaluator.eval(*selector, frame).codes().first().copied()
                }
                None => frame.column(*index).and_then(|column| column.first().copied()),
            };
            codes.push((*index, code.unwrap_or(NO_KEY)));
        }
        self.collect(value, &self.frame(&codes), found);
    }

    fn collect_group(&self, node: NodeId, group: &Group, frame: &Rc<Frame>, found: &mut Operands) {
        let evaluator = self.evaluator;
        let keys = evaluator.frame_of(group.value);
        let owner = evaluator.rows_of_group(node, group, &keys, frame);
        let values = evaluator.eval(group.value, &keys);
        for row in owner {
            if values.state(row as usize) == ABSENT {
                continue;
            }
            if found.list.len() >= OPERANDS_MAX {
                found.more += 1;
                continue;
            }
            let one = evaluator.frames.pick(&keys, &[row]);
            self.collect(group.value, &one, found);
            if let Some(weight) = group.weight {
                self.collect(weight, &one, found);
            }
        }
    }

    fn collect_running(
        &self,
        running: Running,
        value: NodeId,
        over: &[IndexId],
        frame: &Rc<Frame>,
        found: &mut Operands,
    ) {
        let evaluator = self.evaluator;
        let keys = evaluator.frame_of(value);
        let values = evaluator.eval(value, &keys);
        let up_to = matches!(running, Running::CumulativeSum | Running::CumulativeProduct);
        for row in 0..keys.rows {
            let matches = keys.dims.iter().all(|index| {
                let own = keys.column(*index).and_then(|column| column.get(row));
                let asked = frame.column(*index).and_then(|column| column.first());
                match over.contains(index) {
                    true => !up_to || own <= asked,
                    false => own == asked,
                }
            });
            if !matches || values.state(row) == ABSENT {
                continue;
            }
            if found.list.len() >= OPERANDS_MAX {
                found.more += 1;
                continue;
            }
            let one = evaluator.frames.pick(&keys, &[u32::try_from(row).unwrap_or(NO_ROW)]);
            self.collect(value, &one, found);
        }
    }
}

/// Where a value comes from that no row gives.
fn unsupplied(kind: &VariableKind) -> Leaf {
    match kind {
        VariableKind::Input(input) if input.default.is_none() => Leaf::Lacking,
        _ => Leaf::Default,
    }
}

#[derive(Default)]
struct Operands {
    list: Vec<(VariableId, Codes)>,
    more: usize,
}

impl Operands {
    fn add(&mut self, id: VariableId, codes: Codes) {
        if self.list.contains(&(id, codes.clone())) {
            return;
        }
        if self.list.len() >= OPERANDS_MAX {
            self.more += 1;
            return;
        }
        self.list.push((id, codes));
    }
}
