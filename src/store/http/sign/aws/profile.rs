//! Profiles: what `~/.aws/config` and `~/.aws/credentials` say under a name.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::super::super::credentials::AwsLogin;
use crate::model::{IniSection as Section, ini_sections as sections};

/// The profiles of both files.
pub struct Profiles {
    sections: BTreeMap<String, Section>,
    /// The one that counts, and whether somebody named it.
    pub name: String,
    pub is_named: bool,
    /// Where they were looked for.
    pub files: [PathBuf; 2],
}

impl Profiles {
    /// What the files say that are there.
    pub fn read(login: &AwsLogin) -> Self {
        let named = login.variable("AWS_PROFILE").or_else(|| login.variable("AWS_DEFAULT_PROFILE"));
        let file = |variable: &str, usual: &str| match login.variable(variable) {
            Some(path) => in_home(login, path.strip_prefix("~/")).unwrap_or_else(|| PathBuf::from(path)),
            None => in_home(login, Some(usual)).unwrap_or_default(),
        };
        let config = file("AWS_CONFIG_FILE", ".aws/config");
        let credentials = file("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials");
        let text = |path: &PathBuf| std::fs::read_to_string(path).unwrap_or_default();
        let mut all = sections(&text(&config));
        for (name, section) in sections(&text(&credentials)) {
            let name = if name == "default" { name } else { format!("profile {name}") };
            all.entry(name).or_default().extend(section);
        }
        let name = named.unwrap_or("default").to_owned();
        Self { sections: all, name, is_named: named.is_some(), files: [config, credentials] }
    }

    /// What is said under a name.
    pub fn get(&self, name: &str) -> Option<&Section> {
        let own = self.sections.get(&format!("profile {name}"));
        own.or_else(|| self.sections.get("default").filter(|_| name == "default"))
    }

    /// What is said under the name that counts.
    pub fn current(&self) -> Section {
        self.get(&self.name).cloned().unwrap_or_default()
    }

    /// A session of single sign-on, which several profiles may share.
    pub fn session(&self, name: &str) -> Option<&Section> {
        self.sections.get(&format!("sso-session {name}"))
    }
}

fn in_home(login: &AwsLogin, name: Option<&str>) -> Option<PathBuf> {
    Some(login.home.as_ref()?.join(name?))
}
