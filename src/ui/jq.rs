//! Filters of jq's language.

use jaq_core::data::JustLut;
use jaq_core::load::{Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars, compile, unwrap_valr};
use jaq_json::{Val, read};

use super::shaped::{Made, Shape, ShapeError};

/// A filter, ready to run.
pub(super) struct Jq(compile::Filter<jaq_core::Native<JustLut<Val>>>);

impl Jq {
    /// Fails with what is wrong with the filter.
    pub fn new(filter: &str) -> Result<Self, ShapeError> {
        let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
        let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
        let arena = Arena::default();
        let parsed = Loader::new(definitions).load(&arena, File { code: filter, path: () });
        let parsed =
            parsed.map_err(|errors| ShapeError(format!("--jq {filter:?} cannot be read: {}", unread(&errors))))?;
        let compiled = Compiler::default().with_funs(functions).compile(parsed).map_err(|errors| {
            let unknown =
                errors.iter().flat_map(|(_, errors)| errors).map(|(name, _)| *name).next().unwrap_or_default();
            ShapeError(format!("--jq {filter:?} uses {unknown:?}, which is not defined"))
        })?;
        Ok(Self(compiled))
    }
}

impl Shape for Jq {
    fn make(&self, document: &[u8]) -> Result<Vec<Made>, ShapeError> {
        let value = read::parse_single(document);
        let value = value.map_err(|error| ShapeError(format!("--jq needs JSON: {error}")))?;
        let context = Ctx::<JustLut<Val>>::new(&self.0.lut, Vars::new([]));
        let all = self.0.id.run((context, value)).map(unwrap_valr);
        all.map(|made| match made {
            Ok(Val::TStr(text)) => Ok(Made::Text(String::from_utf8_lossy(&text).into_owned())),
            Ok(other) => Ok(Made::Json(other.to_string())),
            Err(error) => Err(ShapeError(format!("--jq: {}", shortened(&error.to_string())))),
        })
        .collect()
    }
}

/// The beginning and the end of a message, which holds the value that it is about.
fn shortened(message: &str) -> String {
    let characters: Vec<char> = message.chars().collect();
    if characters.len() <= 160 {
        return message.to_owned();
    }
    let (begin, end) = (&characters[..100], &characters[characters.len() - 50..]);
    begin.iter().chain(&[' ', '…', ' ']).chain(end).collect()
}

/// Where reading ended.
fn unread(errors: &jaq_core::load::Errors<&str, ()>) -> String {
    use jaq_core::load::Error as Unread;
    let first = errors.iter().map(|(_, error)| match error {
        Unread::Lex(errors) => errors.first().map(|(expected, at)| format!("expected {} at {at:?}", expected.as_str())),
        Unread::Parse(errors) => errors.first().map(|(expected, at)| {
            let at = if at.is_empty() { "the end".to_owned() } else { format!("{at:?}") };
            format!("expected {} at {at}", expected.as_str())
        }),
        Unread::Io(_) => None,
    });
    first.flatten().next().unwrap_or_default()
}
