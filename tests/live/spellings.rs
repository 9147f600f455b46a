//! What the filters of `generate.rs` are spelled with, as far as it does not come from traces.

/// Attributes without a prefix.
pub const BARE_ATTRIBUTES: &[&str] = &[
    "status", "status", "request_id", "client_request_id", "name", "name", "timestamp", "timestamp", "timestamp_ms",
    "execution_time", "execution_time_ms", "end_time", "end_time_ms", "run_id", "prompt", "text",
];

pub const OPERATORS: &[&str] = &[
    "=", "!=", ">", ">=", "<", "<=", "LIKE", "ILIKE", "RLIKE", "IN", "NOT IN", "IS NULL", "IS NOT NULL", "==", "<>",
    "NOT LIKE", "=~", "~", "REGEXP", "BETWEEN", "=!", "!", "IS", "NOT NULL", "CONTAINS",
];

/// What Python takes for blanks, and some of what it does not.
pub const BLANKS: &[&str] = &[
    " ", "  ", "\t", "\n", "\r\n", "\u{b}", "\u{c}", "\u{a0}", "\u{1c}", "\u{1f}", "\u{85}", "\u{1680}", "\u{2003}",
    "\u{2028}", "\u{202f}", "\u{205f}", "\u{3000}", " \n\t ", "\u{200b}", "\u{feff}", "\u{180e}",
];

/// Words that SQL reserves, or that the tokenizer knows.
pub const KEYS_OF_SQL: &[&str] = &[
    "order", "user", "type", "group", "select", "end", "key", "value", "session", "date", "index", "by", "case", "in",
    "from", "as", "using", "values", "and", "or", "not", "null", "like", "is", "CASE", "From", "between", "where",
    "join", "on", "desc", "asc", "limit", "true", "false", "int", "float", "text", "timestamp", "interval", "count",
    "table", "set", "update", "delete", "create", "drop", "begin", "if", "for", "while", "loop", "over", "window",
    "union", "all", "distinct", "having", "role", "level", "zone", "row", "rows", "partition", "default", "primary",
    "foreign", "rlike", "ilike", "regexp", "escape", "collate", "numeric", "double", "array", "with", "lateral",
];

pub const ODD_TEXTS: &[&str] = &[
    "", " ", "%", "_", "\\", "'", "\"", "it's", "it''s", "say \"hi\"", "a\\'b", "x\\", "日本", "🎉", "é", "e\u{301}",
    "\n", "a\tb", "null", "true", "5", "5.0", "1e3", "-1", "0.5", "abc", "OK", "ok", "NULL", "a AND b",
    "' AND 'x' = 'x", "(", ")", "--", "#", ";", "/*", "*/", "`", "%s", "{}", "\u{0}", "\u{1c}", "ſ", "K", "İ", "ß",
    "x = 'y'", "1.7e12", "٣", "tags.env", "1700000000000", "100", " 100 ", "1e2", "+100", "0x64", "Infinity", "nan",
    "1_0", "[1, 2]", "\\u00e8",
];

/// Regular expressions that need Python's rules.
pub const ODD_PATTERNS: &[&str] = &[
    "", ".", "^", "$", "^$", "^.*$", "\\w+", "^\\d+$", "\\s", "[", "(", ")", "*", "a**", "a++", "(a)\\1",
    "(?P<n>a)(?P=n)", "\\p{L}", "\\z", "\\Z", "\\A", "(?i)CHAT", "(?s)line1.line2", "(?m)^line2", "(?x) c h a t",
    "(?-i:a)", "(?i:A)b", "^(?!chat)", "(?<=g)t", "(?<!a)b", "(?<=a*)b", "[[:alpha:]]+", "[^a-z]", "[a-", "[]a]",
    "[^]]", "{", "{2}", "a{,2}", "a{2,1}", "x{0,3}?", "\\", "\\d{2}", "\\x41", "\\u00e9", "\\N{DASH}", "\\8",
    "(?#c)a", "(?>a+)b", "(a|b)+?c", "é", "[é-ü]", "日", "\\b", "\\Bt", "a|", "|", "()", "(?:)", "(?(1)a|b)",
    "(a)?(?(1)b|c)", "a.c", "\\.", "\\-", "\\_", "[\\w-]", "[a&&b]", "(?a)\\w", "(?u)\\w", "(?L)a", "(?i)ß", "(?i)ſ",
    "(?i)k", "\\0", "\\101", "\\n", "\\t", "\"", "^\"", "\"$", "true|false", "(?i)É", "^[^%]+$", "x{3}", "n{300}",
    "(a+)+$", "^.{0,5}$", "\\S+\\s\\S+",
];

