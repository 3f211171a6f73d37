//! 量纲不合 What two units of different dimension differ in, in words for messages.

use crate::gwp::GwpSet;
use crate::{Base, Dimension, Unit};
use num_rational::Rational64;
use num_traits::{One, Signed};

const STATES_ZH: &str = "Nm3 为 0 °C，m3@20C 为 20 °C，m3 未指明";
const STATES_EN: &str = "Nm3 is at 0 °C, m3@20C at 20 °C, m3 at none";
/// The factor of an ideal gas at one pressure.
const TO_ZERO: &str = "273.15/293.15 Nm3/m3@20C";

/// Expected kind, found kind, and what turns the second into the first.
const MENDS: [(&str, &str, &str, &str); 8] = [
    (
        "power",
        "energy",
        "能量除以时间才是功率，例如 / 1 h",
        "energy is power times time: divide by a time, for example / 1 h",
    ),
    (
        "energy",
        "power",
        "功率乘以时间才是能量，例如 * 1 h",
        "power times time is energy: multiply by a time, for example * 1 h",
    ),
    (
        "mass",
        "energy",
        "能量（tce、GJ）除以热值才是质量；tce 是能量，不是煤的质量",
        "energy (tce, GJ) over a heating value is a mass; tce is energy, not a mass of coal",
    ),
    (
        "energy",
        "mass",
        "质量乘以热值（GJ/t）或折标系数（tce/t）才是能量；tce 是能量，不是煤的质量",
        "mass times a heating value (GJ/t, tce/t) is energy; tce is energy, not a mass of coal",
    ),
    (
        "energy",
        "volume",
        "体积乘以热值（如 GJ/万Nm3）才是能量",
        "volume times a heating value (such as GJ/Nm3) is energy",
    ),
    (
        "volume",
        "energy",
        "能量除以热值（如 GJ/万Nm3）才是体积",
        "energy over a heating value (such as GJ/Nm3) is a volume",
    ),
    (
        "mass",
        "volume",
        "体积乘以密度（如 t/m3）才是质量",
        "volume times a density (such as t/m3) is a mass",
    ),
    (
        "volume",
        "mass",
        "质量除以密度（如 t/m3）才是体积",
        "mass over a density (such as t/m3) is a volume",
    ),
];

/// 量纲不合 The difference of two units and, where there is one, the likely mend.
///
/// The texts fit into a diagnostic: Chinese sentences without a full stop, English in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// 差别 what differs, in Chinese.
    pub zh: String,
    /// What differs, in English.
    pub en: String,
    /// 改法 the likely mend, in Chinese.
    pub hint_zh: Option<String>,
    /// The likely mend, in English.
    pub hint_en: Option<String>,
}

/// 说明差别 What `found` has that `expected` lacks; nothing if they measure the same.
///
/// `tCH4` against `tCO2` suggests `co2e(…)`, `tC` against `tCO2` suggests 44/12, `MWh` against `MW`
/// a division by hours, `tce` against `t` a heating value.
pub fn describe_mismatch(expected: &Unit, found: &Unit) -> Option<Mismatch> {
    if expected.dimension() == found.dimension() {
        return None;
    }
    let pair = Pair { expected, found, ratio: found.dimension().per(expected.dimension())? };
    let special = [Pair::renamed, Pair::annotated, Pair::state, Pair::currency, Pair::physical];
    let described = special.into_iter().find_map(|describe| describe(&pair));
    Some(described.unwrap_or_else(|| pair.general()))
}

/// Two units and the quotient of their dimensions, found by expected.
struct Pair<'a> {
    expected: &'a Unit,
    found: &'a Unit,
    ratio: Dimension,
}

