//! 文首元数据 The YAML front matter: where it stands, and what it may say.

mod yaml;

use tanliu_diagnostic::{Diagnostic, Place, Span, Text, nearest_one};
use tanliu_unit::gwp::GwpSet;
use tanliu_unit::time::{Grain, TimeKey};

use super::{Findings, FrontMatter, SourceRef, trimmed};
use yaml::{Entry, Node, Value};

const CODE: &str = "front-matter";
const KEYS: [&str; 14] = [
    "id",
    "version",
    "title",
    "kind",
    "status",
    "issuer",
    "published",
    "valid",
    "gwp",
    "timezone",
    "units",
    "supersedes",
    "sources",
    "systems",
];
const KINDS: [&str; 4] = ["account", "reduction", "footprint", "score"];
const STATUSES: [&str; 3] = ["official", "draft", "illustration"];
const GWP_SETS: [&str; 4] = ["AR2", "AR4", "AR5", "AR6"];

/// 分段 Where the front matter and the body stand.
pub(super) struct Parted {
    /// The YAML between the `---` lines.
    pub(super) front: Option<Span>,
    /// A first line `---` that none closes.
    pub(super) unclosed: Option<Span>,
    /// Where the Markdown begins.
    pub(super) body_start: usize,
}

/// Parts the front matter from the body. A byte order mark before it is passed over.
pub(super) fn part(text: &str) -> Parted {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let nothing = |unclosed| Parted { front: None, unclosed, body_start: start };
    let mut lines = lines_with_places(text, start);
    let Some((_, opening_end)) = lines.next().filter(|(span, _)| is_rule(text, *span)) else {
        return nothing(None);
    };
    match lines.find(|(span, _)| is_rule(text, *span)) {
        Some((closing, body_start)) => {
            let front = Span { start: opening_end, end: closing.start };
            Parted { front: Some(front), unclosed: None, body_start }
        }
        None => nothing(Some(trimmed(text, Span { start, end: opening_end }))),
    }
}

/// The lines from `start` on: the span of each, and where the next begins.
fn lines_with_places(text: &str, start: usize) -> impl Iterator<Item = (Span, usize)> + '_ {
    let lines = text.get(start..).unwrap_or("").split_inclusive('\n');
    lines.scan(start, |at, line| {
        let span = Span { start: *at, end: *at + line.len() };
        *at = span.end;
        Some((span, span.end))
    })
}

fn is_rule(text: &str, line: Span) -> bool {
    text.get(line.start..line.end).is_some_and(|line| line.trim_end() == "---")
}

/// Reads and checks the front matter. What a page without `tan` blocks lacks is no fault.
pub(super) fn read(
    text: &str,
    parted: &Parted,
    has_tan_fence: bool,
    findings: &mut Findings<'_>,
) -> FrontMatter {
    let mut front = FrontMatter::default();
    let mut seen = Vec::new();
    if let Some(span) = parted.front {
        front.span = span;
        match yaml::read(text, span) {
            Ok(None) => {}
            Ok(Some(root)) => {
                let mut reader = Reader { text, findings, front: &mut front };
                match &root.value {
                    Value::Map(entries) => {
                        reader.entries(entries);
                        let said = |entry: &&Entry| !matches!(entry.value.value, Value::Nothing);
                        seen = entries.iter().filter(said).map(|entry| entry.key.clone()).collect();
                    }
                    // A page may begin with a rule and prose up to the next rule.
                    _ if !has_tan_fence => {}
                    _ => reader.expected(root.span, "`键: 值` 的列表", "a list of `key: value`"),
                }
            }
            Err((place, message)) => {
                findings.push(invalid_yaml(findings.place(place), message));
                return front;
            }
        }
    }
    if has_tan_fence {
        check_wanted(text, parted, &seen, findings);
    }
    front
}

