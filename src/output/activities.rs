//! Sessions and users, for people and machines.

use serde_json::{Map, Value, json};

use super::stats::{human_number, machine_number};
use super::{Record, RecordCell, count, duration, one_line};
use crate::analysis::activities::{Activity, Total, path};
use crate::analysis::stats::{Readings, Unit};
use crate::clock::Clock;
use crate::model::rfc3339_utc;

/// What the activities are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityOf {
    /// Sessions: their traces are turns.
    Sessions,
    /// Users.
    Users,
}

/// Characters of a text that are shown.
const WIDEST: usize = 40;

impl ActivityOf {
    /// The headers of a table.
    #[must_use]
    pub fn headers(self) -> &'static [&'static str] {
        match self {
            Self::Sessions => &["session", "turns", "errors", "last", "duration", "tokens", "cost", "user", "feedback"],
            Self::Users => &["user", "traces", "sessions", "errors", "last", "tokens", "cost", "feedback"],
        }
    }

    /// A row.
    #[must_use]
    pub fn record(self, activity: &Activity, clock: &Clock) -> Record {
        let tokens = sum(activity.tokens, Unit::Count).into();
        let cost = sum(activity.cost, Unit::Dollars).into();
        let (last, feedback) = (RecordCell::time(clock, Some(activity.last_ms)), feedback(activity).into());
        let (traces, errors) = (count(activity.traces).into(), count(activity.errors).into());
        let shown = match self {
            Self::Sessions => {
                let users = one_line(&activity.users.join(", "), WIDEST);
                let session = one_line(&path(&activity.id), 2 * WIDEST);
                let took = duration(activity.duration_ms()).into();
                vec![session.into(), traces, errors, last, took, tokens, cost, users.into(), feedback]
            }
            Self::Users => {
                let user = one_line(&activity.id, WIDEST);
                vec![user.into(), traces, count(activity.sessions()).into(), errors, last, tokens, cost, feedback]
            }
        };
        Record { shown, value: Value::Object(self.json(activity)), id: activity.id.clone() }
    }

    /// Everything that is known about one.
    #[must_use]
    pub fn json(self, activity: &Activity) -> Map<String, Value> {
        let mut object = Map::new();
        match self {
            Self::Sessions => {
                object.insert("session".into(), activity.id.as_str().into());
                object.insert("path".into(), path(&activity.id).into());
                object.insert("turns".into(), activity.traces.into());
                object.insert("users".into(), activity.users.clone().into());
            }
            Self::Users => {
                object.insert("user".into(), activity.id.as_str().into());
                object.insert("traces".into(), activity.traces.into());
                object.insert("sessions".into(), activity.sessions().into());
            }
        }
        object.insert("errors".into(), activity.errors.into());
        object.insert("in_progress".into(), activity.in_progress.into());
        object.insert("first".into(), rfc3339_utc(activity.first_ms).into());
        object.insert("last".into(), rfc3339_utc(activity.last_ms).into());
        object.insert("duration_ms".into(), activity.duration_ms().into());
        for (name, total, unit) in [("tokens", activity.tokens, Unit::Count), ("cost", activity.cost, Unit::Dollars)] {
            let number = (total.known > 0).then_some(total.sum);
            object.insert(name.into(), machine_number(number, unit));
            object.insert(format!("{name}_known"), total.known.into());
        }
        let feedback = activity.feedback.iter().map(|(name, readings)| (name.clone(), readings_json(readings)));
        object.insert("feedback".into(), Value::Object(feedback.collect()));
        object
    }
}

/// A sum, with a mark where not every trace tells a part of it.
fn sum(total: Total, unit: Unit) -> String {
    human_number((total.known > 0).then_some(total.sum), unit)
}

fn readings_json(readings: &Readings) -> Value {
    json!({
        "known": readings.known,
        "yes": machine_number(readings.share(), Unit::Share),
        "mean": machine_number(readings.numbers.mean(), Unit::Plain),
    })
}

/// `helpful 2/3, score 0.8`.
fn feedback(activity: &Activity) -> String {
    let one = |(name, readings): (&String, &Readings)| {
        let name = one_line(name, WIDEST);
        match readings {
            readings if readings.answers > 0 => format!("{name} {}/{} yes", readings.yes, readings.answers),
            readings if readings.numbers.count() > 0 => {
                format!("{name} {}", human_number(readings.numbers.mean(), Unit::Plain))
            }
            readings => format!("{name} ({})", count(readings.known)),
        }
    };
    activity.feedback.iter().filter(|(_, readings)| readings.known > 0).map(one).collect::<Vec<_>>().join(", ")
}
