//! 画图 Charts drawn from their numbers: an axis with thin rules, bars or lines, a legend.
//!
//! Series differ in more than their colour: lines have markers of their own, bars come in the order
//! of the legend. A value that is missing is marked, not drawn as zero.

use super::fonts::Weight;
use super::sheet::{GRAY, PAGE, RULE, SIDE, Sheet, Style, WIDTH};
use crate::report::chart::{Axis, color};
use crate::report::{Chart, ChartKind, words};
use pdf_writer::types::LineJoinStyle;

/// The height of the drawing without its legend.
const HEIGHT: f32 = 170.0;
/// The text in a chart.
const LABEL: Style = Style::new(7.5, 11.0, Weight::Regular, GRAY);
/// The room behind each name of the legend.
const LEGEND_GAP: f32 = 14.0;

/// 画框 The field that values are drawn in.
struct Field {
    left: f32,
    top: f32,
    width: f32,
    height: f32,
    /// The width that one category has.
    slot: f32,
}

impl Field {
    fn y(&self, axis: &Axis, value: f64) -> f32 {
        self.top + self.height * (1.0 - axis.share(value))
    }

    fn middle(&self, number: usize) -> f32 {
        self.left + self.slot * (number as f32 + 0.5)
    }
}

impl Sheet<'_> {
    pub(super) fn chart(&mut self, chart: &Chart) {
        self.charts += 1;
        let axis = Axis::of(chart);
        let legend = self.legend_rows(chart);
        let room = HEIGHT + legend.len() as f32 * LABEL.leading + 50.0;
        self.space(6.0);
        self.need(room);
        self.put_label(&chart.unit, (SIDE, self.down + 8.0), 0.0);
        let gutter = axis.ticks.iter().map(|(_, text)| self.width(text, LABEL)).fold(0.0, f32::max);
        let left = SIDE + gutter + 6.0;
        let width = PAGE.0 - SIDE - left;
        let slot = width / chart.categories.len().max(1) as f32;
        let field = Field { left, top: self.down + 16.0, width, height: HEIGHT - 30.0, slot };
        self.grid(&field, &axis, gutter);
        self.categories(&field, chart);
        match chart.kind {
            ChartKind::Bar => self.bars(&field, &axis, chart),
            ChartKind::Line => self.curves(&field, &axis, chart),
        }
        self.down += HEIGHT + 4.0;
        self.legend(&legend, chart);
        let caption = words::numbered(words::chart_word(self.lang), self.charts, &chart.caption);
        self.caption(&caption, 0.0);
        self.note(&chart.note);
    }

    /// A label whose middle (0.5), left (0) or right end (1) stands at a place.
    fn put_label(&mut self, text: &str, place: (f32, f32), anchor: f32) {
        let width = self.width(text, LABEL);
        self.put(text, (place.0 - width * anchor, place.1), LABEL, 0.0);
    }

    fn grid(&mut self, field: &Field, axis: &Axis, gutter: f32) {
        for (value, text) in &axis.ticks {
            let y = field.y(axis, *value);
            let is_zero = *value == 0.0;
            let (thick, color) = if is_zero { (0.7, GRAY) } else { (0.35, RULE) };
            self.rule((field.left, y), (field.left + field.width, y), thick, color);
            self.put_label(text, (SIDE + gutter, y + 2.6), 1.0);
        }
    }

    /// The names of the categories, every so many if they are too wide for all.
    fn categories(&mut self, field: &Field, chart: &Chart) {
        let widest = chart
            .categories
            .iter()
            .map(|text| self.width(text, LABEL))
            .fold(1.0, f32::max)
            .min(field.width / 3.0);
        let every = ((widest + 4.0) / field.slot).ceil().max(1.0) as usize;
        let base = field.top + field.height + 11.0;
        for (number, text) in chart.categories.iter().enumerate().step_by(every) {
            let text = self.cut(text, widest.max(field.slot));
            self.put_label(&text, (field.middle(number), base), 0.5);
        }
    }

    /// A label that is not wider than its room; what is cut stands in the table of the same data.
    fn cut(&self, text: &str, room: f32) -> String {
        let mut out = String::new();
        let mut width = 0.0;
        for sign in text.chars() {
            width += self.fonts.advance(sign, LABEL.weight) * LABEL.size;
            if width > room + 0.01 {
                out.pop();
                out.push('…');
                break;
            }
            out.push(sign);
        }
        out
    }

    fn bars(&mut self, field: &Field, axis: &Axis, chart: &Chart) {
        let count = chart.series.len().max(1) as f32;
        let bar = (field.slot * 0.7 / count).min(34.0);
        let zero = field.y(axis, 0.0);
        for (number, series) in chart.series.iter().enumerate() {
            for (at, value) in series.values.iter().enumerate() {
                let left = field.middle(at) + bar * (number as f32 - count / 2.0);
                let Some(value) = value else {
                    self.missing((left + bar / 2.0, zero), bar);
                    continue;
                };
                let y = field.y(axis, *value);
                let (top, height) = if y < zero { (y, zero - y) } else { (zero, y - zero) };
                self.area((left + 0.4, top), ((bar - 0.8).max(0.2), height), color(number));
            }
        }
    }

    /// The mark of a value that is missing.
    fn missing(&mut self, place: (f32, f32), room: f32) {
        let text = words::say(self.lang, "缺", "n/a");
        if self.width(text, LABEL) <= room.max(8.0) {
            self.put_label(text, (place.0, place.1 - 2.0), 0.5);
        }
    }

    fn curves(&mut self, field: &Field, axis: &Axis, chart: &Chart) {
        for (number, series) in chart.series.iter().enumerate() {
            let [red, green, blue] = color(number);
            self.content.set_stroke_rgb(red, green, blue);
            self.content.set_line_width(1.3);
            self.content.set_line_join(LineJoinStyle::RoundJoin);
            let mut is_open = false;
            for (at, value) in series.values.iter().enumerate() {
                let place = value.map(|value| (field.middle(at), PAGE.1 - field.y(axis, value)));
                match (place, is_open) {
                    (Some((x, y)), true) => {
                        self.content.line_to(x, y);
                    }
                    (Some((x, y)), false) => {
                        self.content.move_to(x, y);
                    }
                    (None, _) => {}
                }
                is_open = place.is_some();
            }
            self.content.stroke();
            if field.slot < 6.0 {
                continue;
            }
            for (at, value) in series.values.iter().enumerate() {
                if let Some(value) = value {
                    self.marker(number, (field.middle(at), field.y(axis, *value)));
                }
            }
        }
    }

    /// The marker of a series: square, diamond, triangle, in turn.
    fn marker(&mut self, number: usize, (x, down): (f32, f32)) {
        let (y, [red, green, blue]) = (PAGE.1 - down, color(number));
        let corners: &[(f32, f32)] = match number % 3 {
            0 => &[(-2.2, -2.2), (2.2, -2.2), (2.2, 2.2), (-2.2, 2.2)],
            1 => &[(0.0, -3.0), (3.0, 0.0), (0.0, 3.0), (-3.0, 0.0)],
            _ => &[(-2.8, -2.2), (2.8, -2.2), (0.0, 3.0)],
        };
        self.content.set_fill_rgb(red, green, blue);
        for (turn, (right, up)) in corners.iter().enumerate() {
            if turn == 0 {
                self.content.move_to(x + right, y + up);
            } else {
                self.content.line_to(x + right, y + up);
            }
        }
        self.content.close_path();
        self.content.fill_nonzero();
    }

    /// The series' names in rows of the page's width: number, text, distance from the left.
    fn legend_rows(&self, chart: &Chart) -> Vec<Vec<(usize, String, f32)>> {
        let mut rows = vec![Vec::new()];
        let mut left = 0.0;
        for (number, series) in chart.series.iter().enumerate() {
            let text = self.cut(&series.name, WIDTH - 30.0);
            let width = 12.0 + self.width(&text, LABEL) + LEGEND_GAP;
            if left > 0.0 && left + width > WIDTH {
                rows.push(Vec::new());
                left = 0.0;
            }
            if let Some(row) = rows.last_mut() {
                row.push((number, text, left));
            }
            left += width;
        }
        rows
    }

    fn legend(&mut self, rows: &[Vec<(usize, String, f32)>], chart: &Chart) {
        for row in rows {
            self.need(LABEL.leading);
            let used =
                row.last().map_or(0.0, |(_, text, left)| left + 12.0 + self.width(text, LABEL));
            let start = SIDE + (WIDTH - used).max(0.0) / 2.0;
            let middle = self.down + LABEL.leading / 2.0;
            for (number, text, left) in row {
                let x = start + left;
                match chart.kind {
                    ChartKind::Bar => self.area((x, middle - 3.5), (8.0, 7.0), color(*number)),
                    ChartKind::Line => {
                        self.rule((x - 2.0, middle), (x + 10.0, middle), 1.3, color(*number));
                        self.marker(*number, (x + 4.0, middle));
                    }
                }
                self.put(text, (x + 13.0, middle + 2.7), LABEL, 0.0);
            }
            self.down += LABEL.leading;
        }
    }
}
