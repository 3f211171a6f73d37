//! 码页 The public page of an enterprise's code (区碳码、精细用能码) and its QR.

use super::public::{Figure, Public};
use super::{answer, grade, layout, message};
use crate::error::Answer;
use crate::extract::At;
use crate::house::House;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// The page behind a code, or with `.svg` the code itself.
#[utoipa::path(get, path = "/code/{token}", tag = "pages",
    params(("token" = String, Path, description = "with `.svg` the QR code")),
    responses((status = 200, body = String, content_type = "text/html")))]
pub(crate) async fn code(
    State(house): State<House>,
    headers: HeaderMap,
    At(token): At<String>,
) -> Response {
    let (token, wants_image) = match token.strip_suffix(".svg") {
        Some(token) => (token, true),
        None => (token.as_str(), false),
    };
    let public = match Public::of(&house, token).await {
        Ok(public) => public,
        Err(error) if error.status == StatusCode::NOT_FOUND => {
            return message(StatusCode::NOT_FOUND, "没有这个码", "there is no such code");
        }
        Err(error) => return error.into_response(),
    };
    if wants_image {
        let address = format!("{}/code/{token}", origin(&house, &headers));
        return image(&address).unwrap_or_else(IntoResponse::into_response);
    }
    answer(StatusCode::OK, page(token, &public), "public, max-age=300")
}

/// The address that people type: as set, or as asked.
fn origin(house: &House, headers: &HeaderMap) -> String {
    if let Some(url) = &house.config.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let plain = |letter: char| letter.is_ascii_alphanumeric() || ".-:[]".contains(letter);
    let host = host.filter(|host| host.chars().all(plain)).unwrap_or("localhost");
    format!("http://{host}")
}

fn image(address: &str) -> Answer<Response> {
    let failed = |error: qrcode::types::QrError| crate::error::ApiError::failed(&error.to_string());
    let code = QrCode::with_error_correction_level(address, EcLevel::M).map_err(failed)?;
    let drawing = code.render::<svg::Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build();
    let mut response = drawing.into_response();
    let own = response.headers_mut();
    own.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    Ok(response)
}

fn page(token: &str, public: &Public) -> Markup {
    let content = html! {
        @if let Some(notice) = &public.notice {
            p.notice role="note" { (notice) }
        }
        p.small { "区碳码 · 精细用能码 · carbon code" }
        h1 { (public.title) }
        @if let Some((look, figure)) = &public.grade {
            section.grade style={ "border-color:" (look.colour) } {
                (grade::shape(look))
                div {
                    strong { (look.word.0) }
                    span lang="en" { (look.word.1) }
                    (source(figure))
                }
            }
        }
        @if !public.facts.is_empty() {
            h2 { "名录" }
            dl {
                @for (term, words) in &public.facts { div { dt { (term) } dd { (words) } } }
            }
        }
        @if public.rank.is_some() || !public.figures.is_empty() {
            h2 { "指标" }
            dl {
                @if let Some((place, count)) = &public.rank {
                    div {
                        dt { "行业排名 " span lang="en" { "rank in the industry" } }
                        dd { "第 " (place.shown) " 名，共 " (count.shown) " 家" (source(place)) }
                    }
                }
                @for figure in &public.figures { (row(figure)) }
            }
        }
        (origin_of(public))
        img.code src={ "/code/" (token) ".svg" } alt="本页的二维码" width="176" height="176";
        p.small.center { "扫码打开本页 scan to open this page" }
    };
    layout(&public.title, &content)
}

fn row(figure: &Figure) -> Markup {
    html! {
        div {
            dt { (figure.name.0) " " span lang="en" { (figure.name.1) } }
            dd { (figure.shown) " " (figure.unit) (source(figure)) }
        }
    }
}

fn source(figure: &Figure) -> Markup {
    html! {
        small { @if !figure.period.is_empty() { (figure.period) " · " } "运行 " (figure.address) }
    }
}

fn origin_of(public: &Public) -> Markup {
    html! {
        @match &public.run {
            Some(run) => {
                p.small {
                    "各数出自运行 " (run.id) "，方法 " (run.document.0) "@" (run.document.1)
                    "，数据截至 " (run.as_of.to_utc())
                    @if let Some(ended) = run.ended { "，算于 " (ended.to_utc()) }
                    "。"
                }
            }
            None => p { "还没有可以公开的结果。" span lang="en" { " No results yet." } }
        }
    }
}
