//! 未覆盖部分与统计 What no enterprise of the list stands for, and what the offices publish.

use crate::annual::{Annual, Fuels, round};
use crate::firm::Firm;
use crate::place::TOWNS;
use crate::trade::Area;
use crate::{FIRST_YEAR, YEARS};
use tanliu_load::Stream;

/// One kind of use in the whole district: area, fuel, amount of 2012, growth in a year.
struct Use(Area, usize, f64, f64);

/// The places of fuels in their order.
mod fuel {
    pub(super) const COAL: usize = 0;
    pub(super) const PETROL: usize = 1;
    pub(super) const DIESEL: usize = 2;
    pub(super) const GAS: usize = 3;
    pub(super) const LNG: usize = 4;
    pub(super) const HEAT: usize = 5;
    pub(super) const POWER: usize = 6;
}

/// Homes, small shops and workshops, farms, vehicles of everybody.
const USES: [Use; 19] = [
    Use(Area::Living, fuel::POWER, 150_000.0, 0.060),
    Use(Area::Living, fuel::GAS, 4_500.0, 0.070),
    Use(Area::Living, fuel::PETROL, 150_000.0, 0.045),
    Use(Area::Living, fuel::COAL, 9_000.0, -0.200),
    Use(Area::Industry, fuel::POWER, 120_000.0, 0.020),
    Use(Area::Industry, fuel::DIESEL, 12_000.0, -0.020),
    Use(Area::Industry, fuel::GAS, 1_500.0, 0.050),
    Use(Area::Industry, fuel::COAL, 60_000.0, -0.280),
    Use(Area::Building, fuel::POWER, 90_000.0, 0.055),
    Use(Area::Building, fuel::GAS, 1_200.0, 0.050),
    Use(Area::Building, fuel::DIESEL, 26_000.0, 0.010),
    Use(Area::Building, fuel::HEAT, 300_000.0, 0.010),
    Use(Area::Transport, fuel::DIESEL, 150_000.0, 0.015),
    Use(Area::Transport, fuel::PETROL, 40_000.0, 0.020),
    Use(Area::Transport, fuel::LNG, 9_000.0, 0.080),
    Use(Area::Transport, fuel::POWER, 6_000.0, 0.160),
    Use(Area::Agriculture, fuel::DIESEL, 18_000.0, -0.010),
    Use(Area::Agriculture, fuel::POWER, 16_000.0, 0.020),
    Use(Area::Agriculture, fuel::PETROL, 3_000.0, -0.010),
];

/// Value added of 2012 that no enterprise of the list makes, in 万元, with its growth.
const VALUES: [(Area, f64, f64); 5] = [
    (Area::Energy, 60_000.0, 0.030),
    (Area::Industry, 1_500_000.0, 0.045),
    (Area::Building, 3_600_000.0, 0.078),
    (Area::Transport, 420_000.0, 0.050),
    (Area::Agriculture, 480_000.0, 0.018),
];

/// 未覆盖部分 What is used outside of the list, by town, area and year.
#[derive(Debug)]
pub(crate) struct Rest {
    shares: Vec<f64>,
    stream: Stream,
}

impl Rest {
    /// Of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        let stream = Stream::new(seed).of(2);
        let weights: Vec<f64> = (1..=TOWNS)
            .map(|town| {
                let street = if town <= 8 { 1.6 } else { 1.0 };
                street * (0.5 + stream.unit(u64::from(town)))
            })
            .collect();
        let sum: f64 = weights.iter().sum();
        Self { shares: weights.iter().map(|weight| weight / sum).collect(), stream }
    }

    /// Of a town, from 1, in a year, rounded as it is reported; none of it where all is zero.
    pub(crate) fn fuels(&self, town: u32, area: Area, year: i64) -> Option<Fuels> {
        let mut list = [0.0; 7];
        for (place, Use(of, fuel, amount, growth)) in (0_u64..).zip(&USES) {
            if *of == area {
                let whole = amount * grown(*growth, year) * dip(area, year);
                let chance = self.stream.of(1_000 + place).of(u64::from(town));
                let chance = 1.0 + 0.03 * chance.bell(year.unsigned_abs());
                if let Some(entry) = list.get_mut(*fuel) {
                    *entry = whole * self.share(town, area) * chance;
                }
            }
        }
        let fuels = Fuels::of(list).rounded();
        fuels.list().iter().any(|amount| *amount > 0.0).then_some(fuels)
    }

    /// Heat drawn outside of the list, by year.
    pub(crate) fn heat(&self) -> Vec<f64> {
        years().map(|year| self.of_year(year).heat).collect()
    }

    /// All of a year.
    pub(crate) fn of_year(&self, year: i64) -> Fuels {
        let mut sum = Fuels::default();
        for town in 1..=TOWNS {
            for area in Area::ALL {
                sum.add(&self.fuels(town, area, year).unwrap_or_default());
            }
        }
        sum
    }

    /// Value added outside of the list, in 万元.
    fn value(&self, town: u32, area: Area, year: i64) -> f64 {
        let of = VALUES.iter().find(|(of, _, _)| *of == area);
        of.map_or(0.0, |(_, amount, growth)| {
            let dip = if year == 2020 { 0.972 } else { 1.0 };
            amount * grown(*growth, year) * dip * self.share(town, area)
        })
    }

    /// Towns have the fields, streets the shops.
    fn share(&self, town: u32, area: Area) -> f64 {
        let index = usize::try_from(town.saturating_sub(1)).unwrap_or(0);
        let share = self.shares.get(index).copied().unwrap_or(0.0);
        let (streets, towns): (f64, f64) =
            self.shares.iter().enumerate().fold((0.0, 0.0), |(streets, towns), (at, share)| {
                if at < 8 { (streets + share, towns) } else { (streets, towns + share) }
            });
        match area {
            Area::Agriculture if town <= 8 => 0.1 * share / streets,
            Area::Agriculture => 0.9 * share / towns,
            _ => share,
        }
    }
}

