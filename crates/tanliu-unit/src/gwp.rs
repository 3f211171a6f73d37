//! 全球增温潜势 The GWP100 tables of the IPCC assessment reports, as data with source.

use crate::substances;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The figures, with their sources in the lines `# AR5 = …`.
const TABLE: &str = include_str!("gwp.csv");

/// Names in trade for gases that the table lists by formula.
const TRADE_NAMES: [(&str, &str); 9] = [
    ("PFC14", "CF4"),
    ("PFC116", "C2F6"),
    ("PFC218", "C3F8"),
    ("PFC318", "cC4F8"),
    ("PFC3110", "C4F10"),
    ("PFC4112", "C5F12"),
    ("PFC5114", "C6F14"),
    ("HFC4310", "HFC4310mee"),
    ("R134a", "HFC134a"),
];

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
    /// All sets, oldest first.
    pub const ALL: [GwpSet; 4] = [GwpSet::Ar2, GwpSet::Ar4, GwpSet::Ar5, GwpSet::Ar6];

    /// `AR2`, `AR4`, `AR5` or `AR6`.
    pub fn parse(text: &str) -> Option<GwpSet> {
        GwpSet::ALL.into_iter().find(|set| set.name() == text)
    }

    /// `AR5`
    pub fn name(self) -> &'static str {
        match self {
            GwpSet::Ar2 => "AR2",
            GwpSet::Ar4 => "AR4",
            GwpSet::Ar5 => "AR5",
            GwpSet::Ar6 => "AR6",
        }
    }

    /// t CO2e per t of the gas, with its source; nothing for a gas the table lacks.
    ///
    /// `HFC-134a`, `HFC134a`, `甲烷` and `PFC-14` are understood; CO2 is 1 in every set. CO2e is no
    /// gas. AR6 gives methane as a whole 27.9; its figures by origin are not in the table.
    pub fn of(self, gas: &str) -> Option<Gwp> {
        table().get(&(self, key(gas))).cloned()
    }

    /// 有值的气体 The gases of the set, as the table writes them, in its order.
    pub fn gases(self) -> Vec<&'static str> {
        let rows = rows().filter(|row| row.get(self.column()).is_some_and(|cell| !cell.is_empty()));
        rows.filter_map(|row| row.first().copied()).collect()
    }

    /// The column of its figures; that of their standing is four further on.
    fn column(self) -> usize {
        match self {
            GwpSet::Ar2 => 1,
            GwpSet::Ar4 => 2,
            GwpSet::Ar5 => 3,
            GwpSet::Ar6 => 4,
        }
    }

    /// The report as the table's head names it.
    fn source(self) -> &'static str {
        let head = TABLE.lines().find_map(|line| {
            line.strip_prefix("# ")?.strip_prefix(self.name())?.strip_prefix(" = ")
        });
        head.unwrap_or("")
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

/// The rows below the head, cell by cell.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.skip(1).map(|line| line.split(',').map(str::trim).collect())
}

fn table() -> &'static BTreeMap<(GwpSet, String), Gwp> {
    static FIGURES: OnceLock<BTreeMap<(GwpSet, String), Gwp>> = OnceLock::new();
    FIGURES.get_or_init(|| {
        let mut figures = BTreeMap::new();
        for row in rows() {
            for set in GwpSet::ALL {
                let cell = |column: usize| row.get(column).copied().unwrap_or("");
                let Ok(value) = cell(set.column()).parse::<f64>() else { continue };
                let standing = cell(set.column() + 4).to_owned();
                let figure = Gwp { value, source: set.source().to_owned(), standing };
                figures.insert((set, key(cell(0))), figure);
            }
        }
        figures
    })
}

/// A gas under one spelling: `HFC-134a` and `HFC134a` are `HFC134a`, `PFC-14` is `CF4`.
fn key(gas: &str) -> String {
    let plain = |text: &str| text.chars().filter(|c| !matches!(c, '-' | ' ')).collect::<String>();
    let spelled = plain(&substances::canonical(gas.trim()));
    let trade = TRADE_NAMES.iter().find(|(name, _)| *name == spelled);
    trade.map_or(spelled, |(_, formula)| (*formula).to_owned())
}
