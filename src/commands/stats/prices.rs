//! A file of prices.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::{Context, inputs};
use crate::analysis::stats::{Price, Prices};
use crate::cli::{Moment, StatsArgs};
use crate::error::CliError;

const KEYS: &[&str] = &["model", "input", "cached", "output", "since"];

/// The prices that are given, if any are.
pub fn given(context: &mut Context<'_>, args: &StatsArgs) -> Result<Option<Prices>, CliError> {
    let Some(file) = &args.prices else { return Ok(None) };
    let unreadable = |error: &std::io::Error| CliError::usage(format!("cannot read {}: {error}", file.display()));
    let text = inputs::text(context, file, inputs::TEXT).map_err(|unread| unread.into_error(unreadable))?;
    let wrong = |message: String| {
        CliError::usage(format!("{}: {message}", file.display()))
            .hint("a price is [[price]] with model, input and output, and if need be cached and since; in US dollars for a million tokens")
    };
    read(&text).map(Some).map_err(wrong)
}

/// Reads prices; an error is a sentence.
fn read(text: &str) -> Result<Prices, String> {
    let root = DeTable::parse(text).map_err(|error| error.message().trim_end().to_owned())?;
    if let Some((name, _)) = root.get_ref().iter().find(|(name, _)| name.get_ref() != "price") {
        return Err(format!("there is no key {:?}", name.get_ref()));
    }
    let tables = root.get_ref().get("price").map(Spanned::get_ref);
    let Some(DeValue::Array(tables)) = tables else { return Err("it has no [[price]]".to_owned()) };
    let table = |value: &DeValue| match value {
        DeValue::Table(table) => price(table),
        _ => Err("price is not a table".to_owned()),
    };
    let prices = tables.iter().enumerate();
    prices
        .map(|(place, value)| table(value.get_ref()).map_err(|error| format!("price {}: {error}", place + 1)))
        .collect::<Result<_, _>>()
        .map(Prices)
}

fn price(table: &DeTable) -> Result<Price, String> {
    if let Some((name, _)) = table.iter().find(|(name, _)| !KEYS.contains(&name.get_ref().as_ref())) {
        return Err(format!("there is no key {:?}; the keys are {}", name.get_ref(), KEYS.join(", ")));
    }
    let value = |key: &str| table.get(key).map(Spanned::get_ref);
    let needed = |key: &str| number(value(key), key)?.ok_or_else(|| format!("{key} is missing"));
    let Some(DeValue::String(model)) = value("model") else { return Err("model is missing, or no text".to_owned()) };
    Ok(Price {
        model: model.to_string(),
        since_ms: since(value("since"))?,
        input: needed("input")?,
        cached: number(value("cached"), "cached")?,
        output: needed("output")?,
    })
}

fn number(value: Option<&DeValue>, key: &str) -> Result<Option<f64>, String> {
    let text = match value {
        None => return Ok(None),
        Some(DeValue::Integer(number)) => number.to_string(),
        Some(DeValue::Float(number)) => number.to_string(),
        Some(_) => String::new(),
    };
    let number = text.replace('_', "").parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    number.map(Some).ok_or_else(|| format!("{key} is no number from 0 on"))
}

/// A date or time, in UTC unless it has an offset.
fn since(value: Option<&DeValue>) -> Result<Option<i64>, String> {
    let text = match value {
        None => return Ok(None),
        Some(DeValue::Datetime(time)) => time.to_string(),
        Some(DeValue::String(text)) => text.to_string(),
        Some(_) => String::new(),
    };
    match text.parse() {
        Ok(Moment::At(ms)) => Ok(Some(ms)),
        _ => Err("since is no date such as 2026-11-01".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_and_mistakes_are_named() {
        let text = "[[price]]\nmodel = \"gpt-4o-mini\"\ninput = 0.15\noutput = 1\nsince = 2026-11-01\n\
                    [[price]]\nmodel = \"claude-*\"\ninput = 3\ncached = 0.3\noutput = 15.0\n";
        let Prices(prices) = read(text).unwrap();
        let mini = Price {
            model: "gpt-4o-mini".into(),
            since_ms: Some(1_793_491_200_000),
            input: 0.15,
            cached: None,
            output: 1.0,
        };
        assert_eq!((prices.len(), &prices[0], prices[1].cached), (2, &mini, Some(0.3)));
        for (wrong, named) in [
            ("", "no [[price]]"),
            ("[[price]]", "model is missing"),
            ("[[price]]\nmodel = \"a\"\ninput = \"1\"\noutput = 2", "input is no number"),
            ("[[price]]\nmodel = \"a\"\ninput = -1\noutput = 2", "input is no number"),
            ("[[price]]\nmodel = \"a\"\ninput = 1", "output is missing"),
            ("[[price]]\nmodel = \"a\"\nin = 1", "no key \"in\""),
            ("[[price]]\nmodel = \"a\"\ninput = 1\noutput = 1\nsince = \"soon\"", "since is no date"),
            ("[prices]", "no key \"prices\""),
            ("[[price", ""),
        ] {
            let error = read(wrong).unwrap_err();
            assert!(error.contains(named) && !error.is_empty(), "{wrong}: {error}");
        }
    }
}
