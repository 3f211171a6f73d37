//! 统一社会信用代码 Unified social credit codes that are right in form and belong to nobody.
//!
//! GB 32100—2015: one place for the registering department, one for the kind of body, six for the
//! region of registration (GB/T 2260), nine for the organisation (GB 11714, the last of them its
//! own check digit), and a check digit modulo 31.
//!
//! **The range is fictitious**: regions 990001 to 990026. GB/T 2260 gives provinces the numbers 11
//! to 82; none begins with 99. Organisations are `DEMA` and four digits.

/// The thirty-one letters of GB 32100; I, O, S, V and Z are left out.
const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The weights of GB 11714.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// 代码 The code of an enterprise: its number in the district and that of its town, from 1.
pub(crate) fn credit_code(town: u32, number: u32) -> String {
    let organisation = format!("DEMA{number:04}");
    let check = organisation_check(&organisation);
    let mut code = format!("91{:06}{organisation}{check}", 990_000 + town);
    let check = check_letter(&code);
    code.extend(check);
    code
}

/// 校验 Whether a text is a code with right check digits, of region and organisation both.
#[must_use]
pub fn is_credit_code(text: &str) -> bool {
    let Some((body, last)) = text.char_indices().nth(17).map(|(at, _)| text.split_at(at)) else {
        return false;
    };
    let organisation: String = body.chars().skip(8).take(8).collect();
    let check = body.chars().nth(16);
    text.chars().count() == 18
        && check == Some(organisation_check(&organisation))
        && check_letter(body).is_some_and(|letter| last == letter.to_string())
}

/// The eighteenth place: 31 less the weighted sum modulo 31; weights are powers of 3.
fn check_letter(body: &str) -> Option<char> {
    let (mut sum, mut weight) = (0, 1);
    for letter in body.chars() {
        let value = LETTERS.chars().position(|known| known == letter)?;
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    LETTERS.chars().nth((31 - sum % 31) % 31)
}

/// The ninth place of an organisation: 11 less the weighted sum modulo 11; 10 is X, 11 is 0.
fn organisation_check(organisation: &str) -> char {
    let values = organisation.chars().map(|letter| letter.to_digit(36).unwrap_or(0));
    let sum: u32 = values.zip(ORGANISATION_WEIGHTS).map(|(value, weight)| value * weight).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}
