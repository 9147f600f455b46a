//! The picture of the README: what the program shows on a terminal, drawn as SVG from its real output.

use std::fmt::Write as _;
use std::path::Path;

use crate::support::Program;

const LINES: &[&str] = &[
    "search \"status = 'ERROR'\" -n 4 --fields trace_id,duration_ms,name,error",
    "get tr-565cd459f",
    "stats --by name --metric traces,error_rate,p95:duration,sum:cost.total",
];
/// Characters of a line that are drawn.
const WIDTH: usize = 92;
/// Pixels from character to character, from line to line, and around them.
const ADVANCE: usize = 8;
const LEADING: usize = 18;
const MARGIN: usize = 20;

/// The colours that the program uses.
fn style(codes: &str) -> &'static str {
    match codes {
        "31" => " fill=\"#f07178\"",
        "31;1" => " fill=\"#f07178\" font-weight=\"bold\"",
        "32" => " fill=\"#a3d977\"",
        "33" => " fill=\"#ffcb6b\"",
        "1" => " font-weight=\"bold\"",
        "2" => " fill=\"#8a919e\"",
        _ => "",
    }
}

/// As text of SVG, in which blanks that follow each other would be one.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace(' ', "\u{a0}")
}

/// A line with its colours, of which no more than a width is drawn.
fn drawn(line: &str) -> String {
    let (mut out, mut left) = (String::new(), WIDTH);
    for (place, part) in line.split("\u{1b}[").enumerate() {
        let (codes, text) = if place == 0 { ("", part) } else { part.split_once('m').expect("a colour") };
        let text: String = text.chars().take(left).collect();
        left -= text.chars().count();
        if !text.is_empty() {
            let _ = write!(out, "<tspan{}>{}</tspan>", style(codes), escaped(&text));
        }
    }
    out
}

fn picture() -> String {
    let mut body = String::new();
    let mut row = 0;
    let mut add = |content: &str| {
        row += 1;
        let y = MARGIN + row * LEADING;
        let _ = writeln!(body, "<text x=\"{MARGIN}\" y=\"{y}\">{content}</text>");
    };
    for line in LINES {
        add(&format!("<tspan fill=\"#82aaff\">$ </tspan>mlflow-trace -u demo {}", escaped(line)));
        let shown = Program::shell(&format!("mlflow-trace -u demo --color always {line}")).run().succeeds();
        assert!(!shown.stdout.is_empty(), "{shown}");
        for line in shown.stdout.trim_end().lines() {
            add(&drawn(line));
        }
        add("");
    }
    let (width, height) = (2 * MARGIN + WIDTH * ADVANCE, MARGIN + row * LEADING);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"13\" fill=\"#d6deeb\">\n<title>mlflow-trace on a terminal</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0f1620\"/>\n{body}</svg>\n"
    )
}

#[test]
fn the_picture_of_the_readme_is_what_the_program_shows() {
    let (path, picture) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/terminal.svg"), picture());
    if std::env::var_os("MLFLOW_TRACE_UPDATE").is_some() {
        std::fs::write(&path, &picture).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == picture, "{} is out of date: run this test with MLFLOW_TRACE_UPDATE=1", path.display());
}
