//! From TOML to a policy, strictly: a key that is not known, a value of another kind and a filter that cannot be read are
//! errors that name the file, the line and the key.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use toml::de::DeTable;

use super::{Caps, Count, ExperimentPattern, RetentionPolicy, Rule};
use crate::filter::{Filter, FilterError, Residual};
use crate::model::document::{FileError, Part, TomlDocument};
use crate::model::field::Field;

/// Reads a length of time such as `30d` and tells its milliseconds, or what is wrong with it.
pub type AgeReader = fn(&str) -> Result<i64, String>;

const DOCUMENT_KEYS: &[&str] = &["defaults", "rule"];
const DEFAULT_KEYS: &[&str] = &["min_age", "max_delete", "max_delete_percent", "artifacts"];
const RULE_KEYS: &[&str] = &[
    "name",
    "experiments",
    "filter",
    "min_age",
    "keep_within",
    "keep_last",
    "keep_hourly",
    "keep_daily",
    "keep_weekly",
    "keep_monthly",
    "keep_yearly",
    "group_by",
    "keep_if",
    "allow_empty",
    "archive_to",
    "artifacts",
];

/// Reads a policy. `file` is its name in messages; ages and times in filters count from `as_of_ms`, epoch milliseconds.
/// A policy without rules can be read; see [`RetentionPolicy::refusal`].
pub fn read(text: &str, file: &str, as_of_ms: i64, age: AgeReader) -> Result<RetentionPolicy, FileError> {
    TomlDocument { text, file: file.to_owned(), known: Clock { as_of_ms, age } }.read(policy)
}

fn policy(root: &Part<'_, Clock>) -> Result<RetentionPolicy, FileError> {
    root.check_keys(DOCUMENT_KEYS)?;
    let defaults = root.table("defaults", "defaults")?;
    if let Some(defaults) = &defaults {
        defaults.check_keys(DEFAULT_KEYS)?;
    }
    let default = |key: &str| defaults.as_ref().map_or(Ok(None), |defaults| defaults.number(key));
    let caps = Caps { max_delete: default("max_delete")?, max_delete_percent: default("max_delete_percent")? };
    if let (Some(defaults), Some(101..)) = (&defaults, caps.max_delete_percent) {
        return Err(defaults.wrong("max_delete_percent", "expected at most 100"));
    }
    let min_age_ms = defaults.as_ref().map_or(Ok(None), |defaults| defaults.age("min_age"))?.unwrap_or(0);
    let artifacts = defaults.as_ref().map_or(Ok(None), Part::artifacts)?.unwrap_or(false);
    let mut names = HashSet::new();
    let mut rules = Vec::new();
    for part in root.tables("rule")? {
        let rule = part.rule(min_age_ms, artifacts)?;
        if !names.insert(rule.name.clone()) {
            return Err(part.wrong("name", format!("there are two rules with the name {:?}", rule.name)));
        }
        rules.push(rule);
    }
    Ok(RetentionPolicy { as_of_ms: root.document.known.as_of_ms, rules, caps })
}

/// The text of a policy, with relative places of archives made absolute from a folder. What cannot be read stays as it is.
#[must_use]
pub fn with_absolute_archives(text: &str, folder: &Path) -> String {
    let Ok(root) = DeTable::parse(text) else { return text.to_owned() };
    let rules = root.get_ref().iter().filter(|(name, _)| name.get_ref() == "rule");
    let rules = rules.filter_map(|(_, rules)| rules.get_ref().as_array()).flatten();
    let keys = rules.filter_map(|rule| rule.get_ref().as_table()).flat_map(DeTable::iter);
    let places = keys.filter(|(name, _)| name.get_ref() == "archive_to").map(|(_, value)| value);
    let mut places: Vec<(Range<usize>, String)> =
        places.filter_map(|value| Some((value.span(), super::place_from(value.get_ref().as_str()?, folder)))).collect();
    places.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut text = text.to_owned();
    for (span, place) in places {
        // A text of JSON is one of TOML.
        text.replace_range(span, &serde_json::Value::from(place).to_string());
    }
    text
}

