//! What is generated and committed is up to date; `MLFLOW_TRACE_UPDATE=1` writes it anew.

use std::path::Path;

use mlflow_trace::commands::reference;

const BEGIN: &str = "<!-- reference: begin -->";
const END: &str = "<!-- reference: end -->";

#[test]
fn the_readme_has_the_reference_of_the_filter_language() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (present, after) = rest.split_once(END).unwrap();
    let wanted = format!("\n{}\n", reference::markdown().trim_end());
    if std::env::var_os("MLFLOW_TRACE_UPDATE").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
    } else {
        assert!(
            present == wanted,
            "README.md is out of date: run this test with MLFLOW_TRACE_UPDATE=1 and look at the difference"
        );
    }
}
