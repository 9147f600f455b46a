//! What runs a policy every day: texts for cron, systemd and Kubernetes. They never hold credentials or other secrets, and have
//! a place for them that only its owner reads.

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
    /// The program, with its path.
    pub program: String,
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
    /// Names of variables that are secrets.
    pub secrets: Vec<String>,
    /// The folder in which runs remember, where the scheduler has none of its own: an absolute path.
    pub state_dir: Option<String>,
}

/// Where the policy is in a container.
const MOUNTED: &str = "/etc/mlflow-trace/retention.toml";
const STATE: &str = "/var/lib/mlflow-trace";
const USERNAME: &str = "MLFLOW_TRACKING_USERNAME";
const TOKEN: &str = "MLFLOW_TRACKING_TOKEN";
const HEARTBEAT_URL: &str = "MLFLOW_TRACE_HEARTBEAT_URL";

impl Schedule {
    fn arguments(&self, policy: &str) -> Vec<String> {
        let words = ["retention", "run", "--policy", policy, "--cron"];
        let metrics = self.metrics_file.iter().flat_map(|file| ["--metrics-file".to_owned(), file.clone()]);
        words.into_iter().map(str::to_owned).chain(self.words.iter().cloned()).chain(metrics).collect()
    }

    /// The same with the file for the lines, where nothing else keeps them.
    fn logged_arguments(&self) -> Vec<String> {
        let log = self.log_file.iter().flat_map(|file| ["--log".to_owned(), file.clone()]);
        self.arguments(&self.policy_path).into_iter().chain(log).collect()
    }

