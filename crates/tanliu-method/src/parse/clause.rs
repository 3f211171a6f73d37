//! 子句 What follows a declaration or stands right of its `=`: maps, as-of rules, attributes,
//! uncertainty.

use super::cursor::{A_STRING, AN_INDEX, Parser, Step, Wanted};
use super::literal::key_length;
use crate::ast::{
    AsOf, Attribute, KeyValue, Literal, LiteralValue, MapEntry, MapExpr, MapKey, MapValue, Name,
    Uncertainty, UncertaintyShape,
};
use tanliu_diagnostic::{Diagnostic, Span};

const A_KEY: Wanted =
    ("键（成员、年份、日期或带引号的文字）", "a key: a member, a year, a date or a string");
const A_MAP_VALUE: Wanted = ("数值、成员或 `{ … }`", "a number, a member or `{ … }`");
const A_RULE: Wanted = (
    "same year、latest before …、fixed at … 或 mean of last …",
    "`same year`, `latest before …`, `fixed at …` or `mean of last …`",
);
const A_COLUMN: Wanted = ("因子集的键列", "a key column of the set");
const A_COUNT: Wanted = ("个数", "a count");

impl Parser<'_> {
    /// `map`; `{` is next.
    pub(super) fn map(&mut self) -> Step<MapExpr> {
        self.nested(|parser| {
            let open = parser.take(1);
            let mut entries = Vec::new();
            while parser.sign() != "}" {
                entries.push(parser.map_entry()?);
                let thousands = parser.sign() == "," && parser.thousands_follow(parser.position);
                if thousands && !parser.key_and_colon_follow() {
                    break;
                }
                if parser.take_sign(",").is_none() {
                    break;
                }
            }
            parser.close_map(open)?;
            Ok(MapExpr { entries, span: parser.since(open.start) })
        })
    }

    fn close_map(&mut self, open: Span) -> Step<Span> {
        if matches!(self.sign(), "+" | "-" | "*" | "/" | "^") {
            let (span, found) = self.found();
            let diagnostic = Diagnostic::error(
                "syntax-expected",
                format!("此处应为 `,` 或 `}}`，却是 {}", found.zh),
                format!("expected `,` or `}}`, found {}", found.en),
            )
            .at(self.place(span), "", "")
            .see(self.place(open), "在这里打开", "opened here")
            .hint(
                "表里只写数值，不写算式；先算好，或另写一条公式",
                "a table holds numbers, not formulas: work it out, or write a formula of its own",
            );
            return Err(self.stop(diagnostic));
        }
        self.expect_close("}", open)
    }

    /// Whether behind the comma stands `KEY :`, so that the comma parts two entries.
    fn key_and_colon_follow(&self) -> bool {
        let at = self.after_blanks(self.position + 1);
        let rest = self.plain_from(at);
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        self.sign_at(self.after_blanks(at + digits)) == ":"
    }

    fn map_entry(&mut self) -> Step<MapEntry> {
        let start = self.position;
        let key = self.map_key()?;
        if matches!(key, MapKey::Until(_)) {
            return Ok(MapEntry { key, value: None, span: self.since(start) });
        }
        if self.sign() == "=" {
            let span = self.take(1);
            self.foreign(span, ":");
        } else {
            self.expect_sign(":")?;
        }
        let value = self.map_value()?;
        Ok(MapEntry { key, value: Some(value), span: self.since(start) })
    }

    fn map_key(&mut self) -> Step<MapKey> {
        if self.take_word("from").is_some() {
            return Ok(MapKey::From(self.key_literal()?));
        }
        let after = self.plain_from(self.after_blanks(self.position + self.word().len()));
        if self.word() == "until" && after.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            self.take("until".len());
            return Ok(MapKey::Until(self.key_literal()?));
        }
        let number = self.rest().starts_with(|c: char| c.is_ascii_digit() || c == '-');
        if number || key_length(self.rest()).is_some() {
            let key = self.key_literal()?;
            if let (KeyValue::Integer(_), false) = (key.value, self.word().is_empty()) {
                return Err(self.glued_key(key.span));
            }
            return Ok(MapKey::Key(key));
        }
        Ok(MapKey::Name(self.name_or_string(A_KEY)?))
    }

    /// `500kV: …`
    fn glued_key(&mut self, key: Span) -> super::cursor::Stop {
        let span = Span::new(key.start, self.position + self.word().len());
        let written = self.written(span).to_string();
        let diagnostic = Diagnostic::error(
            "syntax-name",
            format!("`{written}` 不是名称：名称不以数字开头"),
            format!("`{written}` is no name: names do not begin with a digit"),
        )
        .at(self.place(span), "", "")
        .hint(format!("写作 `\"{written}\"`"), format!("write `\"{written}\"`"));
        self.stop(diagnostic)
    }

    fn map_value(&mut self) -> Step<MapValue> {
        if self.sign() == "{" {
            return Ok(MapValue::Map(self.map()?));
        }
        let literal =
            self.begins_number() || self.sign() == "-" || matches!(self.word(), "true" | "false");
        if literal {
            return Ok(MapValue::Literal(self.signed_literal()?));
        }
        Ok(MapValue::Name(self.name_or_string(A_MAP_VALUE)?))
    }

    /// `[ where COLUMN "=" INDEX,… ]`
    pub(super) fn factor_columns(&mut self) -> Step<Vec<(Name, Name)>> {
        let mut columns = Vec::new();
        if self.take_word("where").is_none() {
            return Ok(columns);
        }
        loop {
            let column = self.name_or_string(A_COLUMN)?;
            self.equals()?;
            columns.push((column, self.name(AN_INDEX)?));
            if self.take_sign(",").is_none() {
                return Ok(columns);
            }
        }
    }

    /// `asof`
    pub(super) fn as_of(&mut self) -> Step<AsOf> {
        match self.word() {
            "same" => {
                self.take("same".len());
                self.expect_word("year")?;
                Ok(AsOf::SameYear)
            }
            "latest" => {
                self.take("latest".len());
                let published = self.take_word("published").is_some();
                self.expect_word("before")?;
                Ok(AsOf::Latest { published, before: Box::new(self.expression()?) })
            }
            "fixed" => {
                self.take("fixed".len());
                self.expect_word("at")?;
                Ok(AsOf::Fixed(self.key_literal()?))
            }
            "mean" => {
                self.take("mean".len());
                self.expect_word("of")?;
                self.expect_word("last")?;
                let (count, span) = self.integer(A_COUNT)?;
                let before = match self.take_word("before") {
                    Some(_) => Some(Box::new(self.expression()?)),
                    None => None,
                };
                match u32::try_from(count).ok().filter(|count| *count > 0) {
                    Some(count) => Ok(AsOf::MeanOfLast { count, before }),
                    None => {
                        let message = ("个数应为正整数", "the count must be at least 1");
                        let diagnostic = self
                            .error("syntax-number-range", span, message)
                            .hint("如 `mean of last 3`", "as in `mean of last 3`");
                        Err(self.stop(diagnostic))
                    }
                }
            }
            _ => Err(self.unexpected(A_RULE)),
        }
    }

    /// Attribute lines and uncertainty, up to the end of the declaration.
    pub(super) fn attributes(&mut self) -> Step<(Vec<Attribute>, Option<Uncertainty>)> {
        let mut attributes = Vec::new();
        let mut uncertainty: Option<Uncertainty> = None;
        while !self.at_end() {
            let start = self.position;
            if self.attribute_at(start) {
                let kind = self.word().to_string();
                self.take(kind.len());
                let text = self.expect_string(A_STRING)?.text;
                attributes.push(Attribute { kind, text, span: self.since(start) });
                continue;
            }
            let shape = match self.sign() {
                "±" => self.half_width()?,
                "~" => self.distribution()?,
                _ => return Err(self.leftover()),
            };
            let shared = self.take_word("shared").is_some();
            let read = Uncertainty { shape, shared, span: self.since(start) };
            match &uncertainty {
                Some(first) => {
                    let diagnostic = self
                        .error(
                            "syntax-uncertainty",
                            read.span,
                            ("不确定度只能写一次", "the uncertainty is stated twice"),
                        )
                        .see(self.place(first.span), "第一次", "first here")
                        .hint("只留一处", "keep one of them");
                    self.report(diagnostic);
                }
                None => uncertainty = Some(read),
            }
        }
        Ok((attributes, uncertainty))
    }

    /// Something stands behind a complete declaration.
    fn leftover(&mut self) -> super::cursor::Stop {
        if self.peek() == Some('"') {
            let (span, _) = self.found();
            let message = ("标签只能写一次", "a declaration has one label");
            let diagnostic = self.error("syntax-expected", span, message).hint(
                "其他说明写成属性行，如 `note \"…\"`",
                "write further remarks as attribute lines, such as `note \"…\"`",
            );
            return self.stop(diagnostic);
        }
        self.unexpected_behind_value("声明的结尾", "the end of the declaration")
    }

    /// `± 5%`, `± 3 t`
    fn half_width(&mut self) -> Step<UncertaintyShape> {
        self.take('±'.len_utf8());
        let literal = self.signed_literal()?;
        let relative = literal.text.trim_end().ends_with(['%', '‰', '％'])
            && matches!(&literal.value, LiteralValue::Number { unit: Some(_), .. });
        Ok(match relative {
            true => UncertaintyShape::Relative(literal),
            false => UncertaintyShape::Absolute(literal),
        })
    }

    /// `~ uniform(a, b)` and its kin
    fn distribution(&mut self) -> Step<UncertaintyShape> {
        self.take(1);
        let name = self.word();
        let count = match name {
            "uniform" | "lognormal" => 2,
            "triangular" => 3,
            _ => {
                return Err(self.unexpected((
                    "uniform、triangular 或 lognormal",
                    "`uniform`, `triangular` or `lognormal`",
                )));
            }
        };
        self.take(name.len());
        let open = self.expect_sign("(")?;
        let mut figures: Vec<Literal> = Vec::with_capacity(count);
        for number in 0..count {
            if number > 0 {
                self.expect_sign(",")?;
            }
            figures.push(self.signed_literal()?);
        }
        self.expect_close(")", open)?;
        let mut figures = figures.into_iter();
        let shape = match (name, figures.next(), figures.next(), figures.next()) {
            ("uniform", Some(low), Some(high), _) => UncertaintyShape::Uniform(low, high),
            ("lognormal", Some(low), Some(high), _) => UncertaintyShape::Lognormal(low, high),
            (_, Some(low), Some(mode), Some(high)) => UncertaintyShape::Triangular(low, mode, high),
            _ => return Err(self.unexpected(A_COUNT)),
        };
        Ok(shape)
    }
}
