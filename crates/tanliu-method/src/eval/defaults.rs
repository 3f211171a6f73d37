//! 缺省值 Where declared defaults stood in for data: no default is silent.

use super::Evaluator;
use super::frame::Frame;
use crate::program::VariableId;

impl Evaluator<'_> {
    /// Notes that an input answered the keys of a frame with its default.
    pub(crate) fn note_defaults(&self, id: VariableId, frame: &Frame) {
        let dims = &self.variable(id).dims;
        let columns: Vec<(u128, &[u32])> = dims
            .iter()
            .map(|index| {
                let size = self.dictionary(*index).keys.len() as u128;
                (size.max(1), frame.column(*index).unwrap_or_default())
            })
            .collect();
        let packed = (0..frame.rows).map(|row| {
            columns.iter().fold(0_u128, |packed, (size, codes)| {
                let code = codes.get(row).copied().unwrap_or(0);
                packed.wrapping_mul(*size).wrapping_add(u128::from(code))
            })
        });
        self.defaulted.borrow_mut().entry(id).or_default().extend(packed);
    }

    /// How many keys of an input hold its default: those filled when data were read, and those that
    /// formulas asked for beyond.
    pub(crate) fn default_count(&self, id: VariableId) -> usize {
        let filled = self.dataset.inputs.get(&id).map_or(0, |table| table.filled);
        let mut defaulted = self.defaulted.borrow_mut();
        let Some(asked) = defaulted.get_mut(&id) else { return filled };
        asked.sort_unstable();
        asked.dedup();
        filled + asked.len()
    }
}
