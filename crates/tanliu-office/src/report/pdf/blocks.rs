//! 正文 The front of a report and the blocks of its body.

use super::fonts::Weight;
use super::sheet::{
    BODY, BOTTOM, Bookmark, CAPTION, GRAY, INK, NOTE, PAGE, SIDE, Sheet, Style, TOP, WIDTH,
};
use crate::report::wrap::Widths;
use crate::report::{Block, KeyFigure, Report, Source, words};

/// So many key figures stand side by side.
const ABREAST: usize = 4;
/// 声明色 The colour of a notice.
pub(super) const NOTICE: [f32; 3] = [0.7, 0.16, 0.1];

impl Sheet<'_> {
    /// Title, notice and facts.
    pub(super) fn front(&mut self, report: &Report) {
        if !report.title.is_empty() {
            let style = Style::new(20.0, 30.0, Weight::Bold, INK);
            self.text(&report.title, style, SIDE, 0.0);
        }
        if !report.subtitle.is_empty() {
            self.text(&report.subtitle, Style::new(12.0, 20.0, Weight::Regular, GRAY), SIDE, 0.0);
        }
        if !report.notice.is_empty() {
            self.notice(&report.notice);
        }
        let facts = words::facts(report.lang, &report.facts);
        if facts.is_empty() {
            return;
        }
        self.down += 8.0;
        let names = facts.iter().map(|(name, _)| self.width(name, NOTE)).fold(0.0, f32::max);
        for (name, value) in facts {
            self.need(NOTE.leading);
            let base = self.down + (NOTE.leading + NOTE.size * 0.72) / 2.0;
            self.put(name, (SIDE, base), NOTE, 0.0);
            self.text(value, NOTE, SIDE + names + 12.0, 0.0);
        }
        self.down += 6.0;
        let down = self.down;
        self.rule((SIDE, down), (PAGE.0 - SIDE, down), 0.8, INK);
        self.down += 8.0;
    }

    fn notice(&mut self, notice: &str) {
        let style = Style::new(10.0, 16.0, Weight::Bold, NOTICE);
        self.space(8.0);
        self.need(style.leading);
        let (page, from) = (self.full.len(), self.down);
        self.text(notice, style, SIDE + 10.0, 0.0);
        let from = if self.full.len() == page { from } else { TOP };
        let down = self.down;
        self.area((SIDE, from), (3.0, down - from), NOTICE);
    }

    /// One block of the body.
    pub(super) fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Paragraph(text) => {
                self.space(3.0);
                let indent = match self.lang {
                    tanliu_diagnostic::Lang::Zh => BODY.size * 2.0,
                    tanliu_diagnostic::Lang::En => 0.0,
                };
                self.text(text, BODY, SIDE, indent);
                self.space(3.0);
            }
            Block::Table(table) => self.table(table),
            Block::KeyFigures(figures) => self.key_figures(figures),
            Block::Chart(chart) => self.chart(chart),
            Block::PageBreak if self.down > TOP => self.turn(),
            Block::PageBreak => {}
            Block::Sources(sources) => self.sources(sources),
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        let style = match level {
            1 => Style::new(15.0, 24.0, Weight::Bold, INK),
            2 => Style::new(12.5, 20.0, Weight::Bold, INK),
            _ => Style::new(10.5, 18.0, Weight::Bold, INK),
        };
        self.space(style.leading * 0.5);
        // A heading does not stand alone at the foot of a page.
        self.need(style.leading + 3.0 * BODY.leading);
        self.bookmarks.push(Bookmark {
            level,
            title: text.to_owned(),
            page: self.full.len(),
            top: self.down,
        });
        self.text(text, style, SIDE, 0.0);
        self.space(2.0);
    }

    /// A caption in the middle, kept with what follows it.
    pub(super) fn caption(&mut self, text: &str, following: f32) {
        let widths = Widths { first: WIDTH, rest: WIDTH };
        let lines = self.lines(text, CAPTION, widths);
        self.space(6.0);
        let height = lines.len().min(4) as f32 * CAPTION.leading;
        self.need((height + following).min(BOTTOM - TOP));
        for line in lines {
            self.need(CAPTION.leading);
            let left = SIDE + (WIDTH - self.width(line, CAPTION)) / 2.0;
            let base = self.down + (CAPTION.leading + CAPTION.size * 0.72) / 2.0;
            self.put(line, (left, base), CAPTION, 0.0);
            self.down += CAPTION.leading;
        }
    }

    /// A note below a table or a chart.
    pub(super) fn note(&mut self, text: &str) {
        if !text.is_empty() {
            let note = words::note(self.lang, text);
            self.text(&note, NOTE, SIDE, 0.0);
        }
        self.space(6.0);
    }

    fn key_figures(&mut self, figures: &[KeyFigure]) {
        let gap = 8.0;
        for row in figures.chunks(ABREAST) {
            let count = row.len().clamp(1, ABREAST) as f32;
            let width = (WIDTH - gap * (count - 1.0)) / count;
            self.space(4.0);
            let cards: Vec<Vec<(String, Style)>> =
                row.iter().map(|figure| self.card(figure, width - 16.0)).collect();
            let height = |card: &Vec<(String, Style)>| {
                card.iter().map(|(_, style)| style.leading).sum::<f32>() + 12.0
            };
            let highest = cards.iter().map(height).fold(0.0, f32::max).min(BOTTOM - TOP);
            self.need(highest);
            let top = self.down;
            for (number, card) in cards.into_iter().enumerate() {
                let left = SIDE + number as f32 * (width + gap);
                self.area((left, top), (width, highest), [0.95, 0.965, 0.96]);
                self.area((left, top), (width, 2.0), [0.09, 0.42, 0.37]);
                let mut down = top + 6.0;
                for (line, style) in card {
                    if down + style.leading > top + highest {
                        break;
                    }
                    let base = down + (style.leading + style.size * 0.72) / 2.0;
                    self.put(&line, (left + 8.0, base), style, 0.0);
                    down += style.leading;
                }
            }
            self.down += highest + 6.0;
        }
    }

    /// The lines of a key figure.
    fn card(&self, figure: &KeyFigure, width: f32) -> Vec<(String, Style)> {
        let widths = Widths { first: width, rest: width };
        let mut value = Style::new(17.0, 24.0, Weight::Bold, INK);
        while value.size > 9.0 && self.width(&figure.value, value) > width {
            value.size -= 1.0;
        }
        [(&figure.label, NOTE), (&figure.value, value), (&figure.unit, NOTE), (&figure.note, NOTE)]
            .into_iter()
            .filter(|(text, _)| !text.is_empty())
            .flat_map(|(text, style)| {
                let lines = self.lines(text, style, widths);
                lines.into_iter().map(|line| (line.to_owned(), style)).collect::<Vec<_>>()
            })
            .collect()
    }

    fn sources(&mut self, sources: &[Source]) {
        let style = Style { size: 9.0, leading: 14.5, ..BODY };
        let numbers: Vec<String> =
            (1..=sources.len()).map(|number| format!("[{number}]")).collect();
        let widest = numbers.iter().map(|text| self.width(text, style)).fold(0.0, f32::max);
        for (source, number) in sources.iter().zip(&numbers) {
            self.space(2.0);
            self.need(style.leading);
            let base = self.down + (style.leading + style.size * 0.72) / 2.0;
            self.put(number, (SIDE, base), style, 0.0);
            let text = joined(source);
            self.text(&text, style, SIDE + widest + 6.0, 0.0);
        }
        self.space(6.0);
    }
}

/// A source on one line.
fn joined(source: &Source) -> String {
    match (source.title.is_empty(), source.text.is_empty()) {
        (true, _) => source.text.clone(),
        (_, true) => source.title.clone(),
        _ => format!("{}\u{3000}{}", source.title, source.text),
    }
}
