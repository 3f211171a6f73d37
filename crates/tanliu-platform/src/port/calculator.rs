//! 计算 What a calculator must do: run documents over the store's data, explain figures, replay runs.

use crate::figure::{Calculation, Run};
use crate::moment::Moment;
use async_trait::async_trait;
use tanliu_diagnostic::Text;

/// 计算失败 Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CalculatorError {
    /// The document or the data are refused: findings as the command line shows them, in both
    /// languages.
    #[error("{}", .0.en)]
    Refused(Text),
    /// No such run, output, key or document.
    #[error("{}", .0.en)]
    Absent(Text),
    /// Files or the store do not answer.
    #[error("{0}")]
    Failed(String),
}

/// 溯源 A figure's derivation, as JSON: what `tanliu explain --json` prints, and the clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The tree.
    pub tree: String,
    /// The section of the document in which the figure is declared, as HTML.
    pub clause: String,
    /// The section's heading.
    pub heading: String,
}

/// 复算 What came out when a run was computed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// How many figures were compared.
    pub compared: u64,
    /// Those that differ: address, then, now.
    pub differing: Vec<(String, String, String)>,
    /// How many differ in all.
    pub differing_count: u64,
}

/// 方法 A document of the library in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentSummary {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its title, in Chinese and English.
    pub title: (String, String),
    /// account, reduction, footprint, score.
    pub kind: String,
    /// official, draft, illustration.
    pub status: String,
    /// How many worked examples it has.
    pub examples: usize,
}

/// 方法页 A document as a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentPage {
    /// The summary.
    pub summary: DocumentSummary,
    /// The page, whole HTML without scripts.
    pub html: String,
    /// The text of the document.
    pub text: String,
}

/// 计算服务
#[async_trait]
pub trait Calculator: Send + Sync {
    /// Runs a calculation over the data that counted at a moment, and stores run, figures and
    /// warnings. Returns the run as it ended, refused ones too.
    async fn calculate(
        &self,
        calculation: &Calculation,
        as_of: Moment,
        by: &str,
        now: Moment,
    ) -> Result<Run, CalculatorError>;
    /// Derives a figure: output and keys of a run.
    async fn explain(
        &self,
        run: &Run,
        output: &str,
        keys: &[(String, String)],
        depth: usize,
    ) -> Result<Explained, CalculatorError>;
    /// The run's pack.
    async fn pack(&self, run: &Run) -> Result<Vec<u8>, CalculatorError>;
    /// Computes a run anew from its pack and compares every figure.
    async fn replay(&self, run: &Run) -> Result<Replayed, CalculatorError>;
    /// The documents of the library, by id.
    async fn documents(&self) -> Result<Vec<DocumentSummary>, CalculatorError>;
    /// One of them as a page.
    async fn document(&self, id: &str) -> Result<DocumentPage, CalculatorError>;
    /// What is wrong with a text as a document: findings as JSON.
    async fn check(&self, text: &str) -> Result<String, CalculatorError>;
    /// The workbook to fill in for some inputs of a document.
    async fn template(&self, document: &str, inputs: &[String])
    -> Result<Vec<u8>, CalculatorError>;
    /// Reads a filled workbook or a table: the values it holds for inputs of a document, or the
    /// workbook marked with what is wrong.
    async fn read(
        &self,
        document: &str,
        inputs: &[String],
        name: &str,
        bytes: &[u8],
    ) -> Result<ReadTable, CalculatorError>;
}

/// 读入的表 What a handed-in file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadTable {
    /// Its values; subject, standing and submission are for the caller to set.
    pub values: Vec<crate::value::Value>,
    /// What is wrong, as JSON; with an error nothing may be taken.
    pub findings: String,
    /// How many errors there are.
    pub errors: u64,
    /// The workbook with its bad cells marked, where it could be made.
    pub marked: Option<Vec<u8>>,
}
