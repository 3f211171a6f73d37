//! 埋设 Cases that are planted in the data, so that whoever shows the platform knows what is to be
//! found where.

use crate::annual::{Annual, Fuels};
use crate::firm::{Firm, enterprises};
use crate::place::towns;
use crate::trade::transforms;
use crate::{FIRST_YEAR, LAST_YEAR, YEARS};
use tanliu_diagnostic::Text;

/// 埋设的事 What is wrong, or stands out, in a planted case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlantedKind {
    /// 漏报 One fuel was not reported in a year.
    MissingFuel,
    /// 缺年 Nothing was reported in a year.
    MissingYear,
    /// 重报 A second submission changed a value; both stay.
    Restated,
    /// 矛盾 The enterprise's report and the supplier's table say different things.
    Contradicted,
    /// 单位错 Gas in thousands of cubic metres was written as tens of thousands.
    WrongUnit,
    /// 一级预警 Energy of 2021 far above 2020.
    WarningFirst,
    /// 二级预警
    WarningSecond,
    /// 三级预警
    WarningThird,
    /// 用电突变 Some days with a multiple of the usual electricity.
    SuddenChange,
    /// 读数缺口 Quarters of which no reading came.
    MissingReadings,
    /// 数据造假 Reported electricity is much below what the meter read.
    Fraud,
}

/// 埋设的一件 One planted case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    /// What kind of case it is.
    pub kind: PlantedKind,
    /// The enterprise.
    pub enterprise: String,
    /// The dataset; empty where it is of readings.
    pub dataset: &'static str,
    /// The input; empty where it is of all inputs or of readings.
    pub input: &'static str,
    /// The year, or the first day.
    pub period: String,
    /// What is to be found.
    pub found: Text,
}

/// 一件 A case as the generator keeps it: kind, place of the firm in the list, fuel, year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) kind: PlantedKind,
    /// The firm's place in the list.
    pub(crate) firm: usize,
    /// The fuel's place, where one fuel is meant.
    pub(crate) fuel: usize,
    /// The year.
    pub(crate) year: i64,
    /// Counts the cases of the kind, from 0.
    pub(crate) rank: u32,
}

/// The inputs of enterprises by fuel.
pub(crate) const ENTERPRISE_INPUTS: [&str; 7] = [
    "enterprise_raw_coal",
    "enterprise_gasoline",
    "enterprise_diesel",
    "enterprise_natural_gas",
    "enterprise_lng",
    "enterprise_heat",
    "enterprise_electricity",
];

const COAL: usize = 0;
const GAS: usize = 3;
const HEAT: usize = 5;
const POWER: usize = 6;

/// Kind, fuel that must be used in all years, year, how many.
const PLAN: [(PlantedKind, usize, i64, u32); 14] = [
    (PlantedKind::Fraud, POWER, 2021, 1),
    (PlantedKind::WrongUnit, GAS, 2020, 1),
    (PlantedKind::WarningFirst, POWER, 2021, 1),
    (PlantedKind::WarningSecond, POWER, 2021, 2),
    (PlantedKind::WarningThird, POWER, 2021, 3),
    (PlantedKind::MissingFuel, HEAT, 2019, 4),
    (PlantedKind::MissingFuel, GAS, 2018, 2),
    (PlantedKind::MissingYear, POWER, 2018, 2),
    (PlantedKind::Restated, HEAT, 2020, 3),
    (PlantedKind::Restated, COAL, 2013, 2),
    (PlantedKind::Contradicted, HEAT, 2021, 3),
    (PlantedKind::Contradicted, GAS, 2021, 1),
    (PlantedKind::SuddenChange, POWER, 2021, 5),
    (PlantedKind::MissingReadings, POWER, 2021, 5),
];

