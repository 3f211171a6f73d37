//! 与 CEADs 比对 Emissions by province and fuel, set beside the inventory that CEADs published.
//!
//! [`Published::read`] adds up the published sectors, [`compare`] says of every cell whether it
//! agrees, and of every cell that does not, what kind of difference it is. Cells that differ are
//! listed, never hidden. Twelve fuels are compared; coals are not, because CEADs applies oxidation
//! rates by branch of industry that the balance does not show.
//!
//! Two figures agree where they differ by at most 0.002 Mt or 0.1 % of the published one: the
//! factors were read off the published figures and hold four decimals.

use crate::prepare_balance::{Fault, Records, TidyTable, field};
use std::collections::BTreeMap;

/// Emissions by province and fuel code, in Mt CO2.
pub type Emissions = BTreeMap<(String, String), f64>;

/// 可比品种 The fuels that are compared: the name CEADs uses, the member of the document.
pub const COMPARED: &[(&str, &str)] = &[
    ("Coke", "coke"),
    ("Coke Oven Gas", "coke_oven_gas"),
    ("Other Gas", "other_gas"),
    ("Other Coking Products", "other_coking_products"),
    ("Crude Oil", "crude_oil"),
    ("Gasoline", "gasoline"),
    ("Kerosene", "kerosene"),
    ("Diesel Oil", "diesel"),
    ("Fuel Oil", "fuel_oil"),
    ("LPG", "lpg"),
    ("Refinery Gas", "refinery_gas"),
    ("Natural Gas", "natural_gas"),
];

/// The published row that is the sum of the sectors; it is checked, not added.
const TOTAL: &str = "Total Consumption";

const AGREES_WITHIN_MT: f64 = 0.002;
const AGREES_WITHIN_SHARE: f64 = 0.001;

/// 公布清单 The published inventory.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// The sums over sectors of the compared fuels, in Mt CO2.
    pub emissions: Emissions,
    /// Cells whose sectors do not add up to the published total: province, fuel, sum, total.
    pub broken_totals: Vec<(String, String, f64, f64)>,
}

/// 差异原因 What kind of difference a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The balance reports nothing where the inventory has a figure.
    NothingReported,
    /// The balance gives a negative consumption (a shifted or missing cell).
    NegativeActivity,
    /// The inventory stands on other activity data, presumably revised or by branch: an inference
    /// from the same formula and factor agreeing in most other provinces.
    ActivityDiffers,
}

impl Reason {
    /// 中文 In Chinese and in English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NothingReported => {
                ("平衡表未填报，CEADs 有数", "nothing reported in the balance")
            }
            Self::NegativeActivity => {
                ("平衡表推得的消费量为负", "the balance gives a negative consumption")
            }
            Self::ActivityDiffers => (
                "活动水平数据不同（推断 CEADs 用了修订或分行业数据）；同一公式在其他省相符",
                "activity data differ (presumably revised or by branch); the formula holds elsewhere",
            ),
        }
    }
}

/// 差异 A cell that does not agree; Mt CO2.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// As published.
    pub province: String,
    /// The member of the document.
    pub fuel: String,
    /// What the document gives.
    pub ours_mt: f64,
    /// What CEADs published.
    pub theirs_mt: f64,
    /// What kind of difference it is.
    pub reason: Reason,
}

/// 比对结果 All cells in which either side has a figure.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// How many there are.
    pub cells: usize,
    /// How many agree.
    pub agreeing: usize,
    /// The others, by province and fuel.
    pub differences: Vec<Difference>,
}

impl Published {
    /// Reads the published table: `province,sector,fuel,MtCO2`, non-zero cells only.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let records = Records::read(text, &["province", "sector", "fuel", "MtCO2"])?;
        let mut published = Self::default();
        let mut totals = Emissions::new();
        let mut faults = Vec::new();
        for (line, [province, sector, fuel, printed]) in records.rows {
            let Some((_, code)) = COMPARED.iter().find(|(name, _)| *name == fuel) else { continue };
            let Ok(value) = printed.parse::<f64>() else {
                faults.push(Fault::new(line, format!("`{printed}` is not a number")));
                continue;
            };
            let sums = if sector == TOTAL { &mut totals } else { &mut published.emissions };
            *sums.entry((province, (*code).to_owned())).or_default() += value;
        }
        for ((province, fuel), total) in &totals {
            let sum = figure(&published.emissions, province, fuel);
            if !agree(sum, *total) {
                published.broken_totals.push((province.clone(), fuel.clone(), sum, *total));
            }
        }
        if faults.is_empty() { Ok(published) } else { Err(faults) }
    }
}

