//! One rule of a check: its metric, its limit and its name.

use crate::analysis::gate::{Bound, Demand, GateRule};
use crate::analysis::stats::{Metric, Unit};
use crate::cli::Period;
use crate::error::CliError;
use crate::output::human_number;

/// A metric of a flag.
pub fn metric_of(text: &str) -> Result<Metric, CliError> {
    metric_of_list(text).map_err(|(wrong, hint)| CliError::usage(wrong).hint(hint))
}

/// One metric, or what is wrong and what to do instead.
pub fn metric_of_list(text: &str) -> Result<Metric, (String, String)> {
    let mut metrics = Metric::parse_list(text).map_err(|error| (error.message, error.hint))?;
    match metrics.len() {
        1 => Ok(metrics.remove(0)),
        _ => Err((format!("{text:?} is more than one metric"), "write one rule for each".to_owned())),
    }
}

/// A number in the unit of a metric: `2%`, `8s`, `$0.05`, `20000`.
pub fn number(text: &str, unit: Unit) -> Result<f64, String> {
    let text = text.trim();
    let plain = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let percent = text.strip_suffix('%').and_then(plain).map(|percent| percent / 100.0);
    let read = match unit {
        Unit::Share => percent.or_else(|| plain(text)).filter(|share| (0.0..=1.0).contains(share)),
        Unit::Milliseconds => text.parse::<Period>().ok().map(|period| period.as_millis() as f64),
        Unit::Dollars => plain(text.strip_prefix('$').unwrap_or(text)),
        Unit::Count | Unit::Plain => percent.filter(|_| unit == Unit::Plain).or_else(|| plain(text)),
    };
    let example = match unit {
        Unit::Share => "a share such as 2% or 0.02",
        Unit::Milliseconds => "a duration such as 8s or 250ms",
        Unit::Dollars => "US dollars such as 0.05",
        Unit::Count | Unit::Plain => "a number",
    };
    read.ok_or_else(|| format!("expected {example}, got {text:?}"))
}

/// A rule; without a name, it is called what it says.
pub fn named(name: Option<&str>, filter: Option<String>, demand: Demand, min_count: u64) -> GateRule {
    let usual = || match &demand {
        Demand::Within(metric, Bound::AtMost(most)) => {
            format!("{} at most {}", metric.name(), human_number(Some(*most), metric.unit()))
        }
        Demand::Within(metric, Bound::AtLeast(least)) => {
            format!("{} at least {}", metric.name(), human_number(Some(*least), metric.unit()))
        }
        Demand::NoWorse(metric) => format!("{} no worse than before", metric.name()),
        Demand::NoMatch => format!("no trace matches {}", filter.as_deref().unwrap_or_default()),
    };
    let name = name.filter(|name| !name.trim().is_empty()).map_or_else(usual, str::to_owned);
    GateRule { name, filter, demand, min_count }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_the_unit_of_their_metric() {
        assert_eq!(number("2%", Unit::Share), Ok(0.02));
        assert_eq!(number("0.5", Unit::Share), Ok(0.5));
        assert_eq!(number("1m30s", Unit::Milliseconds), Ok(90_000.0));
        assert_eq!(number("$0.05", Unit::Dollars), Ok(0.05));
        assert_eq!(number("80%", Unit::Plain), Ok(0.8));
        for (text, unit) in [("2", Unit::Share), ("8", Unit::Milliseconds), ("NaN", Unit::Plain), ("2%", Unit::Count)] {
            assert!(number(text, unit).is_err(), "{text}");
        }
    }
}
