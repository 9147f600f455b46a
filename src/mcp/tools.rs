//! The tools: what an agent may call, each a command line with typed parameters.

use serde_json::{Map, Value, json};

/// A tool.
pub struct Tool {
    pub name: &'static str,
    about: &'static str,
    /// The command and flags that are always given.
    command: &'static [&'static str],
    parameters: &'static [Parameter],
    writes: bool,
    /// Whether its answers hold what traces hold.
    pub shows_content: bool,
}

struct Parameter {
    name: &'static str,
    about: &'static str,
    kind: Kind,
    to: To,
}

/// What a parameter takes.
enum Kind {
    Text,
    /// A text that must be given.
    Needed,
    /// One of these.
    Choice(&'static [&'static str]),
    /// A whole number from 1, with what is taken where none is given, and the largest.
    Number(u64, u64),
    Switch,
}

/// Where it goes on the command line.
enum To {
    Flag(&'static str),
    Argument,
}

use Kind::{Choice, Needed, Number, Switch, Text};

const fn flag(name: &'static str, flag: &'static str, about: &'static str, kind: Kind) -> Parameter {
    Parameter { name, about, kind, to: To::Flag(flag) }
}

const fn argument(name: &'static str, about: &'static str) -> Parameter {
    Parameter { name, about, kind: Needed, to: To::Argument }
}

const FILTER_HELP: &str = "MLflow trace filter, such as: status = 'ERROR' AND tags.env = 'prod' AND duration_ms > 5000; also OR, NOT, \
                           parentheses, user, session, version, tokens.total, cost.total, feedback.NAME, span(name = 'x' AND status = 'ERROR')";
const FILTER: Parameter = flag("filter", "--filter", FILTER_HELP, Text);
const SINCE: Parameter = flag("since", "--since", "Started at or after: 2h, 7d, yesterday, or 2026-11-01", Text);
const UNTIL: Parameter = flag("until", "--until", "Started before", Text);
const EXPERIMENT: Parameter = flag("experiment", "--experiment", "Experiment name or id, if not the usual one", Text);
const METRICS: &str =
    "Metrics, separated by commas: traces, errors, error_rate, p95:duration, sum:cost.total, mean:feedback.NAME";

const TOOLS: &[Tool] = &[
    Tool {
        name: "search",
        about: "Find traces: one JSON object a line, newest first.",
        command: &["search", "-o", "jsonl"],
        parameters: &[
            FILTER,
            SINCE,
            UNTIL,
            EXPERIMENT,
            flag("limit", "--limit", "How many traces", Number(20, 200)),
            flag("order_by", "--order-by", "Field to sort by, such as -duration or cost.total", Text),
            FIELDS,
        ],
        writes: false,
        shows_content: true,
    },
    Tool {
        name: "count",
        about: "Count traces, in groups if wanted: which error, which user, which version.",
        command: &["count", "-o", "json"],
        parameters: &[FILTER, SINCE, UNTIL, EXPERIMENT, BY],
        writes: false,
        shows_content: true,
    },
    Tool {
        name: "get",
        about: "Read one trace. The digest says in few tokens what was asked, what came out and why it failed; chat is the conversation; \
                tree and waterfall are its spans.",
        command: &["get"],
        parameters: &[
            argument("trace_id", "Trace id, or a unique beginning of it"),
            flag("view", "--view", "How to show it", Choice(&["digest", "chat", "tree", "waterfall"])),
            flag("errors_only", "--errors-only", "With tree or waterfall: only failed spans", Switch),
        ],
        writes: false,
        shows_content: true,
    },
    Tool {
        name: "stats",
        about: "Measure traces: error rate, durations, tokens, costs, feedback; by any field and over time.",
        command: &["stats", "-o", "json"],
        parameters: &[
            FILTER,
            SINCE,
            UNTIL,
            EXPERIMENT,
            BY,
            flag("every", "--every", "Length of time to group by, such as 1h or 1d", Text),
            flag("metrics", "--metric", METRICS, Text),
            flag("top", "--top", "How many groups", Number(10, 100)),
        ],
        writes: false,
        shows_content: true,
    },
    Tool {
        name: "diff",
        about: "Compare traces that match a filter with all others: numbers with confidence intervals, and which tags, models, spans, \
                users and versions are more frequent in them. For root causes: filter status = 'ERROR'.",
        command: &["diff", "-o", "json"],
        parameters: &[
            argument("filter", FILTER_HELP),
            SINCE,
            UNTIL,
            EXPERIMENT,
            flag("spans", "--spans", "Compare models and spans, too; slower", Switch),
        ],
        writes: false,
        shows_content: true,
    },
    Tool {
        name: "sessions",
        about: "List sessions with their turns, errors, tokens and costs.",
        command: &["sessions", "list", "-o", "jsonl"],
        parameters: &[
            FILTER,
            SINCE,
            UNTIL,
            EXPERIMENT,
            flag(
                "order_by",
                "--order-by",
                "turns, first, last, duration, errors, tokens or cost; -errors for most first",
                Text,
            ),
            flag("limit", "--limit", "How many sessions", Number(20, 200)),
        ],
        writes: false,
        shows_content: true,
    },
    Tool {
        name: "session",
        about: "Read the conversation of a session over its turns.",
        command: &["sessions", "show"],
        parameters: &[argument("session", "Session id"), EXPERIMENT],
        writes: false,
        shows_content: true,
    },
    Tool {
        name: "keys",
        about: "List the tags, metadata and assessments in use, with their commonest values: what filters can ask for.",
        command: &["keys", "-o", "jsonl"],
        parameters: &[FILTER, SINCE, UNTIL, EXPERIMENT],
        writes: false,
        shows_content: true,
    },
    Tool {
        name: "filter_check",
        about: "Check a filter without sending it: what is wrong, where, and how to write it.",
        command: &["filter", "check", "-o", "json"],
        parameters: &[argument("filter", "The filter")],
        writes: false,
        shows_content: false,
    },
    Tool {
        name: "log_feedback",
        about: "Log feedback on a trace; the same value is never logged twice.",
        command: &["feedback", "log", "-o", "json", "--source-type=LLM_JUDGE"],
        parameters: &[
            argument("trace_id", "Whole trace id"),
            flag("name", "--name", "Name of the feedback", Needed),
            flag("value", "--value", "Value: a number, true, false or a text", Needed),
            flag("source_id", "--source-id", "Who judges: the name of the model or agent", Needed),
            flag("rationale", "--rationale", "Why", Text),
        ],
        writes: true,
        shows_content: false,
    },
    Tool {
        name: "set_tag",
        about: "Set a tag on one trace; `mlflow-trace undo` takes it back.",
        command: &["tag", "set", "-o", "json"],
        parameters: &[argument("trace_id", "Whole trace id"), argument("tag", "KEY=VALUE")],
        writes: true,
        shows_content: false,
    },
];

const BY: Parameter =
    flag("by", "--by", "Fields to group by, separated by commas: name, user, version, error, model, tags.KEY", Text);
const FIELDS: Parameter = flag(
    "fields",
    "--fields",
    "Fields to return, separated by commas, such as trace_id,status,duration_ms,error,tags.KEY; without, whole infos",
    Text,
);

/// What is offered.
pub fn offered(may_annotate: bool) -> Vec<&'static Tool> {
    TOOLS.iter().filter(|tool| may_annotate || !tool.writes).collect()
}

