//! 打包 The parts of a docx, completed and put into an archive without times.

use super::{CHART_MARK, chart};
use crate::OfficeError;
use crate::report::{Chart, Report, words};
use docx_rs::XMLDocx;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// No file has a time; this is the first that an archive can hold.
const NO_TIME: &str = "1980-01-01T00:00:00Z";
const CHART_TYPE: &str = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";
const CHART_LINK: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart";

/// Completes the parts and packs them.
pub(super) fn pack(
    parts: XMLDocx,
    report: &Report,
    charts: &[Chart],
) -> Result<Vec<u8>, OfficeError> {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| -> Result<(), OfficeError> {
        let text = String::from_utf8(bytes).map_err(failed)?;
        files.push((name.to_owned(), text));
        Ok(())
    };
    add("[Content_Types].xml", parts.content_type)?;
    add("_rels/.rels", parts.rels)?;
    add("docProps/app.xml", parts.doc_props.app)?;
    add("docProps/core.xml", core(report).into_bytes())?;
    add("docProps/custom.xml", parts.doc_props.custom)?;
    add("word/document.xml", parts.document)?;
    add("word/_rels/document.xml.rels", parts.document_rels)?;
    add("word/styles.xml", parts.styles)?;
    add("word/settings.xml", parts.settings)?;
    add("word/fontTable.xml", parts.font_table)?;
    add("word/comments.xml", parts.comments)?;
    add("word/numbering.xml", parts.numberings)?;
    add("word/commentsExtended.xml", parts.comments_extended)?;
    for (number, bytes) in (1..).zip(parts.headers) {
        add(&format!("word/header{number}.xml"), bytes)?;
    }
    for (number, bytes) in (1..).zip(parts.footers) {
        add(&format!("word/footer{number}.xml"), bytes)?;
    }
    for (number, chart) in (1..).zip(charts) {
        let part = chart::part(chart, report.lang);
        add(&format!("word/charts/chart{number}.xml"), part.into_bytes())?;
    }
    complete(&mut files, charts)?;
    archive(&files)
}

fn failed(error: impl std::fmt::Display) -> OfficeError {
    OfficeError::Document(error.to_string())
}

/// Adds what the library has no words for. The places that are sought are its own marks: no text
/// of a report holds a `<`, nor the mark of a chart.
fn complete(files: &mut [(String, String)], charts: &[Chart]) -> Result<(), OfficeError> {
    for (name, text) in files {
        match name.as_str() {
            "word/document.xml" => {
                *text = text.replace("<w:cantSplit />", "<w:cantSplit/><w:tblHeader/>");
                *text = with_charts(text, charts)?;
            }
            "word/styles.xml" => {
                *text = replaced(text, "</w:rPr></w:rPrDefault>", |mark| {
                    format!("<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/>{mark}")
                })?;
            }
            "[Content_Types].xml" => {
                let types: String = (1..=charts.len())
                    .map(|number| {
                        format!(
                            "<Override PartName=\"/word/charts/chart{number}.xml\" \
                             ContentType=\"{CHART_TYPE}\"/>"
                        )
                    })
                    .collect();
                *text = replaced(text, "</Types>", |mark| format!("{types}{mark}"))?;
            }
            "word/_rels/document.xml.rels" => {
                let links: String = (1..=charts.len())
                    .map(|number| {
                        format!(
                            "<Relationship Id=\"rIdChart{number}\" Type=\"{CHART_LINK}\" \
                             Target=\"charts/chart{number}.xml\"/>"
                        )
                    })
                    .collect();
                *text = replaced(text, "</Relationships>", |mark| format!("{links}{mark}"))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn replaced(text: &str, mark: &str, with: impl Fn(&str) -> String) -> Result<String, OfficeError> {
    if !text.contains(mark) {
        return Err(failed(format!("the library wrote no {mark}")));
    }
    Ok(text.replacen(mark, &with(mark), 1))
}

/// Puts the drawings where their marks stand.
fn with_charts(text: &str, charts: &[Chart]) -> Result<String, OfficeError> {
    let mut out = text.to_owned();
    for (number, chart) in (1..).zip(charts) {
        let mark = format!("<w:t xml:space=\"preserve\">{CHART_MARK}{number}{CHART_MARK}</w:t>");
        out = replaced(&out, &mark, |_| chart::drawing(number, chart))?;
    }
    Ok(out)
}

/// 核心属性 Title, subject and language; the times are none.
fn core(report: &Report) -> String {
    let escape = chart::escape;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title>\
         <dc:subject>{}</dc:subject><dc:creator>tanliu</dc:creator><dc:description>{}\
         </dc:description><dc:language>{}</dc:language><dcterms:created \
         xsi:type=\"dcterms:W3CDTF\">{NO_TIME}</dcterms:created><dcterms:modified \
         xsi:type=\"dcterms:W3CDTF\">{NO_TIME}</dcterms:modified></cp:coreProperties>",
        escape(&report.title),
        escape(&report.subtitle),
        escape(&report.notice),
        words::tag(report.lang)
    )
}

fn archive(files: &[(String, String)]) -> Result<Vec<u8>, OfficeError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, text) in files {
        archive.start_file(name.as_str(), options).map_err(failed)?;
        archive.write_all(text.as_bytes()).map_err(failed)?;
    }
    Ok(archive.finish().map_err(failed)?.into_inner())
}
