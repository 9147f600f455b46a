//! Writing to the file of profiles: what is there stays as it is, comments included.

use toml::de::DeTable;

/// What a new profile says, each key once.
#[derive(Clone, Debug, Default)]
pub struct NewProfile {
    /// Its name.
    pub name: String,
    /// Keys and values, as TOML writes them.
    values: Vec<(&'static str, String)>,
}

impl NewProfile {
    /// Without any values.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), values: Vec::new() }
    }

    /// With a text, if there is one.
    #[must_use]
    pub fn text(self, key: &'static str, value: Option<&str>) -> Self {
        self.value(key, value.map(quoted))
    }

    /// With one text, or several.
    #[must_use]
    pub fn texts(self, key: &'static str, values: &[String]) -> Self {
        match values {
            [] => self,
            [one] => self.text(key, Some(one)),
            many => {
                let all: Vec<String> = many.iter().map(|text| quoted(text)).collect();
                self.value(key, Some(format!("[{}]", all.join(", "))))
            }
        }
    }

    /// With a number, if there is one.
    #[must_use]
    pub fn number(self, key: &'static str, value: Option<u64>) -> Self {
        self.value(key, value.map(|number| number.to_string()))
    }

    /// With `true`, if so.
    #[must_use]
    pub fn switch(self, key: &'static str, is_on: bool) -> Self {
        self.value(key, is_on.then(|| "true".to_owned()))
    }

    fn value(mut self, key: &'static str, value: Option<String>) -> Self {
        self.values.extend(value.map(|value| (key, value)));
        self
    }

    /// As a table of TOML.
    #[must_use]
    pub fn toml(&self) -> String {
        let lines: Vec<String> = self.values.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        format!("[profile.{}]\n{}", self.name, lines.concat())
    }
}

/// A text of JSON is one of TOML, but for the character that ends a tape.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// Whether a name can be written in the head of a table without quotes.
#[must_use]
pub fn is_profile_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !name.is_empty() && name.len() <= 64 && name != super::NONE && name.chars().all(is_plain)
}

/// The text of a file with one more profile.
#[must_use]
pub fn with_profile(text: &str, new: &NewProfile) -> String {
    let separator = if text.is_empty() || text.ends_with("\n\n") {
        ""
    } else if text.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    };
    format!("{text}{separator}{}", new.toml())
}

/// The text of a file in which another profile is the default.
#[must_use]
pub fn with_default(text: &str, name: &str) -> String {
    let value = quoted(name);
    let written = DeTable::parse(text).ok().and_then(|root| {
        let mut keys = root.get_ref().iter();
        keys.find(|(key, _)| key.get_ref() == "default_profile").map(|(_, value)| value.span())
    });
    if let Some(span) = written {
        return format!("{}{value}{}", &text[..span.start], &text[span.end..]);
    }
    let separator = if text.is_empty() { "" } else { "\n" };
    format!("default_profile = {value}\n{separator}{text}")
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;
    use crate::settings::env::Environment;

    #[test]
    fn what_was_there_stays() {
        let new = NewProfile::new("b")
            .text("tracking_uri", Some("http://h/\"x\""))
            .texts("experiment", &["it's".into(), "ü".into()])
            .switch("read_only", true)
            .switch("allow_database_writes", false);
        let before = "# mine\n[profile.a] # first\nworkspace = 'w'";
        let after = with_default(&with_profile(before, &new), "b");
        assert_eq!(
            after,
            "default_profile = \"b\"\n\n# mine\n[profile.a] # first\nworkspace = 'w'\n\n[profile.b]\n\
             tracking_uri = \"http://h/\\\"x\\\"\"\nexperiment = [\"it's\", \"ü\"]\nread_only = true\n"
        );
        let config = Config::of_text(&after, "c".into(), &Environment::default()).unwrap();
        assert_eq!(config.profiles[1].tracking_uri.as_deref(), Some("http://h/\"x\""));
        let again = with_default(&after, "a");
        assert_eq!(again, after.replacen("\"b\"", "\"a\"", 1));
    }

    #[test]
    fn names_need_no_quotes() {
        assert!(is_profile_name("prod-eu_1"));
        for name in ["", "none", "a b", "a.b", "ü", "a]"] {
            assert!(!is_profile_name(name), "{name}");
        }
    }
}
