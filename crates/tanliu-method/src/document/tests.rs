#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::*;
use crate::table::CellRef;
use proptest::prelude::*;
use tanliu_unit::gwp::GwpSet;

const SAMPLE: &str = r#"---
id: cn/example/boiler
version: 2016.10
title: { zh: 锅炉排放, en: "Boiler: emissions" }
kind: account
status: illustration
issuer: 示例机构
published: 2016-03-15
valid: { from: 2016, to: 2025-12 }
gwp: AR5
timezone: Asia/Shanghai
units:
  标箱: "1{TEU}"
supersedes: cn/example/boiler-2010
sources:
  - GB/T 32151.1-2015
  - title: 省级温室气体清单编制指南
    section: 第一章
    page: 12
    url: https://example.org
---

# 锅炉 *Boiler*

Prose. `Given: x = 3` out of an example is prose:

Given: x = 3

```tan
index year : year
input fuel[year] : t
```

```rust
fn main() {}
```

~~~ tan numbered
output co2[year] : tCO2 = fuel * 2 tCO2/t
~~~

## 算例 1：两年

As printed on page 12.

Table: given fuel, cm.EF

| year | 燃料（ｔ） | EF \| x `[tCO2/t]` |
|------|-----:|:----:|
| 2020 | 1,000 | **2.0** |
| 2021 | 2 000 |

**Given：** x = 2,500 t, y = 3 t，home = "广东, a = 1"
Expect: failure "装机容量，a < 1"
Expect: warning “线损率偏高”

### Details

Table: expect co2, 总量 ± 0.5%
| year | co2 (tCO2) |
|---|---|
| 2020 | 2000 |

## Other

Given: z = 1

## Example

| prose | table |
|---|---|
| 1 | 2 |
"#;

fn clean(text: &str) -> Document {
    let (document, mut findings) = read("m.md", text);
    // Directives outside examples are prose here, on purpose.
    findings.retain(|finding| finding.code != "example-directive-outside");
    assert!(findings.is_empty(), "{findings:#?}");
    document
}

/// The findings, each as code, English message and label, with the text at its place.
fn findings(text: &str) -> Vec<(String, String)> {
    let (document, findings) = read("m.md", text);
    findings
        .iter()
        .map(|finding| {
            assert!(!finding.message.zh.is_empty() && !finding.message.en.ends_with('.'));
            let label = &finding.labels[0];
            let Place::Span { source, span } = &label.place else { panic!("a span") };
            assert_eq!(source, "m.md");
            assert!(text.get(span.start..span.end).is_some());
            let message = format!("{}: {}; {}", finding.code, finding.message.en, label.text.en);
            (message, document.slice(*span).to_owned())
        })
        .collect()
}

