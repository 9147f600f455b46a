//! Filters by chance: made from the grammar, with values that traces really have, some of them broken on purpose.
//!
//! The same seed makes the same filters. What they mean is nobody's business here.

use std::fmt::Write as _;

use fastrand::Rng;
use mlflow_trace::model::python_json::{self, NonAscii};
use mlflow_trace::model::{AssessmentKind, Trace};

use crate::spellings::{
    BARE_ATTRIBUTES, BLANKS, BROKEN_NUMBERS, KEYS_OF_SQL, ODD_PATTERNS, ODD_TEXTS, OPERATORS, QUIRKS, SNIPPETS,
};

/// Makes filters.
pub struct Generator {
    rng: Rng,
    stock: Stock,
}

/// What the traces hold, for values that match something.
#[derive(Default)]
struct Stock {
    ids: Vec<String>,
    client_ids: Vec<String>,
    names: Vec<String>,
    tags: Vec<(String, String)>,
    metadata: Vec<(String, String)>,
    times: Vec<i64>,
    durations: Vec<i64>,
    span_names: Vec<String>,
    span_types: Vec<String>,
    attributes: Vec<(String, String)>,
    feedback: Vec<(String, String)>,
    expectations: Vec<(String, String)>,
    contents: Vec<String>,
}

/// What a clause is about: its spelling, values that it may have and the operators that suit it.
struct Subject {
    spelled: String,
    values: Values,
    operators: &'static [&'static str],
}

enum Values {
    Texts(Vec<String>),
    Numbers(Vec<i64>),
}

const LIST_TEXT: &[&str] = &["=", "!=", "LIKE", "ILIKE", "RLIKE", "IN", "IN", "NOT IN"];
const TEXT: &[&str] = &["=", "=", "!=", "LIKE", "LIKE", "ILIKE", "RLIKE", "RLIKE", "IS NULL", "IS NOT NULL"];
const NUMBER: &[&str] = &["=", "!=", ">", ">=", "<", "<="];
const PATTERN: &[&str] = &["LIKE", "ILIKE"];
const ASSESSMENT: &[&str] = &["=", "!=", "LIKE", "ILIKE", "RLIKE", "IS NULL", "IS NOT NULL", ">", ">=", "<", "<="];

impl Stock {
    fn new(traces: &[Trace]) -> Self {
        let mut stock = Self::default();
        for trace in traces {
            stock.take_info(trace);
            stock.take_spans(trace);
        }
        stock
    }

    fn take_info(&mut self, trace: &Trace) {
        let info = &trace.info;
        self.ids.push(info.trace_id.as_str().to_owned());
        self.client_ids.extend(info.client_request_id.clone());
        self.names.extend(info.name().map(str::to_owned));
        self.tags.extend(info.tags.iter().map(|(key, value)| (key.clone(), value.clone())));
        self.metadata.extend(info.metadata.iter().map(|(key, value)| (key.clone(), value.clone())));
        self.times.push(info.request_time_ms);
        self.durations.extend(info.duration_ms);
        for assessment in &info.assessments {
            let value = assessment.value();
            let json = python_json::dumps(&value, NonAscii::Escaped);
            let bare = value.as_str().map_or(json, str::to_owned);
            match assessment.kind() {
                AssessmentKind::Feedback => self.feedback.push((assessment.name().to_owned(), bare)),
                AssessmentKind::Expectation => self.expectations.push((assessment.name().to_owned(), bare)),
                AssessmentKind::Issue => {}
            }
        }
    }

    fn take_spans(&mut self, trace: &Trace) {
        for span in trace.spans.iter().flatten() {
            self.span_names.push(span.name.clone());
            self.span_types.extend(span.span_type());
            self.contents.push(span.content());
            for (key, text) in &span.attributes {
                let value = span.attribute(key).and_then(|value| value.as_str().map(str::to_owned));
                self.attributes.push((key.clone(), value.unwrap_or_else(|| text.clone())));
            }
        }
    }
}

