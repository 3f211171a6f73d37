//! Every form of a declaration, as the contract shows them.

use super::shape::{literal, shape};
use super::{formula, good, one};
use crate::ast::*;
use tanliu_unit::time::Grain;

/// The block of §2, word for word.
const CONTRACT: &str = r#"index year : year   -- ordered; grains: year, quarter, month, day, hour, instant
index fuel = coal "煤炭" | oil "石油" | gas "天然气"   -- closed set; members have labels, data may use either
index plant : text   -- open set: whatever the data holds
index batch : integer   -- open, ordered
index stamp : instant ends   -- data stamp the end of the interval (without `ends`: its beginning)

input energy[year, fuel] : tce "化石能源消费量" >= 0
  source "能源平衡表"
  ± 5%   -- 95 % half-width, normal; a variable per row (`± 5% shared`: one for all)
input imported[year, grid] : kWh "调入电力" default 0
input home : grid   -- a scalar whose value is a member of an index
input town_of[plant] : town   -- a mapping from one index to another
input audited[plant] : bool   -- also: text, date
input emitted[sector, gas] : t notation   -- cells may hold NO, NA, IE, NE, C

param ef_fuel[fuel] : tCO2/tce = { coal: 2.66, oil: 1.73, gas: 1.56 }
param benchmark[year] : tCO2/MWh = { from 2019: 0.877, from 2021: 0.8218 }   -- steps: each holds until the next; a last entry `until 2025` ends them
param threshold : kgCO2 = ?   -- a named hole: results that need it are withheld, and say what is missing; `--set` fills it
factor ef_grid[grid, year] : kgCO2/kWh from "cn/grid/average/provincial" as of same year
factor om[grid] : tCO2/MWh from "cn/grid/om" as of latest before registered   -- the as-of rule is part of the methodology
function biomass(D : cm, H : m) : kg = 0.0509 * D^2.471 * H^0.869  for D in 5 .. 60, H in 2 .. 35

fuel_co2[year, fuel] = energy * ef_fuel
output co2[year] : tCO2 = sum(fuel_co2 over fuel) + power_co2 "二氧化碳排放量"
output cut[year] : % = 1 - intensity / intensity[year-1]
output ER[plant, year] : tCO2e = BE - PE - LE  rounded down "减排量"   -- rounding is part of the methodology
bank[plant, year] : t = (bank[year-1] ?? 0) + allowance - emission   -- carry-over

require capacity >= 1 MW "装机容量须不低于 1 MW"   -- applicability
require evidence "海域使用权证书"
warn    loss_rate <= 8%  "线损率偏高"   -- like require, but reported, not refused
use cm = "cn/tool/combined-margin" { om = ef_om, bm = ef_bm }
"#;

fn names(names: &[Name]) -> Vec<&str> {
    names.iter().map(|name| name.text.as_str()).collect()
}

#[test]
fn the_block_of_the_contract_is_read() {
    let declarations = good(CONTRACT);
    assert_eq!(declarations.len(), 26);
    // Every declaration is a line of its own and its span is that line, without the comment.
    for declaration in &declarations {
        let written = &CONTRACT[declaration.span.start..declaration.span.end];
        assert!(!written.contains("--") || written.starts_with("input energy"), "{written}");
        assert_eq!(written.trim(), written);
    }
}

#[test]
fn indexes() {
    let kind = |text: &str| match one(text).item {
        Item::Index(index) => index.kind,
        other => panic!("{other:?}"),
    };
    assert!(matches!(
        kind("index year : year"),
        IndexKind::Time { grain: Grain::Year, ends: false }
    ));
    assert!(matches!(
        kind("index stamp : instant ends"),
        IndexKind::Time { grain: Grain::Instant, ends: true }
    ));
    assert!(matches!(kind("index q : quarter"), IndexKind::Time { grain: Grain::Quarter, .. }));
    assert!(matches!(kind("index batch : integer"), IndexKind::Integer));
    assert!(matches!(kind("index plant : text"), IndexKind::Text));
    let IndexKind::Closed(members) =
        kind("index fuel = coal \"煤炭\"\n  | oil\n  | \"天然气\" \"gas\"\n  | source \"源\"")
    else {
        panic!()
    };
    let members: Vec<_> =
        members.iter().map(|member| (member.name.text.as_str(), member.label.as_deref())).collect();
    assert_eq!(
        members,
        [("coal", Some("煤炭")), ("oil", None), ("天然气", Some("gas")), ("source", Some("源"))]
    );
}

