//! 字体与书签 The objects of a file that are no pages: fonts with the meanings of their codes, and
//! the tree of headings.

use super::embedded::Embedded;
use super::finish::{Numbers, packed};
use super::fonts::{Face, Weight};
use super::sheet::{Bookmark, PAGE, Sheet};
use crate::OfficeError;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::collections::BTreeMap;

/// A font that was used.
pub(super) fn write_font(
    pdf: &mut Pdf,
    numbers: &mut Numbers,
    sheet: &Sheet<'_>,
    (face, font): (Face, Ref),
) -> Result<(), OfficeError> {
    let none = BTreeMap::new();
    let codes =
        sheet.fonts.used().find(|(used, _)| *used == face).map_or(&none, |(_, codes)| codes);
    let meanings = numbers.next();
    match face {
        Face::Latin(weight) => {
            let name: &[u8] = match weight {
                Weight::Regular => b"Times-Roman",
                Weight::Bold => b"Helvetica-Bold",
            };
            let mut latin = pdf.type1_font(font);
            latin.base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
            latin.to_unicode(meanings);
            latin.finish();
            let mut cmap = UnicodeCmap::<u8>::new(Name(b"Tanliu"), IDENTITY);
            for (code, sign) in codes {
                cmap.pair(code.to_be_bytes()[1], *sign);
            }
            pdf.stream(meanings, &packed(cmap.finish().as_slice())?).filter(Filter::FlateDecode);
            return Ok(());
        }
        Face::Han(weight) => write_han(pdf, numbers, (weight, font), meanings),
        Face::Embedded(_) => {
            if let Some(embedded) = sheet.fonts.embedded(face) {
                write_embedded(pdf, numbers, embedded, (font, meanings))?;
            }
        }
    }
    let mut cmap = UnicodeCmap::<u16>::new(Name(b"Tanliu"), IDENTITY);
    for (code, sign) in codes {
        cmap.pair(*code, *sign);
    }
    pdf.stream(meanings, &packed(cmap.finish().as_slice())?).filter(Filter::FlateDecode);
    Ok(())
}

/// The system of codes that mean nothing but themselves.
const IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// A Chinese font of the reader's.
fn write_han(pdf: &mut Pdf, numbers: &mut Numbers, (weight, font): (Weight, Ref), meanings: Ref) {
    let (descendant, descriptor) = (numbers.next(), numbers.next());
    let (name, flags, stem): (&[u8], FontFlags, f32) = match weight {
        Weight::Regular => (b"STSong-Light", FontFlags::SYMBOLIC | FontFlags::SERIF, 70.0),
        Weight::Bold => (b"STHeiti-Regular", FontFlags::SYMBOLIC | FontFlags::FORCE_BOLD, 140.0),
    };
    let whole = [name, b"-UniGB-UCS2-H"].concat();
    let mut outer = pdf.type0_font(font);
    outer.base_font(Name(&whole)).encoding_predefined(Name(b"UniGB-UCS2-H"));
    outer.descendant_font(descendant).to_unicode(meanings);
    outer.finish();
    let mut inner = pdf.cid_font(descendant);
    inner.subtype(CidFontType::Type0).base_font(Name(name));
    inner.system_info(SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"GB1"), supplement: 2 });
    inner.font_descriptor(descriptor).default_width(1000.0);
    inner.finish();
    let mut about = pdf.font_descriptor(descriptor);
    about.name(Name(name)).flags(flags).bbox(Rect::new(-25.0, -254.0, 1000.0, 880.0));
    about.italic_angle(0.0).ascent(880.0).descent(-120.0).cap_height(880.0).stem_v(stem);
    about.finish();
}

