//! 版面 Pages that are filled from the top: lines of text, rules, areas. Lengths are in points,
//! heights count downwards from the top edge.

use super::fonts::{Fonts, Glyph, Weight};
use crate::report::wrap::{Widths, is_wide, wrap};
use pdf_writer::types::TextRenderingMode;
use pdf_writer::{Buf, Content, Name, Str, TextStr};
use tanliu_diagnostic::Lang;

/// A4.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
/// 左右边 The left and the right margin.
pub(super) const SIDE: f32 = 68.0;
/// 上边 Where the text begins.
pub(super) const TOP: f32 = 76.0;
/// 下边 Where the text ends.
pub(super) const BOTTOM: f32 = 770.0;
/// 版心宽 The width of the text.
pub(super) const WIDTH: f32 = PAGE.0 - 2.0 * SIDE;

/// 颜色 Red, green, blue from 0 to 1.
pub(super) type Color = [f32; 3];
/// 墨 The colour of text.
pub(super) const INK: Color = [0.1, 0.1, 0.12];
/// 灰 The colour of notes.
pub(super) const GRAY: Color = [0.38, 0.4, 0.43];
/// 线 The colour of thin rules.
pub(super) const RULE: Color = [0.78, 0.8, 0.82];

/// 字样 How a text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// 字号
    pub(super) size: f32,
    /// 行距
    pub(super) leading: f32,
    /// 字重
    pub(super) weight: Weight,
    /// 颜色
    pub(super) color: Color,
}

impl Style {
    pub(super) const fn new(size: f32, leading: f32, weight: Weight, color: Color) -> Self {
        Self { size, leading, weight, color }
    }
}

/// 正文
pub(super) const BODY: Style = Style::new(10.5, 18.0, Weight::Regular, INK);
/// 注
pub(super) const NOTE: Style = Style::new(8.5, 13.0, Weight::Regular, GRAY);
/// 表题、图题
pub(super) const CAPTION: Style = Style::new(9.5, 16.0, Weight::Bold, INK);

/// 书签 A heading and where it stands.
pub(super) struct Bookmark {
    pub(super) level: u8,
    pub(super) title: String,
    pub(super) page: usize,
    pub(super) top: f32,
}