impl Case {
    /// The multiple of the usual by which a planted value differs from what is usual or true.
    pub(crate) fn share(&self) -> f64 {
        let rank = f64::from(self.rank);
        match self.kind {
            PlantedKind::Fraud => 0.55,
            PlantedKind::WrongUnit => 10.0,
            PlantedKind::WarningFirst => 1.9,
            PlantedKind::WarningSecond => 1.5 + 0.04 * rank,
            PlantedKind::WarningThird => 1.26 + 0.02 * rank,
            PlantedKind::Restated => [1.18, 0.86, 1.09].into_iter().nth(self.nth()).unwrap_or(1.2),
            PlantedKind::Contradicted => {
                [1.14, 0.91, 1.07].into_iter().nth(self.nth()).unwrap_or(0.88)
            }
            PlantedKind::SuddenChange => {
                [2.6, 0.2, 3.1, 0.05, 1.9].into_iter().nth(self.nth()).unwrap_or(2.0)
            }
            _ => 1.0,
        }
    }

    fn nth(&self) -> usize {
        usize::try_from(self.rank).unwrap_or(0)
    }

    /// The first day of a case of readings.
    pub(crate) fn day(&self) -> String {
        format!("{}-{:02}-{:02}", self.year, 3 + self.rank * 2 % 9, 8 + self.rank * 3)
    }

    /// How long a case of readings is: days of a change, quarters of a gap.
    pub(crate) fn length(&self) -> u64 {
        match self.kind {
            PlantedKind::SuddenChange => 2 + u64::from(self.rank),
            _ => [3, 17, 96, 200, 41].into_iter().nth(self.nth()).unwrap_or(8),
        }
    }

    fn input(&self) -> &'static str {
        match self.kind {
            PlantedKind::MissingYear
            | PlantedKind::WarningFirst
            | PlantedKind::WarningSecond
            | PlantedKind::WarningThird
            | PlantedKind::SuddenChange
            | PlantedKind::MissingReadings => "",
            _ => ENTERPRISE_INPUTS.get(self.fuel).copied().unwrap_or_default(),
        }
    }

    fn found(&self) -> Text {
        let (zh, en) = match self.kind {
            PlantedKind::MissingFuel => (
                "前后各年都报了这一品种，这一年没有报，不是零",
                "this fuel was reported in the years around, not in this one; it is not zero",
            ),
            PlantedKind::MissingYear => (
                "这一年没有报，前后各年都报了",
                "nothing was reported in this year, the years around were",
            ),
            PlantedKind::Restated => (
                "九月重报，数改了；三月报的仍可查",
                "restated in September with another value; that of March can still be seen",
            ),
            PlantedKind::Contradicted => (
                "企业填报与供能单位结算表不一致，等人取舍",
                "the enterprise and its supplier's table differ; somebody has to choose",
            ),
            PlantedKind::WrongUnit => (
                "天然气是上年的约十倍：千立方米填成了万立方米",
                "gas is some ten times that of the year before: thousands of m3 as ten thousands",
            ),
            PlantedKind::WarningFirst => (
                "用能比上年高近一倍，一级",
                "energy nearly doubled against the year before: level 1",
            ),
            PlantedKind::WarningSecond => (
                "用能比上年高一半左右，二级",
                "energy is about half above the year before: level 2",
            ),
            PlantedKind::WarningThird => (
                "用能比上年高四分之一左右，三级",
                "energy is about a quarter above the year before: level 3",
            ),
            PlantedKind::SuddenChange => (
                "从这一天起几天用电是平常的几倍或几分之一",
                "from this day on some days have a multiple or a fraction of the usual electricity",
            ),
            PlantedKind::MissingReadings => (
                "从这一天 06:00 起有若干刻钟没有读数",
                "from 06:00 of this day on some quarters of an hour have no reading",
            ),
            PlantedKind::Fraud => (
                "2019 年起填报的用电量约为电表的 55 %",
                "from 2019 on the reported electricity is some 55 % of what the meter read",
            ),
        };
        Text::new(zh, en)
    }

    fn planted(&self, firms: &[Firm]) -> Planted {
        let readings =
            matches!(self.kind, PlantedKind::SuddenChange | PlantedKind::MissingReadings);
        Planted {
            kind: self.kind,
            enterprise: firms.get(self.firm).map(Firm::id).unwrap_or_default(),
            dataset: if readings { "" } else { "enterprise-energy" },
            input: self.input(),
            period: if readings { self.day() } else { self.year.to_string() },
            found: self.found(),
        }
    }
}

