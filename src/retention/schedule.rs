//! What runs a policy every day: texts for cron, systemd and Kubernetes. They never hold credentials or other secrets, and have
//! a place for them that only its owner reads.

mod kubernetes;

use std::path::Path;

/// What is to run, and when.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// Name of units and objects: lower-case letters, digits and dashes.
    pub name: String,
    /// The path of the program, if somebody says it.
    pub program: Option<String>,
    /// The tracking server, without credentials.
    pub tracking_uri: String,
    /// The policy's absolute path on this machine.
    pub policy_path: String,
    /// What the policy says.
    pub policy_text: String,
    /// Further words of the command line, such as limits.
    pub words: Vec<String>,
    /// The file for Prometheus, an absolute path of the machine that runs it.
    pub metrics_file: Option<String>,
    /// The file to which each run adds its line, an absolute path.
    pub log_file: Option<String>,
    /// Folders on the machine that runs it to which the policy archives, absolute paths.
    pub archives: Vec<String>,
    /// Variables beside the tracking server's, and their values; none of them is a secret.
    pub variables: Vec<(String, String)>,
    /// Variables that name files, and the absolute paths of those.
    pub files: Vec<(String, String)>,
    /// The file that holds the token, an absolute path.
    pub token_file: Option<String>,
    /// Names of variables that are secrets.
    pub secrets: Vec<String>,
    /// The folder in which runs remember, where the scheduler has none of its own: an absolute path.
    pub state_dir: Option<String>,
}

const PROGRAM: &str = "/usr/local/bin/mlflow-trace";
const USERNAME: &str = "MLFLOW_TRACKING_USERNAME";
const PASSWORD: &str = "MLFLOW_TRACKING_PASSWORD";
const TOKEN: &str = "MLFLOW_TRACKING_TOKEN";
const HEARTBEAT_URL: &str = "MLFLOW_TRACE_HEARTBEAT_URL";
const TOKEN_FILE: &str = "--token-file";

impl Schedule {
    fn arguments(&self, policy: &str, words: &[String]) -> Vec<String> {
        let command = ["retention", "run", "--policy", policy, "--cron"].map(str::to_owned);
        let metrics = self.metrics_file.iter().flat_map(|file| ["--metrics-file".to_owned(), file.clone()]);
        command.into_iter().chain(words.iter().cloned()).chain(metrics).collect()
    }

    /// Variables and their values, those that name files among them.
    fn all_variables(&self) -> Vec<&(String, String)> {
        let mut all: Vec<_> = self.variables.iter().chain(&self.files).collect();
        all.sort_unstable();
        all
    }

    /// The whole command, with the file for the lines, where nothing else keeps them.
    fn command(&self) -> impl Iterator<Item = String> {
        let log = self.log_file.iter().flat_map(|file| ["--log".to_owned(), file.clone()]);
        let token = self.token_file.iter().flat_map(|file| [TOKEN_FILE.to_owned(), file.clone()]);
        let words: Vec<String> = self.words.iter().cloned().chain(token).collect();
        let program = self.program.clone().unwrap_or_else(|| PROGRAM.to_owned());
        std::iter::once(program).chain(self.arguments(&self.policy_path, &words)).chain(log)
    }

    /// The secrets for which there is a place: those that are in use here, and what servers and monitors ask for as a rule.
    fn secrets(&self) -> Vec<&str> {
        let own = self.secrets.iter().map(String::as_str);
        let is_known = self.token_file.is_some() || self.secrets.iter().any(|name| name == USERNAME || name == TOKEN);
        let usual = [USERNAME, PASSWORD, TOKEN].into_iter().filter(|_| !is_known);
        let mut all: Vec<&str> = own.chain(usual).filter(|name| *name != HEARTBEAT_URL).collect();
        all.sort_unstable();
        all.dedup();
        all.push(HEARTBEAT_URL);
        all
    }

    /// Folders outside of its own that a run writes to, each once.
    fn folders(&self) -> Vec<String> {
        let files = self.metrics_file.iter().chain(&self.log_file);
        let of_files = files.filter_map(|file| Some(Path::new(file).parent()?.display().to_string()));
        let mut all = Vec::new();
        for folder in of_files.chain(self.archives.iter().cloned()) {
            if !all.contains(&folder) {
                all.push(folder);
            }
        }
        all
    }