#[test]
fn inputs_take_what_follows_in_any_order() {
    for text in [
        "input x[year, fuel] : tce \"标签\" default 0 notation >= 0 < 100 t",
        "input x[year, fuel] : tce >= 0 notation default 0 < 100 t \"标签\"",
        "input x[year,\n  fuel]\n : tce\n  < 100 t >= 0\n  \"标签\" notation default 0",
    ] {
        let Item::Input(input) = one(text).item else { panic!() };
        assert_eq!(input.name.text, "x");
        assert_eq!(names(&input.dims), ["year", "fuel"]);
        assert_eq!(input.label.as_deref(), Some("标签"));
        assert!(input.notation);
        assert!(
            matches!(&input.default, Some(DefaultValue::Literal(value)) if literal(value) == "0")
        );
        let mut bounds: Vec<_> = input
            .bounds
            .iter()
            .map(|(sign, value)| format!("{sign:?} {}", literal(value)))
            .collect();
        bounds.sort();
        assert_eq!(bounds, ["GreaterEqual 0", "Less 100<t>"]);
    }
    let default = |text: &str| match one(text).item {
        Item::Input(input) => input.default.unwrap(),
        other => panic!("{other:?}"),
    };
    assert!(
        matches!(default("input x : fuel default coal"), DefaultValue::Name(name) if name.text == "coal")
    );
    assert!(
        matches!(default("input x : text default \"a\""), DefaultValue::Text(text, _) if text == "a")
    );
    assert!(
        matches!(default("input x : °C default -40 °C"), DefaultValue::Literal(value) if literal(&value) == "-40<°C>")
    );
    assert!(
        matches!(default("input x : bool default true notation"), DefaultValue::Literal(value) if literal(&value) == "true")
    );
    assert!(
        matches!(default("input x : t default 1 notation"), DefaultValue::Literal(value) if literal(&value) == "1")
    );
}

#[test]
fn params_are_maps_expressions_or_holes() {
    let param = |text: &str| match one(text).item {
        Item::Param(param) => param,
        other => panic!("{other:?}"),
    };
    assert!(matches!(param("param t : kg = ? \"门槛\"").value, ParamValue::Hole(_)));
    let constant = param("param carbon = 44/12 tCO2/tC \"碳\"");
    assert!(constant.ty.is_none());
    assert_eq!(constant.label.as_deref(), Some("碳"));
    let map = param(
        "param x[grid, year] : kg/kWh = {\n  east: { from 2019: 1.5, from 2021-07: 2 g/kWh, until 2025 },\n\
         \"华 北\": { 2019: 3, 2020: home, until: 4 }, -- the rest\n}  \"标签\"\n  source \"s\"",
    );
    let ParamValue::Map(map) = map.value else { panic!() };
    assert_eq!(
        print_map(&map),
        "{east: {from 2019: 1.5, from 2021-07: 2<g/kWh>, until 2025}, \
                                 华 北: {2019: 3, 2020: home, until: 4}}"
    );
    assert!(matches!(param("param x[a] = { k: -1.5, m: 44/12 t, }").value, ParamValue::Map(_)));
}

