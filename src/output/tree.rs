//! A trace for people: what is known about it, then its spans as a tree.

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::Value;

use super::span_details::write_details;
use super::{bytes, count, duration, one_line};
use crate::analysis::{SpanSelection, money, selected};
use crate::clock::Clock;
use crate::model::{Assessment, Span, SpanStatusCode, Trace, keys};

/// How to show a trace.
#[derive(Clone, Debug)]
pub struct TreeOptions {
    /// Whether to show the inputs and outputs of spans.
    pub content: bool,
    /// Whether to show attributes, events and links.
    pub attributes: bool,
    /// Which spans to show.
    pub spans: SpanSelection,
    /// Whether to colour.
    pub color: bool,
    /// When and where the reader is.
    pub clock: Clock,
}

pub(super) const WIDEST: usize = 100;
/// Deeper spans are shown at this depth: no terminal is wider, and a chain of parents may be a loop.
const DEEPEST: usize = 60;

/// Writes one trace.
pub fn write_tree(writer: &mut dyn Write, trace: &Trace, options: &TreeOptions) -> io::Result<()> {
    write_facts(writer, trace, options)?;
    let shown = selected(trace.spans(), &options.spans);
    let made_at = made_at(trace, &shown);
    for assessment in trace.info.assessments.iter().filter(|assessment| assessment.is_valid()) {
        if !assessment.span_id().is_some_and(|id| made_at.contains_key(id)) {
            write_assessment(writer, assessment, "  ")?;
        }
    }
    let Some(spans) = &trace.spans else {
        return writeln!(writer, "  (spans not at hand)");
    };
    if spans.is_empty() {
        return writeln!(writer, "  (no spans)");
    }
    Forest::new(spans, &shown, made_at).write(writer, options)?;
    write_hidden(writer, &shown)
}

/// Says how many spans are not shown.
pub(super) fn write_hidden(writer: &mut dyn Write, shown: &[bool]) -> io::Result<()> {
    match shown.iter().filter(|shown| !**shown).count() {
        0 => Ok(()),
        hidden if hidden == shown.len() => writeln!(writer, "  (none of the {} spans fits)", count(hidden as u64)),
        1 => writeln!(writer, "  (1 span not shown)"),
        hidden => writeln!(writer, "  ({} spans not shown)", count(hidden as u64)),
    }
}

/// The assessments of each span that is shown.
fn made_at<'t>(trace: &'t Trace, shown: &[bool]) -> HashMap<String, Vec<&'t Assessment>> {
    let mut made: HashMap<String, Vec<&Assessment>> = HashMap::new();
    let valid = trace.info.assessments.iter().filter(|assessment| assessment.is_valid());
    for (assessment, id) in valid.filter_map(|assessment| Some((assessment, assessment.span_id()?))) {
        let is_shown = |(span, shown): (&Span, &bool)| *shown && span.span_id_hex() == id;
        if trace.spans().iter().zip(shown).any(is_shown) {
            made.entry(id.to_owned()).or_default().push(assessment);
        }
    }
    made
}