/// 版面 The pages so far.
pub(super) struct Sheet<'a> {
    pub(super) lang: Lang,
    pub(super) fonts: Fonts<'a>,
    pub(super) full: Vec<Buf>,
    pub(super) content: Content,
    /// How far down the page is filled.
    pub(super) down: f32,
    pub(super) bookmarks: Vec<Bookmark>,
    pub(super) tables: usize,
    pub(super) charts: usize,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(lang: Lang, fonts: Fonts<'a>) -> Self {
        Self {
            lang,
            fonts,
            full: Vec::new(),
            content: Content::new(),
            down: TOP,
            bookmarks: Vec::new(),
            tables: 0,
            charts: 0,
        }
    }

    /// Begins a page.
    pub(super) fn turn(&mut self) {
        let content = std::mem::replace(&mut self.content, Content::new());
        self.full.push(content.finish());
        self.down = TOP;
    }

    /// Begins a page unless so much room is left on this one, or nothing stands on it.
    pub(super) fn need(&mut self, height: f32) {
        if self.down + height > BOTTOM && self.down > TOP {
            self.turn();
        }
    }

    /// Leaves room, but none at the top of a page.
    pub(super) fn space(&mut self, height: f32) {
        if self.down > TOP {
            self.down += height;
        }
    }

    pub(super) fn width(&self, text: &str, style: Style) -> f32 {
        text.trim_end()
            .chars()
            .map(|sign| self.fonts.advance(sign, style.weight) * style.size)
            .sum()
    }

    pub(super) fn lines<'t>(&self, text: &'t str, style: Style, widths: Widths) -> Vec<&'t str> {
        wrap(text, widths, &|sign| self.fonts.advance(sign, style.weight) * style.size)
    }

    /// Sets a text in lines from the left edge, over as many pages as it needs.
    pub(super) fn text(&mut self, text: &str, style: Style, left: f32, indent: f32) {
        let room = PAGE.0 - SIDE - left;
        let widths = Widths { first: room - indent, rest: room };
        let lines = self.lines(text, style, widths);
        let count = lines.len();
        for (number, line) in lines.into_iter().enumerate() {
            let indent = if number == 0 { indent } else { 0.0 };
            self.need(style.leading);
            let is_last = number + 1 == count || line.ends_with('\n');
            let spread = if is_last { 0.0 } else { self.spread(line, style, room - indent) };
            let base = self.down + (style.leading + style.size * 0.72) / 2.0;
            self.put(line, (left + indent, base), style, spread);
            self.down += style.leading;
        }
    }

    /// How much is put between the letters of a Chinese line so that it fills its room.
    fn spread(&self, line: &str, style: Style, room: f32) -> f32 {
        let line = line.trim_end();
        let count = line.chars().count();
        let wide = line.chars().filter(|sign| is_wide(*sign)).count();
        if count < 2 || wide * 2 < count {
            return 0.0;
        }
        let spread = (room - self.width(line, style)) / (count - 1) as f32;
        if (0.0..style.size * 0.12).contains(&spread) { spread } else { 0.0 }
    }

    /// Sets one line at a place: its left end, and its base line.
    pub(super) fn put(&mut self, line: &str, place: (f32, f32), style: Style, spread: f32) {
        let line = line.trim_end();
        if line.is_empty() {
            return;
        }
        let glyphs: Vec<(char, Glyph)> =
            line.chars().map(|sign| (sign, self.fonts.glyph(sign, style.weight))).collect();
        let thick = glyphs.iter().any(|(_, glyph)| self.fonts.is_thickened(glyph, style.weight));
        let [red, green, blue] = style.color;
        let content = &mut self.content;
        content.set_fill_rgb(red, green, blue);
        content.begin_text();
        if thick {
            content.set_stroke_rgb(red, green, blue);
            content.set_line_width(style.size * 0.025);
            content.set_text_rendering_mode(TextRenderingMode::FillStroke);
        } else {
            content.set_text_rendering_mode(TextRenderingMode::Fill);
        }
        content.set_char_spacing(spread);
        content.set_text_matrix([1.0, 0.0, 0.0, 1.0, place.0, PAGE.1 - place.1]);
        let same = |(_, one): &(char, Glyph), (_, other): &(char, Glyph)| {
            !one.stands_in && !other.stands_in && one.face == other.face && one.scale == other.scale
        };
        for run in glyphs.chunk_by(same) {
            let Some((sign, first)) = run.first() else { continue };
            content.set_font(Name(first.face.name()), style.size * first.scale);
            content.set_rise(style.size * first.rise);
            let mut bytes = Vec::new();
            for (sign, glyph) in run {
                self.fonts.call(glyph, *sign, &mut bytes);
            }
            if first.stands_in {
                let mut buffer = [0; 4];
                let meant: &str = sign.encode_utf8(&mut buffer);
                content
                    .begin_marked_content_with_properties(Name(b"Span"))
                    .properties()
                    .actual_text(TextStr(meant));
                content.show(Str(&bytes));
                content.end_marked_content();
            } else {
                content.show(Str(&bytes));
            }
        }
        content.end_text();
    }

    /// Draws a line from a place to a place.
    pub(super) fn rule(&mut self, from: (f32, f32), to: (f32, f32), thick: f32, color: Color) {
        self.content.set_stroke_rgb(color[0], color[1], color[2]);
        self.content.set_line_width(thick);
        self.content.move_to(from.0, PAGE.1 - from.1);
        self.content.line_to(to.0, PAGE.1 - to.1);
        self.content.stroke();
    }

    /// Fills an area: its left upper corner, and its size.
    pub(super) fn area(&mut self, corner: (f32, f32), size: (f32, f32), color: Color) {
        self.content.set_fill_rgb(color[0], color[1], color[2]);
        self.content.rect(corner.0, PAGE.1 - corner.1 - size.1, size.0, size.1);
        self.content.fill_nonzero();
    }
}
