//! What can be answered, and by which keys.

use serde_json::Value;

use crate::annotations::Row;
use crate::cli::{AnswerType, ReviewArgs};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{LabelInput, LabelSchema, TraceInfo};
use crate::output::one_line;
use crate::store::Writer;

/// What can be answered by keys; other answers are typed.
pub struct AnswerKeys {
    keyed: Vec<(char, String, Value)>,
    /// What is typed, if anything is.
    typed: Option<Typed>,
    schema: Option<LabelSchema>,
}

#[derive(Clone, Copy)]
enum Typed {
    Text,
    Number,
    List,
}

impl AnswerKeys {
    /// As flags say, else as the label schema of the experiment says, else yes or no.
    pub async fn new(
        server: &dyn Writer,
        args: &ReviewArgs,
        template: &Row,
        traces: &[TraceInfo],
    ) -> Result<Self, CliError> {
        let mut schema = None;
        if let Some(experiment) = traces.iter().find_map(TraceInfo::experiment_id) {
            schema = server.label_schema(&experiment, &template.name).await?;
        }
        if let Some(name) = args.schema.as_ref().filter(|_| schema.is_none() && !traces.is_empty()) {
            return Err(CliError::new(Exit::NotFound, format!("the experiment has no label schema {name:?}"))
                .hint("choose the answers with --name NAME and --type or --choices"));
        }
        if let Some(kind) = schema.as_ref().and_then(LabelSchema::kind).filter(|kind| *kind != template.kind) {
            let hint = if args.expectation { "leave out --expectation" } else { "add --expectation" };
            let message = format!("the label schema {:?} is one of {}s", template.name, kind.as_str());
            return Err(CliError::usage(message).hint(hint));
        }
        let (keyed, typed) = match (args.answer_type, args.choices.as_slice(), &schema) {
            (Some(AnswerType::Rating), ..) => (numbered((1..=5).map(Value::from).collect()), None),
            (Some(AnswerType::Number), ..) => (Vec::new(), Some(Typed::Number)),
            (Some(AnswerType::Text), ..) => (Vec::new(), Some(Typed::Text)),
            (None, [], Some(schema)) => of_schema(schema.input()),
            (None, [_, ..], _) => one_of(&args.choices)?,
            _ => (yes_or_no("yes", "no"), None),
        };
        Ok(Self { keyed, typed, schema })
    }

    /// The answer of a key.
    pub fn of_key(&self, key: char) -> Option<Value> {
        self.keyed.iter().find(|(known, ..)| *known == key).map(|(.., value)| value.clone())
    }

    /// Whether answers are typed.
    pub fn is_typed(&self) -> bool {
        self.typed.is_some()
    }

    /// The answer that was typed, or what is wrong with it.
    pub fn of_text(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("nothing was typed".to_owned());
        }
        Ok(match self.typed {
            Some(Typed::Number) => {
                let number = serde_json::from_str::<Value>(text).ok().filter(Value::is_number);
                number.ok_or_else(|| format!("{:?} is not a number", one_line(text, 40)))?
            }
            Some(Typed::List) => text.split(',').map(|word| Value::from(word.trim())).collect(),
            Some(Typed::Text) | None => Value::from(text),
        })
    }

    /// What speaks against an answer, if anything does.
    pub fn objection(&self, row: &Row) -> Option<String> {
        self.schema.as_ref()?.objection(row.kind, &row.value)
    }

    /// The keys in words.
    pub fn help(&self) -> String {
        let keys: Vec<String> =
            self.keyed.iter().map(|(key, label, _)| format!("{key} {}", one_line(label, 30))).collect();
        if self.typed.is_some() { "Enter answer".to_owned() } else { keys.join("  ") }
    }
}

type Choice = (Vec<(char, String, Value)>, Option<Typed>);

fn yes_or_no(yes: &str, no: &str) -> Vec<(char, String, Value)> {
    vec![('y', yes.to_owned(), true.into()), ('n', no.to_owned(), false.into())]
}

/// With the digits as keys.
fn numbered(values: Vec<Value>) -> Vec<(char, String, Value)> {
    let label = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    values.into_iter().zip('1'..='9').map(|(value, key)| (key, label(&value), value)).collect()
}

fn one_of(choices: &[String]) -> Result<Choice, CliError> {
    if choices.len() > 9 {
        return Err(CliError::usage("more than 9 choices have no keys").hint("use --type text"));
    }
    Ok((numbered(choices.iter().map(|choice| Value::from(choice.trim())).collect()), None))
}

fn of_schema(input: &LabelInput) -> Choice {
    let or = |text: &str, usual: &str| if text.is_empty() { usual.to_owned() } else { text.to_owned() };
    match input {
        LabelInput::PassFail { positive, negative } => (yes_or_no(&or(positive, "yes"), &or(negative, "no")), None),
        LabelInput::Categorical { options, is_multiple: false } if options.len() <= 9 => {
            (numbered(options.iter().map(|option| Value::from(option.as_str())).collect()), None)
        }
        LabelInput::Categorical { is_multiple: true, .. } => (Vec::new(), Some(Typed::List)),
        LabelInput::Numeric { least: Some(least), most: Some(most) }
            if (1.0..=1.0).contains(least) && (2.0..=9.0).contains(most) =>
        {
            #[allow(clippy::cast_possible_truncation)] // Between 2 and 9.
            let most = *most as i64;
            (numbered((1..=most).map(Value::from).collect()), None)
        }
        LabelInput::Numeric { .. } => (Vec::new(), Some(Typed::Number)),
        LabelInput::Categorical { .. } | LabelInput::Text { .. } | LabelInput::Other => (Vec::new(), Some(Typed::Text)),
    }
}
