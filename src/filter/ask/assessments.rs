//! Asking the assessments of a trace, as the tracking server does: their values as JSON text, those that another one overrides
//! left out, those that a session shares counted for each of its traces.
//!
//! It must not know how sessions were collected or servers asked.

use std::collections::HashSet;

use super::compiled::Check;
use super::truth::Truth;
use crate::filter::meaning::typed::{Number, Test, TextOperator};
use crate::model::python_json::{self, NonAscii};
use crate::model::{Assessment, AssessmentKind, Trace};

/// A test of the assessments of a kind and name, or of all kinds, or of all names.
#[derive(Debug)]
pub(in crate::filter) struct AssessmentTest {
    kind: Option<AssessmentKind>,
    name: Option<String>,
    check: Check,
    /// The value that `=` and `!=` compare with, as a JSON string.
    json: Option<String>,
}

impl AssessmentTest {
    pub(in crate::filter) fn new(kind: Option<AssessmentKind>, name: Option<&str>, test: &Test) -> Self {
        let json = match test {
            Test::Text(TextOperator::Equal | TextOperator::NotEqual, value) => Some(json_string(value)),
            _ => None,
        };
        Self { kind, name: name.map(str::to_owned), check: Check::new(test), json }
    }

    /// The assessments that are asked: those of the kind and name that no other one overrides.
    pub(in crate::filter) fn candidates<'t>(&'t self, trace: &'t Trace) -> impl Iterator<Item = &'t Assessment> {
        let is_asked = move |assessment: &&Assessment| {
            self.kind.is_none_or(|kind| assessment.kind() == kind)
                && self.name.as_ref().is_none_or(|name| assessment.name() == name)
                && assessment.is_valid()
        };
        trace.info.assessments.iter().filter(is_asked)
    }

    /// Whether one assessment passes. Values are compared as JSON text; equality also takes a string without its quotes.
    pub(in crate::filter) fn check(&self, assessment: &Assessment) -> Truth {
        if matches!(self.check, Check::Missing | Check::Present) {
            return Truth::TRUE;
        }
        let value = assessment.value();
        if let Check::Number(..) = self.check {
            let number = value.as_i64().map(Number::Integer).or_else(|| value.as_f64().map(Number::Float));
            return self.check.number(number);
        }
        let text = python_json::dumps(&value, NonAscii::Escaped);
        match (&self.check, &self.json) {
            (Check::Equal(expected), Some(json)) => Truth::from(text == *expected || text == *json),
            (Check::NotEqual(expected), Some(json)) => Truth::from(text != *expected && text != *json),
            _ => self.check.text(Some(&text)),
        }
    }

    pub(in crate::filter) fn of_trace(&self, trace: &Trace, sessions: Option<&HashSet<String>>) -> Truth {
        let own = Truth::any(self.candidates(trace).map(|assessment| self.check(assessment)));
        let in_session = || {
            let session = trace.info.session();
            session.is_some_and(|session| sessions.is_some_and(|sessions| sessions.contains(session)))
        };
        self.verdict(trace, own, own.is_true() || in_session())
    }

    /// A server that was asked knows better than the export, which may show an integer as a float.
    pub(in crate::filter) fn of_answer(&self, trace: &Trace, found: bool) -> Truth {
        if self.name.is_none() {
            // No server can be asked that; what it was asked is whether the session shares one.
            let is_there = found || self.candidates(trace).next().is_some();
            return Truth::from(is_there == matches!(self.check, Check::Present));
        }
        let found = if matches!(self.check, Check::Missing) { !found } else { found };
        let own = Truth::any(self.candidates(trace).map(|assessment| self.check(assessment)));
        self.verdict(trace, if own.is_true() { Truth::FALSE } else { own }, found)
    }

    fn verdict(&self, trace: &Trace, own: Truth, found: bool) -> Truth {
        match self.check {
            Check::Missing => Truth::from(!found),
            Check::Present => Truth::from(found),
            _ if found => Truth::TRUE,
            _ if self.candidates(trace).next().is_none() => Truth::MISSING,
            _ => own,
        }
    }
}

pub(in crate::filter) fn json_string(value: &str) -> String {
    let mut json = String::new();
    python_json::write_string(&mut json, value, NonAscii::Escaped);
    json
}
