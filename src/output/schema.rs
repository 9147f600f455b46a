//! What `-o json` and `-o jsonl` promise, as JSON Schema.
//!
//! All schemas are one document of the manual: `$defs` that they share, and for each command the schema of its `json` and that
//! of a line of its `jsonl`. Every output of the tests is held against it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

const DOCUMENT: &str = include_str!("../../docs/src/reference/schemas.json");

/// The schemas of all commands.
#[derive(Debug)]
pub struct Schemas(Value);

impl Schemas {
    /// Those of this version.
    ///
    /// # Panics
    ///
    /// If the document that is part of the program is no JSON, which a test would tell.
    #[must_use]
    pub fn of_this_version() -> Self {
        Self(serde_json::from_str(DOCUMENT).expect("the schemas are JSON"))
    }

    /// The commands that write JSON, with what they write; and `error`, for what goes to standard error instead.
    pub fn commands(&self) -> impl Iterator<Item = (&str, &str)> {
        let commands = self.0["commands"].as_object().into_iter().flatten();
        commands.map(|(name, schemas)| (name.as_str(), schemas["about"].as_str().unwrap_or_default()))
    }

    /// The schema of what a command writes with `-o json`, or of each line with `-o jsonl`; it needs no other document.
    #[must_use]
    pub fn of(&self, command: &str, lines: bool) -> Option<Value> {
        let (format, schemas) = (if lines { "jsonl" } else { "json" }, self.0["commands"].get(command)?);
        let own = schemas.get(format)?;
        let mut used = BTreeSet::new();
        self.collect(own, &mut used);
        let shared: Map<String, Value> =
            used.into_iter().map(|name| (name.to_owned(), self.0["$defs"][name].clone())).collect();
        let title = if command == "error" { command.to_owned() } else { format!("mlflow-trace {command} -o {format}") };
        let mut schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": format!("urn:mlflow-trace:schema:{}:{}:{format}", self.0["version"], command.replace(' ', "-")),
            "title": title,
            "description": schemas["about"],
        });
        if let (Some(all), Some(own)) = (schema.as_object_mut(), own.as_object()) {
            all.extend(own.clone());
            if !shared.is_empty() {
                all.insert("$defs".to_owned(), shared.into());
            }
        }
        Some(schema)
    }

    /// Collects the names of the definitions that a schema uses, directly or through others.
    fn collect<'s>(&'s self, schema: &'s Value, used: &mut BTreeSet<&'s str>) {
        let name = schema.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/$defs/"));
        if let Some(name) = name
            && used.insert(name)
        {
            self.collect(&self.0["$defs"][name], used);
        }
        match schema {
            Value::Object(members) => members.values().for_each(|member| self.collect(member, used)),
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, used)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_holds_all_that_it_refers_to_and_nothing_else() {
        let schemas = Schemas::of_this_version();
        for (command, about) in schemas.commands() {
            assert!(about.ends_with('.'), "{command}: {about}");
            let both = [false, true].map(|lines| schemas.of(command, lines));
            assert!(both.iter().any(Option::is_some), "{command}");
            for schema in both.into_iter().flatten() {
                let text = schema.to_string();
                let defined: Vec<&String> =
                    schema["$defs"].as_object().into_iter().flatten().map(|(name, _)| name).collect();
                for name in &defined {
                    assert!(text.contains(&format!("\"#/$defs/{name}\"")), "{command}: {name}");
                }
                assert!(text.matches("\"$ref\"").count() >= defined.len(), "{command}");
            }
        }
        assert_eq!(schemas.of("count", false).unwrap()["$id"], "urn:mlflow-trace:schema:1:count:json");
        assert!(schemas.of("open", true).is_none() && schemas.of("no such command", false).is_none());
    }
}
