//! 代码块 A `tan` block as a standard would print it: numbered formulas, definition rows, and its
//! source at hand.

use super::Page;
use super::declaration::signature;
use super::html::{attribute, escape};
use super::walk::names;
use tanliu_diagnostic::{Lang, Span};
use tanliu_method::ast::{Declaration, FormulaDecl, Item, Rounding, RoundingMode};

impl Page<'_> {
    /// The block whose content is `span`.
    pub(super) fn block(&self, span: Span) -> String {
        let within = |declaration: &&Declaration| {
            declaration.span.start >= span.start && declaration.span.end <= span.end
        };
        let declarations: Vec<&Declaration> =
            self.checked.declarations.iter().filter(within).collect();
        let mut out = "<div class=\"block\">\n".to_owned();
        let mut in_rows = false;
        for declaration in &declarations {
            let is_formula = matches!(declaration.item, Item::Formula(_));
            if in_rows && is_formula {
                out.push_str("</dl>\n");
            }
            if !in_rows && !is_formula {
                out.push_str("<dl class=\"declarations\">\n");
            }
            in_rows = !is_formula;
            out.push_str(&match &declaration.item {
                Item::Formula(formula) => self.formula(declaration, formula, &declarations),
                _ => self.declaration(declaration),
            });
        }
        if in_rows {
            out.push_str("</dl>\n");
        }
        let source = self.checked.document.slice(span);
        // What could not be read is shown as it is written.
        let open = if declarations.is_empty() { " open" } else { "" };
        out.push_str(&format!(
            "<details class=\"source\"{open}><summary>{}</summary>\n<pre tabindex=\"0\"><code>{}\
             </code></pre>\n</details>\n</div>\n",
            self.say("源代码", "source"),
            escape(source.trim_end())
        ));
        out
    }

    /// A formula with its title, its number, and the names that other blocks declare.
    fn formula(
        &self,
        declaration: &Declaration,
        formula: &FormulaDecl,
        block: &[&Declaration],
    ) -> String {
        let name = formula.name.text.as_str();
        let Some(symbol) = self.symbols.get(name) else { return String::new() };
        let mut title = format!("<span class=\"kind\">{}</span> ", symbol.kind.word(self.lang()));
        if let Some(label) = &symbol.label {
            title.push_str(&format!("<b>{}</b> ", escape(label)));
        }
        title.push_str(&format!("<code class=\"signature\">{}</code>", escape(&signature(symbol))));
        if !symbol.unit.is_empty() {
            title.push_str(&format!(
                " <span class=\"unit\"><span class=\"what\">{}</span> {}</span>",
                self.unit_word(symbol),
                escape(&symbol.unit)
            ));
        }
        let number = symbol.number.unwrap_or(0);
        let anchor = attribute(&symbol.anchor);
        let notes = self.formula_notes(declaration, formula, block);
        format!(
            "<figure class=\"formula\" id=\"{anchor}\">\n<figcaption>{title}</figcaption>\n\
             <div class=\"set\"><div class=\"math\" role=\"region\" tabindex=\"0\" \
             aria-label=\"{}\">{}</div>\
             <a class=\"number\" href=\"#{anchor}\">({number})</a></div>\n{notes}</figure>\n",
            match self.lang() {
                Lang::Zh => format!("公式 {number}"),
                Lang::En => format!("formula {number}"),
            },
            self.math().equation(name, &formula.expr),
        )
    }

    fn formula_notes(
        &self,
        declaration: &Declaration,
        formula: &FormulaDecl,
        block: &[&Declaration],
    ) -> String {
        let mut notes = String::new();
        if let Some(rounding) = &formula.rounding {
            notes.push_str(&format!(
                "<p class=\"note\">{}</p>\n",
                escape(&self.rounding(rounding, &formula.name.text))
            ));
        }
        let attributes = self.attributes(declaration);
        if !attributes.is_empty() {
            notes.push_str(&format!("<ul class=\"facts\">{attributes}</ul>\n"));
        }
        let here = |name: &str| {
            self.symbols.get(name).is_some_and(|symbol| {
                block.iter().any(|declaration| declares(declaration, &symbol.name))
            })
        };
        let glossed: Vec<String> = names(&formula.expr)
            .into_iter()
            .filter(|name| *name != formula.name.text && !here(name))
            .filter_map(|name| self.gloss(&name))
            .collect();
        if !glossed.is_empty() {
            notes.push_str(&format!(
                "<p class=\"where\"><span class=\"what\">{}</span>{}</p>\n",
                self.say("式中：", "where: "),
                glossed.join(self.say("；", "; "))
            ));
        }
        notes
    }

    /// `energy — 化石能源消费量（tce）`, with a link to the declaration.
    fn gloss(&self, name: &str) -> Option<String> {
        let symbol = self.symbols.get(name)?;
        let label = symbol.label.as_ref()?;
        let unit = match (symbol.unit.as_str(), self.lang()) {
            ("", _) => String::new(),
            (unit, Lang::Zh) => format!("（{}）", escape(unit)),
            (unit, Lang::En) => format!(" ({})", escape(unit)),
        };
        Some(format!(
            "<a href=\"#{}\"><code>{}</code></a> {}{unit}",
            attribute(&symbol.anchor),
            escape(name),
            escape(label)
        ))
    }

    fn rounding(&self, rounding: &Rounding, name: &str) -> String {
        let number =
            rounding.step.as_ref().map_or_else(|| "1".to_owned(), |s| self.literal_text(s));
        let symbol = self.symbols.get(name).filter(|symbol| symbol.dimensioned);
        // A step with its own unit says it already.
        let unit = symbol.filter(|_| number.chars().all(|c| c.is_ascii_digit() || c == '.'));
        let unit = unit.map_or_else(String::new, |symbol| format!(" {}", symbol.unit));
        let step = format!("{number}{unit}");
        match (self.lang(), rounding.mode) {
            (Lang::Zh, RoundingMode::Half) => format!("结果四舍五入，修约间隔 {step}"),
            (Lang::Zh, RoundingMode::Down) => format!("结果向下取整，修约间隔 {step}"),
            (Lang::Zh, RoundingMode::Up) => format!("结果向上取整，修约间隔 {step}"),
            (Lang::Zh, RoundingMode::Even) => {
                format!("结果按 GB/T 8170 修约，修约间隔 {step}")
            }
            (Lang::En, RoundingMode::Half) => format!("rounded to multiples of {step}"),
            (Lang::En, RoundingMode::Down) => format!("rounded down to multiples of {step}"),
            (Lang::En, RoundingMode::Up) => format!("rounded up to multiples of {step}"),
            (Lang::En, RoundingMode::Even) => {
                format!("rounded by GB/T 8170, half to even, to multiples of {step}")
            }
        }
    }
}

fn declares(declaration: &Declaration, name: &str) -> bool {
    let declared = match &declaration.item {
        Item::Index(index) => &index.name,
        Item::Input(input) => &input.name,
        Item::Param(param) => &param.name,
        Item::Factor(factor) => &factor.name,
        Item::Function(function) => &function.name,
        Item::Formula(formula) => &formula.name,
        Item::Use(used) => &used.name,
        Item::Require(_) | Item::Evidence(_) => return false,
    };
    declared.text == name
}
