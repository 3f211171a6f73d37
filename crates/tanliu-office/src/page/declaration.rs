//! 声明行 Inputs, parameters, factors, functions and conditions as compact definition rows.

use super::Page;
use super::html::{attribute, escape};
use super::map::map_table;
use super::math::Math;
use super::symbols::{Symbol, unit_text};
use super::unit::pretty;
use tanliu_diagnostic::{Lang, Text};
use tanliu_factor::Standing;
use tanliu_method::ast::{
    AsOf, Declaration, DefaultValue, EvidenceDecl, FactorDecl, FunctionDecl, IndexDecl, IndexKind,
    InputDecl, Item, KeyLit, KeyValue, Literal, ParamDecl, ParamValue, RequireDecl, Uncertainty,
    UncertaintyShape, UseDecl,
};
use tanliu_method::parse::print_expression;

/// The words of attribute lines, as readers know them.
pub(super) fn attribute_title(kind: &str) -> Text {
    match kind {
        "source" => Text::new("数据来源", "source"),
        "frequency" => Text::new("监测频次", "frequency"),
        "method" => Text::new("监测方法", "method"),
        "accuracy" => Text::new("准确度", "accuracy"),
        "qa" => Text::new("质量控制", "QA/QC"),
        "note" => Text::new("备注", "note"),
        "standing" => Text::new("依据", "standing"),
        other => Text::same(other),
    }
}

