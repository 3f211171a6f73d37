//! 企业 The enterprises: trade, town, size, years, name, code.

use crate::code::credit_code;
use crate::place::{TOWNS, point, stem, town_id};
use crate::trade::{Area, TRADES, Trade, transforms};
use crate::{FIRST_YEAR, LAST_YEAR};
use std::collections::BTreeSet;
use tanliu_load::{Shifts, Stream};
use tanliu_platform::directory::{Enterprise, Town};

/// 企业数
pub const ENTERPRISES: u32 = 3_600;
/// 规上企业数
pub const ABOVE_SCALE: usize = 1_503;
/// Coprime to [`ENTERPRISES`]: neighbours by number are of different trades.
const STRIDE: u32 = 1_559;

/// What each place of an enterprise's stream decides.
mod place {
    pub(super) const TOWN: u64 = 0;
    pub(super) const SIZE: u64 = 1;
    pub(super) const GROWTH: u64 = 3;
    pub(super) const THRIFT: u64 = 5;
    pub(super) const FUEL: u64 = 7;
    pub(super) const SWITCH: u64 = 8;
    pub(super) const LIFE: u64 = 9;
    pub(super) const BEGIN: u64 = 10;
    pub(super) const END: u64 = 11;
    pub(super) const EAST: u64 = 12;
    pub(super) const NORTH: u64 = 13;
    pub(super) const LAND: u64 = 14;
    pub(super) const SHIFTS: u64 = 16;
    pub(super) const NAME: u64 = 20;
    pub(super) const YEARS: u64 = 100;
}

/// Second words of names; made up, or of so general a meaning that they name nobody.
const WORDS: [&str; 63] = [
    "恒润", "嘉晟", "华耀", "瑞森", "鼎昌", "百川", "宏远", "天棠", "金禾", "万霖", "德尚", "永澜",
    "兴岳", "盛和", "联创", "新纬", "凯帆", "佳禾", "泰润", "欣荣", "广源", "同舟", "立诚", "明湖",
    "远航", "启棠", "锦程", "越海", "振岳", "通衢", "福泽", "长屿", "正阳", "博远", "方舟", "海岚",
    "星桥", "云帆", "东篱", "南屏", "西岭", "北辰", "大同", "三和", "五岳", "七彩", "九州", "双桥",
    "元亨", "利贞", "诚达", "信义", "安顺", "康宁", "美林", "绿野", "蓝湾", "红枫", "白鹭", "朝晖",
    "晨曦", "晴川", "沐风",
];

/// 燃料 What its own boilers and furnaces burn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Furnace {
    /// Coal throughout: kilns of cement and brick.
    Coal,
    /// Coal until a year, gas from then on.
    CoalThenGas(i64),
    /// Piped gas.
    Gas,
    /// Liquefied gas: no pipe reaches it.
    Lng,
}

/// 企业 What everything annual of an enterprise follows from.
#[derive(Debug, Clone)]
pub(crate) struct Firm {
    /// From 1.
    pub(crate) number: u32,
    /// Its trade.
    pub(crate) trade: &'static Trade,
    /// Its town, from 1.
    pub(crate) town: u32,
    /// Its stream of chance.
    pub(crate) stream: Stream,
    /// Value added of 2012 at constant prices, in 万元, had it existed then.
    pub(crate) base: f64,
    /// Growth of value added in a year, as a share.
    pub(crate) growth: f64,
    /// Its energy against that of the trade, as a multiple.
    pub(crate) thrift: f64,
    /// The first and the last year in which it reports.
    pub(crate) years: (i64, i64),
    /// What its furnaces burn.
    pub(crate) furnace: Furnace,
    /// Its shifts.
    pub(crate) shifts: Shifts,
}

impl Firm {
    /// `E00042`.
    pub(crate) fn id(&self) -> String {
        format!("E{:05}", self.number)
    }

    /// Whether it reports in a year.
    pub(crate) fn reports(&self, year: i64) -> bool {
        (self.years.0..=self.years.1).contains(&year)
    }

    /// A number of mean 0 and variance 1 of a year; `what` tells apart what it is for.
    pub(crate) fn bell(&self, what: u64, year: i64) -> f64 {
        self.stream.of(place::YEARS + what).bell(year.unsigned_abs())
    }
}

/// All firms of a seed, by number.
pub(crate) fn firms(seed: u64) -> Vec<Firm> {
    let stream = Stream::new(seed).of(1);
    let weights: u32 = TRADES.iter().map(|trade| trade.weight).sum();
    (1..=ENTERPRISES)
        .filter_map(|number| Some((number, trade(number, weights)?)))
        .map(|(number, trade)| firm(stream.of(u64::from(number)), number, trade))
        .collect()
}

fn firm(stream: Stream, number: u32, trade: &'static Trade) -> Firm {
    // The median enterprise has 900 万元; those that turn fuel into heat for others are all large.
    let base = match transforms(trade.code) {
        true => 6_000.0 * (0.7 + stream.unit(place::SIZE)),
        false => {
            let usual = libm::exp(6.8 + 1.2 * stream.normal(place::SIZE));
            (usual * bulk(trade.code)).clamp(40.0, 90_000.0)
        }
    };
    Firm {
        number,
        trade,
        town: town(stream.unit(place::TOWN), trade.sector),
        stream,
        base,
        growth: 0.055 + 0.022 * stream.normal(place::GROWTH).clamp(-2.5, 2.5),
        thrift: libm::exp(0.22 * stream.normal(place::THRIFT)),
        years: years(stream, trade),
        furnace: furnace(stream, trade),
        shifts: shifts(stream, trade),
    }
}

