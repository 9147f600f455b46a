//! How engines spell the same things.

use super::regex;

/// A query engine whose SQL is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `DuckDB` 1.2 or later.
    DuckDb,
    /// Apache Spark 3.4 or later, and Databricks.
    Spark,
    /// `PostgreSQL` 12 or later, with maps and lists as `jsonb`.
    Postgres,
}

/// A column with a list, whose items a condition names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// Structs.
    Spans,
    /// Structs.
    Assessments,
    /// Strings.
    Prompts,
}

impl List {
    fn column(self) -> &'static str {
        match self {
            Self::Spans => "spans",
            Self::Assessments => "assessments",
            Self::Prompts => "prompts",
        }
    }

    /// What an item is called in conditions.
    pub(super) fn item(self) -> &'static str {
        match self {
            Self::Spans => "span",
            Self::Assessments => "assessment",
            Self::Prompts => "prompt",
        }
    }
}

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";

impl Dialect {
    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DuckDb => "DuckDB",
            Self::Spark => "Spark",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// A string literal. None for a NUL, which is no character of SQL.
    pub(super) fn string(self, text: &str) -> Option<String> {
        if text.contains('\0') {
            return None;
        }
        Some(match self {
            Self::DuckDb | Self::Postgres => format!("'{}'", text.replace('\'', "''")),
            // Spark replaces ${...} by its settings, even in literals.
            Self::Spark => {
                format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'").replace("${", r"\044{"))
            }
        })
    }

    /// A number with a fraction, as a double.
    #[must_use]
    pub fn float(self, number: f64) -> String {
        match self {
            Self::DuckDb => format!("{number:e}"),
            Self::Spark => format!("{number:e}D"),
            Self::Postgres => format!("{number:e}::float8"),
        }
    }