fn invalid_yaml(place: Place, message: String) -> Diagnostic {
    Diagnostic::error(CODE, "文首元数据不是合法的 YAML", "the front matter is not valid YAML")
        .at(place, message.clone(), message)
        .hint(
            "每行写 `键: 值`；值里有冒号、`#` 或以 `@` `%` `{` 开头时加引号",
            "write `key: value` line by line, and put quotes around a value that holds a colon or \
             `#`, or begins with `@`, `%` or `{`",
        )
}

/// Says which of the wanted keys a document with `tan` blocks lacks. A key that stands there but is
/// wrong has its own finding already.
fn check_wanted(text: &str, parted: &Parted, seen: &[String], findings: &mut Findings<'_>) {
    if let Some(opening) = parted.unclosed {
        findings.push(
            Diagnostic::error(
                CODE,
                "文首元数据没有结束行 `---`",
                "the front matter is never closed by a line `---`",
            )
            .at(findings.place(opening), "从这里开始", "it begins here")
            .hint("在元数据之后另起一行写 `---`", "write `---` on a line of its own behind it"),
        );
        return;
    }
    let start = parted.front.map_or(parted.body_start, |span| span.start);
    let place = findings.place(Span { start, end: start });
    let lacking = |keys: &[&'static str]| -> Vec<&'static str> {
        keys.iter().copied().filter(|key| !seen.iter().any(|seen| seen == key)).collect()
    };
    let missing = lacking(&["id", "title"]);
    let unsaid = lacking(&["version", "kind", "status"]);
    if !missing.is_empty() {
        let mut finding = Diagnostic::error(
            CODE,
            format!("文首元数据缺少 {}", missing.join("、")),
            format!("the front matter lacks {}", missing.join(" and ")),
        )
        .at(place, "", "")
        .hint(
            "文件开头写：\n---\nid: cn/example\nversion: \"1\"\ntitle: { zh: 标题, en: Title }\n---",
            "begin the file with:\n---\nid: cn/example\nversion: \"1\"\n\
             title: { zh: 标题, en: Title }\n---",
        );
        let body = text.get(parted.body_start..).unwrap_or("");
        if parted.front.is_none() && body.trim_start().starts_with("---") {
            finding = finding.note(
                "`---` 必须是文件的第一行，前面不能有空行",
                "the line `---` must be the very first, with no blank line before it",
            );
        }
        findings.push(finding);
    } else if !unsaid.is_empty() {
        findings.push(
            Diagnostic::warning(
                CODE,
                format!("文首元数据没有写 {}", unsaid.join("、")),
                format!("the front matter does not say {}", unsaid.join(", ")),
            )
            .at(place, "", ""),
        );
    }
}

struct Reader<'a, 's> {
    text: &'a str,
    findings: &'a mut Findings<'s>,
    front: &'a mut FrontMatter,
}

impl Reader<'_, '_> {
    fn entries(&mut self, entries: &[Entry]) {
        for entry in entries {
            self.entry(entry);
        }
        self.check_validity(entries);
    }

    fn entry(&mut self, entry: &Entry) {
        let node = &entry.value;
        if matches!(node.value, Value::Nothing) && KEYS.contains(&entry.key.as_str()) {
            return;
        }
        match entry.key.as_str() {
            "id" => self.id(node),
            "version" => self.front.version = self.text(node).unwrap_or_default(),
            "title" => self.title(node),
            "kind" => self.front.kind = self.one_of(node, "kind", &KINDS),
            "status" => self.front.status = self.one_of(node, "status", &STATUSES),
            "issuer" => self.front.issuer = self.text(node),
            "published" => self.front.published = self.date(node),
            "valid" => self.valid(node),
            "gwp" => {
                let set = self.one_of(node, "gwp", &GWP_SETS).as_deref().and_then(gwp_set);
                self.front.gwp = set.map(|set| (set, node.span));
            }
            "timezone" => self.front.timezone = self.text(node),
            "units" => self.units(node),
            "supersedes" => self.front.supersedes = self.text(node),
            "sources" => self.sources(node),
            "systems" => self.systems(node),
            _ => self.unknown_key(entry, &KEYS),
        }
    }

    fn id(&mut self, node: &Node) {
        self.front.id_span = node.span;
        let Some(id) = self.text(node) else { return };
        let is_segment = |segment: &str| {
            !matches!(segment, "" | "." | "..")
                && segment.chars().all(|sign| sign.is_alphanumeric() || "-_.".contains(sign))
        };
        if !id.split('/').all(is_segment) {
            self.findings.push(
                Diagnostic::error(
                    CODE,
                    format!("id“{id}”不是路径的形式"),
                    format!("the id `{id}` does not have the form of a path"),
                )
                .at(self.findings.place(node.span), "", "")
                .hint(
                    "写成如 `cn/power/generation`：各段由字母、数字、`-` `_` `.` 组成，以 `/` 分隔",
                    "write it like `cn/power/generation`: letters, digits, `-`, `_` and `.`, parted \
                     by `/`",
                ),
            );
        }
        self.front.id = id;
    }

    fn title(&mut self, node: &Node) {
        let Value::Map(entries) = &node.value else {
            self.front.title = self.text(node).map(Text::same);
            return;
        };
        let (mut zh, mut en) = (None, None);
        for entry in entries {
            match entry.key.as_str() {
                "zh" => zh = self.text(&entry.value),
                "en" => en = self.text(&entry.value),
                _ => self.unknown_key(entry, &["zh", "en"]),
            }
        }
        let zh = zh.or_else(|| en.clone());
        self.front.title = zh.map(|zh| Text { en: en.unwrap_or_else(|| zh.clone()), zh });
    }

    fn valid(&mut self, node: &Node) {
        let Value::Map(entries) = &node.value else {
            self.expected(node.span, "`{ from: 日期, to: 日期 }`", "`{ from: DATE, to: DATE }`");
            return;
        };
        for entry in entries {
            if matches!(entry.value.value, Value::Nothing) {
                continue;
            }
            match entry.key.as_str() {
                "from" => self.front.valid_from = self.date(&entry.value),
                "to" => self.front.valid_to = self.date(&entry.value),
                _ => self.unknown_key(entry, &["from", "to"]),
            }
        }
    }

    fn check_validity(&mut self, entries: &[Entry]) {
        let key = |text: &Option<String>| text.as_deref().and_then(TimeKey::parse);
        let (Some(from), Some(to)) = (key(&self.front.valid_from), key(&self.front.valid_to))
        else {
            return;
        };
        if to.last_day() >= from.first_day() {
            return;
        }
        let span = entries.iter().find(|entry| entry.key == "valid").map(|entry| entry.value.span);
        self.findings.push(
            Diagnostic::error(
                CODE,
                format!("有效期在开始（{from}）之前就结束（{to}）"),
                format!("the validity ends ({to}) before it begins ({from})"),
            )
            .at(self.findings.place(span.unwrap_or_default()), "", ""),
        );
    }

    fn units(&mut self, node: &Node) {
        let Value::Map(entries) = &node.value else {
            self.expected(
                node.span,
                "`{ 名称: \"定义\" }`，如 `{ 标箱: \"1{TEU}\" }`",
                "`{ name: \"definition\" }`, as `{ 标箱: \"1{TEU}\" }`",
            );
            return;
        };
        for entry in entries {
            if let Some(definition) = self.text(&entry.value) {
                self.front.units.push((entry.key.clone(), definition, entry.value.span));
            }
        }
    }

    fn sources(&mut self, node: &Node) {
        match &node.value {
            Value::List(nodes) => nodes.iter().for_each(|node| self.source(node)),
            _ => self.source(node),
        }
    }

    fn source(&mut self, node: &Node) {
        let mut source = SourceRef::default();
        match &node.value {
            Value::Map(entries) => {
                for entry in entries {
                    let value = entry.value.as_written(self.text);
                    match entry.key.as_str() {
                        "title" => source.title = self.text(&entry.value).unwrap_or_default(),
                        "section" => source.section = value,
                        "page" => source.page = value,
                        _ => source.others.extend(value.map(|value| (entry.key.clone(), value))),
                    }
                }
            }
            _ => source.title = self.text(node).unwrap_or_default(),
        }
        if source.title.is_empty() && matches!(node.value, Value::Map(_)) {
            self.findings.push(
                Diagnostic::warning(CODE, "来源没有标题", "a source without a title")
                    .at(self.findings.place(node.span), "", "")
                    .hint("加上 `title: 文献名称`", "add `title: NAME OF THE TEXT`"),
            );
        }
        self.front.sources.push(source);
    }

    fn systems(&mut self, node: &Node) {
        let nodes = match &node.value {
            Value::List(nodes) => nodes.as_slice(),
            _ => std::slice::from_ref(node),
        };
        for node in nodes {
            let system = self.text(node);
            self.front.systems.extend(system);
        }
    }

    /// A scalar as written, without quotes; a finding for anything else.
    fn text(&mut self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Scalar(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Nothing => None,
            Value::Map(_) | Value::List(_) => {
                self.expected(node.span, "一段文字", "a text");
                None
            }
        }
    }

    fn date(&mut self, node: &Node) -> Option<String> {
        let text = self.text(node)?;
        if TimeKey::parse(&text).is_some_and(|key| key.grain <= Grain::Day) {
            return Some(text);
        }
        self.findings.push(
            Diagnostic::error(CODE, format!("“{text}”不是日期"), format!("`{text}` is no date"))
                .at(self.findings.place(node.span), "", "")
                .hint(
                    "写成 `2024`、`2024-01` 或 `2024-01-31`",
                    "write `2024`, `2024-01` or `2024-01-31`",
                ),
        );
        None
    }

    /// One of a closed set of words.
    fn one_of(&mut self, node: &Node, key: &str, allowed: &[&str]) -> Option<String> {
        let text = self.text(node)?;
        if allowed.contains(&text.as_str()) {
            return Some(text);
        }
        let finding = Diagnostic::error(
            CODE,
            format!("{key} 不能是“{text}”"),
            format!("{key} cannot be `{text}`"),
        )
        .at(self.findings.place(node.span), "", "")
        .note(
            format!("可取的值：{}", allowed.join("、")),
            format!("it is one of {}", allowed.join(", ")),
        );
        self.findings.push(suggest(finding, nearest_one(&text, allowed.iter().copied())));
        None
    }

    fn unknown_key(&mut self, entry: &Entry, known: &[&str]) {
        let finding = Diagnostic::warning(
            "front-matter-unknown-key",
            format!("文首元数据中没有“{}”这个键", entry.key),
            format!("the front matter knows no key `{}`", entry.key),
        )
        .at(self.findings.place(entry.key_span), "", "");
        let finding = match nearest_one(&entry.key, known.iter().copied()) {
            Some(guess) => suggest(finding, Some(guess)),
            None => finding.note(
                format!("可用的键：{}", known.join("、")),
                format!("the keys are {}", known.join(", ")),
            ),
        };
        self.findings.push(finding);
    }

    fn expected(&mut self, span: Span, zh: &str, en: &str) {
        self.findings.push(
            Diagnostic::error(CODE, format!("这里应为{zh}"), format!("expected {en} here")).at(
                self.findings.place(span),
                "",
                "",
            ),
        );
    }
}

fn suggest(finding: Diagnostic, guess: Option<&str>) -> Diagnostic {
    match guess {
        Some(guess) => {
            finding.hint(format!("是否想写 {guess}？"), format!("did you mean {guess}?"))
        }
        None => finding,
    }
}

fn gwp_set(name: &str) -> Option<GwpSet> {
    match name {
        "AR2" => Some(GwpSet::Ar2),
        "AR4" => Some(GwpSet::Ar4),
        "AR5" => Some(GwpSet::Ar5),
        "AR6" => Some(GwpSet::Ar6),
        _ => None,
    }
}
