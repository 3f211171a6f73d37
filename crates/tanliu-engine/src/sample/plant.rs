//! 企业 What is made up about a metered plant: sector, town, size, shifts, rest days, season.

use tanliu_load::{Profile, Shifts, Stream, season};

/// 镇街 Towns of the district.
const TOWNS: u64 = 26;
/// 行业 Sectors with their share of the plants, in percent.
const SECTORS: [(&str, f64); 6] = [
    ("energy", 2.0),
    ("industry", 70.0),
    ("building", 12.0),
    ("transport", 5.0),
    ("agriculture", 3.0),
    ("living", 8.0),
];

/// What each place of a plant's stream decides. A place, once given, keeps its meaning: else the
/// same seed would give another district.
mod place {
    pub(super) const TOWN: u64 = 0;
    pub(super) const SECTOR: u64 = 1;
    pub(super) const SHIFTS: u64 = 2;
    pub(super) const REST: u64 = 3;
    pub(super) const SIZE: u64 = 4;
    pub(super) const SEASON: u64 = 6;
    pub(super) const READINGS: u64 = 7;
}

/// The plant of a number in the district of a seed.
pub(super) fn plant(seed: u64, number: u32) -> Profile {
    let stream = Stream::new(seed).of(u64::from(number));
    let sector = sector(stream.unit(place::SECTOR));
    let shifts = shifts(sector, stream.unit(place::SHIFTS));
    Profile {
        name: format!("E{number:05}"),
        town: format!("T{:02}", stream.at(place::TOWN) % TOWNS + 1),
        sector: sector.to_owned(),
        noise: stream.of(place::READINGS),
        // Lognormal: the median plant draws 20 kWh in a quarter of an hour, 80 kW.
        size_kwh: libm::exp(3.0 + 1.2 * stream.normal(place::SIZE)),
        shifts,
        weekend: shifts.weekend(stream.unit(place::REST)),
        season: season(sector, stream.unit(place::SEASON)),
        years: Vec::new(),
        jumps: Vec::new(),
        gaps: Vec::new(),
    }
}

fn sector(draw: f64) -> &'static str {
    let mut left = draw * 100.0;
    for (name, share) in SECTORS {
        if left < share {
            return name;
        }
        left -= share;
    }
    "industry"
}

fn shifts(sector: &str, draw: f64) -> Shifts {
    match sector {
        "energy" => Shifts::Continuous,
        "transport" => Shifts::Two,
        "building" | "agriculture" => Shifts::Day,
        "living" => Shifts::Home,
        _ if draw < 0.40 => Shifts::Continuous,
        _ if draw < 0.75 => Shifts::Two,
        _ => Shifts::Day,
    }
}
