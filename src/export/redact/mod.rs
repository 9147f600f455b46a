//! What is taken out of traces before they are written.
//!
//! Four kinds of rules, in this order: `no-content` drops what users and models said, `hash` replaces a value by a digest that
//! still tells equal from different, a path blanks one value, a pattern blanks what it matches wherever it stands. When in
//! doubt a rule takes out too much: a text that cannot be looked into is blanked whole. Ids, times and states stay.

mod content;
mod path;
mod pattern;

use indexmap::IndexMap;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::model::Trace;
use crate::model::hex;
use path::Target;
use pattern::Pattern;

/// What stands where something was.
pub const MARKER: &str = "[redacted]";

/// A rule that cannot be followed.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum RedactError {
    /// No such place.
    #[error("there is no value {0:?} to redact")]
    Unknown(String),
    /// A place without which the trace is none.
    #[error("{0:?} cannot be redacted: it contains no application text")]
    Structural(String),
    /// A regular expression that is none.
    #[error("cannot read the regular expression {pattern:?}: {reason}")]
    Pattern {
        /// Without the slashes.
        pattern: String,
        /// Reason, as a clause without a capital letter.
        reason: String,
    },
    /// A regular expression that matches the empty text, and so everywhere.
    #[error("the regular expression {0:?} matches the empty string")]
    MatchesEmpty(String),
}

/// All rules of an export.
#[derive(Default)]
pub struct Redaction {
    no_content: bool,
    hashes: Vec<(String, Target)>,
    paths: Vec<(String, Target)>,
    patterns: Vec<(String, Pattern)>,
    salt: Vec<u8>,
}

impl Redaction {
    /// Reads the rules as they are typed; `/…/` is a regular expression, `/…/i` one for letters in any case.
    pub fn parse(no_content: bool, hash: &[String], redact: &[String], salt: Vec<u8>) -> Result<Self, RedactError> {
        let mut rules = Self { no_content, salt, ..Self::default() };
        for text in hash {
            rules.hashes.push((format!("hash {text}"), Target::parse(text)?));
        }
        for text in redact {
            match Pattern::parse(text)? {
                // What is looked for may be what nobody must see: the manifest tells it by its digest.
                Some(pattern) => rules.patterns.push((format!("redact regex {}", digest_of(text)), pattern)),
                None => rules.paths.push((format!("redact {text}"), Target::parse(text)?)),
            }
        }
        Ok(rules)
    }

    /// Whether nothing is taken out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.no_content && self.hashes.is_empty() && self.paths.is_empty() && self.patterns.is_empty()
    }

    /// The rules as a manifest states them, equal for equal rules.
    #[must_use]
    pub fn options(&self) -> IndexMap<String, Value> {
        let labels = |rules: Vec<&String>, prefix: &str| -> Vec<String> {
            rules.iter().filter_map(|label| label.strip_prefix(prefix)).map(str::to_owned).collect()
        };
        let mut options = IndexMap::new();
        if self.no_content {
            options.insert("no-content".to_owned(), Value::Bool(true));
        }
        if !self.hashes.is_empty() {
            let hashes = labels(self.hashes.iter().map(|(label, _)| label).collect(), "hash ");
            options.insert("hash".to_owned(), json!(hashes));
            if !self.salt.is_empty() {
                options.insert("salt".to_owned(), json!(digest_of(&hex(&self.salt))));
            }
        }
        let paths = self.paths.iter().map(|(label, _)| label);
        let redact = labels(paths.chain(self.patterns.iter().map(|(label, _)| label)).collect(), "redact ");
        if !redact.is_empty() {
            options.insert("redact".to_owned(), json!(redact));
        }
        options
    }

    /// Applies every rule, and adds to `replaced` how often each did something.
    pub fn apply(&self, trace: &mut Trace, replaced: &mut IndexMap<String, u64>) {
        let mut count = |label: &str, times: u64| {
            if times > 0 {
                *replaced.entry(label.to_owned()).or_default() += times;
            }
        };
        if self.no_content {
            count("no-content", content::drop_content(trace));
        }
        for (label, target) in &self.hashes {
            count(label, target.replace(trace, &|text| self.hashed(text)));
        }
        for (label, target) in &self.paths {
            count(label, target.replace(trace, &|_| MARKER.to_owned()));
        }
        for (label, pattern) in &self.patterns {
            count(label, pattern.scrub(trace));
        }
    }

    /// What repeats the beginning of a value that is taken out and is not taken out itself, as it is typed after `--redact`.
    #[must_use]
    pub fn repeated_elsewhere(&self) -> Vec<(&'static str, &'static str)> {
        let targets: Vec<&Target> = self.paths.iter().chain(&self.hashes).map(|(_, target)| target).collect();
        let named = |text: &str| Target::parse(text).is_ok_and(|target| targets.contains(&&target));
        let pairs = [("span.inputs", "request"), ("span.outputs", "response")];
        pairs.into_iter().filter(|(whole, preview)| !self.no_content && named(whole) && !named(preview)).collect()
    }

    fn hashed(&self, text: &str) -> String {
        hex(&Sha256::new().chain_update(&self.salt).chain_update(text.as_bytes()).finalize())
    }
}

/// Enough of a digest to tell two texts apart.
fn digest_of(text: &str) -> String {
    format!("sha256:{}", &hex(&Sha256::digest(text.as_bytes()))[..16])
}

#[cfg(test)]
mod tests;