/// What stands in the stored text of spans.
pub const SNIPPETS: &[&str] = &[
    "model", "gpt", "\"model\"", "STATUS_CODE_ERROR", "needle_in_event", "doc about", "finish_reason", "\\n", "\\\"",
    "\\\\\\\\temp", "mlflow.spanType", "São", "日本", "\"links\": []", "events", "parent_span_id\": null", "0.7", "q7",
];

/// Spelled at random these would hardly come about.
pub const BROKEN_NUMBERS: &[&str] = &[
    "+5", "- 5", "1e+3", "0x10", "1_000", "1,000", ".5", "-.5", "5.", "1e400", "-1e400", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "9223372046854", "9223372046855", "1e308",
    "1e-400", "0", "-0", "-0.0", "00", "1.5E-3", "1E3", "5e", "5e-", "5.e3", ".5e3", "1.2.3", "5a", "5_", "1e2AND",
    "0b1", "0o7", "1e3.5", "²", "½", "Ⅷ", "٣٤", "1٣", "٣e٢", "1٫5", "9999999999999999999999", "1e19", "--5", "5%",
    "NaN", "inf", "1.7e12", "1e03", "0.1e1", "1700000000000.0000001", "1.", ".", "-", "-.", "0X1F", "1E-٣", "1.0e12",
    "0e0", "5.0.", "5 .",
];

/// Whole filters that show what no rule makes.
pub const QUIRKS: &[&str] = &[
    "", " ", "AND", "AND AND", "and", "status = 'OK' AND", "AND status = 'OK'", "status='ERROR'name='agent.run'",
    "tags.env = 'prod' tags.version IS NOT NULL", "feedback.score > 0.5 feedback.correct IS NULL",
    "tags.env IS NULL tags.version IS NOT NULL", "status NOT IN ('ERROR') status IN ('OK')",
    "status = 'OK' tags.env IS NULL", "execution_time > 1e2AND status = 'OK'",
    "timestamp>1700000000000AND status='OK'", "status IN('OK')", "name LIKE'chat%'", "name LIKE('chat%')",
    "tags.w = \"C:\\\" AND tags.v = \"x\"", "tags.w = 'C:\\'", "tags.v = 'it''s' AND tags.w = \"it\\'s\"",
    "timestamp > 5 AND trace.timestamp > '6'", "trace.timestamp > 'abc' AND span.name = 'early'",
    "timestamp >= 9223372046855 AND span.name = 'early'", "timestamp >= 9223372046854 AND span.name = 'early'",
    "timestamp >= 1e30 AND span.name = 'early'", "timestamp_ms > 1700018009000.5 AND span.name = 'slightly-early'",
    "run_id = '000000000000000000000000000000a1' AND run_id = ''", "run_id = '' AND status = 'ERROR'",
    "feedback.helpful = 'yes' AND name = 'judged'", "feedback.helpful IS NULL AND name = 'judged'",
    "feedback.turns > 3 AND expectation.goal LIKE '%flight%'", "feedback.elsewhere = 'yes'",
    "feedback.helpful != 'no'", "span.name = 'a' AND span.status = 'ERROR'",
    "span.name = 'a' AND span.type = 'TOOL' AND span.status = 'ERROR'",
    "span.attributes.model LIKE '%gpt%' AND span.attributes.provider LIKE '%azure%'",
    "span.attributes.model RLIKE '^gpt-4o$' AND span.name != 'llm_call'", "tags. order = 'o'", "tags. env = 'prod'",
    "tags .env = 'prod'", "status = ('OK', 'ERROR')", "span.attributes.model LIKE ('%a%')", "status = 'OK' -- x",
    "status = 'OK' /* x */ AND name = 'chat'", "status = 'OK' # x", "'OK' = status", "(status = 'OK')",
    "NOT status = 'OK'", "status = 'OK' OR status = 'ERROR'",
    "metadata.mlflow.trace.tokenUsage = '{\"input_tokens\": 10, \"output_tokens\": 5, \"total_tokens\": 15}'",
    "metadata.long LIKE 'yyy%'", "metadata.long RLIKE '^y{300}$'", "metadata.long LIKE '%y' AND metadata.long != 'y'",
    "feedback.score = '5'", "feedback.score = '5.0'", "feedback.score RLIKE '^5$'", "feedback.score IN ('5')",
    "prompt = 'greet/1' AND status = 'OK'", "tags.mlflow.linkedPrompts = 'greet/2'", "end_time < 'abc'",
    "execution_time = ' 1e2 '", "tags.foo desc = 'with desc'", "tags.foo bar IS NULL", "tags.foo as bar IS NULL",
    "tags.foo[0] = 'idx'", "tags.foo::int = 'cast'",
];