/// A fact of a row: what, and its HTML.
type Fact = (&'static str, String);

/// The parts of a row.
#[derive(Default)]
struct Row {
    anchor: String,
    kind: &'static str,
    title: String,
    signature: String,
    facts: Vec<Fact>,
    /// Whatever stands below: a table, a formula.
    below: String,
    /// Its facts stand beside its name, not below.
    short: bool,
}

impl<'a> Page<'a> {
    pub(super) fn math(&self) -> Math<'_> {
        Math { symbols: &self.symbols, lang: self.lang() }
    }

    /// The row of a declaration that is no formula.
    pub(super) fn declaration(&self, declaration: &Declaration) -> String {
        let mut row = match &declaration.item {
            Item::Index(index) => self.index_row(index),
            Item::Input(input) => self.input_row(input),
            Item::Param(param) => self.param_row(param),
            Item::Factor(factor) => self.factor_row(factor),
            Item::Function(function) => self.function_row(function),
            Item::Require(require) => self.require_row(declaration, require),
            Item::Evidence(evidence) => self.evidence_row(declaration, evidence),
            Item::Use(used) => self.use_row(used),
            Item::Formula(_) => return String::new(),
        };
        if let Some(uncertainty) = &declaration.uncertainty {
            row.facts.push((self.say("不确定度", "uncertainty"), self.uncertainty(uncertainty)));
        }
        row_html(&row, &self.attributes(declaration))
    }

    /// Attribute lines as facts; a standing that is not verified is marked.
    pub(super) fn attributes(&self, declaration: &Declaration) -> String {
        let line = |kind: &str, text: &str| {
            let title = attribute_title(kind);
            let title = title.get(self.lang());
            if kind != "standing" {
                return format!(
                    "<li><span class=\"what\">{}</span> {}</li>",
                    escape(title),
                    escape(text)
                );
            }
            let standing = Standing::parse(text.trim());
            let word = standing.map_or_else(|| text.to_owned(), |s| s.name(self.lang()).to_owned());
            let class = match standing {
                Some(Standing::Verified) => "verified",
                _ => "doubtful",
            };
            let sign = if class == "verified" { "✓" } else { "△" };
            format!(
                "<li><span class=\"what\">{}</span> <strong class=\"{class}\">{sign} {}</strong></li>",
                escape(title),
                escape(&word)
            )
        };
        declaration.attributes.iter().map(|found| line(&found.kind, &found.text)).collect()
    }

    /// The label (else the name) and the name with its indexes.
    fn row_of(&self, name: &str) -> Row {
        let Some(symbol) = self.symbols.get(name) else {
            return Row { title: format!("<b>{}</b>", escape(name)), ..Row::default() };
        };
        Row {
            anchor: symbol.anchor.clone(),
            kind: symbol.kind.word(self.lang()),
            title: match &symbol.label {
                Some(label) => format!("<b>{}</b>", escape(label)),
                None => String::new(),
            },
            signature: escape(&signature(symbol)),
            facts: match symbol.unit.as_str() {
                "" => Vec::new(),
                unit => vec![(self.unit_word(symbol), escape(unit))],
            },
            ..Row::default()
        }
    }

    /// What a symbol's unit or type is called.
    pub(super) fn unit_word(&self, symbol: &Symbol) -> &'static str {
        match (symbol.is_number, symbol.key_of.is_some()) {
            (true, _) => self.say("单位", "unit"),
            (false, true) => self.say("取值", "values"),
            (false, false) => self.say("类型", "type"),
        }
    }

    fn index_row(&self, index: &IndexDecl) -> Row {
        let mut row = self.row_of(&index.name.text);
        let text = match &index.kind {
            IndexKind::Time { grain, ends } => {
                let grain = match self.lang() {
                    Lang::Zh => grain.word_zh(),
                    Lang::En => grain.word(),
                };
                let ends = match ends {
                    true => self.say("，数据标时段之末", ", data stamp the end of the interval"),
                    false => "",
                };
                format!("{}{}{ends}", self.say("时间：", "time: "), escape(grain))
            }
            IndexKind::Integer => self.say("整数，有序", "whole numbers, ordered").to_owned(),
            IndexKind::Text => {
                self.say("开放：以数据所含为准", "open: whatever the data holds").to_owned()
            }
            IndexKind::Closed(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|member| {
                        let label = member.label.as_ref().map(|label| escape(label));
                        let name = escape(&member.name.text);
                        match label {
                            Some(label) => format!("{label} <code>{name}</code>"),
                            None => format!("<code>{name}</code>"),
                        }
                    })
                    .collect();
                members.join(self.say("、", ", "))
            }
        };
        row.facts.push(("", text));
        let short = self.symbols.subscript(&index.name.text);
        if short != index.name.text {
            let sign = format!("<math>{}</math>", self.math().index(&index.name.text));
            row.facts.push((self.say("下标", "subscript"), sign));
        }
        row.short = true;
        row
    }

    fn input_row(&self, input: &InputDecl) -> Row {
        let mut row = self.row_of(&input.name.text);
        for (sign, literal) in &input.bounds {
            let sign = escape(super::math::comparison(*sign));
            row.facts.push((
                self.say("范围", "bound"),
                format!("{sign} {}", escape(&self.literal_text(literal))),
            ));
        }
        match &input.default {
            None if input.optional => {
                let word = self.say("可缺", "optional");
                row.facts.push(("", word.to_owned()));
            }
            None => row.facts.push(("", self.say("必填", "needed").to_owned())),
            Some(default) => {
                let text = match default {
                    DefaultValue::Literal(literal) => self.literal_text(literal),
                    DefaultValue::Name(name) => self
                        .symbols
                        .member(&name.text, None, self.lang())
                        .unwrap_or_else(|| name.text.clone()),
                    DefaultValue::Text(text, _) => format!("“{text}”"),
                };
                row.facts.push((self.say("缺省值", "default"), escape(&text)));
            }
        }
        if input.notation {
            row.facts.push((
                "",
                self.say("可填 NO、NA、IE、NE、C", "may hold NO, NA, IE, NE, C").to_owned(),
            ));
        }
        row
    }

    fn param_row(&self, param: &ParamDecl) -> Row {
        let mut row = self.row_of(&param.name.text);
        match &param.value {
            ParamValue::Hole(_) => row.facts.push((
                "",
                format!(
                    "<strong class=\"doubtful\">△ {}</strong>",
                    self.say(
                        "待定：填入之前，依赖它的结果不予给出",
                        "open: results that need it are withheld until it is filled"
                    )
                ),
            )),
            ParamValue::Map(map) => {
                row.below = map_table(self, &param.name.text, &param.dims, map);
            }
            ParamValue::Expr(expression) => {
                row.facts.push((self.say("取值", "value"), self.math().inline(expression)));
            }
        }
        row
    }

    fn factor_row(&self, factor: &FactorDecl) -> Row {
        let mut row = self.row_of(&factor.name.text);
        let set = &factor.set.text;
        let known = self.options.factor_sources.iter().any(|source| source.set == *set);
        let shown = format!("<code>{}</code>", escape(set));
        let shown = match known {
            true => format!("<a href=\"#factor-set-{}\">{shown}</a>", attribute(set)),
            false => shown,
        };
        row.facts.push((self.say("因子集", "factor set"), shown));
        for (column, index) in &factor.columns {
            let text = match self.lang() {
                Lang::Zh => format!("{} 列取 {} 的键", column.text, index.text),
                Lang::En => format!("column {} by the key of {}", column.text, index.text),
            };
            row.facts.push(("", escape(&text)));
        }
        row.facts.push((self.say("取值规则", "as of"), escape(&self.as_of(&factor.as_of))));
        row
    }

    fn as_of(&self, rule: &AsOf) -> String {
        match (rule, self.lang()) {
            (AsOf::SameYear, Lang::Zh) => "同年值".to_owned(),
            (AsOf::SameYear, Lang::En) => "the same year".to_owned(),
            (AsOf::Latest { published, before }, Lang::Zh) => {
                let what = if *published { "最近发布的值" } else { "最新值" };
                format!("{} 之前的{what}", print_expression(before))
            }
            (AsOf::Latest { published, before }, Lang::En) => {
                let what = if *published { "latest published" } else { "latest" };
                format!("{what} before {}", print_expression(before))
            }
            (AsOf::Fixed(key), Lang::Zh) => format!("固定取 {}", key_text(key)),
            (AsOf::Fixed(key), Lang::En) => format!("fixed at {}", key_text(key)),
            (AsOf::MeanOfLast { count, before }, lang) => {
                let before = before.as_ref().map(|before| print_expression(before));
                match (lang, before) {
                    (Lang::Zh, None) => format!("最近 {count} 个值的平均"),
                    (Lang::Zh, Some(before)) => format!("{before} 之前最近 {count} 个值的平均"),
                    (Lang::En, None) => format!("the mean of the last {count}"),
                    (Lang::En, Some(before)) => {
                        format!("the mean of the last {count} before {before}")
                    }
                }
            }
        }
    }

    fn function_row(&self, function: &FunctionDecl) -> Row {
        let mut row = self.row_of(&function.name.text);
        let names: Vec<&str> = function.inputs.iter().map(|(name, _)| name.text.as_str()).collect();
        row.signature = escape(&format!("{}({})", function.name.text, names.join(", ")));
        for (name, unit) in &function.inputs {
            let range = function.ranges.iter().find(|(ranged, _, _)| ranged.text == name.text);
            let range = range.map_or_else(String::new, |(_, low, high)| {
                let valid = self.say("，适用范围", ", valid for");
                format!("{valid} {} – {}", escape(&low.text), escape(&high.text))
            });
            let unit = escape(&unit_text(&unit.text, self.lang()));
            row.facts.push(("", format!("<i>{}</i>：{unit}{range}", escape(&name.text))));
        }
        row.below = self.math().function(&function.name.text, &names, &function.body);
        row
    }

    fn require_row(&self, declaration: &Declaration, require: &RequireDecl) -> Row {
        Row {
            anchor: condition_anchor(declaration),
            kind: match require.warn {
                true => self.say("提示", "warning"),
                false => self.say("适用条件", "requirement"),
            },
            title: format!("<b>{}</b>", escape(&require.message)),
            facts: vec![("", self.math().inline(&require.condition))],
            ..Row::default()
        }
    }

    fn evidence_row(&self, declaration: &Declaration, evidence: &EvidenceDecl) -> Row {
        let dims: Vec<&str> = evidence.dims.iter().map(|dim| dim.text.as_str()).collect();
        let each = match (dims.is_empty(), self.lang()) {
            (true, _) => String::new(),
            (false, Lang::Zh) => format!("每个 {} 各一份", escape(&dims.join("、"))),
            (false, Lang::En) => format!("one for each {}", escape(&dims.join(", "))),
        };
        Row {
            anchor: condition_anchor(declaration),
            kind: self.say("证据", "evidence"),
            title: format!("<b>{}</b>", escape(&evidence.message)),
            facts: vec![("", each)],
            ..Row::default()
        }
    }

    fn use_row(&self, used: &UseDecl) -> Row {
        let mut row = self.row_of(&used.name.text);
        row.facts.clear();
        let found = self.checked.used.iter().find(|document| document.front.id == used.id.text);
        let mut shown = format!("<code>{}</code>", escape(&used.id.text));
        if let Some(document) = found {
            if let Some(title) = &document.front.title {
                shown.push_str(&format!(" {}", escape(title.get(self.lang()))));
            }
            shown.push_str(&format!(" {}", escape(&document.front.version)));
        }
        row.facts.push((self.say("文档", "document"), shown));
        for (name, expression) in &used.arguments {
            let value = self.math().inline(expression);
            row.facts.push(("", format!("<code>{}</code> = {value}", escape(&name.text))));
        }
        row
    }

    fn uncertainty(&self, uncertainty: &Uncertainty) -> String {
        let text = |literal: &Literal| self.literal_text(literal);
        let shape = match &uncertainty.shape {
            UncertaintyShape::Relative(half) | UncertaintyShape::Absolute(half) => {
                let note = self.say("（95 % 区间半宽，正态）", " (95 % half-width, normal)");
                format!("± {}{note}", text(half))
            }
            UncertaintyShape::Uniform(low, high) => {
                format!("{} {} – {}", self.say("均匀", "uniform"), text(low), text(high))
            }
            UncertaintyShape::Triangular(low, mode, high) => {
                let word = self.say("三角", "triangular");
                format!("{word} {} – {} – {}", text(low), text(mode), text(high))
            }
            UncertaintyShape::Lognormal(low, high) => {
                let word = self.say("对数正态，95 % 区间", "lognormal, 95 % interval");
                format!("{word} {} – {}", text(low), text(high))
            }
        };
        let shared = match uncertainty.shared {
            true => self.say("，各行共用一个变量", ", one variable for all rows"),
            false => "",
        };
        escape(&format!("{shape}{shared}"))
    }

    /// A literal as text, its unit set.
    pub(super) fn literal_text(&self, literal: &Literal) -> String {
        let (number, unit) = super::literal::split_literal(&literal.text);
        let number = number.replacen('-', "−", 1);
        match unit {
            "" => number,
            "%" | "‰" => format!("{number} {unit}"),
            unit => format!("{number} {}", pretty(unit)),
        }
    }
}

