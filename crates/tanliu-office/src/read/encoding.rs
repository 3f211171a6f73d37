//! 编码 Bytes of a text file → UTF-8, never by a silent guess.

use super::Source;
use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use tanliu_diagnostic::{Diagnostic, Diagnostics};

/// So many characters that take three bytes in UTF-8 before the first bad byte mean that the
/// file is damaged UTF-8, not GB18030, whose bytes rarely look like one of them by chance.
const DAMAGED_UTF8_CHARACTERS: usize = 4;

/// The text of a file: UTF-8 (with or without its mark), UTF-16 by its mark, else GB18030 with a
/// warning; nothing and a finding if it is none of them, or holds a NUL byte.
pub(super) fn decode<'a>(
    source: &Source,
    bytes: &'a [u8],
    diagnostics: &mut Diagnostics,
) -> Option<Cow<'a, str>> {
    let text = if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        Cow::Owned(decode_utf16(source, UTF_16LE, rest, diagnostics)?)
    } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        Cow::Owned(decode_utf16(source, UTF_16BE, rest, diagnostics)?)
    } else {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(error) => {
                let valid = error.valid_up_to();
                Cow::Owned(decode_gb18030(source, bytes, valid, diagnostics)?)
            }
        }
    };
    if let Some(offset) = memchr::memchr(0, text.as_bytes()) {
        diagnostics.push(nul_byte(source, &text, offset));
        return None;
    }
    Some(text)
}

fn decode_utf16(
    source: &Source,
    encoding: &'static Encoding,
    bytes: &[u8],
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    match decode_strictly(encoding, bytes) {
        Ok(text) => {
            diagnostics.push(read_as(source, encoding.name(), &text));
            Some(text)
        }
        Err(offset) => {
            diagnostics.push(undecodable(source, encoding.name(), offset + 2));
            None
        }
    }
}

fn decode_gb18030(
    source: &Source,
    bytes: &[u8],
    valid_utf8: usize,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let prefix = bytes.get(..valid_utf8).and_then(|prefix| std::str::from_utf8(prefix).ok());
    let wide = prefix.unwrap_or_default().chars().filter(|c| *c >= '\u{800}');
    if wide.take(DAMAGED_UTF8_CHARACTERS).count() == DAMAGED_UTF8_CHARACTERS {
        diagnostics.push(undecodable(source, "UTF-8", valid_utf8));
        return None;
    }
    match decode_strictly(GB18030, bytes) {
        Ok(text) => {
            // A NUL byte is reported instead: the file is no text, or UTF-16 without its mark.
            if memchr::memchr(0, bytes).is_none() {
                diagnostics.push(read_as(source, "GB18030", &text));
            }
            Some(text)
        }
        Err(_) => {
            diagnostics.push(undecodable(source, "UTF-8 / GB18030", valid_utf8));
            None
        }
    }
}

/// The text, or the offset of the first malformed sequence.
fn decode_strictly(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, usize> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let capacity = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0);
    let mut text = String::with_capacity(capacity);
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => {
            text.shrink_to_fit();
            Ok(text)
        }
        (DecoderResult::Malformed(length, after), read) => {
            Err(read.saturating_sub(usize::from(length) + usize::from(after)))
        }
        (DecoderResult::OutputFull, read) => Err(read),
    }
}

fn read_as(source: &Source, encoding: &str, text: &str) -> Diagnostic {
    let sample: String = text
        .split(|c: char| c.is_ascii())
        .find(|part| !part.is_empty())
        .unwrap_or_default()
        .chars()
        .take(12)
        .collect();
    let warning = Diagnostic::warning(
        "table-encoding",
        format!("文件不是 UTF-8，按 {encoding} 读取"),
        format!("the file is not UTF-8; it was read as {encoding}"),
    )
    .at(source.file(), "", "");
    let warning = match sample.as_str() {
        "" => warning,
        sample => warning.note(
            format!("读出的文字例如「{sample}」，请核对"),
            format!("a piece of its text is \"{sample}\": please check"),
        ),
    };
    warning.hint("另存为「CSV UTF-8」可免此提示", "save it as \"CSV UTF-8\" to be sure")
}

fn undecodable(source: &Source, encoding: &str, offset: usize) -> Diagnostic {
    Diagnostic::error(
        "table-encoding",
        format!("文件的第 {offset} 个字节（从 0 数）不是 {encoding} 文字"),
        format!("the file is not {encoding} text at byte {offset}"),
    )
    .at(source.file(), "", "")
    .hint(
        "另存为「CSV UTF-8」；若文件传输时被截断，请重新传输",
        "save it as \"CSV UTF-8\"; if the file was cut in transfer, fetch it again",
    )
}

fn nul_byte(source: &Source, text: &str, offset: usize) -> Diagnostic {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    Diagnostic::error(
        "table-nul-byte",
        format!("第 {line} 行（字节 {offset}）有空字节 NUL，这不是文本表格"),
        format!("line {line} (byte {offset}) holds a NUL byte; this is no text table"),
    )
    .at(source.row(u32::try_from(line).unwrap_or(u32::MAX)), "", "")
    .hint(
        "可能是改了扩展名的工作簿，或不带标记的 UTF-16；请另存为「CSV UTF-8」",
        "it may be a renamed workbook or UTF-16 without its mark; save it as \"CSV UTF-8\"",
    )
}
