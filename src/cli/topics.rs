//! What `help` explains beside commands: pages of the manual, or sections of them.

use clap::CommandFactory;

use super::Cli;

/// A topic of `help`.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    /// What it is called.
    pub name: &'static str,
    /// The pages in Markdown, each with the heading of the section that is shown; no heading means the whole page.
    pages: &'static [(&'static str, Option<&'static str>)],
}

const SCRIPTING: &str = include_str!("../../docs/src/scripting.md");
const SEARCH: &str = include_str!("../../docs/src/search.md");
const SERVERS: &str = include_str!("../../docs/src/servers.md");

/// All topics, in the order in which they are listed.
pub const TOPICS: &[Topic] = &[
    Topic { name: "filters", pages: &[(include_str!("../../docs/src/reference/filters.md"), None)] },
    Topic { name: "formatting", pages: &[(SCRIPTING, Some("Output")), (SEARCH, Some("Tables"))] },
    Topic { name: "environment", pages: &[(include_str!("../../docs/src/reference/environment.md"), None)] },
    Topic { name: "exit-codes", pages: &[(SCRIPTING, Some("Exit codes"))] },
    Topic {
        name: "authentication",
        pages: &[(SERVERS, Some("Credentials")), (SERVERS, Some("Certificates and proxies"))],
    },
    Topic { name: "retention", pages: &[(include_str!("../../docs/src/retention.md"), None)] },
    Topic { name: "scripting", pages: &[(SCRIPTING, None)] },
];

impl Topic {
    /// The topic of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        TOPICS.iter().find(|topic| topic.name == name)
    }

    /// Whether a command has the same name.
    #[must_use]
    pub fn is_command(&self) -> bool {
        Cli::command().find_subcommand(self.name).is_some()
    }

    /// Its text in Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let pages = self.pages.iter().map(|(page, heading)| heading.map_or(*page, |heading| section(page, heading)));
        pages.map(str::trim).collect::<Vec<_>>().join("\n\n")
    }
}

/// The section of a page below a heading of the second level, with the heading.
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let Some(start) = page.find(&format!("\n## {heading}\n")) else { return page };
    let section = &page[start + 1..];
    section.find("\n## ").map_or(section, |end| &section[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_its_sections() {
        for topic in TOPICS {
            for (page, heading) in topic.pages {
                let begins = heading.map_or(String::new(), |heading| format!("## {heading}\n"));
                let text = heading.map_or(*page, |heading| section(page, heading));
                assert!(text.starts_with(&begins) && text.len() > 200, "{}", topic.name);
            }
        }
    }
}
