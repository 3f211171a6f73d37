//! 全球增温潜势 The GWP100 tables of the IPCC assessment reports, as data with source.

/// 评估报告 Which report's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GwpSet {
    /// Second assessment report, 1995.
    Ar2,
    /// Fourth, 2007.
    Ar4,
    /// Fifth, 2013.
    Ar5,
    /// Sixth, 2021.
    Ar6,
}

impl GwpSet {
    /// `AR2`, `AR4`, `AR5` or `AR6`.
    pub fn parse(_text: &str) -> Option<GwpSet> {
        todo!()
    }
    /// `AR5`
    pub fn name(self) -> &'static str {
        todo!()
    }
    /// t CO2e per t of the gas, with its source; nothing for a gas the table lacks.
    pub fn of(self, _gas: &str) -> Option<Gwp> {
        todo!()
    }
}

/// 增温潜势 One figure of a GWP table.
#[derive(Debug, Clone, PartialEq)]
pub struct Gwp {
    /// t CO2e per t.
    pub value: f64,
    /// Report, chapter, table.
    pub source: String,
    /// `verified`, `secondary` or `memory`: how far the figure is to be trusted.
    pub standing: String,
}
