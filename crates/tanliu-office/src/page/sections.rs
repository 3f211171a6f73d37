//! 附表 What the page makes from the declarations: symbols, monitoring plan, requirements, factor
//! sources, the results of the examples.

use super::html::{attribute, escape, header_row, row, table};
use super::symbols::{Symbol, SymbolKind};
use super::{ExampleResult, ExampleStatus, Page};
use tanliu_diagnostic::Lang;
use tanliu_method::ast::{Declaration, Item};
use tanliu_method::program::VariableKind;

/// 附节 A generated section.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) html: String,
}

/// The attribute lines that make a monitoring plan.
const PLAN: [&str; 6] = ["source", "frequency", "method", "accuracy", "qa", "note"];

impl Page<'_> {
    /// The sections that have something to say.
    pub(super) fn sections(&self) -> Vec<Section> {
        let made = [
            ("requirements", self.say("适用条件", "requirements"), self.requirements()),
            ("monitoring", self.say("监测计划", "monitoring plan"), self.monitoring()),
            ("examples", self.say("算例结果", "examples"), self.examples()),
            ("factors", self.say("因子来源", "factor sources"), self.factors()),
            ("symbols", self.say("符号表", "symbols"), self.symbol_table()),
        ];
        made.into_iter()
            .filter(|(_, _, html)| !html.is_empty())
            .map(|(id, title, html)| Section { id, title: title.to_owned(), html })
            .collect()
    }

    fn symbol_table(&self) -> String {
        if self.symbols.list.is_empty() {
            return String::new();
        }
        let say = |zh, en| self.say(zh, en);
        let mut rows = header_row(&[
            say("符号", "symbol"),
            say("名称", "name"),
            say("类别", "kind"),
            say("索引", "indexes"),
            say("单位", "unit"),
            say("出处", "declared"),
        ]);
        rows.push_str("<tbody>\n");
        for symbol in &self.symbols.list {
            let code = format!("<code>{}</code>", escape(&symbol.name));
            rows.push_str(&row(&[
                code,
                self.title_in_table(symbol),
                symbol.kind.word(self.lang()).to_owned(),
                escape(&symbol.dims.join(", ")),
                escape(&symbol.unit),
                self.declared(symbol),
            ]));
        }
        rows.push_str("</tbody>\n");
        table(say("全部符号", "all symbols"), "symbols", &rows)
    }

    /// The label; of an index, what stands for it below a name.
    fn title_in_table(&self, symbol: &Symbol) -> String {
        let short = self.symbols.subscript(&symbol.name);
        match (&symbol.label, symbol.kind) {
            (Some(label), _) => escape(label),
            (None, SymbolKind::Index) => {
                format!("{} <i>{}</i>", self.say("下标", "subscript"), escape(short))
            }
            (None, _) => String::new(),
        }
    }

    /// A link to where a symbol is declared.
    fn declared(&self, symbol: &Symbol) -> String {
        let text = match (symbol.number, symbol.kind, self.lang()) {
            (Some(number), _, Lang::Zh) => format!("式 ({number})"),
            (Some(number), _, Lang::En) => format!("formula ({number})"),
            (None, SymbolKind::UsedInput, lang) => {
                super::say(lang, "引用文档", "used document").to_owned()
            }
            (None, _, lang) => super::say(lang, "声明", "declaration").to_owned(),
        };
        format!("<a href=\"#{}\">{text}</a>", attribute(&symbol.anchor))
    }

    fn monitoring(&self) -> String {
        let mut lines: Vec<Vec<String>> = Vec::new();
        for declaration in &self.checked.declarations {
            let Item::Input(input) = &declaration.item else { continue };
            let found = |kind: &str| {
                let texts: Vec<String> = declaration
                    .attributes
                    .iter()
                    .filter(|found| found.kind == kind)
                    .map(|found| escape(&found.text))
                    .collect();
                texts.join("<br>")
            };
            let plan = PLAN.map(found);
            if plan.iter().any(|cell| !cell.is_empty()) {
                lines.push(self.monitored(&input.name.text, plan));
            }
        }
        for variable in &self.checked.program.variables {
            if variable.origin.document == 0 || !matches!(variable.kind, VariableKind::Input(_)) {
                continue;
            }
            let found = |kind: &str| {
                let texts = variable.attributes.iter().filter(|(found, _)| found == kind);
                texts.map(|(_, text)| escape(text)).collect::<Vec<_>>().join("<br>")
            };
            let plan = PLAN.map(found);
            if plan.iter().any(|cell| !cell.is_empty()) {
                lines.push(self.monitored(&variable.name, plan));
            }
        }
        self.plan_table(&lines)
    }

    /// The table, without columns in which nothing stands.
    fn plan_table(&self, lines: &[Vec<String>]) -> String {
        if lines.is_empty() {
            return String::new();
        }
        let mut titles =
            vec![self.say("参数", "parameter").to_owned(), self.say("单位", "unit").to_owned()];
        titles.extend(
            PLAN.map(|kind| super::declaration::attribute_title(kind).get(self.lang()).to_owned()),
        );
        let filled = |column: usize| {
            lines.iter().any(|line| line.get(column).is_some_and(|cell| !cell.is_empty()))
        };
        let kept: Vec<usize> = (0..titles.len()).filter(|column| filled(*column)).collect();
        let heads: Vec<&str> =
            kept.iter().filter_map(|column| titles.get(*column)).map(String::as_str).collect();
        let mut rows = header_row(&heads) + "<tbody>\n";
        for line in lines {
            let cells: Vec<String> =
                kept.iter().filter_map(|column| line.get(*column)).cloned().collect();
            rows.push_str(&row(&cells));
        }
        rows.push_str("</tbody>\n");
        table(self.say("监测的数据和参数", "data and parameters monitored"), "plan", &rows)
    }

    fn monitored(&self, name: &str, plan: [String; 6]) -> Vec<String> {
        let symbol = self.symbols.get(name);
        let anchor = symbol.map_or("", |symbol| symbol.anchor.as_str());
        let label = symbol.and_then(|symbol| symbol.label.as_deref()).unwrap_or("");
        let mut cells = vec![
            format!(
                "<a href=\"#{}\"><code>{}</code></a> {}",
                attribute(anchor),
                escape(name),
                escape(label)
            ),
            symbol.map_or_else(String::new, |symbol| escape(&symbol.unit)),
        ];
        cells.extend(plan);
        cells
    }

    fn requirements(&self) -> String {
        let mut items = String::new();
        for declaration in &self.checked.declarations {
            items.push_str(&self.requirement(declaration));
        }
        if items.is_empty() {
            items
        } else {
            format!("<ol class=\"requirements\">\n{items}</ol>\n")
        }
    }

    fn requirement(&self, declaration: &Declaration) -> String {
        let (kind, message, rest) = match &declaration.item {
            Item::Require(require) => {
                let kind = match require.warn {
                    true => self.say("仅提示", "warning only"),
                    false => self.say("须满足", "required"),
                };
                (kind, &require.message, self.math().inline(&require.condition))
            }
            Item::Evidence(evidence) => {
                (self.say("须有证据", "evidence required"), &evidence.message, String::new())
            }
            _ => return String::new(),
        };
        let anchor = super::declaration::condition_anchor(declaration);
        format!(
            "<li><span class=\"kind\">{kind}</span> <a href=\"#{anchor}\">{}</a> {rest}</li>\n",
            escape(message)
        )
    }

    fn factors(&self) -> String {
        let sources = &self.options.factor_sources;
        if sources.is_empty() {
            return String::new();
        }
        let mut rows = header_row(&[
            self.say("因子集", "set"),
            self.say("名称", "title"),
            self.say("发布机构", "issuer"),
            self.say("来源", "source"),
            self.say("依据", "standing"),
        ]);
        rows.push_str("<tbody>\n");
        for source in sources {
            let (sign, class) =
                if source.verified { ("✓", "verified") } else { ("△", "doubtful") };
            let standing = match source.standing.as_str() {
                "" => String::new(),
                text => format!("<span class=\"{class}\">{sign} {}</span>", escape(text)),
            };
            rows.push_str(&row(&[
                format!(
                    "<code id=\"factor-set-{}\">{}</code>",
                    attribute(&source.set),
                    escape(&source.set)
                ),
                escape(&source.title),
                escape(&source.issuer),
                escape(&source.source),
                standing,
            ]));
        }
        rows.push_str("</tbody>\n");
        table(self.say("引用的因子集", "factor sets used"), "factors", &rows)
    }

    /// All examples with how they came out; each leads to its own results.
    fn examples(&self) -> String {
        let examples = &self.checked.document.examples;
        if examples.is_empty() {
            return String::new();
        }
        let mut rows = header_row(&[
            self.say("算例", "example"),
            self.say("结果", "result"),
            self.say("核对的数值", "values compared"),
            self.say("相符", "within tolerance"),
        ]);
        rows.push_str("<tbody>\n");
        for (place, example) in examples.iter().enumerate() {
            let result = self.result_of(place);
            let status = result.map_or(ExampleStatus::NotRun, |result| result.status);
            let count = result.map_or(0, |result| result.rows.len());
            let good = result.map_or(0, |r| r.rows.iter().filter(|row| row.passed).count());
            rows.push_str(&row(&[
                format!("<a href=\"#example-{}\">{}</a>", place + 1, escape(&example.title)),
                self.verdict(status),
                count.to_string(),
                good.to_string(),
            ]));
        }
        rows.push_str("</tbody>\n");
        table(self.say("算例核对一览", "examples at a glance"), "examples", &rows)
    }

    /// The result of an example: by its title, and among equal titles by its place.
    fn result_of(&self, place: usize) -> Option<&ExampleResult> {
        let examples = &self.checked.document.examples;
        let title = &examples.get(place)?.title;
        let before = examples.iter().take(place).filter(|other| other.title == *title).count();
        self.options.examples.iter().filter(|result| result.title == *title).nth(before)
    }

    /// A verdict as a sign and a word.
    fn verdict(&self, status: ExampleStatus) -> String {
        let (class, sign, word) = match status {
            ExampleStatus::Passed => ("verified", "✓", self.say("通过", "passed")),
            ExampleStatus::Failed => ("failed", "✗", self.say("不符", "failed")),
            ExampleStatus::NotRun => ("doubtful", "–", self.say("未运行", "not run")),
        };
        format!("<strong class=\"{class}\">{sign} {word}</strong>")
    }

    /// The results of one example, under its text.
    pub(super) fn example_results(&self, place: usize) -> String {
        let Some(result) = self.result_of(place) else {
            return format!("<p class=\"verdict\">{}</p>\n", self.verdict(ExampleStatus::NotRun));
        };
        let mut out = format!(
            "<p class=\"verdict\">{} {}</p>\n",
            self.verdict(result.status),
            escape(&result.message)
        );
        if result.rows.is_empty() {
            return out;
        }
        let mut rows = header_row(&[
            self.say("量", "quantity"),
            self.say("键", "key"),
            self.say("应得", "expected"),
            self.say("实得", "actual"),
            self.say("差", "difference"),
            self.say("单位", "unit"),
            self.say("结论", "verdict"),
        ]);
        rows.push_str("<tbody>\n");
        for line in &result.rows {
            let status = match line.passed {
                true => ExampleStatus::Passed,
                false => ExampleStatus::Failed,
            };
            let name = match self.symbols.get(&line.name) {
                Some(symbol) => format!(
                    "<a href=\"#{}\"><code>{}</code></a>",
                    attribute(&symbol.anchor),
                    escape(&line.name)
                ),
                None => format!("<code>{}</code>", escape(&line.name)),
            };
            let cells = [&line.expected, &line.actual, &line.difference].map(|text| escape(text));
            let mut all = vec![name, escape(&line.key)];
            all.extend(cells);
            all.push(escape(&super::unit::pretty(&line.unit)));
            all.push(self.verdict(status));
            rows.push_str(&row(&all));
        }
        rows.push_str("</tbody>\n");
        out.push_str(&table(self.say("应得与实得", "expected and actual"), "results", &rows));
        out
    }
}
