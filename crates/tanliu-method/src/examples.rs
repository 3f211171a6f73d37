//! 算例 Worked examples: each is one run with its own data, held to the figures it prints.

use tanliu_diagnostic::{Diagnostic, Place};

/// 算例结果 What came of one worked example.
#[derive(Debug, Clone)]
pub struct ExampleResult {
    /// The heading.
    pub title: String,
    /// Where it stands.
    pub place: Place,
    /// Everything that was expected, in order.
    pub expectations: Vec<Expectation>,
    /// Findings of the run that were not expected to be there, with places in the document.
    pub diagnostics: Vec<Diagnostic>,
    /// All expectations are met and nothing refused the run unexpectedly.
    pub passed: bool,
}

/// 期望 One expected figure or message.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// `co2[year = 2016]`, `failure`, `warning`.
    pub what: String,
    /// As printed, with its unit.
    pub expected: String,
    /// What came out, in the same unit.
    pub actual: String,
    /// Actual − expected, in the same unit.
    pub difference: Option<String>,
    /// The tolerance it was held to, in the same unit.
    pub tolerance: Option<String>,
    /// Whether it is met.
    pub passed: bool,
    /// Where it stands.
    pub place: Place,
}