    /// A line for a crontab.
    #[must_use]
    pub fn cron(&self) -> String {
        let command: Vec<String> = self.command().map(|word| for_shell(&word)).collect();
        let set = |name: &str, value: &str| format!("{name}={} ", for_shell(value));
        let state = self.state_dir.as_ref().map(|folder| set("MLFLOW_TRACE_STATE_DIR", folder)).unwrap_or_default();
        let set: String = self.all_variables().into_iter().map(|(name, value)| set(name, value)).collect();
        // Cron takes a bare % for the end of the line.
        let command =
            format!("MLFLOW_TRACKING_URI={} {state}{set}{}", for_shell(&self.tracking_uri), command.join(" "));
        let secrets = self.secrets().iter().map(|name| format!("# {name}=...\n")).collect::<Vec<_>>().concat();
        format!(
            "# Secrets belong into lines of their own above the last one, in a crontab that only its owner reads:
{secrets}# A run that fails says so on standard error, which cron mails; MAILTO=... says to whom
{} {} * * * {} > /dev/null
",
            self.minute,
            self.hour,
            command.replace('%', "\\%")
        )
    }

    /// A service and a timer.
    #[must_use]
    pub fn systemd(&self) -> String {
        // The timer spreads the runs of many machines.
        let at_once = ["--jitter", "0s"].map(str::to_owned);
        let command: Vec<String> =
            self.command().chain(at_once).map(|word| for_systemd(&word).replace('$', "$$")).collect();
        let folders: Vec<String> = self.folders().iter().map(|folder| for_systemd(&format!("-{folder}"))).collect();
        let folders = if folders.is_empty() {
            String::new()
        } else {
            format!(
                "# The group that may write there:\n# SupplementaryGroups=...\nReadWritePaths={}\n",
                folders.join(" ")
            )
        };
        let set =
            |(name, value): &(String, String)| format!("Environment={}\n", for_systemd(&format!("{name}={value}")));
        let variables: String = self.all_variables().into_iter().map(set).collect();
        let secrets: Vec<String> = self.secrets().iter().map(|name| format!("{name}=...")).collect();
        let secrets = secrets.join(", ");
        format!(
            "# /etc/systemd/system/{name}.service
[Unit]
Description=Delete MLflow traces that the retention policy lets go
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
Environment={uri}
{variables}Environment=MLFLOW_TRACE_STATE_DIR=%S/mlflow-trace
# Secrets, in a file with mode 0600: {secrets}
EnvironmentFile=-/etc/mlflow-trace/credentials
ExecStart={command}
DynamicUser=yes
StateDirectory=mlflow-trace
{folders}# Ctrl-C: the batch under way is finished
KillSignal=SIGINT
TimeoutStopSec=5min

# /etc/systemd/system/{name}.timer
[Unit]
Description=Run {name}.service every day

[Timer]
OnCalendar=*-*-* {hour:02}:{minute:02}:00
RandomizedDelaySec=5min
Persistent=true

[Install]
WantedBy=timers.target
",
            name = self.name,
            uri = for_systemd(&format!("MLFLOW_TRACKING_URI={}", self.tracking_uri)),
            command = command.join(" "),
            hour = self.hour,
            minute = self.minute,
        )
    }
}

