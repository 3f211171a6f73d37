//! 平衡关系 Where a published balance does not add up: findings about the data, never repairs.
//!
//! Five identities are looked at in every column of which at least one term is reported:
//! supply, transformation, final consumption, residential consumption and the statistical
//! difference. A term that is not reported counts as nothing. A gap is a finding where it exceeds
//! 0.05 of the printed unit and 0.1 % of the printed sum: more than rounding of two decimals over
//! ten terms can do.

use crate::prepare_balance::{Balance, TidyTable, field};
use std::collections::{BTreeMap, BTreeSet};

/// 平衡关系 A printed row and the rows it should be the sum of.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// A stable name.
    pub name: &'static str,
    /// The code of the row that is printed.
    pub total: &'static str,
    /// The rows that are added.
    pub plus: &'static [&'static str],
    /// The rows that are subtracted.
    pub minus: &'static [&'static str],
}

/// The identities of a provincial balance, in the order of the table.
///
/// Coke put in again is a row of its own under gas works (printed with its sign), and raw material
/// use is a part of industry: the first is added, the second is not.
pub const IDENTITIES: &[Identity] = &[
    Identity {
        name: "supply",
        total: "supply",
        plus: &[
            "production",
            "recovered",
            "moved_in",
            "imported",
            "bunkers_abroad",
            "moved_out",
            "exported",
            "bunkers_here",
            "stock_change",
        ],
        minus: &[],
    },
    Identity {
        name: "transformation",
        total: "transformation",
        plus: &[
            "thermal_power",
            "heating",
            "coal_washing",
            "coking",
            "refining",
            "gas_works",
            "coke_input",
            "briquette_making",
        ],
        minus: &[],
    },
    Identity {
        name: "final",
        total: "final",
        plus: &[
            "farming",
            "industry",
            "construction",
            "transport",
            "trade",
            "residential",
            "other_final",
        ],
        minus: &[],
    },
    Identity { name: "residential", total: "residential", plus: &["urban", "rural"], minus: &[] },
    Identity {
        name: "difference",
        total: "difference",
        plus: &["supply", "transformation"],
        minus: &["losses", "final"],
    },
];

/// 平衡缺口 One identity that does not hold in one column of one province.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// The name of the identity.
    pub identity: &'static str,
    /// As published.
    pub province: String,
    /// The carrier's printed label.
    pub carrier: &'static str,
    /// What is printed, in the carrier's unit.
    pub printed: f64,
    /// What the terms give.
    pub computed: f64,
}

impl Gap {
    /// Printed less computed, in the carrier's unit.
    pub fn difference(&self) -> f64 {
        self.printed - self.computed
    }
}

/// 检查结果 What was looked at, and what did not hold.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Columns looked at, by identity.
    pub examined: BTreeMap<&'static str, usize>,
    /// In order of identity, province, column of the balance's first appearance.
    pub gaps: Vec<Gap>,
}

impl Findings {
    /// In how many columns an identity does not hold, and how many were looked at.
    pub fn broken(&self, identity: &str) -> (usize, usize) {
        let broken = self.gaps.iter().filter(|gap| gap.identity == identity).count();
        (broken, self.examined.get(identity).copied().unwrap_or(0))
    }
}

/// 大额平衡差额 A statistical difference that is a large share of consumption.
#[derive(Debug, Clone, PartialEq)]
pub struct LargeDifference {
    /// As published.
    pub province: String,
    /// The carrier's printed label.
    pub carrier: &'static str,
    /// 平衡差额, in the carrier's unit.
    pub difference: f64,
    /// 消费量合计, in the carrier's unit.
    pub consumption: f64,
}

type Columns<'a> = BTreeMap<(&'a str, &'static str), BTreeMap<&'static str, f64>>;

/// Examines every column of the balance.
pub fn examine(balance: &Balance) -> Findings {
    let columns = columns(balance);
    let mut findings = Findings::default();
    for identity in IDENTITIES {
        let terms: BTreeSet<&str> =
            [&[identity.total], identity.plus, identity.minus].concat().into_iter().collect();
        for ((province, carrier), values) in &columns {
            if !values.keys().any(|code| terms.contains(code)) {
                continue;
            }
            *findings.examined.entry(identity.name).or_default() += 1;
            let sum = |codes: &[&str]| codes.iter().map(|code| value(values, code)).sum::<f64>();
            let gap = Gap {
                identity: identity.name,
                province: (*province).to_owned(),
                carrier,
                printed: value(values, identity.total),
                computed: sum(identity.plus) - sum(identity.minus),
            };
            if gap.difference().abs() > tolerance(gap.printed) {
                findings.gaps.push(gap);
            }
        }
    }
    findings
}

/// Statistical differences of more than this share of consumption (0.2: 20 %).
pub fn large_differences(balance: &Balance, share: f64) -> Vec<LargeDifference> {
    let columns = columns(balance);
    let found = columns.into_iter().map(|((province, carrier), values)| LargeDifference {
        province: province.to_owned(),
        carrier,
        difference: value(&values, "difference"),
        consumption: value(&values, "consumption"),
    });
    let large = |entry: &LargeDifference| {
        entry.consumption != 0.0 && (entry.difference / entry.consumption).abs() > share
    };
    found.filter(large).collect()
}

/// The gaps as a table to read: `identity,province,carrier,printed,computed,difference`.
pub fn table(findings: &Findings) -> TidyTable {
    let mut text = "identity,province,carrier,printed,computed,difference\n".to_owned();
    for gap in &findings.gaps {
        text.push_str(&format!(
            "{},{},{},{},{:.4},{:.4}\n",
            gap.identity,
            field(&gap.province),
            gap.carrier,
            gap.printed,
            gap.computed,
            gap.difference()
        ));
    }
    TidyTable { file: "identities.csv".to_owned(), text }
}

fn tolerance(printed: f64) -> f64 {
    (0.001 * printed.abs()).max(0.05)
}

fn value(values: &BTreeMap<&'static str, f64>, code: &str) -> f64 {
    values.get(code).copied().unwrap_or(0.0)
}

fn columns(balance: &Balance) -> Columns<'_> {
    let mut columns = Columns::new();
    for cell in &balance.cells {
        let column = columns.entry((&cell.province, cell.carrier.label)).or_default();
        column.insert(cell.item.code, cell.value);
    }
    columns
}

#[cfg(test)]
mod tests;
