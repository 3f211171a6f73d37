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
