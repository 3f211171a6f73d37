//! 断行 Where a line of Chinese text may end.
//!
//! GB/T 15834—2011, 5.1: stops, closing quotes and brackets, the connecting dash and the dot of
//! separation begin no line, opening ones end none, and the double dash and the ellipsis are not
//! parted. Latin words and numbers stay whole unless a line has no other place to end.

/// What begins no line.
const NOT_FIRST: &str = "，。、；：？！）》」』】〕〉〗〙〛｝］”’％‰℃°′″…—–·・～々〜ー\
    ,.;:?!)]}%¨ˇˉ‖∶＇＂｀｜￠︰︱︳﹐﹑﹒﹔﹕﹖﹗﹚﹜﹞．／/，";
/// What ends no line.
const NOT_LAST: &str = "（《「『【〔〈〖〘〚｛［“‘￥＄￡¥$£([{﹙﹛﹝＃#№";

/// Whether a sign begins no line.
pub(super) fn is_not_first(sign: char) -> bool {
    NOT_FIRST.contains(sign)
}

/// Whether a sign ends no line.
pub(super) fn is_not_last(sign: char) -> bool {
    NOT_LAST.contains(sign)
}

/// 行宽 The widths of the first line and of the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Widths {
    /// The first line, which may be indented.
    pub(super) first: f32,
    /// Every other.
    pub(super) rest: f32,
}

/// Cuts a text into lines. The pieces, put together, are the text: blanks and line feeds stay at
/// the end of their line, where they take no room. An empty text is one empty line.
pub(super) fn wrap<'a>(
    text: &'a str,
    widths: Widths,
    advance: &dyn Fn(char) -> f32,
) -> Vec<&'a str> {
    let mut lines = Vec::new();
    let mut begun = 0;
    for paragraph in text.split_inclusive('\n') {
        let first = if begun == 0 { widths.first } else { widths.rest };
        let widths = Widths { first, rest: widths.rest };
        wrap_paragraph(paragraph, widths, advance, &mut lines);
        begun += paragraph.len();
    }
    if lines.is_empty() {
        lines.push("");
    }
    lines
}

/// Where the line stands that is being filled.
struct Filling {
    start: usize,
    width: f32,
    /// The last place where it may end.
    place: Option<usize>,
}

fn wrap_paragraph<'a>(
    text: &'a str,
    widths: Widths,
    advance: &dyn Fn(char) -> f32,
    lines: &mut Vec<&'a str>,
) {
    let mut line = Filling { start: 0, width: 0.0, place: None };
    let mut before = None;
    let mut room = widths.first;
    for (at, sign) in text.char_indices() {
        let width = if sign == '\n' { 0.0 } else { advance(sign) };
        if let Some(last) = before.filter(|_| at > line.start)
            && may_part(last, sign)
        {
            line.place = Some(at);
        }
        while at > line.start && line.width + width > room && !sign.is_whitespace() {
            let end = match line.place {
                Some(place) if place > line.start => place,
                _ => forced(text, line.start, at, sign),
            };
            lines.extend(text.get(line.start..end));
            let rest = text.get(end..at).unwrap_or_default();
            let width = rest.chars().map(advance).sum();
            line = Filling { start: end, width, place: None };
            room = widths.rest;
        }
        line.width += width;
        before = Some(sign);
    }
    lines.extend(text.get(line.start..).filter(|rest| !rest.is_empty()));
}

/// The pieces of a text between the places where a line may end.
pub(super) fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut before) = (0, None);
    for (at, sign) in text.char_indices() {
        if before.is_some_and(|last| may_part(last, sign)) {
            pieces.extend(text.get(start..at));
            start = at;
        }
        before = Some(sign);
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

/// Where a line ends that has no place to end: as late as the signs around it allow.
fn forced(text: &str, start: usize, at: usize, sign: char) -> usize {
    let mut after = sign;
    let mut place = at;
    for (index, before) in text.get(start..at).unwrap_or_default().char_indices().rev() {
        if !is_not_first(after) && !is_not_last(before) && !after.is_whitespace() {
            return place;
        }
        after = before;
        place = start + index;
    }
    at
}

/// Whether a line may end between two signs.
fn may_part(last: char, next: char) -> bool {
    if next.is_whitespace() || is_not_first(next) || is_not_last(last) {
        return false;
    }
    if last.is_whitespace() {
        return last != '\u{a0}';
    }
    is_wide(last)
        || is_wide(next)
        || (matches!(last, '-' | '/' | '_' | '@') && next.is_alphabetic())
        || (matches!(last, ',' | ';') && !next.is_ascii_digit())
}

/// Whether a sign is written like a Chinese letter, with a place to end a line on either side.
pub(super) fn is_wide(sign: char) -> bool {
    matches!(
        u32::from(sign),
        0x2014 | 0x2026
            | 0x2460..=0x24ff
            | 0x2e80..=0xa4cf
            | 0xac00..=0xd7a3
            | 0xf900..=0xfaff
            | 0xfe30..=0xfe4f
            | 0xff00..=0xffef
            | 0x1f300..=0x1faff
            | 0x20000..=0x3ffff
    )
}