impl Tool {
    /// Name, purpose and parameters, as the protocol has them.
    pub fn description(&self) -> Value {
        let properties: Map<String, Value> =
            self.parameters.iter().map(|parameter| (parameter.name.to_owned(), parameter.schema())).collect();
        let needed: Vec<&str> =
            self.parameters.iter().filter(|one| matches!(one.kind, Needed)).map(|one| one.name).collect();
        json!({
            "name": self.name,
            "description": self.about,
            "inputSchema": {"type": "object", "properties": properties, "required": needed, "additionalProperties": false},
            "annotations": {"readOnlyHint": !self.writes, "destructiveHint": false, "openWorldHint": false},
        })
    }

    /// The command line for what was given, or what is wrong with it.
    pub fn command_line(&self, given: &Value) -> Result<Vec<String>, String> {
        let given = given.as_object().ok_or("arguments must be an object")?;
        if let Some(unknown) = given.keys().find(|key| self.parameters.iter().all(|known| known.name != **key)) {
            let known: Vec<&str> = self.parameters.iter().map(|known| known.name).collect();
            return Err(format!("{} has no argument {unknown:?}; it has {}", self.name, known.join(", ")));
        }
        let mut line: Vec<String> =
            ["mlflow-trace"].iter().chain(self.command).map(|word| (*word).to_owned()).collect();
        let mut words = Vec::new();
        for parameter in self.parameters {
            let value = given.get(parameter.name).filter(|value| !value.is_null());
            let Some(value) = parameter.read(value)? else { continue };
            match (&parameter.to, &parameter.kind) {
                (To::Flag(flag), Switch) => line.push((*flag).to_owned()),
                (To::Flag(flag), _) => line.push(format!("{flag}={value}")),
                (To::Argument, _) => words.push(value),
            }
        }
        if self.name == "get" && !given.contains_key("view") {
            line.push("--view=digest".to_owned());
        }
        // Behind it nothing is a flag, whatever it begins with.
        line.push("--".to_owned());
        line.extend(words);
        Ok(line)
    }
}

