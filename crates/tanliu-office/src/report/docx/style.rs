//! 样式 The styles of a report: Chinese letters in 宋体 and 黑体, headings with their level.

use docx_rs::{
    AlignmentType, Docx, LineSpacing, LineSpacingType, PageMargin, RunFonts, SpecialIndentType,
    Style, StyleType,
};

/// 墨
pub(super) const INK: &str = "1A1A1F";
/// 灰
const GRAY: &str = "61666E";
/// 线
pub(super) const RULE: &str = "C7CCD1";
/// 声明
pub(super) const NOTICE: &str = "B3291A";
/// 底色
pub(super) const PALE: &str = "F2F6F5";

/// 字体 The fonts of text and of headings.
fn fonts(chinese: &str, latin: &str) -> RunFonts {
    RunFonts::new().ascii(latin).hi_ansi(latin).cs(latin).east_asia(chinese)
}

/// 字样 One style in a line: its id, its name, half points, colour, spaces before and after.
struct Look {
    id: &'static str,
    name: &'static str,
    size: usize,
    color: &'static str,
    before: u32,
    after: u32,
}

const fn look(
    (id, name): (&'static str, &'static str),
    size: usize,
    color: &'static str,
    (before, after): (u32, u32),
) -> Look {
    Look { id, name, size, color, before, after }
}

impl Look {
    fn style(&self) -> Style {
        Style::new(self.id, StyleType::Paragraph)
            .name(self.name)
            .based_on("Normal")
            .size(self.size)
            .color(self.color)
            .line_spacing(LineSpacing::new().before(self.before).after(self.after))
            .q_format(true)
    }
}

/// A document with the styles, the page and the default fonts of reports.
pub(super) fn styled(docx: Docx) -> Docx {
    let bold = || fonts("黑体", "Arial");
    let body = look(("BodyText", "Body Text"), 21, INK, (60, 60)).style();
    let body = body
        .indent(None, Some(SpecialIndentType::FirstLine(420)), None, None)
        .align(AlignmentType::Both)
        .line_spacing(
            LineSpacing::new().before(60).after(60).line_rule(LineSpacingType::Auto).line(360),
        );
    let mut docx = docx
        .page_size(11906, 16838)
        .page_margin(
            PageMargin::new().top(1500).bottom(1400).left(1363).right(1363).header(850).footer(800),
        )
        .default_fonts(fonts("宋体", "Times New Roman"))
        .default_size(21)
        .add_style(body);
    for (level, size) in [(1, 30), (2, 25), (3, 21)] {
        let style = Style::new(format!("Heading{level}"), StyleType::Paragraph)
            .name(format!("heading {level}"))
            .based_on("Normal")
            .next("BodyText")
            .size(size)
            .color(INK)
            .bold()
            .fonts(bold())
            .outline_lvl(level - 1)
            .line_spacing(LineSpacing::new().before(240).after(80))
            .q_format(true);
        docx = docx.add_style(style);
    }
    for style in [
        look(("Title", "Title"), 40, INK, (0, 120)).style().bold().fonts(bold()),
        look(("Caption", "caption"), 19, INK, (120, 60))
            .style()
            .bold()
            .fonts(bold())
            .align(AlignmentType::Center),
        look(("Notice", "Notice"), 20, NOTICE, (120, 120)).style().bold().fonts(bold()),
        look(("TableHead", "Table Head"), 18, INK, (40, 40)).style().bold().fonts(bold()),
        look(("KeyValue", "Key Value"), 34, INK, (20, 20)).style().bold().fonts(bold()),
        look(("Subtitle", "Subtitle"), 24, GRAY, (0, 120)).style(),
        look(("Fact", "Fact"), 17, GRAY, (0, 20)).style(),
        look(("TableText", "Table Text"), 18, INK, (40, 40)).style(),
        look(("KeyLabel", "Key Label"), 17, GRAY, (40, 20)).style(),
        look(("Note", "Note"), 17, GRAY, (60, 120)).style(),
        look(("Source", "Source"), 18, INK, (20, 20)).style(),
        look(("Gap", "Gap"), 8, INK, (0, 0)).style(),
        look(("Header", "header"), 16, GRAY, (0, 0)).style(),
        look(("Footer", "footer"), 16, GRAY, (0, 0)).style(),
    ] {
        docx = docx.add_style(style);
    }
    docx
}