/// An embedded font; its codes are the places of its glyphs.
fn write_embedded(
    pdf: &mut Pdf,
    numbers: &mut Numbers,
    embedded: &Embedded<'_>,
    (font, meanings): (Ref, Ref),
) -> Result<(), OfficeError> {
    let (descendant, descriptor, file) = (numbers.next(), numbers.next(), numbers.next());
    let program = embedded.program()?;
    let (name, measures) = (embedded.name(), embedded.measures());
    let whole = if program.is_cff { format!("{name}-Identity-H") } else { name.clone() };
    let mut outer = pdf.type0_font(font);
    outer.base_font(Name(whole.as_bytes())).encoding_predefined(Name(b"Identity-H"));
    outer.descendant_font(descendant).to_unicode(meanings);
    outer.finish();
    let mut inner = pdf.cid_font(descendant);
    inner.subtype(if program.is_cff { CidFontType::Type0 } else { CidFontType::Type2 });
    inner.base_font(Name(name.as_bytes())).system_info(IDENTITY);
    inner.font_descriptor(descriptor).default_width(0.0);
    if !program.is_cff {
        inner.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    inner.widths().consecutive(0, embedded.widths());
    inner.finish();
    let [left, bottom, right, top] = measures.bounds;
    let mut about = pdf.font_descriptor(descriptor);
    about.name(Name(name.as_bytes())).flags(FontFlags::SYMBOLIC);
    about.bbox(Rect::new(left, bottom, right, top)).italic_angle(0.0).ascent(measures.ascent);
    about.descent(measures.descent).cap_height(measures.capital).stem_v(80.0);
    if program.is_cff {
        about.font_file3(file);
    } else {
        about.font_file2(file);
    }
    about.finish();
    let bytes = packed(&program.bytes)?;
    let mut stream = pdf.stream(file, &bytes);
    stream.filter(Filter::FlateDecode);
    if program.is_cff {
        stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    }
    Ok(())
}

/// The headings as a tree; a level that is left out hangs under the nearest above it.
pub(super) fn write_outline(
    pdf: &mut Pdf,
    numbers: &mut Numbers,
    bookmarks: &[Bookmark],
    pages: &[Ref],
) -> Option<Ref> {
    if bookmarks.is_empty() {
        return None;
    }
    let root = numbers.next();
    let items: Vec<Ref> = bookmarks.iter().map(|_| numbers.next()).collect();
    let mut children: BTreeMap<Ref, Vec<Ref>> = BTreeMap::new();
    let mut parents = Vec::new();
    let mut open: Vec<(u8, Ref)> = Vec::new();
    for (bookmark, item) in bookmarks.iter().zip(&items) {
        while open.last().is_some_and(|(level, _)| *level >= bookmark.level) {
            open.pop();
        }
        let parent = open.last().map_or(root, |(_, parent)| *parent);
        children.entry(parent).or_default().push(*item);
        parents.push(parent);
        open.push((bookmark.level, *item));
    }
    for ((bookmark, item), parent) in bookmarks.iter().zip(&items).zip(&parents) {
        let mut entry = pdf.outline_item(*item);
        entry.title(TextStr(&bookmark.title)).parent(*parent);
        let siblings = children.get(parent).map_or(&[][..], Vec::as_slice);
        let place = siblings.iter().position(|sibling| sibling == item).unwrap_or(0);
        if let Some(before) = place.checked_sub(1).and_then(|place| siblings.get(place)) {
            entry.prev(*before);
        }
        if let Some(after) = siblings.get(place + 1) {
            entry.next(*after);
        }
        if let Some(own) = children.get(item)
            && let (Some(first), Some(last)) = (own.first(), own.last())
        {
            entry.first(*first).last(*last).count(i32::try_from(own.len()).unwrap_or(i32::MAX));
        }
        if let Some(page) = pages.get(bookmark.page) {
            entry.dest().page(*page).xyz(0.0, PAGE.1 - bookmark.top, None);
        }
    }
    let own = children.get(&root)?;
    let mut outline = pdf.outline(root);
    outline.first(*own.first()?).last(*own.last()?);
    outline.count(i32::try_from(bookmarks.len()).unwrap_or(i32::MAX));
    outline.finish();
    Some(root)
}
