//! What holds for every text, whatever it says.

use mlflow_trace::filter::ast::{
    Comparison, Expr, Identifier, Literal, LiteralValue, Operator, OperatorKind, TextSpan,
};
use mlflow_trace::filter::{Filter, FilterErrorKind, OrderBy};
use proptest::prelude::*;

/// Pieces of filters, so that random sequences of them come near to being filters.
const PIECES: &[&str] = &[
    "status",
    "tags.env",
    "tags.`a b`",
    "tags.\"x\"",
    "metadata.'k'",
    "span.name",
    "span.attributes.model",
    "feedback.ok",
    "timestamp",
    "trace.text",
    "run_id",
    "tags.",
    ".",
    "=",
    "!=",
    ">",
    "LIKE",
    "RLIKE",
    "IN",
    "NOT IN",
    "IS NULL",
    "IS NOT NULL",
    "AND",
    "OR",
    "NOT",
    "'x'",
    "\"y\"",
    "'it''s'",
    "'\\'",
    "5",
    "-1.5",
    "1e3",
    "('a', 'b')",
    "(",
    ")",
    "#",
    "'",
    "\"",
    "`",
    "\\",
    "\u{3000}",
    "\u{1c}",
    "é",
    "日本",
    "🎉",
    "´",
    "\n",
    ",",
    ";",
    "$X",
    "span(",
    "latency",
    "attributes.model",
    "BETWEEN",
    "NOT LIKE",
    "1h30m",
    "-24h",
    "'2026-11-01'",
    "E'it\\'s \"both\"'",
    "E'",
    "true",
    "tags.in",
    "1a",
    "0x1",
];

fn near_filter() -> impl Strategy<Value = String> {
    let piece = (prop::sample::select(PIECES), prop::sample::select(&["", " ", " ", "\n"][..]));
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.into_iter().flat_map(|(a, b)| [a, b]).collect())
}

fn literal(raw: &str, value: LiteralValue) -> Literal {
    Literal { raw: raw.to_owned(), value, span: TextSpan::default() }
}

fn comparison() -> impl Strategy<Value = Expr> {
    let text = |value: &str| LiteralValue::Text(value.to_owned());
    let tails = vec![
        (OperatorKind::Equal, Some(literal("'it''s'", text("it''s")))),
        (OperatorKind::NotEqual, Some(literal("\"\"", text("")))),
        (OperatorKind::Like, Some(literal("'50\\ %'", text("50\\ %")))),
        (OperatorKind::ILike, Some(literal("'\n日本'", text("\n日本")))),
        (OperatorKind::RLike, Some(literal("'^a|b$'", text("^a|b$")))),
        (OperatorKind::In, Some(literal("('a', r'\\n' # c\n)", LiteralValue::List(vec!["a".into(), "\\n".into()])))),
        (OperatorKind::NotIn, Some(literal("(('a'))", LiteralValue::List(vec!["a".into()])))),
        (OperatorKind::IsNull, None),
        (OperatorKind::IsNotNull, None),
        (OperatorKind::Greater, Some(literal("-5", LiteralValue::Integer(-5)))),
        (OperatorKind::GreaterOrEqual, Some(literal("٣", LiteralValue::Integer(3)))),
        (OperatorKind::Less, Some(literal(".5", LiteralValue::Float(0.5)))),
        (OperatorKind::LessOrEqual, Some(literal("1e-3", LiteralValue::Float(0.001)))),
    ];
    let names = &[
        "status",
        "`name`",
        "\"name\"",
        "tags.env",
        "tags.`a b`.c",
        "metadata.\"x=1\"",
        "tags. env",
        "tags.*",
        "x.y.z",
    ];
    (prop::sample::select(&names[..]), prop::sample::select(tails), any::<bool>()).prop_map(
        |(name, (kind, value), upper)| {
            let is_word = kind.as_str().chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
            let identifier = Identifier { raw: name.to_owned(), span: TextSpan::default(), swallowed: None };
            let operator = Operator { kind, upper_case: upper || !is_word, span: TextSpan::default() };
            Expr::Comparison(Comparison { identifier, operator, value, span: TextSpan::default() })
        },
    )
}

