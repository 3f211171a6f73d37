//! 坏单元格 A cell of a file that is no key or no value, as messages show it.

use arrow::array::{Array, ArrayRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};

/// 坏单元格
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadCell {
    /// The cell as it stands.
    pub(crate) shown: String,
    /// What it should be.
    pub(crate) wanted_zh: String,
    pub(crate) wanted_en: String,
}

/// A cell as text.
pub(crate) fn shown(array: &ArrayRef, row: usize) -> String {
    if array.is_null(row) {
        return String::new();
    }
    let options = FormatOptions::default();
    match ArrayFormatter::try_new(array.as_ref(), &options) {
        Ok(formatter) => formatter.value(row).to_string(),
        Err(_) => String::new(),
    }
}
