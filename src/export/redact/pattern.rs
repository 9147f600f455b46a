//! A regular expression that is applied to every text of a trace.
//!
//! Texts hold JSON, and JSON holds texts that hold JSON again, where the same words are spelled with escapes. So a text that is
//! JSON is taken apart, and what cannot be taken apart (the server cuts long values) is blanked whole as soon as the
//! expression matches anything in it with the escapes undone.

use fancy_regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};

use super::path::non_ascii_of;
use super::{MARKER, RedactError};
use crate::model::python_json::{NonAscii, dumps};
use crate::model::{Assessment, Span, Trace, keys};

/// How many levels of JSON inside JSON are read.
const LAYERS: usize = 4;

/// A compiled regular expression.
pub struct Pattern(Regex);

impl Pattern {
    /// Reads `/…/` or `/…/i`; `None` if the text does not begin with a slash.
    pub fn parse(text: &str) -> Result<Option<Self>, RedactError> {
        let Some(rest) = text.strip_prefix('/') else { return Ok(None) };
        let wrong = |reason: &str| RedactError::Pattern { pattern: rest.to_owned(), reason: reason.to_owned() };
        let (pattern, flags) = rest.rsplit_once('/').ok_or_else(|| wrong("the closing slash is missing"))?;
        let any_case = match flags {
            "" => false,
            "i" => true,
            _ => return Err(wrong("only i may follow the last slash")),
        };
        let regex = RegexBuilder::new(pattern).case_insensitive(any_case).build();
        let regex = regex.map_err(|error| wrong(&error.to_string()))?;
        if regex.is_match("").unwrap_or(true) {
            return Err(RedactError::MatchesEmpty(pattern.to_owned()));
        }
        Ok(Some(Self(regex)))
    }

    /// Blanks every match in every text but ids and times, and returns how many there were.
    pub fn scrub(&self, trace: &mut Trace) -> u64 {
        let info = &mut trace.info;
        let mut count = 0;
        let plain = [&mut info.client_request_id, &mut info.request_preview, &mut info.response_preview];
        count += plain.into_iter().flatten().map(|text| self.text(text)).sum::<u64>();
        for map in [&mut info.metadata, &mut info.tags] {
            let entries = std::mem::take(map).into_iter();
            for (mut key, mut value) in entries {
                count += self.text(&mut key) + self.text(&mut value);
                let key = free_key(key, |key| map.contains_key(key));
                map.insert(key, value);
            }
        }
        count += info.assessments.iter_mut().map(|assessment| self.assessment(assessment)).sum::<u64>();
        count += self.object(&mut info.extra);
        count + trace.spans.iter_mut().flatten().map(|span| self.span(span)).sum::<u64>()
    }

    fn span(&self, span: &mut Span) -> u64 {
        let mut count = self.text(&mut span.name) + self.text(&mut span.status.message);
        for (mut key, mut text) in std::mem::take(&mut span.attributes) {
            if key != keys::REQUEST_ID {
                count += self.text(&mut key) + self.json_text(&mut text);
            }
            let key = free_key(key, |key| span.attributes.contains_key(key));
            span.attributes.insert(key, text);
        }
        for event in &mut span.events {
            count += self.text(&mut event.name) + self.object(&mut event.attributes);
        }
        count
            + span.links.iter_mut().filter_map(|link| link.get_mut("attributes")).map(|it| self.value(it)).sum::<u64>()
    }

    fn assessment(&self, assessment: &mut Assessment) -> u64 {
        const STRUCTURE: &[&str] =
            &["assessment_id", "trace_id", "span_id", "overrides", "create_time", "last_update_time", "valid"];
        let mut object = assessment.as_object().clone();
        let mut count = 0;
        for (_, value) in object.iter_mut().filter(|(key, _)| !STRUCTURE.contains(&key.as_str())) {
            count += self.value(value);
        }
        if count > 0 {
            *assessment = Assessment::new(object);
        }
        count
    }

