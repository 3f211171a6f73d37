//! 取字 A small reader of the PDF files that we write: the text of every page, by ToUnicode and
//! ActualText, as a reader of PDF would copy it.

use flate2::read::ZlibDecoder;
use std::collections::BTreeMap;
use std::io::Read;

/// The bytes between two marks, from a place on.
fn between<'b>(
    bytes: &'b [u8],
    from: usize,
    open: &[u8],
    close: &[u8],
) -> Option<(&'b [u8], usize)> {
    let find = |from: usize, what: &[u8]| {
        bytes[from..].windows(what.len()).position(|part| part == what).map(|at| from + at)
    };
    let start = find(from, open)? + open.len();
    let end = find(start, close)?;
    Some((&bytes[start..end], end))
}

/// The objects of a file: their dictionaries as text, and their streams unpacked.
pub(super) fn objects(pdf: &[u8]) -> BTreeMap<usize, (String, Vec<u8>)> {
    let mut objects = BTreeMap::new();
    let table = pdf.windows(6).rposition(|part| part == b"\nxref\n").unwrap() + 1;
    let table = String::from_utf8_lossy(&pdf[table..]).into_owned();
    for (number, line) in table.lines().skip(2).take_while(|line| line.len() >= 18).enumerate() {
        if !line.contains(" n") {
            continue;
        }
        let at: usize = line[..10].parse().unwrap();
        let (body, _) = between(pdf, at, b" obj\n", b"\nendobj").unwrap();
        let split = body.windows(8).position(|part| part == b"\nstream\n");
        let (words, stream) = match split {
            Some(split) => (&body[..split], &body[split + 8..]),
            None => (body, &[][..]),
        };
        let words = String::from_utf8_lossy(words).into_owned();
        let mut unpacked = Vec::new();
        if words.contains("/FlateDecode") {
            let _ = ZlibDecoder::new(stream).read_to_end(&mut unpacked).unwrap();
        }
        objects.insert(number, (words, unpacked));
    }
    objects
}

/// The object that a dictionary names behind a key.
fn reference(words: &str, key: &str) -> Option<usize> {
    let rest = words.split_once(key)?.1.trim_start_matches([' ', '[', '\n']);
    rest.split([' ', ']']).next()?.parse().ok()
}

/// What the codes of a font mean.
fn meanings(cmap: &[u8]) -> BTreeMap<u16, String> {
    let text = String::from_utf8_lossy(cmap);
    let hex = |word: &str| u16::from_str_radix(word.trim_matches(['<', '>']), 16);
    text.lines()
        .skip_while(|line| !line.ends_with("beginbfchar"))
        .filter_map(|line| {
            let (code, sign) = line.split_once("> <")?;
            let sign = sign.trim_end_matches('>');
            let units: Vec<u16> =
                (0..sign.len() / 4).map(|at| hex(&sign[at * 4..at * 4 + 4]).unwrap()).collect();
            Some((hex(code).ok()?, String::from_utf16(&units).ok()?))
        })
        .collect()
}

/// The texts of the pages, a line feed after every line.
pub(super) fn pages(pdf: &[u8]) -> Vec<String> {
    let objects = objects(pdf);
    let (tree, _) = objects.values().find(|(words, _)| words.contains("/Type /Pages")).unwrap();
    let kids = tree.split_once("/Kids [").unwrap().1.split_once(']').unwrap().0;
    let numbers: Vec<usize> =
        kids.split(" 0 R").filter_map(|word| word.trim().parse().ok()).collect();
    numbers
        .iter()
        .map(|number| {
            let (page, _) = &objects[number];
            let fonts: BTreeMap<String, BTreeMap<u16, String>> =
                ["L0", "L1", "H0", "H1", "E0", "E1"]
                    .iter()
                    .filter_map(|name| {
                        let font = reference(page, &format!("/{name} "))?;
                        let cmap = reference(&objects[&font].0, "/ToUnicode ")?;
                        Some(((*name).to_owned(), meanings(&objects[&cmap].1)))
                    })
                    .collect();
            let body = reference(page, "/Contents ").unwrap();
            shown(&objects[&body].1, &fonts) + &shown(&objects[&(body + 1)].1, &fonts)
        })
        .collect()
}

/// The text that a content stream shows.
fn shown(content: &[u8], fonts: &BTreeMap<String, BTreeMap<u16, String>>) -> String {
    let mut out = String::new();
    let mut font = String::new();
    let mut string: Vec<u8> = Vec::new();
    let mut actual: Option<String> = None;
    let mut at = 0;
    let mut word = String::new();
    let mut before = String::new();
    while at < content.len() {
        match content[at] {
            b'(' => (string, at) = literal(content, at + 1),
            b'<' if content[at + 1] == b'<' => at += 1,
            b'<' => {
                let (hex, end) = between(content, at, b"<", b">").unwrap();
                let hex = String::from_utf8_lossy(hex);
                string = (0..hex.len() / 2)
                    .map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap())
                    .collect();
                at = end;
            }
            b' ' | b'\n' | b'>' => {
                match word.as_str() {
                    "Tj" => match &actual {
                        Some(text) => out.push_str(text),
                        None => out.push_str(&decoded(&string, &font, fonts)),
                    },
                    "BDC" => actual = Some(utf16(&string)),
                    "EMC" => actual = None,
                    "ET" => out.push('\n'),
                    name if name.starts_with('/') => before = name[1..].to_owned(),
                    "Tf" => font = before.clone(),
                    _ => {}
                }
                word.clear();
            }
            byte => word.push(char::from(byte)),
        }
        at += 1;
    }
    out
}

fn literal(content: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let mut out = Vec::new();
    let mut depth = 0;
    loop {
        match content[at] {
            b'\\' => {
                at += 1;
                out.push(match content[at] {
                    b'0'..=b'7' => {
                        let octal = String::from_utf8_lossy(&content[at..at + 3]).into_owned();
                        at += 2;
                        u8::from_str_radix(&octal, 8).unwrap()
                    }
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    byte => byte,
                });
            }
            b')' if depth == 0 => return (out, at),
            byte => {
                depth += i32::from(byte == b'(') - i32::from(byte == b')');
                out.push(byte);
            }
        }
        at += 1;
    }
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> =
        bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    match units.first() {
        Some(0xfeff) => String::from_utf16(&units[1..]).unwrap(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn decoded(bytes: &[u8], font: &str, fonts: &BTreeMap<String, BTreeMap<u16, String>>) -> String {
    let codes: Vec<u16> = if font.starts_with('L') {
        bytes.iter().map(|byte| u16::from(*byte)).collect()
    } else {
        bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
    };
    let meaning = |code| fonts[font].get(code).unwrap_or_else(|| panic!("{font} {code} {fonts:?}"));
    codes.iter().map(|code| meaning(code).as_str()).collect()
}