    /// The secrets for which there is a place: those that are in use here, and what servers and monitors ask for as a rule.
    fn secrets(&self) -> Vec<&str> {
        let own = self.secrets.iter().map(String::as_str);
        let usual = [TOKEN].into_iter().filter(|_| !self.secrets.iter().any(|name| name == USERNAME));
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
        let words = std::iter::once(self.program.clone()).chain(self.logged_arguments());
        let command: Vec<String> = words.map(|word| for_shell(&word)).collect();
        let set = |name: &str, value: &str| format!("{name}={} ", for_shell(value));
        let state = self.state_dir.as_ref().map(|folder| set("MLFLOW_TRACE_STATE_DIR", folder)).unwrap_or_default();
        let set: String = self.variables.iter().map(|(name, value)| set(name, value)).collect();
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
        let words = std::iter::once(self.program.clone()).chain(self.logged_arguments()).chain(at_once);
        let command: Vec<String> = words.map(|word| for_systemd(&word).replace('$', "$$")).collect();
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
        let variables: String = self.variables.iter().map(set).collect();
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

    /// A Secret to be filled in, a `ConfigMap` with the policy, and a `CronJob`.
    #[must_use]
    pub fn kubernetes(&self, image: &str) -> String {
        let indented = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
        let policy = self.policy_text.lines().map(indented).collect::<Vec<_>>().concat();
        // Kubernetes takes $(NAME) for a variable.
        let literal = |word: &str| for_yaml(&word.replace("$(", "$$("));
        let argument = |word: &String| format!("                - {}\n", literal(word));
        let arguments = self.arguments(MOUNTED).iter().map(argument).collect::<Vec<_>>().concat();
        let (mount, volume) = self.on_the_node();
        let set = |(name, value): &(String, String)| {
            format!("                - name: {name}\n                  value: {}\n", literal(value))
        };
        let variables: String = self.variables.iter().map(set).collect();
        let secrets = self.secrets().iter().map(|name| format!("  {name}: \"\"\n")).collect::<Vec<_>>().concat();
        format!(
            "apiVersion: v1
kind: Secret
metadata:
  name: {name}
type: Opaque
stringData:
  # What the server asks for, and what is to be told of runs that succeeded; empty is the same as left out
{secrets}---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
data:
  retention.toml: |2
{policy}---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {name}
spec:
  schedule: \"{minute} {hour} * * *\"
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  jobTemplate:
    spec:
      backoffLimit: 0
      template:
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 300
          securityContext:
            runAsNonRoot: true
            runAsUser: 65532
            runAsGroup: 65532
            fsGroup: 65532
          containers:
            - name: retention
              image: {image}
              command:
                - {program}
              args:
{arguments}              env:
                - name: MLFLOW_TRACKING_URI
                  value: {uri}
{variables}                - name: MLFLOW_TRACE_STATE_DIR
                  value: {STATE}
              envFrom:
                - secretRef:
                    name: {name}
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities:
                  drop:
                    - ALL
              volumeMounts:
                - name: policy
                  mountPath: /etc/mlflow-trace
                  readOnly: true
                - name: state
                  mountPath: {STATE}
{mount}          volumes:
            - name: policy
              configMap:
                name: {name}
            # A persistentVolumeClaim here lets each run be held against the last one, and go on with one that was killed
            - name: state
              emptyDir: {{}}
{volume}",
            name = self.name,
            minute = self.minute,
            hour = self.hour,
            image = for_yaml(image),
            program = literal(&self.program),
            uri = literal(&self.tracking_uri),
        )
    }

    /// The mounts and the volumes of folders that live on the node: of the file for Prometheus, and of archives.
    fn on_the_node(&self) -> (String, String) {
        let metrics = self.metrics_file.as_deref().and_then(|file| Path::new(file).parent());
        let metrics = metrics
            .map(|folder| ("metrics".to_owned(), folder.display().to_string(), "node_exporter of the node reads it"));
        let archives = self.archives.iter().enumerate().map(|(number, folder)| {
            (format!("archive-{number}"), folder.clone(), "an object store in archive_to needs no node")
        });
        let (mut mounts, mut volumes) = (String::new(), String::new());
        for (name, folder, why) in metrics.into_iter().chain(archives) {
            let (mount, volume) = on_the_node(&name, &folder, why);
            mounts.push_str(&mount);
            volumes.push_str(&volume);
        }
        (mounts, volumes)
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

/// The mount and the volume of a folder that lives on the node.
fn on_the_node(name: &str, folder: &str, why: &str) -> (String, String) {
    let folder = for_yaml(folder);
    (
        format!("                - name: {name}\n                  mountPath: {folder}\n"),
        format!(
            "            # User 65532 must be able to write there; {why}
            - name: {name}
              hostPath:
                path: {folder}
                type: Directory
"
        ),
    )
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

/// A text in YAML: JSON's are YAML's, too.
fn for_yaml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule() -> Schedule {
        Schedule {
            hour: 3,
            minute: 7,
            name: "retention".into(),
            program: "/opt/my tools/mlflow-trace".into(),
            tracking_uri: "https://host/100%/$x".into(),
            policy_path: "/etc/it's.toml".into(),
            policy_text: "[[rule]]\n\nname = \"a\"\n".into(),
            words: vec!["--max-delete".into(), "5".into(), "-x".into(), "$app".into()],
            metrics_file: None,
            log_file: None,
            archives: Vec::new(),
            variables: Vec::new(),
            secrets: Vec::new(),
            state_dir: None,
        }
    }

    #[test]
    fn there_is_a_place_for_a_token_unless_a_user_name_is_in_use() {
        let secrets = |names: &[&str]| {
            let secrets = names.iter().map(|name| (*name).to_owned()).collect();
            Schedule { secrets, ..schedule() }.secrets().join(" ")
        };
        assert_eq!(secrets(&[]), format!("{TOKEN} {HEARTBEAT_URL}"));
        assert_eq!(secrets(&["AWS_SECRET_ACCESS_KEY"]), format!("AWS_SECRET_ACCESS_KEY {TOKEN} {HEARTBEAT_URL}"));
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
            yaml.contains("                - name: archive-0\n                  mountPath: \"/srv/expired\"\n"),
            "{yaml}"
        );
        assert!(!yaml.contains("--log") && !yaml.contains("/home/me"), "{yaml}");
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