/// What ages and times are counted by.
struct Clock {
    as_of_ms: i64,
    age: AgeReader,
}

impl Part<'_, Clock> {
    fn age(&self, key: &str) -> Result<Option<i64>, FileError> {
        let Some(text) = self.string(key)? else { return Ok(None) };
        (self.document.known.age)(text).map(Some).map_err(|message| self.wrong(key, message))
    }

    fn filter(&self, key: &str, text: &str, span: &Range<usize>) -> Result<Filter, FileError> {
        let place = format!("{}, {key}", self.place);
        let wrong = |message: String| self.document.wrong(Some(span.clone()), &place, message);
        let filter = Filter::parse_at(text, self.document.known.as_of_ms)
            .map_err(|error: FilterError| FileError { hints: error.hints().to_vec(), ..wrong(error.excerpt()) })?;
        if filter.is_empty() {
            return Err(wrong("an empty filter matches everything".to_owned()).hint(format!("leave {key} out")));
        }
        if let Some(key) = filter.star_key() {
            return Err(wrong(format!("{key} means a key named *"))
                .hint("any feedback: feedback IS NOT NULL; any assessment: assessment IS NOT NULL; to use a key named *, put it in backticks"));
        }
        if filter.ignores_a_run() {
            return Err(wrong(
                "MLflow ignores a run_id condition of this filter, so it would select too much".to_owned(),
            )
            .hint("name exactly one run; for traces without a run, write run_id IS NULL"));
        }
        if filter.plan().residual().is_some_and(Residual::is_undecidable) {
            return Err(wrong(
                "the filter has a regular expression on spans that cannot be evaluated locally".to_owned(),
            )
            .hint("simplify it, or join it only with AND, so that the server can evaluate it"));
        }
        Ok(filter)
    }

    fn rule(&self, default_min_age_ms: i64, default_artifacts: bool) -> Result<Rule, FileError> {
        let name = self.string("name")?.ok_or_else(|| self.wrong("", "the rule has no name"))?;
        let named = Part { place: format!("rule {name:?}"), span: self.span.clone(), ..*self };
        named.check_keys(RULE_KEYS)?;
        let experiments = named.strings("experiments")?;
        if name.trim().is_empty() || experiments.iter().any(|(text, _)| text.trim().is_empty()) {
            return Err(named.wrong("experiments", "a name is empty"));
        }
        if experiments.is_empty() {
            return Err(named
                .wrong("experiments", "the rule names no experiments")
                .hint("name them as in experiments = [\"production-*\"]; [\"*\"] is every experiment"));
        }
        let filter = match (named.string("filter")?, named.get("filter")) {
            (Some(text), Some(value)) => Some(named.filter("filter", text, &value.span())?),
            _ => None,
        };
        let allow_empty = named.boolean("allow_empty")?;
        if allow_empty && filter.is_none() {
            return Err(named
                .wrong("allow_empty", "only a rule with a filter may empty an experiment")
                .hint("write a filter that says what may go, for example filter = \"tags.environment = 'scratch'\""));
        }
        let mut counts = [0; Count::ALL.len()];
        for (number, count) in counts.iter_mut().zip(Count::ALL) {
            *number = named.number(count.key())?.unwrap_or(0);
        }
        let keep_if = named.strings("keep_if")?;
        Ok(Rule {
            name: name.to_owned(),
            experiments: experiments.into_iter().map(|(text, _)| ExperimentPattern::new(text)).collect(),
            filter: filter.map_or_else(|| named.filter_of_everything(), Ok)?,
            // The defaults say about everything that it is not touched before.
            min_age_ms: named.age("min_age")?.unwrap_or(0).max(default_min_age_ms),
            keep_within_ms: named.age("keep_within")?,
            counts,
            group_by: named.group_by()?,
            keep_if: keep_if
                .into_iter()
                .map(|(text, span)| named.filter("keep_if", text, &span))
                .collect::<Result<_, _>>()?,
            allow_empty,
            takes_unfinished: false,
            archive_to: named.string("archive_to")?.map(|url| named.archive_to(url)).transpose()?,
            deletes_artifacts: named.artifacts()?.unwrap_or(default_artifacts),
        })
    }

    /// Whether files in the artifact store go with their traces.
    fn artifacts(&self) -> Result<Option<bool>, FileError> {
        match self.string("artifacts")? {
            None => Ok(None),
            Some("keep") => Ok(Some(false)),
            Some("delete") => Ok(Some(true)),
            Some(other) => Err(self.wrong("artifacts", format!("expected keep or delete, got {other:?}"))),
        }
    }

    fn filter_of_everything(&self) -> Result<Filter, FileError> {
        Filter::parse("").map_err(|error| self.wrong("filter", error.to_string()))
    }

    fn group_by(&self) -> Result<Vec<Field>, FileError> {
        let field = |(text, _): (&str, Range<usize>)| {
            let segments: Vec<String> = match text.split_once('.') {
                Some((entity, key)) => vec![entity.to_owned(), key.trim_matches('`').to_owned()],
                None => vec![text.to_owned()],
            };
            let groups = |field: &Field| {
                use Field::{Experiment, Metadata, Name, Run, Session, Status, Tag, User};
                matches!(field, Tag(_) | Metadata(_) | Name | Session | User | Run | Status | Experiment)
            };
            Field::from_segments(&segments).filter(groups).ok_or_else(|| {
                self.wrong("group_by", format!("traces cannot be grouped by {text:?}"))
                    .hint("group by tags.KEY, metadata.KEY, name, session, user, run_id, status or experiment_id")
            })
        };
        self.strings("group_by")?.into_iter().map(field).collect()
    }

    fn archive_to(&self, url: &str) -> Result<String, FileError> {
        let is_folder = !url.contains("://") && !url.trim().is_empty();
        let is_store = ["s3://", "gs://", "az://", "file://"]
            .iter()
            .any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.trim_matches('/').is_empty()));
        if is_folder || is_store {
            return Ok(url.to_owned());
        }
        Err(self
            .wrong("archive_to", format!("{url:?} is no place for an archive"))
            .hint("give a folder, or a URL such as s3://bucket/prefix, gs://… or az://…"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn age(text: &str) -> Result<i64, String> {
        let days = text.strip_suffix('d').and_then(|days| days.parse::<i64>().ok());
        days.map(|days| days * DAY).ok_or_else(|| format!("expected days, got {text:?}"))
    }

    fn policy(text: &str) -> RetentionPolicy {
        read(text, "retention.toml", 100 * DAY, age).unwrap_or_else(|error| panic!("{error}"))
    }

    const WHOLE: &str = r#"
[defaults]
min_age = "1d"
max_delete = 50_000
max_delete_percent = 30

[[rule]]
name = "production"
experiments = ["production-*"]
filter = "tags.environment = 'production'"
keep_within = "30d"
keep_last = 500
keep_daily = 90
group_by = ["tags.team"]
keep_if = ["feedback.correctness IS NOT NULL", "tags.keep = 'true'", "status = 'ERROR' AND timestamp > -90d"]
archive_to = "s3://traces/expired"
"#;

    #[test]
    fn every_key_is_read() {
        let policy = policy(WHOLE);
        assert_eq!(policy.caps, Caps { max_delete: Some(50_000), max_delete_percent: Some(30) });
        let rule = &policy.rules[0];
        assert_eq!((rule.name.as_str(), rule.experiments[0].as_str()), ("production", "production-*"));
        assert_eq!((rule.min_age_ms, rule.keep_within_ms), (DAY, Some(30 * DAY)));
        assert_eq!(rule.counts, [500, 0, 90, 0, 0, 0]);
        assert_eq!(rule.group_by, [Field::Tag("team".into())]);
        assert_eq!(rule.keep_if.len(), 3);
        assert_eq!(rule.archive_to.as_deref(), Some("s3://traces/expired"));
        assert_eq!(rule.cutoff_ms(policy.as_of_ms), 70 * DAY);
        assert!(policy.refusal().is_none());
    }

    #[test]
    fn places_count_from_the_folder_of_the_policy() {
        let text = "[[rule]]\nname = \"a\"\nexperiments = \"x\"\nkeep_last = 1\narchive_to = 'it is \"old\"' # here\n";
        let folder = Path::new("/etc/policies");
        for (written, absolute) in [
            ("'it is \"old\"'", "/etc/policies/it is \"old\""),
            ("\"/var/expired\"", "/var/expired"),
            ("\"file://expired\"", "file:///etc/policies/expired"),
            ("\"s3://bucket/prefix\"", "s3://bucket/prefix"),
        ] {
            let text = text.replace("'it is \"old\"'", written);
            let mut policy = policy(&text);
            policy.archives_count_from(folder);
            assert_eq!(policy.rules[0].archive_to.as_deref(), Some(absolute));
            let rewritten = with_absolute_archives(&text, folder);
            assert_eq!(super::tests::policy(&rewritten).rules[0].archive_to.as_deref(), Some(absolute), "{rewritten}");
            assert!(
                rewritten.contains(" # here\n") && rewritten.starts_with("[[rule]]\nname = \"a\"\n"),
                "{rewritten}"
            );
        }
    }

    #[test]
    fn the_hash_is_of_the_meaning() {
        let hash = policy(WHOLE).hash();
        assert_eq!(hash.len(), 64);
        let spelled = WHOLE.replace("50_000", "50000").replace("status = 'ERROR' AND", "status='ERROR'  and");
        assert_eq!(policy(&format!("# a comment\n{spelled}")).hash(), hash);
        let later = read(WHOLE, "x", 200 * DAY, age).unwrap();
        assert_eq!(later.hash(), hash, "when it is read makes no difference");
        for (from, to) in [("30d", "31d"), ("500", "501"), ("'true'", "'yes'"), ("-90d", "-91d"), ("= 30\n", "= 31\n")]
        {
            assert_ne!(policy(&WHOLE.replace(from, to)).hash(), hash, "{from}");
        }
    }

    #[test]
    fn a_star_without_quotes_is_no_key() {
        let keep = |text: &str| WHOLE.replace("\"tags.keep = 'true'\"", &format!("{text:?}"));
        let error = read(&keep("feedback.* IS NOT NULL"), "x", 100 * DAY, age).unwrap_err();
        assert!(error.to_string().contains("feedback.* means a key named *"), "{error}");
        assert!(read(&keep("feedback.`*` IS NOT NULL"), "x", 100 * DAY, age).is_ok());
    }

    #[test]
    fn mistakes_name_file_line_and_key() {
        for (from, to, message, hint) in [
            (
                "keep_last",
                "keep_lst",
                "retention.toml:12: rule \"production\": there is no key \"keep_lst\"",
                "keep_last",
            ),
            ("[defaults]", "[default]", "retention.toml:2: there is no key \"default\"", "defaults"),
            ("min_age", "colour", "retention.toml:3: defaults: there is no key \"colour\"", "min_age, max_delete"),
            ("500", "\"many\"", "retention.toml:12: rule \"production\", keep_last: expected a whole number", "leave"),
            ("500", "0", "retention.toml:12: rule \"production\", keep_last: expected a whole number from 1", "leave"),
            ("\"30d\"", "\"30x\"", "retention.toml:11: rule \"production\", keep_within: expected days", ""),
            ("\"30d\"", "30", "keep_within: expected a text in quotes, got a whole number", ""),
            (
                "max_delete_percent = 30",
                "max_delete_percent = 101",
                "retention.toml:5: defaults, max_delete_percent",
                "",
            ),
            ("environment =", "environment ==", "retention.toml:10: rule \"production\", filter: ", "="),
            ("IS NOT NULL", "IS NOT NIL", "retention.toml:15: rule \"production\", keep_if: ", ""),
            ("[\"tags.team\"]", "[\"feedback.x\"]", "cannot be grouped by", "tags.KEY"),
            ("[\"production-*\"]", "[]", "names no experiments", "[\"*\"]"),
            ("\"s3://traces/expired\"", "\"ftp://x\"", "is no place for an archive", "s3://"),
            ("name = \"production\"", "", "retention.toml:7: rule 1: the rule has no name", ""),
            ("500", "", "retention.toml:12", ""),
        ] {
            let text = WHOLE.replacen(from, to, 1);
            let error = read(&text, "retention.toml", 0, age).expect_err(to);
            assert!(error.to_string().contains(message), "{error}");
            assert!(error.hints.join(" ").contains(hint), "{:?}", error.hints);
        }
    }

    #[test]
    fn names_are_unique_and_emptying_needs_a_filter() {
        let rule = "[[rule]]\nname = \"a\"\nexperiments = [\"x\"]\nkeep_last = 1\n";
        let twice = read(&rule.repeat(2), "f", 0, age).unwrap_err();
        assert!(twice.to_string().starts_with("f:6: rule 2, name: there are two rules"), "{twice}");
        let empties = read(&format!("{rule}allow_empty = true\n"), "f", 0, age).unwrap_err();
        assert!(empties.to_string().contains("allow_empty: only a rule with a filter"), "{empties}");
    }

    #[test]
    fn defaults_hold_for_every_rule_and_cannot_be_shortened() {
        let text = |own: &str| {
            format!("[defaults]\nmin_age = \"7d\"\n[[rule]]\nname = \"a\"\nexperiments = \"x\"\nmin_age = \"{own}\"\n")
        };
        assert_eq!(policy(&text("1d")).rules[0].min_age_ms, 7 * DAY);
        assert_eq!(policy(&text("9d")).rules[0].min_age_ms, 9 * DAY);
    }

    #[test]
    fn files_stay_unless_the_rule_or_the_defaults_say_otherwise() {
        let text = |default: &str, own: &str| {
            format!("[defaults]\n{default}\n[[rule]]\nname = \"a\"\nexperiments = \"x\"\nkeep_last = 1\n{own}\n")
        };
        let (keep, delete) = ("artifacts = \"keep\"", "artifacts = \"delete\"");
        for (default, own, goes) in
            [("", "", false), ("", delete, true), (delete, "", true), (delete, keep, false), (keep, delete, true)]
        {
            assert_eq!(policy(&text(default, own)).rules[0].deletes_artifacts, goes, "{default} {own}");
        }
        assert_eq!(policy(&text("", "")).hash(), policy(&text("", keep)).hash());
        assert_ne!(policy(&text("", "")).hash(), policy(&text("", delete)).hash());
        let error = read(&text("", "artifacts = \"all\""), "f", 0, age).unwrap_err();
        assert!(error.to_string().contains("rule \"a\", artifacts: expected keep or delete, got \"all\""), "{error}");
    }

    #[test]
    fn what_would_take_too_much_is_refused() {
        use crate::retention::Refusal;

        assert_eq!(policy("").refusal(), Some(Refusal::NoRule));
        let rule = |more: &str| policy(&format!("[[rule]]\nname = \"a\"\nexperiments = [\"x\"]\n{more}\n")).refusal();
        let unbound = Some(Refusal::NoTimeBound { rule: "a".into() });
        assert_eq!(rule(""), unbound);
        assert_eq!(rule("filter = \"status = 'OK'\"\nkeep_if = [\"tags.a = 'b'\"]"), unbound);
        for bound in ["keep_last = 1", "keep_yearly = 1", "min_age = \"1d\"", "filter = \"timestamp < -5d\""] {
            assert_eq!(rule(bound), None, "{bound}");
        }
        assert_eq!(
            rule("keep_last = 1\nfilter = \"feedback.good = 'true'\""),
            Some(Refusal::SelectsBySession { rule: "a".into() })
        );
        assert_eq!(rule("keep_last = 1\nkeep_if = \"feedback.good = 'true'\""), None);
    }
}
