//! Nothing breaks the parser, and its time grows with the text.

use super::{parse, read, units};
use proptest::prelude::*;
use tanliu_diagnostic::{Place, Span};

fn check(text: &str) {
    let parsed = read(text);
    let inside = |span: Span| {
        assert!(span.start <= span.end && span.end <= text.len(), "{span:?} in {text:?}");
        assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{text:?}");
    };
    for declaration in &parsed.declarations {
        inside(declaration.span);
    }
    for diagnostic in &parsed.diagnostics {
        assert!(!diagnostic.labels.is_empty(), "{diagnostic:?}");
        assert!(!diagnostic.message.zh.is_empty() && !diagnostic.message.en.is_empty());
        for label in &diagnostic.labels {
            if let Place::Span { span, .. } = &label.place {
                inside(*span);
            }
        }
    }
    let _ = super::parse_expression("a.md", text, &units());
    let _ = super::parse_literal("a.md", text, &units());
    let _ = crate::parse::parse_selector("a.md", text, &units());
}

fn tokens() -> impl Strategy<Value = String> {
    const TOKENS: [&str; 84] = [
        "index",
        "input",
        "param",
        "factor",
        "function",
        "output",
        "require",
        "warn",
        "use",
        "and",
        "or",
        "not",
        "if",
        "then",
        "else",
        "match",
        "in",
        "over",
        "by",
        "to",
        "for",
        "from",
        "as",
        "of",
        "same",
        "year",
        "latest",
        "before",
        "fixed",
        "at",
        "mean",
        "last",
        "rounded",
        "down",
        "weighted",
        "where",
        "true",
        "x",
        "y",
        "煤炭",
        "t",
        "kg/t",
        "tCO2",
        "{clinker}",
        "3",
        "0.5",
        "44/12",
        "10^4",
        "2021-07",
        "2021-13",
        "5-3",
        ".5",
        "1e999",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "=",
        "==",
        "<",
        ">=",
        "!",
        "|",
        "..",
        "+",
        "-",
        "--",
        "*",
        "/",
        "^",
        "?",
        "??",
        "±",
        "~",
        "uniform",
        "\"",
        "\"s\"",
        "\n",
        "\n  ",
        "（",
    ];
    let token = prop::sample::select(TOKENS.to_vec());
    let blank = prop_oneof![Just(""), Just(" "), Just(" ")];
    prop::collection::vec((token, blank), 0..60)
        .prop_map(|list| list.into_iter().map(|(token, blank)| format!("{token}{blank}")).collect())
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_signs_are_read(text in "[a-z0-9 \n\"(){}\\[\\]=<>!?*/+\\-^.,:;|±~%·（），＝“”煤]{0,120}") {
        check(&text);
    }

    #[test]
    fn any_order_of_tokens_is_read(text in tokens()) {
        check(&text);
    }

    #[test]
    fn any_blocks_are_taken(text in tokens(), cuts in prop::collection::vec((0_usize..300, 0_usize..300), 0..5)) {
        let blocks: Vec<_> =
            cuts.iter().map(|(a, b)| Span { start: *a.min(b), end: *a.max(b) }).collect();
        parse("a.md", &text, &blocks, &units());
    }
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in
        [("(", ")"), ("-", ""), ("f(", ")"), ("x[a = ", "]"), ("not (", ")"), ("a ^ ", "")]
    {
        for depth in [40, 20_000] {
            let mut text = format!("x = {}1", open.repeat(depth)) + &close.repeat(depth);
            if open == "-" {
                text = text.replace('-', "- ");
            }
            let codes: Vec<_> = read(&text).diagnostics.iter().map(|one| one.code).collect();
            let expected: &[&str] = if depth == 40 { &[] } else { &["syntax-too-deep"] };
            assert_eq!(codes, expected, "{open} {depth}");
        }
    }
    let maps = format!("param x = {}1{}", "{ a: ".repeat(5_000), "}".repeat(5_000));
    assert_eq!(read(&maps).diagnostics[0].code, "syntax-too-deep");
    let chain = format!("x = 1{}", " + a".repeat(100_000));
    assert_eq!(read(&chain).diagnostics[0].code, "syntax-too-deep");
    assert!(read(&format!("x = 1{}", " + a".repeat(300))).diagnostics.is_empty());
    let ladder = format!("x = {}2", "if a then 1 else ".repeat(50_000));
    assert_eq!(read(&ladder).diagnostics[0].code, "syntax-too-deep");
}

#[test]
fn time_grows_with_the_text() {
    let count = 5_000;
    for piece in [
        "x = (\n",
        "x = )\n",
        "x = \"\n",
        "x = 3 t{\n",
        "（",
        "([{",
        "x = 1 2\n",
        "“",
        "3 t ",
        "1t{ ",
        "44/12 ",
        "-- ",
        "  - 1\n",
        "{a: 1, ",
        "input a : t (",
        "3 (",
        "x[",
        "\"a\" ",
        "] ) }",
        "x = { a: 1\n",
        "２",
        "± ",
        "a ",
        "é",
        "3*",
        "x = 3 kg*(a+b)\n",
        "≥",
        "from 2019: 3, ",
    ] {
        for start in ["", "x = ", "param x = {", "index a = "] {
            let text = format!("{start}{}", piece.repeat(count));
            // A reader that is not linear in the text does not come back from this at all.
            read(&text);
        }
    }
}