/// Chemical fibre comes from large works, dyeing from larger ones than most.
fn bulk(code: &str) -> f64 {
    match code {
        "2653" | "2821" | "2822" | "2826" => 5.0,
        "1713" | "1743" | "1752" | "1762" | "2221" | "3011" => 2.0,
        _ => 1.0,
    }
}

/// Trades have their share of enterprises exactly, whatever the seed.
fn trade(number: u32, weights: u32) -> Option<&'static Trade> {
    let place = (number * STRIDE) % ENTERPRISES;
    let mut left = place * weights / ENTERPRISES;
    for trade in TRADES {
        if left < trade.weight {
            return Some(trade);
        }
        left -= trade.weight;
    }
    // The weights add up to more than any place: this is not reached.
    None
}

/// Streets (the first eight) have more of shops and homes, towns more of industry and fields.
fn town(draw: f64, area: Area) -> u32 {
    let power = match area {
        Area::Building | Area::Living => 1.7,
        Area::Agriculture => 0.6,
        _ => 1.15,
    };
    let share = libm::pow(draw, power);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 25")]
    let index = (share * f64::from(TOWNS)) as u32;
    index.min(TOWNS - 1) + 1
}

/// Seven of a hundred begin later, five end earlier; who heats the others is always there.
fn years(stream: Stream, trade: &Trade) -> (i64, i64) {
    let step = |place: u64, years: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "below ten")]
        let step = (stream.unit(place) * years) as i64;
        step
    };
    match stream.unit(place::LIFE) {
        _ if transforms(trade.code) => (FIRST_YEAR, LAST_YEAR),
        life if life < 0.07 => (FIRST_YEAR + 1 + step(place::BEGIN, 8.0), LAST_YEAR),
        life if life < 0.12 => (FIRST_YEAR, LAST_YEAR - 1 - step(place::END, 7.0)),
        _ => (FIRST_YEAR, LAST_YEAR),
    }
}

fn furnace(stream: Stream, trade: &Trade) -> Furnace {
    #[expect(clippy::cast_possible_truncation, reason = "below seven")]
    let year = 2013 + (stream.unit(place::SWITCH) * 7.0) as i64;
    match (trade.code, stream.unit(place::FUEL)) {
        ("3011", _) => Furnace::Coal,
        ("4412", draw) if draw < 0.7 => Furnace::Coal,
        ("4412", _) => Furnace::CoalThenGas(2016),
        (_, draw) if draw < 0.55 => Furnace::CoalThenGas(year),
        (_, draw) if draw < 0.92 => Furnace::Gas,
        _ => Furnace::Lng,
    }
}

fn shifts(stream: Stream, trade: &Trade) -> Shifts {
    match (trade.shifts, stream.unit(place::SHIFTS)) {
        (Shifts::Two, draw) if draw < 0.15 => Shifts::Continuous,
        (Shifts::Two, draw) if draw < 0.30 => Shifts::Day,
        (Shifts::Day, draw) if draw < 0.15 => Shifts::Two,
        (shifts, _) => shifts,
    }
}

/// 名录 The enterprises of the directory. Those of the largest base are above scale.
pub(crate) fn enterprises(firms: &[Firm], towns: &[Town]) -> Vec<Enterprise> {
    let above = above_scale(firms);
    let mut taken = BTreeSet::new();
    firms
        .iter()
        .map(|firm| {
            let town = towns.iter().find(|town| town.id == town_id(firm.town));
            let stem = town.map_or("", |town| stem(&town.name));
            let tile = town.map_or((0, 0), |town| town.tile);
            let share = (firm.stream.unit(place::EAST), firm.stream.unit(place::NORTH));
            Enterprise {
                id: firm.id(),
                credit_code: credit_code(firm.town, firm.number),
                name: name(firm, stem, &mut taken),
                town: town_id(firm.town),
                sector: firm.trade.sector.id().to_owned(),
                industry_code: firm.trade.code.to_owned(),
                industry_name: firm.trade.name.to_owned(),
                above_scale: above.contains(&firm.number),
                land_mu: Some(land_mu(firm)),
                place: Some(point(tile, share)),
                contact: None,
                edition: 0,
            }
        })
        .collect()
}

fn above_scale(firms: &[Firm]) -> BTreeSet<u32> {
    let mut by_size: Vec<&Firm> = firms.iter().collect();
    by_size
        .sort_by(|one, other| other.base.total_cmp(&one.base).then(one.number.cmp(&other.number)));
    by_size.into_iter().take(ABOVE_SCALE).map(|firm| firm.number).collect()
}

/// Town, word, trade: the first that nobody has.
fn name(firm: &Firm, stem: &str, taken: &mut BTreeSet<String>) -> String {
    let pick = |words: &[&'static str], place: u64| {
        let count = words.len().max(1) as u64;
        let index = usize::try_from(firm.stream.at(place) % count).unwrap_or(0);
        words.get(index).copied().unwrap_or_default()
    };
    let mut place = place::NAME;
    loop {
        let (word, trade) = (pick(&WORDS, place), pick(firm.trade.words, place + 1));
        let name = format!("{stem}{word}{trade}有限公司");
        if taken.insert(name.clone()) {
            return name;
        }
        place += 2;
    }
}

/// Land goes up with size more slowly than value added does.
fn land_mu(firm: &Firm) -> f64 {
    let usual = match firm.trade.sector {
        Area::Agriculture => 3.0,
        Area::Building | Area::Living => 0.12,
        _ => 0.4,
    };
    let chance = libm::exp(0.4 * firm.stream.normal(place::LAND));
    (usual * libm::pow(firm.base, 0.62) * chance * 10.0).round().max(5.0) / 10.0
}
