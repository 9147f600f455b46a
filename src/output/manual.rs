//! Pages of the manual on a terminal: Markdown without its signs.

use super::wrapped::wrapped;

/// Columns beyond which lines are hard to read.
const WIDEST: usize = 100;
/// How far code and what belongs to a row is moved in.
const INDENT: &str = "    ";

/// A page as text for a terminal of `width` columns.
#[must_use]
pub fn manual_page(markdown: &str, width: Option<u16>) -> String {
    let width = width.map_or(WIDEST, usize::from).min(WIDEST);
    let mut page = Page { lines: Vec::new(), paragraph: String::new(), hanging: "", rows: Vec::new(), width };
    let mut is_code = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            page.end_block();
            is_code = !is_code;
        } else if is_code {
            page.lines.push(format!("{INDENT}{line}"));
        } else {
            page.take(line);
        }
    }
    page.end_block();
    page.lines.join("\n").trim_matches('\n').to_owned() + "\n"
}

struct Page {
    lines: Vec<String>,
    paragraph: String,
    /// What stands before all lines of a paragraph but the first.
    hanging: &'static str,
    rows: Vec<Vec<String>>,
    width: usize,
}

impl Page {
    fn take(&mut self, line: &str) {
        let is_item =
            line.starts_with("- ") || line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
        if line.starts_with("<!--") {
        } else if line.trim().is_empty() {
            self.end_block();
            self.lines.push(String::new());
        } else if let Some(heading) = line.strip_prefix('#') {
            self.end_block();
            self.lines.push(plain(heading.trim_start_matches('#').trim()).to_uppercase());
        } else if let Some(row) = line.strip_prefix('|') {
            self.end_paragraph();
            self.rows.push(cells(row));
        } else if is_item {
            self.end_block();
            self.hanging = if line.starts_with('-') { "  " } else { "   " };
            self.paragraph.push_str(line);
        } else {
            let separator = if self.paragraph.is_empty() { "" } else { " " };
            self.paragraph.push_str(separator);
            self.paragraph.push_str(line.trim());
        }
    }

    fn end_block(&mut self) {
        self.end_paragraph();
        self.end_table();
    }

    fn end_paragraph(&mut self) {
        let text = plain(&std::mem::take(&mut self.paragraph));
        let hanging = std::mem::take(&mut self.hanging);
        if !text.is_empty() {
            let lines = wrapped(&text, self.width - hanging.len(), usize::MAX).lines;
            let before = |at: usize| if at == 0 { "" } else { hanging };
            self.lines.extend(lines.iter().enumerate().map(|(at, line)| format!("{}{line}", before(at))));
        }
    }

    /// A table in columns if they fit; else each row with its other cells below the first.
    fn end_table(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        let is_line = |row: &Vec<String>| row.iter().all(|cell| !cell.is_empty() && cell.chars().all(|one| one == '-'));
        let header = rows.iter().position(is_line).and_then(|line| line.checked_sub(1)).map(|at| rows[at].clone());
        rows.retain(|row| !row.iter().all(|cell| cell.is_empty() || cell.chars().all(|one| one == '-')));
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let widest =
            |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0)).collect();
        let fits = widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1) <= self.width;
        for row in &rows {
            if fits {
                let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
                self.lines.push(cells.collect::<Vec<_>>().join("  ").trim_end().to_owned());
                continue;
            }
            let Some((first, others)) = row.split_first().filter(|_| header.as_ref() != Some(row)) else { continue };
            let rest: Vec<&str> = others.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
            self.lines.push(first.clone());
            let below = wrapped(&rest.join("; "), self.width - INDENT.len(), usize::MAX).lines;
            self.lines.extend(below.iter().filter(|line| !line.is_empty()).map(|line| format!("{INDENT}{line}")));
        }
    }
}

/// The cells of a row of a table, behind its first bar.
fn cells(row: &str) -> Vec<String> {
    let row = row.trim().trim_end_matches('|').replace("\\|", "\u{1}");
    row.split('|').map(|cell| plain(&cell.replace('\u{1}', "|"))).collect()
}

/// A text without links and signs: single backticks stay, as shells and filters need them to be seen.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.trim();
    while let Some((before, after)) = rest.split_once('[') {
        let link = after.split_once("](").and_then(|(name, after)| Some((name, after.split_once(')')?.1)));
        // In code there are brackets, too.
        let is_code = before.matches('`').count() % 2 == 1;
        plain.push_str(before);
        if let Some((name, after)) = link.filter(|(name, _)| !is_code && !name.contains(['[', '`', '\n'])) {
            plain.push_str(name);
            rest = after;
        } else {
            plain.push('[');
            rest = after;
        }
    }
    plain.push_str(rest);
    plain.replace("**", "").replace("`` ", "").replace(" ``", "").replace("``", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_readable_without_markdown() {
        let page = "<!-- Generated -->\n\n# Exit codes\n\nSee [the manual](x.md#y) for `-o json`; it is\none paragraph.\n\n\
            ```sh\nmlflow-trace search\n```\n\n| code | meaning |\n|---|---|\n| 0 | done |\n| 10 | a \\| b |\n\n- one item\n  that goes on\n";
        let expected = "EXIT CODES\n\nSee the manual for `-o json`; it is one\nparagraph.\n\n    mlflow-trace search\n\n\
            code  meaning\n0     done\n10    a | b\n\n- one item that goes on\n";
        assert_eq!(manual_page(page, Some(40)), expected);
        assert_eq!(
            manual_page("| b | c |\n|---|---|\n| a | long enough to need two lines |\n", Some(30)),
            "a\n    long enough to need two\n    lines\n"
        );
        assert_eq!(plain("``tags.`my key` `` and `tags['a']`"), "tags.`my key` and `tags['a']`");
    }
}