fn write_facts(writer: &mut dyn Write, trace: &Trace, options: &TreeOptions) -> io::Result<()> {
    let info = &trace.info;
    let state = options.state(info.state.as_str());
    let took = info.duration_ms.map_or_else(String::new, |ms| format!("  {}", duration(ms)));
    writeln!(
        writer,
        "{}  {state}{took}  {}",
        one_line(info.trace_id.as_str(), WIDEST),
        options.clock.local(info.request_time_ms)
    )?;
    let text = |value: Option<&str>| value.map(|value| one_line(value, WIDEST));
    let number = |value: Option<f64>| value.map_or_else(|| "?".into(), |value| value.to_string());
    let tokens = info.tokens("total_tokens").map(|total| {
        format!("{total} ({} in, {} out)", number(info.tokens("input_tokens")), number(info.tokens("output_tokens")))
    });
    let tags = info.tags.iter().filter(|(key, _)| !key.starts_with("mlflow."));
    let tags: Vec<String> = tags.map(|(key, value)| one_line(&format!("{key}={value}"), WIDEST)).collect();
    let facts = [
        ("name", text(info.name())),
        ("experiment", info.experiment_id().map(|id| id.to_string())),
        ("session", text(info.session())),
        ("user", text(info.user())),
        ("request id", text(info.client_request_id.as_deref())),
        ("run", text(info.metadata.get(keys::SOURCE_RUN).map(String::as_str))),
        ("tokens", tokens),
        ("cost", info.cost("total_cost").map(money)),
        ("size", info.size_bytes().map(bytes)),
        ("tags", (!tags.is_empty()).then(|| tags.join("  "))),
        ("request", text(info.request_preview.as_deref())),
        ("response", text(info.response_preview.as_deref())),
    ];
    for (name, value) in facts.iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
        writeln!(writer, "  {name:<10}  {value}")?;
    }
    Ok(())
}

/// An assessment and, of an issue, how it shows in this trace.
fn write_assessment(writer: &mut dyn Write, assessment: &Assessment, before: &str) -> io::Result<()> {
    writeln!(writer, "{before}{}", assessment_line(assessment))?;
    for (number, (span_id, text)) in assessment.evidence().iter().enumerate() {
        let (text, span_id) = (one_line(text, WIDEST), one_line(span_id, WIDEST));
        writeln!(writer, "{before}            {}. {text} (span {span_id})", number + 1)?;
    }
    Ok(())
}

