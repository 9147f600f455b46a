//! The lines around a conversation: the title, the details of the trace, what others said, and the keys.

use serde_json::Value;

use super::is_asked;
use super::save::Saver;
use super::session::Session;
use super::typing::{TypedLine, Typing};
use crate::analysis::money;
use crate::model::{Assessment, TraceInfo, rfc3339_utc};
use crate::output::{duration, one_line};

/// Characters of a value.
const WIDEST: usize = 200;

pub fn title(session: &Session) -> String {
    let (at, number) = (session.at + 1, session.traces.len());
    let who = one_line(&session.template.source_id, 40);
    let name = one_line(&session.template.name, 40);
    if at > number {
        return format!("{name}  {who}");
    }
    let filter = session.filter.as_ref().map(|filter| format!("  only {}", one_line(filter.text(), 60)));
    format!("{name}  trace {at} of {number}  {who}{}", filter.unwrap_or_default())
}

pub fn bottom(session: &Session, saver: &Saver<'_>) -> Vec<String> {
    let unsaved = saver.unsaved();
    let saving = match (&saver.trouble, unsaved) {
        (Some(why), _) => format!("{unsaved} not saved yet, trying again: {}", one_line(why, 60)),
        (None, 0) => String::new(),
        (None, _) => format!("saving {unsaved} …"),
    };
    if session.is_leaving || session.at >= session.traces.len() {
        return vec![saving, "q leaves without saving".to_owned()];
    }
    let note = session.note.as_deref().map(|note| format!("note: {}", one_line(note, 60)));
    let message = Some(&session.message).filter(|message| !message.is_empty()).map(|message| one_line(message, WIDEST));
    let first = match &session.typing {
        Some(Typing { line, text }) => {
            let what = match line {
                TypedLine::Answer => "answer",
                TypedLine::Note => "note",
                TypedLine::Tag => "tag KEY=VALUE",
                TypedLine::Filter => "filter",
            };
            let line = format!("{what}: {}_", one_line(text, 70));
            message.map_or_else(|| line.clone(), |message| format!("{line}  {message}"))
        }
        None => [note, message, Some(saving)]
            .into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("  "),
    };
    let keys = if session.typing.is_some() {
        "Enter done  Esc cancel"
    } else {
        "s skip  b back  u undo  r note  t tag  f filter  o address  q quit"
    };
    vec![first, format!("{}  {keys}", session.answers.help())]
}

pub fn details(session: &Session, info: &TraceInfo) -> Vec<String> {
    let mut lines = vec![
        one_line(info.trace_id.as_str(), WIDEST),
        format!("{}  {}", rfc3339_utc(info.request_time_ms), info.state.as_str()),
    ];
    let mut add = |name: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("{name}: {}", one_line(&value, WIDEST))));
    };
    add("name", info.name().map(str::to_owned));
    add("duration", info.duration_ms.map(duration));
    add("user", info.user().map(str::to_owned));
    add("session", info.session().map(str::to_owned));
    add("tokens", info.tokens("total_tokens").map(|number| number.to_string()));
    add("cost", info.cost("total_cost").map(money));
    for (key, value) in info.tags.iter().filter(|(key, _)| !key.starts_with("mlflow.")) {
        add(&one_line(key, 30), Some(value.clone()));
    }
    if let Some(row) = session.judged.get(&session.at) {
        add("your answer", Some(shown(&row.value)));
    }
    let others: Vec<&Assessment> = info.assessments.iter().filter(|one| one.is_valid()).collect();
    if session.is_blind && others.iter().any(|one| is_asked(&session.template, one)) {
        lines.push("(answers of others are hidden)".to_owned());
    }
    for one in others.iter().filter(|one| !session.is_blind || !is_asked(&session.template, one)) {
        let who = one_line(one.source_id().unwrap_or(""), 40);
        lines.push(format!("{} = {} ({who})", one_line(one.name(), 40), shown(&one.value())));
        lines.extend(one.rationale().map(|why| format!("  {}", one_line(why, WIDEST))));
    }
    lines
}

/// A value for people.
pub fn shown(value: &Value) -> String {
    one_line(&value.as_str().map_or_else(|| value.to_string(), str::to_owned), WIDEST)
}
