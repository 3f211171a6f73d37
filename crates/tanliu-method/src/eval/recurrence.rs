//! 递推 Formulas that depend on their own earlier keys run in the order of an index.

use super::column::{ABSENT, Column};
use super::frame::{Frame, NO_ROW};
use super::{Evaluator, Materialized};
use crate::program::{IndexId, NodeId, NodeKind, VariableId, VariableKind};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// 运行中的递推 The recurrence that is running.
#[derive(Debug)]
pub(crate) struct Running {
    index: IndexId,
    /// What is there of each variable so far.
    made: BTreeMap<VariableId, Rc<Materialized>>,
    /// Nodes whose value depends on these variables.
    volatile: BTreeSet<NodeId>,
    /// The key at which it stands.
    now: u32,
    /// Keys are being settled; values are not asked for.
    pub(crate) settling: bool,
}

impl Evaluator<'_> {
    pub(crate) fn run_recurrence(&self, index: IndexId, variables: &[VariableId]) {
        let made = variables.iter().map(|id| (*id, Rc::new(self.nothing(*id)))).collect();
        let volatile = self.volatile_nodes(variables);
        *self.running.borrow_mut() =
            Some(Running { index, made, volatile, now: 0, settling: true });
        self.settle_keys(variables);
        self.with_running(|running| running.settling = false);
        for code in 0..self.dictionary(index).keys.len() {
            let now = u32::try_from(code).unwrap_or(NO_ROW);
            self.with_running(|running| running.now = now);
            for id in variables {
                self.run_slice(*id, index, now);
            }
        }
        let running = self.running.borrow_mut().take();
        for (id, made) in running.into_iter().flat_map(|running| running.made) {
            self.brings.borrow_mut().insert(id, Some(Rc::clone(&made.frame)));
            if let Some(place) = self.variables.borrow_mut().get_mut(id) {
                *place = Some(made);
            }
        }
    }

    /// Keys depend on each other too: they are settled when nothing is added any more.
    fn settle_keys(&self, variables: &[VariableId]) {
        for _ in 0..=variables.len() + 1 {
            let mut grown = false;
            for id in variables {
                let VariableKind::Formula { root, .. } = self.variable(*id).kind else { continue };
                let frame = self.frame_of(root);
                let before = self.running_made(*id).map(|made| made.frame.rows);
                if before != Some(frame.rows) {
                    grown = true;
                }
                let blank = self.blank(&self.variable(*id).ty, 0);
                let column = Column::uniform(&blank, frame.rows, ABSENT);
                let made = Rc::new(Materialized { frame, column });
                self.with_running(|running| {
                    running.made.insert(*id, made);
                });
            }
            if !grown {
                return;
            }
        }
    }

    fn run_slice(&self, id: VariableId, index: IndexId, now: u32) {
        let VariableKind::Formula { root, .. } = self.variable(id).kind else { return };
        let Some(made) = self.running_made(id) else { return };
        let slices = self.slices(&made.frame, index);
        let rows = slices.get(now as usize).map(Vec::as_slice).unwrap_or_default();
        if rows.is_empty() {
            return;
        }
        let slice = self.frames.pick(&made.frame, rows);
        let values = self.eval(root, &slice);
        drop(made);
        self.with_running(|running| {
            if let Some(made) = running.made.get_mut(&id) {
                let made = Rc::make_mut(made);
                made.column.scatter(rows, &values);
            }
        });
    }

    fn with_running(&self, change: impl FnOnce(&mut Running)) {
        if let Some(running) = self.running.borrow_mut().as_mut() {
            change(running);
        }
    }

    /// What is there so far of a variable of the running recurrence.
    pub(crate) fn running_made(&self, id: VariableId) -> Option<Rc<Materialized>> {
        self.running.borrow().as_ref()?.made.get(&id).cloned()
    }

    /// Its keys: nothing inside while keys are settled for the first time.
    pub(crate) fn running_frame(&self, id: VariableId) -> Option<Option<Rc<Frame>>> {
        let made = self.running_made(id)?;
        Some((made.frame.rows > 0).then(|| Rc::clone(&made.frame)))
    }

    pub(crate) fn in_recurrence(&self, id: VariableId) -> Option<IndexId> {
        self.program.order.iter().find_map(|step| match step {
            crate::program::Step::Recurrence { index, variables } if variables.contains(&id) => {
                Some(*index)
            }
            _ => None,
        })
    }

    pub(crate) fn is_volatile(&self, node: NodeId) -> bool {
        self.running.borrow().as_ref().is_some_and(|running| running.volatile.contains(&node))
    }

    /// Whether a node belongs to a recurrence whose keys are being settled.
    pub(crate) fn is_settling(&self, node: NodeId) -> bool {
        let running = self.running.borrow();
        running.as_ref().is_some_and(|r| r.settling && r.volatile.contains(&node))
    }

    /// The keys of a value in the present slice.
    pub(crate) fn narrowed(&self, value: NodeId, asked: &Rc<Frame>) -> Rc<Frame> {
        let frame = self.frame_of(value);
        let Some((index, now)) = self.slice() else { return frame };
        if !frame.dims.contains(&index) || !asked.dims.contains(&index) {
            return frame;
        }
        let slices = self.slices(&frame, index);
        self.frames.pick(&frame, slices.get(now as usize).map(Vec::as_slice).unwrap_or_default())
    }

    /// The keys of a value up to the present slice.
    pub(crate) fn up_to_now(&self, value: NodeId) -> Rc<Frame> {
        let frame = self.frame_of(value);
        let Some((index, now)) = self.slice() else { return frame };
        let Some(column) = frame.column(index) else { return frame };
        let rows: Vec<u32> = column
            .iter()
            .enumerate()
            .filter(|(_, code)| **code <= now)
            .filter_map(|(row, _)| u32::try_from(row).ok())
            .collect();
        self.frames.pick(&frame, &rows)
    }

    /// The rows of a frame by the code of one index.
    fn slices(&self, frame: &Rc<Frame>, index: IndexId) -> Rc<Vec<Vec<u32>>> {
        if let Some(slices) = self.slices.borrow().get(&(frame.id, index)) {
            return Rc::clone(slices);
        }
        let mut slices = vec![Vec::new(); self.dictionary(index).keys.len()];
        for (row, code) in frame.column(index).unwrap_or_default().iter().enumerate() {
            if let Some(slice) = slices.get_mut(*code as usize) {
                slice.push(u32::try_from(row).unwrap_or(NO_ROW));
            }
        }
        let slices = Rc::new(slices);
        self.slices.borrow_mut().insert((frame.id, index), Rc::clone(&slices));
        slices
    }

    fn slice(&self) -> Option<(IndexId, u32)> {
        self.running.borrow().as_ref().map(|running| (running.index, running.now))
    }

    /// The nodes whose value depends on these variables.
    pub(crate) fn volatile_nodes(&self, variables: &[VariableId]) -> BTreeSet<NodeId> {
        let mut volatile = BTreeSet::new();
        // Children come before their parents in the arena, but for calls of functions; two rounds do.
        for _ in 0..3 {
            for (number, node) in self.program.nodes.iter().enumerate() {
                let own = match &node.kind {
                    NodeKind::Variable(id) => variables.contains(id),
                    kind => kind.children().iter().any(|child| volatile.contains(child)),
                };
                if own {
                    volatile.insert(number);
                }
            }
        }
        volatile
    }
}
