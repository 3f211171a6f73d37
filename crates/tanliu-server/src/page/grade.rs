//! 等级图形 The shape of a grade: who sees no colours sees the shape.

use crate::public_code::{GradeLook, Shape};
use maud::{Markup, html};

/// The shape in its colour.
pub(super) fn shape(look: &GradeLook) -> Markup {
    let points = match look.shape {
        Shape::Circle => None,
        Shape::Square => Some("6,6 58,6 58,58 6,58"),
        Shape::Triangle => Some("32,4 61,58 3,58"),
        Shape::Diamond => Some("32,2 62,32 32,62 2,32"),
        Shape::Octagon => Some("20,3 44,3 61,20 61,44 44,61 20,61 3,44 3,20"),
    };
    html! {
        svg viewBox="0 0 64 64" role="img" aria-label=(look.word.0) {
            @if let Some(points) = points {
                polygon points=(points) fill=(look.colour) {}
            } @else {
                circle cx="32" cy="32" r="29" fill=(look.colour) {}
            }
        }
    }
}