impl Generator {
    /// Values are drawn from these traces.
    pub fn new(seed: u64, traces: &[Trace]) -> Self {
        Self { rng: Rng::with_seed(seed), stock: Stock::new(traces) }
    }

    /// The next filter.
    pub fn filter(&mut self) -> String {
        let filter = match self.rng.u32(..100) {
            0..7 => self.span_filter(),
            7..12 => self.pick(QUIRKS).to_owned(),
            _ => self.any_filter(),
        };
        if self.chance(22) { self.broken(&filter) } else { filter }
    }

    fn any_filter(&mut self) -> String {
        let count = match self.rng.u32(..100) {
            0..50 => 1,
            50..80 => 2,
            80..95 => 3,
            _ => 4 + self.rng.usize(..4),
        };
        let clauses: Vec<String> = (0..count).map(|_| self.clause()).collect();
        self.joined(&clauses)
    }

    /// Several conditions on spans, mostly of one trace, and often a bound on the start.
    fn span_filter(&mut self) -> String {
        let mut clauses: Vec<String> = (0..2 + self.rng.usize(..3))
            .map(|_| {
                let subject = self.span_subject();
                self.clause_on(&subject)
            })
            .collect();
        for _ in 0..self.rng.usize(..3) {
            let time = self.pick_owned(&self.stock.times.clone()) + self.rng.i64(-12_000..70_000);
            let name = self.pick(&["timestamp", "timestamp_ms", "trace.timestamp", "end_time"]);
            let operator = self.pick(&[">", ">=", "<", "=", "!="]);
            let position = self.rng.usize(..=clauses.len());
            clauses.insert(position, format!("{name} {operator} {time}"));
        }
        self.joined(&clauses)
    }

    fn joined(&mut self, clauses: &[String]) -> String {
        let mut text = if self.chance(2) { "AND ".to_owned() } else { String::new() };
        if self.chance(3) {
            text.push_str(self.pick(BLANKS));
        }
        for (position, clause) in clauses.iter().enumerate() {
            if position > 0 {
                text.push_str(&self.separator());
            }
            text.push_str(clause);
        }
        if self.chance(3) {
            text.push_str(self.pick(&[" AND", " and AND", " ", "\n", " OR", ";", ")"]));
        }
        text
    }

    fn separator(&mut self) -> String {
        match self.rng.u32(..100) {
            0..70 => " AND ".to_owned(),
            70..80 => self.pick(&[" and ", " aNd ", " And "]).to_owned(),
            80..85 => self.pick(&[" ", "\n", ""]).to_owned(),
            85..88 => self.pick(&[" AND AND ", " and\tAND  ", "AND", "AND ", " AND"]).to_owned(),
            88..97 => format!("{}AND{}", self.pick(BLANKS), self.pick(BLANKS)),
            _ => self.pick(&[" OR ", ", ", " && ", "; ", " AND NOT ", " AND (", " NOT "]).to_owned(),
        }
    }

    fn clause(&mut self) -> String {
        let subject = self.subject();
        self.clause_on(&subject)
    }

    fn clause_on(&mut self, subject: &Subject) -> String {
        let suits = self.chance(94);
        let operator = self.pick(if suits { subject.operators } else { OPERATORS });
        let spelled = self.spelled_operator(operator);
        if matches!(operator, "IS NULL" | "IS NOT NULL") {
            return format!("{}{}{spelled}", subject.spelled, self.blank(true));
        }
        let is_word = operator.starts_with(|c: char| c.is_ascii_alphabetic());
        let value = self.value(subject, operator);
        let (before, after) = (self.blank(is_word), self.blank(is_word));
        format!("{}{before}{spelled}{after}{value}", subject.spelled)
    }

