//! What people see, kept in files: whole outputs, compared whole. `MLFLOW_TRACE_UPDATE=1` writes them anew.

use std::path::{Path, PathBuf};

use fancy_regex::{NoExpand, Regex};

use crate::fake::ASSESSMENT;
use crate::support::Ended;

/// A file of scenes in `tests/data/cli`.
#[must_use = "a gallery is compared by `check`"]
pub struct Gallery {
    name: &'static str,
    text: String,
    hides_times: bool,
}

impl Gallery {
    /// An empty one.
    pub fn new(name: &'static str) -> Self {
        Self { name, text: String::new(), hides_times: false }
    }

    /// With every time and date made unreadable, for scenes that depend on the clock.
    pub fn hiding_times(self) -> Self {
        Self { hides_times: true, ..self }
    }

    /// Adds what a run showed.
    pub fn scene(&mut self, title: &str, ended: &Ended) {
        let Ended { line, code, stdout, stderr } = ended;
        let code = code.map_or_else(|| "signal".to_owned(), |code| code.to_string());
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let part = |mark: &str, text: &str| -> String {
            let lines = text.split_inclusive('\n').map(|line| format!("{mark} {line}").replace(" \n", "\n"));
            let mut shown: String = lines.collect();
            if !shown.is_empty() && !shown.ends_with('\n') {
                shown.push_str("(no line break)\n");
            }
            shown
        };
        let scene = format!("== {title}\n$ {line}\n{}{}exit {code}\n", part(" ", stdout), part("!", stderr));
        self.text.push_str(&self.redacted(&scene));
    }

    fn redacted(&self, text: &str) -> String {
        let text = replace(text.to_owned(), r"(?<=127\.0\.0\.1:)\d+", "#####");
        let text = replace(text, r"(?<=example\.com:)\d+", "#####");
        let text = replace(text, r"(?<=/\.tmp)\w{6}", "######");
        let text = replace(text, r"(?<=jane@)(?!desk)[-\w]+(\.[-\w]+)*", "host");
        let text = replace(text, &format!("(?!{})(?<=a-)[0-9a-f]{{32}}", &ASSESSMENT[2..]), &"#".repeat(32));
        let text = replace(text, r"\d{8}T\d{6}Z-[0-9a-f]{6}", "########T######Z-######");
        let text = replace(text, r"(?<=\()\d+(?= ms\))", "#");
        let text = without_years(text);
        // In the words of the system.
        let text = replace(text, r"(?<=failed to lookup address information: )[A-Z][a-z]+( [a-z]+)*", "...");
        if !self.hides_times {
            return text;
        }
        let text = replace(text, r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "####-##-## ##:##:##");
        let text = replace(text, r"[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d", "### ## ##:##:##");
        replace(text, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", "####-##-##T##:##:##Z")
    }

    /// Compares it with its file.
    #[track_caller]
    pub fn check(self) {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/cli/{}.txt", self.name));
        same_as_file(&path, &self.text);
    }
}

fn replace(text: String, pattern: &str, same: &str) -> String {
    Regex::new(pattern).unwrap().replace_all(text.as_str(), NoExpand(same)).into_owned()
}

/// Only times of other years have a year: in tables it is taken out, with the room that it takes.
pub fn without_years(text: String) -> String {
    let text = replace(text, r"(?<=[A-Z][a-z]{2} \d\d) \d{4}(?= \d\d:\d\d:\d\d(\s|$))", "");
    replace(text, r"(?<=(time|last) \(\+00:00\)) {9}(?=[^ ])", "    ")
}

/// Compares a text with a committed file, or writes the file if asked to.
#[track_caller]
pub fn same_as_file(path: &Path, text: &str) {
    if std::env::var_os("MLFLOW_TRACE_UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        return;
    }
    let file = std::fs::read_to_string(path).unwrap_or_default();
    if file == text {
        return;
    }
    let position = file.lines().zip(text.lines()).take_while(|(old, new)| old == new).count();
    let line = |text: &str| text.lines().nth(position).unwrap_or("(end)").to_owned();
    panic!(
        "{} differs from line {} on; MLFLOW_TRACE_UPDATE=1 writes it anew\nfile: {}\nnow:  {}\n\nall of it now:\n{text}",
        path.display(),
        position + 1,
        line(&file),
        line(text),
    );
}
