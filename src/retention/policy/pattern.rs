//! Experiments by name, by id, or by a pattern of names.

use std::fmt;

use crate::model::Experiment;

/// A name or an id, or a pattern of names in which `*` stands for any text and `?` for one character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExperimentPattern(String);

impl ExperimentPattern {
    /// Takes a pattern as it was written.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it stands for any number of names.
    #[must_use]
    pub fn is_glob(&self) -> bool {
        self.0.contains(['*', '?'])
    }

    /// Whether an experiment is meant: its name or id as written, or a name that fits.
    #[must_use]
    pub fn matches(&self, experiment: &Experiment) -> bool {
        self.0 == experiment.name || self.0 == experiment.id.as_str() || fits(&self.0, &experiment.name)
    }
}

impl fmt::Display for ExperimentPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Goes back to the last `*` where it must, so that it takes at most the product of both lengths.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut read) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while read < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(character) if *character == '?' || *character == name[read] => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                (at, read) = (star_at + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|character| *character == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_an_id_means_one_experiment_and_no_other() {
        let experiment = |id: &str, name: &str| Experiment {
            id: id.into(),
            name: name.into(),
            lifecycle: crate::model::Lifecycle::Active,
            artifact_location: None,
            creation_time_ms: None,
            last_update_time_ms: None,
        };
        let pattern = |text: &str| ExperimentPattern(text.into());
        let app = experiment("7", "app");
        assert!(pattern("app").matches(&app) && pattern("7").matches(&app) && pattern("a*").matches(&app));
        assert!(!pattern("ap").matches(&app) && !pattern("8").matches(&app) && !pattern("b*").matches(&app));
        let starred = experiment("8", "a*[1]");
        assert!(pattern("a*[1]").matches(&starred) && !pattern("a[1]").matches(&starred));
    }

    #[test]
    fn stars_and_question_marks_stand_for_text() {
        for (pattern, name, fitting) in [
            ("production-*", "production-eu", true),
            ("production-*", "production", false),
            ("*", "", true),
            ("*-eu", "production-eu-eu", true),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXb", false),
            ("app-?", "app-1", true),
            ("app-?", "app-12", false),
            ("é?", "éü", true),
            ("app", "App", false),
        ] {
            assert_eq!(fits(pattern, name), fitting, "{pattern} {name}");
        }
    }
}