/// A word for a POSIX shell.
#[must_use]
pub fn for_shell(word: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_=:/.,@+".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A word for a unit file, where % begins a specifier and quotes are C's; in a command $ begins a variable, too.
fn for_systemd(word: &str) -> String {
    let word = word.replace('%', "%%");
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_=:/.,@+%".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word;
    }
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule() -> Schedule {
        Schedule {
            hour: 3,
            minute: 7,
            name: "retention".into(),
            program: Some("/opt/my tools/mlflow-trace".into()),
            tracking_uri: "https://host/100%/$x".into(),
            policy_path: "/etc/it's.toml".into(),
            policy_text: "[[rule]]\n\nname = \"a\"\n".into(),
            words: vec!["--max-delete".into(), "5".into(), "-x".into(), "$app".into()],
            metrics_file: None,
            log_file: None,
            archives: Vec::new(),
            variables: Vec::new(),
            files: Vec::new(),
            token_file: None,
            secrets: Vec::new(),
            state_dir: None,
        }
    }

    #[test]
    fn there_is_a_place_for_whatever_a_server_may_ask_unless_it_is_known() {
        let secrets = |names: &[&str]| {
            let secrets = names.iter().map(|name| (*name).to_owned()).collect();
            Schedule { secrets, ..schedule() }.secrets().join(" ")
        };
        let any = format!("{PASSWORD} {TOKEN} {USERNAME} {HEARTBEAT_URL}");
        assert_eq!(secrets(&[]), any);
        assert_eq!(secrets(&["AWS_SECRET_ACCESS_KEY"]), format!("AWS_SECRET_ACCESS_KEY {any}"));
        assert_eq!(secrets(&[USERNAME, TOKEN, HEARTBEAT_URL]), format!("{TOKEN} {USERNAME} {HEARTBEAT_URL}"));
        assert_eq!(secrets(&[USERNAME]), format!("{USERNAME} {HEARTBEAT_URL}"));
    }

    #[test]
    fn what_was_in_force_is_handed_on() {
        let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let schedule = Schedule {
            log_file: Some("/var/log/mlflow/runs.jsonl".into()),
            archives: vec!["/srv/expired".into()],
            variables: vec![set("AWS_REGION", "eu"), set("MLFLOW_WORKSPACE", "a b")],
            secrets: vec!["AWS_SECRET_ACCESS_KEY".into(), "MLFLOW_TRACKING_USERNAME".into()],
            state_dir: Some("/home/me/state".into()),
            ..schedule()
        };
        let (cron, systemd, yaml) = (schedule.cron(), schedule.systemd(), schedule.kubernetes("x"));
        assert!(
            cron.contains("/$x' MLFLOW_TRACE_STATE_DIR=/home/me/state AWS_REGION=eu MLFLOW_WORKSPACE='a b' "),
            "{cron}"
        );
        assert!(cron.contains(" --log /var/log/mlflow/runs.jsonl > /dev/null\n"), "{cron}");
        assert!(
            cron.contains(
                "\n# AWS_SECRET_ACCESS_KEY=...\n# MLFLOW_TRACKING_USERNAME=...\n# MLFLOW_TRACE_HEARTBEAT_URL=...\n"
            ),
            "{cron}"
        );
        assert!(systemd.contains("\nEnvironment=AWS_REGION=eu\nEnvironment=\"MLFLOW_WORKSPACE=a b\"\n"), "{systemd}");
        assert!(systemd.contains(" --log /var/log/mlflow/runs.jsonl --jitter 0s\n"), "{systemd}");
        assert!(systemd.contains("\nReadWritePaths=-/var/log/mlflow -/srv/expired\n"), "{systemd}");
        assert!(yaml.contains("                - name: AWS_REGION\n                  value: \"eu\"\n"), "{yaml}");
        assert!(yaml.contains("\n  AWS_SECRET_ACCESS_KEY: \"\"\n  MLFLOW_TRACKING_USERNAME: \"\"\n"), "{yaml}");
        assert!(
            yaml.contains(
                "                - name: retention-archive-0\n                  mountPath: \"/srv/expired\"\n"
            ),
            "{yaml}"
        );
        assert!(!yaml.contains("--log") && !yaml.contains("/home/me"), "{yaml}");
    }

    #[test]
    fn files_are_mounted_from_a_secret_and_volumes_outlive_a_pod() {
        let file = |name: &str, path: &str| (name.to_owned(), path.to_owned());
        let schedule = Schedule {
            files: vec![
                file("CURL_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt"),
                file("MLFLOW_TRACKING_CLIENT_CERT_PATH", "/home/me/other/my ca.pem"),
                file("MLFLOW_TRACKING_SERVER_CERT_PATH", "/home/me/my ca.pem"),
                file("REQUESTS_CA_BUNDLE", "/home/me/my ca.pem"),
            ],
            token_file: Some("/run/token".into()),
            ..schedule()
        };
        let yaml = schedule.kubernetes("x");
        assert!(!yaml.contains("CURL_CA_BUNDLE"), "a container has certificates of its own: {yaml}");
        for text in [
            "# kubectl create secret generic retention-files \\\n",
            "#   '--from-file=my_ca.pem=/home/me/other/my ca.pem' \\\n#   '--from-file=1-my_ca.pem=/home/me/my ca.pem' \\\n",
            "- name: REQUESTS_CA_BUNDLE\n                  value: \"/etc/mlflow-trace-files/1-my_ca.pem\"\n",
            "- \"--token-file\"\n                - \"/etc/mlflow-trace-files/token\"\n",
            "secretName: retention-files\n",
            "kind: PersistentVolumeClaim\nmetadata:\n  name: retention-state\n",
            "claimName: retention-state\n",
        ] {
            assert!(yaml.contains(text), "{text}: {yaml}");
        }
        let cron = schedule.cron();
        assert!(
            cron.contains(" REQUESTS_CA_BUNDLE='/home/me/my ca.pem' ") && cron.contains(" --token-file /run/token ")
        );
    }

    #[test]
    fn words_are_quoted_for_whoever_reads_them() {
        let cron = schedule().cron();
        let line = cron.lines().last().unwrap();
        assert_eq!(
            line,
            r"7 3 * * * MLFLOW_TRACKING_URI='https://host/100\%/$x' '/opt/my tools/mlflow-trace' retention run --policy '/etc/it'\''s.toml' --cron --max-delete 5 -x '$app' > /dev/null"
        );
        let systemd = schedule().systemd();
        assert!(systemd.contains("OnCalendar=*-*-* 03:07:00\n"), "{systemd}");
        let command = "\nExecStart=\"/opt/my tools/mlflow-trace\" retention run --policy \"/etc/it's.toml\" --cron --max-delete 5 -x \"$$app\" --jitter 0s\n";
        assert!(systemd.contains(command), "{systemd}");
        assert!(systemd.contains("\nEnvironment=\"MLFLOW_TRACKING_URI=https://host/100%%/$x\"\n"), "{systemd}");
    }

    #[test]
    fn the_folder_of_the_metrics_can_be_written() {
        let file = Some("/var/lib/node exporter/r.prom".to_owned());
        let schedule = Schedule { metrics_file: file, ..schedule() };
        let cron = schedule.cron();
        assert!(cron.ends_with(" --metrics-file '/var/lib/node exporter/r.prom' > /dev/null\n"), "{cron}");
        let systemd = schedule.systemd();
        assert!(systemd.contains("\nReadWritePaths=\"-/var/lib/node exporter\"\n"), "{systemd}");
        let yaml = schedule.kubernetes("x");
        assert!(
            yaml.contains("                - name: metrics\n                  mountPath: \"/var/lib/node exporter\"\n")
        );
        assert!(yaml.contains("            - name: metrics\n              hostPath:\n"), "{yaml}");
        assert!(yaml.contains("                path: \"/var/lib/node exporter\"\n"), "{yaml}");
    }

    #[test]
    fn secrets_have_a_place_that_only_their_owner_reads() {
        let schedule = schedule();
        for text in [schedule.cron(), schedule.systemd(), schedule.kubernetes("x")] {
            assert!(text.contains("MLFLOW_TRACKING_TOKEN") && text.contains("MLFLOW_TRACE_HEARTBEAT_URL"), "{text}");
        }
    }

    #[test]
    fn the_policy_is_in_the_config_map() {
        let yaml = schedule().kubernetes("registry/mlflow-trace:1");
        assert!(yaml.contains("  retention.toml: |2\n    [[rule]]\n\n    name = \"a\"\n---\n"), "{yaml}");
        assert!(yaml.contains("image: \"registry/mlflow-trace:1\"\n"));
        assert!(yaml.contains("schedule: \"7 3 * * *\"\n"));
    }
}