    fn value(&self, value: &mut Value) -> u64 {
        match value {
            Value::Null | Value::Bool(_) => 0,
            Value::Number(number) => {
                let mut text = number.to_string();
                let count = self.text(&mut text);
                if count > 0 {
                    *value = text.into();
                }
                count
            }
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter_mut().map(|item| self.value(item)).sum(),
            Value::Object(object) => self.object(object),
        }
    }

    fn object(&self, object: &mut Map<String, Value>) -> u64 {
        let mut count = 0;
        for (mut key, mut value) in std::mem::take(object) {
            count += self.text(&mut key) + self.value(&mut value);
            let key = free_key(key, |key| object.contains_key(key));
            object.insert(key, value);
        }
        count
    }

    /// The JSON text of a value, which stays one.
    fn json_text(&self, text: &mut String) -> u64 {
        let Ok(mut value) = serde_json::from_str::<Value>(text) else { return self.text(text) };
        let count = self.value(&mut value);
        if count > 0 {
            *text = dumps(&value, NonAscii::Verbatim);
        }
        // Quotes, colons and brackets are no texts, but an expression may ask for them.
        if self.is_in(&dumps(&value, NonAscii::Verbatim)) {
            *text = Value::from(MARKER).to_string();
            return count + 1;
        }
        count
    }

    /// A text of any kind.
    fn text(&self, text: &mut String) -> u64 {
        let parsed = text.trim_start().starts_with(['{', '[', '"']).then(|| serde_json::from_str::<Value>(text).ok());
        if let Some(Some(mut value)) = parsed {
            let count = self.value(&mut value);
            if count > 0 {
                *text = dumps(&value, non_ascii_of(text));
            }
            if self.is_in(&dumps(&value, NonAscii::Verbatim)) {
                MARKER.clone_into(text);
                return count + 1;
            }
            return count;
        }
        let count = self.plain(text);
        let layers = std::iter::successors(without_escapes(text), |text| without_escapes(text)).take(LAYERS);
        if layers.into_iter().any(|layer| self.is_in(&layer)) {
            MARKER.clone_into(text);
            return count + 1;
        }
        count
    }

    /// Blanks the matches in a text as it stands; all of it where matching takes too long.
    fn plain(&self, text: &mut String) -> u64 {
        let mut count = 0;
        let mut scrubbed = String::with_capacity(text.len());
        for (position, piece) in text.split(MARKER).enumerate() {
            if position > 0 {
                scrubbed.push_str(MARKER);
            }
            let mut copied = 0;
            for found in self.0.find_iter(piece) {
                let Ok(found) = found else {
                    MARKER.clone_into(text);
                    return 1;
                };
                if found.start() < found.end() {
                    scrubbed.push_str(&piece[copied..found.start()]);
                    scrubbed.push_str(MARKER);
                    copied = found.end();
                    count += 1;
                }
            }
            scrubbed.push_str(&piece[copied..]);
        }
        if count > 0 {
            *text = scrubbed;
        }
        count
    }

    /// Whether it matches outside of what was blanked already.
    fn is_in(&self, text: &str) -> bool {
        text.split(MARKER).any(|piece| self.0.is_match(piece).unwrap_or(true))
    }
}

/// Two keys may be the same once they are blanked; none of their values gets lost.
fn free_key(key: String, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(&key) {
        return key;
    }
    let numbered = (2_u64..).map(|number| format!("{key} {number}"));
    numbered.into_iter().find(|candidate| !is_taken(candidate)).unwrap_or(key)
}

/// One layer of JSON escapes undone, as far as they are understood; `None` if there are none.
fn without_escapes(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return None;
    }
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    let mut buffer = [0; 2];
    while let Some(character) = characters.next() {
        if character != '\\' {
            units.extend_from_slice(character.encode_utf16(&mut buffer));
            continue;
        }
        let plain = match characters.next() {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('u') => {
                let digits: String = characters.clone().take(4).collect();
                if let Some(unit) = (digits.len() == 4).then(|| u16::from_str_radix(&digits, 16).ok()).flatten() {
                    units.push(unit);
                    characters.nth(3);
                }
                continue;
            }
            Some(other) => other,
            None => break,
        };
        units.extend_from_slice(plain.encode_utf16(&mut buffer));
    }
    Some(String::from_utf16_lossy(&units))
}
