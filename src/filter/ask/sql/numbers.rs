//! What a trace answers, as expressions for whoever puts traces together: what they are grouped by, and their numbers.
//!
//! As in `stats`, yes and true are one, no and false are zero, and a text that is a number is that number.

use super::dialect::{Dialect, List};
use super::values::{self, Value};
use crate::model::AssessmentKind;
use crate::model::field::Field;

/// A number of each trace. Where a trace has several answers, each expression is about all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlNumbers {
    /// The number itself, if a trace has one answer at most.
    pub one: Option<String>,
    /// The sum of its numbers; NULL if it has none, like all that follow.
    pub sum: String,
    /// How many numbers it has.
    pub count: String,
    /// The smallest.
    pub least: String,
    /// The largest.
    pub most: String,
    /// How many of its answers are yes.
    pub yes: String,
    /// How many are yes or no.
    pub answers: String,
}

/// One answer: the number that it is, and the conditions that it is yes, or one of both.
struct Answer {
    number: String,
    is_yes: String,
    is_either: String,
}

const YES: &str = r"(?i)^\s*(yes|true)\s*$";
const NO: &str = r"(?i)^\s*(no|false)\s*$";
const NUMBER: &str = r"^\s*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,3})?\s*$";

impl Dialect {
    /// The column of a field that has one answer; nothing if none holds it.
    #[must_use]
    pub fn column(self, field: &Field) -> Option<String> {
        values::column(self, field).map(Value::into_text)
    }

    /// The numbers that traces answer; nothing if no column holds them.
    #[must_use]
    pub fn numbers(self, field: &Field) -> Option<SqlNumbers> {
        let (kind, name) = match field {
            Field::Feedback(name) => (AssessmentKind::Feedback, name),
            Field::Expectation(name) => (AssessmentKind::Expectation, name),
            _ => return values::column(self, field).and_then(|value| self.of_column(value)),
        };
        let item = List::Assessments.item();
        let (of_kind, name) = (self.member(item, "kind"), self.string(name)?);
        let (of_name, valid) = (self.member(item, "name"), self.member_boolean(item, "valid"));
        let wanted = format!("{of_kind} = '{}' AND {of_name} = {name} AND {valid}", kind.as_str());
        let json = self.member(item, "value");
        let answer =
            self.of_text(&format!("CASE WHEN {json} LIKE '\"%' THEN {} ELSE {json} END", self.json_text(&json)));
        let all = |of: &str, what: &str| self.over(List::Assessments, &wanted, of, what);
        let count = |condition: &str| all(&self.counted(condition), "sum");
        Some(SqlNumbers {
            one: None,
            sum: all(&answer.number, "sum"),
            count: count(&format!("({}) IS NOT NULL", answer.number)),
            least: all(&answer.number, "min"),
            most: all(&answer.number, "max"),
            yes: count(&answer.is_yes),
            answers: count(&answer.is_either),
        })
    }

    fn of_column(self, value: Value) -> Option<SqlNumbers> {
        let answer = match value {
            Value::Integer(number) | Value::Float(number) => {
                Answer { number, is_yes: "FALSE".to_owned(), is_either: "FALSE".to_owned() }
            }
            Value::Text(text) => self.of_text(&text),
            Value::Time(_) | Value::Json(_) => return None,
        };
        let number = answer.number;
        Some(SqlNumbers {
            sum: number.clone(),
            count: self.counted(&format!("({number}) IS NOT NULL")),
            least: number.clone(),
            most: number.clone(),
            yes: self.counted(&answer.is_yes),
            answers: self.counted(&answer.is_either),
            one: Some(number),
        })
    }

    fn of_text(self, text: &str) -> Answer {
        let text = format!("({text})");
        let [yes, no, number] = [YES, NO, NUMBER].map(|pattern| self.matches(&text, pattern));
        let (one, zero) = (self.float(1.0), self.float(0.0));
        let read = self.read_number(&text);
        let number = format!("CASE WHEN {yes} THEN {one} WHEN {no} THEN {zero} WHEN {number} THEN {read} END");
        Answer { number, is_either: format!("({yes} OR {no})"), is_yes: yes }
    }

    /// One, where a condition is true.
    fn counted(self, condition: &str) -> String {
        format!("CASE WHEN {condition} THEN {} END", self.float(1.0))
    }
}
