//! Which traces are A and which are B.

use std::path::PathBuf;

use super::super::{Context, selection};
use crate::cli::{DiffArgs, SelectionArgs};
use crate::error::CliError;
use crate::filter::Filter;
use crate::filter::typed::{Clause, Condition, Test, TextOperator};
use crate::model::TimeWindow;
use crate::model::field::Field;
use crate::store::{Address, Store};

/// One of the two sets.
pub struct SideOf {
    /// What it is called.
    pub name: String,
    pub filter: Filter,
    pub window: TimeWindow,
    /// Where it is, if not where everything else is.
    archive: Option<PathBuf>,
}

/// Both sets.
pub struct Sides {
    pub a: SideOf,
    pub b: SideOf,
    /// Whether A is everything that is not in B.
    pub is_rest: bool,
    /// The fields that tell them apart by what was asked.
    pub chosen_by: Vec<String>,
}

impl Sides {
    /// Reads what was asked; every filter is checked before anything is read.
    pub fn new(context: &mut Context<'_>, args: &DiffArgs) -> Result<Self, CliError> {
        let everything = TimeWindow::default();
        let plain = |context: &mut Context<'_>, name: String, filter: Option<&str>, flags: &SelectionArgs| {
            let filter = selection::filter(context, filter, flags)?;
            Ok::<_, CliError>(SideOf { name, filter, window: everything, archive: None })
        };
        let common = args.filter.as_deref();
        let flags = &args.selection;
        if let [one, rest @ ..] = args.filters.as_slice() {
            let is_rest = rest.is_empty();
            let (a, b) = rest.first().map_or((None, one), |two| (Some(one), two));
            let name = |filter: Option<&String>| filter.map_or_else(|| "everything else".to_owned(), Clone::clone);
            let text = |filter: Option<&String>| both(common, filter.map(String::as_str));
            let chosen_by =
                [a, Some(b)].into_iter().flatten().map(|text| fields(context, text)).collect::<Result<Vec<_>, _>>()?;
            return Ok(Self {
                a: plain(context, name(a), text(a).as_deref(), flags)?,
                b: plain(context, name(Some(b)), text(Some(b)).as_deref(), flags)?,
                is_rest,
                chosen_by: chosen_by.concat(),
            });
        }
        for (values, field, word) in [(&args.versions, Field::Version, "version"), (&args.runs, Field::Run, "run")] {
            let [a, b] = values.as_slice() else { continue };
            let side = |context: &mut Context<'_>, value: &String| {
                let text = both(common, Some(&equal(&field, value)?));
                plain(context, format!("{word} {value}"), text.as_deref(), flags)
            };
            let chosen_by = vec![field.column_name().into_owned()];
            return Ok(Self { a: side(context, a)?, b: side(context, b)?, is_rest: false, chosen_by });
        }
        if let Some(length) = args.window {
            let now_ms = context.ui.clock().now_ms();
            let until_ms = flags.until.map_or(now_ms, |until| until.resolve(now_ms));
            let [split_ms, from_ms] =
                [1, 2].map(|times| until_ms.saturating_sub(length.as_millis().saturating_mul(times)));
            let within =
                |from: i64, until: i64| TimeWindow { oldest_ms: Some(from), newest_ms: Some(until.saturating_sub(1)) };
            let (a, b) = (
                plain(context, "the period before".into(), common, flags)?,
                plain(context, "the last period".into(), common, flags)?,
            );
            let (a, b) =
                (SideOf { window: within(from_ms, split_ms), ..a }, SideOf { window: within(split_ms, until_ms), ..b });
            return Ok(Self { a, b, is_rest: false, chosen_by: Vec::new() });
        }
        let file = args.baseline.clone().unwrap_or_default();
        let (a, b) = (
            plain(context, file.display().to_string(), common, flags)?,
            plain(context, "selected traces".into(), common, flags)?,
        );
        Ok(Self { a: SideOf { archive: Some(file), ..a }, b, is_rest: false, chosen_by: Vec::new() })
    }
}

impl SideOf {
    /// Where its traces are.
    pub async fn store(&self, context: &mut Context<'_>, verify: bool) -> Result<Store, CliError> {
        match &self.archive {
            Some(file) => context.open(&Address::File(file.clone())),
            None => context.verified_store(verify).await,
        }
    }
}

/// What both say.
fn both(common: Option<&str>, own: Option<&str>) -> Option<String> {
    match (common, own) {
        (Some(common), Some(own)) if !common.trim().is_empty() => Some(format!("({common}) AND ({own})")),
        (_, Some(own)) => Some(own.to_owned()),
        (common, None) => common.map(str::to_owned),
    }
}

/// A condition, written.
fn equal(field: &Field, value: &str) -> Result<String, CliError> {
    let test = Test::Text(TextOperator::Equal, value.to_owned());
    let condition = Condition::Clause(Clause { field: field.clone(), test, span: 0..0 });
    let written = Filter::parse("")?.text_with(&[condition]);
    written.map_err(|error| CliError::usage(error.to_string()))
}

/// The fields that a filter asks for.
fn fields(context: &Context<'_>, text: &str) -> Result<Vec<String>, CliError> {
    let filter = Filter::parse_at(text, context.ui.clock().now_ms())?;
    let clauses = filter.conjuncts().iter().flat_map(Condition::clauses);
    Ok(clauses.map(|clause| clause.field.column_name().into_owned()).collect())
}
