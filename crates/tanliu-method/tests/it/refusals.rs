//! 拒绝与警告 Small documents and what the checker says of them.

use super::library;
use tanliu_factor::Catalogue;
use tanliu_method::check::check;

const FRONT: &str = "---\nid: suite/refusal\nversion: \"1\"\ntitle: refusal\nkind: account\n\
                     status: illustration\n---\n";

/// Code, message and hint of the only finding.
#[track_caller]
fn only(declarations: &str, example: &str) -> String {
    let text = format!("{FRONT}```tan\n{declarations}\n```\n{example}");
    let checked = check("refusal.md", &text, &library(&[]), &Catalogue::default());
    let [found] = checked.diagnostics.list() else { panic!("{:?}", checked.diagnostics.list()) };
    let hint = found.hint.as_ref().map_or("", |hint| hint.en.as_str());
    format!("{}: {}; {hint}", found.code, found.message.en)
}

#[test]
fn a_default_written_as_a_bound_is_warned_of() {
    let said = only("input x : t = 5\noutput z = x", "");
    assert!(said.starts_with("bound-of-equality: `= 5` is a bound"), "{said}");
    assert!(said.contains("write `default 5`"), "{said}");
}

#[test]
fn uncertainties_measure_what_their_value_does() {
    let said = only("input x : t ± 3 MWh\noutput z = x", "");
    assert!(said.starts_with("literal-unit: MWh does not convert to t"), "{said}");
    let said = only("input x : t ~ triangular(1, 2, 3 MWh)\noutput z = x", "");
    assert!(said.starts_with("literal-unit:"), "{said}");
    let said = only("input x : text ± 5%\noutput z = x", "");
    assert!(said.starts_with("uncertainty-needs-number:"), "{said}");
}

#[test]
fn a_condition_behind_where_wants_parentheses() {
    let said = only("input x : t\noutput z = x where x > 1 t and x < 3 t", "");
    assert!(said.starts_with("needs-truth-value: `and` wants a condition"), "{said}");
    assert!(said.contains("x where (a and b)"), "{said}");
}

#[test]
fn names_of_examples_are_checked_without_a_run() {
    let expects = "## Example\nGiven: x = 1 t\n\nTable: expect zz\n\n| zz (t) |\n|---|\n| 1 |\n";
    let said = only("input x : t\noutput z = x", expects);
    assert!(said.starts_with("example-unknown-name: the example expects `zz`"), "{said}");
    let gives = "## Example\nGiven: y = 1 t\n";
    let said = only("input x : t\noutput z = x", gives);
    assert!(said.starts_with("example-unknown-name: the example gives `y`"), "{said}");
}

#[test]
fn a_map_without_members_that_are_asked_is_warned_of() {
    let front = "index fuel = coal | oil | gas\nindex grid = a | b\ninput x[fuel, grid] : t\n";
    let said = only(
        &format!("{front}param p[fuel] : 1 = {{ coal: 1 }}\noutput z[fuel, grid] = x * p"),
        "",
    );
    assert!(said.starts_with("map-lacks-members: param `p` lacks oil, gas"), "{said}");
    let said = only(
        &format!(
            "{front}param p[grid, fuel] : 1 = {{ a: {{ coal: 1, oil: 2, gas: 3 }}, b: {{ coal: 1, \
             oil: 2 }} }}\ny[fuel, grid] = x * p\noutput z = sum(y over fuel, grid)"
        ),
        "",
    );
    assert!(said.contains("lacks gas"), "{said}");
}

#[test]
fn a_map_of_which_not_all_is_asked_is_no_matter() {
    let front =
        "index fuel = coal | oil | gas\ninput x[fuel] : t\nparam p[fuel] : 1 = { coal: 1 }\n";
    for right in [
        "x * (p ?? 0)",
        "(x where fuel = coal) * p",
        "if fuel = coal then x * p else x",
        "x * p[fuel = coal]",
        "(x where fuel = coal) * x / x * p",
    ] {
        let text = format!("{FRONT}```tan\n{front}output z[fuel] : t = {right}\n```\n");
        let checked = check("refusal.md", &text, &library(&[]), &Catalogue::default());
        let found = checked.diagnostics.list();
        assert!(found.is_empty(), "{right}: {found:?}");
    }
}

/// Code, message and hint of the only finding, with the suite's factors.
#[track_caller]
fn of_factor(declaration: &str) -> String {
    let front = "index region = guangdong | shanxi\nindex year : year\nindex plant : text\n\
                 input started[plant] : date\n";
    let uses = "output z = 1\n";
    let text = format!("{FRONT}```tan\n{front}{declaration}\n{uses}```\n");
    let checked = check("refusal.md", &text, &library(&[]), &super::catalogue());
    match checked.diagnostics.list() {
        [] => String::new(),
        [found] => {
            let hint = found.hint.as_ref().map_or("", |hint| hint.en.as_str());
            format!("{}: {}; {hint}", found.code, found.message.en)
        }
        list => panic!("{list:?}"),
    }
}