    fn blank(&mut self, after_word: bool) -> &'static str {
        match self.rng.u32(..100) {
            0..88 => " ",
            88..95 if after_word => "  ",
            88..95 => "",
            95..96 => "",
            _ => self.pick(BLANKS),
        }
    }

    fn spelled_operator(&mut self, operator: &str) -> String {
        let mut spelled = match self.rng.u32(..100) {
            0..85 => operator.to_owned(),
            85..95 => operator.to_lowercase(),
            _ => operator.chars().map(|c| if self.rng.bool() { c.to_ascii_lowercase() } else { c }).collect(),
        };
        if spelled.contains(' ') && self.chance(8) {
            spelled = spelled.replacen(' ', self.pick(&["  ", "\t", "\n", "\u{a0}"]), 1);
        }
        spelled
    }

    // ---------------------------------------------------------------------------------------------------- subjects

    fn subject(&mut self) -> Subject {
        match self.rng.u32(..100) {
            0..28 => self.attribute_subject(),
            28..46 => {
                let (key, value) = self.pick_pair(|stock| &stock.tags);
                self.keyed_subject(&["tags", "tags", "tag", "`tags`", "Tags"], &key, value)
            }
            46..60 => {
                let (key, value) = self.pick_pair(|stock| &stock.metadata);
                self.keyed_subject(&["metadata", "metadata", "request_metadata", "`metadata`"], &key, value)
            }
            60..74 => self.span_subject(),
            74..86 => {
                let (key, value) = self.pick_pair(|stock| &stock.feedback);
                self.assessment_subject("feedback", &key, value)
            }
            86..93 => {
                let (key, value) = self.pick_pair(|stock| &stock.expectations);
                self.assessment_subject("expectation", &key, value)
            }
            93..95 => {
                let texts = ["iss-1", "iss-2", "ISS-1", "iss 'q'"].map(str::to_owned).to_vec();
                let spelled = self.pick(&["issue.id", "issue.`id`", "issue.ID", "issue.name"]).to_owned();
                Subject { spelled, values: Values::Texts(texts), operators: &["="] }
            }
            95..97 => self.sql_word_subject(),
            _ => self.renamed_subject(),
        }
    }

    fn attribute_subject(&mut self) -> Subject {
        let name = self.pick(BARE_ATTRIBUTES);
        let spelled = self.spelled_attribute(name);
        let texts = |texts: &[String]| Values::Texts(texts.to_vec());
        let words = |words: &[&str]| Values::Texts(words.iter().map(|word| (*word).to_owned()).collect());
        let (values, operators) = match name {
            "status" => (words(&["OK", "ERROR", "IN_PROGRESS", "STATE_UNSPECIFIED"]), LIST_TEXT),
            "request_id" => (texts(&self.stock.ids), LIST_TEXT),
            "client_request_id" => (texts(&self.stock.client_ids), LIST_TEXT),
            "name" => (texts(&self.stock.names), TEXT),
            "run_id" => {
                let of_key = |pair: &&(String, String)| pair.0 == "mlflow.sourceRun";
                let runs = self.stock.metadata.iter().filter(of_key).map(|pair| pair.1.clone());
                (Values::Texts(runs.collect()), TEXT)
            }
            "prompt" => (words(&["greet/1", "greet/2", "sum/1", "greet", "greet/1/2"]), &["="][..]),
            "text" => (self.fragments(), PATTERN),
            "execution_time" | "execution_time_ms" => (Values::Numbers(self.stock.durations.clone()), NUMBER),
            _ => (Values::Numbers(self.stock.times.clone()), NUMBER),
        };
        Subject { spelled, values, operators }
    }

    fn spelled_attribute(&mut self, name: &str) -> String {
        match self.rng.u32(..100) {
            0..55 => name.to_owned(),
            55..80 => format!("{}.{name}", self.pick(&["trace", "attribute", "attributes", "`trace`", "trace"])),
            80..86 => format!("`{name}`"),
            86..91 => format!("\"{name}\""),
            91..97 => {
                let quote = self.pick(&["`", "\"", "'"]);
                format!("{}.{quote}{name}{quote}", self.pick(&["trace", "attributes", "attribute"]))
            }
            97..98 => name.to_uppercase(),
            98..99 => format!("'{name}'"),
            _ => format!("{}.{name}", self.pick(&["Trace", "traces", "attr", "'trace'", "trace ", "trace."])),
        }
    }

    fn keyed_subject(&mut self, entities: &[&str], key: &str, value: String) -> Subject {
        // The spellings at the end are rarely right.
        let position = if self.chance(90) { 0 } else { self.rng.usize(..entities.len()) };
        let spelled = format!("{}.{}", entities[position], self.spelled_key(key));
        Subject { spelled, values: Values::Texts(vec![value]), operators: TEXT }
    }

    fn spelled_key(&mut self, key: &str) -> String {
        let is_plain = key.split('.').all(|part| {
            part.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        });
        match self.rng.u32(..100) {
            0..60 if is_plain => key.to_owned(),
            0..75 => format!("`{key}`"),
            75..84 => format!("\"{key}\""),
            84..90 => format!("'{key}'"),
            90..95 => key.to_owned(),
            95..96 => format!(" {key}"),
            96..97 => format!("\"`{key}`\""),
            97..98 => format!("`\"{key}\"`"),
            98..99 => format!("`{key}`.x"),
            _ => format!("{key}{}", self.pick(&[".", ".*", "[0]", ".'x'", "$", "#", "-x", ".1", ".1a", " "])),
        }
    }

    fn span_subject(&mut self) -> Subject {
        let (key, values, operators) = match self.rng.u32(..100) {
            0..30 => ("name".to_owned(), Values::Texts(self.stock.span_names.clone()), LIST_TEXT),
            30..48 => ("type".to_owned(), Values::Texts(self.stock.span_types.clone()), LIST_TEXT),
            48..62 => {
                ("status".to_owned(), Values::Texts(["OK", "ERROR", "UNSET"].map(str::to_owned).to_vec()), LIST_TEXT)
            }
            62..80 => ("content".to_owned(), self.fragments(), PATTERN),
            80..97 => {
                let (key, value) = self.pick_pair(|stock| &stock.attributes);
                let key = if self.chance(20) { format!("`{key}`") } else { key };
                let operators: &[&str] = &["LIKE", "LIKE", "ILIKE", "RLIKE", "RLIKE", "=", "!="];
                (format!("attributes.{key}"), Values::Texts(vec![value]), operators)
            }
            _ => (
                self.pick(&["parent_id", "NAME", "attributes.", "id", "`name`", "'type'"]).to_owned(),
                self.fragments(),
                TEXT,
            ),
        };
        let entity = self.pick(&["span", "span", "span", "span", "span", "span", "span", "span", "`span`", "spans"]);
        Subject { spelled: format!("{entity}.{key}"), values, operators }
    }

    fn assessment_subject(&mut self, entity: &str, key: &str, value: String) -> Subject {
        let spelled = format!("{entity}.{}", self.spelled_key(key));
        let value = if self.chance(70) {
            value
        } else {
            // As JSON text, which is what patterns are held against.
            let mut json = String::new();
            python_json::write_string(&mut json, &value, NonAscii::Escaped);
            json
        };
        Subject { spelled, values: Values::Texts(vec![value]), operators: ASSESSMENT }
    }

    /// A word of SQL as a key, or as the start of a clause.
    fn sql_word_subject(&mut self) -> Subject {
        let word = self.pick(KEYS_OF_SQL);
        let spelled = match self.rng.u32(..10) {
            0..7 => format!("{}.{word}", self.pick(&["tags", "metadata", "feedback", "span.attributes"])),
            7..9 => format!("tags.x.{word}"),
            _ => word.to_owned(),
        };
        let texts = word.chars().next().map(|first| first.to_lowercase().to_string()).into_iter().collect();
        Subject { spelled, values: Values::Texts(texts), operators: TEXT }
    }

    /// Keys that mean something else than they say.
    fn renamed_subject(&mut self) -> Subject {
        let entity = self.pick(&["tags", "metadata", "feedback", "expectation", "issue", "tag"]);
        let mut inner = self.attribute_subject();
        let key = inner.spelled.rsplit('.').next().unwrap_or_default().to_owned();
        let key = if self.chance(15) { key.to_uppercase() } else { key };
        inner.spelled = format!("{entity}.{key}");
        if let Values::Numbers(_) = inner.values {
            inner.values =
                Values::Texts(["tag called ts", "tag called ts_ms", "5", "1.7e12"].map(str::to_owned).to_vec());
        }
        inner
    }

    /// Pieces of the stored text of spans.
    fn fragments(&mut self) -> Values {
        let pieces = (0..4).map(|_| {
            if self.chance(25) {
                return self.pick(SNIPPETS).to_owned();
            }
            let content = &self.stock.contents[self.rng.usize(..self.stock.contents.len())];
            let characters: Vec<char> = content.chars().collect();
            let start = self.rng.usize(..characters.len());
            characters[start..].iter().take(3 + self.rng.usize(..20)).collect()
        });
        Values::Texts(pieces.collect())
    }

    // ------------------------------------------------------------------------------------------------------ values

    fn value(&mut self, subject: &Subject, operator: &str) -> String {
        if operator.ends_with("IN") && self.chance(95) {
            return self.list(subject);
        }
        let orders = matches!(operator, ">" | ">=" | "<" | "<=");
        match &subject.values {
            Values::Numbers(numbers) => {
                let number = self.pick_owned(numbers) + self.rng.i64(-1..=1);
                if self.chance(95) { self.number(number) } else { self.quoted_number(number) }
            }
            Values::Texts(texts) => {
                let text = if self.chance(93) && !texts.is_empty() { self.pick_owned(texts) } else { self.odd_text() };
                // Assessments are ordered by numbers; anything else is by mistake.
                match text.parse::<f64>() {
                    Ok(number) if orders && self.chance(90) => self.decimal(number),
                    _ if orders && self.chance(60) => self.decimal(0.5),
                    _ => {
                        let text = self.changed(text, operator);
                        self.quoted(&text)
                    }
                }
            }
        }
    }

    fn odd_text(&mut self) -> String {
        self.pick(ODD_TEXTS).to_owned()
    }

    fn quoted(&mut self, text: &str) -> String {
        let quote = if text.contains('\'') || self.chance(25) { '"' } else { '\'' };
        match self.rng.u32(..100) {
            0..90 => format!("{quote}{text}{quote}"),
            90..94 => format!("{quote}{}{quote}", text.replace(quote, &format!("{quote}{quote}"))),
            94..97 => format!("{quote}{}{quote}", text.replace(quote, &format!("\\{quote}"))),
            97..98 => format!("{quote}{text}\\{quote}"),
            98..99 => text.to_owned(),
            _ => format!("{}{text}{}", self.pick(&["`", "'", "´", "“", "'''"]), self.pick(&["`", "'", "´", "\"", ""])),
        }
    }

    /// The text as a value for this operator: patterns are made of it for those that take patterns.
    fn changed(&mut self, text: String, operator: &str) -> String {
        match operator {
            "LIKE" | "ILIKE" => self.like_pattern(&text),
            "RLIKE" => self.regex(&text),
            _ if self.chance(6) => swap_case(&text),
            _ => text,
        }
    }

    fn like_pattern(&mut self, text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        let cut = self.rng.usize(..=characters.len());
        let (start, end): (String, String) = (characters[..cut].iter().collect(), characters[cut..].iter().collect());
        match self.rng.u32(..100) {
            0..15 => text.to_owned(),
            15..30 => format!("{start}%"),
            30..45 => format!("%{end}"),
            45..60 => format!("%{text}%"),
            60..70 => format!("{start}%{end}"),
            70..80 => format!("{start}_{}", end.chars().skip(1).collect::<String>()),
            80..88 => format!("%{}%", swap_case(&end)),
            88..94 => format!("%{start}_%"),
            94..97 => text.replace(|c: char| !c.is_alphanumeric(), "%"),
            _ => self.pick(&["%", "", "_", "%_", "%%", "_%_", "%\\%", "\\%", "%_\\_%", "[a]%"]).to_owned(),
        }
    }

    fn regex(&mut self, text: &str) -> String {
        let escaped: String = text
            .chars()
            .flat_map(|c| ((!c.is_alphanumeric() && c.is_ascii()).then_some('\\')).into_iter().chain([c]))
            .collect();
        let cut = self.rng.usize(..=text.chars().count());
        let start: String = text.chars().take(cut).filter(|c| c.is_alphanumeric()).collect();
        match self.rng.u32(..100) {
            0..15 => format!("^{escaped}$"),
            15..25 => escaped,
            25..35 => format!("^{start}"),
            35..45 => format!("(?i){start}"),
            45..52 => format!("{start}.*"),
            52..58 => format!("(nothing|{start}\\w)"),
            58..64 => text.to_owned(),
            64..70 => format!("^(?!{start})"),
            70..74 => format!("^.{{{cut}}}$"),
            _ => self.pick(ODD_PATTERNS).to_owned(),
        }
    }

    fn list(&mut self, subject: &Subject) -> String {
        let texts = match &subject.values {
            Values::Texts(texts) => texts.clone(),
            Values::Numbers(numbers) => numbers.iter().map(ToString::to_string).collect(),
        };
        let count = 1 + self.rng.usize(..3);
        let items: Vec<String> = (0..count).map(|_| self.list_item(&texts)).collect();
        let separator = self.pick(&[", ", ", ", ",", " , ", ",\n"]);
        let inner = items.join(separator);
        match self.rng.u32(..100) {
            0..82 => format!("({inner})"),
            82..88 => format!("({inner},)"),
            88..92 => format!("(({inner}))"),
            92..94 => format!("( {inner}\n# a comment\n)"),
            94..95 => format!("({inner} # )\n)"),
            _ => self
                .pick(&[
                    "()",
                    "(1, 2)",
                    "(OK)",
                    "('OK' 'ERROR')",
                    "('OK'",
                    "[ 'OK' ]",
                    "(b'OK')",
                    "('O' 'K')",
                    "(f'OK')",
                    "(('OK'), 'ERROR')",
                    "('OK' OR 'ERROR')",
                    "(None)",
                    "(-'OK')",
                    "('OK',,)",
                    "('''OK''')",
                    "(('OK',),)",
                ])
                .to_owned(),
        }
    }

    /// In lists Python decodes escapes.
    fn list_item(&mut self, texts: &[String]) -> String {
        let text = if self.chance(92) && !texts.is_empty() { self.pick_owned(texts) } else { self.odd_text() };
        match self.rng.u32(..100) {
            0..60 => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n")),
            60..80 => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")),
            80..86 => self.escaped_item(&text),
            86..90 => format!("{}'{text}'", self.pick(&["r", "u", "R", "U", "b", "f", "rb", "ur"])),
            90..93 => format!("'''{text}'''"),
            93..96 => {
                let half = text.chars().count() / 2;
                let (start, end): (String, String) =
                    (text.chars().take(half).collect(), text.chars().skip(half).collect());
                format!("'{start}' \"{end}\"")
            }
            _ => format!("'{text}'"),
        }
    }

    /// Every character as one of Python's escapes.
    fn escaped_item(&mut self, text: &str) -> String {
        let mut item = String::from("'");
        for character in text.chars() {
            let code = u32::from(character);
            let _ = match self.rng.u32(..4) {
                0 if code < 0x100 => write!(item, "\\x{code:02x}"),
                1 if code < 0x1_0000 => write!(item, "\\u{code:04X}"),
                2 if code < 0o1000 => write!(item, "\\{code:03o}"),
                3 if character.is_ascii_alphanumeric() => write!(item, "{character}"),
                _ => write!(item, "\\U{code:08x}"),
            };
        }
        item.push('\'');
        item
    }

    fn number(&mut self, number: i64) -> String {
        match self.rng.u32(..100) {
            0..55 => number.to_string(),
            55..60 => format!("{number}.0"),
            60..64 => format!("{number}.5"),
            64..68 => format!("{number}."),
            68..73 => format!("{number:e}"),
            73..76 => format!("{number}e0"),
            76..79 => format!("{number}0E-1"),
            79..82 => format!("0{number}"),
            82..88 => self.other_digits(&number.to_string()),
            88..90 => self.other_digits(&format!("{number}.25")),
            90..93 => format!("-{number}"),
            _ => self.pick(BROKEN_NUMBERS).to_owned(),
        }
    }

    /// Digits of another script, all or some of them.
    fn other_digits(&mut self, number: &str) -> String {
        let zero = u32::from(self.pick_owned(&['٠', '०', '０', '𝟘', '෦', '𑛀', '۰', '𝟬', '𞅀', '𝟎']));
        let all = self.rng.bool();
        let digit = |c: char| c.to_digit(10).and_then(|value| char::from_u32(zero + value));
        number.chars().map(|c| if all || self.rng.bool() { digit(c).unwrap_or(c) } else { c }).collect()
    }

    fn quoted_number(&mut self, number: i64) -> String {
        let spelled = self.number(number);
        let blank = self.pick(&["", "", " ", "\t", "\u{a0}"]);
        format!("'{blank}{spelled}'")
    }

    fn decimal(&mut self, number: f64) -> String {
        match self.rng.u32(..10) {
            0..6 => number.to_string(),
            6..7 => format!("{number:e}"),
            7..8 => format!("{number:.3}"),
            8..9 => self.other_digits(&number.to_string()),
            _ => format!("'{number}'"),
        }
    }

    // --------------------------------------------------------------------------------------------------- mutations

    fn broken(&mut self, filter: &str) -> String {
        let mut characters: Vec<char> = filter.chars().collect();
        for _ in 0..self.rng.usize(1..=2) {
            self.mutate(&mut characters);
        }
        characters.into_iter().collect()
    }

    fn mutate(&mut self, characters: &mut Vec<char>) {
        const INSERTED: &[char] = &[
            '\'', '"', '`', '\\', '.', ' ', '(', ')', ',', '=', '!', '<', '>', '%', '_', '#', '-', '0', '1', 'a', 'E',
            'é', '日', '🎉', '٣', '\n', '\t', '\u{a0}', '\u{1c}', '\u{85}', '\u{200b}', '´', '$', '@', '[', ']', ':',
            ';', '*', '\u{17f}', '\u{212a}', 'ß', 'İ', '\u{301}', '\u{feff}', '~', '&', '|', '/', '+', '?', '{', '}',
            '^',
        ];
        if characters.is_empty() {
            return;
        }
        let at = self.rng.usize(..characters.len());
        match self.rng.u32(..9) {
            0 | 1 => drop(characters.remove(at)),
            2 | 3 => characters.insert(at, INSERTED[self.rng.usize(..INSERTED.len())]),
            4 => characters[at] = INSERTED[self.rng.usize(..INSERTED.len())],
            5 => characters.insert(at, characters[at]),
            6 => {
                characters[at] = if characters[at].is_ascii_lowercase() {
                    characters[at].to_ascii_uppercase()
                } else {
                    characters[at].to_ascii_lowercase()
                }
            }
            7 => {
                let end = (at + 1 + self.rng.usize(..8)).min(characters.len());
                characters.drain(at..end);
            }
            _ => {
                let other = self.rng.usize(..characters.len());
                characters.swap(at, other);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------------ chance

    /// True in so many of a hundred cases.
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(..100) < percent
    }

    fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.rng.usize(..items.len())]
    }

    fn pick_owned<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.rng.usize(..items.len())].clone()
    }

    fn pick_pair(&mut self, of: impl Fn(&Stock) -> &Vec<(String, String)>) -> (String, String) {
        let pairs = of(&self.stock);
        let position = self.rng.usize(..pairs.len());
        pairs[position].clone()
    }
}

fn swap_case(text: &str) -> String {
    let swap = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    text.chars().map(swap).collect()
}
