//! Clauses on what a trace has any number of: assessments, issues, linked prompts.

use super::dialect::List;
use super::{Sql, Writer, Written};
use crate::filter::ask::assessments::json_string;
use crate::filter::meaning::typed::{Clause, Test, TextOperator};
use crate::model::AssessmentKind;
use crate::model::field::Field;

/// The answers of a trace to a clause: those items of a list that pass a condition.
pub(super) struct Answers {
    list: List,
    /// Whether they count for all traces of a session.
    is_shared: bool,
    /// What makes an item an answer; nothing if all do.
    candidates: Option<String>,
    /// What of the item is the answer.
    value: String,
}

impl Writer<'_> {
    /// Where the answers to a field come from that can have several.
    pub(super) fn answers(&self, field: &Field) -> Option<Answers> {
        let assessment = List::Assessments.item();
        let member = |name: &str| self.dialect.member(assessment, name);
        let valid = self.dialect.member_boolean(assessment, "valid");
        let source = |name: &str| {
            let value = member(name);
            Some(Answers {
                list: List::Assessments,
                is_shared: false,
                candidates: Some(format!("{valid} AND {value} IS NOT NULL")),
                value,
            })
        };
        let shared = |kind: AssessmentKind, name: &str| {
            let name = self.dialect.string(name)?;
            let candidates =
                format!("{} = '{}' AND {} = {name} AND {valid}", member("kind"), kind.as_str(), member("name"));
            Some(Answers {
                list: List::Assessments,
                is_shared: true,
                candidates: Some(candidates),
                value: member("value"),
            })
        };
        match field {
            Field::Prompt => Some(Answers {
                list: List::Prompts,
                is_shared: false,
                candidates: None,
                value: List::Prompts.item().to_owned(),
            }),
            Field::Issue => Some(Answers {
                list: List::Assessments,
                is_shared: false,
                candidates: Some(format!("{} = 'issue'", member("kind"))),
                value: member("name"),
            }),
            Field::AssessmentSourceType => source("source_type"),
            Field::AssessmentSourceId => source("source_id"),
            Field::Feedback(name) => shared(AssessmentKind::Feedback, name),
            Field::Expectation(name) => shared(AssessmentKind::Expectation, name),
            _ => None,
        }
    }

    /// True exactly if the clause is true, or with `wanted` false exactly if it is false.
    pub(super) fn of_answers(&self, answers: &Answers, clause: &Clause, wanted: bool) -> Written {
        match (&clause.test, wanted) {
            (Test::Present, true) | (Test::Missing, false) => Ok(self.found(answers, None)),
            (Test::Missing, true) | (Test::Present, false) => Ok(self.found_not(answers, None, None)),
            (_, true) => Ok(self.found(answers, Some(&self.passes(answers, clause)?))),
            (_, false) => {
                let passes = self.passes(answers, clause)?;
                // What is no number is unknown, not false; among what a session shares only what passes counts.
                let is_unsure = matches!(clause.test, Test::Number(..));
                let may_pass = if is_unsure { format!("coalesce({passes}, TRUE)") } else { passes.clone() };
                let none_passes = self.found_not(answers, Some(&may_pass), Some(&passes));
                // Of assessments that are not there nothing is known, and no prompt or issue is what it is not.
                if !answers.is_shared {
                    return Ok(none_passes);
                }
                let own = Sql::clause(self.dialect.exists(answers.list, &condition(answers, None)));
                Ok(Sql::all(vec![own, none_passes]))
            }
        }
    }

    fn passes(&self, answers: &Answers, clause: &Clause) -> Result<String, crate::filter::FilterError> {
        let is_shared = answers.is_shared;
        let value = &answers.value;
        match &clause.test {
            // Values are JSON texts; equality also takes a string without its quotes.
            Test::Text(operator @ (TextOperator::Equal | TextOperator::NotEqual), expected) if is_shared => {
                let both = [expected.as_str(), &json_string(expected)].map(str::to_owned);
                let both = self.literals(both.iter().map(String::as_str), clause)?;
                let not = if *operator == TextOperator::Equal { "" } else { "NOT " };
                Ok(format!("{value} {not}IN ({both})"))
            }
            Test::Number(..) if is_shared => {
                let number = super::Value::Float(self.dialect.member_float(answers.list.item(), "value_number"));
                self.test(&number, &clause.test, clause).map(|sql| sql.text)
            }
            test => self.test_text(value, test, clause).map(|sql| sql.text),
        }
    }

    /// Whether some answer passes, or one that the session shares.
    fn found(&self, answers: &Answers, passes: Option<&str>) -> Sql {
        let own = Sql::clause(self.dialect.exists(answers.list, &condition(answers, passes)));
        match self.sessions(answers, passes) {
            Some(sessions) => Sql::any(vec![own, Sql::clause(format!("session_id IN ({sessions})"))]),
            None => own,
        }
    }

    /// Whether no answer passes, nor one that the session shares.
    fn found_not(&self, answers: &Answers, passes: Option<&str>, shared_passes: Option<&str>) -> Sql {
        let own = Sql::clause(self.dialect.exists_not(answers.list, &condition(answers, passes)));
        match self.sessions(answers, shared_passes) {
            Some(sessions) => {
                let other = Sql::any(vec![
                    Sql::clause("session_id IS NULL"),
                    Sql::clause(format!("session_id NOT IN ({sessions})")),
                ]);
                Sql::all(vec![own, other])
            }
            None => own,
        }
    }

    /// The sessions that share an answer that passes.
    fn sessions(&self, answers: &Answers, passes: Option<&str>) -> Option<String> {
        if !answers.is_shared {
            return None;
        }
        let shared = format!("{} IS NOT NULL", self.dialect.member(answers.list.item(), "session_id"));
        let condition = format!("{} AND {shared}", condition(answers, passes));
        let exists = self.dialect.exists(answers.list, &condition);
        Some(format!("SELECT session_id FROM {} WHERE session_id IS NOT NULL AND {exists}", self.table))
    }
}

fn condition(answers: &Answers, passes: Option<&str>) -> String {
    let parts = answers.candidates.iter().map(String::as_str).chain(passes);
    let condition = parts.collect::<Vec<_>>().join(" AND ");
    if condition.is_empty() { "TRUE".to_owned() } else { condition }
}
