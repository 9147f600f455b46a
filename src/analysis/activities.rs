//! Sessions and users: what their traces add up to.
//!
//! Traces are taken one by one, in any order; memory grows with the sessions, or users, only.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::stats::Readings;
use crate::model::field::{Field, Share};
use crate::model::{AssessmentKind, Trace, TraceState};

/// What is known about a session or a user.
#[derive(Clone, Debug)]
pub struct Activity {
    /// Its id.
    pub id: String,
    /// How many traces: the turns of a session.
    pub traces: u64,
    /// Those that failed.
    pub errors: u64,
    /// Those that have not ended.
    pub in_progress: u64,
    /// When the first one started, in epoch milliseconds.
    pub first_ms: i64,
    /// When the last one started.
    pub last_ms: i64,
    /// When the last of those that ended did.
    pub end_ms: i64,
    /// All tokens, as far as they are known.
    pub tokens: Total,
    /// All costs in US dollars, as far as they are known.
    pub cost: Total,
    /// Feedback by name.
    pub feedback: BTreeMap<String, Readings>,
    /// The users of a session, or some of them.
    pub users: Vec<String>,
    /// The sessions of a user, by what they hash to.
    sessions: HashSet<u64>,
}

/// A sum, and how many traces told a part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Total {
    /// The sum.
    pub sum: f64,
    /// How many told a part.
    pub known: u64,
}

/// Users of a session that are named.
const USERS: usize = 5;

impl Total {
    fn add(&mut self, number: Option<f64>) {
        if let Some(number) = number {
            self.sum += number;
            self.known += 1;
        }
    }
}

impl Activity {
    /// Of nothing yet.
    #[must_use]
    pub fn new(id: String) -> Self {
        let (tokens, cost) = (Total::default(), Total::default());
        let (first_ms, last_ms, end_ms) = (i64::MAX, i64::MIN, i64::MIN);
        let (feedback, users, sessions) = (BTreeMap::new(), Vec::new(), HashSet::new());
        let (traces, errors, in_progress) = (0, 0, 0);
        Self { id, traces, errors, in_progress, first_ms, last_ms, end_ms, tokens, cost, feedback, users, sessions }
    }

    /// One more trace.
    pub fn add(&mut self, trace: &Trace) {
        let info = &trace.info;
        self.traces += 1;
        self.errors += u64::from(info.state == TraceState::Error);
        self.in_progress += u64::from(info.state == TraceState::InProgress);
        self.first_ms = self.first_ms.min(info.request_time_ms);
        self.last_ms = self.last_ms.max(info.request_time_ms);
        self.end_ms = self.end_ms.max(info.request_time_ms.saturating_add(info.duration_ms.unwrap_or(0)));
        self.tokens.add(Field::Tokens(Share::Total).value(trace).as_f64());
        self.cost.add(Field::Cost(Share::Total).value(trace).as_f64());
        for feedback in info.assessments.iter().filter(|one| one.is_valid() && one.kind() == AssessmentKind::Feedback) {
            self.feedback.entry(feedback.name().to_owned()).or_default().judge(feedback);
        }
        if let Some(user) = info.user()
            && self.users.len() < USERS
            && !self.users.iter().any(|known| known == user)
        {
            self.users.push(user.to_owned());
        }
        // A session knows itself.
        if let Some(session) = info.session().filter(|session| *session != self.id) {
            let mut hasher = DefaultHasher::new();
            session.hash(&mut hasher);
            self.sessions.insert(hasher.finish());
        }
    }

    /// From the first start to the last end, in milliseconds.
    #[must_use]
    pub fn duration_ms(&self) -> i64 {
        self.end_ms.saturating_sub(self.first_ms).max(0)
    }

    /// How many sessions.
    #[must_use]
    pub fn sessions(&self) -> u64 {
        self.sessions.len() as u64
    }
}

/// Sessions or users, while traces are read.
#[derive(Debug, Default)]
pub struct Activities {
    all: HashMap<String, Activity>,
    /// Traces that belong to none.
    pub without: u64,
}

impl Activities {
    /// A trace that belongs to one of them, or to none.
    pub fn add(&mut self, id: Option<&str>, trace: &Trace) {
        let Some(id) = id else {
            self.without += 1;
            return;
        };
        match self.all.get_mut(id) {
            Some(activity) => activity.add(trace),
            None => self.all.entry(id.to_owned()).or_insert_with(|| Activity::new(id.to_owned())).add(trace),
        }
    }

    /// All of them in an order.
    #[must_use]
    pub fn sorted(self, order: ActivityOrder) -> Vec<Activity> {
        let mut all: Vec<Activity> = self.all.into_values().collect();
        all.sort_by(|one, other| order.compare(one, other));
        all
    }
}