fn one(text: &str) -> (String, String) {
    let mut all = findings(text);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

/// A document without `tan` blocks and with one example.
fn example(body: &str) -> String {
    format!("# Example\n\n{body}\n")
}

fn in_front(line: &str) -> String {
    format!(
        "---\nid: a/b\nversion: 1\ntitle: T\nkind: account\nstatus: draft\n{line}\n---\n```tan\n```\n"
    )
}

fn items(text: &str) -> Vec<ExampleItem> {
    clean(&example(text)).examples.remove(0).items
}

fn given(text: &str) -> Vec<(String, String)> {
    items(text)
        .into_iter()
        .map(|item| match item {
            ExampleItem::Given { name, value, .. } => (name, value),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn front_matter_of_the_sample() {
    let document = clean(SAMPLE);
    let front = &document.front;
    assert_eq!(front.id, "cn/example/boiler");
    assert_eq!(document.slice(front.id_span), front.id);
    assert_eq!(front.version, "2016.10");
    assert_eq!(front.title, Some(Text::new("锅炉排放", "Boiler: emissions")));
    assert_eq!(front.kind.as_deref(), Some("account"));
    assert_eq!(front.status.as_deref(), Some("illustration"));
    assert_eq!(front.issuer.as_deref(), Some("示例机构"));
    assert_eq!(front.published.as_deref(), Some("2016-03-15"));
    assert_eq!(front.valid_from.as_deref(), Some("2016"));
    assert_eq!(front.valid_to.as_deref(), Some("2025-12"));
    let (set, span) = front.gwp.unwrap();
    assert_eq!((set, document.slice(span)), (GwpSet::Ar5, "AR5"));
    assert_eq!(front.timezone.as_deref(), Some("Asia/Shanghai"));
    let (name, definition, span) = &front.units[0];
    assert_eq!((name.as_str(), definition.as_str()), ("标箱", "1{TEU}"));
    assert_eq!(document.slice(*span), "\"1{TEU}\"");
    assert_eq!(front.supersedes.as_deref(), Some("cn/example/boiler-2010"));
    assert_eq!(front.sources.len(), 2);
    assert_eq!(front.sources[0].title, "GB/T 32151.1-2015");
    assert_eq!(front.sources[1].section.as_deref(), Some("第一章"));
    assert_eq!(front.sources[1].page.as_deref(), Some("12"));
    let url = ("url".to_owned(), "https://example.org".to_owned());
    assert_eq!(front.sources[1].others, [url]);
    assert!(document.slice(front.span).starts_with("id: "));
    assert!(document.slice(front.span).ends_with("example.org\n"));
}

#[test]
fn blocks_and_headings_of_the_sample() {
    let document = clean(SAMPLE);
    let blocks: Vec<&str> = document.blocks.iter().map(|span| document.slice(*span)).collect();
    assert_eq!(
        blocks,
        [
            "index year : year\ninput fuel[year] : t\n",
            "output co2[year] : tCO2 = fuel * 2 tCO2/t\n"
        ]
    );
    let headings: Vec<(u8, &str)> =
        document.headings.iter().map(|heading| (heading.level, heading.text.as_str())).collect();
    assert_eq!(
        headings,
        [(1, "锅炉 Boiler"), (2, "算例 1：两年"), (3, "Details"), (2, "Other"), (2, "Example")]
    );
    assert_eq!(document.slice(document.headings[0].span), "# 锅炉 *Boiler*");
    assert_eq!(document.line_of(0), 1);
    assert_eq!(document.line_of(document.headings[0].span.start), 23);
    assert_eq!(document.line_of(usize::MAX), SAMPLE.matches('\n').count() + 1);
}

#[test]
fn examples_of_the_sample() {
    let document = clean(SAMPLE);
    let titles: Vec<&str> =
        document.examples.iter().map(|example| example.title.as_str()).collect();
    assert_eq!(titles, ["算例 1：两年", "Example"]);
    assert!(document.examples[1].items.is_empty());
    let example = &document.examples[0];
    assert_eq!(document.slice(example.heading_span), "## 算例 1：两年");
    assert!(document.slice(example.span).trim_start().starts_with("As printed"));
    assert!(document.slice(example.span).trim_end().ends_with("| 2020 | 2000 |"));
    assert_eq!(example.items.len(), 7);
    let ExampleItem::GivenTable { names, table } = &example.items[0] else { panic!() };
    let written: Vec<(&str, &str)> =
        names.iter().map(|(name, span)| (name.as_str(), document.slice(*span))).collect();
    assert_eq!(written, [("fuel", "fuel"), ("cm.EF", "cm.EF")]);
    check_given_table(&document, table);
    let scalars: Vec<(&str, &str, &str)> = example.items[1..4]
        .iter()
        .map(|item| match item {
            ExampleItem::Given { name, value, span } => {
                (name.as_str(), value.as_str(), document.slice(*span))
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        scalars,
        [
            ("x", "2,500 t", "x = 2,500 t"),
            ("y", "3 t", "y = 3 t"),
            ("home", "\"广东, a = 1\"", "home = \"广东, a = 1\""),
        ]
    );
    let ExampleItem::ExpectFailure { part, span } = &example.items[4] else { panic!() };
    assert_eq!(part, "装机容量，a < 1");
    assert_eq!(document.slice(*span), "Expect: failure \"装机容量，a < 1\"");
    let ExampleItem::ExpectWarning { part, .. } = &example.items[5] else { panic!() };
    assert_eq!(part, "线损率偏高");
    let ExampleItem::ExpectTable { names, tolerance, table } = &example.items[6] else { panic!() };
    assert_eq!(names[1].0, "总量");
    assert_eq!(*tolerance, Some(Tolerance::Relative(0.005)));
    assert_eq!(table.table.name, "算例 1：两年 [2]");
}

fn check_given_table(document: &Document, table: &ExampleTable) {
    let headers: Vec<&str> =
        table.table.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!(headers, ["year", "燃料(t)", "EF | x [tCO2/t]"]);
    assert_eq!(table.table.source, "m.md");
    assert_eq!((table.table.header_row, table.table.row_count()), (1, 2));
    assert_eq!(table.table.row_numbers, [2, 3]);
    let cells = |column: usize| {
        let cells = &table.table.columns[column].cells;
        (cells.get(0), cells.get(1))
    };
    assert_eq!(cells(0), (CellRef::Text("2020"), CellRef::Text("2021")));
    assert_eq!(cells(1), (CellRef::Text("1,000"), CellRef::Text("2 000")));
    assert_eq!(cells(2), (CellRef::Text("2.0"), CellRef::Empty));
    assert_eq!(document.slice(table.cell_spans[0][1]), "燃料（ｔ）");
    assert_eq!(document.slice(table.cell_spans[1][2]), "**2.0**");
    assert_eq!(table.cell_spans[2].len(), 3);
    assert!(document.slice(table.span).starts_with("| year |"));
    assert!(document.slice(table.span).ends_with("| 2021 | 2 000 |"));
}

#[test]
fn line_ends_of_windows_change_nothing() {
    let unix = clean(SAMPLE);
    let text = SAMPLE.replace('\n', "\r\n");
    let windows = clean(&format!("\u{feff}{text}"));
    assert_eq!(windows.front.sources.len(), unix.front.sources.len());
    assert_eq!(windows.front.id, unix.front.id);
    assert_eq!(windows.slice(windows.front.id_span), unix.front.id);
    let contents = |document: &Document| -> Vec<String> {
        document.blocks.iter().map(|span| document.slice(*span).replace('\r', "")).collect()
    };
    assert_eq!(contents(&windows), contents(&unix));
    assert_eq!(windows.examples.len(), unix.examples.len());
    for (ours, theirs) in windows.examples[0].items.iter().zip(&unix.examples[0].items) {
        let shown = |document: &Document, item: &ExampleItem| match item {
            ExampleItem::GivenTable { names, table }
            | ExampleItem::ExpectTable { names, table, .. } => {
                let names: Vec<&str> =
                    names.iter().map(|(_, span)| document.slice(*span)).collect();
                format!("{names:?} {:?}", table.table)
            }
            ExampleItem::Given { name, value, span } => {
                format!("{name} {value} {}", document.slice(*span))
            }
            ExampleItem::ExpectFailure { part, .. } | ExampleItem::ExpectWarning { part, .. } => {
                part.clone()
            }
        };
        assert_eq!(shown(&windows, ours), shown(&unix, theirs));
    }
}

#[test]
fn pages_that_are_no_documents() {
    assert!(clean("").front.title.is_none());
    assert_eq!(clean("").line_of(0), 1);
    assert_eq!(clean("# A page\n\nGiven: x").headings.len(), 1);
    clean("---\nA rule and prose\n---\n\nmore");
    clean("---\n\na rule that opens nothing");
    clean("---\n---\n");
    assert_eq!(clean("---\nid: x/y\n---").front.id, "x/y");
}

#[test]
fn what_a_document_must_say() {
    let (message, _) = one("```tan\nx = 1\n```\n");
    assert_eq!(message, "front-matter: the front matter lacks id and title; ");
    let (message, _) = one("---\ntitle: T\n---\n```tan\nx = 1\n```\n");
    assert_eq!(message, "front-matter: the front matter lacks id; ");
    let (message, _) = one("---\nid:\ntitle: { zh: T }\n---\n```tan\nx = 1\n```\n");
    assert_eq!(message, "front-matter: the front matter lacks id; ");
    let (message, _) = one("---\nid: a\ntitle: T\nkind: score\n---\n```tan\nx = 1\n```\n");
    assert_eq!(message, "front-matter: the front matter does not say version, status; ");
    let (_, findings) = read("m.md", "\n---\nid: a\ntitle: T\n---\n```tan\n```\n");
    assert!(findings[0].notes[0].en.contains("the very first"));
    let (message, place) = one("---\nid: a\ntitle: T\n\n```tan\n```\n");
    assert!(message.contains("never closed"), "{message}");
    assert_eq!(place, "---");
}

#[test]
fn what_the_front_matter_may_not_say() {
    let expect = |line: &str, message: &str, place: &str| {
        let (found, at) = one(&in_front(line));
        assert!(found.contains(message), "{line}: {found}");
        assert_eq!(at, place, "{line}");
    };
    clean(&in_front("gwp: AR6"));
    expect("gwp: AR7", "gwp cannot be `AR7`", "AR7");
    expect("gwp: [AR5]", "expected a text here", "[AR5]");
    expect("published: yesterday", "`yesterday` is no date", "yesterday");
    expect("published: 2024-02-30", "`2024-02-30` is no date", "2024-02-30");
    expect("valid: 2024", "expected `{ from: DATE, to: DATE }` here", "2024");
    expect(
        "valid: { from: 2024, to: 2023-12 }",
        "ends (2023-12) before",
        "{ from: 2024, to: 2023-12 }",
    );
    expect("valid: { form: 2024 }", "knows no key `form`", "form");
    expect("isuer: x", "front-matter-unknown-key: the front matter knows no key `isuer`", "isuer");
    expect("units: t", "expected `{ name", "t");
    expect("units: { a: [1] }", "expected a text here", "[1]");
    expect("sources: [{ page: 1 }]", "a source without a title", "{ page: 1 }");
    expect("issuer: a: b", "not valid YAML; mapping values", ": b");
    expect("id: c", "not valid YAML; duplicated key", "id: c");
    let bad_id = in_front("").replace("a/b", "/a b");
    assert!(one(&bad_id).0.contains("form of a path"));
    let (_, findings) = read("m.md", &in_front("").replace("account", "acount"));
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].hint, Some(Text::new("是否想写 account？", "did you mean account?")));
    assert_eq!(findings[0].notes[0].en, "it is one of account, reduction, footprint, score");
    let (_, findings) = read("m.md", &in_front("gwp: AR7"));
    assert_eq!(findings[0].hint, None, "four sets are equally near");
    let deep = format!("units: {}", "\n  ".to_owned() + &"- ".repeat(5_000));
    assert!(one(&in_front(&deep)).0.contains("nested too deeply"));
}

#[test]
fn a_title_in_one_language_serves_for_both() {
    assert_eq!(clean("---\ntitle: T\n---").front.title, Some(Text::same("T")));
    assert_eq!(clean("---\ntitle: {en: T}\n---").front.title, Some(Text::same("T")));
    assert_eq!(clean("---\ntitle: 2016\n---").front.title, Some(Text::same("2016")));
}

#[test]
fn fences() {
    let front = "---\nid: a\ntitle: T\nversion: 1\nkind: score\nstatus: draft\n---\n";
    let blocks = |body: &str| -> Vec<String> {
        let document = clean(&format!("{front}{body}"));
        document.blocks.iter().map(|span| document.slice(*span).to_owned()).collect()
    };
    assert_eq!(blocks("```tan\n```\n"), [""]);
    assert_eq!(blocks("```tan\n\n  a\n\n```\n"), ["\n  a\n\n"]);
    assert_eq!(blocks("````tan {.x}\n```\n````\n"), ["```\n"]);
    assert_eq!(blocks("> ```tan\n> x = 1\n> ```\n"), ["x = 1\n"]);
    assert_eq!(blocks("- text\n\n  ```tan\n  x = 1\n  ```\n"), ["  x = 1\n"]);
    assert!(blocks("```tango\nx\n```\n\n    ```tan\n").is_empty());
    assert!(blocks("```text\nnever closed").is_empty());
    let (message, place) = one(&format!("{front}> ```tan\n> x = 1\n> y = 2\n> ```\n"));
    assert!(message.contains("in a quotation"), "{message}");
    assert_eq!(place, "```tan");
    let (message, place) = one(&format!("{front}~~~tan\nx = 1\n"));
    assert!(message.contains("never closed"), "{message}");
    assert_eq!(place, "~~~tan");
    let (_, findings) = read("m.md", &format!("{front}```text\n\n```tan\nx = 1\n"));
    assert!(findings[0].notes[0].en.contains("swallows"));
    let (message, _) = one(&format!("{front}> ```tan\n> x = 1\n\nbehind"));
    assert!(message.contains("never closed"), "{message}");
}

#[test]
fn blocks_that_are_nearly_ours_are_told() {
    let front = "---\nid: a\ntitle: T\nversion: 1\nkind: score\nstatus: draft\n---\n";
    let told = |body: &str| -> Vec<String> {
        let (_, findings) = read("m.md", &format!("{front}{body}"));
        findings.into_iter().map(|f| format!("{}: {}", f.code, f.message.en)).collect()
    };
    for info in ["Tan", "TAN", "tan,", "tan:", "{.tan}", "TAN numbered"] {
        let found = told(&format!("```{info}\nx = 1\n```\n"));
        assert_eq!(found.len(), 1, "{info}: {found:?}");
        assert!(found[0].starts_with("fence-unread: this block is marked"), "{found:?}");
    }
    let found = told("```\n-- data\ninput x[year] : t\n```\n");
    assert_eq!(
        found,
        ["fence-unread: this block is not marked `tan`, and what it declares is not \
                        read"]
    );
    for body in ["```\nuse the key\n```\n", "```\na = 1\n```\n", "```tango\ninput x : t\n```\n"] {
        assert!(told(body).is_empty(), "{body}");
    }
}

#[test]
fn directives_outside_examples_are_told_once_under_each_heading() {
    let found = |body: &str| -> Vec<Diagnostic> {
        let front = "---\nid: a\ntitle: T\nversion: 1\nkind: score\nstatus: draft\n---\n";
        read("m.md", &format!("{front}{body}")).1
    };
    let one = found(
        "## 示例 1\n\nTable: given x\n\n| x (t) |\n|---|\n| 1 |\n\n\
         Table: expect y\n\n| y (t) |\n|---|\n| 1 |\n\nExpect: warning \"z\"\n",
    );
    assert_eq!(one.len(), 1, "{one:?}");
    assert_eq!(one[0].code, "example-directive-outside");
    assert!(!one[0].is_error());
    assert!(one[0].notes[0].zh.contains("示例 1"));
    assert!(one[0].hint.as_ref().unwrap().en.contains("`Example` or `算例`"));
    for line in ["Given: x = 3 t", "**Given：** x = 3 t", "Table: given x", "Expect: failure \"m\""]
    {
        assert_eq!(found(&format!("# A\n\n{line}\n\n# B\n\n{line}\n")).len(), 2, "{line}");
        assert_eq!(found(&format!("{line}\n")).len(), 1, "{line}");
        assert!(found(&format!("    {line}\n")).is_empty(), "{line}");
    }
    for prose in ["Table: shares by year", "Given: the plant is old", "Expect: the worst"] {
        assert!(found(&format!("{prose}\n")).is_empty(), "{prose}");
    }
}

#[test]
fn headings_that_open_examples() {
    for title in [
        "Example",
        "Example 1",
        "Example1",
        "Example: x",
        "算例",
        "算例 2",
        "算例：x",
        "算例2",
        "算例一",
        "算例十二：x",
        "**Example** one",
        "算例（续）",
        "Ｅxample",
    ] {
        assert_eq!(clean(&format!("## {title}\n")).examples.len(), 1, "{title}");
    }
    for title in ["Examples", "An Example", "算例说明", "算例一览", "example", "算 例", "Example_x"]
    {
        assert_eq!(clean(&format!("## {title}\n")).examples.len(), 0, "{title}");
    }
    assert_eq!(clean("> # Example\n\nGiven: x").examples.len(), 0);
}

#[test]
fn where_examples_end() {
    let document = clean(
        "## Example A\nGiven: a = 1\n### Part\nGiven: b = 1\n> # quoted\n\nGiven: c = 1\n\
         ### Example B\nGiven: d = 1\n#### Deeper\nGiven: e = 1\n### Behind\nGiven: f = 1\n\
         ## Example C\n# Top\nGiven: g = 1\n",
    );
    let held: Vec<(String, usize)> = document
        .examples
        .iter()
        .map(|example| (example.title.clone(), example.items.len()))
        .collect();
    let expected = [("Example A", 3), ("Example B", 2), ("Example C", 0)];
    assert_eq!(held, expected.map(|(title, count)| (title.to_owned(), count)));
    let last = &document.examples[2];
    assert_eq!(document.slice(last.span), "");
}

#[test]
fn scalars_that_are_given() {
    let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    assert_eq!(given("Given: x = 2,500 t, y = 3 t"), pairs(&[("x", "2,500 t"), ("y", "3 t")]));
    assert_eq!(given("Given：煤耗＝３ｔ，cm.EF = 1"), pairs(&[("煤耗", "3t"), ("cm.EF", "1")]));
    assert_eq!(given("Given: x = 1\nGiven: y = 2"), pairs(&[("x", "1"), ("y", "2")]));
    assert_eq!(given("Given: x = 1,\n  y = 2"), pairs(&[("x", "1"), ("y", "2")]));
    assert_eq!(given("- Given: x = 1\n- Given: y = 2\n"), pairs(&[("x", "1"), ("y", "2")]));
    assert_eq!(given("> Given: x = 1\n> Given: y = 2"), pairs(&[("x", "1"), ("y", "2")]));
    assert_eq!(given("Taken from page 3.\nGiven: x = 1"), pairs(&[("x", "1")]));
    assert_eq!(given("Given: `x` = 1 m<sup>3</sup>"), pairs(&[("x", "1 m3")]));
    assert_eq!(given("Given: x = 3 t*km, y = 5 t*km"), pairs(&[("x", "3 t*km"), ("y", "5 t*km")]));
    assert_eq!(
        given("Given: a = “x, b = 1”, c = 2024-01-31"),
        pairs(&[("a", "“x, b = 1”"), ("c", "2024-01-31")])
    );
    assert_eq!(given("Given: d = 1, 2, e = 3"), pairs(&[("d", "1, 2"), ("e", "3")]));
    assert!(items("In prose Given: x is left alone").is_empty());
    assert!(items("given: x\n\nExpectation: y\n\nTables: z").is_empty());
}

#[test]
fn directives_that_cannot_be_read() {
    let expect = |line: &str, message: &str, place: &str| {
        let (found, at) = one(&example(line));
        assert!(found.starts_with("example-directive: cannot read"), "{line}: {found}");
        assert!(found.contains(message), "{line}: {found}");
        assert_eq!(at, place, "{line}");
    };
    expect("Given:", "no assignment is written", "Given:");
    expect("Given: x", "`=` is missing", "x");
    expect("Given: x =", "x has no value", "x =");
    expect("Given: x[2016] = 3", "`x[2016]` is no name", "x[2016]");
    expect("Given: 2x = 3", "`2x` is no name", "2x");
    expect("Given: = 3", "`` is no name", "= 3");
    expect("Given: x = 1 y = 2", "parted by commas", "1 y = 2");
    expect("Given: x = 1; y = 2", "parted by commas", "1; y = 2");
    expect("Given: x = 1,", "none at the end", "1,");
    expect("Given: x = \"a", "quotation mark is not closed", "x = \"a");
    expect("Table:", "given or expect is missing", "Table:");
    expect("Table: see below", "not by see", "see");
    expect("Table: expcet x", "did you mean expect?", "expcet");
    expect("Table: given", "no name is written", "Table: given");
    expect("Table: given a, , b", "beside a comma", "a, , b");
    expect("Table: given a b", "`a b` is no name", "a b");
    expect("Table: given a、b", "`a、b` is no name", "a、b");
    expect("Table: given a ± 0.1", "belongs to `Table: expect` only", "± 0.1");
    expect("Table: expect a ± 0.1 t", "in the column's unit", "± 0.1 t");
    expect("Table: expect a ±", "in the column's unit", "±");
    expect("Expect: x = 3", "followed by failure or warning", "Expect: x = 3");
    expect("Expect: failures \"x\"", "did you mean failure?", "Expect: failures \"x\"");
    expect("Expect: failure x", "stands in quotes", "Expect: failure x");
    expect("Expect: failure \"\"", "stands in quotes", "Expect: failure \"\"");
    expect("Expect: failure \"x\" twice", "stands in quotes", "Expect: failure \"x\" twice");
    let (message, place) = one(&example("Given: x = 1, x = 2"));
    assert!(message.contains("given twice"));
    assert_eq!(place, "x = 2");
}

#[test]
fn tables_that_are_missing_or_wrong() {
    let table = "| year | a |\n|---|---|\n| 2020 | 1 |\n";
    assert_eq!(items(&format!("Table: given a\n{table}")).len(), 1);
    assert_eq!(items(&format!("Table: given a\n\n\n{table}")).len(), 1);
    assert_eq!(items(&format!("Table: given a\n\nTable: expect b\n\n{table}")).len(), 2);
    assert_eq!(items(&format!("Table: given a\nGiven: x = 1\n\n{table}\n{table}")).len(), 2);
    assert_eq!(items(&format!("Table: given a\n\n<!-- kept -->\n\n{table}")).len(), 1);
    for between in ["", "prose\n", "```text\n```\n", "***\n", "| a | b |\n|---|\n| 1 | 2 |\n"] {
        let rest = if between.is_empty() { "" } else { table };
        let (message, place) = one(&example(&format!("Table: given a\n\n{between}\n{rest}")));
        assert!(message.starts_with("example-table: no table follows"), "{between}: {message}");
        assert_eq!(place, "Table: given a");
    }
    let (message, place) =
        one(&example("Table: given a\n\n| y | a |\n|---|---|\n| 1 | 2 | 3 |\n| 1 | 2\\|3 |\n"));
    assert!(message.contains("this row has 3 cells, the header has 2"), "{message}");
    assert_eq!(place, "| 1 | 2 | 3 |");
}

#[test]
fn expected_tables() {
    let tolerance = |line: &str| {
        let text = format!("Table: expect {line}\n\n| a |\n|---|\n| 1*2 |\n");
        match items(&text).remove(0) {
            ExampleItem::ExpectTable { names, tolerance, .. } => (names.len(), tolerance),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(tolerance("a"), (1, None));
    assert_eq!(tolerance("a, b ± 0.01"), (2, Some(Tolerance::Absolute(0.01))));
    assert_eq!(tolerance("a, b±0.5 %"), (2, Some(Tolerance::Relative(0.005))));
    assert_eq!(tolerance("a +/- 1e-3"), (1, Some(Tolerance::Absolute(1e-3))));
    assert_eq!(tolerance("a +- ０．５％"), (1, Some(Tolerance::Relative(0.005))));
    for text in ["0.1", "±", "± -1", "± +1", "± x", "± 1 t", "± inf"] {
        assert_eq!(Tolerance::parse(text), None, "{text}");
    }
}

#[test]
fn a_long_document_is_read_at_once() {
    let mut text = String::from("# Example\n\nTable: given a\n\n| year | a |\n|---|---|\n");
    for row in 0..50_000 {
        text.push_str(&format!("| {row} | 1,000 |\n"));
    }
    for row in 0..25_000 {
        text.push_str(&format!("\n第 {row} 段 prose\n"));
    }
    let document = clean(&text);
    let ExampleItem::GivenTable { table, .. } = &document.examples[0].items[0] else { panic!() };
    assert_eq!(table.table.row_count(), 50_000);
}

#[test]
fn hostile_front_matter_is_refused_or_read() {
    let brackets = format!("units: {}{}", "[".repeat(250), "]".repeat(250));
    assert!(one(&in_front(&brackets)).0.contains("expected `{ name"));
    check_places(&in_front(&format!("units: {}", "[".repeat(100_000))));
    check_places(&in_front(&format!("units: {}", "{a: ".repeat(100_000))));
    let steps: String = (1..110).map(|depth| format!("{}k:\n", " ".repeat(depth))).collect();
    check_places(&in_front(&format!("units:\n{steps}")));
    check_places(&in_front(&format!("units:\n{}", "? ".repeat(50_000))));
    let laughs: String = (1..20)
        .map(|level| format!("k{level}: &a{level} [{}]\n", format!("*a{}, ", level - 1).repeat(9)))
        .collect();
    assert!(findings(&in_front(&format!("k0: &a0 x\n{laughs}"))).len() < 50);
}

/// Pieces of documents, in any order.
fn scraps() -> impl Strategy<Value = String> {
    let pieces = [
        "---\n",
        "id: a/b\n",
        "title: {zh: x\n",
        "- ",
        "[",
        "*x",
        "&a ",
        "\r\n",
        "\n",
        "\n\n",
        "# Example\n",
        "## 算例：１\n",
        "```tan\n",
        "```\n",
        "~~~",
        "> ",
        "  ",
        "\t",
        "Table: given a, b\n",
        "Table：expect c ± ",
        "0.5%",
        "Given: x = ",
        "“",
        "”",
        "\"",
        "Expect: failure ",
        "| a | b |\n",
        "|---|---|\n",
        "| 1 | `c\\|d` | 2 |\n",
        "±",
        ", y = 2",
        "=",
        "*",
        "_",
        "<b>",
        "&lt;",
        "\\",
        "\u{feff}",
        "½",
        "ﬃ",
        "e\u{301}",
        "# ",
        "\u{0}",
        "<!-- ",
        "-->",
        "<br>",
        "[x](y)",
        "!",
    ];
    proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..40)
        .prop_map(|pieces| pieces.concat())
}

fn check_places(text: &str) {
    let (document, findings) = read("m.md", text);
    let spans = document.blocks.iter().copied();
    let spans = spans.chain(document.headings.iter().map(|heading| heading.span));
    let spans = spans.chain([document.front.span, document.front.id_span]);
    let spans = spans.chain(document.examples.iter().flat_map(|example| {
        let items = example.items.iter().flat_map(|item| match item {
            ExampleItem::GivenTable { names, table }
            | ExampleItem::ExpectTable { names, table, .. } => names
                .iter()
                .map(|(_, span)| *span)
                .chain(table.cell_spans.iter().flatten().copied())
                .chain([table.span])
                .collect(),
            ExampleItem::Given { span, .. }
            | ExampleItem::ExpectFailure { span, .. }
            | ExampleItem::ExpectWarning { span, .. } => vec![*span],
        });
        items.chain([example.span, example.heading_span]).collect::<Vec<_>>()
    }));
    let in_findings = findings.iter().flat_map(|finding| &finding.labels);
    let spans = spans.chain(in_findings.filter_map(|label| match &label.place {
        Place::Span { span, .. } => Some(*span),
        _ => None,
    }));
    for span in spans {
        assert!(text.get(span.start..span.end).is_some(), "{span:?} of {text:?}");
    }
}

proptest! {
    #[test]
    fn scraps_of_documents_never_panic(text in scraps()) {
        check_places(&text);
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check_places(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn random_front_matter_never_panics(yaml in "[ -~\n\t，：]{0,80}", text in "\\PC{0,40}") {
        check_places(&format!("---\n{yaml}{text}\n---\n```tan\n```\n"));
    }

    #[test]
    fn given_scalars_read_back(
        pairs in proptest::collection::btree_map("[a-z]{1,6}", "[0-9]{1,3}(,[0-9]{3})?( t)?", 1..6)
    ) {
        let line: Vec<String> = pairs.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let read = given(&format!("Given: {}", line.join(", ")));
        prop_assert_eq!(read, pairs.into_iter().collect::<Vec<_>>());
    }
}
