//! What is said where a search finds nothing: that nothing matches, and which key or value of the filter does not occur.
//!
//! It looks at the latest traces, with one request, and says about how many it speaks.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::Context;
use crate::filter::typed::{Clause, Condition, Test, TextOperator};
use crate::filter::{Filter, OrderBy};
use crate::model::field::Field;
use crate::model::{Trace, nearest};
use crate::output::{count_traces, one_line};
use crate::store::{Query, Store};

/// Traces that are looked at.
const LOOKED_AT: u64 = 100;

/// Says that nothing matches, and to a person what of the filter the latest traces do not have.
pub async fn tell(context: &mut Context<'_>, store: &Store, query: &Query, is_person: bool) {
    if context.ui.verbosity().quiet {
        return;
    }
    if query.filter.is_empty() {
        context.ui.status("There are no traces.");
        return;
    }
    context.ui.status("No traces match.");
    let asked: Vec<&Clause> = query.filter.conjuncts().iter().filter_map(asks_of_key).collect();
    if asked.is_empty() || !is_person {
        return;
    }
    // What cannot be read is not missed: this only helps.
    let Some(latest) = latest(store, query).await.filter(|latest| !latest.is_empty()) else { return };
    for clause in asked {
        if let Some(absent) = absent(clause, &latest) {
            context.ui.labelled("hint:", "36;1", &absent);
        }
    }
}

/// A clause that wants something of a key, or of a name that people give.
fn asks_of_key(condition: &Condition) -> Option<&Clause> {
    let Condition::Clause(clause) = condition else { return None };
    let is_named = matches!(
        clause.field,
        Field::Tag(_) | Field::Metadata(_) | Field::Feedback(_) | Field::Expectation(_) | Field::Name | Field::User
    );
    (is_named && clause.test != Test::Missing).then_some(clause)
}

async fn latest(store: &Store, query: &Query) -> Option<Vec<Trace>> {
    let everything =
        Query { filter: Arc::new(Filter::parse("").ok()?), order_by: Arc::new(OrderBy::default()), ..query.clone() };
    store.search(&everything, Some(LOOKED_AT)).ok()?.next_page().await.ok()?
}

/// What of a clause none of these traces has.
fn absent(clause: &Clause, latest: &[Trace]) -> Option<String> {
    let values: BTreeSet<String> = latest.iter().flat_map(|trace| texts(clause.field.value(trace))).collect();
    let (name, of) = (clause.field.column_name(), count_traces(latest.len() as u64));
    if values.is_empty() {
        let near = keys(&clause.field, latest).and_then(|(entity, keys)| {
            let key = clause.field.column_name().split_once('.')?.1.trim_matches('`').to_owned();
            Some(format!("; did you mean {entity}.{}?", nearest(&key, keys.iter().map(String::as_str))?))
        });
        return Some(format!("the latest {of} have no {name}{}", near.unwrap_or_default()));
    }
    match &clause.test {
        Test::Text(TextOperator::Equal, wanted) if !values.contains(wanted) => {
            let near = nearest(wanted, values.iter().map(String::as_str))
                .map(|near| format!("; did you mean '{}'?", one_line(near, 80)));
            Some(format!("{name} is '{}' in none of the latest {of}{}", one_line(wanted, 80), near.unwrap_or_default()))
        }
        _ => None,
    }
}

fn texts(value: Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text],
        Value::Array(values) => values.into_iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

/// The keys that these traces have beside the one asked for.
fn keys(field: &Field, latest: &[Trace]) -> Option<(&'static str, BTreeSet<String>)> {
    let infos = latest.iter().map(|trace| &trace.info);
    Some(match field {
        Field::Tag(_) => ("tags", infos.flat_map(|info| info.tags.keys().cloned()).collect()),
        Field::Metadata(_) => ("metadata", infos.flat_map(|info| info.metadata.keys().cloned()).collect()),
        Field::Feedback(_) | Field::Expectation(_) => {
            let kind = if matches!(field, Field::Feedback(_)) { "feedback" } else { "expectation" };
            let assessments = infos.flat_map(|info| &info.assessments).filter(|one| one.kind().as_str() == kind);
            (kind, assessments.map(|one| one.name().to_owned()).collect())
        }
        _ => return None,
    })
}
