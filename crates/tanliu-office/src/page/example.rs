//! 算例的写法 Directive lines and table captions of worked examples, in the page's language.

use super::Page;
use tanliu_diagnostic::Span;
use tanliu_method::document::{Example, ExampleItem, Tolerance};
use tanliu_method::number::format_number;

impl Page<'_> {
    /// What an example's table gives or expects.
    pub(super) fn caption(&self, example: &Example, span: Span) -> Option<String> {
        let matching = |start: usize| start >= span.start && start < span.end;
        let captions: Vec<String> = example
            .items
            .iter()
            .filter_map(|item| match item {
                ExampleItem::GivenTable { names, table } if matching(table.span.start) => {
                    Some(format!("{}{}", self.say("给定：", "given: "), self.name_list(names)))
                }
                ExampleItem::ExpectTable { names, tolerance, table }
                    if matching(table.span.start) =>
                {
                    let tolerance =
                        tolerance.map_or_else(String::new, |tolerance| match tolerance {
                            Tolerance::Absolute(by) => format!(" ± {}", format_number(by)),
                            Tolerance::Relative(by) => format!(" ± {}%", format_number(by * 100.0)),
                        });
                    let names = self.name_list(names);
                    Some(format!("{}{names}{tolerance}", self.say("应得：", "expected: ")))
                }
                _ => None,
            })
            .collect();
        (!captions.is_empty()).then(|| captions.join(self.say("；", "; ")))
    }

    /// The first words of a directive line in the page's language, and the rest of the line.
    pub(super) fn directive<'t>(&self, line: &'t str) -> Option<(&'static str, &'t str)> {
        let words = [
            ("Given:", self.say("给定：", "given: ")),
            ("Expect: failure", self.say("应予拒绝：", "to be refused: ")),
            ("Expect: warning", self.say("应有提示：", "to warn: ")),
        ];
        words
            .into_iter()
            .find_map(|(plain, word)| Some((word, line.strip_prefix(plain)?.trim_start())))
    }

    fn name_list(&self, names: &[(String, Span)]) -> String {
        let shown = |name: &str| match self.symbols.get(name).and_then(|s| s.label.as_ref()) {
            Some(label) => format!("{label} {name}"),
            None => name.to_owned(),
        };
        let names: Vec<String> = names.iter().map(|(name, _)| shown(name)).collect();
        names.join(self.say("、", ", "))
    }
}

/// Whether an example gives or expects tables.
pub(super) fn has_tables(example: &Example) -> bool {
    example.items.iter().any(|item| {
        matches!(item, ExampleItem::GivenTable { .. } | ExampleItem::ExpectTable { .. })
    })
}
