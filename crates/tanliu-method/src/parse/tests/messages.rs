//! What is said about each mistake, and which mend is offered.

use super::{read, shown};

/// A text, the code of its one finding, a part of the message, a part of the hint or a note.
const CASES: &[(&str, &str, &str, &str)] = &[
    // A value or a sign is missing.
    ("x =", "syntax-expected", "expected a value, found the end of the declaration", ""),
    ("x = a +", "syntax-expected", "expected a value", ""),
    ("x = a * / b", "syntax-expected", "expected a value, found `/`", ""),
    ("x = and b", "syntax-expected", "expected a value, found `and`", ""),
    ("x a", "syntax-keyword", "`x` does not open a declaration", ""),
    ("x", "syntax-expected", "expected `=`", ""),
    ("input x", "syntax-expected", "an input states its unit", ": 1"),
    ("input x \"l\"", "syntax-expected", "an input states its unit", ": t"),
    ("input x : = 3", "syntax-expected", "expected a unit, an index", ""),
    ("input x : default 0", "syntax-expected", "expected a unit, an index", ""),
    ("output x t = 3", "syntax-expected", "expected `=`, found `t`", "`: t`"),
    ("x = sum(a, over b)", "syntax-expected", "behind the comma, found `over`", "leave out"),
    ("param x : t", "syntax-expected", "expected `=`", ""),
    ("index x", "syntax-expected", "`: year` and the like", ""),
    ("index x : week", "syntax-expected", "`quarter`", ""),
    ("index x = a |", "syntax-expected", "expected a member", ""),
    ("factor x : t from cn as of same year", "syntax-expected", "the id of a factor set", ""),
    ("factor x : t from \"cn\"", "syntax-expected", "expected `as`", ""),
    ("factor x : t from \"cn\" where fuel as of same year", "syntax-expected", "expected `=`", ""),
    ("factor x : t from \"cn\" where 3 = fuel", "syntax-expected", "a key column of the set", ""),
    ("factor x : t from \"cn\" as of newest", "syntax-expected", "`latest before …`", ""),
    ("factor x : t from \"cn\" as of mean of last 0", "syntax-number-range", "at least 1", ""),
    ("function f(D) : kg = D", "syntax-expected", "an input of a function states its unit", ""),
    ("function f(D : cm) = D", "syntax-expected", "the result of a function states", ""),
    ("require a > 1", "syntax-expected", "expected the message", ""),
    ("use cm = x", "syntax-expected", "expected a string", ""),
    ("x[] = 1", "syntax-expected", "the name of an index", ""),
    ("x[year-1] = 1", "syntax-expected", "expected `]`, found `-`", ""),
    ("x = sum(a over )", "syntax-expected", "the name of an index, found `)`", ""),
    ("x = mean(a over d last 0)", "syntax-number-range", "at least 1", ""),
    ("x = mean(a over d last 1.5)", "syntax-expected", "a number of steps", ""),
    ("x = match a { }", "syntax-expected", "expected a case", ""),
    ("x = match a { b: 1 c: 2 }", "syntax-expected", "expected `}`, found `c`", "comma"),
    ("param x = { a: 1 b: 2 }", "syntax-expected", "expected `}`, found `b`", "comma"),
    ("use a = \"b\" { c = d e = f }", "syntax-expected", "expected `}`, found `e`", "comma"),
    ("x = match a { b .. c: 1 }", "syntax-range", "between numbers", ""),
    ("x = if a then b", "syntax-expected", "expected `else`", ""),
    ("x = a \"l\" \"m\"", "syntax-expected", "one label", "note \"…\""),
    // Brackets and strings that are not closed.
    ("x = (a + b", "syntax-unclosed", "`(` is not closed", "add `)`"),
    ("x = sum(a over b to c, d)", "syntax-expected", "`to` takes the place of one", "over d first"),
    ("x = sum(a over b to c,)", "syntax-expected", "expected `)` behind `to c`", "over … first"),
    ("x = sum(a over b", "syntax-unclosed", "`(` is not closed", "add `)`"),
    ("x = (a + b]", "syntax-expected", "expected `)`, found `]`", ""),
    ("param x = { a: 1", "syntax-unclosed", "`{` is not closed", "add `}`"),
    ("x = a \"label", "syntax-unclosed-string", "no closing quotation mark", "own line"),
    // Two values side by side, thousands.
    ("x = a b", "syntax-expected", "end of the declaration, found `b`", "a * b"),
    ("x = (a) (b)", "syntax-expected", "found `(`", "a * b"),
    ("x = 2 (a + b)", "syntax-expected", "found `(`", "a * b"),
    ("x = f(a b)", "syntax-expected", "expected `)`, found `b`", "a * b"),
    ("x = 2,500 * a", "syntax-expected", "found `,`", "`2500`"),
    ("x = (2,500)", "syntax-expected", "found `,`", "`2500`"),
    ("param x = { a: 2,500, b: 3 }", "syntax-expected", "found `,`", "`2500`"),
    // Words that people write for ours.
    ("x = a\n  sources \"s\"", "syntax-expected", "found `sources`", "`source \"…\"`"),
    ("x = a\n  来源 \"s\"", "syntax-expected", "found `来源`", "`source \"…\"`"),
    ("x = a\n  acuracy \"s\"", "syntax-expected", "found `acuracy`", "`accuracy \"…\"`"),
    ("x = a\n  owner \"s\"", "syntax-expected", "found `owner`", "source frequency method"),
    ("x = a rounded floor", "syntax-expected", "found `floor`", "`rounded down`"),
    ("x = a rounded ceil", "syntax-expected", "found `ceil`", "`rounded up`"),
    ("x = a rounded sideways", "syntax-expected", "found `sideways`", "`rounded even`"),
    ("x = mean(a over m last 3 month)", "syntax-expected", "found `month`", "`last 3`"),
    ("x = mean(a over m last up to 3 month)", "syntax-expected", "found `month`", "`last 3`"),
    ("x = a 最大产甲烷能力", "syntax-expected", "found `最大产甲烷能力`", "\"最大产甲烷能力\""),
    ("param x = 3 最大能力", "unit-unknown", "unknown unit `最大能力`", "\"最大能力\""),
    ("param x = 3 最大能力\n note \"n\"", "unit-unknown", "`最大能力`", "\"最大能力\""),
    ("output x : tCO2 e = a", "syntax-expected", "expected `=`, found `e`", "`tCO2e`"),
    ("x = 3 tCO2 e", "syntax-expected", "found `e`", "`tCO2e`"),
    ("x = a > 15 degC", "unit-unknown", "unknown unit `degC`", "`°C`"),
    ("param x : t = 待定 \"l\"", "syntax-expected", "`待定` is no value", "`?`"),
    ("param x : t = TBD", "syntax-expected", "`TBD` is no value", "`?`"),
    ("x = sum(a)", "syntax-reduction", "does not say over which index", "sum(x over index)"),
    ("x = quantile(a, 0.9)", "syntax-reduction", "over which index", "quantile(x, 0.9 over index)"),
    ("x = IF(a > b, 1, 2)", "syntax-operator", "no function `IF`", "if condition then value"),
    ("x = AVERAGE(a)", "syntax-operator", "no function `AVERAGE`", "mean(x over index)"),
    ("burnt-meter = 3", "syntax-expected", "expected `=`, found `-`", "`burnt_meter`"),
    // Units.
    ("x = 3 y", "unit-unknown", "unknown unit `y`", "`3 * y`"),
    ("x = 3 kWhh", "unit-unknown", "unknown unit `kWhh`", "kWh"),
    ("x = 3 kg*y", "unit-unknown", "unknown unit `y`", "blanks"),
    ("x = a / 44/12 tCO2/tC", "syntax-number-unit", "needs parentheses", "/ (44/12 …)"),
    ("x = a ^ 10^4 CNY", "syntax-number-unit", "needs parentheses", "^ (10^4 …)"),
    ("x = a/1/2/3 t", "syntax-number-unit", "needs parentheses", "blanks"),
    ("x = a in {b, c}", "syntax-expected", "expected a unit behind `in`", "x = a or x = b"),
    ("x = a in \"b\"", "syntax-expected", "expected a unit behind `in`", "x = a or x = b"),
    ("x = a in", "syntax-expected", "expected a unit", ""),
    // Numbers and keys.
    ("x = 5-3", "syntax-subtraction", "a subtraction of numbers has blanks", "`5 - 3`"),
    ("x = 2021-7 + 1", "syntax-key", "`2021-7` is no date", "`2021 - 7`"),
    ("x = 2021-13-01", "syntax-key", "is no date", "2021-Q3"),
    ("x = 2021-02-30", "syntax-key", "is no date", ""),
    ("x = .5 * a", "syntax-number", "begins with a digit", "`0.5`"),
    ("x = 1e999", "syntax-number-range", "out of range", ""),
    ("param x = { 500kV: 1 }", "syntax-name", "do not begin with a digit", "\"500kV\""),
    ("param x = { a: 1 + 2 }", "syntax-expected", "expected `,` or `}`", "a formula of its own"),
    ("x = { a: 1 }", "syntax-expected", "belongs to a `param`", "param x[index]"),
    ("x = a + { b: 1 }", "syntax-expected", "found `{`", "right side of a `param`"),
    // Operators of other languages.
    ("x = a == b", "syntax-operator", "no operator `==`", "`=`"),
    ("x == 3", "syntax-operator", "no operator `==`", "`=`"),
    ("x := 3", "syntax-operator", "no operator `:=`", "`=`"),
    ("x = a <> b", "syntax-operator", "no operator `<>`", "`!=`"),
    ("x = a && b", "syntax-operator", "no operator `&&`", "`and`"),
    ("x = a || b", "syntax-operator", "no operator `||`", "`or`"),
    ("x = !a", "syntax-operator", "no operator `!`", "`not`"),
    ("x = a ** 2", "syntax-operator", "no operator `**`", "`^`"),
    ("x = y[fuel: coal]", "syntax-operator", "no operator `:`", "`=`"),
    ("index x = a, b", "syntax-operator", "no operator `,`", "`|`"),
    ("x = match a { b => 1, else: 2 }", "syntax-operator", "no operator `=>`", "`:`"),
    ("x = match a { b or c: 1 }", "syntax-operator", "no operator `or`", "`|`"),
    ("x = a % b", "syntax-expected", "found `%`", "no remainder operator"),
    ("x = a ? b : c", "syntax-expected", "found `?`", "if c then a else b"),
    ("x = a;", "syntax-expected", "found `;`", "semicolon"),
    ("x = a // note", "syntax-expected", "found `//`", "`--`"),
    ("# note", "syntax-expected", "expected a declaration, found `#`", "`--`"),
    ("x = 'a'", "syntax-expected", "found `'`", "double quotes"),
    ("x = [1, 2]", "syntax-expected", "found `[`", "no arrays"),
    ("x = +3", "syntax-expected", "found `+`", "plus sign"),
    // Order of operators.
    ("x = a < b < c", "syntax-chained-comparison", "cannot be chained", "`a < b and b < c`"),
    ("x = a in t + b", "syntax-precedence", "binds more tightly", "parentheses"),
    ("x = a = b where c", "syntax-precedence", "binds more tightly", "parentheses"),
    ("x = a where not b", "syntax-precedence", "`not …` needs parentheses", "`(not …)`"),
    ("x = 1 + if a then b else c", "syntax-precedence", "needs parentheses", "`(if"),
    ("x = a if b", "syntax-expected", "found `if`", "parentheses"),
    // Selections, calls.
    ("x = y[2020]", "syntax-selector", "the name of an index", "[index = 2020]"),
    ("x = y[\"a\"]", "syntax-selector", "the name of an index", "[index = \"a\"]"),
    ("x = y[fuel.coal]", "syntax-selector", "the name of an index", ""),
    ("x = y[year-n]", "syntax-expected", "expected a whole number", ""),
    ("x = a.b.c", "syntax-field", "one point at most", ""),
    ("x = sum(a by b)", "syntax-reduction", "comes behind `over`", "over index by"),
    ("x = mean(a weighted by b)", "syntax-reduction", "comes behind `over`", "weighted"),
    ("x = discount(a, b)", "syntax-adjustment", "must say by how much", "discount(value by share)"),
    // Keywords.
    ("inputs x : t", "syntax-keyword", "`inputs`", "`input`"),
    ("paramter x = 3", "syntax-keyword", "`paramter`", "`param`"),
    ("parameter x = 3", "syntax-keyword", "`parameter`", "`param`"),
    ("Input x : t", "syntax-keyword", "`Input`", "`input`"),
    ("def f(x)", "syntax-keyword", "`def`", "`function`"),
    ("assert x > 1", "syntax-keyword", "`assert`", "`require`"),
    ("let x = 3", "syntax-keyword", "`let`", "`name = expression`"),
    ("while x", "syntax-keyword", "`while`", "no loops"),
    ("for i in 1", "syntax-keyword", "`for`", "no loops"),
    ("output input x : t", "syntax-keyword", "followed by a name", "output name"),
    ("input by : t", "syntax-reserved", "`by` is a reserved word", "`by_`"),
    ("where = 3", "syntax-reserved", "`where` is a reserved word", "`where_`"),
    ("if a then b else c", "syntax-reserved", "`if` is a reserved word", "name = if"),
    ("x[to] = 3", "syntax-reserved", "`to` is a reserved word", ""),
    ("x = a\n  param y = 3", "syntax-expected", "found `param`", "same indentation"),
    ("source \"s\"", "syntax-indentation", "belongs to no declaration", "indent it"),
    ("± 5%", "syntax-indentation", "belongs to no declaration", "indent it"),
    ("x = a\n  source s", "syntax-expected", "found `source`", "source \"…\""),
    ("input x : t\n ± 5% ± 3 t", "syntax-uncertainty", "stated twice", ""),
    ("input x : t\n ~ normal(1, 2)", "syntax-expected", "`lognormal`", ""),
    // Full-width signs.
    ("x ＝ 3", "syntax-full-width", "`＝` is not a sign of the code", "write `=`"),
    ("x = a × b", "syntax-full-width", "`×`", "write `*`"),
    ("x = a ÷ b", "syntax-full-width", "`÷`", "write `/`"),
    ("x = a ≥ b", "syntax-full-width", "`≥`", "write `>=`"),
    ("x = a ≤ b", "syntax-full-width", "`≤`", "write `<=`"),
    ("x = a ≠ b", "syntax-full-width", "`≠`", "write `!=`"),
    ("x = a － b", "syntax-full-width", "`－`", "write `-`"),
    ("x = a − b", "syntax-full-width", "`−`", "write `-`"),
    ("x = a·b", "syntax-full-width", "`·`", "write `*`"),
    ("x = max(a，b)", "syntax-full-width", "`，`", "write `,`"),
    ("input x：t", "syntax-full-width", "`：`", "write `:`"),
    ("x = １２.５", "syntax-full-width", "`１２.５`", "write `12.5`"),
    ("x = 1　+ 2", "syntax-full-width", "full-width or invisible blank", "plain blank"),
    ("x =\u{200b}1", "syntax-full-width", "full-width or invisible blank", "plain blank"),
];

