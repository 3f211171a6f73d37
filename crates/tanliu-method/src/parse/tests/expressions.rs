//! Precedence and every form of an expression.

use super::{formula, good, shape, shape_of};
use proptest::prelude::*;

#[test]
fn operators_bind_in_the_order_of_the_grammar() {
    for (text, expected) in [
        ("a or b and not c = d", "(or a (and b (not (= c d))))"),
        ("a and b or c and d", "(or (and a b) (and c d))"),
        ("not a and b", "(and (not a) b)"),
        ("not a = b", "(not (= a b))"),
        ("a = b + c * d", "(= a (+ b (* c d)))"),
        ("a + b * c ^ d", "(+ a (* b (^ c d)))"),
        ("a - b - c", "(- (- a b) c)"),
        ("a / b / c", "(/ (/ a b) c)"),
        ("a / b * c", "(* (/ a b) c)"),
        ("a ^ b ^ c", "(^ a (^ b c))"),
        ("-a ^ b", "(neg (^ a b))"),
        ("a ^ -b", "(^ a (neg b))"),
        ("a ^ -b ^ c", "(^ a (neg (^ b c)))"),
        ("a * -b", "(* a (neg b))"),
        ("-a * b", "(* (neg a) b)"),
        ("a ?? b ^ c", "(^ (?? a b) c)"),
        ("a ^ b ?? c", "(^ a (?? b c))"),
        ("a ?? b ?? c", "(?? (?? a b) c)"),
        ("-a ?? b", "(neg (?? a b))"),
        ("a ?? -b", "(?? a (neg b))"),
        ("a ?? -b ^ c", "(^ (?? a (neg b)) c)"),
        ("a ?? -b[year-1]", "(?? a (neg (at b year-1)))"),
        ("bank[year-1] ?? 0", "(?? (at bank year-1) 0)"),
        ("a + b in kg", "(in (+ a b) kg)"),
        ("a in kg where b", "(where (in a kg) b)"),
        ("a in kg > b in t", "(> (in a kg) (in b t))"),
        ("a where b > c", "(where a (> b c))"),
        ("a where b and c", "(and (where a b) c)"),
        ("a where b = c + d", "(where a (= b (+ c d)))"),
        ("a + b where c in t >= d", "(where (+ a b) (>= (in c t) d))"),
        ("if a or b then c + d else e or f", "(if (or a b) (+ c d) (or e f))"),
        ("if a then b else if c then d else e", "(if a b (if c d e))"),
        ("if a then if b then c else d else e", "(if a (if b c d) e)"),
        ("(a + b) * c", "(* (+ a b) c)"),
        ("(a < b) = c", "(= (< a b) c)"),
        ("a\n  - b", "(- a b)"),
        ("a -- the first\n + b", "(+ a b)"),
    ] {
        assert_eq!(shape_of(text), expected, "{text}");
    }
}

#[test]
fn all_six_comparisons() {
    for sign in ["=", "!=", "<", "<=", ">", ">="] {
        assert_eq!(shape_of(&format!("a {sign} b")), format!("({sign} a b)"));
        assert_eq!(shape_of(&format!("a{sign}b")), format!("({sign} a b)"));
    }
}

#[test]
fn selections_shifts_and_fields() {
    for (text, expected) in [
        ("x[year-1]", "(at x year-1)"),
        ("x[year + 1]", "(at x year+1)"),
        ("x[fuel = coal]", "(at x fuel=coal)"),
        ("x[grid = home, year-2]", "(at x grid=home year-2)"),
        ("x[year]", "(at x year)"),
        ("x[year = 2021-07]", "(at x year=@2021-07)"),
        ("x[plant = \"P-01\"][year-1]", "(at (at x plant=\"P-01\") year-1)"),
        ("x[grid = if a then b else c]", "(at x grid=(if a b c))"),
        ("(a + b)[year-1]", "(at (+ a b) year-1)"),
        ("cm.om * 2", "(* (. cm om) 2)"),
        ("cm.om[year-1]", "(at (. cm om) year-1)"),
        ("(x ?? v)[year-1]", "(at (?? x v) year-1)"),
    ] {
        assert_eq!(shape_of(text), expected, "{text}");
    }
}