fn assessment_line(assessment: &Assessment) -> String {
    let value = match assessment.error() {
        Some((code, message)) => format!("failed, {code} {message}"),
        None => match assessment.value() {
            Value::String(text) => text,
            other => other.to_string(),
        },
    };
    let source = [assessment.source_type(), assessment.source_id()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let rationale = assessment.rationale().map_or_else(String::new, |why| format!(": {why}"));
    let kind = assessment.kind().as_str();
    let label = format!("{:<10}", kind.get(..kind.len().min(10)).unwrap_or(kind));
    format!("{label}  {}", one_line(&format!("{} = {value} ({source}){rationale}", assessment.name()), WIDEST))
}

impl TreeOptions {
    pub(super) fn state(&self, state: &str) -> String {
        let sgr = match state {
            "ERROR" => "31;1",
            "IN_PROGRESS" => "33",
            "OK" => "32",
            _ => return one_line(state, WIDEST),
        };
        self.paint(state, sgr)
    }

    pub(super) fn paint(&self, text: &str, sgr: &str) -> String {
        if self.color { format!("\u{1b}[{sgr}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Spans by parent. Spans whose parent never arrived are roots, so that nothing is hidden.
struct Forest<'a> {
    spans: &'a [Span],
    roots: Vec<usize>,
    children: HashMap<&'a str, Vec<usize>>,
    /// Those that are not shown count as written.
    hidden: Vec<bool>,
    assessments: HashMap<String, Vec<&'a Assessment>>,
}

impl<'a> Forest<'a> {
    fn new(spans: &'a [Span], shown: &[bool], assessments: HashMap<String, Vec<&'a Assessment>>) -> Self {
        let visible = || spans.iter().enumerate().filter(|(index, _)| shown[*index]);
        let known: HashMap<&str, usize> = visible().map(|(index, span)| (span.span_id.as_str(), index)).collect();
        let (mut roots, mut children) = (Vec::new(), HashMap::<&str, Vec<usize>>::new());
        for (index, span) in visible() {
            match span.parent_span_id.as_deref().filter(|parent| known.contains_key(parent) && *parent != span.span_id)
            {
                Some(parent) => children.entry(parent).or_default().push(index),
                None => roots.push(index),
            }
        }
        let by_start = |index: &usize| (spans[*index].start_time_unix_nano, *index);
        roots.sort_by_key(by_start);
        for list in children.values_mut() {
            list.sort_by_key(by_start);
        }
        let hidden = shown.iter().map(|shown| !shown).collect();
        Self { spans, roots, children, hidden, assessments }
    }

    fn write(&self, writer: &mut dyn Write, options: &TreeOptions) -> io::Result<()> {
        let mut written = self.hidden.clone();
        self.write_from(writer, options, &self.roots, &mut written)?;
        // Spans that are one another's parents hang from no root.
        while let Some(lost) = written.iter().position(|written| !written) {
            self.write_from(writer, options, &[lost], &mut written)?;
        }
        Ok(())
    }

    /// Depth first without recursion: a trace may be 30,000 spans deep.
    fn write_from(
        &self,
        writer: &mut dyn Write,
        options: &TreeOptions,
        roots: &[usize],
        written: &mut [bool],
    ) -> io::Result<()> {
        let mut pending: Vec<(usize, String, bool, usize)> = roots
            .iter()
            .enumerate()
            .rev()
            .map(|(place, index)| (*index, "  ".into(), place + 1 == roots.len(), 0))
            .collect();
        while let Some((index, prefix, is_last, depth)) = pending.pop() {
            if std::mem::replace(&mut written[index], true) {
                continue;
            }
            let span = &self.spans[index];
            let (branch, below) = match (depth, is_last) {
                (0, _) => ("", ""),
                (_, true) => ("└─ ", "   "),
                (_, false) => ("├─ ", "│  "),
            };
            writeln!(writer, "{prefix}{branch}{}", span_line(span, options))?;
            let inner = if depth < DEEPEST { format!("{prefix}{below}") } else { prefix.clone() };
            let children = self.children.get(span.span_id.as_str()).map_or(&[][..], Vec::as_slice);
            let below = format!("{inner}{}", if children.is_empty() { "   " } else { "│  " });
            for assessment in self.assessments.get(&span.span_id_hex()).into_iter().flatten() {
                write_assessment(writer, assessment, &below)?;
            }
            write_details(writer, span, options, &below)?;
            for (place, child) in children.iter().enumerate().rev() {
                pending.push((*child, inner.clone(), place + 1 == children.len(), depth + 1));
            }
        }
        Ok(())
    }
}

fn span_line(span: &Span, options: &TreeOptions) -> String {
    let mut line = options.paint(&one_line(&span.name, WIDEST), "1");
    if let Some(kind) = span.span_type().filter(|kind| kind != "UNKNOWN" && kind != "null") {
        line.push_str(&format!("  {}", one_line(&kind, WIDEST)));
    }
    match span.status.code {
        SpanStatusCode::Error => line.push_str(&format!("  {}", options.state("ERROR"))),
        SpanStatusCode::Unset | SpanStatusCode::Ok => {}
    }
    match span.duration_ns() {
        Some(nanoseconds) => line.push_str(&format!("  {}", duration(nanoseconds / 1_000_000))),
        None => line.push_str("  (open)"),
    }
    if let Some(total) = span.attribute(keys::CHAT_TOKEN_USAGE).and_then(|usage| usage.get("total_tokens")?.as_u64()) {
        line.push_str(&format!("  {} tokens", count(total)));
    }
    if let Some(cost) = span.attribute("mlflow.llm.cost").and_then(|cost| cost.get("total_cost")?.as_f64()) {
        line.push_str(&format!("  {}", money(cost)));
    }
    if let Some(Value::String(model)) = span.attribute("mlflow.llm.model") {
        line.push_str(&format!("  {}", one_line(&model, WIDEST)));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn span(id: &str, parent: Option<&str>, name: &str, start: i64) -> Value {
        json!({"trace_id": "AAAAAAAAAAAAdHItMDAwMQ==", "span_id": id, "parent_span_id": parent, "name": name,
               "start_time_unix_nano": start, "end_time_unix_nano": start + 1_500_000_000,
               "attributes": {"mlflow.spanType": "\"TOOL\"", "mlflow.spanInputs": "{\"q\": \"\\u001b[31mred\"}"},
               "status": {"code": if name == "bad" { "STATUS_CODE_ERROR" } else { "STATUS_CODE_OK" }, "message": "boom"}})
    }

    fn tree(spans: &[Value], content: bool) -> String {
        let trace = Trace::from_json(
            json!({"info": {"trace_id": "tr-1", "request_time": "2026-11-22T08:11:41Z", "state": "ERROR",
            "execution_duration_ms": 1500, "tags": {"mlflow.traceName": "agent", "team": "search"},
            "assessments": [{"assessment_name": "helpful", "feedback": {"value": false}, "rationale": "no",
                             "source": {"source_type": "HUMAN", "source_id": "jane"}}]}, "data": {"spans": spans}}),
        )
        .unwrap();
        let mut bytes = Vec::new();
        let spans = SpanSelection::default();
        let options = TreeOptions { content, attributes: false, spans, color: false, clock: Clock::fixed(0) };
        write_tree(&mut bytes, &trace, &options).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn spans_hang_from_their_parents_in_order_of_time() {
        let (root, late, early, orphan) = ("AAAAAAAAAAE=", "AAAAAAAAAAI=", "AAAAAAAAAAM=", "AAAAAAAAAAQ=");
        let text = tree(
            &[
                span(root, None, "root", 1),
                span(late, Some(root), "bad", 3),
                span(early, Some(root), "early", 2),
                span(orphan, Some("AAAAAAAAAAk="), "orphan", 9),
            ],
            false,
        );
        assert_eq!(
            text,
            "tr-1  ERROR  1.50s  2026-11-22 08:11:41 +00:00
  name        agent
  tags        team=search
  feedback    helpful = false (HUMAN jane): no
  root  TOOL  1.50s
  ├─ early  TOOL  1.50s
  └─ bad  TOOL  ERROR  1.50s
        ! boom
  orphan  TOOL  1.50s
"
        );
    }

    #[test]
    fn an_issue_shows_its_evidence_step_by_step() {
        let evidence = json!({"schema_version": 1, "steps": [
            {"span_id": "0000000000000001", "text": "asked for\nParis", "highlights": ["Paris"], "highlight_tone": "error"},
            {"span_id": "0000000000000002", "text": "answered London", "highlights": ["London"], "mono": true}]});
        let of = |evidence: String| {
            let given = json!({"assessment_name": "i-1", "issue": {"issue_name": "wrong city"}, "rationale": "no",
                "source": {"source_type": "LLM_JUDGE", "source_id": "judge"},
                "metadata": {"mlflow.issue.evidence": evidence}});
            let mut bytes = Vec::new();
            write_assessment(&mut bytes, &serde_json::from_value(given).unwrap(), "  ").unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let line = "  issue       i-1 = wrong city (LLM_JUDGE judge): no\n";
        let steps = "              1. asked for Paris (span 0000000000000001)\n              2. answered London (span 0000000000000002)\n";
        assert_eq!(of(evidence.to_string()), format!("{line}{steps}"));
        // What is not of this form is left to JSON.
        for other in ["", "{", "[]", r#"{"schema_version": 2, "steps": [{"span_id": "1", "text": "x"}]}"#] {
            assert_eq!(of(other.to_owned()), line, "{other}");
        }
    }

    #[test]
    fn content_is_shown_on_demand_and_escaped() {
        let text = tree(&[span("AAAAAAAAAAE=", None, "root", 1)], true);
        assert!(text.contains("     in: {\n"), "{text}");
        assert!(text.contains("\\u001b[31mred"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn spans_in_a_circle_are_shown_once() {
        let (one, two) = ("AAAAAAAAAAE=", "AAAAAAAAAAI=");
        let text = tree(&[span(one, Some(two), "one", 1), span(two, Some(one), "two", 2)], false);
        assert_eq!((text.matches("one  TOOL").count(), text.matches("two  TOOL").count()), (1, 1));
    }
}
