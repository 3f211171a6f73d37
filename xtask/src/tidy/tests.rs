//! Tests of the layout rules on small made-up trees, and the rules on the project itself.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::mask::mask;
use super::{Finding, SourceFile, cargo_metadata, check, project_files, text};

const NO_CRATES: &str = r#"{"packages": [], "workspace_root": "/r"}"#;

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

fn shown(files: &[SourceFile]) -> Vec<String> {
    check(files, NO_CRATES).unwrap().iter().map(Finding::to_string).collect()
}

fn metadata(packages: &[(&str, &[&str])]) -> String {
    let packages: Vec<String> = packages
        .iter()
        .map(|(name, dependencies)| {
            let list: Vec<String> =
                dependencies.iter().map(|name| format!(r#"{{"name": "{name}"}}"#)).collect();
            format!(
                r#"{{"name": "{name}", "manifest_path": "/r/crates/{name}/Cargo.toml",
                    "dependencies": [{}]}}"#,
                list.join(",")
            )
        })
        .collect();
    format!(r#"{{"workspace_root": "/r", "packages": [{}]}}"#, packages.join(","))
}

#[test]
fn the_project_is_tidy() {
    let findings = check(&project_files().unwrap(), &cargo_metadata().unwrap()).unwrap();
    let wrong: Vec<String> =
        findings.iter().filter(|finding| !finding.soft).map(Finding::to_string).collect();
    assert!(wrong.is_empty(), "{}\n{} findings", wrong.join("\n"), wrong.len());
}

#[test]
fn a_good_file_has_no_finding() {
    let good = "//! 单位 Units.\n\n/// One.\npub fn one() -> u32 {\n    1\n}\n";
    assert_eq!(shown(&[file("crates/a/src/lib.rs", good)]), [""; 0]);
}

#[test]
fn edges_run_one_way_and_heavy_libraries_have_one_home() {
    let metadata = metadata(&[
        ("tanliu-unit", &["tanliu-method", "num-rational"]),
        ("tanliu-method", &["tanliu-unit", "tanliu-factor", "arrow-array"]),
        ("tanliu-engine", &["datafusion", "arrow", "tanliu-method"]),
        ("tanliu-server", &["tanliu-engine", "axum"]),
        ("tanliu", &["tanliu-engine", "tanliu-server", "sqlx", "arrowhead"]),
        ("tanliu-new", &[]),
    ]);
    let found: Vec<String> =
        check(&[], &metadata).unwrap().iter().map(Finding::to_string).collect();
    assert_eq!(
        found,
        [
            "crates/tanliu-method/Cargo.toml: tanliu-method must not name arrow-array: \
             only tanliu-engine, tanliu-cluster may",
            "crates/tanliu-new/Cargo.toml: crate tanliu-new has no line in \
             xtask/src/tidy/edges.rs",
            "crates/tanliu-server/Cargo.toml: tanliu-server must not depend on tanliu-engine",
            "crates/tanliu-unit/Cargo.toml: tanliu-unit must not depend on tanliu-method",
            "crates/tanliu/Cargo.toml: tanliu must not name sqlx: only tanliu-store may",
        ]
    );
}

#[test]
fn versions_stand_in_the_workspace_only() {
    let manifest = "[package]\nname = \"a\"\n\n[dependencies]\ncsv = { workspace = true }\n\
                    libm = \"0.2\"\n\n[target.'cfg(unix)'.dev-dependencies]\n\
                    serde = { workspace = true, features = [\"derive\"] }\n";
    let findings = shown(&[file("crates/a/Cargo.toml", manifest)]);
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings[0].starts_with("crates/a/Cargo.toml:6: ") && findings[0].contains("`libm`"));
    assert!(findings[1].starts_with("crates/a/Cargo.toml:9: ") && findings[1].contains("`serde`"));
    assert_eq!(shown(&[file("fuzz/Cargo.toml", manifest)]), [""; 0]);
    let broken = shown(&[file("crates/a/Cargo.toml", "[dependencies\n")]);
    assert_eq!(broken.len(), 1);
}

#[test]
fn long_files_are_noted_and_very_long_ones_refused() {
    let text = |lines: usize| "//! Long.\n".to_owned() + &"// x\n".repeat(lines - 1);
    assert_eq!(shown(&[file("crates/a/src/b.rs", &text(500))]), [""; 0]);
    let noted = check(&[file("crates/a/src/b.rs", &text(501))], NO_CRATES).unwrap();
    assert!(noted[0].soft && noted[0].message.contains("501"));
    let refused = check(&[file("crates/a/src/b.rs", &text(1001))], NO_CRATES).unwrap();
    assert!(!refused[0].soft && refused[0].message.contains("1001"));
    assert_eq!(shown(&[file("crates/a/src/tests.rs", &text(1001))]), [""; 0]);
    let generated = "// @generated\n".to_owned() + &text(1001);
    assert_eq!(shown(&[file("crates/a/src/b.rs", &generated)]), [""; 0]);
}

#[test]
fn functions_end_at_their_own_brace() {
    let body = |lines: usize| "        x();\n".repeat(lines);
    let source = |lines: usize| {
        format!(
            "//! F.\nimpl A {{\n    pub(crate) fn long(&self) {{\n{}    }}\n\n    fn short() {{}}\n}}\n\
             trait T {{\n    fn declared(\n        &self,\n    ) -> u8;\n}}\n{}",
            body(lines),
            "// rest\n".repeat(90)
        )
    };
    assert_eq!(shown(&[file("crates/a/src/b.rs", &source(68))]), [""; 0]);
    assert_eq!(
        shown(&[file("crates/a/src/b.rs", &source(69))]),
        ["crates/a/src/b.rs:3: function `long` has 71 lines; 70 are the limit"]
    );
}

