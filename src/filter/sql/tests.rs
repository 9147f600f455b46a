use super::*;

fn sql(dialect: Dialect, filter: &str) -> String {
    Filter::parse(filter).unwrap().to_sql(dialect, "traces").unwrap()
}

#[test]
fn nothing_asked_is_true() {
    assert_eq!(sql(Dialect::DuckDb, ""), "TRUE");
}
