//! A chart as PNG, with the fonts of the machine.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, Tree, fontdb};
use thiserror::Error;

/// Pixels for each unit of a chart, so that it is sharp on screens of today.
const SCALE: f32 = 2.0;

/// Why a chart is no PNG.
#[derive(Debug, Error)]
pub enum PngError {
    /// Its texts cannot be drawn.
    #[error("there are no fonts on this machine")]
    NoFonts,
    /// It is none that can be drawn.
    #[error("the chart cannot be drawn: {0}")]
    Undrawable(String),
}

/// Draws an SVG.
pub fn png(svg: &str) -> Result<Vec<u8>, PngError> {
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    let families = || fonts.faces().flat_map(|face| &face.families).map(|(name, _)| name);
    let sans = families().find(|name| name.contains("Sans")).or_else(|| families().next());
    let sans = sans.ok_or(PngError::NoFonts)?.clone();
    // Whoever is named by default may not be installed.
    if !families().any(|name| name == fonts.family_name(&fontdb::Family::SansSerif)) {
        fonts.set_sans_serif_family(sans);
    }
    let options = usvg::Options { fontdb: Arc::new(fonts), ..usvg::Options::default() };
    let undrawable = |why: &dyn std::fmt::Display| PngError::Undrawable(why.to_string());
    let tree = Tree::from_str(svg, &options).map_err(|error| undrawable(&error))?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or_else(|| undrawable(&"it has no size"))?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or_else(|| undrawable(&"it is too large"))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| undrawable(&error))
}