#[test]
fn calls_and_reductions() {
    for (text, expected) in [
        ("min(a, b, 3)", "(min a b 3)"),
        ("exp(-x)", "(exp (neg x))"),
        ("round(x, 0.1)", "(round x 0.1)"),
        ("known(x) and co2e(y) > 0", "(and (known x) (> (co2e y) 0))"),
        ("gwp(gas)", "(gwp gas)"),
        ("sum(e over d1, d2)", "(sum e over d1,d2)"),
        ("quantile(e, 0.9 over plant)", "(quantile e 0.9 over plant)"),
        ("mean(om over year weighted by generation)", "(mean om over year weighted generation)"),
        ("mean(om over year weighted by 1)", "(mean om over year weighted 1)"),
        ("mean(x over day last 7)", "(mean x over day last 7)"),
        ("mean(x over day last up to 7)", "(mean x over day last-up-to 7)"),
        (
            "mean(x over day weighted by 1 last up to 7)",
            "(mean x over day weighted 1 last-up-to 7)",
        ),
        ("sum(e over plant by town_of, sector_of)", "(sum e over plant by town_of,sector_of)"),
        ("sum(e over instant to month)", "(sum e over instant to month)"),
        ("rank(e over plant descending)", "(rank e over plant descending)"),
        ("cumsum(e over year)", "(cumsum e over year)"),
        ("discount(export by mpe)", "(discount export by mpe)"),
        ("inflate(fuel by mpe + 1%)", "(inflate fuel by (+ mpe 1<%>))"),
        ("sum(a where b > 1 over t)", "(sum (where a (> b 1)) over t)"),
        ("count(x over month) = 12", "(= (count x over month) 12)"),
        ("last(x over year)", "(last x over year)"),
        ("sum(last over year)", "(sum last over year)"),
        (
            "all(share(e over plant) < 50% over year)",
            "(all (< (share e over plant) 50<%>) over year)",
        ),
    ] {
        assert_eq!(shape_of(text), expected, "{text}");
    }
}

#[test]
fn match_takes_every_kind_of_arm() {
    let text = "match x { a: e, b | c: e + 1, 90% .. 94%: f, >= 95%: g, \"甲\": h, 2021-07: i, \
                1 | 2: j, -3 .. 5: k, true: l, else: m, }";
    assert_eq!(
        shape_of(text),
        "(match x [a: e] [b|c: (+ e 1)] [90<%>..94<%>: f] [>=95<%>: g] [\"甲\": h] \
         [@2021-07: i] [1|2: j] [-3..5: k] [true: l] [else: m])"
    );
    assert_eq!(
        shape_of("match a in % { < 0.5: 1, else: 2 } * 3"),
        "(* (match (in a %) [<0.5: 1] [else: 2]) 3)"
    );
}

#[test]
fn other_keywords_are_names_where_they_are_not_awaited() {
    assert_eq!(shape_of("source + of * last - default"), "(- (+ source (* of last)) default)");
    assert_eq!(shape_of("max(source, note)"), "(max source note)");
    let declaration = formula("x = a + source \"标签\"\n  note \"n\"");
    assert_eq!(shape(&declaration.expr), "(+ a source)");
    assert_eq!(declaration.label.as_deref(), Some("标签"));
}

#[test]
fn names_are_normalised_and_may_be_chinese() {
    assert_eq!(shape_of("电量 * 排放因子_2"), "(* 电量 排放因子_2)");
    assert_eq!(shape_of("cafe\u{301}"), "café");
    assert_eq!(good("CO₂排放 = a")[0].span.start, 0);
}

#[test]
fn strings_have_two_escapes() {
    assert_eq!(shape_of(r#""a \"b\" c\\""#), r#""a \"b\" c\\""#);
    assert_eq!(shape_of(r#""-- no comment""#), r#""-- no comment""#);
    assert_eq!(shape_of(r#""C:\new""#), r#""C:\\new""#);
}

/// Texts of random expressions; their shape is what matters, not their sense.
fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("a"),
        Just("排放"),
        Just("3"),
        Just("0.5 t"),
        Just("44/12 tCO2/tC"),
        Just("90%"),
        Just("10^4 CNY"),
        Just("-5 °C"),
        Just("2021-07"),
        Just("true"),
        Just("\"x \\\"y\\\\\""),
        Just("cm.om"),
    ]
    .prop_map(str::to_string);
    leaf.prop_recursive(5, 40, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        let sign = prop_oneof![
            Just("+"),
            Just("-"),
            Just("*"),
            Just("/"),
            Just("^"),
            Just("??"),
            Just("and"),
            Just("or"),
            Just("="),
            Just("<="),
            Just("where"),
        ];
        prop_oneof![
            (two.clone(), sign).prop_map(|((a, b), sign)| format!("({a}) {sign} ({b})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            inner.clone().prop_map(|a| format!("({a}) in kWh/t")),
            inner.clone().prop_map(|a| format!("({a})[year-1, fuel = {a}]")),
            (two.clone(), inner.clone())
                .prop_map(|((a, b), c)| format!("if {a} then {b} else {c}")),
            two.clone().prop_map(|(a, b)| format!("sum({a} over d, e weighted by {b} last 3)")),
            two.clone().prop_map(|(a, b)| format!("max({a}, discount({b} by {a}))")),
            two.prop_map(|(a, b)| format!("match {a} {{ x | 3: {b}, 1 .. 2: {a}, else: 0 }}")),
        ]
    })
}

proptest! {
    #[test]
    fn printed_expressions_read_back(text in expressions()) {
        let units = super::units();
        let first = super::parse_expression("a.md", &text, &units);
        let Ok(first) = first else { panic!("{text}: {first:?}") };
        let printed = super::print_expression(&first);
        let second = super::parse_expression("a.md", &printed, &units);
        let Ok(second) = second else { panic!("{text} -> {printed}: {second:?}") };
        prop_assert_eq!(shape(&second), shape(&first), "{} -> {}", text, printed);
        prop_assert_eq!(super::print_expression(&second), printed);
    }
}