/// A row as HTML; `attributes` are further facts.
fn row_html(row: &Row, attributes: &str) -> String {
    let mut facts: String = row
        .facts
        .iter()
        .filter(|(_, html)| !html.is_empty())
        .map(|(what, html)| {
            let what = match *what {
                "" => String::new(),
                what => format!("<span class=\"what\">{what}</span> "),
            };
            format!("<li>{what}{html}</li>")
        })
        .collect();
    facts.push_str(attributes);
    format!(
        "<div class=\"declaration{}\" id=\"{}\">\n<dt><span class=\"kind\">{}</span> \
         {} <code class=\"signature\">{}</code></dt>\n<dd><ul class=\"facts\">{facts}</ul>{}</dd>\n\
         </div>\n",
        if row.short { " short" } else { "" },
        attribute(&row.anchor),
        row.kind,
        row.title,
        row.signature,
        row.below
    )
}

/// `energy[year, fuel]`
pub(super) fn signature(symbol: &Symbol) -> String {
    match symbol.dims.as_slice() {
        [] => symbol.name.clone(),
        dims => format!("{}[{}]", symbol.name, dims.join(", ")),
    }
}

/// A condition has no name: its place in the document tells it from the others.
pub(super) fn condition_anchor(declaration: &Declaration) -> String {
    format!("condition-{}", declaration.span.start)
}

/// `2019`, `2021-07`
pub(super) fn key_text(key: &KeyLit) -> String {
    match &key.value {
        KeyValue::Integer(number) => number.to_string(),
        KeyValue::Time(key) => key.to_string(),
    }
}
