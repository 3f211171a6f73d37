//! 字体 Which font shows which sign, how wide it is there, and by which code it is called.
//!
//! Without fonts from the caller, letters of the Latin alphabet come from two of the fonts that
//! every reader of PDF has, and Chinese ones are called by their code of Adobe-GB1, which readers
//! resolve with a font of their own. With fonts, the signs that are used are embedded.

use super::embedded::Embedded;
use crate::OfficeError;
use encoding_rs::GBK;
use std::collections::BTreeMap;

/// 自带字体 Fonts for [`super::write_pdf_with`]. They must hold Chinese and Latin letters; the
/// caller answers for being allowed to embed them, and fonts that forbid it are refused.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReportFonts<'a> {
    /// 正文 The font of the text; without it none is embedded.
    pub regular: Option<FontFile<'a>>,
    /// 标题 The font of headings; without it they are the text's font, made bolder.
    pub bold: Option<FontFile<'a>>,
}

/// 字体文件 The bytes of an OpenType or TrueType file.
#[derive(Debug, Clone, Copy)]
pub struct FontFile<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Which font of a collection; 0 otherwise.
    pub index: u32,
}

/// 字重 Text or heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// 正文
    Regular,
    /// 标题
    Bold,
}

/// 字面 One font of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Face {
    /// Latin letters from a font that every reader has.
    Latin(Weight),
    /// Chinese letters from a font of the reader's.
    Han(Weight),
    /// A font that is embedded.
    Embedded(Weight),
}

impl Face {
    /// Its name in the resources of a page.
    pub(super) fn name(self) -> &'static [u8] {
        match self {
            Self::Latin(Weight::Regular) => b"L0",
            Self::Latin(Weight::Bold) => b"L1",
            Self::Han(Weight::Regular) => b"H0",
            Self::Han(Weight::Bold) => b"H1",
            Self::Embedded(Weight::Regular) => b"E0",
            Self::Embedded(Weight::Bold) => b"E1",
        }
    }
}

/// 字形 How one sign is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    /// The font.
    pub(super) face: Face,
    /// The sign's code in it, or the number of its glyph in an embedded font.
    pub(super) code: u16,
    /// Its width at size 1.
    pub(super) advance: f32,
    /// Its size against the text's.
    pub(super) scale: f32,
    /// How far it is lifted, at size 1.
    pub(super) rise: f32,
    /// Whether what is drawn is another sign than what is meant.
    pub(super) stands_in: bool,
}

/// 字库 The fonts of one file, and the codes that were used of each.
pub(super) struct Fonts<'a> {
    regular: Option<Embedded<'a>>,
    bold: Option<Embedded<'a>>,
    used: BTreeMap<Face, BTreeMap<u16, char>>,
}

impl<'a> Fonts<'a> {
    pub(super) fn of(fonts: &ReportFonts<'a>) -> Result<Self, OfficeError> {
        let regular = fonts.regular.map(Embedded::read).transpose()?;
        let bold = fonts.bold.map(Embedded::read).transpose()?;
        if regular.is_none() && bold.is_some() {
            return Err(OfficeError::Font("the font of the text is missing".to_owned()));
        }
        Ok(Self { regular, bold, used: BTreeMap::new() })
    }

    /// How a sign is shown. A sign that no font has is an empty square.
    pub(super) fn glyph(&self, sign: char, weight: Weight) -> Glyph {
        if let Some(glyph) = self.direct(sign, weight) {
            return glyph;
        }
        if let Some((plain, scale, rise)) = lowered(sign)
            && let Some(glyph) = self.direct(plain, weight)
        {
            let advance = glyph.advance * scale;
            return Glyph { advance, scale, rise, stands_in: true, ..glyph };
        }
        let square = ['□', '?'].into_iter().find_map(|square| self.direct(square, weight));
        let missing = Glyph {
            face: Face::Latin(weight),
            code: u16::from(b'?'),
            advance: 0.5,
            scale: 1.0,
            rise: 0.0,
            stands_in: true,
        };
        Glyph { stands_in: true, ..square.unwrap_or(missing) }
    }

    fn direct(&self, sign: char, weight: Weight) -> Option<Glyph> {
        let plain = |face, code, advance| Glyph {
            face,
            code,
            advance,
            scale: 1.0,
            rise: 0.0,
            stands_in: false,
        };
        if let Some(regular) = &self.regular {
            let (font, of) = match (&self.bold, weight) {
                (Some(bold), Weight::Bold) => (bold, Weight::Bold),
                _ => (regular, Weight::Regular),
            };
            return font
                .glyph(sign)
                .map(|(number, advance)| plain(Face::Embedded(of), number, advance));
        }
        if let Some((code, advance)) = latin(sign, weight) {
            return Some(plain(Face::Latin(weight), u16::from(code), advance));
        }
        is_chinese(sign)
            .then(|| u16::try_from(u32::from(sign)).ok())
            .flatten()
            .map(|code| plain(Face::Han(weight), code, 1.0))
    }

    /// The width of a sign at size 1.
    pub(super) fn advance(&self, sign: char, weight: Weight) -> f32 {
        self.glyph(sign, weight).advance
    }

