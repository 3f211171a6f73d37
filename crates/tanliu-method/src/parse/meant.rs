//! 是想写什么 What people mean by words that the grammar does not know where they stand.

use super::cursor::{Parser, Stop};
use super::words::{ATTRIBUTES, REDUCTIONS, is_name_part, is_name_start};
use tanliu_diagnostic::{Diagnostic, Span, Text, nearest_one};

/// Words that people write for those of attribute lines.
const ATTRIBUTE_WORDS: [(&str, &str); 26] = [
    ("sources", "source"),
    ("reference", "source"),
    ("ref", "source"),
    ("来源", "source"),
    ("出处", "source"),
    ("依据", "source"),
    ("数据来源", "source"),
    ("freq", "frequency"),
    ("频率", "frequency"),
    ("频次", "frequency"),
    ("监测频率", "frequency"),
    ("监测频次", "frequency"),
    ("methods", "method"),
    ("方法", "method"),
    ("监测方法", "method"),
    ("精度", "accuracy"),
    ("准确度", "accuracy"),
    ("qaqc", "qa"),
    ("qc", "qa"),
    ("质量保证", "qa"),
    ("notes", "note"),
    ("remark", "note"),
    ("comment", "note"),
    ("备注", "note"),
    ("说明", "note"),
    ("可信程度", "standing"),
];

/// Words for a figure that is not known yet.
const UNKNOWN_FIGURES: [&str; 10] =
    ["待定", "待填", "待补", "未定", "未知", "TBD", "tbd", "TODO", "todo", "unknown"];

/// The same in spreadsheets.
const SPREADSHEET: [(&str, &str); 5] = [
    ("SUM", "sum(x over index)"),
    ("AVERAGE", "mean(x over index)"),
    ("COUNT", "count(x over index)"),
    ("SUMIF", "sum(x where condition over index)"),
    ("SUMPRODUCT", "sum(a * b over index)"),
];

/// Words for degrees Celsius; a unit is written `°C`.
const CELSIUS: [&str; 7] = ["degC", "degc", "deg", "celsius", "Celsius", "度", "oC"];

/// Whether a word that is no unit stands for °C.
pub(super) fn means_celsius(word: &str) -> bool {
    CELSIUS.contains(&word)
}

