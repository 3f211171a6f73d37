//! 成文件 The file: pages with their frames, fonts, bookmarks, and what it says of itself.

use super::blocks::NOTICE;
use super::embedded::Embedded;
use super::fonts::{Face, Weight};
use super::sheet::{Bookmark, GRAY, NOTE, PAGE, RULE, SIDE, Sheet, Style, WIDTH};
use crate::OfficeError;
use crate::report::{Report, words};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, PageMode, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;
use tanliu_diagnostic::Lang;

/// The numbers of objects, in order.
struct Numbers(i32);

impl Numbers {
    fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }
}

/// Writes the file from the pages that are set.
pub(super) fn finish(mut sheet: Sheet<'_>, report: &Report) -> Result<Vec<u8>, OfficeError> {
    sheet.turn();
    let bodies = std::mem::take(&mut sheet.full);
    let frames: Vec<Vec<u8>> =
        (1..=bodies.len()).map(|number| frame(&mut sheet, report, number, bodies.len())).collect();
    let mut pdf = Pdf::new();
    pdf.set_version(1, 7);
    let mut numbers = Numbers(0);
    let (catalog, tree, info) = (numbers.next(), numbers.next(), numbers.next());
    let fonts: Vec<(Face, Ref)> =
        sheet.fonts.used().map(|(face, _)| (face, numbers.next())).collect();
    let pages: Vec<Ref> = bodies.iter().map(|_| numbers.next()).collect();
    let mut digest = Sha256::new();
    for ((body, frame), page) in bodies.iter().zip(&frames).zip(&pages) {
        digest.update(body.as_slice());
        digest.update(frame);
        let streams = [numbers.next(), numbers.next()];
        for (stream, bytes) in streams.into_iter().zip([body.as_slice(), frame]) {
            pdf.stream(stream, &packed(bytes)?).filter(Filter::FlateDecode);
        }
        let mut page = pdf.page(*page);
        page.parent(tree);
        page.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1));
        page.contents_array(streams);
        let mut resources = page.resources();
        let mut named = resources.fonts();
        for (face, font) in &fonts {
            named.pair(Name(face.name()), font);
        }
    }
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(pages.iter().copied()).count(count);
    for (face, font) in &fonts {
        write_font(&mut pdf, &mut numbers, &sheet, (*face, *font))?;
    }
    let outline = write_outline(&mut pdf, &mut numbers, &sheet.bookmarks, &pages);
    let mut about = pdf.document_info(info);
    about.title(TextStr(&report.title)).subject(TextStr(&report.subtitle));
    about.creator(TextStr("tanliu")).producer(TextStr("tanliu"));
    about.finish();
    digest.update(&report.title);
    digest.update(&report.facts.digest);
    let id = digest.finalize().iter().take(16).copied().collect::<Vec<u8>>();
    pdf.set_file_id((id.clone(), id));
    let mut root = pdf.catalog(catalog);
    root.pages(tree).lang(TextStr(words::tag(report.lang)));
    root.viewer_preferences().display_doc_title(true);
    if let Some(outline) = outline {
        root.outlines(outline).page_mode(PageMode::UseOutlines);
    }
    root.finish();
    Ok(pdf.finish())
}

/// What stands above and below the text of every page.
fn frame(sheet: &mut Sheet<'_>, report: &Report, number: usize, count: usize) -> Vec<u8> {
    sheet.content = Content::new();
    let small = Style { size: 8.0, ..NOTE };
    let foot = 800.0;
    let warning = Style { weight: Weight::Bold, color: NOTICE, ..small };
    let notice = first_of(sheet, &report.notice, warning, WIDTH);
    let own = sheet.width(&notice, warning);
    // The notice goes before the title: where both do not fit, it has a line of its own.
    let title = if number > 1 { report.title.as_str() } else { "" };
    let is_one = sheet.width(title, small) + own + 16.0 <= WIDTH;
    let title = first_of(sheet, title, small, WIDTH);
    sheet.put(&title, (SIDE, if is_one { 50.0 } else { 38.0 }), small, 0.0);
    sheet.put(&notice, (SIDE + WIDTH - own, 50.0), warning, 0.0);
    if !title.is_empty() || !notice.is_empty() {
        sheet.rule((SIDE, 56.0), (SIDE + WIDTH, 56.0), 0.4, RULE);
    }
    let page = match report.lang {
        Lang::Zh => format!("第 {number} 页　共 {count} 页"),
        Lang::En => format!("page {number} of {count}"),
    };
    let origin = [report.facts.document.as_str(), report.facts.run.as_str()];
    let origin: Vec<&str> = origin.into_iter().filter(|text| !text.is_empty()).collect();
    let origin = first_of(sheet, &origin.join("　"), small, WIDTH * 0.7);
    sheet.put(&origin, (SIDE, foot), Style { color: GRAY, ..small }, 0.0);
    let left = SIDE + WIDTH - sheet.width(&page, small);
    sheet.put(&page, (left, foot), small, 0.0);
    std::mem::replace(&mut sheet.content, Content::new()).finish().to_vec()
}

/// As much of a text as fits into a room; the whole of it stands on the first page.
fn first_of(sheet: &Sheet<'_>, text: &str, style: Style, room: f32) -> String {
    if sheet.width(text, style) <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut width = style.size;
    for sign in text.chars() {
        width += sheet.fonts.advance(sign, style.weight) * style.size;
        if width > room {
            break;
        }
        out.push(sign);
    }
    out.push('…');
    out
}

fn packed(bytes: &[u8]) -> Result<Vec<u8>, OfficeError> {
    let failed = |error: std::io::Error| OfficeError::Document(error.to_string());
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).map_err(failed)?;
    encoder.finish().map_err(failed)
}

fn write_font(
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
fn write_outline(
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