    /// The bytes that call a glyph; it counts as used from now on.
    pub(super) fn call(&mut self, glyph: &Glyph, sign: char, out: &mut Vec<u8>) {
        let code = match (glyph.face, &mut self.regular, &mut self.bold) {
            (Face::Embedded(Weight::Regular), Some(font), _)
            | (Face::Embedded(Weight::Bold), _, Some(font)) => font.place(glyph.code),
            _ => glyph.code,
        };
        let meant = if glyph.stands_in { None } else { Some(sign) };
        let used = self.used.entry(glyph.face).or_default();
        match meant {
            Some(sign) => {
                used.insert(code, sign);
            }
            None => {
                used.entry(code).or_insert(if glyph.scale < 1.0 { digit(sign) } else { '□' });
            }
        }
        match glyph.face {
            Face::Latin(_) => out.push(code.to_be_bytes()[1]),
            Face::Han(_) | Face::Embedded(_) => out.extend(code.to_be_bytes()),
        }
    }

    /// Whether headings must be made bolder by drawing.
    pub(super) fn is_thickened(&self, glyph: &Glyph, weight: Weight) -> bool {
        weight == Weight::Bold && glyph.face == Face::Embedded(Weight::Regular)
    }

    /// The fonts that were used, each with its codes and what they mean.
    pub(super) fn used(&self) -> impl Iterator<Item = (Face, &BTreeMap<u16, char>)> {
        self.used.iter().map(|(face, codes)| (*face, codes))
    }

    /// The embedded font of a face.
    pub(super) fn embedded(&self, face: Face) -> Option<&Embedded<'a>> {
        match face {
            Face::Embedded(Weight::Regular) => self.regular.as_ref(),
            Face::Embedded(Weight::Bold) => self.bold.as_ref(),
            Face::Latin(_) | Face::Han(_) => None,
        }
    }
}

/// Whether the readers' Chinese fonts are known to have a sign: the letters of GBK, but for those
/// that the table of codes `UniGB-UCS2-H` leaves out.
fn is_chinese(sign: char) -> bool {
    if matches!(
        u32::from(sign),
        0xb7 | 0x144 | 0x148 | 0x251 | 0x261 | 0xf979 | 0xf995 | 0xf9e7 | 0xf9f1 | 0xfa0c | 0xfe30
            ..=0xfe44
    ) {
        return false;
    }
    let mut buffer = [0; 4];
    let (bytes, _, unmapped) = GBK.encode(sign.encode_utf8(&mut buffer));
    !unmapped && bytes.len() == 2
}

/// A sign below or above the line as the sign itself, its size and its height.
fn lowered(sign: char) -> Option<(char, f32, f32)> {
    let below = |plain| Some((plain, 0.65, -0.14));
    let above = |plain| Some((plain, 0.65, 0.36));
    match sign {
        '\u{2080}'..='\u{2089}' | '\u{208a}' | '\u{208b}' => below(digit(sign)),
        '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' | '⁺' | '⁻' => above(digit(sign)),
        _ => None,
    }
}

/// The digit or sign that is meant by one below or above the line.
fn digit(sign: char) -> char {
    match sign {
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁰' | '\u{2080}' => '0',
        '⁺' | '\u{208a}' => '+',
        '⁻' | '\u{208b}' => '-',
        '⁴'..='⁹' => offset(sign, '⁴', b'4'),
        '\u{2081}'..='\u{2089}' => offset(sign, '\u{2081}', b'1'),
        _ => sign,
    }
}

fn offset(sign: char, first: char, digit: u8) -> char {
    let step = u32::from(sign) - u32::from(first);
    char::from_digit(u32::from(digit - b'0') + step, 10).unwrap_or(sign)
}

/// The code and the width of a Latin sign in WinAnsiEncoding.
fn latin(sign: char, weight: Weight) -> Option<(u8, f32)> {
    let code = match sign {
        ' '..='~' => u8::try_from(u32::from(sign)).ok()?,
        '€' => 0x80,
        // Readers' Chinese fonts disagree about the side of their cell that quotes stand on.
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '¥' | '£' | '²' | '³' | '¹' | '·' => u8::try_from(u32::from(sign)).ok()?,
        '\u{a0}' => b' ',
        _ => return None,
    };
    let widths = match weight {
        Weight::Regular => &TIMES,
        Weight::Bold => &HELVETICA_BOLD,
    };
    let width = match sign {
        '“' | '”' if weight == Weight::Regular => 444,
        '“' | '”' => 500,
        '‘' | '’' if weight == Weight::Regular => 333,
        '‘' | '’' => 278,
        '·' if weight == Weight::Regular => 250,
        '·' => 278,
        '²' | '³' | '¹' if weight == Weight::Regular => 300,
        '²' | '³' | '¹' => 333,
        '€' | '¥' | '£' => *widths.get(usize::from(b'0' - b' '))?,
        _ => *widths.get(usize::from(code.checked_sub(b' ')?))?,
    };
    Some((code, f32::from(width) / 1000.0))
}

/// The widths of Times-Roman from the blank to the tilde, in thousandths.
const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500,
    500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611,
    556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722,
    722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500,
    278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

/// The widths of Helvetica-Bold from the blank to the tilde, in thousandths.
const HELVETICA_BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];
