//! Who somebody is to Kubernetes: the service account of the pod, else the user of the current context of a kubeconfig.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::process::Command;
use yaml_rust2::{Yaml, YamlLoader};

use super::super::credentials::Cluster;
use super::command;
use super::token::{KeptFor, Token, checked, from_file};

/// How long before its end a token is renewed.
const BEFORE_ITS_END: SignedDuration = SignedDuration::from_secs(60);

/// The bearer token.
pub async fn token(cluster: &Cluster) -> Result<Token, String> {
    if let Ok(token) = from_file(&cluster.service_account.join("token")) {
        return Ok(token);
    }
    let config = Kubeconfig::read(&cluster.kubeconfigs)?;
    let user = config.user().ok_or_else(|| nowhere("credentials", cluster))?;
    if let Some(secret) = text(user, "token").and_then(checked) {
        return Ok(Token { secret, keep: KeptFor::Not });
    }
    if let Some(path) = text(user, "tokenFile") {
        return from_file(&config.folder.join(path));
    }
    match &user["exec"] {
        Yaml::BadValue => Err(nowhere("a token", cluster)),
        exec => executed(exec).await,
    }
}

/// The namespace, which is the workspace.
pub fn namespace(cluster: &Cluster) -> Result<String, String> {
    let path = cluster.service_account.join("namespace");
    let of_pod = std::fs::read_to_string(path).unwrap_or_default().trim().to_owned();
    if !of_pod.is_empty() {
        return Ok(of_pod);
    }
    let config = Kubeconfig::read(&cluster.kubeconfigs)?;
    config.namespace().ok_or_else(|| nowhere("a namespace", cluster))
}

fn nowhere(what: &str, cluster: &Cluster) -> String {
    let files: Vec<String> = cluster.kubeconfigs.iter().map(|path| path.display().to_string()).collect();
    format!(
        "neither {} nor the current context of {} has {what}",
        cluster.service_account.display(),
        if files.is_empty() { "a kubeconfig".to_owned() } else { files.join(", ") }
    )
}

/// Several files as one: of what more than one says the first counts.
struct Kubeconfig {
    files: Vec<Yaml>,
    /// Of the first file: paths are relative to it.
    folder: PathBuf,
}

impl Kubeconfig {
    fn read(paths: &[PathBuf]) -> Result<Self, String> {
        let mut files = Vec::new();
        let mut folder = PathBuf::new();
        for path in paths.iter().filter(|path| path.exists()) {
            let unread = |reason: String| format!("the kubeconfig {} cannot be read: {reason}", path.display());
            let text = std::fs::read_to_string(path).map_err(|error| unread(error.to_string()))?;
            files.extend(YamlLoader::load_from_str(&text).map_err(|error| unread(error.to_string()))?);
            if folder.as_os_str().is_empty() {
                path.parent().unwrap_or(Path::new("")).clone_into(&mut folder);
            }
        }
        Ok(Self { files, folder })
    }

    /// What stands under a name in a list such as `users`.
    fn named(&self, list: &str, name: &str, part: &str) -> Option<&Yaml> {
        let entries = self.files.iter().filter_map(|file| file[list].as_vec()).flatten();
        let mut named = entries.filter(|entry| entry["name"].as_str() == Some(name));
        named.next().map(|entry| &entry[part]).filter(|found| !found.is_badvalue())
    }

    fn context(&self) -> Option<&Yaml> {
        let current = self.files.iter().find_map(|file| text(file, "current-context"))?;
        self.named("contexts", current, "context")
    }

    fn user(&self) -> Option<&Yaml> {
        self.named("users", text(self.context()?, "user")?, "user")
    }

    fn namespace(&self) -> Option<String> {
        text(self.context()?, "namespace").map(|name| name.trim().to_owned())
    }
}

fn text<'y>(yaml: &'y Yaml, key: &str) -> Option<&'y str> {
    yaml[key].as_str().filter(|text| !text.trim().is_empty())
}

