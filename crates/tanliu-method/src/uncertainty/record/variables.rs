//! 变量的录制 Variables at the keys asked for: leaves, formulas, recurrences slice by slice.

use super::{Recorded, Recorder, small};
use crate::eval::frame::Frame;
use crate::program::{IndexId, NodeId, VariableId, VariableKind};
use crate::uncertainty::tape::{NO_ROW, Operand, Operation};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// 进行中的递推 The recurrence that is being recorded.
pub(super) struct Running {
    index: IndexId,
    now: u32,
    volatile: BTreeSet<NodeId>,
    made: BTreeMap<VariableId, Pieces>,
}

/// What is there so far of a variable: slices, and where each row stands.
struct Pieces {
    frame: Rc<Frame>,
    slices: Vec<Operand>,
    places: Vec<(u32, u32)>,
    /// The rows of the frame by the code of the index.
    rows: BTreeMap<u32, Vec<u32>>,
}

impl Recorder<'_, '_> {
    /// A variable at the rows of a frame; each has a value there.
    pub(super) fn variable(&mut self, id: VariableId, frame: &Rc<Frame>) -> Operand {
        let evaluator = self.evaluator;
        let declared = evaluator.variable(id);
        let given = evaluator.dataset.inputs.contains_key(&id);
        match &declared.kind {
            VariableKind::Formula { root, parameter: true } => {
                let operand = self.record(*root, frame);
                self.with_own(id, operand, frame)
            }
            VariableKind::Formula { root, .. } => match self.piece(id, frame) {
                Some(operand) => operand,
                None => {
                    let made = self.variable_made(id);
                    let root = *root;
                    self.at_keys(made, frame, |recorder, asked| {
                        let operand = recorder.record(root, asked);
                        recorder.with_own(id, operand, asked)
                    })
                }
            },
            _ if given => {
                let made = self.variable_made(id);
                self.at_keys(made, frame, |recorder, asked| recorder.default_leaves(id, asked))
            }
            VariableKind::Param(tree) => self.param_leaves(id, tree, frame),
            VariableKind::Factor(factor) => self.factor_leaves(id, factor, frame),
            VariableKind::Input(_) => self.default_leaves(id, frame),
            VariableKind::Hole => Operand::fixed(vec![f64::NAN; frame.rows]),
        }
    }

    /// Takes rows from a variable's own keys, and asks it anew for keys it does not have.
    fn at_keys(
        &mut self,
        (keys, operand): Recorded,
        frame: &Rc<Frame>,
        ask: impl Fn(&mut Self, &Rc<Frame>) -> Operand,
    ) -> Operand {
        if keys.id == frame.id {
            return operand;
        }
        let found = self.evaluator.frames.locate(&keys, frame);
        let lacking: Vec<u32> = (0_u32..)
            .zip(found.iter())
            .filter(|(_, row)| **row == NO_ROW)
            .map(|(position, _)| position)
            .collect();
        if lacking.is_empty() {
            return operand.gather(&found);
        }
        let asked = self.evaluator.frames.pick(frame, &lacking);
        let answer = ask(self, &asked);
        let mut places: Vec<(u32, u32)> = found.iter().map(|row| (0, *row)).collect();
        for (row, place) in (0_u32..).zip(&lacking) {
            if let Some(place) = places.get_mut(*place as usize) {
                *place = (1, row);
            }
        }
        self.collect(vec![operand, answer], places)
    }

    /// Rows of several operands.
    fn collect(&mut self, operands: Vec<Operand>, places: Vec<(u32, u32)>) -> Operand {
        let value = |(part, row): &(u32, u32)| {
            let operand = operands.get(*part as usize);
            operand.map_or(f64::NAN, |operand| self.tape.centre(operand, *row as usize))
        };
        let centre = places.iter().map(value).collect();
        self.push(Operation::Collect(operands, places), centre)
    }

    /// A formula or an input at its own keys, recorded once.
    pub(in crate::uncertainty) fn variable_made(&mut self, id: VariableId) -> Recorded {
        if let Some(made) = self.made.get(&id) {
            return made.clone();
        }
        let made = self.evaluator.root(id);
        let frame = Rc::clone(&made.frame);
        let operand = match self.evaluator.variable(id).kind {
            VariableKind::Formula { root, .. } => {
                let operand = self.record(root, &frame);
                self.with_own(id, operand, &frame)
            }
            _ if self.evaluator.dataset.inputs.contains_key(&id) => self.table_leaves(id, &made),
            _ => self.variable(id, &frame),
        };
        self.made.insert(id, (Rc::clone(&frame), operand.clone()));
        (frame, operand)
    }

