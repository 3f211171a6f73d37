//! 页面 Pages that are read without a script: documents, and the public page of a code.

pub(crate) mod code;
mod grade;
pub(crate) mod method;
mod public;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Large letters on a phone, black on white on paper.
const STYLE: &str = "
:root{color-scheme:light;--ink:#1d2521;--soft:#59665f;--line:#d5dcd8;--back:#f5f7f6}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);
font:1rem/1.6 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif}
main{max-width:40rem;margin:0 auto;padding:1.25rem}
h1{font-size:1.5rem;line-height:1.3;margin:.5rem 0}
h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
.notice{border:2px solid #8a6d00;background:#fff8dc;padding:.5rem .75rem;margin:0 0 1rem}
.grade{display:flex;gap:1rem;align-items:center;border:3px solid;padding:1rem;background:#fff}
.grade svg{width:4rem;height:4rem;flex:none}
.grade strong{font-size:1.75rem;line-height:1.2;display:block}
dl{margin:0;background:#fff;border:1px solid var(--line)}
dl div{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:.6rem .75rem;
border-bottom:1px solid var(--line)}
dl div:last-child{border-bottom:0}
dt{flex:1 1 10rem;color:var(--soft)}
dd{margin:0;font-variant-numeric:tabular-nums;font-size:1.15rem}
dd small,.small{color:var(--soft);font-size:.8rem;display:block;overflow-wrap:anywhere}
.code{display:block;width:11rem;height:11rem;margin:1rem auto;background:#fff}
.center{text-align:center}
@media print{body{background:#fff}main{max-width:none;padding:0}.grade,dl{break-inside:avoid}}
";

fn layout(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (content) } }
        }
    }
}

fn answer(status: StatusCode, page: Markup, keeping: &'static str) -> Response {
    let mut response = (status, page.into_string()).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keeping));
    response
}

/// A page that is not there, or needs a sign-in.
fn message(status: StatusCode, zh: &str, en: &str) -> Response {
    let content = html! {
        h1 { (zh) }
        p lang="en" { (en) }
        p { a href="/" { "回到首页 home" } }
    };
    answer(status, layout(zh, &content), "no-store")
}
