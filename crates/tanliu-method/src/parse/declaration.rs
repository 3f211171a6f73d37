//! 声明 What each keyword opens.

use super::cursor::{A_NAME, A_STRING, AN_INDEX, Parser, Step, Wanted};
use super::message::spaced;
use super::words::{OPENERS, is_reserved};
use crate::ast::{
    Declaration, DefaultValue, EvidenceDecl, FactorDecl, FormulaDecl, FunctionDecl, IndexDecl,
    IndexKind, InputDecl, Item, Literal, Member, Name, ParamDecl, ParamValue, RequireDecl,
    Rounding, RoundingMode, TypeExpr, UseDecl,
};
use tanliu_diagnostic::{Diagnostic, Span};
use tanliu_unit::time::Grain;

const A_TYPE: Wanted =
    ("单位、索引名或 bool、text、date", "a unit, an index, or `bool`, `text`, `date`");
const A_UNIT: Wanted = ("单位", "a unit");
const A_MEMBER: Wanted = ("成员（名称或带引号的文字）", "a member: a name or a string");
const A_MESSAGE: Wanted = ("说明文字（带引号）", "the message, a string in quotes");

impl Parser<'_> {
    /// One declaration with everything that follows it, up to the end of its region.
    pub(super) fn declaration(&mut self) -> Step<Declaration> {
        let start = self.position;
        let word = self.word();
        let item = match word {
            "index" => Item::Index(self.index()?),
            "input" => Item::Input(self.input()?),
            "param" => Item::Param(self.param()?),
            "factor" => Item::Factor(self.factor()?),
            "function" => Item::Function(self.function()?),
            "require" | "warn" => self.requirement()?,
            "use" => Item::Use(self.import()?),
            "output" => {
                self.take("output".len());
                Item::Formula(self.formula(true)?)
            }
            _ => Item::Formula(self.formula(false)?),
        };
        let (attributes, uncertainty) = self.attributes()?;
        Ok(Declaration { item, span: self.since(start), attributes, uncertainty })
    }

    /// The name a declaration declares.
    fn declared_name(&mut self) -> Step<Name> {
        let name = self.name(A_NAME)?;
        self.declared = Some(name.text.clone());
        Ok(name)
    }

    /// `[ "[" NAME,… "]" ]`
    fn dims(&mut self) -> Step<Vec<Name>> {
        let Some(open) = self.take_sign("[") else { return Ok(Vec::new()) };
        let names = self.names(AN_INDEX)?;
        self.expect_close("]", open)?;
        Ok(names)
    }

    /// `[ ":" type ]`
    fn optional_type(&mut self) -> Step<Option<TypeExpr>> {
        match self.take_sign(":") {
            Some(_) => Ok(Some(self.type_expression(A_TYPE)?)),
            None => Ok(None),
        }
    }

    /// `":" type`, which must be there; `example` is a unit to show.
    fn required_type(&mut self, what: Wanted, wanted: Wanted) -> Step<TypeExpr> {
        if self.take_sign(":").is_some() {
            return self.type_expression(wanted);
        }
        let (span, found) = self.found();
        let diagnostic = Diagnostic::error(
            "syntax-expected",
            format!("{}要写明单位：此处应为 `:`，却是{}", what.0, spaced(&found.zh)),
            format!("{} states its unit: expected `:`, found {}", what.1, found.en),
        )
        .at(self.place(span), "", "")
        .hint("如 `: t`；纯数写作 `: 1`", "such as `: t`; a plain number is `: 1`");
        Err(self.stop(diagnostic))
    }

    /// `=`, which must be there; `==` and `:=` are mended.
    pub(super) fn equals(&mut self) -> Step<Span> {
        match self.sign() {
            sign @ ("==" | "===" | ":=") => {
                let span = self.take(sign.len());
                self.foreign(span, "=");
                Ok(span)
            }
            "" if !self.word().is_empty() => Err(self.unit_without_colon()),
            "-" if self.hyphened_name().is_some() => Err(self.name_with_hyphen()),
            _ => self.expect_sign("="),
        }
    }

    /// `burnt-meter = …`
    fn name_with_hyphen(&mut self) -> super::cursor::Stop {
        let (span, found) = self.found();
        let diagnostic = Diagnostic::error(
            "syntax-expected",
            format!("此处应为 `=`，却是 {}", found.zh),
            format!("expected `=`, found {}", found.en),
        )
        .at(self.place(span), "", "");
        let diagnostic = match self.hyphened_name() {
            Some(mend) => diagnostic.hint(mend.zh, mend.en),
            None => diagnostic,
        };
        self.stop(diagnostic)
    }

    /// `output x t = …`
    fn unit_without_colon(&mut self) -> super::cursor::Stop {
        let (span, found) = self.found();
        let word = self.word();
        let diagnostic = Diagnostic::error(
            "syntax-expected",
            format!("此处应为 `=`，却是 {}", found.zh),
            format!("expected `=`, found {}", found.en),
        )
        .at(self.place(span), "", "");
        let diagnostic = match self.unit_was_split() {
            Some(mend) => diagnostic.hint(mend.zh, mend.en),
            None => diagnostic.hint(
                format!("单位写在冒号后面：`: {word}`"),
                format!("a unit stands behind a colon: `: {word}`"),
            ),
        };
        self.stop(diagnostic)
    }

    fn index(&mut self) -> Step<IndexDecl> {
        self.take("index".len());
        let name = self.declared_name()?;
        if self.take_sign(":").is_some() {
            let kind = self.index_kind()?;
            return Ok(IndexDecl { name, kind });
        }
        if !matches!(self.sign(), "=" | "==" | ":=") {
            return Err(self.unexpected((
                "`: year` 之类或 `= 成员 | …`",
                "`: year` and the like, or `= member | …`",
            )));
        }
        self.equals()?;
        let mut members = Vec::new();
        loop {
            members.push(self.member()?);
            match self.sign() {
                "|" => self.take(1),
                sign @ ("," | "||") => {
                    let span = self.take(sign.len());
                    self.foreign(span, "|");
                    span
                }
                _ => return Ok(IndexDecl { name, kind: IndexKind::Closed(members) }),
            };
        }
    }

    /// `GRAIN [ends] | integer | text`
    fn index_kind(&mut self) -> Step<IndexKind> {
        let word = self.word();
        let kind = match word {
            "integer" => IndexKind::Integer,
            "text" => IndexKind::Text,
            _ => match grain(word) {
                Some(grain) => IndexKind::Time { grain, ends: false },
                None => {
                    return Err(self.unexpected((
                        "year、quarter、month、day、hour、instant、integer 或 text",
                        "`year`, `quarter`, `month`, `day`, `hour`, `instant`, `integer` or `text`",
                    )));
                }
            },
        };
        self.take(word.len());
        match kind {
            IndexKind::Time { grain, .. } => {
                Ok(IndexKind::Time { grain, ends: self.take_word("ends").is_some() })
            }
            other => Ok(other),
        }
    }

    /// `member = ( NAME | STR ) [STR]`
    fn member(&mut self) -> Step<Member> {
        let name = self.name_or_string(A_MEMBER)?;
        Ok(Member { name, label: self.label() })
    }

    /// A name, or a string in its place.
    pub(super) fn name_or_string(&mut self, wanted: Wanted) -> Step<Name> {
        match self.take_string() {
            Some(string) => Ok(string),
            None => self.name(wanted),
        }
    }

    fn input(&mut self) -> Step<InputDecl> {
        self.take("input".len());
        let name = self.declared_name()?;
        let dims = self.dims()?;
        let ty = self.required_type(("输入", "an input"), A_TYPE)?;
        let mut input = InputDecl {
            name,
            dims,
            ty,
            label: None,
            default: None,
            notation: false,
            optional: false,
            bounds: Vec::new(),
        };
        loop {
            if input.label.is_none() && self.peek() == Some('"') {
                input.label = self.label();
            } else if input.default.is_none() && self.take_word("default").is_some() {
                input.default = Some(self.default_value()?);
            } else if self.take_word("notation").is_some() {
                input.notation = true;
            } else if self.take_word("optional").is_some() {
                input.optional = true;
            } else if let Some(compare) = self.take_comparison() {
                input.bounds.push((compare, self.signed_literal()?));
            } else {
                return Ok(input);
            }
        }
    }

    fn default_value(&mut self) -> Step<DefaultValue> {
        if let Some(string) = self.take_string() {
            return Ok(DefaultValue::Text(string.text, string.span));
        }
        if self.word().is_empty() || matches!(self.word(), "true" | "false") {
            return Ok(DefaultValue::Literal(self.signed_literal()?));
        }
        Ok(DefaultValue::Name(self.name(A_MEMBER)?))
    }

    fn param(&mut self) -> Step<ParamDecl> {
        self.take("param".len());
        let name = self.declared_name()?;
        let dims = self.dims()?;
        let ty = self.optional_type()?;
        self.equals()?;
        self.check_unknown_figure()?;
        let value = match self.sign() {
            "?" => ParamValue::Hole(self.take(1)),
            "{" => ParamValue::Map(self.map()?),
            _ => ParamValue::Expr(self.expression()?),
        };
        Ok(ParamDecl { name, dims, ty, value, label: self.label() })
    }

    fn factor(&mut self) -> Step<FactorDecl> {
        self.take("factor".len());
        let name = self.declared_name()?;
        let dims = self.dims()?;
        let unit = self.required_type(("因子", "a factor"), A_UNIT)?;
        self.expect_word("from")?;
        let set =
            self.expect_string(("因子集的编号（带引号）", "the id of a factor set, in quotes"))?;
        let columns = self.factor_columns()?;
        self.expect_word("as")?;
        self.expect_word("of")?;
        let as_of = self.as_of()?;
        Ok(FactorDecl { name, dims, unit, set, columns, as_of, label: self.label() })
    }

    fn function(&mut self) -> Step<FunctionDecl> {
        self.take("function".len());
        let name = self.declared_name()?;
        let open = self.expect_sign("(")?;
        let mut inputs = Vec::new();
        loop {
            let input = self.name(A_NAME)?;
            inputs.push((
                input,
                self.required_type(("函数的输入", "an input of a function"), A_UNIT)?,
            ));
            if self.take_sign(",").is_none() {
                break;
            }
        }
        self.expect_close(")", open)?;
        let unit = self.required_type(("函数的结果", "the result of a function"), A_UNIT)?;
        self.equals()?;
        let body = self.expression()?;
        let ranges = self.ranges()?;
        Ok(FunctionDecl { name, inputs, unit, body, ranges, label: self.label() })
    }

    /// `[ for NAME in NUM ".." NUM,… ]`
    fn ranges(&mut self) -> Step<Vec<(Name, Literal, Literal)>> {
        let mut ranges = Vec::new();
        if self.take_word("for").is_none() {
            return Ok(ranges);
        }
        loop {
            let name = self.name(A_NAME)?;
            self.expect_word("in")?;
            let low = self.signed_literal()?;
            self.expect_sign("..")?;
            ranges.push((name, low, self.signed_literal()?));
            if self.take_sign(",").is_none() {
                return Ok(ranges);
            }
        }
    }

    fn formula(&mut self, output: bool) -> Step<FormulaDecl> {
        let start = self.position;
        let word = self.word();
        let reserved = is_reserved(word);
        let next = self.after_blanks(start + word.len());
        let follows = self.plain_from(next);
        let named = follows.starts_with(super::words::is_name_start);
        let span = Span::new(start, start + word.len());
        let attribute = self.attribute_at(start);
        if !output && attribute || word.is_empty() && matches!(self.sign(), "±" | "~") {
            return Err(self.stray_attribute());
        }
        if !output && !word.is_empty() && named && (!reserved || word == "for") {
            return Err(self.unknown_opener(word, span));
        }
        if output && OPENERS.contains(&word) {
            let message = ("`output` 后面直接写名称", "`output` is followed by a name");
            let diagnostic = self.error("syntax-keyword", span, message).hint(
                "只有公式可以是 `output`：`output 名称 = …`",
                "only a formula can be an output: `output name = …`",
            );
            return Err(self.stop(diagnostic));
        }
        let name = if output {
            self.declared_name()?
        } else if word.is_empty() {
            return Err(self.unexpected(("一条声明", "a declaration")));
        } else {
            self.declared_name()?
        };
        let dims = self.dims()?;
        let ty = self.optional_type()?;
        self.equals()?;
        if self.sign() == "{" && !output {
            self.report_map_in_formula(&name);
        }
        let expr = self.expression()?;
        let rounding = self.rounding()?;
        Ok(FormulaDecl { output, name, dims, ty, expr, rounding, label: self.label() })
    }

    /// `x = { … }` wants to be a `param`.
    fn report_map_in_formula(&mut self, name: &Name) {
        let text = &name.text;
        let diagnostic = Diagnostic::error(
            "syntax-expected",
            "`{ … }` 只用于 `param`",
            "`{ … }` belongs to a `param`",
        )
        .at(self.place(name.span), "", "")
        .hint(
            format!("写作 `param {text}[索引] : 单位 = {{ … }}`"),
            format!("write `param {text}[index] : unit = {{ … }}`"),
        );
        self.report(diagnostic);
        self.skipped = true;
    }

    /// An attribute or uncertainty at the left margin belongs to nothing.
    fn stray_attribute(&mut self) -> super::cursor::Stop {
        let (span, found) = self.found();
        let diagnostic = Diagnostic::error(
            "syntax-indentation",
            format!("{} 不属于任何声明", found.zh),
            format!("{} belongs to no declaration", found.en),
        )
        .at(self.place(span), "", "")
        .hint(
            "它说明上一条声明：请比那条声明缩进得更深",
            "it describes the declaration above: indent it more deeply than that",
        );
        self.stop(diagnostic)
    }

    /// `[ rounded [ up | down | even ] [ to lit ] ]`
    fn rounding(&mut self) -> Step<Option<Rounding>> {
        let start = self.position;
        if self.take_word("rounded").is_none() {
            return Ok(None);
        }
        let mode = match self.word() {
            "up" => RoundingMode::Up,
            "down" => RoundingMode::Down,
            "even" => RoundingMode::Even,
            _ => RoundingMode::Half,
        };
        if mode != RoundingMode::Half {
            self.take(self.word().len());
        }
        let step = match self.take_word("to") {
            Some(_) => Some(self.signed_literal()?),
            None => None,
        };
        Ok(Some(Rounding { mode, step, span: self.since(start) }))
    }

    fn requirement(&mut self) -> Step<Item> {
        let warn = self.word() == "warn";
        self.take(self.word().len());
        if !warn && self.evidence_follows() {
            self.take("evidence".len());
            let dims = self.dims()?;
            let message = self.expect_string(A_MESSAGE)?;
            let (message, message_span) = (message.text, message.span);
            return Ok(Item::Evidence(EvidenceDecl { dims, message, message_span }));
        }
        let condition = self.expression()?;
        let message = match self.take_string() {
            Some(message) => message,
            None if self.at_end() || self.attribute_at(self.position) => {
                return Err(self.unexpected(A_MESSAGE));
            }
            None => {
                return Err(self.unexpected_behind_value(
                    "说明文字（带引号）",
                    "the message, a string in quotes",
                ));
            }
        };
        let (message, message_span) = (message.text, message.span);
        Ok(Item::Require(RequireDecl { warn, condition, message, message_span }))
    }

    /// `evidence [dims] STR`, not a condition about a variable `evidence`.
    fn evidence_follows(&self) -> bool {
        if self.word() != "evidence" {
            return false;
        }
        let at = self.after_blanks(self.position + "evidence".len());
        let Some(list) = self.plain_from(at).strip_prefix('[') else {
            return self.plain_from(at).starts_with('"');
        };
        let Some(close) = list.find(']') else { return false };
        let names = list.get(..close).unwrap_or("");
        let plain = !names.contains(['=', '+', '-', '[', '"']);
        plain && self.plain_from(self.after_blanks(at + 1 + close + 1)).starts_with('"')
    }

    fn import(&mut self) -> Step<UseDecl> {
        self.take("use".len());
        let name = self.declared_name()?;
        self.equals()?;
        let id = self.expect_string(A_STRING)?;
        let mut arguments = Vec::new();
        if let Some(open) = self.take_sign("{") {
            while self.sign() != "}" {
                let input =
                    self.name(("该文档的输入名", "the name of an input of that document"))?;
                if self.sign() == ":" {
                    let span = self.take(1);
                    self.foreign(span, "=");
                } else {
                    self.equals()?;
                }
                arguments.push((input, self.expression()?));
                if self.take_sign(",").is_none() {
                    break;
                }
            }
            self.expect_close("}", open)?;
        }
        Ok(UseDecl { name, id, arguments })
    }
}

/// The grain of a word; said here so that the words of the language stand in the language.
fn grain(word: &str) -> Option<Grain> {
    Some(match word {
        "year" => Grain::Year,
        "quarter" => Grain::Quarter,
        "month" => Grain::Month,
        "day" => Grain::Day,
        "hour" => Grain::Hour,
        "instant" => Grain::Instant,
        _ => return None,
    })
}
