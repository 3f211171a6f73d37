//! 读取选项 The limits under which tables are read.

/// 读取选项 Limits and switches of [`crate::read_tables`].
///
/// Every limit ends in a finding, never in a long wait or a full memory.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The longest cell, in bytes of UTF-8. Excel itself holds 32,767 characters.
    pub max_cell_bytes: usize,
    /// The most columns of a table, as in Excel.
    pub max_columns: usize,
    /// The most bytes a workbook may unpack to, and the most text its cells may hold together.
    pub max_unpacked_bytes: u64,
    /// The most typed cells (rows times columns) of one sheet or JSON table.
    pub max_typed_cells: usize,
    /// Whether a cell with `#DIV/0!` and the like is reported here (`cell-formula-error`);
    /// it stays in the table as `CellValue::Error` either way.
    pub report_error_cells: bool,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            max_cell_bytes: 1 << 20,
            max_columns: 16_384,
            max_unpacked_bytes: 512 << 20,
            max_typed_cells: 50_000_000,
            report_error_cells: true,
        }
    }
}
