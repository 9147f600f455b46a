//! The page of `stats --html` in a real browser: it shows what it holds, and nothing in it runs.

use std::path::Path;
use std::process::Command;

const EVIL: &str = "</td><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">";

fn program(arguments: &[&str], folder: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlflow-trace"));
    let output = command.args(arguments).current_dir(folder).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The page as a browser has it after everything that runs has run.
fn shown(page: &Path) -> String {
    let mut browser = Command::new("chromium");
    browser.args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000", "--dump-dom"]);
    let output = browser.arg(page).output().expect("chromium is installed (Debian: chromium)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_browser_shows_the_page_and_runs_nothing_of_it() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let place = folder.path();
    program(&["-u", "demo", "export", "traces.jsonl"], place);
    let traces = std::fs::read_to_string(place.join("traces.jsonl")).unwrap();
    let evil = serde_json::to_string(EVIL).unwrap();
    std::fs::write(place.join("traces.jsonl"), traces.replace("\"support_agent\"", &evil)).unwrap();
    program(&["-u", "file:traces.jsonl", "stats", "--by", "name", "--every", "1d", "--html", "page.html"], place);
    let shown = shown(&place.join("page.html"));
    assert!(shown.contains("<title>Traces in numbers</title>"), "something ran");
    assert_eq!((shown.matches("<table>").count(), shown.matches("<svg ").count()), (3, 1));
    for text in ["docs_search", "Slowest traces", "Last failed traces", "&lt;script&gt;document.title='run'"] {
        assert!(shown.contains(text), "{text} is not there:\n{shown}");
    }
}
