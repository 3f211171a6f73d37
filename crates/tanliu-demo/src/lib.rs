//! 示范区 A made-up district as values: directory, people, catalogue, ten years of reports, meters.
//!
//! **Every figure is made up**, and so are the names; real are only the codes and names of trades
//! (GB/T 4754—2017) and the rules of check digits. The size is that of a district that exists, so
//! that the platform is shown at its true load: 26 towns, 3,600 enterprises of which 1,503 are
//! above scale, six areas, 2012 to 2021, textiles, dyeing and chemical fibre first.
//!
//! Pure: the same seed gives the same district on every machine.
//!
//! 1. [`Demo::new`] makes district, towns, areas, enterprises, meters, users, catalogue.
//! 2. [`Demo::handed`] tells what was handed in, when, by whom, and how it was reviewed.
//! 3. [`Demo::profile`] gives the load profile of each meter; a year of its quarters adds up to the
//!    electricity of the year.
//! 4. [`Demo::planted`] lists what is wrong or stands out in the data, and where it is found.
//!
//! What it refuses: to store, to compute emissions, to look like a real place.

mod annual;
mod catalogue;
mod code;
mod firm;
mod history;
mod meter;
mod people;
mod place;
mod planted;
mod rest;
mod rows;
#[cfg(test)]
mod tests;
mod trade;

pub use catalogue::PANORAMA;
pub use code::is_credit_code;
pub use firm::{ABOVE_SCALE, ENTERPRISES};
pub use history::Handed;
pub use place::TOWNS;
pub use planted::{Planted, PlantedKind};

use annual::Annual;
use firm::Firm;
use meter::Metered;
use planted::Case;
use rest::{Published, Rest};
use tanliu_load::{Day, Profile};
use tanliu_platform::account::User;
use tanliu_platform::catalogue::Dataset;
use tanliu_platform::directory::{District, Enterprise, Meter, Sector, Town};
use tanliu_platform::figure::Calculation;

/// 缺省种子 The seed of the district that the documentation shows.
pub const SEED: u64 = 20_251_120;
/// 起始年
pub const FIRST_YEAR: i64 = 2012;
/// 终止年
pub const LAST_YEAR: i64 = 2021;
/// 年数
pub const YEARS: usize = 10;

/// 示范区 The district of a seed.
#[derive(Debug)]
pub struct Demo {
    /// The district with its notice.
    pub district: District,
    /// Its towns, by id.
    pub towns: Vec<Town>,
    /// The six areas, in the order of pages.
    pub sectors: Vec<Sector>,
    /// Its enterprises, by id; some began after 2012, some ended before 2021.
    pub enterprises: Vec<Enterprise>,
    /// Their meters: one for each, a second one for a tenth of them.
    pub meters: Vec<Meter>,
    /// Users of every role, without passwords.
    pub users: Vec<User>,
    /// The catalogue of datasets.
    pub datasets: Vec<Dataset>,
    /// What is computed again and again.
    pub calculations: Vec<Calculation>,
    firms: Vec<Firm>,
    /// What firms truly made and used.
    annuals: Vec<Vec<Option<Annual>>>,
    rest: Rest,
    published: Vec<Published>,
    cases: Vec<Case>,
    metered: Vec<Metered>,
    /// The days of each year, made once for all profiles.
    calendar: Vec<(i64, Vec<Day>)>,
}

impl Demo {
    /// The district of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let (firms, rest, towns) = (firm::firms(seed), Rest::new(seed), place::towns());
        let mut annuals = annual::annuals(&firms);
        let cases = planted::choose(&firms, &annuals);
        planted::grow(&cases, &mut annuals);
        annual::transform(&firms, &mut annuals, &rest.heat());
        let enterprises = firm::enterprises(&firms, &towns);
        let metered = meter::metered(&firms);
        let meters = metered
            .iter()
            .filter_map(|metered| Some(metered.meter(firms.get(metered.firm)?)))
            .collect();
        let users = people::users(&towns, &enterprises, &planted::list(&cases, &firms));
        Self {
            district: place::district(),
            sectors: place::sectors(),
            datasets: catalogue::datasets(),
            calculations: catalogue::calculations(),
            published: rest::published(&firms, &annuals, &rest),
            towns,
            enterprises,
            meters,
            users,
            firms,
            annuals,
            rest,
            cases,
            metered,
            calendar: rest::years().map(|year| (year, Day::of_year(year))).collect(),
        }
    }

    /// 埋设 What is wrong or stands out in the data, and where it is found.
    #[must_use]
    pub fn planted(&self) -> Vec<Planted> {
        planted::list(&self.cases, &self.firms)
    }

    /// 报送 Everything that was handed in, in the order of time, with its values and reviews. The
    /// number of a submission is its place, from 1; a store gives its own.
    pub fn handed(&self) -> impl Iterator<Item = Handed> + '_ {
        history::handed(self)
    }

    /// 画像 The load profile of a meter, by its place in [`Demo::meters`]. A year of its quarters
    /// adds up to what its enterprise truly used (a second meter: to its part of it), whatever the
    /// enterprise reported. After 2021 it goes on as in 2021.
    #[must_use]
    pub fn profile(&self, meter: usize) -> Option<Profile> {
        let metered = self.metered.get(meter)?;
        let (firm, years) = self.firms.get(metered.firm).zip(self.annuals.get(metered.firm))?;
        Some(metered.profile(firm, years, (&self.cases, &self.calendar)))
    }
}
