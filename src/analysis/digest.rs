//! A trace in a few lines, for a channel or a coding agent: what was asked, what came out, what failed or took the time,
//! numbers, and where to look further.
//!
//! Invariants: the same trace gives the same digest, and no digest is above its bound.

use super::chat::{Conversation, conversation};
use super::money::money;
use super::selection::parents;
use super::timing::timing;
use crate::model::{Span, SpanStatusCode, Trace, origins};

/// The most tokens that a text is, by any usual tokenizer: three letters, two digits or one sign are a token.
#[must_use]
pub fn tokens_at_most(text: &str) -> usize {
    let mut thirds = 0;
    for character in text.chars() {
        thirds += match character {
            'a'..='z' | 'A'..='Z' => 1,
            '0'..='9' => 2,
            ' ' => 1,
            other => 3 * other.len_utf8(),
        };
    }
    thirds.div_ceil(3)
}

/// A line of a digest.
struct Line {
    /// Lines with the highest number are left out first.
    rank: u8,
    label: &'static str,
    text: String,
    /// Whether the text may be shortened.
    is_flexible: bool,
}

/// The digest of a trace, of at most `bound` tokens.
#[must_use]
pub fn digest(trace: &Trace, bound: usize) -> String {
    let told = conversation(trace);
    let mut lines = lines(trace, &told);
    loop {
        for most in [1000, 600, 400, 250, 160, 100, 60, 40] {
            let text = written(&lines, most);
            if tokens_at_most(&text) <= bound {
                return text;
            }
        }
        let Some(least) =
            lines.iter().enumerate().max_by_key(|(place, line)| (line.rank, *place)).map(|(place, _)| place)
        else {
            return String::new();
        };
        lines.remove(least);
    }
}

