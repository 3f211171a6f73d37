//! 电表 The meters, and the profiles from which their readings are made.

use crate::annual::Annual;
use crate::firm::Firm;
use crate::place::town_id;
use crate::planted::{Case, PlantedKind, of_year};
use tanliu_load::{Day, Gap, Jump, Profile, YearLevel, season};
use tanliu_platform::directory::Meter;
use tanliu_unit::time::TimeKey;

/// What a second meter serves.
const PARTS: [&str; 6] = ["空压站", "制冷站", "一车间", "二车间", "环保设施", "办公区"];

/// What each place of a firm's meter stream decides.
mod place {
    pub(super) const SECOND: u64 = 0;
    pub(super) const PART: u64 = 1;
    pub(super) const SHARE: u64 = 2;
    pub(super) const REST: u64 = 3;
    pub(super) const SEASON: u64 = 4;
    pub(super) const READINGS: u64 = 5;
}

/// 一只表 A meter as the generator keeps it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Metered {
    /// The firm's place in the list.
    pub(crate) firm: usize,
    /// The part that it serves; none for all.
    part: Option<&'static str>,
    /// Its share of the firm's electricity.
    share: f64,
}

/// One meter for each firm, and a second one for a tenth of them.
pub(crate) fn metered(firms: &[Firm]) -> Vec<Metered> {
    let mut meters = Vec::new();
    for (place, firm) in firms.iter().enumerate() {
        meters.push(Metered { firm: place, part: None, share: 1.0 });
        let stream = firm.stream.of(50);
        if stream.unit(place::SECOND) < 0.10 {
            let at = usize::try_from(stream.at(place::PART) % PARTS.len() as u64).unwrap_or(0);
            let share = 0.15 + 0.45 * stream.unit(place::SHARE);
            meters.push(Metered { firm: place, part: PARTS.get(at).copied(), share });
        }
    }
    meters
}

impl Metered {
    /// `E00042-1` for all of the firm, `E00042-2` for a part.
    pub(crate) fn id(&self, firm: &Firm) -> String {
        format!("{}-{}", firm.id(), if self.part.is_some() { 2 } else { 1 })
    }

    /// For the directory.
    pub(crate) fn meter(&self, firm: &Firm) -> Meter {
        Meter {
            id: self.id(firm),
            enterprise: firm.id(),
            carrier: "electricity".to_owned(),
            unit: "kWh".to_owned(),
            serves: self.part.map_or("总表".to_owned(), |part| format!("分表：{part}")),
        }
    }

    /// Its profile. Each year adds up to what the firm truly used, whatever it reported.
    pub(crate) fn profile(
        &self,
        firm: &Firm,
        annuals: &[Option<Annual>],
        (cases, calendar): (&[Case], &[(i64, Vec<Day>)]),
    ) -> Profile {
        let stream = firm.stream.of(50);
        let mut profile = Profile {
            name: self.id(firm),
            town: town_id(firm.town),
            sector: firm.trade.sector.id().to_owned(),
            noise: stream.of(place::READINGS + u64::from(self.part.is_some())),
            size_kwh: 1.0,
            shifts: firm.shifts,
            weekend: firm.shifts.weekend(stream.unit(place::REST)),
            season: season(firm.trade.sector.id(), stream.unit(place::SEASON)),
            years: Vec::new(),
            jumps: Vec::new(),
            gaps: Vec::new(),
        };
        let own = cases.iter().filter(|case| case.firm == self.firm);
        for case in own {
            let Some(day) = TimeKey::parse(&case.day()).map(|key| Day::new(key).number()) else {
                continue;
            };
            if case.kind == PlantedKind::SuddenChange {
                let jump = Jump { first_day: day, days: case.length(), share: case.share() };
                profile.jumps.push(jump);
            } else if case.kind == PlantedKind::MissingReadings && self.part.is_none() {
                profile.gaps.push(Gap { day, quarter: 24, count: case.length() });
            }
        }
        self.scale(&mut profile, annuals, calendar);
        profile
    }

    /// The size is that of the last year in which it ran; the others stand beside it.
    fn scale(
        &self,
        profile: &mut Profile,
        annuals: &[Option<Annual>],
        calendar: &[(i64, Vec<Day>)],
    ) {
        let size = |(year, days): &(i64, Vec<Day>)| {
            let used = of_year(annuals, *year).map_or(0.0, |annual| annual.used.electricity);
            (*year, used * 1e4 * self.share / profile.energy_kwh(days))
        };
        let sizes: Vec<(i64, f64)> = calendar.iter().map(size).collect();
        let last = sizes.iter().rev().map(|(_, size)| *size).find(|size| *size > 0.0);
        let last = last.unwrap_or(1.0);
        profile.size_kwh = last;
        profile.years =
            sizes.into_iter().map(|(year, size)| YearLevel { year, share: size / last }).collect();
    }
}
