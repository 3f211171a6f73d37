//! 数的写法 How a number is shown: rounded, in groups of three digits.

/// From here on digits say nothing any more; the number is shown as a power of ten.
const LARGEST_PLAIN: f64 = 1e15;

/// 显示 A number with so many decimals and its whole part in groups: `1,234.50`.
pub fn shown(value: f64, decimals: usize) -> String {
    if !value.is_finite() || value.abs() >= LARGEST_PLAIN {
        return format!("{value:e}");
    }
    let text = format!("{:.*}", decimals.min(12), value);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) if rest.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) => ("-", rest),
        Some(rest) => ("", rest),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}
