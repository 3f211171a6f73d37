//! 显示值 What people see in a workbook's cell: percentages and dates from their number formats.

use calamine::{Data, ExcelDateTime};
use tanliu_method::table::CellValue;

/// 百分数格式 A number format that shows a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PercentFormat {
    /// Decimals shown; nothing where the format leaves them open.
    pub(crate) decimals: Option<u32>,
}

/// The percentage format that a format code is, if it is one: exactly one `%` that is not quoted,
/// in the code's first section.
pub(crate) fn percent_format(code: &str) -> Option<PercentFormat> {
    let (mut percents, mut decimals, mut digits) = (0, 0, 0);
    let (mut behind_point, mut scientific) = (false, false);
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            ';' => break,
            '\\' | '_' | '*' => drop(characters.next()),
            '"' => drop(characters.by_ref().find(|c| *c == '"')),
            '[' => drop(characters.by_ref().find(|c| *c == ']')),
            '%' => percents += 1,
            '.' => behind_point = true,
            'E' => scientific = true,
            '0' | '#' | '?' => {
                digits += 1;
                decimals += u32::from(behind_point);
            }
            _ => {}
        }
    }
    let open = scientific || digits == 0;
    (percents == 1).then_some(PercentFormat { decimals: (!open).then_some(decimals) })
}

/// A stored fraction as the percentage that is shown, and whether showing dropped digits:
/// 0.123456 under `0.00%` is 12.35, with digits dropped.
///
/// As in Excel the fraction has 15 significant decimal digits, is moved by two places and is
/// rounded half away from zero, all in decimal; the result is the double nearest to that.
pub(crate) fn percent_as_shown(fraction: f64, format: PercentFormat) -> (f64, bool) {
    const DIGITS_BEHIND_FIRST: i32 = 14;
    let written = format!("{:.14e}", fraction.abs());
    let parts = written.split_once('e').and_then(|(digits, exponent)| {
        let whole: u64 = digits.replace('.', "").parse().ok()?;
        Some((whole, exponent.parse::<i32>().ok()?))
    });
    let Some((mut whole, exponent)) = parts else {
        return (fraction, false);
    };
    let mut scale = exponent + 2 - DIGITS_BEHIND_FIRST;
    let mut dropped = false;
    if let Some(decimals) = format.decimals.and_then(|decimals| i32::try_from(decimals).ok()) {
        let surplus = u32::try_from(-(decimals.saturating_add(scale))).unwrap_or(0);
        if surplus > 0 {
            let unit = 10_u64.checked_pow(surplus);
            let (kept, rest) = unit.map_or((0, whole), |unit| (whole / unit, whole % unit));
            dropped = rest != 0;
            whole = kept + u64::from(unit.is_some_and(|unit| rest >= unit / 2));
            scale = -decimals;
        }
    }
    let shown = format!("{whole}e{scale}").parse().unwrap_or(fraction);
    (if fraction < 0.0 && shown != 0.0 { -shown } else { shown }, dropped)
}

/// A date cell: `2024-01-31`, with `13:15` or `13:15:30` behind it unless it is midnight. A time
/// of day alone or a duration is a text as shown; a negative date is an error, as Excel shows it.
pub(crate) fn date_value(date: &ExcelDateTime) -> CellValue {
    let serial = date.as_f64();
    if !serial.is_finite() || (serial < 0.0 && date.is_datetime()) {
        return CellValue::Error("########".to_owned());
    }
    if date.is_duration() {
        return CellValue::Text(duration_text(serial));
    }
    let (year, month, day, hour, minute, second, millisecond) = date.to_ymd_hms_milli();
    let mut seconds = u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second);
    // Serial numbers are fractions of a day: 13:15 may be stored as 13:14:59.999.
    seconds += u32::from(millisecond >= 500);
    let (mut year, mut month, mut day) = (year, month, day);
    if seconds >= 86_400 {
        seconds -= 86_400;
        (year, month, day) = next_day(year, month, day);
    }
    let clock = clock_text(seconds / 3600, seconds % 3600);
    if serial < 1.0 {
        return CellValue::Text(clock);
    }
    let mut text = format!("{year:04}-{month:02}-{day:02}");
    if seconds > 0 {
        text.push(' ');
        text.push_str(&clock);
    }
    CellValue::Date(text)
}

/// A date as ISO 8601 text: `2024-01-31T13:15:00` → `2024-01-31 13:15`.
pub(crate) fn iso_date_value(text: &str) -> CellValue {
    let Some((date, time)) = text.split_once('T') else {
        return CellValue::Date(text.to_owned());
    };
    let time = time.trim_end_matches('Z');
    let time = time.split_once('.').map_or(time, |(whole, _)| whole);
    let time = time.strip_suffix(":00").filter(|rest| rest.contains(':')).unwrap_or(time);
    match time {
        "00:00" | "" => CellValue::Date(date.to_owned()),
        time => CellValue::Date(format!("{date} {time}")),
    }
}

fn duration_text(days: f64) -> String {
    let seconds = (days.abs() * 86_400.0).round();
    if seconds > 1e12 {
        return format!("{days}");
    }
    let seconds = seconds as u64;
    let sign = if days < 0.0 { "-" } else { "" };
    let rest = u32::try_from(seconds % 3600).unwrap_or(0);
    let clock = clock_text(0, rest);
    format!("{sign}{}{}", seconds / 3600, clock.get(2..).unwrap_or_default())
}

/// `13:15`, or `13:15:30` where the seconds are not nought.
fn clock_text(hours: u32, seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (minute, 0) => format!("{hours:02}:{minute:02}"),
        (minute, second) => format!("{hours:02}:{minute:02}:{second:02}"),
    }
}

fn next_day(year: u16, month: u8, day: u8) -> (u16, u8, u8) {
    let century = year.is_multiple_of(100);
    let leap = year.is_multiple_of(if century { 400 } else { 4 });
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    match (day < length, month < 12) {
        (true, _) => (year, month, day + 1),
        (false, true) => (year, month + 1, 1),
        (false, false) => (year + 1, 1, 1),
    }
}

/// A stored value as a text, without its number format.
pub(crate) fn data_text(data: &Data) -> String {
    match data {
        Data::Empty => String::new(),
        Data::DateTime(date) => match date_value(date) {
            CellValue::Date(text) | CellValue::Text(text) => text,
            _ => date.as_f64().to_string(),
        },
        Data::Bool(value) => value.to_string().to_uppercase(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Error(error) => error.to_string(),
    }
}