/// The cases for the outside.
pub(crate) fn list(cases: &[Case], firms: &[Firm]) -> Vec<Planted> {
    cases.iter().map(|case| case.planted(firms)).collect()
}

/// Chooses firms: above scale, there in all years, with the fuel in the case's year and around,
/// no two cases of one firm.
pub(crate) fn choose(firms: &[Firm], annuals: &[Vec<Option<Annual>>]) -> Vec<Case> {
    let above: Vec<bool> =
        enterprises(firms, &towns()).iter().map(|enterprise| enterprise.above_scale).collect();
    let mut cases: Vec<Case> = Vec::new();
    for (kind, fuel, year, count) in PLAN {
        let before = cases.iter().filter(|case| case.kind == kind).count();
        let first = u32::try_from(before).unwrap_or(0);
        for rank in first..first + count {
            // Firms apart from each other: the search for each case begins elsewhere.
            let begin = cases.len() * 97 + 11;
            let found = (0..firms.len()).map(|step| (begin + step) % firms.len()).find(|place| {
                let taken = cases.iter().any(|case| case.firm == *place);
                let large = above.get(*place).copied().unwrap_or(false);
                !taken && large && fits(firms, annuals, *place, (fuel, year))
            });
            cases.extend(found.map(|firm| Case { kind, firm, fuel, year, rank }));
        }
    }
    cases
}

/// Whether a firm has enough of the fuel in a year and in those before and after.
fn fits(
    firms: &[Firm],
    annuals: &[Vec<Option<Annual>>],
    place: usize,
    (fuel, year): (usize, i64),
) -> bool {
    let Some((firm, years)) = firms.get(place).zip(annuals.get(place)) else { return false };
    let least = [80.0, 1.0, 1.0, 12.0, 1.0, 4_000.0, 100.0];
    let around = [year - 1, year, year + 1].into_iter().filter(|year| *year <= LAST_YEAR);
    let enough = |year: i64| {
        let amount = of_year(years, year).and_then(|a| a.used.list().get(fuel).copied());
        amount > least.get(fuel).copied()
    };
    !transforms(firm.trade.code)
        && firm.years == (FIRST_YEAR, LAST_YEAR)
        && around.into_iter().all(enough)
}

/// The entry of a year.
pub(crate) fn of_year(years: &[Option<Annual>], year: i64) -> Option<&Annual> {
    let step = usize::try_from(year - FIRST_YEAR).ok().filter(|step| *step < YEARS)?;
    years.get(step)?.as_ref()
}

/// Puts the growth that warns into the true amounts.
pub(crate) fn grow(cases: &[Case], annuals: &mut [Vec<Option<Annual>>]) {
    for case in cases {
        let warns = matches!(
            case.kind,
            PlantedKind::WarningFirst | PlantedKind::WarningSecond | PlantedKind::WarningThird
        );
        let step = usize::try_from(case.year - FIRST_YEAR).unwrap_or(YEARS);
        let years = annuals.get_mut(case.firm).filter(|_| warns);
        let Some(years) = years else { continue };
        let before = step.checked_sub(1).and_then(|step| years.get(step).copied().flatten());
        let now = years.get_mut(step).and_then(Option::as_mut);
        if let Some((now, before)) = now.zip(before) {
            // As much above the year before as the case says, whatever chance had made of it.
            let used: Fuels = before.used.times(case.share());
            now.used = used.rounded();
        }
    }
}
