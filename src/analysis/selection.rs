//! Which spans of a trace to show.

use std::collections::HashMap;

use crate::model::{Span, SpanStatusCode};

/// What is asked for; everything, unless more is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpanSelection {
    /// Only failed ones, with those above them.
    pub errors_only: bool,
    /// Only those of a type, with those above them.
    pub span_type: Option<String>,
    /// Only this one, with those below it: an id in hex, or its beginning.
    pub span_id: Option<String>,
    /// The number of levels.
    pub depth: Option<usize>,
}

/// Whether each span is shown. With a span that is not there, none is.
#[must_use]
pub fn selected(spans: &[Span], selection: &SpanSelection) -> Vec<bool> {
    if *selection == SpanSelection::default() {
        return vec![true; spans.len()];
    }
    let parents = parents(spans);
    let above = |place: usize| std::iter::successors(Some(place), |place| parents[*place]).take(spans.len());
    let wanted = selection.span_id.as_ref().map(|id| place_of(spans, id));
    let matching = |span: &Span| {
        let is_failed = !selection.errors_only || span.status.code == SpanStatusCode::Error;
        let of_type = |kind: &String| span.span_type().is_some_and(|own| own.eq_ignore_ascii_case(kind));
        is_failed && selection.span_type.as_ref().is_none_or(of_type)
    };
    let mut shown = vec![false; spans.len()];
    for place in (0..spans.len()).filter(|place| matching(&spans[*place])) {
        let path: Vec<usize> = above(place).collect();
        let end = match wanted {
            None => path.len(),
            // Of what is above it, nothing.
            Some(wanted) => path.iter().position(|place| Some(*place) == wanted).map_or(0, |end| end + 1),
        };
        let first = selection.depth.map_or(0, |depth| end.saturating_sub(depth));
        path[first.min(end)..end].iter().for_each(|place| shown[*place] = true);
    }
    shown
}

/// The only span whose id is this, or begins so.
fn place_of(spans: &[Span], id: &str) -> Option<usize> {
    let id = id.to_ascii_lowercase();
    let exact = spans.iter().position(|span| span.span_id_hex() == id || span.span_id.eq_ignore_ascii_case(&id));
    let mut beginning = (0..spans.len()).filter(|place| spans[*place].span_id_hex().starts_with(&id));
    exact.or_else(|| beginning.next().filter(|_| beginning.next().is_none()))
}

/// The place of each span's parent, if it is there.
pub(super) fn parents(spans: &[Span]) -> Vec<Option<usize>> {
    let places: HashMap<&str, usize> = spans.iter().enumerate().map(|(place, span)| (&*span.span_id, place)).collect();
    let parent = |(place, span): (usize, &Span)| {
        places.get(span.parent_span_id.as_deref()?).copied().filter(|parent| *parent != place)
    };
    spans.iter().enumerate().map(parent).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A root with a failed tool below a chain, and a model beside it.
    fn spans() -> Vec<Span> {
        let span = |id: &str, parent: Option<&str>, kind: &str, status: &str| {
            let kind = json!(kind).to_string();
            Span::from_json(&json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": id, "parent_span_id": parent, "name": kind,
                "start_time_unix_nano": 1, "status": {"code": status, "message": ""}, "attributes": {"mlflow.spanType": kind}}))
            .unwrap()
        };
        let (one, two, three, four) = ("AAAAAAAAAAE=", "AAAAAAAAAAI=", "AAAAAAAAAAM=", "AAAAAAAAAAQ=");
        vec![
            span(one, None, "AGENT", "STATUS_CODE_OK"),
            span(two, Some(one), "CHAIN", "STATUS_CODE_OK"),
            span(three, Some(two), "TOOL", "STATUS_CODE_ERROR"),
            span(four, Some(one), "LLM", "STATUS_CODE_OK"),
        ]
    }

    #[test]
    fn what_is_asked_for_is_shown_with_what_is_above_it() {
        let shown = |selection: SpanSelection| -> Vec<usize> {
            let shown = selected(&spans(), &selection);
            (1..=4).filter(|number| shown[number - 1]).collect()
        };
        let all = SpanSelection::default;
        assert_eq!(shown(all()), [1, 2, 3, 4]);
        assert_eq!(shown(SpanSelection { errors_only: true, ..all() }), [1, 2, 3]);
        assert_eq!(shown(SpanSelection { span_type: Some("llm".into()), ..all() }), [1, 4]);
        assert_eq!(shown(SpanSelection { errors_only: true, span_type: Some("LLM".into()), ..all() }), [0; 0]);
        assert_eq!(shown(SpanSelection { span_id: Some("0000000000000002".into()), ..all() }), [2, 3]);
        assert_eq!(shown(SpanSelection { span_id: Some("000".into()), ..all() }), [0; 0], "that may be any of them");
        assert_eq!(shown(SpanSelection { depth: Some(2), ..all() }), [1, 2, 4]);
        let below = SpanSelection { span_id: Some("0000000000000002".into()), depth: Some(1), ..all() };
        assert_eq!(shown(below), [2]);
    }
}
