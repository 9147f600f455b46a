//! The rules of a check: from flags and from a file.

use std::path::Path;

use super::super::{Context, inputs};
use super::limits::{metric_of, metric_of_list, named, number};
use crate::analysis::gate::{Bound, Demand, GateRule};
use crate::cli::{CheckArgs, KeyValue, Period};
use crate::error::CliError;
use crate::model::document::{FileError, Part, TomlDocument};

const DOCUMENT_KEYS: &[&str] = &["min_count", "baseline", "rule"];
const RULE_KEYS: &[&str] = &["name", "metric", "max", "min", "none", "no_worse", "filter", "min_count"];

/// What is asked.
#[derive(Default)]
pub struct AskedRules {
    pub rules: Vec<GateRule>,
    /// How long the baseline is, in milliseconds.
    pub baseline_ms: Option<i64>,
}

/// Reads the rules of the flags and of the file.
pub fn read(context: &mut Context<'_>, args: &CheckArgs) -> Result<AskedRules, CliError> {
    let mut asked = match &args.rules {
        Some(file) => of_file(context, file, args.min_count)?,
        None => AskedRules::default(),
    };
    let min_count = args.min_count.unwrap_or(1);
    asked.rules.extend(of_flags(args, min_count)?);
    asked.baseline_ms = args.baseline.map(Period::as_millis).or(asked.baseline_ms);
    if args.baseline.is_some() {
        for metric in ["error_rate", "p50:duration"] {
            asked.rules.push(named(None, None, Demand::NoWorse(metric_of(metric)?), min_count));
        }
    }
    if asked.rules.is_empty() {
        return Err(CliError::usage("check has no rules")
            .hint("for example: `mlflow-trace check --max-error-rate 2% --max-p95 8s`")
            .hint("or name a file of rules: `mlflow-trace check rules.toml`"));
    }
    Ok(asked)
}

fn of_flags(args: &CheckArgs, min_count: u64) -> Result<Vec<GateRule>, CliError> {
    let limit = |flag: &str, metric: &str, value: &str, at: fn(f64) -> Bound| {
        let metric = metric_of(metric)?;
        let number = number(value, metric.unit()).map_err(|wrong| CliError::usage(format!("{flag}: {wrong}")))?;
        Ok::<_, CliError>(named(None, None, Demand::Within(metric, at(number)), min_count))
    };
    let mut rules = Vec::new();
    for (flag, metric, value) in [
        ("--max-error-rate", "error_rate", &args.max_error_rate),
        ("--max-p95", "p95:duration", &args.max_p95),
        ("--max-cost-per-trace", "mean:cost.total", &args.max_cost_per_trace),
    ] {
        rules.extend(value.as_ref().map(|value| limit(flag, metric, value, Bound::AtMost)).transpose()?);
    }
    for KeyValue { key, value } in &args.max {
        rules.push(limit("--max", key, value, Bound::AtMost)?);
    }
    for KeyValue { key, value } in &args.min {
        rules.push(limit("--min", key, value, Bound::AtLeast)?);
    }
    for KeyValue { key, value } in &args.min_feedback {
        rules.push(limit("--min-feedback", &format!("mean:feedback.{key}"), value, Bound::AtLeast)?);
    }
    rules.extend(args.none.iter().map(|filter| named(None, Some(filter.clone()), Demand::NoMatch, min_count)));
    Ok(rules)
}

fn of_file(context: &mut Context<'_>, file: &Path, min_count: Option<u64>) -> Result<AskedRules, CliError> {
    let unreadable =
        |error: &std::io::Error| CliError::usage(format!("cannot read the rules from {}: {error}", file.display()));
    let text = inputs::text(context, file, inputs::TEXT).map_err(|unread| unread.into_error(unreadable))?;
    Ok(of_text(&text, &file.display().to_string(), min_count)?)
}

/// Reads a file of rules; `min_count` goes before its own one.
fn of_text(text: &str, file: &str, min_count: Option<u64>) -> Result<AskedRules, FileError> {
    TomlDocument { text, file: file.to_owned(), known: () }.read(|root| {
        root.check_keys(DOCUMENT_KEYS)?;
        let usual = min_count.or(root.number("min_count")?).unwrap_or(1);
        let baseline_ms = match root.string("baseline")? {
            Some(text) => Some(text.parse::<Period>().map_err(|wrong| root.wrong("baseline", wrong))?.as_millis()),
            None => None,
        };
        let rules = root.tables("rule")?;
        let rules = rules.iter().map(|part| rule(part, min_count, usual)).collect::<Result<Vec<_>, _>>()?;
        if rules.iter().any(|rule| matches!(rule.demand, Demand::NoWorse(_))) && baseline_ms.is_none() {
            return Err(
                FileError::of_file(file, "no_worse needs a baseline").hint("write baseline = \"7d\" at the top")
            );
        }
        Ok(AskedRules { rules, baseline_ms })
    })
}