impl Pair<'_> {
    /// One annotation stands where another is expected: `t{lime}` for `t{clinker}`.
    fn renamed(&self) -> Option<Mismatch> {
        let mut bases = self.ratio.bases();
        let (first, second) = (bases.next()?, bases.next()?);
        if bases.next().is_some() || first.1 != -second.1 {
            return None;
        }
        let (Base::Annotation(one), Base::Annotation(other)) = (first.0, second.0) else {
            return None;
        };
        // Below the line the signs are turned: then the unit that carries it tells which is whose.
        let size = |unit: &Unit, name: &str| exponent(unit, name).abs();
        let swap = size(self.expected, one) < size(self.found, one);
        let (wanted, given) = if swap { (other, one) } else { (one, other) };
        let plain = |unit: &Unit| !unit.to_string().contains(['/', '*', '·', '^']);
        let factor = if plain(self.expected) && plain(self.found) {
            format!("{}/{}", self.expected, self.found)
        } else {
            format!("t{{{wanted}}}/t{{{given}}}")
        };
        let mend = mend_of_substances(wanted, given, &factor);
        Some(Mismatch {
            zh: format!(
                "{} 与 {} 不同：前者是 {wanted}，后者是 {given}",
                self.expected, self.found
            ),
            en: format!(
                "{} and {} differ: one is of {wanted}, the other of {given}",
                self.expected, self.found
            ),
            hint_zh: Some(mend.0),
            hint_en: Some(mend.1),
        })
    }

    /// Annotations on one side only: `t` for `t{lime}`.
    fn annotated(&self) -> Option<Mismatch> {
        if self.ratio.bases().any(|(base, _)| !matches!(base, Base::Annotation(_))) {
            return None;
        }
        let lists =
            [(self.found, self.expected), (self.expected, self.found)].map(|(has, lacks)| {
                let names = self.ratio.bases().filter_map(|(base, _)| match base {
                    Base::Annotation(name) => Some(name.as_str()),
                    _ => None,
                });
                let only = |name: &&str| {
                    exponent(has, name) != Rational64::default()
                        && exponent(lacks, name) == Rational64::default()
                };
                names.filter(only).collect::<Vec<_>>().join(", ")
            });
        let [added, lacking] = lists;
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        if !added.is_empty() {
            zh.push(format!("{} 多了 {added}", self.found));
            en.push(format!("{} carries {added}", self.found));
        }
        if !lacking.is_empty() {
            zh.push(format!("{} 缺少 {lacking}", self.found));
            en.push(format!("{} lacks {lacking}", self.found));
        }
        if zh.is_empty() {
            return None;
        }
        let example = if added.is_empty() { &lacking } else { &added };
        let example = example.split(", ").next().unwrap_or("");
        let one = if added.is_empty() {
            let bearer = bearer(&self.expected.to_string(), example);
            format!("1 {bearer}{{{example}}}/{bearer}")
        } else {
            let bearer = bearer(&self.found.to_string(), example);
            format!("1 {bearer}/{bearer}{{{example}}}")
        };
        Some(Mismatch {
            zh: format!("{}（应为 {}）", zh.join("，"), self.expected),
            en: format!("{} (expected {})", en.join(" and "), self.expected),
            hint_zh: Some(format!("注记只能由系数去掉或加上，例如乘以 {one}")),
            hint_en: Some(format!(
                "only a factor takes an annotation off or puts it on, for example * {one}"
            )),
        })
    }

    /// Gas volumes at different reference states: `m3` for `Nm3`.
    fn state(&self) -> Option<Mismatch> {
        if self.ratio.bases().any(|(base, _)| !matches!(base, Base::State(_))) {
            return None;
        }
        Some(Mismatch {
            zh: format!("{} 与 {} 的参比状态不同（{STATES_ZH}）", self.expected, self.found),
            en: format!(
                "{} and {} are at different reference states ({STATES_EN})",
                self.expected, self.found
            ),
            hint_zh: Some(format!("用一个写明的系数换算，例如由 20 °C 到 0 °C：{TO_ZERO}")),
            hint_en: Some(format!(
                "convert by a stated factor, from 20 °C to 0 °C for example {TO_ZERO}"
            )),
        })
    }

    /// Two currencies, or two price bases of one.
    fn currency(&self) -> Option<Mismatch> {
        let codes: Option<Vec<&str>> = self
            .ratio
            .bases()
            .map(|(base, _)| match base {
                Base::Currency(code) => Some(code.as_str()),
                _ => None,
            })
            .collect();
        let codes = codes.filter(|codes| codes.len() == 2)?;
        let plain = |code: &&str| code.split('@').next().unwrap_or("").to_owned();
        let names: Vec<String> = codes.iter().map(plain).collect();
        let one_currency = names.first() == names.get(1);
        let (zh, en, hint_zh, hint_en) = if one_currency {
            (
                "价格基期",
                "price bases",
                "乘以价格指数（平减指数）",
                "multiply by a price index (deflator)",
            )
        } else {
            ("货币", "currencies", "乘以汇率", "multiply by an exchange rate")
        };
        let both = format!("{} / {}", self.expected, self.found);
        Some(Mismatch {
            zh: format!("{both}：{zh}不同"),
            en: format!("{both}: different {en}"),
            hint_zh: Some(format!("{hint_zh}，单位为 {}/{}", self.expected, self.found)),
            hint_en: Some(format!("{hint_en} in {}/{}", self.expected, self.found)),
        })
    }

    /// Energy for power, energy for mass, volume for mass and the like.
    fn physical(&self) -> Option<Mismatch> {
        let (hint_zh, hint_en) = self.physical_mend()?;
        Some(Mismatch { hint_zh: Some(hint_zh), hint_en: Some(hint_en), ..self.general() })
    }

    fn physical_mend(&self) -> Option<(String, String)> {
        if self.ratio.bases().any(|(base, _)| matches!(base, Base::Annotation(_))) {
            return self.emission_factor();
        }
        let kind = |unit: &Unit| {
            let words = unit.dimension().without_annotations().words_en();
            words.split('@').next().unwrap_or("").to_owned()
        };
        let (expected, found) = (kind(self.expected), kind(self.found));
        let known = MENDS.iter().find(|mend| mend.0 == expected && mend.1 == found);
        if let Some((_, _, zh, en)) = known {
            return Some(((*zh).to_owned(), (*en).to_owned()));
        }
        let mut bases = self.ratio.bases();
        let (base, exponent) = bases.next()?;
        if *base != Base::Time || bases.next().is_some() || !exponent.abs().is_one() {
            return None;
        }
        let (zh, en) = if exponent.is_positive() {
            ("多了一个时间，应除以时间", "there is one time too many: divide by a time")
        } else {
            ("少了一个时间，应乘以时间", "a time is lacking: multiply by a time")
        };
        Some((zh.to_owned(), en.to_owned()))
    }

    /// A gas is expected where an activity stands: `tCO2` for `MWh`.
    fn emission_factor(&self) -> Option<(String, String)> {
        let expected = self.expected.annotations();
        let is_emission = expected
            .iter()
            .any(|(name, exponent)| exponent.is_positive() && (name == "CO2e" || is_gas(name)));
        if !is_emission || !self.found.annotations().is_empty() {
            return None;
        }
        let factor = self.expected.per(self.found).ok()?;
        Some((
            format!("乘以排放因子，单位如 {factor}"),
            format!("multiply by an emission factor, in {factor}"),
        ))
    }

    fn general(&self) -> Mismatch {
        let (expected, found) = (self.expected.dimension(), self.found.dimension());
        Mismatch {
            zh: format!(
                "{} 是{}，{} 是{}",
                self.expected,
                expected.words_zh(),
                self.found,
                found.words_zh()
            ),
            en: format!("{} is {expected}, {} is {found}", self.expected, self.found),
            hint_zh: None,
            hint_en: None,
        }
    }
}