impl Parser<'_> {
    /// What was meant by the word behind a complete value, if that can be told.
    pub(super) fn meant_behind_value(&self) -> Option<Text> {
        let word = self.word();
        if word.is_empty() {
            return None;
        }
        if let Some(mend) = self.meant_attribute(word) {
            return Some(mend);
        }
        let before = self.plain.get(..self.last_end).unwrap_or("");
        if before.ends_with("rounded") {
            return Some(meant_rounding(word));
        }
        if word == "e" && before.ends_with("CO2") {
            return Some(joined_unit());
        }
        let digits = before.trim_end_matches(|sign: char| sign.is_ascii_digit());
        let number = before.get(digits.len()..).unwrap_or("");
        let last = digits.trim_end();
        let window = !number.is_empty() && digits.len() > last.len();
        if window && (last.ends_with(" last") || last.ends_with(" up to")) {
            return Some(Text::new(
                format!("步长就是索引的步长，不写单位：`last {number}`"),
                format!("the steps are those of the index, without a unit: `last {number}`"),
            ));
        }
        None
    }

    /// An attribute line with another word than ours.
    fn meant_attribute(&self, word: &str) -> Option<Text> {
        let behind = self.after_blanks(self.position + word.len());
        if !self.plain_from(behind).starts_with('"') || !self.first_on_its_line() {
            return None;
        }
        let lower = word.to_lowercase();
        let known = ATTRIBUTE_WORDS.iter().find(|(theirs, _)| *theirs == lower);
        let ours = known.map(|(_, ours)| *ours).or_else(|| nearest_one(&lower, ATTRIBUTES));
        let all = ATTRIBUTES.join(" ");
        Some(match ours {
            Some(ours) => Text::new(
                format!("属性行写作 `{ours} \"…\"`"),
                format!("an attribute line is written `{ours} \"…\"`"),
            ),
            None => Text::new(
                format!("属性行的词只有 {all}；其他说明写作 `note \"…\"`"),
                format!("attribute lines begin with {all}; write other remarks as `note \"…\"`"),
            ),
        })
    }

    /// Whether a word here may be a label without its quotation marks: it ends the line of a
    /// complete declaration.
    pub(super) fn label_may_stand(&self) -> bool {
        let word = self.word();
        let behind = self.after_blanks(self.position + word.len());
        let ends = behind >= self.end
            || self.attribute_at(behind)
            || self.plain_from(behind).starts_with(['±', '~']);
        !word.is_empty() && !word.is_ascii() && ends
    }

    /// `tCO2 e`
    pub(super) fn unit_was_split(&self) -> Option<Text> {
        let before = self.plain.get(..self.last_end).unwrap_or("");
        (self.word() == "e" && before.ends_with("CO2")).then(joined_unit)
    }

    /// `burnt-meter = …`: a name with a hyphen.
    pub(super) fn hyphened_name(&self) -> Option<Text> {
        let behind = self.rest().strip_prefix('-')?;
        let glued = self.position == self.last_end && behind.starts_with(is_name_start);
        let before = self.plain.get(self.begin..self.position).unwrap_or("");
        let start = before.rfind(|sign: char| !is_name_part(sign)).map_or(0, |at| {
            at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let first = before.get(start..).filter(|first| glued && !first.is_empty())?;
        let second: String = behind.chars().take_while(|sign| is_name_part(*sign)).collect();
        Some(Text::new(
            format!("名称里不能有连字符：写作 `{first}_{second}`"),
            format!("names have no hyphens: write `{first}_{second}`"),
        ))
    }

    /// `param x : t = TBD`: a figure that is not known yet is written `?`.
    pub(super) fn check_unknown_figure(&mut self) -> Result<(), Stop> {
        let word = self.word();
        let span = Span::new(self.position, self.position + word.len());
        let behind = self.after_blanks(span.end);
        let ends = behind >= self.end
            || self.plain_from(behind).starts_with('"')
            || self.attribute_at(behind);
        if !UNKNOWN_FIGURES.contains(&word) || !ends || self.is_declared(word) {
            return Ok(());
        }
        let diagnostic = Diagnostic::error(
            "syntax-expected",
            format!("`{word}` 不是值"),
            format!("`{word}` is no value"),
        )
        .at(self.place(span), "", "")
        .hint("待定的数写作 `?`：`param x : 单位 = ?`", "a figure not known yet is written `?`");
        Err(self.stop(diagnostic))
    }

    /// `sum(x)`, `IF(c, a, b)`: a function of ours in the form of another language.
    pub(super) fn check_call(&mut self, function: &str, span: Span) -> Result<(), Stop> {
        if self.is_declared(function) {
            return Ok(());
        }
        let upper = function.to_uppercase();
        let mend = if REDUCTIONS.contains(&function) {
            let value = match function {
                "quantile" => "x, 0.9",
                _ => "x",
            };
            Text::new(
                format!("写明沿哪个索引：`{function}({value} over 索引)`"),
                format!("say over which index: `{function}({value} over index)`"),
            )
        } else if matches!(upper.as_str(), "IF" | "IFS" | "IIF") {
            Text::new(
                "写作 `if 条件 then 值 else 值`",
                "write `if condition then value else value`",
            )
        } else if let Some((_, ours)) = SPREADSHEET.iter().find(|(theirs, _)| *theirs == upper) {
            let zh = ours.replace("index", "索引").replace("condition", "条件");
            Text::new(format!("写作 `{zh}`"), format!("write `{ours}`"))
        } else {
            return Ok(());
        };
        let reduces = REDUCTIONS.contains(&function);
        let (zh, en) = match reduces {
            true => (
                format!("`{function}` 没有写明沿哪个索引"),
                format!("`{function}` does not say over which index"),
            ),
            false => {
                (format!("没有函数 `{function}`"), format!("there is no function `{function}`"))
            }
        };
        let code = if reduces { "syntax-reduction" } else { "syntax-operator" };
        let diagnostic =
            Diagnostic::error(code, zh, en).at(self.place(span), "", "").hint(mend.zh, mend.en);
        Err(self.stop(diagnostic))
    }

    /// Whether a declaration of the document begins with this name.
    fn is_declared(&self, name: &str) -> bool {
        self.plain.lines().any(|line| {
            let line = line.trim_start();
            let mut words = line.split(|sign: char| !is_name_part(sign)).filter(|w| !w.is_empty());
            let first = words.next();
            let own = match first {
                Some(opener) if super::words::OPENERS.contains(&opener) => words.next(),
                other => other.filter(|_| line.contains('=')),
            };
            own == Some(name)
        })
    }
}

fn joined_unit() -> Text {
    Text::new("单位里没有空格：写作 `tCO2e`", "a unit has no blanks: write `tCO2e`")
}

/// `rounded floor`
fn meant_rounding(word: &str) -> Text {
    let ours = match word.to_lowercase().as_str() {
        "floor" | "truncate" | "trunc" | "向下" => Some("rounded down"),
        "ceil" | "ceiling" | "向上" => Some("rounded up"),
        "half" | "nearest" | "四舍五入" => Some("rounded"),
        "bankers" | "banker" | "四舍六入" => Some("rounded even"),
        _ => None,
    };
    match ours {
        Some(ours) => Text::new(format!("写作 `{ours}`"), format!("write `{ours}`")),
        None => Text::new(
            "修约写作 `rounded`、`rounded up`、`rounded down` 或 `rounded even`，可加 `to 0.1`",
            "rounding is `rounded`, `rounded up`, `rounded down` or `rounded even`, with `to 0.1` \
             at will",
        ),
    }
}
