//! 表名 Names that Excel accepts for sheets and for defined names.

use std::collections::BTreeSet;

/// The longest name of a sheet, in UTF-16 units.
const SHEET_NAME_UNITS: usize = 31;

/// 表名集 Gives out sheet names, each once (Excel does not tell cases apart).
#[derive(Debug, Default)]
pub(super) struct SheetNames {
    taken: BTreeSet<String>,
}

impl SheetNames {
    /// A name like `wanted`: without `[ ] : * ? / \`, not longer than 31 units, not taken.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let cleaned: String = wanted
            .chars()
            .map(|c| if "[]:*?/\\".contains(c) || c.is_control() { '_' } else { c })
            .collect();
        let cleaned = cleaned.trim().trim_matches('\'');
        // "History" is a name Excel keeps for itself.
        let cleaned = match cleaned.to_lowercase().as_str() {
            "" => "表".to_owned(),
            "history" => format!("{cleaned}_"),
            _ => cleaned.to_owned(),
        };
        let mut name = cut(&cleaned, SHEET_NAME_UNITS);
        for number in 2.. {
            if self.taken.insert(name.to_lowercase()) {
                break;
            }
            let tail = format!("_{number}");
            name = cut(&cleaned, SHEET_NAME_UNITS - tail.len()) + &tail;
        }
        name
    }
}

/// The beginning of a text, at most so many UTF-16 units, not ending in an apostrophe.
fn cut(text: &str, units: usize) -> String {
    let mut left = units;
    let kept: String = text
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= left;
            left = left.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    kept.trim_end_matches('\'').to_owned()
}

/// A defined name for a dictionary: `字典_` and its letters and digits, cut to 200 characters.
pub(super) fn dictionary_name(name: &str) -> String {
    let kept: String =
        name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).take(200).collect();
    format!("字典_{kept}")
}
