//! A file of prices.

use super::super::{Context, inputs};
use crate::analysis::stats::{Price, Prices};
use crate::cli::{Moment, StatsArgs};
use crate::error::CliError;
use crate::model::document::{FileError, Part, TomlDocument};

const KEYS: &[&str] = &["model", "input", "cached", "output", "since"];

/// The prices that are given, if any are.
pub fn given(context: &mut Context<'_>, args: &StatsArgs) -> Result<Option<Prices>, CliError> {
    let Some(file) = &args.prices else { return Ok(None) };
    let unreadable = |error: &std::io::Error| CliError::usage(format!("cannot read {}: {error}", file.display()));
    let text = inputs::text(context, file, inputs::TEXT).map_err(|unread| unread.into_error(unreadable))?;
    let wrong = |error: FileError| {
        CliError::from(error)
            .hint("a price is [[price]] with model, input and output, and if need be cached and since; in US dollars for a million tokens")
    };
    read(&text, &file.display().to_string()).map(Some).map_err(wrong)
}

fn read(text: &str, file: &str) -> Result<Prices, FileError> {
    TomlDocument { text, file: file.to_owned(), known: () }.read(|root| {
        root.check_keys(&["price"])?;
        let prices = root.tables("price")?;
        if prices.is_empty() {
            return Err(FileError::of_file(file, "it has no [[price]]"));
        }
        prices.iter().map(Part::price).collect::<Result<_, _>>().map(Prices)
    })
}

impl Part<'_, ()> {
    fn price(&self) -> Result<Price, FileError> {
        self.check_keys(KEYS)?;
        let missing = |key: &str| self.wrong("", format!("{key} is missing"));
        Ok(Price {
            model: self.string("model")?.ok_or_else(|| missing("model"))?.to_owned(),
            since_ms: self.since()?,
            input: self.dollars("input")?.ok_or_else(|| missing("input"))?,
            cached: self.dollars("cached")?,
            output: self.dollars("output")?.ok_or_else(|| missing("output"))?,
        })
    }

    fn dollars(&self, key: &str) -> Result<Option<f64>, FileError> {
        // A text is no number, whatever it says.
        let text = if matches!(self.string(key), Ok(Some(_))) { Some(String::new()) } else { self.written(key) };
        let Some(text) = text else { return Ok(None) };
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
        number.map(Some).ok_or_else(|| self.wrong(key, "expected a number from 0"))
    }

    /// A date or time, in UTC unless it has an offset.
    fn since(&self) -> Result<Option<i64>, FileError> {
        match self.written("since").map(|text| text.parse()) {
            None => Ok(None),
            Some(Ok(Moment::At(ms))) => Ok(Some(ms)),
            Some(_) => Err(self.wrong("since", "expected a date such as 2026-11-01")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_and_mistakes_are_named() {
        let text = "[[price]]\nmodel = \"gpt-4o-mini\"\ninput = 0.15\noutput = 1\nsince = 2026-11-01\n\
                    [[price]]\nmodel = \"claude-*\"\ninput = 3\ncached = 0.3\noutput = 15.0\n";
        let Prices(prices) = read(text, "p.toml").unwrap();
        let mini = Price {
            model: "gpt-4o-mini".into(),
            since_ms: Some(1_793_491_200_000),
            input: 0.15,
            cached: None,
            output: 1.0,
        };
        assert_eq!((prices.len(), &prices[0], prices[1].cached), (2, &mini, Some(0.3)));
        for (wrong, named) in [
            ("", "it has no [[price]]"),
            ("[[price]]", ":1: price 1: model is missing"),
            ("[[price]]\nmodel = \"a\"\ninput = \"1\"\noutput = 2", ":3: price 1, input: expected a number from 0"),
            ("[[price]]\nmodel = \"a\"\ninput = -1\noutput = 2", ":3: price 1, input: expected a number from 0"),
            ("[[price]]\nmodel = \"a\"\ninput = 1", ":1: price 1: output is missing"),
            ("[[price]]\nmodel = \"a\"\nin = 1", ":3: price 1: there is no key \"in\""),
            (
                "[[price]]\nmodel = \"a\"\ninput = 1\noutput = 1\nsince = \"soon\"",
                ":5: price 1, since: expected a date",
            ),
            ("[prices]", ":1: there is no key \"prices\""),
            ("[[price", ""),
        ] {
            let error = read(wrong, "p.toml").unwrap_err().to_string();
            assert!(error.starts_with("p.toml:") && error.contains(named), "{wrong}: {error}");
        }
    }
}
