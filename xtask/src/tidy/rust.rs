//! 源码规则 Rules for Rust files: size, width, banned words, the title line.

use super::mask::{MaskedLine, mask};
use super::text::width;
use super::{Finding, SourceFile};

const FILE_LINES_SOFT: usize = 500;
const FILE_LINES_MAX: usize = 1000;
const FUNCTION_LINES_MAX: usize = 70;
const COLUMNS_MAX: usize = 100;
/// Comments say a thing in two languages, and Chinese letters take two columns.
const COMMENT_COLUMNS_MAX: usize = 180;
/// Rustfmt does not reach into the macros of property tests.
const TEST_COLUMNS_MAX: usize = 120;

/// 禁用 Pieces of code that have no place outside tests, and what to write instead.
const BANNED_CODE: &[(&str, &str)] = &[
    ("dbg!(", "remove it"),
    (".unwrap()", "handle the case, or return an error"),
    ("unsafe {", "the project has none"),
];

/// 禁用词 Words that have no place in any comment; they are put together here so that this file
/// does not hold them.
const BANNED_WORDS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// All findings about one Rust file.
pub(super) fn check(file: &SourceFile) -> Vec<Finding> {
    if file.text.lines().take(5).any(|line| line.contains("@generated")) {
        return Vec::new();
    }
    let test = is_test_file(&file.path);
    let lines = mask(&file.text);
    let in_tests = inline_tests(&lines);
    let mut findings = Vec::new();
    if !test {
        findings.extend(check_length(file, lines.len()));
        findings.extend(check_title(file));
    }
    for (index, (line, whole)) in lines.iter().zip(file.text.lines()).enumerate() {
        let tested = test || in_tests.get(index).copied().unwrap_or(false);
        findings.extend(check_words(&file.path, index + 1, line, tested));
        findings.extend(check_width(&file.path, index + 1, line, whole));
    }
    if !test {
        findings.extend(check_functions(&file.path, &lines));
    }
    findings
}

/// Files of tests and benchmarks, by their path.
fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.split('/').any(|part| part == "tests" || part == "benches")
}

/// For each line whether it lies in a `mod … { }` marked `#[cfg(test)]`.
fn inline_tests(lines: &[MaskedLine]) -> Vec<bool> {
    let mut marks = Vec::new();
    let mut awaited = false;
    let mut closing: Option<String> = None;
    for line in lines {
        let code = line.code.as_str();
        let within = closing.is_some();
        if closing.as_deref() == Some(code) {
            closing = None;
        } else if code.trim() == "#[cfg(test)]" {
            awaited = true;
        } else if awaited && !code.trim().is_empty() && !code.trim().starts_with("#[") {
            let opens = code.trim_start().starts_with("mod ") && code.ends_with('{');
            if opens && closing.is_none() {
                closing = Some(format!("{}}}", indentation(code)));
            }
            awaited = false;
        }
        marks.push(within || closing.is_some());
    }
    marks
}

fn check_length(file: &SourceFile, lines: usize) -> Option<Finding> {
    if lines > FILE_LINES_MAX {
        let message = format!("{lines} lines; {FILE_LINES_MAX} are the limit: split it by subject");
        Some(Finding::new(&file.path, 0, message))
    } else if lines > FILE_LINES_SOFT {
        let message = format!("{lines} lines; above {FILE_LINES_SOFT} a file has two subjects");
        Some(Finding::soft(&file.path, 0, message))
    } else {
        None
    }
}

fn check_title(file: &SourceFile) -> Option<Finding> {
    let library = file.path.contains("src/");
    (library && !file.text.starts_with("//! ")).then(|| {
        Finding::new(&file.path, 1, "the first line is a `//!` that says what the file is")
    })
}

fn check_words(path: &str, number: usize, line: &MaskedLine, tested: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (piece, instead) in BANNED_CODE {
        if !tested && line.code.contains(piece) {
            findings.push(Finding::new(path, number, format!("`{piece}`: {instead}")));
        }
    }
    for word in BANNED_WORDS {
        let words = line.without_strings.split(|letter: char| !letter.is_alphanumeric());
        if words.into_iter().any(|found| found == *word) {
            let message = format!("`{word}`: finish it, or open an issue and leave the word out");
            findings.push(Finding::new(path, number, message));
        }
    }
    findings
}

/// A line may be longer only where a string or an address makes it so.
fn check_width(path: &str, number: usize, line: &MaskedLine, whole: &str) -> Option<Finding> {
    if line.begins_in_string || whole.contains("://") {
        return None;
    }
    let columns = width(&line.without_strings);
    let is_comment = whole.trim_start().starts_with("//");
    let limit = match (is_comment, is_test_file(path)) {
        (true, _) => COMMENT_COLUMNS_MAX,
        (false, true) => TEST_COLUMNS_MAX,
        (false, false) => COLUMNS_MAX,
    };
    (columns > limit)
        .then(|| Finding::new(path, number, format!("{columns} columns; {limit} are the limit")))
}

fn indentation(code: &str) -> &str {
    let text = code.trim_start_matches(' ');
    code.strip_suffix(text).unwrap_or_default()
}

/// Functions that are too long, from their `fn` line to the brace at the same indentation.
fn check_functions(path: &str, lines: &[MaskedLine]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = function_name(&line.code) else { continue };
        let closing = format!("{}}}", indentation(&line.code));
        let rest = lines.get(index + 1..).unwrap_or_default();
        let ends_at_once = line.code.ends_with('}') || line.code.ends_with(';');
        let body = rest.iter().take_while(|line| line.code != closing).count();
        let length = if ends_at_once { 1 } else { body + 2 };
        if length > FUNCTION_LINES_MAX && !is_declaration(rest, &closing) {
            let message =
                format!("function `{name}` has {length} lines; {FUNCTION_LINES_MAX} are the limit");
            findings.push(Finding::new(path, index + 1, message));
        }
    }
    findings
}

/// A trait's function without a body: a `;` closes it before any brace does.
fn is_declaration(rest: &[MaskedLine], closing: &str) -> bool {
    let indentation_wanted = closing.trim_end_matches('}');
    rest.iter()
        .find(|line| indentation(&line.code) == indentation_wanted && !line.code.trim().is_empty())
        .is_some_and(|line| line.code.ends_with(';'))
}

/// The name of the function that a line begins.
fn function_name(code: &str) -> Option<&str> {
    let mut rest = code.trim_start();
    loop {
        if let Some(behind) = rest.strip_prefix("fn ") {
            return behind.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next();
        }
        let (word, behind) = rest.split_once(' ')?;
        let known = matches!(word, "pub" | "const" | "async" | "unsafe" | "extern" | "\"\"");
        if !known && !word.starts_with("pub(") {
            return None;
        }
        rest = behind;
    }
}
