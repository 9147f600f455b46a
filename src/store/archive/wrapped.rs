//! Telling traces from what holds several of them: an answer of the REST API or of `mlflow traces search`, which is one page.
//!
//! Texts are looked at without being parsed, because Python writes in JSON what no parser of JSON reads.

use std::ops::{ControlFlow, Range};

use super::documents::for_each_document;
use super::encoding::MARK;
use super::part::Damage;

/// What traces begin with that are searched as text.
const PLAIN: [&[u8]; 4] = [b"info", b"trace_info", b"data", b"spans"];

/// Whether a text is a trace as `MLflow` or this program writes it, so that what is in it can be looked for as text.
pub(super) fn is_plain(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    text.first() == Some(&b'{') && text.last() == Some(&b'}') && first_key(text).is_some_and(|key| PLAIN.contains(&key))
}

/// The first key of the object, or of the first object of the array, at the beginning of a text.
pub(super) fn first_key(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_prefix(MARK).unwrap_or(text).trim_ascii_start();
    let text = text.strip_prefix(b"[").unwrap_or(text).trim_ascii_start();
    let text = text.strip_prefix(b"{")?.trim_ascii_start().strip_prefix(b"\"")?;
    text.get(..memchr::memchr2(b'"', b'\\', text)?)
}

/// Visits the texts of the traces in a text, each with the place where it begins; one that holds no list of traces is its
/// own. Says whether there are more pages.
pub(super) fn for_each(
    text: &[u8],
    visit: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>,
) -> Result<(ControlFlow<()>, bool), Damage> {
    if is_plain(text) {
        return Ok((visit(0, text), false));
    }
    let fields = fields(text);
    let value = |key: &[u8]| fields.iter().find(|(name, _)| *name == key).map(|(_, range)| range.clone());
    let is_trace = value(b"info").is_some() || value(b"trace_info").is_some();
    let Some(traces) = value(b"traces").filter(|_| !is_trace) else { return Ok((visit(0, text), false)) };
    let list = &text[traces.clone()];
    if !list.starts_with(b"[") {
        return Err(Damage { place: None, reason: "its \"traces\" are no list".to_owned() });
    }
    let has_more = value(b"next_page_token").is_some_and(|token| !matches!(&text[token], b"null" | b"\"\"" | b""));
    let mut flow = ControlFlow::Continue(());
    let start = traces.start as u64;
    for_each_document(&mut &*list, list.len() + 1, &mut |place, document| {
        flow = visit(start + place, document);
        flow
    })?;
    Ok((flow, has_more))
}

/// The keys of the object that a text is, with the places of their values, as far as it is one.
fn fields(text: &[u8]) -> Vec<(&[u8], Range<usize>)> {
    let mut fields = Vec::new();
    let Some(mut at) = skip_space(text, 0).filter(|at| text[*at] == b'{').map(|at| at + 1) else { return fields };
    loop {
        let Some(key) = skip_space(text, at).filter(|at| text[*at] == b'"') else { return fields };
        let end = skip_string(text, key);
        let Some(colon) = skip_space(text, end).filter(|at| text[*at] == b':') else { return fields };
        let Some(start) = skip_space(text, colon + 1) else { return fields };
        at = skip_value(text, start);
        fields.push((&text[key + 1..(end - 1).max(key + 1)], start..start + text[start..at].trim_ascii_end().len()));
        match text.get(at) {
            Some(b',') => at += 1,
            _ => return fields,
        }
    }
}

fn skip_space(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    Some(at + rest.iter().position(|byte| !byte.is_ascii_whitespace())?)
}

/// Behind the string that begins here.
fn skip_string(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if text[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    text.len()
}

/// At the comma or the bracket that ends the value which begins here.
fn skip_value(text: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                at = skip_string(text, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 0 => depth -= 1,
            b',' | b'}' | b']' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Result<(Vec<(u64, String)>, bool), String> {
        let mut found = Vec::new();
        let more = for_each(text.as_bytes(), &mut |place, text| {
            found.push((place, String::from_utf8(text.to_vec()).unwrap()));
            ControlFlow::Continue(())
        });
        more.map(|(_, more)| (found, more)).map_err(|damage| damage.reason)
    }

    #[test]
    fn a_page_is_its_traces() {
        for (text, traces, more) in [
            (
                r#"{"traces": [{"a": [1, "]"]}, {"b": NaN}], "next_page_token": "x"}"#,
                vec![r#"{"a": [1, "]"]}"#, r#"{"b": NaN}"#],
                true,
            ),
            (r#" {"next_page_token" : "" ,"traces":["{\"a\": 1}"]}"#, vec![r#""{\"a\": 1}""#], false),
            (r#"{"traces": [], "next_page_token": null}"#, vec![], false),
        ] {
            let (found, has_more) = cut(text).unwrap();
            for (place, found) in &found {
                assert_eq!(text[usize::try_from(*place).unwrap()..][..found.len()], *found);
            }
            assert_eq!((found.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), has_more), (traces, more));
        }
    }

    #[test]
    fn other_texts_are_their_own() {
        for text in [
            r#"{"info": {}, "traces": [1]}"#,
            r#"{"x": "traces", "y": {"traces": []}}"#,
            r#""{\"traces\": []}""#,
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\": \"",
            "nonsense",
            "",
        ] {
            assert_eq!(cut(text).unwrap(), (vec![(0, text.to_owned())], false), "{text}");
        }
        assert!(cut(r#"{"traces": 5}"#).unwrap_err().contains("no list"));
        assert!(cut(r#"{"traces": [{"a": 1}"#).unwrap_err().contains("ends"));
    }

    #[test]
    fn the_first_key_tells_plain_traces() {
        for plain in [r#"{"info": {}}"#, "\u{feff} { \"data\":{}}\n"] {
            assert!(first_key(plain.as_bytes()).is_some(), "{plain}");
        }
        assert!(
            is_plain(b" {\"trace_info\": {}} ")
                && !is_plain(b"{\"trace_info\": {}}, ")
                && !is_plain(b"{\"trace\": {}}")
        );
        assert_eq!(first_key(b"[{\"resourceSpans\": ["), Some(&b"resourceSpans"[..]));
        assert_eq!(first_key(b"{}"), None);
    }
}
