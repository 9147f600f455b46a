//! Prices of models: what a usage costs at a time.

use super::facts::Usage;

/// What a model costs from a moment on, in US dollars for a million tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// Its name; a star at the end stands for any rest.
    pub model: String,
    /// From when on, in epoch milliseconds; always, if nothing is said.
    pub since_ms: Option<i64>,
    /// What goes in.
    pub input: f64,
    /// What goes in and comes from a cache; as the rest, if nothing is said.
    pub cached: Option<f64>,
    /// What comes out.
    pub output: f64,
}

/// All prices that were given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prices(pub Vec<Price>);

const MILLION: f64 = 1e6;

impl Prices {
    /// What a usage of a model cost then: in, out and both. Nothing if the model had no price.
    #[must_use]
    pub fn cost(&self, model: &str, usage: &Usage, at_ms: i64) -> Option<[f64; 3]> {
        let price = self.price(model, at_ms)?;
        let input = usage.input.unwrap_or(0.0);
        let cached = usage.cached.unwrap_or(0.0).min(input);
        let input = (input - cached) * price.input + cached * price.cached.unwrap_or(price.input);
        let (input, output) = (input / MILLION, usage.output.unwrap_or(0.0) * price.output / MILLION);
        Some([input, output, input + output])
    }

    /// The price that a model had: of those that fit, the one with the longest name, and of these the latest.
    fn price(&self, model: &str, at_ms: i64) -> Option<&Price> {
        let fits = |price: &&Price| match price.model.strip_suffix('*') {
            Some(beginning) => model.starts_with(beginning),
            None => price.model == model,
        };
        let began = |price: &&Price| price.since_ms.is_none_or(|since| since <= at_ms);
        self.0.iter().filter(fits).filter(began).max_by_key(|price| (price.model.len(), price.since_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_is_that_of_the_model_at_that_time() {
        let price = |model: &str, since_ms, input| Price {
            model: model.into(),
            since_ms,
            input,
            cached: Some(input / 2.0),
            output: 10.0,
        };
        let prices =
            Prices(vec![price("gpt-4o", None, 4.0), price("gpt-4o", Some(1000), 2.0), price("gpt-*", None, 1.0)]);
        let usage = Usage { input: Some(1e6), cached: Some(4e5), output: Some(1e5), total: None };
        assert_eq!(prices.cost("gpt-4o", &usage, 999), Some([3.2, 1.0, 4.2]));
        assert_eq!(prices.cost("gpt-4o", &usage, 1000), Some([1.6, 1.0, 2.6]));
        assert_eq!(prices.cost("gpt-5", &usage, 0), Some([0.8, 1.0, 1.8]));
        assert_eq!(prices.cost("claude", &usage, 0), None);
    }
}
