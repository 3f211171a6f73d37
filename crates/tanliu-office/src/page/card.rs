//! 题头 The title, the card of what the document is, and the banner of what to beware of.

use super::Page;
use super::html::{attribute, escape};
use super::language_tag;
use super::symbols::SymbolKind;
use tanliu_diagnostic::Lang;
use tanliu_factor::Standing;
use tanliu_method::ast::{Declaration, Item};
use tanliu_method::document::SourceRef;

impl Page<'_> {
    /// Everything above the text.
    pub(super) fn card(&self) -> String {
        let (title, other) = self.titles();
        let mut out = format!("<header>\n<h1>{}</h1>\n", escape(&title));
        if let Some(other) = other {
            let lang = match self.lang() {
                Lang::Zh => language_tag(Lang::En),
                Lang::En => language_tag(Lang::Zh),
            };
            out.push_str(&format!("<p class=\"other\" lang=\"{lang}\">{}</p>\n", escape(&other)));
        }
        out.push_str(&self.banner());
        out.push_str("<dl class=\"card\">\n");
        for (what, html) in self.facts() {
            out.push_str(&format!("<div><dt>{what}</dt><dd>{html}</dd></div>\n"));
        }
        out.push_str("</dl>\n</header>\n");
        out
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let front = &self.checked.document.front;
        let mut facts = vec![
            (self.say("标识", "id"), format!("<code>{}</code>", escape(&front.id))),
            (self.say("版本", "version"), escape(&front.version)),
        ];
        if let Some(kind) = &front.kind {
            facts.push((self.say("类别", "kind"), escape(&self.kind(kind))));
        }
        if let Some(status) = &front.status {
            facts.push((self.say("状态", "status"), self.status(status)));
        }
        let mut plain = |what, value: &Option<String>| {
            if let Some(value) = value {
                facts.push((what, escape(value)));
            }
        };
        plain(self.say("发布机构", "issuer"), &front.issuer);
        plain(self.say("发布日期", "published"), &front.published);
        plain(self.say("有效期", "valid"), &self.validity());
        let gwp = front.gwp.map(|(set, _)| set.name().to_owned());
        plain(self.say("GWP 取值", "GWP set"), &gwp);
        plain(self.say("时区", "time zone"), &front.timezone);
        plain(self.say("取代", "supersedes"), &front.supersedes);
        if !front.sources.is_empty() {
            let items: String = front.sources.iter().map(|source| self.source(source)).collect();
            let what = self.say("来源", "sources");
            facts.push((what, format!("<ul class=\"sources\">{items}</ul>")));
        }
        facts
    }

    fn kind(&self, kind: &str) -> String {
        match kind {
            "account" => self.say("排放核算", "account of emissions").to_owned(),
            "reduction" => self.say("减排量核算", "emission reductions").to_owned(),
            "footprint" => self.say("碳足迹", "carbon footprint").to_owned(),
            "score" => self.say("评价", "score").to_owned(),
            other => other.to_owned(),
        }
    }

    /// The status as a shape and a word: never by colour alone.
    fn status(&self, status: &str) -> String {
        let (shape, word) = match status {
            "official" => ("●", self.say("正式", "official")),
            "draft" => ("◐", self.say("草案", "draft")),
            "illustration" => ("○", self.say("示例", "illustration")),
            other => return escape(other),
        };
        format!(
            "<span class=\"status {}\"><span aria-hidden=\"true\">{shape}</span> {word}</span>",
            attribute(status)
        )
    }

    fn validity(&self) -> Option<String> {
        let front = &self.checked.document.front;
        match (&front.valid_from, &front.valid_to, self.lang()) {
            (None, None, _) => None,
            (Some(from), None, Lang::Zh) => Some(format!("{from} 起")),
            (Some(from), None, Lang::En) => Some(format!("from {from}")),
            (None, Some(to), Lang::Zh) => Some(format!("至 {to}")),
            (None, Some(to), Lang::En) => Some(format!("to {to}")),
            (Some(from), Some(to), _) => Some(format!("{from} – {to}")),
        }
    }

    fn source(&self, source: &SourceRef) -> String {
        let mut parts = vec![format!("<cite>{}</cite>", escape(&source.title))];
        if let Some(section) = &source.section {
            parts.push(escape(section));
        }
        if let Some(page) = &source.page {
            let bare = page.chars().all(|c| c.is_ascii_digit() || "-–, ".contains(c));
            parts.push(match (bare, self.lang()) {
                (false, _) => escape(page),
                (true, Lang::Zh) => format!("第 {} 页", escape(page)),
                (true, Lang::En) => format!("p. {}", escape(page)),
            });
        }
        for (key, value) in &source.others {
            parts.push(format!("{}: {}", escape(key), escape(value)));
        }
        format!("<li>{}</li>", parts.join(self.say("，", ", ")))
    }

    /// What a reader must know before using it.
    fn banner(&self) -> String {
        let mut lines = Vec::new();
        let errors = self.checked.diagnostics.error_count();
        if errors > 0 {
            lines.push(match self.lang() {
                Lang::Zh => format!("本文档有 {errors} 处错误，不能运行；排版可能不全。"),
                Lang::En => {
                    format!(
                        "this document has {errors} errors and cannot be run; parts may be missing"
                    )
                }
            });
        }
        match self.checked.document.front.status.as_deref() {
            Some("official") => {}
            Some("draft") => lines.push(
                self.say("本文档是草案，尚未发布。", "this document is a draft, not yet published")
                    .to_owned(),
            ),
            Some("illustration") => lines.push(
                self.say(
                    "本文档仅作示例，不得用于正式核算。",
                    "this document is an illustration, not for official accounts",
                )
                .to_owned(),
            ),
            _ => lines.push(
                self.say(
                    "本文档未注明是正式文件。",
                    "this document does not say that it is official",
                )
                .to_owned(),
            ),
        }
        let doubtful = self.doubtful();
        let mut items: String =
            lines.iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
        if !doubtful.is_empty() {
            items.push_str(&format!(
                "<li>{}{}</li>",
                self.say("下列数值未经核对原文：", "these figures are not verified: "),
                doubtful.join(self.say("、", ", "))
            ));
        }
        if items.is_empty() {
            return String::new();
        }
        format!(
            "<div class=\"banner\" role=\"note\"><strong><span aria-hidden=\"true\">△</span> {}\
             </strong><ul>{items}</ul></div>\n",
            self.say("注意", "beware")
        )
    }

    /// Links to what bears a standing that is not verified.
    fn doubtful(&self) -> Vec<String> {
        let is_doubtful = |declaration: &&Declaration| {
            declaration.attributes.iter().any(|found| {
                found.kind == "standing"
                    && Standing::parse(found.text.trim()) != Some(Standing::Verified)
            })
        };
        let name = |declaration: &Declaration| match &declaration.item {
            Item::Input(item) => Some(item.name.text.clone()),
            Item::Param(item) => Some(item.name.text.clone()),
            Item::Factor(item) => Some(item.name.text.clone()),
            Item::Function(item) => Some(item.name.text.clone()),
            Item::Formula(item) => Some(item.name.text.clone()),
            _ => None,
        };
        let declared = self.checked.declarations.iter().filter(is_doubtful).filter_map(name);
        let holes = self.symbols.list.iter().filter(|symbol| symbol.kind == SymbolKind::Hole);
        let mut all: Vec<String> = declared.collect();
        for hole in holes {
            if !all.contains(&hole.name) {
                all.push(hole.name.clone());
            }
        }
        all.iter()
            .filter_map(|name| {
                let symbol = self.symbols.get(name)?;
                let shown = symbol.label.as_ref().unwrap_or(&symbol.name);
                Some(format!("<a href=\"#{}\">{}</a>", attribute(&symbol.anchor), escape(shown)))
            })
            .collect()
    }
}