/// Sets our emissions beside the published ones, cell by cell; fuels not compared are passed over.
pub fn compare(ours: &Emissions, published: &Published) -> Comparison {
    let mut keys: Vec<&(String, String)> = ours.keys().chain(published.emissions.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut comparison = Comparison::default();
    for (province, fuel) in keys {
        if !COMPARED.iter().any(|(_, code)| code == fuel) {
            continue;
        }
        let ours_mt = figure(ours, province, fuel);
        let theirs_mt = figure(&published.emissions, province, fuel);
        // What is left of a difference of equal figures is no consumption.
        if ours_mt.abs() < 1e-12 && theirs_mt.abs() < 1e-12 {
            continue;
        }
        comparison.cells += 1;
        if agree(ours_mt, theirs_mt) {
            comparison.agreeing += 1;
        } else {
            let reason = match ours_mt {
                none if none.abs() < 1e-12 => Reason::NothingReported,
                negative if negative < 0.0 => Reason::NegativeActivity,
                _ => Reason::ActivityDiffers,
            };
            let (province, fuel) = (province.clone(), fuel.clone());
            comparison.differences.push(Difference { province, fuel, ours_mt, theirs_mt, reason });
        }
    }
    comparison
}

/// The cells that differ, as a table to read.
pub fn table(comparison: &Comparison) -> TidyTable {
    let mut text =
        "province,fuel,ours (MtCO2),theirs (MtCO2),difference (MtCO2),reason_zh,reason_en\n"
            .to_owned();
    for cell in &comparison.differences {
        let (zh, en) = cell.reason.words();
        text.push_str(&format!(
            "{},{},{:.5},{:.5},{:.5},{},{}\n",
            field(&cell.province),
            cell.fuel,
            cell.ours_mt,
            cell.theirs_mt,
            cell.ours_mt - cell.theirs_mt,
            field(zh),
            field(en)
        ));
    }
    TidyTable { file: "differences.csv".to_owned(), text }
}

/// Reads one table of results, such as `province,year,fuel,co2_by_fuel (万tCO2)`, and adds it to
/// the emissions. `key` is `fuel` or `gas`; members may be codes or printed labels.
pub fn read_results(text: &str, key: &str, into: &mut Emissions) -> Result<(), Vec<Fault>> {
    let header = text.lines().next().unwrap_or_default().trim_start_matches('\u{feff}');
    let value = header.split(',').map(str::trim).find(|name| name.contains("CO2"));
    let value = value.unwrap_or("… (万tCO2)");
    // 万t is 10^4 t, a hundredth of a megatonne.
    let per_mt = match value.rsplit_once(['(', '[', '（']).map(|(_, unit)| unit) {
        Some(unit) if unit.starts_with('万') => 100.0,
        Some(unit) if unit.starts_with("10^4") => 100.0,
        Some(unit) if unit.starts_with("Mt") => 1.0,
        Some(unit) if unit.starts_with("tCO2") => 1e6,
        _ => return Err(vec![Fault::new(1, format!("no unit is known for column `{value}`"))]),
    };
    let records = Records::read(text, &["province", key, value])?;
    let mut faults = Vec::new();
    for (line, [province, member, printed]) in records.rows {
        let code = crate::prepare_balance::CARRIERS
            .iter()
            .find(|carrier| carrier.code == member || carrier.label == member)
            .map(|carrier| carrier.code);
        match (code, printed.parse::<f64>()) {
            (Some(code), Ok(value)) => {
                *into.entry((province, code.to_owned())).or_default() += value / per_mt;
            }
            // A fuel without a factor has no figure, only its notation key.
            (Some(_), Err(_)) if ["NE", "NO", "NA", "IE", "C", ""].contains(&&*printed) => {}
            (None, _) => faults.push(Fault::new(line, format!("unknown fuel `{member}`"))),
            (_, Err(_)) => faults.push(Fault::new(line, format!("`{printed}` is not a number"))),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// 因子表 A catalogue file of factors (`fuel,…,value`) as the input table of the document.
///
/// Every member of the family stands in it; those without a factor hold the notation key NE, so
/// that the result says what is not estimated. `header` is that of the input, with its unit.
pub fn factor_table(
    catalogue: &str,
    family: crate::prepare_balance::Family,
    header: &str,
) -> Result<String, Vec<Fault>> {
    let records = Records::read(catalogue, &["fuel", "value"])?;
    let mut text = format!("{header}\n");
    let takes = |carrier: &&crate::prepare_balance::Carrier| {
        carrier.family == family && carrier.left_out.is_none()
    };
    for carrier in crate::prepare_balance::CARRIERS.iter().filter(takes) {
        let factor = records.rows.iter().find(|(_, [fuel, _])| fuel == carrier.code);
        let printed = factor.map_or("NE", |(_, [_, value])| value.as_str());
        text.push_str(&format!("{},{printed}\n", carrier.code));
    }
    Ok(text)
}

fn agree(ours: f64, theirs: f64) -> bool {
    (ours - theirs).abs() <= AGREES_WITHIN_MT.max(AGREES_WITHIN_SHARE * theirs.abs())
}

fn figure(emissions: &Emissions, province: &str, fuel: &str) -> f64 {
    emissions.get(&(province.to_owned(), fuel.to_owned())).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests;