fn rule(part: &Part<'_, ()>, given: Option<u64>, usual: u64) -> Result<GateRule, FileError> {
    part.check_keys(RULE_KEYS)?;
    let filter = part.string("filter")?.map(str::to_owned);
    let name = part.string("name")?;
    let min_count = given.or(part.number("min_count")?).unwrap_or(usual);
    let asked: Vec<&str> =
        ["max", "min", "none", "no_worse"].into_iter().filter(|key| part.get(key).is_some()).collect();
    let [asks] = asked.as_slice() else {
        return Err(part.wrong("", "a rule has one of max, min, no_worse and none"));
    };
    if let Some(none) = part.string_of("none", asks)? {
        if part.get("metric").is_some() {
            return Err(part.wrong("metric", "a rule with none has no metric"));
        }
        let filter = filter.map_or_else(|| none.to_owned(), |filter| format!("({filter}) AND ({none})"));
        return Ok(named(name, Some(filter), Demand::NoMatch, min_count));
    }
    let text = part.string("metric")?.ok_or_else(|| part.wrong("", "the rule has no metric"))?;
    let metric = metric_of_list(text).map_err(|(wrong, hint)| part.wrong("metric", wrong).hint(hint))?;
    let demand = match *asks {
        "no_worse" if part.boolean("no_worse")? => Demand::NoWorse(metric),
        "no_worse" => return Err(part.wrong("no_worse", "expected true")),
        key => {
            let number = number(&part.written(key).unwrap_or_default(), metric.unit())
                .map_err(|wrong| part.wrong(key, wrong))?;
            Demand::Within(metric, if key == "max" { Bound::AtMost(number) } else { Bound::AtLeast(number) })
        }
    };
    Ok(named(name, filter, demand, min_count))
}

impl<'t> Part<'t, ()> {
    /// The text of a key, if that is the one that is asked for.
    fn string_of(&self, key: &str, asked: &str) -> Result<Option<&'t str>, FileError> {
        if key == asked { self.string(key) } else { Ok(None) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_rules_is_read() {
        let text = "min_count = 50\nbaseline = \"7d\"\n\
                    [[rule]]\nname = \"errors\"\nmetric = \"error_rate\"\nmax = \"2%\"\n\
                    [[rule]]\nmetric = \"p95:duration\"\nmax = \"8s\"\nfilter = \"name = 'chat'\"\nmin_count = 5\n\
                    [[rule]]\nmetric = \"mean:feedback.score\"\nmin = 0.9\n\
                    [[rule]]\nnone = \"status = 'ERROR'\"\nfilter = \"name = 'x'\"\n\
                    [[rule]]\nmetric = \"error_rate\"\nno_worse = true\n";
        let AskedRules { rules, baseline_ms } = of_text(text, "r.toml", None).unwrap();
        let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(baseline_ms, Some(7 * 86_400_000));
        assert_eq!(
            names,
            [
                "errors",
                "p95:duration_ms at most 8.00s",
                "mean:feedback.score at least 0.9",
                "no trace matches (name = 'x') AND (status = 'ERROR')",
                "error_rate no worse than before"
            ]
        );
        assert_eq!(rules.iter().map(|rule| rule.min_count).collect::<Vec<_>>(), [50, 5, 50, 50, 50]);
        assert!(of_text(text, "r.toml", Some(3)).unwrap().rules.iter().all(|rule| rule.min_count == 3));
    }

    #[test]
    fn what_is_wrong_with_a_rule_is_named_with_its_line() {
        for (text, wrong) in [
            ("[[rule]]\nmetric = \"error_rate\"\n", ":1: rule 1: a rule has one of max"),
            ("[[rule]]\nmetric = \"error_rate\"\nmax = 1\nmin = 0\n", ":1: rule 1: a rule has one of max"),
            ("[[rule]]\nmetric = \"error_rat\"\nmax = 1\n", ":2: rule 1, metric: unknown metric"),
            ("[[rule]]\nmetric = \"p95:duration\"\nmax = 8\n", ":3: rule 1, max: expected a duration such as 8s"),
            ("[[rule]]\nmetric = \"error_rate\"\nmax = 2\n", ":3: rule 1, max: expected a share such as 2%"),
            ("[[rule]]\nmetric = \"errors\"\nmax = \"x\"\n", ":3: rule 1, max: expected a number"),
            ("[[rule]]\nmetric = \"errors,traces\"\nmax = 1\n", "more than one metric"),
            ("[[rule]]\nmetric = \"errors\"\nnone = \"x = 1\"\n", "a rule with none has no metric"),
            ("[[rule]]\nmax = 1\n", "the rule has no metric"),
            ("[[rule]]\nmetric = \"error_rate\"\nno_worse = true\n", "no_worse needs a baseline"),
            ("[[rules]]\n", "there is no key \"rules\""),
            ("baseline = \"soon\"\n", ":1: baseline: expected a duration"),
        ] {
            let error = of_text(text, "r.toml", None).map(|_| ()).unwrap_err().to_string();
            assert!(error.starts_with("r.toml:") && error.contains(wrong), "{text}: {error}");
        }
    }
}