/// The years of the data.
pub(crate) fn years() -> impl Iterator<Item = i64> {
    (FIRST_YEAR..).take(YEARS)
}

fn grown(growth: f64, year: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "below ten")]
    let past = (year - FIRST_YEAR) as f64;
    libm::pow(1.0 + growth, past)
}

fn dip(area: Area, year: i64) -> f64 {
    match (year, area) {
        (2020, Area::Living | Area::Agriculture) => 1.0,
        (2020, Area::Transport) => 0.90,
        (2020, _) => 0.95,
        _ => 1.0,
    }
}

/// 公布数 What the offices publish of a year.
#[derive(Debug, Clone)]
pub(crate) struct Published {
    /// Value added of towns, all and industrial, in 万元.
    pub(crate) towns: Vec<(f64, f64)>,
    /// Value added of areas that have one, in 万元.
    pub(crate) areas: Vec<(Area, f64)>,
    /// Of the district, in 万元. It is not the sum of towns: the offices count separately.
    pub(crate) gdp: f64,
    /// The district's use of fuels as the statistics office has it, inputs of plants included.
    pub(crate) statistics: Fuels,
    /// Energy of the district in tce and its emissions, consumption and production side, in tCO2,
    /// with round factors: for targets and checks alone, never a result.
    pub(crate) rough: (f64, [f64; 2]),
}

/// What the offices publish of each year, of what firms and others truly did.
pub(crate) fn published(
    firms: &[Firm],
    annuals: &[Vec<Option<Annual>>],
    rest: &Rest,
) -> Vec<Published> {
    years().enumerate().map(|(step, year)| of_year(firms, annuals, rest, (step, year))).collect()
}

fn of_year(
    firms: &[Firm],
    annuals: &[Vec<Option<Annual>>],
    rest: &Rest,
    (step, year): (usize, i64),
) -> Published {
    let made: Vec<(&Firm, Annual)> = firms
        .iter()
        .zip(annuals)
        .filter_map(|(firm, years)| Some((firm, years.get(step).copied().flatten()?)))
        .collect();
    let value = |town: Option<u32>, area: Area| -> f64 {
        let of =
            |firm: &Firm| firm.trade.sector == area && town.is_none_or(|town| firm.town == town);
        let firms: f64 = made.iter().filter(|(firm, _)| of(firm)).map(|(_, a)| a.value_added).sum();
        let towns = town.map_or(1..=TOWNS, |town| town..=town);
        firms + towns.map(|town| rest.value(town, area, year)).sum::<f64>()
    };
    let noise = rest.stream.of(5).of(year.unsigned_abs());
    let towns = (1..=TOWNS)
        .map(|town| {
            let chance = 1.0 + 0.004 * noise.bell(u64::from(town));
            let all: f64 = Area::ALL.into_iter().map(|area| value(Some(town), area)).sum();
            let industry = value(Some(town), Area::Industry) + value(Some(town), Area::Energy);
            (round(all * chance, 0), round(industry * chance, 0))
        })
        .collect();
    let areas: Vec<(Area, f64)> =
        VALUES.iter().map(|(area, ..)| (*area, round(value(None, *area), 0))).collect();
    // Homes have no value added of their own; what serves them counts with buildings.
    let living = value(None, Area::Living);
    let areas: Vec<(Area, f64)> = areas
        .into_iter()
        .map(|(area, sum)| {
            (area, if area == Area::Building { round(sum + living, 0) } else { sum })
        })
        .collect();
    let gdp = areas.iter().map(|(_, sum)| sum).sum::<f64>();
    let (mut used, mut ending, mut fuels_made) = (rest.of_year(year), Fuels::default(), 0.0);
    ending.add(&used);
    for (_, annual) in &made {
        used.add(&annual.used);
        ending.add(&annual.used);
        ending.add(&annual.put_in.times(-1.0));
        fuels_made += annual.made.heat * TCE_HEAT + annual.made.electricity * TCE_POWER;
    }
    let energy: f64 = used.list().iter().zip(TCE).map(|(amount, tce)| amount * tce).sum();
    let side = |fuels: &Fuels, indirect: f64| -> f64 {
        let factors = CO2.iter().zip([1.0, 1.0, 1.0, 1.0, 1.0, indirect, indirect]);
        let parts = fuels.list();
        parts.iter().zip(factors).map(|(amount, (factor, part))| amount * factor * part).sum()
    };
    let rough = (energy - fuels_made, [side(&ending, 1.0), side(&used, 0.0)]);
    Published { towns, areas, gdp, statistics: differing(&used, noise), rough }
}

/// Round factors of a first guess, in the order of fuels: tce and tCO2 of each unit.
const TCE: [f64; 7] = [0.7143, 1.4714, 1.4571, 13.28, 1.76, TCE_HEAT, TCE_POWER];
const TCE_HEAT: f64 = 0.034_12;
const TCE_POWER: f64 = 1.229;
const CO2: [f64; 7] = [1.75, 2.93, 3.1, 21.6, 2.66, 0.11, 6.2];

/// The statistical difference: a little more of most fuels than the list and the rest have.
fn differing(used: &Fuels, noise: Stream) -> Fuels {
    let usual = [0.016, 0.012, 0.018, 0.007, 0.02, -0.006, 0.004];
    let mut list = used.list();
    for (place, (amount, usual)) in (100_u64..).zip(list.iter_mut().zip(usual)) {
        *amount *= 1.0 + usual + 0.006 * noise.bell(place);
    }
    Fuels::of(list).rounded()
}