#[test]
fn the_key_columns_of_a_factor_are_checked_without_data() {
    let said = of_factor("factor f[region] : kgCO2/kWh from \"suite/grid\" as of fixed at 2020");
    assert!(said.starts_with("factor-key-columns: the keys of suite/grid: grid;"), "{said}");
    assert!(said.contains("from \"…\" where grid = region"), "{said}");
    let said =
        of_factor("factor f[plant, region] : kgCO2/kWh from \"suite/grid\" as of fixed at 2020");
    assert!(said.contains("the factor gives: plant, region; the indexes"), "{said}");
    let set = "kgCO2/kWh from \"suite/grid\" where";
    let said =
        of_factor(&format!("factor f[region, plant] : {set} grid = region as of fixed at 2020"));
    assert!(said.starts_with("factor-key-columns:"), "{said}");
    for sound in [
        "[region] : {} grid = region as of fixed at 2020",
        "[region, year] : {} grid = region as of fixed at 2020",
        "[region, year] : {} grid = region as of same year",
        "[region, plant] : {} grid = region as of latest before started",
    ] {
        let said = of_factor(&format!("factor f{}", sound.replace("{}", set)));
        assert_eq!(said, "", "{sound}");
    }
}

#[test]
fn a_factor_says_which_columns_there_are() {
    let of = |columns: &str| {
        of_factor(&format!(
            "factor f[region] : kgCO2/kWh from \"suite/grid\" where {columns} as of fixed at 2020"
        ))
    };
    let said = of("fuel = region");
    assert!(said.starts_with("factor-no-such-column: the factor set suite/grid has no"), "{said}");
    let said = of("gird = region");
    assert!(said.contains("did you mean `grid`?"), "{said}");
    let said = of("grid = plant");
    assert!(
        said.starts_with("factor-column-index: `plant` is not an index of factor `f`"),
        "{said}"
    );
    let said = of("grid = province");
    assert!(said.starts_with("unknown-index:"), "{said}");
}

#[test]
fn what_does_not_add_to_a_date_says_so() {
    let front = "index day : day\nindex month : month\ninput issued : date\ninput applied : date\n\
                 input mass : t\ninput years : a\ninput x[day] : t\n";
    let of = |formula: &str| only(&format!("{front}output z = {formula}"), "");
    let said = of("issued + applied");
    assert!(said.starts_with("date-arithmetic: two dates do not add; the days between"), "{said}");
    let said = of("issued + 30");
    assert!(said.contains("found one without a unit; write days, as in `issued + 30 d`"), "{said}");
    assert!(of("issued - mass").contains("by a number of days, found t;"));
    assert!(of("30 d - issued").contains("a date is not subtracted from a number"));
    let said = of("issued + years");
    assert!(said.contains("a year is 365 days, not a calendar year; by calendar years"), "{said}");
    let said = only(&format!("{front}output z[month] = issued - month"), "");
    assert!(said.contains("beside a date stands a number of days or a date"), "{said}");
    let said = of("add_months(mass, 3)");
    assert!(said.starts_with("needs-date: `add_months( )` takes a date"), "{said}");
    assert!(of("add_months(issued, mass)").starts_with("needs-plain-number:"));
    assert!(of("issued * 2").contains("a number is wanted here, found a date; the difference"));
}

#[test]
fn keys_become_numbers_by_name() {
    let front = "index period : integer\nindex year : year\nindex month : month\n\
                 index fuel = coal | oil\ninput x[period, year, month, fuel] : t\n";
    let of = |formula: &str| {
        only(&format!("{front}output z[period, year, month, fuel] : t = x * {formula}"), "")
    };
    assert!(of("period").ends_with("as a number is `number(period)`"), "{}", of("period"));
    assert!(of("2 ^ period").ends_with("as a number is `number(period)`"));
    assert!(of("(year + 1)").ends_with("the year as a number is `year(year)`"));
    assert!(of("month").ends_with("is `year(month)`, `month(month)`"));
    assert!(of("fuel").contains("by `match fuel { … }`"));
    let said = of("number(year)");
    assert!(said.starts_with("needs-integer-key: `number( )` takes a key of an integer"), "{said}");
    assert!(of("day(month)").starts_with("time-part:"));
}

#[test]
fn a_gas_that_only_other_gwp_sets_have_is_named() {
    let front = FRONT.replace("kind: account", "kind: account\ngwp: AR2");
    let of = |unit: &str| {
        let text = format!("{front}```tan\ninput x : {unit}\noutput y = co2e(x)\n```\n");
        let checked = check("refusal.md", &text, &library(&[]), &Catalogue::default());
        let [found] = checked.diagnostics.list() else {
            panic!("{:?}", checked.diagnostics.list())
        };
        let notes: Vec<&str> = found.notes.iter().map(|note| note.en.as_str()).collect();
        format!("{}: {}; {}", found.code, found.message.en, notes.join("; "))
    };
    let said = of("t{HFC-245fa}");
    assert!(said.starts_with("gwp-lacks: GWP set AR2 has no figure for HFC-245fa; "), "{said}");
    assert!(said.contains("the sets that have one: AR4, AR5, AR6"), "{said}");
    assert!(of("kg{HFC-245fa}/t").starts_with("gwp-lacks:"));
    assert!(of("t{waste}").starts_with("co2e-needs-gas:"));
    assert!(of("t").starts_with("co2e-needs-gas:"));
}

#[test]
fn months_of_years_are_reduced_with_other_indexes_before_them() {
    let front = "index fuel = coal | oil\nindex month : month\nindex year : year\n\
                 input x[fuel, month] : t\n";
    let of = |sum: &str| {
        let text = format!("{FRONT}```tan\n{front}output y[year] : t = {sum}\n```\n");
        let checked = check("refusal.md", &text, &library(&[]), &Catalogue::default());
        checked.diagnostics.list().iter().map(|found| found.code).collect::<Vec<_>>()
    };
    assert_eq!(of("sum(x over month to year, fuel)"), ["syntax-expected"]);
    assert!(of("sum(sum(x over fuel) over month to year)").is_empty());
    assert!(of("sum(x over fuel, month to year)").is_empty());
}