    /// An instant in UTC, given as `2026-11-22 08:11:41.465`.
    pub(super) fn instant(self, text: &str) -> String {
        match self {
            Self::DuckDb | Self::Postgres => format!("TIMESTAMPTZ '{text}+00'"),
            Self::Spark => format!("TIMESTAMP '{text}Z'"),
        }
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub fn milliseconds(self, time: &str) -> String {
        match self {
            Self::DuckDb => format!("epoch_ms({time})"),
            Self::Spark => format!("unix_millis({time})"),
            Self::Postgres => format!("(extract(epoch FROM {time}) * 1000)::bigint"),
        }
    }

    /// A time in UTC from milliseconds since the epoch.
    #[must_use]
    pub fn time(self, milliseconds: &str) -> String {
        match self {
            Self::DuckDb => format!("make_timestamp(({milliseconds}) * 1000)"),
            Self::Spark => format!("timestamp_millis({milliseconds})"),
            Self::Postgres => format!("to_timestamp(({milliseconds}) / 1000.0)"),
        }
    }

    /// How often a number goes into another one that may be below zero.
    #[must_use]
    pub fn whole(self, number: &str, divisor: i64) -> String {
        format!("CAST(floor({number} / {}) AS BIGINT)", self.float(divisor as f64))
    }

    /// The quantile of numbers, interpolated between two of them.
    #[must_use]
    pub fn quantile(self, number: &str, part: f64) -> String {
        match self {
            Self::DuckDb => format!("quantile_cont({number}, {part})"),
            Self::Spark => format!("percentile({number}, {part}D)"),
            Self::Postgres => format!("percentile_cont({part}) WITHIN GROUP (ORDER BY {number})"),
        }
    }

    /// A name of a column.
    #[must_use]
    pub fn identifier(self, name: &str) -> String {
        match self {
            Self::DuckDb | Self::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::Spark => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// The text behind a key of a map; `key` is a literal.
    pub(super) fn entry(self, map: &str, key: &str) -> String {
        match self {
            Self::DuckDb | Self::Spark => format!("{map}[{key}]"),
            Self::Postgres => format!("{map}->>{key}"),
        }
    }

    /// A text of an item of a list of structs.
    pub(super) fn member(self, item: &str, name: &str) -> String {
        match self {
            Self::DuckDb | Self::Spark => format!("{item}.{name}"),
            Self::Postgres => format!("{item}->>'{name}'"),
        }
    }

    fn member_of_type(self, item: &str, name: &str, postgres_type: &str) -> String {
        match self {
            Self::DuckDb | Self::Spark => format!("{item}.{name}"),
            Self::Postgres => format!("({item}->>'{name}')::{postgres_type}"),
        }
    }

    /// A whole number of an item.
    pub(super) fn member_integer(self, item: &str, name: &str) -> String {
        self.member_of_type(item, name, "bigint")
    }

    /// A double of an item.
    pub(super) fn member_float(self, item: &str, name: &str) -> String {
        self.member_of_type(item, name, "float8")
    }

    /// A condition of an item.
    pub(super) fn member_boolean(self, item: &str, name: &str) -> String {
        self.member_of_type(item, name, "boolean")
    }

    /// A map of an item.
    pub(super) fn member_map(self, item: &str, name: &str) -> String {
        match self {
            Self::DuckDb | Self::Spark => format!("{item}.{name}"),
            Self::Postgres => format!("{item}->'{name}'"),
        }
    }

    /// Whether some item of a list is so; not true for a list that is NULL.
    pub(super) fn exists(self, list: List, condition: &str) -> String {
        let (column, item) = (list.column(), list.item());
        match self {
            // Ten times faster than EXISTS over unnest, which is run as a join.
            Self::DuckDb => format!("list_bool_or([{condition} for {item} in {column}])"),
            Self::Spark => format!("exists({column}, {item} -> {condition})"),
            Self::Postgres => {
                let text = if list == List::Prompts { "_text" } else { "" };
                format!(
                    "EXISTS (SELECT 1 FROM jsonb_array_elements{text}({column}) AS items({item}) WHERE {condition})"
                )
            }
        }
    }

    /// Whether no item is so; true for a list that is NULL.
    pub(super) fn exists_not(self, list: List, condition: &str) -> String {
        let exists = self.exists(list, condition);
        match self {
            // It is NULL where a condition is.
            Self::DuckDb | Self::Spark => format!("NOT coalesce({exists}, FALSE)"),
            Self::Postgres => format!("NOT {exists}"),
        }
    }

    /// The number that a JSON text is, if it is one.
    pub(super) fn json_number(self, json: &str) -> String {
        match self {
            Self::DuckDb | Self::Spark => format!("TRY_CAST({json} AS DOUBLE)"),
            Self::Postgres => format!("CASE WHEN {json} ~ '^[-0-9]' THEN ({json})::float8 END"),
        }
    }

    /// The string that a JSON text is, if it is one; the text itself of a list or an object.
    pub(super) fn json_string(self, json: &str) -> String {
        let decoded = self.json_text(json);
        format!("CASE WHEN {json} LIKE '\"%' THEN {decoded} WHEN {json} LIKE '[%' OR {json} LIKE '{{%' THEN {json} END")
    }

    /// The string that a JSON text is.
    pub(super) fn json_text(self, json: &str) -> String {
        match self {
            Self::DuckDb => format!("json_extract_string({json}, '$')"),
            Self::Spark => format!(r#"get_json_object(concat('{{"v":', {json}, '}}'), '$.v')"#),
            Self::Postgres => format!("({json})::jsonb #>> '{{}}'"),
        }
    }

    /// Whether a pattern that all engines read alike is found.
    pub(super) fn matches(self, text: &str, pattern: &str) -> String {
        let literal = self.string(pattern).unwrap_or_default();
        match self {
            Self::DuckDb => format!("regexp_matches({text}, {literal})"),
            Self::Spark => format!("{text} RLIKE {literal}"),
            Self::Postgres => format!("{text} ~ {literal}"),
        }
    }

    /// The number that a text is.
    pub(super) fn read_number(self, text: &str) -> String {
        match self {
            Self::DuckDb | Self::Spark => format!("TRY_CAST(trim({text}) AS DOUBLE)"),
            Self::Postgres => format!("trim({text})::float8"),
        }
    }

    /// The sum, the smallest or the largest of what the items of a list that are so answer; NULL if none answers.
    pub(super) fn over(self, list: List, condition: &str, answer: &str, aggregate: &str) -> String {
        let (column, item) = (list.column(), list.item());
        match (self, aggregate) {
            (Self::DuckDb, _) => format!("list_{aggregate}([{answer} for {item} in {column} if {condition}])"),
            (Self::Spark, "sum") => format!(
                "aggregate(filter(transform(filter({column}, {item} -> {condition}), {item} -> {answer}), number -> number IS NOT NULL), CAST(NULL AS DOUBLE), (sum, number) -> coalesce(sum, 0D) + number)"
            ),
            (Self::Spark, _) => {
                format!("array_{aggregate}(transform(filter({column}, {item} -> {condition}), {item} -> {answer}))")
            }
            (Self::Postgres, _) => {
                format!(
                    "(SELECT {aggregate}({answer}) FROM jsonb_array_elements({column}) AS items({item}) WHERE {condition})"
                )
            }
        }
    }

    /// `LIKE` or `NOT LIKE` without an escape; None for a NUL.
    pub(super) fn like(self, text: &str, is_negated: bool, pattern: &str) -> Option<String> {
        let operator = if is_negated { "NOT LIKE" } else { "LIKE" };
        Some(match self {
            Self::DuckDb => format!("{text} {operator} {}", self.string(pattern)?),
            Self::Spark => format!("{text} {operator} {}", self.string(&pattern.replace('\\', r"\\"))?),
            Self::Postgres if pattern.contains('\\') => {
                format!("{text} {operator} {} ESCAPE ''", self.string(pattern)?)
            }
            Self::Postgres => format!("{text} {operator} {}", self.string(pattern)?),
        })
    }

    /// `ILIKE` or `NOT ILIKE`, in which only ASCII letters lose their case.
    pub(super) fn ilike(self, text: &str, is_negated: bool, pattern: &str) -> Option<String> {
        let lower = format!("translate({text}, '{UPPER}', '{LOWER}')");
        self.like(&lower, is_negated, &pattern.to_ascii_lowercase())
    }

    /// Whether a pattern of Python is found; or why this engine cannot tell.
    pub(super) fn regex(self, text: &str, is_negated: bool, pattern: &str) -> Result<String, &'static str> {
        let pattern = regex::translate(pattern, self)?;
        let literal = self.string(&pattern).ok_or("the text holds a NUL")?;
        let not = if is_negated { "NOT " } else { "" };
        Ok(match self {
            Self::DuckDb => format!("{not}regexp_matches({text}, {literal})"),
            Self::Spark => format!("{text} {not}RLIKE {literal}"),
            Self::Postgres => format!("{text} {}~ {literal}", if is_negated { "!" } else { "" }),
        })
    }
}
