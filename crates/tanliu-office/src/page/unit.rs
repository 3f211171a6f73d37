//! 单位的排法 Units as readers know them: `kgCO₂/kWh`, `m³`. Typing them back gives the same unit.

/// Formulas and powers that are set with raised or lowered digits.
const WORDS: [(&str, &str); 10] = [
    ("CO2e", "CO₂e"),
    ("CO2", "CO₂"),
    ("CH4", "CH₄"),
    ("N2O", "N₂O"),
    ("SF6", "SF₆"),
    ("NF3", "NF₃"),
    ("CF4", "CF₄"),
    ("C2F6", "C₂F₆"),
    ("m3", "m³"),
    ("m2", "m²"),
];

/// The text of a unit with its digits raised or lowered.
pub(super) fn pretty(unit: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    let mut signs = unit.trim().chars().peekable();
    while let Some(sign) = signs.next() {
        if sign.is_alphanumeric() {
            word.push(sign);
            continue;
        }
        flush(&mut out, &mut word);
        match sign {
            '*' => out.push('·'),
            '^' => {
                let mut power = String::new();
                while let Some(next) = signs.next_if(|c| c.is_ascii_digit() || *c == '-') {
                    power.push(raised(next));
                }
                out.push_str(&power);
            }
            sign => out.push(sign),
        }
    }
    flush(&mut out, &mut word);
    out
}

fn flush(out: &mut String, word: &mut String) {
    let word = std::mem::take(word);
    for (plain, set) in WORDS {
        if let Some(before) = word.strip_suffix(plain)
            && !before.ends_with(|c: char| c.is_ascii_digit())
        {
            out.push_str(before);
            out.push_str(set);
            return;
        }
    }
    out.push_str(&word);
}

fn raised(digit: char) -> char {
    match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁰',
    }
}