fn print_map(map: &MapExpr) -> String {
    let key = |key: &KeyLit| match key.value {
        KeyValue::Integer(number) => number.to_string(),
        KeyValue::Time(key) => key.to_string(),
    };
    let entries = map.entries.iter().map(|entry| {
        let name = match &entry.key {
            MapKey::Name(name) => name.text.clone(),
            MapKey::Key(value) => key(value),
            MapKey::From(value) => format!("from {}", key(value)),
            MapKey::Until(value) => format!("until {}", key(value)),
        };
        match &entry.value {
            None => name,
            Some(MapValue::Literal(value)) => format!("{name}: {}", literal(value)),
            Some(MapValue::Name(value)) => format!("{name}: {}", value.text),
            Some(MapValue::Map(value)) => format!("{name}: {}", print_map(value)),
        }
    });
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

#[test]
fn factors_and_their_as_of_rules() {
    let rule = |rule: &str| {
        let text = format!(
            "factor om[grid] : tCO2/MWh from \"cn/grid/om\" as of {rule} \"标签\"\n  note \"n\""
        );
        match one(&text).item {
            Item::Factor(factor) => {
                assert_eq!(factor.set.text, "cn/grid/om");
                assert_eq!(factor.label.as_deref(), Some("标签"));
                factor.as_of
            }
            other => panic!("{other:?}"),
        }
    };
    assert!(matches!(rule("same year"), AsOf::SameYear));
    assert!(
        matches!(rule("latest before registered"), AsOf::Latest { published: false, before } if shape(&before) == "registered")
    );
    assert!(
        matches!(rule("latest published before 2021-07"), AsOf::Latest { published: true, before } if shape(&before) == "@2021-07")
    );
    assert!(matches!(
        rule("fixed at 2019"),
        AsOf::Fixed(KeyLit { value: KeyValue::Integer(2019), .. })
    ));
    assert!(matches!(
        rule("fixed at 2019-06"),
        AsOf::Fixed(KeyLit { value: KeyValue::Time(_), .. })
    ));
    assert!(matches!(rule("mean of last 3"), AsOf::MeanOfLast { count: 3, before: None }));
    let text = "factor om[feedstock] : tCO2/MWh from \"cn/grid/om\" where fuel = feedstock, \
                \"region-code\" = province as of same year";
    let Item::Factor(factor) = one(text).item else { panic!("a factor") };
    let columns: Vec<String> = (factor.columns.iter())
        .map(|(column, index)| format!("{} {}", column.text, index.text))
        .collect();
    assert_eq!(columns, ["fuel feedstock", "region-code province"]);
    assert!(matches!(
        rule("mean of last 3 before start[year+1]"),
        AsOf::MeanOfLast { count: 3, before: Some(_) }
    ));
}

#[test]
fn functions_have_inputs_units_and_ranges() {
    let text = "function biomass(D : cm, H : m) : kg = 0.0509 * D^2.471 * H^0.869\n  for D in 5 .. 60, H in 2 .. 35 \"生物量\"";
    let Item::Function(function) = one(text).item else { panic!() };
    assert_eq!(function.unit.text, "kg");
    let inputs: Vec<_> = function
        .inputs
        .iter()
        .map(|(name, unit)| (name.text.as_str(), unit.text.as_str()))
        .collect();
    assert_eq!(inputs, [("D", "cm"), ("H", "m")]);
    assert_eq!(shape(&function.body), "(* (* 0.0509 (^ D 2.471)) (^ H 0.869))");
    let ranges: Vec<_> = function
        .ranges
        .iter()
        .map(|(name, low, high)| format!("{} {}..{}", name.text, literal(low), literal(high)))
        .collect();
    assert_eq!(ranges, ["D 5..60", "H 2..35"]);
    assert_eq!(function.label.as_deref(), Some("生物量"));
}

#[test]
fn formulas_with_type_rounding_and_label() {
    let plain = formula("x = a * b");
    assert!(
        !plain.output && plain.ty.is_none() && plain.rounding.is_none() && plain.label.is_none()
    );
    let text = "output ER[plant, year] : tCO2e = BE - PE - LE  rounded down \"减排量\"";
    let output = formula(text);
    assert!(output.output);
    assert_eq!(names(&output.dims), ["plant", "year"]);
    assert_eq!(output.ty.unwrap().text, "tCO2e");
    assert_eq!(shape(&output.expr), "(- (- BE PE) LE)");
    assert_eq!(output.rounding.unwrap().mode, RoundingMode::Down);
    assert_eq!(output.label.as_deref(), Some("减排量"));
    for (text, mode, step) in [
        ("x : t = a rounded", RoundingMode::Half, None),
        ("x : t = a rounded up", RoundingMode::Up, None),
        ("x : t = a rounded even to 0.01", RoundingMode::Even, Some("0.01")),
        ("x : t = a rounded to 0.1 \"l\"", RoundingMode::Half, Some("0.1")),
        ("x : t = a rounded down to 10 kg", RoundingMode::Down, Some("10<kg>")),
    ] {
        let rounding = formula(text).rounding.unwrap();
        assert_eq!(rounding.mode, mode, "{text}");
        assert_eq!(rounding.step.as_ref().map(literal).as_deref(), step, "{text}");
    }
}

#[test]
fn requirements_and_evidence() {
    let Item::Require(require) = one("require capacity >= 1 MW \"须不低于 1 MW\"").item else {
        panic!()
    };
    assert!(!require.warn);
    assert_eq!(shape(&require.condition), "(>= capacity 1<MW>)");
    assert_eq!(require.message, "须不低于 1 MW");
    assert!(matches!(
        one("warn a <= 8% \"m\"").item,
        Item::Require(RequireDecl { warn: true, .. })
    ));
    let Item::Evidence(evidence) = one("require evidence[plant, year] \"证书\"").item else {
        panic!()
    };
    assert_eq!(names(&evidence.dims), ["plant", "year"]);
    assert_eq!(evidence.message, "证书");
    assert!(matches!(one("require evidence \"证书\"").item, Item::Evidence(_)));
    for text in [
        "require evidence >= 1 \"m\"",
        "require evidence[year-1] \"m\"",
        "require evidence[a = b] \"m\"",
        "require evidence[plant] > 0 \"m\"",
        "warn evidence \"m\"",
    ] {
        assert!(matches!(one(text).item, Item::Require(_)), "{text}");
    }
    assert!(matches!(one("require \"a\" = x \"m\"").item, Item::Require(_)));
}

#[test]
fn uses_set_inputs_of_another_document() {
    let text = "use cm = \"cn/tool/combined-margin\" {\nom = ef_om[grid = home],\nbm = 0.5 * ef_bm\n}\n  note \"n\"";
    let Item::Use(import) = one(text).item else { panic!() };
    assert_eq!(
        (import.name.text.as_str(), import.id.text.as_str()),
        ("cm", "cn/tool/combined-margin")
    );
    let arguments: Vec<_> = import
        .arguments
        .iter()
        .map(|(name, value)| format!("{} {}", name.text, shape(value)))
        .collect();
    assert_eq!(arguments, ["om (at ef_om grid=home)", "bm (* 0.5 ef_bm)"]);
}

#[test]
fn attributes_and_uncertainty_follow_any_declaration() {
    let declaration = one(
        "input x[year] : t \"标签\" source \"s1\"\n\tfrequency \"每月\"\n\n  -- between\n  method \"m\"\n\
         \taccuracy \"0.5S\"\n  qa \"校验\" note \"n\"\n  standing \"memory\"\n  ± 5% shared\n  source \"s2\"",
    );
    let kinds: Vec<_> = declaration.attributes.iter().map(|one| one.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["source", "frequency", "method", "accuracy", "qa", "note", "standing", "source"]
    );
    assert_eq!(declaration.attributes[1].text, "每月");
    let uncertainty = declaration.uncertainty.unwrap();
    assert!(uncertainty.shared);
    assert!(
        matches!(&uncertainty.shape, UncertaintyShape::Relative(value) if literal(value) == "5<%>")
    );
    let shape = |text: &str| one(text).uncertainty.unwrap().shape;
    assert!(
        matches!(shape("param x : t = 3\n  ± 0.5 t"), UncertaintyShape::Absolute(value) if literal(&value) == "0.5<t>")
    );
    assert!(
        matches!(shape("param x : t = 3 ± 0.5"), UncertaintyShape::Absolute(value) if literal(&value) == "0.5")
    );
    assert!(matches!(shape("input x : t ~ uniform(1 t, 2 t)"), UncertaintyShape::Uniform(..)));
    assert!(
        matches!(shape("input x : t\n ~ triangular(-1, 0, 2)"), UncertaintyShape::Triangular(_, mode, _) if literal(&mode) == "0")
    );
    assert!(matches!(shape("input x : t\n ~ lognormal(0.5,2)"), UncertaintyShape::Lognormal(..)));
}

#[test]
fn a_number_at_the_end_of_a_line_takes_no_attribute_for_its_unit() {
    let declaration = one("param x = 3\n  source \"s\"");
    assert_eq!(declaration.attributes.len(), 1);
    assert_eq!(shape(&formula("x = 3\n  note \"n\"").expr), "3");
}

#[test]
fn lines_continue_by_indentation_and_inside_brackets() {
    let declarations =
        good("x = a +\n  b +\n\n  -- comment\n  c\ny = sum(\na\nover\nyear\n)\n  + 3\nz = 1\n");
    let shapes: Vec<_> = declarations
        .iter()
        .map(|declaration| match &declaration.item {
            Item::Formula(formula) => shape(&formula.expr),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(shapes, ["(+ (+ a b) c)", "(+ (sum a over year) 3)", "1"]);
}

#[test]
fn blocks_are_one_program_and_spans_are_of_the_document() {
    let text =
        "# Title\n\n```tan\nx = 1\n```\n\nprose = no code\n\n```tan\n\ty = 2\n\tz = 3\n```\n";
    let block = |from: &str, to: &str| {
        let start = text.find(from).unwrap();
        tanliu_diagnostic::Span::new(start, text.find(to).unwrap() + to.len())
    };
    let blocks = [block("x = 1", "x = 1\n"), block("\ty = 2", "z = 3\n")];
    let parsed = super::parse("a.md", text, &blocks, &super::units());
    assert!(parsed.diagnostics.is_empty());
    let written: Vec<_> =
        parsed.declarations.iter().map(|one| &text[one.span.start..one.span.end]).collect();
    assert_eq!(written, ["x = 1", "y = 2", "z = 3"]);
}

#[test]
fn line_ends_of_windows_are_line_ends() {
    let text = "input x : t \"l\"\r\n  source \"s\"\r\n\r\ny = 3 kg\r\n  + x -- c\r\nz = 1\r\n";
    let declarations = good(text);
    assert_eq!(declarations.len(), 3);
    assert_eq!(declarations[0].attributes.len(), 1);
    let written = &text[declarations[1].span.start..declarations[1].span.end];
    assert_eq!(written, "y = 3 kg\r\n  + x");
}
