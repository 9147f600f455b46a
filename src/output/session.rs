//! A session turn by turn: its conversation, or one line a turn.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::stats::{human_number, machine_number};
use super::{ActivityOf, ChatOptions, Record, RecordCell, count, duration, one_line, shorten_ids, write_chat};
use crate::analysis::activities::{Activity, path};
use crate::analysis::chat::Conversation;
use crate::analysis::stats::Unit;
use crate::clock::Clock;
use crate::model::field::{Field, Share};
use crate::model::{Trace, TraceInfo, rfc3339_utc};

/// A turn: a trace, and what it added to the conversation.
pub struct Turn {
    /// The trace.
    pub info: TraceInfo,
    /// What was new in it.
    pub told: Conversation,
}

/// Characters of a text that are shown on a line.
const WIDEST: usize = 80;
/// The column of trace ids.
const ID: usize = 6;

impl Turn {
    fn number(&self, field: &Field) -> Option<f64> {
        field.value(&Trace::without_spans(self.info.clone())).as_f64()
    }

    fn tokens(&self) -> Option<f64> {
        self.number(&Field::Tokens(Share::Total))
    }

    fn cost(&self) -> Option<f64> {
        self.number(&Field::Cost(Share::Total))
    }

    fn json(&self, with_messages: bool) -> Value {
        let mut told = json!({"trace_id": self.info.trace_id, "session": self.info.session(),
            "start": rfc3339_utc(self.info.request_time_ms), "status": self.info.state.as_str(),
            "duration_ms": self.info.duration_ms, "tokens": machine_number(self.tokens(), Unit::Count),
            "cost": machine_number(self.cost(), Unit::Dollars)});
        if let (Some(object), true) = (told.as_object_mut(), with_messages) {
            object.insert("messages".into(), json!(self.told.messages));
            object.insert("errors".into(), json!(self.told.errors));
        }
        told
    }
}

/// Everything as one object.
#[must_use]
pub fn session_json(activity: &Activity, turns: &[Turn]) -> Value {
    let mut object = ActivityOf::Sessions.json(activity);
    let traces: Vec<Value> = turns.iter().map(|turn| turn.json(true)).collect();
    object.insert("traces".into(), traces.into());
    Value::Object(object)
}

/// One row a turn, with as much of each id as tells it from the others unless it is wide.
#[must_use]
pub fn turn_records(
    turns: &[Turn],
    clock: &Clock,
    with_messages: bool,
    is_wide: bool,
) -> (&'static [&'static str], Vec<Record>) {
    let record = |(place, turn): (usize, &Turn)| {
        let info = &turn.info;
        let preview = |text: Option<&String>| one_line(text.map_or("", String::as_str), WIDEST);
        let shown = vec![
            (place + 1).to_string().into(),
            RecordCell::time(clock, Some(info.request_time_ms)),
            info.state.as_str().into(),
            info.duration_ms.map_or_else(String::new, duration).into(),
            human_number(turn.tokens(), Unit::Count).into(),
            human_number(turn.cost(), Unit::Dollars).into(),
            one_line(info.trace_id.as_str(), WIDEST).into(),
            preview(info.request_preview.as_ref()).into(),
        ];
        Record { shown, value: turn.json(with_messages), id: info.trace_id.to_string() }
    };
    let headers = &["turn", "time", "status", "duration", "tokens", "cost", "trace_id", "request"];
    let mut records: Vec<Record> = turns.iter().enumerate().map(record).collect();
    if !is_wide {
        shorten_ids(&mut records, ID);
    }
    (headers, records)
}

/// The conversation of a session.
pub fn write_session(
    writer: &mut dyn Write,
    activity: &Activity,
    turns: &[Turn],
    options: &ChatOptions,
    clock: &Clock,
) -> io::Result<()> {
    let numbers = [
        format!("{} {}", count(activity.traces), if activity.traces == 1 { "turn" } else { "turns" }),
        format!("{} failed", count(activity.errors)),
        duration(activity.duration_ms()),
        format!("{} tokens", human_number(Some(activity.tokens.sum), Unit::Count)),
        human_number(Some(activity.cost.sum), Unit::Dollars),
    ];
    let users = one_line(&activity.users.join(", "), WIDEST);
    writeln!(writer, "{}  {}  {users}", one_line(&path(&activity.id), WIDEST), numbers.join(", "))?;
    for (place, turn) in turns.iter().enumerate() {
        let info = &turn.info;
        let took = info.duration_ms.map_or_else(String::new, |ms| format!("  {}", duration(ms)));
        let (time, id) = (clock.local(info.request_time_ms), one_line(info.trace_id.as_str(), WIDEST));
        writeln!(writer, "\n── turn {}  {time}  {}{took}  {id}", place + 1, info.state.as_str())?;
        write_chat(writer, &turn.told, options)?;
    }
    Ok(())
}
