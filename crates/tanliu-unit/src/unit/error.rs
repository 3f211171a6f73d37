//! 单位文本的错误 What is wrong with a unit's text.

/// What is wrong with a unit's text. Byte offsets are into the text that was parsed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// No such unit; the nearest known names are offered.
    #[error("unknown unit `{word}`")]
    Unknown {
        /// The word.
        word: String,
        /// Its first byte.
        at: usize,
        /// Near names, nearest first, at most three.
        near: Vec<String>,
    },
    /// Something else stood where a unit was expected.
    #[error("expected {expected} at byte {at}")]
    Syntax {
        /// What was expected (English; the Chinese text is `expected_zh`).
        expected: &'static str,
        /// 应为什么
        expected_zh: &'static str,
        /// Where.
        at: usize,
    },
    /// °C in a product, quotient or power.
    #[error("°C stands alone: use K in products")]
    CelsiusInProduct,
    /// A definition that names an existing unit or itself.
    #[error("unit `{0}` is already defined")]
    AlreadyDefined(String),
    /// A number that is too large to hold.
    #[error("the unit's scale is out of range")]
    OutOfRange,
}

impl UnitError {
    /// 中文说明 The message in Chinese.
    pub fn text_zh(&self) -> String {
        match self {
            UnitError::Unknown { word, near, .. } if near.is_empty() => {
                format!("没有单位“{word}”")
            }
            UnitError::Unknown { word, near, .. } => {
                format!("没有单位“{word}”，相近的有 {}", near.join("、"))
            }
            UnitError::Syntax { expected_zh, .. } => format!("此处应为{expected_zh}"),
            UnitError::CelsiusInProduct => "°C 只能单独使用，乘除请用 K".to_owned(),
            UnitError::AlreadyDefined(name) => format!("单位“{name}”已有定义"),
            UnitError::OutOfRange => "单位的数值超出范围".to_owned(),
        }
    }

    /// 英文说明 The message in English, with the near names.
    pub fn text_en(&self) -> String {
        match self {
            UnitError::Unknown { near, .. } if !near.is_empty() => {
                format!("{self}; near it: {}", near.join(", "))
            }
            UnitError::Syntax { expected, .. } => format!("expected {expected}"),
            _ => self.to_string(),
        }
    }

    /// 位置 The byte at which it is wrong, where that is one place.
    pub fn at(&self) -> Option<usize> {
        match self {
            UnitError::Unknown { at, .. } | UnitError::Syntax { at, .. } => Some(*at),
            _ => None,
        }
    }
}
