//! 样式 The look of our workbooks, in one place.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Note,
};

/// The font of cells and headers.
const FONT: &str = "等线";
/// The font of notes, which are small.
const NOTE_FONT: &str = "宋体";

/// The most characters of a note.
const NOTE_CHARACTERS: usize = 1000;

/// A plain cell.
pub(super) fn body() -> Format {
    Format::new().set_font_name(FONT).set_font_size(11)
}

/// A long text that wraps.
pub(super) fn wrapped() -> Format {
    body().set_text_wrap().set_align(FormatAlign::Top)
}

/// A heading in the instructions.
pub(super) fn title() -> Format {
    body().set_font_size(16).set_bold()
}

/// A header cell of results and value columns.
pub(super) fn header() -> Format {
    header_of(0x00E2_EFDA)
}

/// A header cell of key columns.
pub(super) fn key_header() -> Format {
    header_of(0x00DD_EBF7)
}

fn header_of(colour: u32) -> Format {
    body()
        .set_bold()
        .set_background_color(Color::RGB(colour))
        .set_border_bottom(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

/// A format with the fill of a cell that is wrong.
pub(super) fn faulty(format: Format) -> Format {
    format.set_background_color(Color::RGB(0x00FF_C7CE)).set_font_color(Color::RGB(0x009C_0006))
}

/// A note in a font that has Chinese, sized for its text.
pub(super) fn note(text: &str) -> Note {
    let text: String = text.chars().take(NOTE_CHARACTERS).collect();
    let lines: u32 = text.lines().map(|line| 1 + display_width(line) / 34).sum();
    Note::new(text)
        .add_author_prefix(false)
        .set_font_name(NOTE_FONT)
        .set_font_size(9)
        .set_width(220)
        .set_height(16 * lines.clamp(2, 30) + 10)
}

/// The width of a text in half-width characters.
pub(super) fn display_width(text: &str) -> u32 {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// A column's width for its longest text.
pub(super) fn column_width(widest: u32) -> f64 {
    f64::from(widest.clamp(8, 58) + 2)
}

/// Document properties with a fixed creation time: the same content gives the same bytes.
pub(super) fn properties(title: &str) -> DocProperties {
    let properties = DocProperties::new().set_title(title).set_author("Tanliu 碳流");
    // This day exists, so the branch is always taken.
    match ExcelDateTime::from_ymd(2020, 1, 1) {
        Ok(created) => properties.set_creation_datetime(&created),
        Err(_) => properties,
    }
}