fn written(lines: &[Line], most: usize) -> String {
    let shown = lines.iter().map(|line| {
        let text = line.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = if line.is_flexible { shortened(&text, most) } else { text };
        if line.label.is_empty() { text } else { format!("{}: {text}", line.label) }
    });
    shown.collect::<Vec<_>>().join("\n")
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

fn lines(trace: &Trace, told: &Conversation) -> Vec<Line> {
    let info = &trace.info;
    let fixed = |rank, label, text: String| Line { rank, label, text, is_flexible: false };
    let flexible = |rank, label, text: String| Line { rank, label, text, is_flexible: true };
    let took = info.duration_ms.map_or_else(String::new, |ms| format!(" in {ms} ms"));
    let name = info.name().map_or_else(String::new, |name| format!(" {}", shortened(name, 60)));
    let mut lines = vec![fixed(0, "trace", format!("{} {}{took}{name}", info.trace_id, info.state.as_str()))];
    let asked = told.messages.iter().rfind(|message| message.role == "user").map(|message| message.text.clone());
    lines.extend(asked.or_else(|| info.request_preview.clone()).map(|text| flexible(2, "asked", text)));
    let answered = told.messages.last().filter(|last| last.is_assistant()).map(|last| last.text.clone());
    let answered = answered
        .filter(|text| !text.is_empty())
        .or_else(|| info.response_preview.clone().filter(|_| told.messages.is_empty()));
    lines.push(flexible(3, "answered", answered.unwrap_or_else(|| "nothing recorded".to_owned())));
    lines.extend(path(trace.spans()).into_iter().map(|(label, text)| flexible(1, label, text)));
    lines.extend(told.notes.first().map(|note| flexible(6, "note", note.text.clone())));
    lines.push(fixed(4, "numbers", numbers(trace)));
    for assessment in info.assessments.iter().filter(|assessment| assessment.is_valid()).take(3) {
        let text = format!("{} = {}", assessment.name(), assessment.value());
        lines.push(flexible(7, assessment.kind().as_str(), text));
    }
    lines.push(fixed(5, "more", format!("mlflow-trace get {} --view chat", info.trace_id)));
    lines
}

/// The way to where it failed, or to what took the most time itself.
fn path(spans: &[Span]) -> Vec<(&'static str, String)> {
    let mut lines: Vec<_> = origins(spans)
        .iter()
        .take(2)
        .map(|(span, failure)| ("failed", format!("{}, at {}", failure.text(), way(spans, span))))
        .collect();
    let slowest = timing(spans).bars.into_iter().max_by_key(|bar| (bar.self_ns, std::cmp::Reverse(bar.place)));
    if let Some(slowest) = slowest.filter(|slowest| lines.is_empty() && slowest.self_ns > 0) {
        let span = &spans[slowest.place];
        lines.push(("slowest", format!("{}: {} ms itself", way(spans, span), slowest.self_ns / 1_000_000)));
    }
    lines
}

/// The names from the root to a span, and its id.
fn way(spans: &[Span], span: &Span) -> String {
    let parents = parents(spans);
    let place = spans.iter().position(|other| other.span_id == span.span_id).unwrap_or(0);
    let mut names: Vec<String> = std::iter::successors(Some(place), |place| parents[*place])
        .take(20)
        .map(|place| shortened(&spans[place].name, 40))
        .collect();
    names.reverse();
    if names.len() > 5 {
        names.splice(1..names.len() - 3, ["…".to_owned()]);
    }
    format!("{} (span {})", names.join(" > "), span.span_id_hex())
}

fn numbers(trace: &Trace) -> String {
    let spans = trace.spans();
    let of_type =
        |kinds: &[&str]| spans.iter().filter(|span| span.span_type().is_some_and(|own| kinds.contains(&&*own))).count();
    let failed = spans.iter().filter(|span| span.status.code == SpanStatusCode::Error).count();
    let mut parts = vec![if spans.len() == 1 { "1 span".to_owned() } else { format!("{} spans", spans.len()) }];
    let counts = [(failed, "failed"), (of_type(&["LLM", "CHAT_MODEL"]), "model"), (of_type(&["TOOL"]), "tool")];
    parts.extend(counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    parts.extend(trace.info.tokens("total_tokens").map(|tokens| format!("{tokens} tokens")));
    parts.extend(trace.info.cost("total_cost").map(money));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn trace() -> Trace {
        let span = |id: &str, parent: Option<&str>, name: &str, status: &str, message: &str| {
            json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": id, "parent_span_id": parent, "name": name,
                "start_time_unix_nano": 1, "end_time_unix_nano": 5_000_000, "status": {"code": status, "message": message}, "attributes": {}})
        };
        let info = json!({"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "state": "ERROR", "execution_duration_ms": 1500,
            "request_preview": "what is it? ".repeat(100), "tags": {"mlflow.traceName": "agent"}});
        let spans = [
            span("AAAAAAAAAAE=", None, "agent", "STATUS_CODE_ERROR", "x"),
            span("AAAAAAAAAAI=", Some("AAAAAAAAAAE="), "tool", "STATUS_CODE_ERROR", "boom"),
        ];
        Trace::from_json(json!({"info": info, "data": {"spans": spans}})).unwrap()
    }

    #[test]
    fn a_digest_tells_what_matters_and_is_never_above_its_bound() {
        let whole = digest(&trace(), 300);
        for part in [
            "trace: tr-1 ERROR in 1500 ms agent",
            "failed: boom, at agent > tool (span 0000000000000002)",
            "more: mlflow-trace get tr-1",
        ] {
            assert!(whole.contains(part), "{part}: {whole}");
        }
        for bound in 0..300 {
            let text = digest(&trace(), bound);
            assert!(tokens_at_most(&text) <= bound, "{bound}: {text}");
            assert_eq!(text, digest(&trace(), bound));
        }
        assert!(digest(&trace(), 60).contains("boom"), "the failure outlives the question");
    }

    #[test]
    fn tokens_are_estimated_from_above() {
        assert_eq!(
            (tokens_at_most(""), tokens_at_most("abc"), tokens_at_most("12"), tokens_at_most("é")),
            (0, 1, 2, 2)
        );
    }
}
