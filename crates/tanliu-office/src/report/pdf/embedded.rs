//! 嵌入字体 A font of the caller's, of which the signs that are used go into the file.

use super::fonts::FontFile;
use crate::OfficeError;
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;
use ttf_parser::{Face, Permissions, Tag};

/// 嵌入字体 A font and the glyphs of it that are used.
pub(super) struct Embedded<'a> {
    file: FontFile<'a>,
    face: Face<'a>,
    places: GlyphRemapper,
}

/// 字体度量 What a descriptor says of a font, in thousandths of its size.
pub(super) struct Measures {
    /// Left, bottom, right, top.
    pub(super) bounds: [f32; 4],
    /// 上高
    pub(super) ascent: f32,
    /// 下深
    pub(super) descent: f32,
    /// 大写字高
    pub(super) capital: f32,
}

/// 字体程序 The part of a font that goes into the file.
pub(super) struct Program {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Whether its outlines are cubic: a CFF table, else TrueType.
    pub(super) is_cff: bool,
}

impl<'a> Embedded<'a> {
    pub(super) fn read(file: FontFile<'a>) -> Result<Self, OfficeError> {
        let face = Face::parse(file.bytes, file.index)
            .map_err(|error| OfficeError::Font(error.to_string()))?;
        if face.permissions() == Some(Permissions::Restricted) || !face.is_subsetting_allowed() {
            return Err(OfficeError::Font("its licence forbids to embed a part of it".to_owned()));
        }
        if face.units_per_em() == 0 {
            return Err(OfficeError::Font("it has no size".to_owned()));
        }
        Ok(Self { file, face, places: GlyphRemapper::new() })
    }

    /// The number and the width of a sign's glyph.
    pub(super) fn glyph(&self, sign: char) -> Option<(u16, f32)> {
        let glyph = self.face.glyph_index(sign).filter(|glyph| glyph.0 != 0)?;
        Some((glyph.0, self.width_thousandths(glyph.0) / 1000.0))
    }

    /// The place of a glyph in the file; it is kept from now on.
    pub(super) fn place(&mut self, glyph: u16) -> u16 {
        self.places.remap(glyph)
    }

    /// The widths of the kept glyphs in the order of their places.
    pub(super) fn widths(&self) -> Vec<f32> {
        self.places.remapped_gids().map(|glyph| self.width_thousandths(glyph)).collect()
    }

    fn width_thousandths(&self, glyph: u16) -> f32 {
        let advance = self.face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0);
        self.thousandths(f32::from(advance))
    }

    fn thousandths(&self, units: f32) -> f32 {
        units * 1000.0 / f32::from(self.face.units_per_em())
    }

    pub(super) fn measures(&self) -> Measures {
        let bounds = self.face.global_bounding_box();
        let own = |units: i16| self.thousandths(f32::from(units));
        Measures {
            bounds: [own(bounds.x_min), own(bounds.y_min), own(bounds.x_max), own(bounds.y_max)],
            ascent: own(self.face.ascender()),
            descent: own(self.face.descender()),
            capital: own(self.face.capital_height().unwrap_or(self.face.ascender())),
        }
    }

    /// Its name with the six letters that mark a part of a font; they follow from what is kept.
    pub(super) fn name(&self) -> String {
        let mut digest = Sha256::new();
        for glyph in self.places.remapped_gids() {
            digest.update(glyph.to_be_bytes());
        }
        let mark: String =
            digest.finalize().iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect();
        let name = self
            .face
            .names()
            .into_iter()
            .filter(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME)
            .find_map(|name| name.to_string())
            .unwrap_or_default();
        let name: String =
            name.chars().filter(|sign| sign.is_ascii_alphanumeric() || *sign == '-').collect();
        let name = if name.is_empty() { "Font".to_owned() } else { name };
        format!("{mark}+{name}")
    }

    /// The part of the font that is used.
    pub(super) fn program(&self) -> Result<Program, OfficeError> {
        let part = subsetter::subset(self.file.bytes, self.file.index, &self.places)
            .map_err(|error| OfficeError::Font(error.to_string()))?;
        let cff = ttf_parser::RawFace::parse(&part, 0)
            .ok()
            .and_then(|face| face.table(Tag::from_bytes(b"CFF ")))
            .map(<[u8]>::to_vec);
        Ok(match cff {
            Some(bytes) => Program { bytes, is_cff: true },
            None => Program { bytes: part, is_cff: false },
        })
    }
}
