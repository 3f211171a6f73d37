//! 符号 The signs of the language, and the full-width and typographic ones people type instead.

/// The signs, longest first; those of other languages are read so that the message can name ours.
pub(super) const SIGNS: [&str; 42] = [
    "===", "==", "=<", "=>", "<=", "<>", ">=", "!=", "&&", "||", "**", "??", "..", ":=", "//",
    "/*", "(", ")", "[", "]", "{", "}", ",", ":", "=", "<", ">", "!", "&", "|", "*", "/", "+", "-",
    "^", "?", ".", ";", "%", "±", "~", "#",
];

/// A full-width letter or digit.
pub(super) fn is_wide_word(character: char) -> bool {
    matches!(character, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '＿')
}

/// The plain sign for one that code does not know.
pub(super) fn plain_sign(character: char) -> Option<&'static str> {
    const ASCII: &str = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`\
                         abcdefghijklmnopqrstuvwxyz{|}~";
    let plain = match character {
        '\u{3000}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => " ",
        '！'..='～' => {
            let at = usize::try_from(u32::from(character) - u32::from('！')).ok()?;
            return ASCII.get(at..=at);
        }
        '×' | '✕' | '✖' | '∗' | '⋅' | '∙' | '•' | '·' | '・' => "*",
        '÷' | '∕' | '⁄' => "/",
        '≥' | '⩾' | '≧' => ">=",
        '≤' | '⩽' | '≦' => "<=",
        '≠' => "!=",
        '−' | '–' | '—' | '―' | '‐' | '‑' => "-",
        '、' => ",",
        '。' => ".",
        '∶' => ":",
        '【' | '〔' => "[",
        '】' | '〕' => "]",
        '“' | '”' | '„' | '‟' | '「' | '」' | '『' | '』' => "\"",
        '‘' | '’' => "'",
        '〜' | '∼' => "~",
        _ => return None,
    };
    Some(plain)
}