/// What a credential plugin prints.
#[derive(Deserialize)]
struct ExecCredential {
    status: ExecStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecStatus {
    token: Option<String>,
    expiration_timestamp: Option<String>,
}

/// Runs the credential plugin that a kubeconfig names.
async fn executed(exec: &Yaml) -> Result<Token, String> {
    let name = text(exec, "command").ok_or("the kubeconfig names a credential plugin without a command")?;
    let mut command = Command::new(name);
    command.args(exec["args"].as_vec().into_iter().flatten().filter_map(Yaml::as_str));
    for variable in exec["env"].as_vec().into_iter().flatten() {
        if let (Some(name), Some(value)) = (text(variable, "name"), variable["value"].as_str()) {
            command.env(name, value);
        }
    }
    let version = text(exec, "apiVersion").unwrap_or("client.authentication.k8s.io/v1");
    let info = serde_json::json!({"apiVersion": version, "kind": "ExecCredential", "spec": {"interactive": false}});
    command.env("KUBERNETES_EXEC_INFO", info.to_string());
    let printed = command::run(command).await.map_err(|reason| format!("the credential plugin {name:?} {reason}"))?;
    let credential: ExecCredential = serde_json::from_slice(&printed)
        .map_err(|_| format!("the credential plugin {name:?} printed no ExecCredential"))?;
    let secret = credential.status.token.as_deref().and_then(checked);
    let secret = secret.ok_or_else(|| format!("the credential plugin {name:?} gave no token"))?;
    let end = credential.status.expiration_timestamp.and_then(|end| end.parse::<Timestamp>().ok());
    let keep = end.map_or(KeptFor::UntilRefused, |end| KeptFor::Until(end.checked_sub(BEFORE_ITS_END).unwrap_or(end)));
    Ok(Token { secret, keep })
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    struct Files(tempfile::TempDir);

    impl Files {
        fn new(files: &[(&str, &str)]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            for (name, text) in files {
                let path = folder.path().join(name);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            Self(folder)
        }

        fn cluster(&self) -> Cluster {
            let kubeconfigs = ["a", "b"].map(|name| self.0.path().join(name)).to_vec();
            Cluster { service_account: self.0.path().join("sa"), kubeconfigs, is_namespaced: true }
        }

        async fn token(&self) -> Result<(String, KeptFor), String> {
            token(&self.cluster()).await.map(|token| (token.secret.expose().to_owned(), token.keep))
        }
    }

    const CONFIG: &str = "apiVersion: v1\nkind: Config\ncurrent-context: dev\ncontexts:\n- name: dev\n  context:\n    cluster: c\n    user: jane\n    namespace: team-a\n";

    fn with_user(user: &str) -> Files {
        Files::new(&[("a", CONFIG), ("b", &format!("users:\n- name: jane\n  user:\n{user}")), ("t", "from-file\n")])
    }

    #[tokio::test]
    async fn a_pod_is_its_service_account() {
        let files = Files::new(&[("sa/token", "pod-token\n"), ("sa/namespace", "team-b"), ("a", CONFIG)]);
        assert_eq!(files.token().await.unwrap(), ("pod-token".to_owned(), KeptFor::Not));
        assert_eq!(namespace(&files.cluster()).unwrap(), "team-b");
    }

    #[tokio::test]
    async fn elsewhere_the_current_context_counts_over_all_files() {
        let files = with_user("    token: abc\n");
        assert_eq!(files.token().await.unwrap().0, "abc");
        assert_eq!(namespace(&files.cluster()).unwrap(), "team-a");
        assert_eq!(with_user("    tokenFile: t\n").token().await.unwrap().0, "from-file");
    }

    #[tokio::test]
    async fn a_credential_plugin_is_run() {
        let exec = |printed: &str| {
            with_user(&format!(
                "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: sh\n      args: [-c, 'echo {printed}']\n      env:\n      - name: X\n        value: plugged\n"
            ))
        };
        let token = exec("\"{\\\"status\\\":{\\\"token\\\":\\\"$X\\\"}}\"").token().await.unwrap();
        assert_eq!(token, ("plugged".to_owned(), KeptFor::UntilRefused));
        let ends =
            "\"{\\\"status\\\":{\\\"token\\\":\\\"t\\\",\\\"expirationTimestamp\\\":\\\"2026-01-01T00:01:00Z\\\"}}\"";
        let end = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(exec(ends).token().await.unwrap().1, KeptFor::Until(end));
        assert!(exec("nothing").token().await.unwrap_err().contains("printed no ExecCredential"));
    }

    #[tokio::test]
    async fn what_is_missing_is_said_with_the_places_that_were_looked_at() {
        let none = Files::new(&[]);
        assert!(none.token().await.unwrap_err().contains("sa nor the current context of"));
        assert!(namespace(&none.cluster()).unwrap_err().contains("has a namespace"));
        assert!(with_user("    username: x\n").token().await.unwrap_err().contains("has a token"));
        let broken = Files::new(&[("a", "{")]);
        assert!(broken.token().await.unwrap_err().contains("cannot be read"));
    }
}