#[test]
fn each_mistake_is_named_and_mended() {
    let mut wrong = String::new();
    for (text, code, message, mend) in CASES {
        let found = read(text).diagnostics;
        let Some(first) = found.first() else { panic!("{text}: nothing found") };
        let helps = first.hint.iter().chain(&first.notes).any(|hint| hint.en.contains(mend));
        let right = first.code == *code
            && first.message.en.contains(message)
            && (mend.is_empty() || helps)
            && found.len() == 1;
        if !right {
            wrong += &format!("{text}\n{}", shown(text, &found));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn messages_are_in_both_languages() {
    for (text, ..) in CASES {
        for finding in read(text).diagnostics {
            let texts = [&finding.message].into_iter().chain(&finding.hint).chain(&finding.notes);
            for text in texts {
                let chinese = text.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                assert!(chinese, "{text:?}");
                assert!(!text.en.ends_with('.') && !text.zh.ends_with('。'), "{text:?}");
            }
        }
    }
}

#[test]
fn full_width_quotation_marks_are_two_signs() {
    let parsed = read("index x = “煤炭” | 「石油」");
    assert_eq!(parsed.diagnostics.len(), 4);
    assert_eq!(parsed.declarations.len(), 1);
}

#[test]
fn an_error_underlines_what_is_wrong() {
    let text = "a = 1\nb = a + * 2\n";
    let seen = shown(text, &read(text).diagnostics);
    assert!(seen.contains("a.md:2:9"), "{seen}");
}

#[test]
fn names_of_the_document_are_not_taken_for_slips() {
    for text in [
        "function sum(x : t) : t = x\ny = sum(a)",
        "param TBD : t = 3 t\nparam x : t = TBD",
        "未知 : t = 3 t\nparam x : t = 未知",
    ] {
        assert!(read(text).diagnostics.is_empty(), "{text}");
    }
}

#[test]
fn a_counted_unit_is_shown_how_to_be_declared() {
    let parsed = read("input x : 人次乘");
    let [declaration] = parsed.declarations.as_slice() else { panic!("one declaration") };
    let crate::ast::Item::Input(input) = &declaration.item else { panic!("an input") };
    let hint = input.ty.unit.as_ref().unwrap_err().hint.as_ref().unwrap();
    assert!(hint.en.contains("`units: { 人次乘: \"1{人次乘}\" }`"), "{hint:?}");
}
