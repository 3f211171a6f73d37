//! 转义 Texts as HTML, and the few shapes that recur.

/// A text as HTML: nothing in it is markup; control characters are left out.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(sign),
            // Marks that turn the direction of text could make source read as something else.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            sign if sign.is_control() => {}
            sign => out.push(sign),
        }
    }
    out
}

/// A text as the value of an attribute between double quotes: line breaks become blanks.
pub(super) fn attribute(text: &str) -> String {
    escape(&text.replace(['\n', '\r', '\t'], " "))
}

/// An address that may stand in a link: the web, mail, a place on a page, a relative path; nothing
/// that could run.
pub(super) fn safe_link(address: &str) -> Option<String> {
    let address = address.trim();
    let plain: String = address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let scheme = plain.split(['/', '?', '#']).next().unwrap_or("").split_once(':');
    let allowed = match scheme {
        None => true,
        Some((scheme, _)) => {
            ["http", "https", "mailto"].contains(&scheme.to_ascii_lowercase().as_str())
        }
    };
    allowed.then(|| attribute(&plain))
}

/// A table in a box that scrolls by itself, so that a phone shows the whole page.
pub(super) fn table(caption: &str, class: &str, rows: &str) -> String {
    format!(
        "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\
         <table class=\"{class}\">\n<caption>{caption}</caption>\n{rows}</table></div>\n",
        attribute(&without_tags(caption)),
    )
}

/// A header row; the titles are HTML.
pub(super) fn header_row(titles: &[&str]) -> String {
    let cells: String =
        titles.iter().map(|title| format!("<th scope=\"col\">{title}</th>")).collect();
    format!("<thead><tr>{cells}</tr></thead>\n")
}

/// A row whose first cell heads it; the cells are HTML.
pub(super) fn row(cells: &[String]) -> String {
    let mut out = "<tr>".to_owned();
    for (number, cell) in cells.iter().enumerate() {
        out.push_str(&match number {
            0 => format!("<th scope=\"row\">{cell}</th>"),
            _ => format!("<td>{cell}</td>"),
        });
    }
    out.push_str("</tr>\n");
    out
}

/// The text of our own markup, for labels.
fn without_tags(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for sign in html.chars() {
        match sign {
            '<' => inside = true,
            '>' => inside = false,
            sign if !inside => out.push(sign),
            _ => {}
        }
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(out, |text, (entity, sign)| text.replace(entity, sign))
}
