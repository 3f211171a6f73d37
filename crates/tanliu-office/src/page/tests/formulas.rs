//! How expressions are set.

use super::{assert_well_formed, page_of};

const NAMES: &str = "index year : year\nindex fuel = coal \"煤炭\" | oil\nindex plant : text\n\
    index town : text\ninput a[year, fuel] : t default 0\ninput b[fuel] : t default 0\n\
    input t_of[plant] : town\ninput m[plant] : t\ninput x : t\n";

/// The markup of one formula, without links.
fn set(formula: &str) -> String {
    let html = page_of(&format!("{NAMES}{formula}"));
    assert_well_formed(&html);
    let from = html.find("<math display=\"block\">").unwrap();
    let math = html[from..].split("</math>").next().unwrap();
    let mut out = String::new();
    for piece in math.split("<a ") {
        match piece.split_once("\">") {
            Some((_, rest)) if !out.is_empty() => out.push_str(rest),
            _ => out.push_str(piece),
        }
    }
    out.replace("</a>", "").replace("<mrow>", "").replace("</mrow>", "")
}

#[test]
fn quotients_are_fractions_and_powers_are_raised() {
    let math = set("r[fuel] = b / (b + x)");
    assert!(math.contains("<mfrac>"), "{math}");
    assert!(!math.contains("fence"), "a fraction needs no parentheses: {math}");
    let math = set("r[fuel] = (b + x)^2");
    assert!(math.contains("<msup>") && math.contains("fence"), "{math}");
    let math = set("r = x * 44/12 t/t");
    assert!(math.contains("<mfrac><mn>44</mn><mn>12</mn></mfrac>"), "{math}");
}

#[test]
fn names_carry_their_indexes() {
    let math = set("r[year, fuel] = a + b");
    assert!(math.contains("<mi>y</mi><mo separator=\"true\">,</mo><mi>f</mi>"), "{math}");
    let math = set("r[year, fuel] = a - a[year-1]");
    assert!(math.contains("<mi>y</mi><mo>−</mo><mn>1</mn>"), "{math}");
    let math = set("r[year] = a[fuel = coal]");
    assert!(math.contains("<mi mathvariant=\"normal\">煤炭</mi>"), "a member by its label: {math}");
}

#[test]
fn sums_and_means() {
    let math = set("r[year] = sum(a + b over fuel)");
    assert!(math.contains("<munder><mo>∑</mo><mi>f</mi></munder>"), "{math}");
    assert!(math.contains("fence"), "a sum below Σ stands in parentheses: {math}");
    let math = set("r[town] = sum(m over plant by t_of)");
    assert!(math.contains("<mo>=</mo><mi>t</mi>"), "{math}");
    let math = set("r[year] = mean(a over fuel)");
    assert!(math.contains("<mover accent=\"true\">"), "{math}");
    let math = set("r[year] = mean(a over fuel weighted by b)");
    assert_eq!(math.matches('∑').count(), 2, "weights make a fraction of sums: {math}");
}

#[test]
fn branches_are_cases() {
    let math = set("r : t = if x > 2 t then 1 t else if x > 1 t then 2 t else 0 t");
    assert_eq!(math.matches("<mtr>").count(), 3, "{math}");
    assert!(math.contains("其他情况") && math.contains("若\u{a0}"));
    let math = set("r[fuel] : 1 = match b { 1 t .. 2 t: 1, >= 5 t: 2, else: 3 }");
    assert!(math.contains('≤') && math.contains('≥'), "{math}");
    let math = set("r[fuel] : 1 = match fuel { coal: 1, oil: 3 }");
    assert!(math.contains("煤炭") && math.contains("oil"), "{math}");
}

#[test]
fn precedence_keeps_its_parentheses() {
    let math = set("r = x - (x + x)");
    assert_eq!(math.matches("fence").count(), 2, "{math}");
    let math = set("r = x - x + x");
    assert_eq!(math.matches("fence").count(), 0, "{math}");
    let math = set("r = -(x + x)");
    assert_eq!(math.matches("fence").count(), 2, "{math}");
    let math = set("r = x * (x ?? 0)");
    assert!(math.contains("缺则") && math.matches("fence").count() == 2, "{math}");
}

#[test]
fn long_sums_are_broken_into_lines() {
    let long = "x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + x";
    let math = set(&format!("r = {long}"));
    assert!(math.contains("<mtable class=\"lines\" displaystyle"), "{math}");
}

#[test]
fn units_are_set_and_formulas_numbered() {
    let html = page_of(&format!("{NAMES}param e : kgCO2/m3 = 2\nr : t = x * 5%\ns = r + x"));
    assert!(html.contains("kgCO₂/m³"));
    assert!(html.contains("id=\"formula-r\"") && html.contains("href=\"#formula-s\">(2)</a>"));
    assert!(html.contains("href=\"#symbol-x\""), "names lead to their declaration");
}

#[test]
fn keys_of_integers_and_months_on_are_set_as_in_print() {
    let more = "index period : integer\ninput flow[period] : CNY\ninput issued : date\n";
    let math = set(&format!("{more}r = sum(flow / 1.08^number(period) over period)"));
    assert!(!math.contains("number"), "{math}");
    let math = set(&format!("{more}r : date = add_months(issued, 12) - 1 d"));
    assert!(math.contains("<mo>+</mo><mn>12</mn><mtext>\u{a0}个月</mtext><mo>−</mo>"), "{math}");
}
