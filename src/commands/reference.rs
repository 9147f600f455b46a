//! The reference of the filter language: the prose of `filter/reference.md` and a table made from the one list of fields.

use crate::filter::Filter;
use crate::model::field::Field;

const PROSE: &str = include_str!("../filter/reference.md");

/// A field as the reference shows it.
pub struct FieldEntry {
    /// The name that filters, `--fields` and tables use.
    pub name: String,
    /// Other names.
    pub aliases: Vec<&'static str>,
    /// Description for tables and the reference.
    pub about: &'static str,
    /// Who evaluates it in a filter.
    pub evaluated: Evaluated,
}

/// Who evaluates comparisons with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evaluated {
    /// The server.
    Server,
    /// This program.
    Here,
    /// Nobody: filters cannot ask for it, only `--fields` can.
    Nowhere,
}

impl Evaluated {
    /// In a word or two.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Server => "the server",
            Self::Here => "here",
            Self::Nowhere => "only --fields",
        }
    }
}

/// Everything that a trace can be asked.
#[must_use]
pub fn entries() -> Vec<FieldEntry> {
    let entry = |name: String, aliases: &[&'static str], about: &'static str| {
        let evaluated = evaluated(&name);
        FieldEntry { name, aliases: aliases.to_vec(), about, evaluated }
    };
    let named = Field::named().map(|row| entry(row.name.to_owned(), row.aliases, row.about));
    let keyed = Field::keyed().map(|(entity, aliases, about)| entry(format!("{entity}.KEY"), aliases, about));
    let of_spans = SPANS.iter().map(|(name, aliases, about)| entry((*name).to_owned(), aliases, about));
    named.chain(keyed).chain(of_spans).collect()
}

/// What filters can ask of spans outside of `span( … )`.
const SPANS: &[(&str, &[&str], &str)] = &[
    ("span.name", &[], "name of a span"),
    ("span.type", &[], "type of a span: LLM, TOOL, RETRIEVER and so on"),
    ("span.status", &[], "OK, ERROR or UNSET"),
    ("span.attributes.KEY", &[], "attribute of a span, searched as text"),
    ("span.content", &["trace.text"], "complete JSON text of a span"),
    ("span( … )", &[], "a span that meets these conditions: name, type, status, duration, content, attributes.KEY"),
];

/// Found out by asking: one of these comparisons fits every field.
fn evaluated(name: &str) -> Evaluated {
    if name.starts_with("span(") {
        return Evaluated::Here;
    }
    let fits = ["= 'x'", "= 'x/1'", "> 1", "LIKE '%x%'", "IS NULL"];
    let plans = fits.iter().filter_map(|test| Filter::parse_at(&format!("{name} {test}"), 0).ok());
    let residuals: Vec<bool> = plans.map(|filter| filter.plan().residual().is_some()).collect();
    match residuals.as_slice() {
        [] => Evaluated::Nowhere,
        some if some.contains(&false) => Evaluated::Server,
        _ => Evaluated::Here,
    }
}

/// The reference as Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut table = String::from("| field | aliases | description | evaluated by |\n|---|---|---|---|\n");
    for entry in entries() {
        let aliases = entry.aliases.iter().map(|alias| format!("`{alias}`")).collect::<Vec<_>>().join(" ");
        table.push_str(&format!("| `{}` | {aliases} | {} | {} |\n", entry.name, entry.about, entry.evaluated.as_str()));
    }
    PROSE.replace("{{fields}}", table.trim_end())
}

/// The reference as plain text, for the manual page.
#[must_use]
pub fn plain() -> String {
    let is_rule = |line: &&str| !line.starts_with("|---") && !line.starts_with("| | |");
    let line = |line: &str| match line.strip_prefix("| ") {
        Some(row) => format!("    {}", row.trim_end_matches(" |").replace(" | ", "   ")),
        None => line.trim_start_matches("### ").to_owned(),
    };
    markdown().lines().filter(is_rule).map(line).collect::<Vec<_>>().join("\n").replace("``", "").replace("\\|", "|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_says_who_evaluates_it() {
        let of = |name: &str| entries().into_iter().find(|entry| entry.name == name).unwrap().evaluated;
        for (name, evaluated) in [
            ("status", Evaluated::Server),
            ("duration_ms", Evaluated::Server),
            ("session", Evaluated::Server),
            ("prompt", Evaluated::Server),
            ("tags.KEY", Evaluated::Server),
            ("tokens.total", Evaluated::Here),
            ("spans.count", Evaluated::Here),
        ] {
            assert_eq!(of(name), evaluated, "{name}");
        }
    }

    #[test]
    fn the_reference_names_every_field() {
        let (markdown, plain) = (markdown(), plain());
        for entry in entries() {
            assert!(
                markdown.contains(&format!("| `{}` |", entry.name)) && plain.contains(&entry.name),
                "{}",
                entry.name
            );
        }
        assert!(!markdown.contains("{{"), "{markdown}");
    }
}
