//! Templates in Jinja's language.

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, context};
use serde_json::Value;

use super::shaped::{Made, Shape, ShapeError};

/// What a template is called in messages.
const NAME: &str = "--template";
/// Steps that a template may take: more than any does that ends.
const FUEL: u64 = 50_000_000;

/// A template, ready to be filled in.
pub(super) struct Template(Environment<'static>);

impl Template {
    /// Fails with what is wrong with the template.
    pub fn new(template: &str) -> Result<Self, ShapeError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        environment.set_fuel(Some(FUEL));
        environment.add_template_owned(NAME, template.to_owned()).map_err(|error| told(&error))?;
        Ok(Self(environment))
    }
}

impl Shape for Template {
    fn make(&self, document: &[u8]) -> Result<Vec<Made>, ShapeError> {
        let it: Value =
            serde_json::from_slice(document).map_err(|error| ShapeError(format!("--template needs JSON: {error}")))?;
        let is_object = it.is_object();
        let it = minijinja::Value::from(Serde(it));
        let values = if is_object {
            context! { it => it.clone(), ..it }
        } else {
            context! { it => it }
        };
        let filled = self.0.get_template(NAME).and_then(|template| template.render(values));
        Ok(vec![Made::Text(filled.map_err(|error| told(&error))?)])
    }
}

fn told(error: &minijinja::Error) -> ShapeError {
    let line = error.line().filter(|line| *line > 1).map(|line| format!(" in line {line}")).unwrap_or_default();
    let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    ShapeError(format!("--template{line}: {what}"))
}