fn expression() -> impl Strategy<Value = Expr> {
    prop::collection::vec(comparison(), 0..6).prop_map(|mut parts| match parts.len() {
        1 => parts.remove(0),
        _ => Expr::And(parts),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_is_read_back(expr in expression()) {
        prop_assert_eq!(&expr.to_string().parse::<Expr>().unwrap(), &expr);
    }

    #[test]
    fn accepted_filters_print_what_means_the_same(text in near_filter()) {
        if let Ok(filter) = Filter::parse(&text) {
            let printed = Filter::parse(&filter.expr().to_string()).unwrap();
            prop_assert_eq!(printed.expr(), filter.expr());
            let fields = |filter: &Filter| format!("{:?}", filter.conjuncts()).replace(|c: char| c.is_ascii_digit(), "");
            prop_assert_eq!(fields(&printed), fields(&filter));
        }
    }

    #[test]
    fn near_filters_never_panic_and_errors_point_into_them(text in near_filter()) {
        match Filter::parse(&text) {
            Ok(filter) => {
                prop_assert!(filter.lints().iter().all(|lint| text.get(lint.span.clone()).is_some()));
                let _ = filter.matcher();
                let plan = filter.plan();
                prop_assert!(Filter::parse(plan.server_text()).is_ok_and(|server| !server.is_extended()));
                let _ = plan.residual().map(mlflow_trace::filter::Residual::text);
            }
            Err(error) => {
                prop_assert!(text.get(error.span()).is_some());
                prop_assert!(!error.message().is_empty() && !error.message().contains('\n'));
                prop_assert!(error.render().lines().count() >= 1);
            }
        }
    }

    #[test]
    fn any_text_never_panics(text in any::<String>()) {
        let _ = Filter::parse(&text).map_err(|error| error.render());
        let _ = OrderBy::parse(std::slice::from_ref(&text)).map_err(|error| error.render());
    }
}

/// Each of these would take minutes or the stack if reading took more than linear time or recursed.
#[test]
fn long_filters_take_linear_time_and_no_stack() {
    const N: usize = 50_000;
    let accepted = [
        format!("tags.v = '{}'", "x".repeat(2 * N)),
        format!("tags.v = '{}'", "''".repeat(N)),
        format!("tags.v = \"{}\"", "\\\"".repeat(N)),
        format!("tags.v = '{}\\'", "\\'".repeat(N)),
        format!("tags.`{}` = 'x'", "``".repeat(N)),
        format!("tags.{} = 'x'", "a".repeat(2 * N)),
        format!("status IN ('{}')", "(".repeat(2 * N)),
        format!("status IN ('{}')", "a".repeat(2 * N)),
        vec!["status = 'OK'"; 900].join(" AND "),
        vec!["status = 'OK'"; 1200].join(" OR "),
        vec!["tags.v = 'x' AND (latency > 5s OR name IN ('a', 'b'))"; 250].join(" AND "),
        vec!["span(name = 'x' AND attributes.model = 'y')"; 350].join(" OR "),
        format!(
            "(tags.v = 'x' AND {})",
            (0..700).map(|n| format!("tags.k{n} != '{n}'")).collect::<Vec<_>>().join(" OR ")
        ),
        format!("tags.v = E'{}'", "\\'".repeat(N)),
        format!("tags.v NOT LIKE '{}'", "%a".repeat(N)),
        format!("{}latency > 5s{}", "(".repeat(100), ")".repeat(100)),
        format!("latency > {}1ms", "1ms".repeat(N)),
    ];
    for text in &accepted {
        match Filter::parse(text) {
            Ok(filter) => assert!(Filter::parse(filter.plan().server_text()).is_ok()),
            Err(error) => panic!("{}: {}", &text[..20], error.message()),
        }
    }
    let refused = [
        "(".repeat(2 * N),
        format!("status IN {}", "(".repeat(2 * N)),
        format!("status IN {}'a'{}", "(".repeat(N), ")".repeat(N)),
        format!("status IN ({}", "'a',".repeat(N)),
        "'".repeat(2 * N + 1),
        "`".repeat(2 * N + 1),
        "tags.".repeat(N),
        "AND ".repeat(N),
        " ".repeat(N),
        "a ".repeat(N),
        "= ".repeat(N),
        "tags. ".repeat(N),
        format!("tags.v = '{}", "\\'".repeat(N) + "x ="),
        format!("tags.v = '{}", "'' ".repeat(N)),
        "-".repeat(N),
        "1".repeat(N),
        format!("execution_time > {}", "1".repeat(2 * N)),
        vec!["NOT"; N].join(" "),
        "span(".repeat(N),
        "E'\\'".repeat(N),
        "tags.v = E'".repeat(N),
        "tags.v IN ('".repeat(N),
        "latency BETWEEN ".repeat(N),
        "latency BETWEEN 1 AND ".repeat(N),
        format!("latency > {}", "1h".repeat(N) + "x"),
        vec!["status = 'OK'"; 1100].join(" AND "),
    ];
    for text in &refused {
        assert!(Filter::parse(text).is_err(), "{}", &text[..20]);
    }
}

#[test]
fn what_is_too_much_for_a_server_is_refused_with_its_reason() {
    let tags = |count: usize| (0..count).map(|n| format!("tags.k{n} = 'v'")).collect::<Vec<_>>().join(" AND ");
    assert!(Filter::parse(&tags(63)).is_ok());
    let deep = |depth: usize| format!("status IN {}'OK'{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Filter::parse(&deep(100)).is_ok());
    for text in [tags(64), deep(101), "AND ".repeat(5001), format!("name LIKE '{}'", "a".repeat(50_001))] {
        let error = Filter::parse(&text).unwrap_err();
        assert_eq!(error.kind(), FilterErrorKind::Limit, "{error}");
        assert!(error.render().len() < 1000);
    }
}
