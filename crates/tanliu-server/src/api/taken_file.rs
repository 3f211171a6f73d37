//! 交来的文件 What a form holds, and whether its values belong where they are handed in.

use crate::error::{Answer, ApiError, finding};
use crate::house::House;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use serde_json::Value as Json;
use tanliu_diagnostic::Text;
use tanliu_platform::catalogue::{Dataset, Subject};
use tanliu_platform::value::Value;

/// 表单 The parts of a form.
#[derive(Default)]
pub(super) struct Form {
    pub(super) dataset: String,
    pub(super) subject: String,
    pub(super) period: String,
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

impl Form {
    pub(super) async fn read(house: &House, mut parts: Multipart) -> Answer<Self> {
        let limit = house.config.limits.file_bytes;
        let refused = |error: &MultipartError| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                return ApiError::too_large(limit);
            }
            ApiError::bad_request("表单没有收全", "the form did not come whole")
        };
        let mut form = Self::default();
        let mut has_file = false;
        while let Some(part) = parts.next_field().await.map_err(|error| refused(&error))? {
            let field = part.name().unwrap_or_default().to_owned();
            if field == "file" {
                form.name = plain_name(part.file_name().unwrap_or("file"));
                form.bytes = part.bytes().await.map_err(|error| refused(&error))?.to_vec();
                has_file = true;
                continue;
            }
            let text = part.text().await.map_err(|error| refused(&error))?;
            match field.as_str() {
                "dataset" => form.dataset = text,
                "subject" => form.subject = text,
                "period" => form.period = text,
                _ => {}
            }
        }
        if form.dataset.is_empty() || !has_file || form.period.len() > 40 {
            return Err(ApiError::bad_request(
                "表单要有 dataset、subject、period 和 file",
                "the form has dataset, subject, period and file",
            ));
        }
        Ok(form)
    }
}

/// A file's name without folders and control characters, not too long.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = last.chars().filter(|letter| !letter.is_control()).take(200);
    let plain: String = plain.collect();
    if plain.is_empty() { "file".to_owned() } else { plain }
}

/// Says of every value whose it is, and what is wrong where it belongs to somebody else or to
/// another period.
pub(super) fn settle(dataset: &Dataset, form: &Form, values: &mut [Value]) -> Vec<Json> {
    let index = match dataset.subject {
        Subject::Enterprise => "enterprise",
        Subject::Town => "town",
        Subject::District => "",
    };
    let mut findings = Vec::new();
    for value in values {
        let named = take_key(&mut value.keys, index).unwrap_or_else(|| value.subject.clone());
        let place = format!("{} {}!{}", value.origin.file, value.origin.sheet, value.origin.cell);
        if form.subject.is_empty() {
            value.subject = named;
        } else if named.is_empty() || named == form.subject {
            value.subject.clone_from(&form.subject);
        } else {
            let text = Text::new(
                format!("这一行是 {named} 的，不是报送主体 {} 的", form.subject),
                format!("this row is of {named}, not of {}", form.subject),
            );
            findings.push(finding("other-subject", &text, &place));
        }
        if !lies_within(&value.period, &form.period) {
            let text = Text::new(
                format!("这一行是 {} 的，报送的是 {}", value.period, form.period),
                format!("this row is of {}, the submission is for {}", value.period, form.period),
            );
            findings.push(finding("other-period", &text, &place));
        }
    }
    findings.truncate(1000);
    findings
}

/// Takes `index=key` out of keys joined by `;`.
fn take_key(keys: &mut String, index: &str) -> Option<String> {
    if index.is_empty() {
        return None;
    }
    let is_own = |part: &&str| part.split_once('=').is_some_and(|(own, _)| own == index);
    let own = keys.split(';').find(is_own)?;
    let key = own.split_once('=').map(|(_, key)| key.to_owned());
    let rest: Vec<&str> = keys.split(';').filter(|part| !is_own(part)).collect();
    *keys = rest.join(";");
    key
}

/// Whether a period lies within another: a day in its month, a month in its quarter or year. What
/// is written in another way is not judged.
fn lies_within(inner: &str, outer: &str) -> bool {
    if inner.is_empty() || outer.is_empty() || inner.starts_with(outer) {
        return true;
    }
    let (Some(year_in), Some(year_out)) = (inner.get(..4), outer.get(..4)) else { return true };
    if year_in != year_out {
        return false;
    }
    let month = inner.get(5..7).and_then(|text| text.parse::<u32>().ok());
    match (outer.get(4..6), month) {
        (Some("-Q" | "Q1" | "Q2" | "Q3" | "Q4"), Some(month)) => {
            let quarter = outer.chars().next_back().and_then(|last| last.to_digit(10));
            quarter == Some((month.max(1) - 1) / 3 + 1)
        }
        (Some(_), Some(month)) => {
            outer.get(5..7).and_then(|text| text.parse::<u32>().ok()).is_none_or(|own| own == month)
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{lies_within, take_key};

    #[test]
    fn a_month_lies_in_its_quarter_and_year_alone() {
        assert!(lies_within("2024-02", "2024"));
        assert!(lies_within("2024-02", "2024-Q1"));
        assert!(!lies_within("2024-04", "2024-Q1"));
        assert!(!lies_within("2023", "2024"));
        assert!(!lies_within("2024-02", "2024-03"));
        assert!(lies_within("", "2024"));
    }

    #[test]
    fn a_key_is_taken_out_of_its_list() {
        let mut keys = "fuel=raw_coal;enterprise=E1".to_owned();
        assert_eq!(take_key(&mut keys, "enterprise").as_deref(), Some("E1"));
        assert_eq!(keys, "fuel=raw_coal");
        assert_eq!(take_key(&mut keys, "enterprise"), None);
    }
}
