//! Factors of the catalogue: a row is one leaf, whoever picks it.

use super::{Case, close};

fn grid() -> Vec<(String, String)> {
    let header = include_str!("../../../tests/suite/factors/grid.toml");
    let table = "grid,grid_label,from,to,published,value,uncertainty\n\
                 south,南,2019,2019,2020-06-01,0.5,±10%\n\
                 south,南,2020,2020,2021-06-01,0.4,±0.02\n\
                 south,南,2021,2021,2022-12-20,0.3,\n";
    vec![("suite/grid.toml".into(), header.into()), ("suite/grid.csv".into(), table.into())]
}

const INDEXES: &str = "index grid = south \"南\"\nindex year : year\n";

#[test]
fn a_row_of_the_catalogue_has_its_own_width() {
    let case = Case::with_factors(
        &format!(
            "{INDEXES}input e[grid, year] : MWh\n\
             factor f[grid, year] : tCO2/MWh from \"suite/grid\" as of same year\n\
             output x[grid, year] : tCO2 = e * f"
        ),
        grid(),
    )
    .table("e", &[("south 2019", 10.0), ("south 2020", 10.0), ("south 2021", 10.0)]);
    let outcome = case.first();
    assert_eq!(outcome.leaves, 2);
    close(outcome.half("x", "south 2019"), 0.5);
    close(outcome.half("x", "south 2020"), 0.2);
    assert_eq!(outcome.half("x", "south 2021"), 0.0);
    let leaf = &outcome.at("x", "south 2019").propagated.leaves[0];
    assert_eq!((leaf.name.as_str(), leaf.key.as_str()), ("f", "south, 2019"));
}

#[test]
fn two_factors_that_pick_one_row_are_one_leaf() {
    let case = Case::with_factors(
        &format!(
            "{INDEXES}param here : MWh = 30\nparam there : MWh = 10\n\
             factor f[grid] : tCO2/MWh from \"suite/grid\" as of fixed at 2019\n\
             factor h[grid] : kgCO2/MWh from \"suite/grid\" as of fixed at 2019-05-01\n\
             output x[grid] : tCO2 = here * f - there * h"
        ),
        grid(),
    );
    let outcome = case.first();
    assert_eq!(outcome.leaves, 1);
    close(outcome.half("x", "south"), 1.0);
}

#[test]
fn a_mean_of_rows_rests_on_each_of_them() {
    let case = Case::with_factors(
        &format!(
            "{INDEXES}param e : MWh = 10\n\
             factor f[grid] : tCO2/MWh from \"suite/grid\" as of mean of last 3\n\
             output x[grid] : tCO2 = e * f"
        ),
        grid(),
    );
    let outcome = case.first();
    assert_eq!(outcome.leaves, 2);
    close(outcome.half("x", "south"), 10.0 / 3.0 * (0.05_f64 * 0.05 + 0.02 * 0.02).sqrt());
}

#[test]
fn a_declaration_stands_before_the_rows_own_width() {
    let case = Case::with_factors(
        &format!(
            "{INDEXES}param e : MWh = 10\n\
             factor f[grid] : tCO2/MWh from \"suite/grid\" as of fixed at 2019 ± 20%\n\
             output x[grid] : tCO2 = e * f"
        ),
        grid(),
    );
    close(case.first().half("x", "south"), 1.0);
}