/// What activities are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityColumn {
    /// The id.
    Id,
    /// How many traces.
    Traces,
    /// How many sessions.
    Sessions,
    /// The first start.
    First,
    /// The last start.
    Last,
    /// How long from the first to the last.
    Duration,
    /// How many failed.
    Errors,
    /// How many tokens.
    Tokens,
    /// What it cost.
    Cost,
}

/// An order of activities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivityOrder {
    /// By which column.
    pub column: ActivityColumn,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl ActivityOrder {
    fn compare(self, one: &Activity, other: &Activity) -> std::cmp::Ordering {
        let ordering = match self.column {
            ActivityColumn::Id => one.id.cmp(&other.id),
            ActivityColumn::Traces => one.traces.cmp(&other.traces),
            ActivityColumn::Sessions => one.sessions().cmp(&other.sessions()),
            ActivityColumn::First => one.first_ms.cmp(&other.first_ms),
            ActivityColumn::Last => one.last_ms.cmp(&other.last_ms),
            ActivityColumn::Duration => one.duration_ms().cmp(&other.duration_ms()),
            ActivityColumn::Errors => one.errors.cmp(&other.errors),
            ActivityColumn::Tokens => one.tokens.sum.total_cmp(&other.tokens.sum),
            ActivityColumn::Cost => one.cost.sum.total_cmp(&other.cost.sum),
        };
        let ordering = if self.descending { ordering.reverse() } else { ordering };
        ordering.then_with(|| one.id.cmp(&other.id))
    }
}

/// The levels of a session's id: those of a compact JSON array of texts, as `MLflow` 3.18 has them, or one.
#[must_use]
pub fn levels(session: &str) -> Vec<String> {
    let levels = session.starts_with('[').then(|| serde_json::from_str::<Vec<String>>(session).ok()).flatten();
    levels.filter(|levels| !levels.is_empty()).unwrap_or_else(|| vec![session.to_owned()])
}

/// The id of the session this many levels deep that holds a session.
#[must_use]
pub fn above(session: &str, level: usize) -> String {
    let mut levels = levels(session);
    if levels.len() <= level {
        return session.to_owned();
    }
    levels.truncate(level);
    serde_json::Value::from(levels).to_string()
}

/// A session as people write it: its levels as a path.
#[must_use]
pub fn path(session: &str) -> String {
    levels(session).join("/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn trace(number: u32, session: Option<&str>, start: &str, state: &str) -> Trace {
        let session = session.map_or(json!({}), |session| {
            json!({"mlflow.trace.session": session,
            "mlflow.trace.user": "jane", "mlflow.trace.cost": "{\"total_cost\": 0.1}"})
        });
        Trace::from_json(json!({"info": {"trace_id": format!("tr-{number}"), "request_time": start, "state": state,
            "execution_duration_ms": 1500, "trace_metadata": session, "assessments": [
                {"assessment_name": "ok", "feedback": {"value": true}}, {"assessment_name": "ok", "feedback": {"value": "no"}}]},
            "data": {}}))
        .unwrap()
    }

    #[test]
    fn traces_add_up_to_sessions_in_any_order() {
        let traces = [
            trace(1, Some("a"), "2026-11-22T08:00:10Z", "OK"),
            trace(2, Some("b"), "2026-11-22T09:00:00Z", "IN_PROGRESS"),
            trace(3, Some("a"), "2026-11-22T08:00:00Z", "ERROR"),
            trace(4, None, "2026-11-22T08:00:00Z", "OK"),
        ];
        let mut activities = Activities::default();
        for trace in &traces {
            activities.add(trace.info.session(), trace);
        }
        assert_eq!(activities.without, 1);
        let order = ActivityOrder { column: ActivityColumn::Traces, descending: true };
        let [a, b] = activities.sorted(order).try_into().unwrap();
        assert_eq!((a.id.as_str(), a.traces, a.errors, a.duration_ms()), ("a", 2, 1, 11_500));
        assert_eq!(
            (b.id.as_str(), b.in_progress, b.sessions(), b.users.as_slice()),
            ("b", 1, 0, &["jane".to_owned()][..])
        );
        assert_eq!((a.cost.known, (a.cost.sum * 10.0).round(), a.tokens.known), (2, 2.0, 0));
        assert_eq!(a.feedback["ok"].share(), Some(0.5));
    }

    #[test]
    fn sessions_have_levels() {
        let id = r#"["trip","day-2"]"#;
        assert_eq!(
            (above(id, 1), above(id, 2), path(id)),
            (r#"["trip"]"#.to_owned(), id.to_owned(), "trip/day-2".to_owned())
        );
        for plain in ["chat-1", "[1]", "[", "[]"] {
            assert_eq!((above(plain, 1), path(plain)), (plain.to_owned(), plain.to_owned()));
        }
    }
}