#[test]
fn width_counts_chinese_letters_twice_and_strings_not_at_all() {
    let line = |text: &str| file("crates/a/src/b.rs", &format!("//! W.\n{text}\n"));
    assert_eq!(text::width("碳a，"), 5);
    assert_eq!(shown(&[line(&format!("// {}", "碳".repeat(88)))]), [""; 0]);
    assert_eq!(
        shown(&[line(&format!("// {}", "碳".repeat(89)))]),
        ["crates/a/src/b.rs:2: 181 columns; 180 are the limit"]
    );
    let wide = format!("let a = b{};", " + c".repeat(25));
    assert_eq!(shown(&[line(&wide)]), ["crates/a/src/b.rs:2: 110 columns; 100 are the limit"]);
    assert_eq!(shown(&[line(&format!("const A: &str = \"{}\";", "碳".repeat(80)))]), [""; 0]);
    assert_eq!(shown(&[line(&format!("// see https://a.b/{}", "x".repeat(99)))]), [""; 0]);
    let in_string = format!("const A: &str = r\"\n{}\n\";", "x".repeat(120));
    assert_eq!(shown(&[line(&in_string)]), [""; 0]);
}

#[test]
fn banned_words_count_in_code_and_comments_but_not_in_strings() {
    let unfinished = concat!("TO", "DO");
    let source = format!(
        "//! B.\nfn a() {{\n    // {unfinished}: later\n    b(\"{unfinished} .unwrap()\");\n    \
         c.unwrap();\n    d.unwrap_or(1);\n}}\n#[cfg(test)]\nmod tests {{\n    fn t() {{\n        \
         c.unwrap();\n    }}\n}}\n\nfn e() {{\n    dbg!(1);\n}}\n"
    );
    assert_eq!(
        shown(&[file("crates/a/src/b.rs", &source)]),
        [
            format!(
                "crates/a/src/b.rs:3: `{unfinished}`: finish it, or open an issue and leave the \
                 word out"
            ),
            "crates/a/src/b.rs:5: `.unwrap()`: handle the case, or return an error".to_owned(),
            "crates/a/src/b.rs:16: `dbg!(`: remove it".to_owned(),
        ]
    );
}

#[test]
fn every_source_file_has_a_title() {
    let findings = shown(&[file("crates/a/src/b.rs", "use std::fmt;\n")]);
    assert_eq!(
        findings,
        ["crates/a/src/b.rs:1: the first line is a `//!` that says what the file is"]
    );
    assert_eq!(shown(&[file("crates/a/src/b/tests.rs", "use std::fmt;\n")]), [""; 0]);
}

#[test]
fn characters_that_do_not_show_are_found() {
    let text = "# T\n\ta\r\nb\u{7}\nend";
    assert_eq!(
        shown(&[file("docs/a.md", text)]),
        [
            "docs/a.md: the last line has no end",
            "docs/a.md:2: a tab; four blanks",
            "docs/a.md:3: control character U+0007",
        ]
    );
    assert_eq!(shown(&[file("examples/p/data/a.tsv", "a\tb\r\n")]), [""; 0]);
    assert_eq!(shown(&[file("docs/b.md", "a\r\n")]).len(), 1);
}

#[test]
fn places_of_one_machine_are_found_in_any_text() {
    let line = |folder: &str| format!("see `/{folder}/a.csv`\n");
    for folder in ["work", "root", "home"] {
        let findings = shown(&[file("examples/p/expected/run.json", &line(folder))]);
        assert_eq!(findings.len(), 1, "{folder}");
    }
    assert_eq!(
        shown(&[file("docs/a.md", "examples/work/a and $X/root/b and ~/home/c\n")]).len(),
        0
    );
    let host = concat!("https://pypi", ".org/simple");
    assert_eq!(shown(&[file(".ci/run", &format!("pip -i {host}\n"))]).len(), 1);
    assert_eq!(
        shown(&[file("Cargo.lock", concat!("source = \"crates", ".io-index\"\n"))]).len(),
        0
    );
}

#[test]
fn the_mask_tells_code_from_text() {
    let code =
        |text: &str| -> Vec<String> { mask(text).into_iter().map(|line| line.code).collect() };
    assert_eq!(code("a(\"x // y\"); // z"), ["a(\"\"); "]);
    assert_eq!(code("a /* b /* c */ d */ e"), ["a  e"]);
    assert_eq!(
        code("let c = '\"'; let d: &'static str = \"q\";"),
        ["let c = '\"'; let d: &'static str = \"\";"]
    );
    assert_eq!(code("r#\"a \" b\"# + '\\'' + b\"\\\"x\""), ["r#\"\"# + '\\'' + b\"\""]);
    assert_eq!(code("let a = \"x\n y\";\nb"), ["let a = \"", "\";", "b"]);
    assert!(mask("let a = \"x\n y\";")[1].begins_in_string);
    assert_eq!(mask("a // b")[0].without_strings, "a // b");
    assert_eq!(code("for \"r\""), ["for \"\""]);
    assert_eq!(code("'a' '碳' 'b"), ["'a' '碳' 'b"]);
}
