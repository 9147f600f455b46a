//! Label schemas: what an experiment declares about the values of a feedback or an expectation.

use serde_json::Value;

use super::AssessmentKind;

/// What is declared for one name (`MLflow` 3.14 and later).
#[derive(Clone, Debug, PartialEq)]
pub struct LabelSchema {
    name: String,
    kind: Option<AssessmentKind>,
    input: LabelInput,
}

/// How people are asked for a value.
#[derive(Clone, Debug, PartialEq)]
pub enum LabelInput {
    /// True or false.
    PassFail {
        /// What true is called.
        positive: String,
        /// What false is called.
        negative: String,
    },
    /// One of several texts, or a list of them.
    Categorical {
        /// The texts.
        options: Vec<String>,
        /// Whether it is a list.
        is_multiple: bool,
    },
    /// A number.
    Numeric {
        /// The least there may be.
        least: Option<f64>,
        /// The most there may be.
        most: Option<f64>,
    },
    /// Any text.
    Text {
        /// Maximum characters.
        longest: Option<u64>,
    },
    /// Of a later version: no details are known.
    Other,
}

impl LabelSchema {
    /// Reads `MLflow`'s JSON.
    #[must_use]
    pub fn from_json(schema: &Value) -> Self {
        let kind = match schema["type"].as_str() {
            Some("FEEDBACK") => Some(AssessmentKind::Feedback),
            Some("EXPECTATION") => Some(AssessmentKind::Expectation),
            _ => None,
        };
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        let input = &schema["input"];
        let input = if let Some(labels) = input.get("pass_fail") {
            LabelInput::PassFail {
                positive: text(&labels["positive_label"]),
                negative: text(&labels["negative_label"]),
            }
        } else if let Some(choice) = input.get("categorical") {
            let options = choice["options"].as_array().map(|options| options.iter().map(text).collect());
            LabelInput::Categorical {
                options: options.unwrap_or_default(),
                is_multiple: choice["multi_select"].as_bool().unwrap_or(false),
            }
        } else if let Some(range) = input.get("numeric") {
            LabelInput::Numeric { least: range["min_value"].as_f64(), most: range["max_value"].as_f64() }
        } else if let Some(limit) = input.get("text") {
            // JSON may write 64-bit integers as text.
            let longest = &limit["max_length"];
            LabelInput::Text { longest: longest.as_u64().or_else(|| longest.as_str()?.parse().ok()) }
        } else {
            LabelInput::Other
        };
        Self { name: text(&schema["name"]), kind, input }
    }

    /// Feedback or expectation, if that is declared.
    #[must_use]
    pub fn kind(&self) -> Option<AssessmentKind> {
        self.kind
    }

    /// How people are asked for the value.
    #[must_use]
    pub fn input(&self) -> &LabelInput {
        &self.input
    }

    /// Why an assessment of this kind may not have this value; `None` if it may.
    #[must_use]
    pub fn objection(&self, kind: AssessmentKind, value: &Value) -> Option<String> {
        let name = &self.name;
        if let Some(declared) = self.kind.filter(|declared| *declared != kind) {
            return Some(format!("the label schema {name:?} is one of {}s", declared.as_str()));
        }
        let expected = match (&self.input, value) {
            (LabelInput::Other, _) | (LabelInput::PassFail { .. }, Value::Bool(_)) => return None,
            (LabelInput::PassFail { positive, negative }, _) => format!("true ({positive}) or false ({negative})"),
            (LabelInput::Categorical { options, is_multiple: false }, value) => {
                if value.as_str().is_some_and(|value| options.iter().any(|option| option == value)) {
                    return None;
                }
                format!("one of {}", options.join(", "))
            }
            (LabelInput::Categorical { options, is_multiple: true }, value) => {
                let is_option =
                    |value: &Value| value.as_str().is_some_and(|value| options.iter().any(|option| option == value));
                if value.as_array().is_some_and(|values| values.iter().all(is_option)) {
                    return None;
                }
                format!("a list of {}", options.join(", "))
            }
            (LabelInput::Numeric { least, most }, value) => {
                let fits =
                    |number: f64| least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most);
                if value.as_f64().is_some_and(fits) {
                    return None;
                }
                let bound =
                    |word: &str, bound: Option<f64>| bound.map(|bound| format!(" {word} {bound}")).unwrap_or_default();
                format!("a number{}{}", bound("from", *least), bound("up to", *most))
            }
            (LabelInput::Text { longest }, value) => {
                let fits = |text: &str| longest.is_none_or(|longest| text.chars().count() as u64 <= longest);
                if value.as_str().is_some_and(fits) {
                    return None;
                }
                longest.map_or_else(|| "text".to_owned(), |longest| format!("text of at most {longest} characters"))
            }
        };
        Some(format!("the label schema {name:?} takes {expected}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn objection(input: &Value, value: &Value) -> Option<String> {
        let schema = json!({"name": "q", "type": "FEEDBACK", "input": input});
        LabelSchema::from_json(&schema).objection(AssessmentKind::Feedback, value)
    }

    #[test]
    fn values_fit_the_input_that_is_declared() {
        let pass = json!({"pass_fail": {"positive_label": "Good", "negative_label": "Bad"}});
        let one = json!({"categorical": {"options": ["a", "b"]}});
        let many = json!({"categorical": {"options": ["a", "b"], "multi_select": true}});
        let range = json!({"numeric": {"min_value": 1.0, "max_value": 5.0}});
        let text = json!({"text": {"max_length": 3}});
        for (input, value) in [
            (&pass, json!(true)),
            (&one, json!("b")),
            (&many, json!(["a", "b"])),
            (&many, json!([])),
            (&range, json!(5)),
            (&json!({"numeric": {}}), json!(-7.5)),
            (&text, json!("äöü")),
            (&json!({"text": {}}), json!("long enough")),
            (&json!({"novelty": {}}), json!(null)),
        ] {
            assert_eq!(objection(input, &value), None, "{input}");
        }
        for (input, value, told) in [
            (&pass, json!("Good"), "true (Good) or false (Bad)"),
            (&one, json!("c"), "one of a, b"),
            (&one, json!(["a"]), "one of a, b"),
            (&many, json!(["a", "c"]), "a list of a, b"),
            (&many, json!("a"), "a list of a, b"),
            (&range, json!(5.5), "a number from 1 up to 5"),
            (&range, json!("5"), "a number from 1 up to 5"),
            (&text, json!("four"), "text of at most 3 characters"),
            (&text, json!(null), "text of at most 3"),
        ] {
            let objection = objection(input, &value).unwrap();
            assert!(objection.contains(told), "{input}: {objection}");
        }
    }

    #[test]
    fn a_schema_is_for_one_kind() {
        let schema = LabelSchema::from_json(&json!({"name": "q", "type": "EXPECTATION", "input": {"text": {}}}));
        assert!(schema.objection(AssessmentKind::Feedback, &json!("x")).unwrap().contains("one of expectations"));
        assert_eq!(schema.objection(AssessmentKind::Expectation, &json!("x")), None);
    }
}
