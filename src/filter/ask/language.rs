//! What the filter language of a server knows: it has grown from version to version of `MLflow`.
//!
//! What a server does not know yet is decided here, so a clause that is missing from the list costs an error, and one that is
//! in it without need costs time. It must not know how versions are found out.

use crate::filter::meaning::typed::{Clause, Test, TextOperator};
use crate::model::field::{Field, FieldPlace};

/// The language of a server, by the second number of its version of `MLflow` 3. Earlier versions count as the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Language(u32);

/// The first version that returns assessments.
const WITH_ASSESSMENTS: u32 = 2;

impl Language {
    /// That of `MLflow` 2.14 to 3.1.
    pub const OLDEST: Self = Self(0);
    /// That of `MLflow` 3.17 and later, which is the one that filters are written in.
    pub const CURRENT: Self = Self(u32::MAX);
    /// A filter that only servers from a version on understand, from the newest version to the oldest: whoever cannot read the
    /// version of a server asks them.
    pub const STEPS: &[(u32, &str)] = &[
        (15, "feedback.a > 1"),
        (11, "tags.a IS NULL"),
        (10, "feedback.a IS NULL"),
        (9, "metadata.a LIKE 'a'"),
        (7, "prompt = 'a/1'"),
        (6, "tags.a LIKE 'a'"),
    ];

    /// The language of a version of `MLflow`: `3.17.2`. Nothing where it is no version.
    #[must_use]
    pub fn of_version(version: &str) -> Option<Self> {
        let mut numbers = version.split('.').map(str::parse::<u32>);
        match (numbers.next()?.ok()?, numbers.next()?.ok()?) {
            (..=2, _) => Some(Self::OLDEST),
            (3, minor) => Some(Self(minor)),
            _ => Some(Self::CURRENT),
        }
    }

    /// The language of version 3.N.
    #[must_use]
    pub fn since(minor: u32) -> Self {
        Self(minor)
    }

    /// Whether a server of this language returns assessments.
    #[must_use]
    pub fn has_assessments(self) -> bool {
        self.0 >= WITH_ASSESSMENTS
    }

    /// Whether a server of this language understands spans that are compressed on their way.
    #[must_use]
    pub fn has_packed_spans(self) -> bool {
        self.0 >= 7
    }

    /// Whether a server of this language understands a clause.
    pub(in crate::filter) fn knows(self, clause: &Clause) -> bool {
        since(clause) <= self.0
    }

    /// Whether several clauses on spans mean one and the same span to it.
    pub(in crate::filter) fn joins_span_clauses(self) -> bool {
        self.0 >= 10
    }

    /// Whether a server of this language understands clauses, each of them and all together.
    pub(in crate::filter) fn knows_all(self, clauses: &[&Clause]) -> bool {
        let is_joined = clauses.iter().filter(|clause| clause.is_on_span()).count() > 1;
        clauses.iter().all(|clause| self.knows(clause)) && (self.joins_span_clauses() || !is_joined)
    }
}

/// The first version that understands a clause.
fn since(clause: &Clause) -> u32 {
    let by_test = of_test(&clause.test, &clause.field);
    let by_field = match &clause.field {
        // The filter on names of spans is older, but such servers keep only spans that came over OTLP where they search.
        Field::ClientRequestId | Field::EndTime | Field::Span(_) => 6,
        Field::Prompt => 7,
        // Older ones compare texts with their quotes, and find what another assessment has replaced.
        Field::Feedback(_) | Field::Expectation(_) | Field::Issue => 11,
        _ => 0,
    };
    by_test.max(by_field)
}

fn of_test(test: &Test, field: &Field) -> u32 {
    let place = field.row().place;
    let is_metadata = matches!(place, FieldPlace::Metadata(_));
    let is_assessment = matches!(field, Field::Feedback(_) | Field::Expectation(_));
    match test {
        Test::Text(TextOperator::Equal | TextOperator::NotEqual, _) => 0,
        Test::OneOf(_) | Test::NoneOf(_) if is_metadata => 9,
        Test::Text(..) if is_metadata => 9,
        Test::Text(..) => 6,
        Test::Number(..) if is_assessment => 15,
        Test::Missing | Test::Present if is_metadata => 9,
        Test::Missing | Test::Present => 11,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;

    fn sent(minor: u32, text: &str) -> (String, Option<String>) {
        let plan = Filter::parse(text).unwrap().plan_for(Language(minor));
        (plan.server_text().to_owned(), plan.residual().map(crate::filter::Residual::text))
    }

    #[test]
    fn versions_are_told_apart_by_their_second_number() {
        let language = |version| Language::of_version(version);
        assert_eq!(language("2.22.5"), Some(Language::OLDEST));
        assert_eq!(language("3.1.4"), Some(Language(1)));
        assert_eq!(language("3.10.1.dev0"), Some(Language(10)));
        assert_eq!(language("4.0.0"), Some(Language::CURRENT));
        assert_eq!(language("OK"), None);
        assert!(!Language(1).has_assessments() && Language(2).has_assessments());
    }

    #[test]
    fn what_a_server_does_not_know_is_decided_here_and_the_rest_by_it() {
        let whole = |text: &str| (text.to_owned(), None);
        assert_eq!(sent(0, "status = 'OK' AND tags.a != 'b'"), whole("status = 'OK' AND tags.a != 'b'"));
        let text = "status = 'OK' AND tags.a LIKE 'b%'";
        assert_eq!(sent(5, text), ("status = 'OK'".to_owned(), Some("tags.a LIKE 'b%'".to_owned())));
        assert_eq!(sent(6, text), whole(text));
        for (since, clause) in [
            (6, "end_time > 5"),
            (6, "span.name = 'x'"),
            (6, "client_request_id = 'x'"),
            (7, "prompt = 'x/1'"),
            (9, "metadata.a LIKE 'x'"),
            (9, "metadata.a IS NOT NULL"),
            (11, "feedback.a = 'x'"),
            (11, "tags.a IS NULL"),
            (11, "issue.id = 'x'"),
            (15, "feedback.a > 1"),
        ] {
            assert_eq!(sent(since - 1, clause).0, "", "{clause} before 3.{since}");
            assert_eq!(sent(since, clause), whole(clause), "{clause}");
        }
    }

    #[test]
    fn clauses_on_one_span_are_joined_here_where_the_server_asks_each_of_any_span() {
        let text = "span.name = 'a' AND span.status = 'ERROR'";
        assert_eq!(sent(10, text), (text.to_owned(), None));
        let (server, rest) = sent(9, text);
        assert_eq!((server.as_str(), rest.as_deref()), (text, Some(text)));
    }

    #[test]
    fn an_extended_filter_implies_only_what_the_server_knows() {
        let (server, _) = sent(0, "tags.a = 'x' OR tags.a = 'y'");
        assert_eq!(server, "");
        let (server, _) = sent(u32::MAX, "tags.a = 'x' OR tags.a = 'y'");
        assert_eq!(server, "tags.a RLIKE '^(x|y)$'");
    }

    #[test]
    fn the_steps_are_the_versions_that_brought_something() {
        for (minor, filter) in Language::STEPS {
            let needs = |language: Language| Filter::parse(filter).unwrap().plan_for(language).residual().is_some();
            // The step of 3.10 is one that the clauses do not tell.
            assert!(*minor == 10 || (needs(Language(minor - 1)) && !needs(Language(*minor))), "{filter}");
        }
    }
}