impl Parameter {
    fn schema(&self) -> Value {
        let mut schema = match &self.kind {
            Text | Needed => json!({"type": "string"}),
            Choice(all) => json!({"type": "string", "enum": all}),
            Number(usual, most) => json!({"type": "integer", "minimum": 1, "maximum": most, "default": usual}),
            Switch => json!({"type": "boolean"}),
        };
        schema["description"] = self.about.into();
        schema
    }

    fn read(&self, given: Option<&Value>) -> Result<Option<String>, String> {
        let wrong = |expected: &str| Err(format!("{}: expected {expected}", self.name));
        let plain = |given: &Value| match given {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(yes) => Some(yes.to_string()),
            _ => None,
        };
        match (&self.kind, given) {
            (Number(usual, _), None) => Ok(Some(usual.to_string())),
            (Needed, None) => wrong("a text; it is required"),
            (_, None) => Ok(None),
            (Text | Needed, Some(given)) => match plain(given) {
                // A single dash would read standard input.
                Some(text) if text == "-" => wrong("a text other than -"),
                Some(text) => Ok(Some(text)),
                None => wrong("a text"),
            },
            (Choice(all), Some(given)) => match plain(given).filter(|text| all.contains(&text.as_str())) {
                Some(text) => Ok(Some(text)),
                None => wrong(&format!("one of {}", all.join(", "))),
            },
            (Number(_, most), Some(given)) => match given.as_u64().filter(|number| (1..=*most).contains(number)) {
                Some(number) => Ok(Some(number.to_string())),
                None => wrong(&format!("a whole number from 1 to {most}")),
            },
            (Switch, Some(Value::Bool(yes))) => Ok(yes.then(String::new)),
            (Switch, Some(_)) => wrong("true or false"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(tool: &str, given: &Value) -> Result<Vec<String>, String> {
        TOOLS.iter().find(|one| one.name == tool).unwrap().command_line(given)
    }

    #[test]
    fn what_is_given_stays_one_word_and_no_flag() {
        let found = line("search", &json!({"filter": "status = 'OK' --all", "limit": 3})).unwrap();
        let expected = ["mlflow-trace", "search", "-o", "jsonl", "--filter=status = 'OK' --all", "--limit=3", "--"];
        assert_eq!(found, expected);
        let get = line("get", &json!({"trace_id": "--content"})).unwrap();
        assert_eq!(get[2..], ["--view=digest", "--", "--content"]);
    }

    #[test]
    fn what_does_not_fit_is_refused_with_what_does() {
        for (tool, given, wrong) in [
            ("get", json!({}), "trace_id: expected a text; it is required"),
            ("get", json!({"trace_id": "-"}), "trace_id: expected a text other than -"),
            ("get", json!({"trace_id": "tr-1", "view": "all"}), "view: expected one of digest, chat, tree, waterfall"),
            ("search", json!({"limit": 5000}), "limit: expected a whole number from 1 to 200"),
            ("search", json!({"output": "x"}), "search has no argument \"output\""),
            ("diff", json!({"filter": "a", "spans": "yes"}), "spans: expected true or false"),
        ] {
            let error = line(tool, &given).unwrap_err();
            assert!(error.starts_with(wrong), "{error}");
        }
    }

    #[test]
    fn only_what_is_allowed_is_offered() {
        let names = |may: bool| offered(may).iter().map(|tool| tool.name).collect::<Vec<_>>();
        assert!(!names(false).contains(&"set_tag") && names(true).contains(&"set_tag"));
        for tool in TOOLS {
            assert!(!tool.command.contains(&"delete") && !tool.command.contains(&"export"), "{}", tool.name);
        }
    }
}
