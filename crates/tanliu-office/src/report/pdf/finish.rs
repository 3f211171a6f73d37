//! 成文件 The file: pages with their frames, fonts, bookmarks, and what it says of itself.

use super::blocks::NOTICE;
use super::fonts::{Face, Weight};
use super::objects::{write_font, write_outline};
use super::sheet::{GRAY, NOTE, PAGE, RULE, SIDE, Sheet, Style, WIDTH};
use crate::OfficeError;
use crate::report::{Report, words};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::PageMode;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, TextStr};
use sha2::{Digest, Sha256};
use std::io::Write;
use tanliu_diagnostic::Lang;

/// The numbers of objects, in order.
pub(super) struct Numbers(i32);

impl Numbers {
    pub(super) fn next(&mut self) -> Ref {
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

/// The bytes, compressed.
pub(super) fn packed(bytes: &[u8]) -> Result<Vec<u8>, OfficeError> {
    let failed = |error: std::io::Error| OfficeError::Document(error.to_string());
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).map_err(failed)?;
    encoder.finish().map_err(failed)
}
