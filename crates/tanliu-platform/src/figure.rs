//! 数与运行 Runs of documents, and the figures that came out of them.
//!
//! A figure on any page has an *address*: run, output, keys. From the address its derivation is
//! opened, its pack is exported, and a finding is raised against it.

use crate::moment::Moment;

/// 计算任务 What is computed again and again: a document, where its inputs come from, how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calculation {
    /// Its key: `panorama`.
    pub id: String,
    /// Its name, in Chinese and English.
    pub name: (String, String),
    /// The document: `cn/district/panorama`.
    pub document: String,
    /// What is set by hand: `method=by_rank`.
    pub settings: Vec<(String, String)>,
    /// When it runs by itself: `daily 02:30`; empty: on demand only.
    pub schedule: String,
    /// Inputs that are figures of other calculations' current runs.
    pub feeds: Vec<Feed>,
}

/// 引数 An input of a calculation that is an output of another one: budgets of last year's carbon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The input.
    pub input: String,
    /// The other calculation.
    pub calculation: String,
    /// Its output.
    pub output: String,
    /// Where the output has more indexes than the input: index and key, `side` `consumption`.
    pub at: Vec<(String, String)>,
}

/// 运行 One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its number in the store; 0 before it is stored.
    pub id: i64,
    /// The calculation.
    pub calculation: String,
    /// The document and its version.
    pub document: (String, String),
    /// The digest of the document's text.
    pub document_digest: String,
    /// The data counted as of this moment.
    pub as_of: Moment,
    /// Who started it; empty: the schedule.
    pub by: String,
    /// When it began and ended.
    pub began: Moment,
    /// When it ended; none while it goes on.
    pub ended: Option<Moment>,
    /// How it ended.
    pub state: RunState,
    /// `run.json`, as the engine wrote it; or what refused the run.
    pub manifest: String,
    /// The folder of its data and pack within the house's runs.
    pub folder: String,
    /// Whether it is the one that pages show for its calculation.
    pub current: bool,
}

/// 运行状态 How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// It goes on.
    Running,
    /// It has figures.
    Done,
    /// The document or the data were refused: the manifest says why.
    Refused,
    /// It was stopped, or the server was.
    Stopped,
}

crate::catalogue::words!(RunState {
    Running = "running",
    Done = "done",
    Refused = "refused",
    Stopped = "stopped",
});

/// 结果表 One output of a run, in key order.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureTable {
    /// The output.
    pub output: String,
    /// Its label.
    pub label: String,
    /// Its unit; empty where it is no number.
    pub unit: String,
    /// Its indexes in the declared order.
    pub indexes: Vec<String>,
    /// Its figures.
    pub rows: Vec<FigureRow>,
}

/// 一个数 One figure: its keys in the order of the table's indexes.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureRow {
    /// The keys.
    pub keys: Vec<String>,
    /// The number, if it is one.
    pub number: Option<f64>,
    /// The text of a member, a truth value, a notation key; empty for plain numbers.
    pub text: String,
}

/// 取数 Which figures of a run are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FigureQuery {
    /// The run.
    pub run: i64,
    /// The outputs.
    pub outputs: Vec<String>,
    /// Index and the keys wanted of it; a table without the index is not restricted by it.
    pub keys: Vec<(String, Vec<String>)>,
}

/// 质疑 A finding that somebody raised against a figure or a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its number in the store; 0 before it is stored.
    pub id: i64,
    /// The figure's address: `12/co2_town[town=T01,year=2021]`.
    pub address: String,
    /// The enterprise that it concerns; empty: none.
    pub enterprise: String,
    /// What is wrong.
    pub text: String,
    /// Who raised it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// open, answered, closed.
    pub state: String,
    /// The answer.
    pub answer: String,
    /// Counts changes.
    pub edition: i64,
}