    /// Records the formulas of a recurrence key by key of its index.
    pub(super) fn recurrence(&mut self, index: IndexId, variables: &[VariableId]) {
        let evaluator = self.evaluator;
        let mut made = BTreeMap::new();
        for id in variables {
            let frame = Rc::clone(&evaluator.materialize(*id).frame);
            let mut rows: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for (row, code) in frame.column(index).unwrap_or_default().iter().enumerate() {
                rows.entry(*code).or_default().push(small(row));
            }
            let places = vec![(NO_ROW, NO_ROW); frame.rows];
            made.insert(*id, Pieces { frame, slices: Vec::new(), places, rows });
        }
        let volatile = evaluator.volatile_nodes(variables);
        self.running = Some(Running { index, now: 0, volatile, made });
        for code in 0..small(evaluator.dictionary(index).keys.len()) {
            if let Some(running) = &mut self.running {
                running.now = code;
            }
            for id in variables {
                self.slice(*id, code);
            }
        }
        let running = self.running.take();
        for (id, pieces) in running.into_iter().flat_map(|running| running.made) {
            let operand = self.collect(pieces.slices, pieces.places);
            self.made.insert(id, (pieces.frame, operand));
        }
    }

    fn slice(&mut self, id: VariableId, code: u32) {
        let VariableKind::Formula { root, .. } = self.evaluator.variable(id).kind else { return };
        let Some(pieces) = self.running.as_ref().and_then(|running| running.made.get(&id)) else {
            return;
        };
        let Some(rows) = pieces.rows.get(&code).cloned() else { return };
        let slice = self.evaluator.frames.pick(&pieces.frame, &rows);
        let operand = self.record(root, &slice);
        let operand = self.with_own(id, operand, &slice);
        let Some(running) = &mut self.running else { return };
        let Some(pieces) = running.made.get_mut(&id) else { return };
        let number = small(pieces.slices.len());
        pieces.slices.push(operand);
        for (row, place) in (0_u32..).zip(&rows) {
            if let Some(place) = pieces.places.get_mut(*place as usize) {
                *place = (number, row);
            }
        }
    }

    /// A variable of the running recurrence, out of the slices recorded so far.
    fn piece(&mut self, id: VariableId, frame: &Rc<Frame>) -> Option<Operand> {
        let pieces = self.running.as_ref()?.made.get(&id)?;
        let found = self.evaluator.frames.locate(&pieces.frame, frame);
        let place = |row: &u32| pieces.places.get(*row as usize).copied();
        let mut places: Vec<(u32, u32)> =
            found.iter().map(|row| place(row).unwrap_or((NO_ROW, NO_ROW))).collect();
        let used: BTreeSet<u32> = places.iter().map(|(part, _)| *part).collect();
        let used: Vec<u32> = used.into_iter().filter(|part| *part != NO_ROW).collect();
        let slices: Vec<Operand> =
            used.iter().filter_map(|part| pieces.slices.get(*part as usize).cloned()).collect();
        if let [slice] = slices.as_slice() {
            let rows: Vec<u32> = places.iter().map(|(_, row)| *row).collect();
            return Some(slice.gather(&rows));
        }
        for (part, _) in &mut places {
            *part = used.binary_search(part).map_or(NO_ROW, small);
        }
        Some(self.collect(slices, places))
    }

    pub(super) fn is_volatile(&self, node: NodeId) -> bool {
        self.running.as_ref().is_some_and(|running| running.volatile.contains(&node))
    }

    /// The keys of a value; inside a recurrence those of the present slice.
    pub(super) fn narrowed(&self, node: NodeId, value: NodeId, asked: &Frame) -> Rc<Frame> {
        let within = |index: IndexId| asked.dims.contains(&index);
        self.cut(node, value, |own, now| own == now, within)
    }

    /// The keys of a value; inside a recurrence those up to the present slice.
    pub(super) fn up_to_now(&self, node: NodeId, value: NodeId) -> Rc<Frame> {
        self.cut(node, value, |own, now| own <= now, |_| true)
    }

    fn cut(
        &self,
        node: NodeId,
        value: NodeId,
        keeps: impl Fn(u32, u32) -> bool,
        applies: impl Fn(IndexId) -> bool,
    ) -> Rc<Frame> {
        let frame = self.evaluator.frame_of(value);
        let Some(running) = self.running.as_ref().filter(|_| self.is_volatile(node)) else {
            return frame;
        };
        let Some(column) = frame.column(running.index).filter(|_| applies(running.index)) else {
            return frame;
        };
        let rows: Vec<u32> = (0_u32..)
            .zip(column)
            .filter(|(_, code)| keeps(**code, running.now))
            .map(|(row, _)| row)
            .collect();
        self.evaluator.frames.pick(&frame, &rows)
    }
}
