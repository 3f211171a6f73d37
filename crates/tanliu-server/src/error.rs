//! 拒绝 One error for the whole wire: a code, a text in both languages, details.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tanliu_diagnostic::Text;
use tanliu_platform::permission::Refusal;
use tanliu_platform::port::{CalculatorError, ReadingsError, StoreError};

/// What a handler answers.
pub(crate) type Answer<T> = Result<T, ApiError>;

/// 拒绝 Why a request was not answered.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) text: Text,
    pub(crate) details: Value,
    pub(crate) retry_after_s: Option<u64>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, text: Text) -> Self {
        Self { status, code, text, details: Value::Null, retry_after_s: None }
    }

    pub(crate) fn with(mut self, details: Value) -> Self {
        self.details = details;
        self
    }

    pub(crate) fn bad_request(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", Text::new(zh, en))
    }

    pub(crate) fn no_session() -> Self {
        let text = Text::new(
            "没有登录，或登录已过期；填写的内容还在，重新登录后可再提交",
            "nobody is signed in, or the session has ended; sign in and send it again",
        );
        Self::new(StatusCode::UNAUTHORIZED, "no-session", text)
    }

    pub(crate) fn not_permitted(text: Text) -> Self {
        Self::new(StatusCode::FORBIDDEN, "not-permitted", text)
    }

    pub(crate) fn csrf() -> Self {
        let text = Text::new(
            "请求不是从本系统的页面发出的，或页面已经过时：请刷新后再试",
            "the request did not come from a page of this system, or the page is too old: reload",
        );
        Self::new(StatusCode::FORBIDDEN, "csrf", text)
    }

    pub(crate) fn absent() -> Self {
        let text = Text::new(
            "没有这个对象，或它不在您的范围内",
            "there is no such thing, or it is outside your reach",
        );
        Self::new(StatusCode::NOT_FOUND, "absent", text)
    }

    /// `now` is the record as it is.
    pub(crate) fn edited(now: Value) -> Self {
        let text = Text::new(
            "在您打开之后，别人已经修改过：请看现在的内容，再决定怎样改",
            "somebody else changed it since you opened it: look at it as it is now",
        );
        Self::new(StatusCode::CONFLICT, "edited", text).with(now)
    }

    pub(crate) fn conflict(code: &'static str, text: Text) -> Self {
        Self::new(StatusCode::CONFLICT, code, text)
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let text = Text::new(
            format!("内容太大：最多 {} KB", limit / 1024),
            format!("the request is too large: at most {} KB", limit / 1024),
        );
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", text)
            .with(json!({ "limit_bytes": limit }))
    }

    /// `findings` is a list of findings as they are on the wire.
    pub(crate) fn refused(text: Text, findings: Value) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", text)
            .with(json!({ "findings": findings }))
    }

    pub(crate) fn too_many(retry_after_s: u64) -> Self {
        let text = Text::new(
            format!("请求太频繁：请在 {retry_after_s} 秒后再试"),
            format!("too many requests: try again in {retry_after_s} s"),
        );
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", text);
        error.retry_after_s = Some(retry_after_s);
        error
    }

    pub(crate) fn busy() -> Self {
        let text = Text::new("系统忙，请稍后再试", "the system is busy: try again later");
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", text);
        error.retry_after_s = Some(5);
        error
    }

    /// What failed is told to the log, not to the caller.
    pub(crate) fn failed(what: &str) -> Self {
        tracing::error!(what, "failed");
        Self::busy()
    }
}

/// 发现 One finding as it is on the wire.
pub(crate) fn finding(code: &str, text: &Text, place: &str) -> Value {
    json!({
        "code": code, "severity": "error", "zh": text.zh, "en": text.en,
        "place": place, "hint_zh": "", "hint_en": "",
    })
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({ "error": {
            "code": self.code, "zh": self.text.zh, "en": self.text.en, "details": self.details,
        } });
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        let store = HeaderValue::from_static("no-store");
        response.headers_mut().insert(header::CACHE_CONTROL, store);
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Edited => Self::edited(Value::Null),
            StoreError::Absent(_) => Self::absent(),
            StoreError::Refused(why) => {
                let text = Text::new(format!("存储不接受：{why}"), format!("not taken: {why}"));
                let own = finding("store", &text, "");
                Self::refused(text, json!([own]))
            }
            other => Self::failed(&other.to_string()),
        }
    }
}

impl From<CalculatorError> for ApiError {
    fn from(error: CalculatorError) -> Self {
        match error {
            CalculatorError::Refused(text) => {
                let own = finding("calculation", &text, "");
                Self::refused(text, json!([own]))
            }
            CalculatorError::Absent(_) => Self::absent(),
            other => Self::failed(&other.to_string()),
        }
    }
}

impl From<ReadingsError> for ApiError {
    fn from(error: ReadingsError) -> Self {
        match error {
            ReadingsError::Refused(rows) => {
                let text = Text::new(
                    format!("{} 行读数不能接受，整批没有收下", rows.len()),
                    format!("{} rows cannot be taken; nothing was", rows.len()),
                );
                let list = rows.iter().take(1000);
                let findings: Vec<Value> =
                    list.map(|(row, why)| finding("reading", why, &format!("row {row}"))).collect();
                Self::refused(text, Value::Array(findings))
            }
            ReadingsError::Busy => Self::busy(),
            other => Self::failed(&other.to_string()),
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::not_permitted(refusal.reason)
    }
}

impl From<crate::clock::EntropyFailed> for ApiError {
    fn from(error: crate::clock::EntropyFailed) -> Self {
        Self::failed(&error.to_string())
    }
}

impl From<crate::password::PasswordFailed> for ApiError {
    fn from(error: crate::password::PasswordFailed) -> Self {
        Self::failed(&error.to_string())
    }
}