/// How one substance becomes another, Chinese and English; `factor` is the unit of a factor that
/// turns any annotation into another.
fn mend_of_substances(wanted: &str, given: &str, factor: &str) -> (String, String) {
    let masses = match (given, wanted) {
        ("C", "CO2" | "CO2e") => Some("* 44/12 tCO2/tC"),
        ("CO2", "C") => Some("* 12/44 tC/tCO2"),
        ("N", "N2O") => Some("* 44/28 kgN2O/kgN"),
        ("N2O", "N") => Some("* 28/44 kgN/kgN2O"),
        _ => None,
    };
    if let Some(factor) = masses {
        return (format!("用分子量换算：{factor}"), format!("convert by molar mass: {factor}"));
    }
    if wanted == "CO2e" && is_gas(given) {
        return (
            format!("用 co2e(…) 按文档的 GWP 把 {given} 换算为 CO2e"),
            format!("co2e(…) turns {given} into CO2e by the document's GWP set"),
        );
    }
    if given == "CO2e" && is_gas(wanted) {
        return (
            "CO2e 不能换回单一气体；把另一侧用 co2e(…) 换算为 CO2e".to_owned(),
            "CO2e cannot be turned back into one gas: apply co2e(…) to the other side".to_owned(),
        );
    }
    if is_gas(wanted) && is_gas(given) {
        return (
            "不同气体先各用 co2e(…) 换算为 CO2e 再相加".to_owned(),
            "apply co2e(…) to both, which turns them into CO2e".to_owned(),
        );
    }
    (
        format!("用一个写明的系数换算，单位如 {factor}"),
        format!("convert by a stated factor, for example in {factor}"),
    )
}

/// Whether some GWP table has the gas (or it is one of the two families).
fn is_gas(name: &str) -> bool {
    matches!(name, "HFC" | "PFC") || GwpSet::ALL.iter().any(|set| set.of(name).is_some())
}

fn exponent(unit: &Unit, annotation: &str) -> Rational64 {
    unit.dimension().exponent(&Base::Annotation(annotation.to_owned()))
}

/// The unit that carries an annotation as written: `GJ` of `GJ{heat}/t`; `t` where it is not written so.
fn bearer(unit: &str, annotation: &str) -> String {
    let mark = format!("{{{annotation}}}");
    let before = unit.split_once(&mark).map_or("", |(before, _)| before);
    let ends = |sign: char| matches!(sign, '*' | '·' | '/' | '(' | ' ' | '}');
    let atom = before.rsplit(ends).next().unwrap_or_default();
    if atom.is_empty() || atom == "1" { "t".to_owned() } else { atom.to_owned() }
}
