//! 用语 The words of an enterprise's report that the store does not hold.

use tanliu_diagnostic::Lang;
use tanliu_platform::moment::Moment;
use tanliu_platform::submission::{State, state_zh};
use tanliu_platform::warning::OrderState;

/// China has one time, eight hours ahead of UTC.
const LOCAL_MS: i64 = 8 * 3_600_000;

/// Inputs of energy that have better names than their own, in the order of tables.
const INPUTS: &[(&str, &str, &str)] = &[
    ("enterprise_raw_coal", "原煤", "Raw coal"),
    ("enterprise_gasoline", "汽油", "Petrol"),
    ("enterprise_diesel", "柴油", "Diesel"),
    ("enterprise_natural_gas", "天然气", "Natural gas"),
    ("enterprise_lng", "液化天然气", "LNG"),
    ("enterprise_heat", "热力", "Heat"),
    ("enterprise_electricity", "电力", "Electricity"),
    ("transformation_raw_coal", "加工转换投入：原煤", "Transformed: raw coal"),
    ("transformation_diesel", "加工转换投入：柴油", "Transformed: diesel"),
    ("transformation_natural_gas", "加工转换投入：天然气", "Transformed: natural gas"),
    ("transformation_lng", "加工转换投入：液化天然气", "Transformed: LNG"),
    ("transformation_heat_out", "加工转换产出：热力", "Made of it: heat"),
    ("transformation_electricity_out", "加工转换产出：电力", "Made of it: electricity"),
];

/// One of two texts.
pub(super) fn say(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// Whether an input says what an enterprise used of a fuel, or turned into another.
pub(super) fn is_energy(input: &str) -> bool {
    input.starts_with("enterprise_") || input.starts_with("transformation_")
}

/// The place of an input in tables; those without a name of their own come last.
pub(super) fn place(input: &str) -> usize {
    INPUTS.iter().position(|(own, _, _)| *own == input).unwrap_or(INPUTS.len())
}

/// The name of an input; its own where there is no better one.
pub(super) fn input_name(lang: Lang, input: &str) -> String {
    let known = INPUTS.iter().find(|(own, _, _)| *own == input);
    known.map_or(input, |(_, zh, en)| say(lang, zh, en)).to_owned()
}

/// 预警等级
pub(super) fn level(lang: Lang, level: i32) -> String {
    let zh = match level {
        1 => "一级",
        2 => "二级",
        3 => "三级",
        4 => "四级",
        _ => return level.to_string(),
    };
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => format!("level {level}"),
    }
}

/// 工单状态
pub(super) fn order(lang: Lang, state: OrderState) -> &'static str {
    match state {
        OrderState::Found => say(lang, "新预警", "found"),
        OrderState::Noticed => say(lang, "已通知", "noticed"),
        OrderState::Replied => say(lang, "已回复", "replied"),
        OrderState::OnSite => say(lang, "现场处置", "on site"),
        OrderState::Closed => say(lang, "已办结", "closed"),
    }
}

/// 审核状态
pub(super) fn review(lang: Lang, state: State) -> &'static str {
    match lang {
        Lang::Zh => state_zh(state),
        Lang::En => state.word(),
    }
}

/// The day of a moment in the district's time.
pub(super) fn day(moment: Moment) -> String {
    local(moment).get(..10).unwrap_or_default().to_owned()
}

/// A moment to the minute in the district's time.
pub(super) fn minute(moment: Moment) -> String {
    local(moment).get(..16).unwrap_or_default().replace('T', " ")
}

fn local(moment: Moment) -> String {
    moment.after_ms(LOCAL_MS).to_utc()
}
