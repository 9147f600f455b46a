//! The text for Kubernetes: a Secret to be filled in, a `ConfigMap` with the policy, volumes that outlive a pod, a `CronJob`.

use std::path::Path;

use super::{Schedule, TOKEN_FILE};

/// Where things are in the container.
const POLICY: &str = "/etc/mlflow-trace/retention.toml";
const STATE: &str = "/var/lib/mlflow-trace";
const FILES: &str = "/etc/mlflow-trace-files";

/// Certificates of a system: a container has its own.
const OF_A_SYSTEM: [&str; 4] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem", "/etc/ssl/certs"];

impl Schedule {
    /// The manifests, for `kubectl apply -f -`.
    #[must_use]
    pub fn kubernetes(&self, image: &str) -> String {
        let files = Files::new(self);
        let volumes = self.volumes(&files);
        let name = &self.name;
        let mut objects = vec![files.note(name), self.secret(), self.config_map()];
        objects.extend(volumes.iter().filter_map(Volume::claim));
        objects.push(self.cron_job(image, &files, &volumes));
        objects.concat()
    }

    fn secret(&self) -> String {
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
",
            name = self.name
        )
    }

    fn config_map(&self) -> String {
        let indented = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
        let policy: String = self.policy_text.lines().map(indented).collect();
        format!(
            "apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
data:
  retention.toml: |2
{policy}---
",
            name = self.name
        )
    }

    fn volumes(&self, files: &Files) -> Vec<Volume> {
        let claim = |name: String, path: String, size, why| Volume { name, path, source: Source::Claim { size, why } };
        let policy = Source::ConfigMap(self.name.clone());
        let mut volumes = vec![
            Volume { name: "policy".to_owned(), path: parent(POLICY), source: policy },
            claim(
                format!("{}-state", self.name),
                STATE.to_owned(),
                "1Gi",
                "Journals, and the lock that the next run takes over from one that was killed",
            ),
        ];
        if !files.0.is_empty() {
            let secret = Source::Secret(format!("{}-files", self.name));
            volumes.push(Volume { name: "files".to_owned(), path: FILES.to_owned(), source: secret });
        }
        if let Some(file) = &self.metrics_file {
            volumes.push(Volume { name: "metrics".to_owned(), path: parent(file), source: Source::Node });
        }
        for (number, folder) in self.archives.iter().enumerate() {
            let name = format!("{}-archive-{number}", self.name);
            volumes.push(claim(name, folder.clone(), "10Gi", "As large as what expires"));
        }
        volumes
    }

    fn cron_job(&self, image: &str, files: &Files, volumes: &[Volume]) -> String {
        let mut words = self.words.clone();
        if let Some(file) = &self.token_file {
            words.extend([TOKEN_FILE.to_owned(), files.mounted(file)]);
        }
        let argument = |word: &String| format!("                - {}\n", literal(word));
        let arguments = self.arguments(POLICY, &words).iter().map(argument).collect::<Vec<_>>().concat();
        let of_files = self.files.iter().filter(|(_, path)| !is_of_the_system(path));
        let of_files = of_files.map(|(name, path)| (name.clone(), files.mounted(path)));
        let mut variables: Vec<(String, String)> = self.variables.iter().cloned().chain(of_files).collect();
        variables.sort_unstable();
        variables.insert(0, ("MLFLOW_TRACKING_URI".to_owned(), self.tracking_uri.clone()));
        variables.push(("MLFLOW_TRACE_STATE_DIR".to_owned(), STATE.to_owned()));
        let set = |(name, value): &(String, String)| {
            format!("                - name: {name}\n                  value: {}\n", literal(value))
        };
        format!(
            "apiVersion: batch/v1
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
            seccompProfile:
              type: RuntimeDefault
          containers:
            - name: retention
              image: {image}
{command}              args:
{arguments}              env:
{variables}              envFrom:
                - secretRef:
                    name: {name}
              resources:
                requests:
                  cpu: 100m
                  memory: 128Mi
                limits:
                  memory: 512Mi
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities:
                  drop:
                    - ALL
              volumeMounts:
{mounts}          volumes:
{volumes}",
            name = self.name,
            minute = self.minute,
            hour = self.hour,
            image = for_yaml(image),
            command = self.program.as_deref().map(command).unwrap_or_default(),
            variables = variables.iter().map(set).collect::<String>(),
            mounts = volumes.iter().map(Volume::mount).collect::<String>(),
            volumes = volumes.iter().map(Volume::definition).collect::<String>(),
        )
    }
}

/// Who starts, if not what the image says.
fn command(program: &str) -> String {
    format!("              command:\n                - {}\n", literal(program))
}

/// Files of this machine that a run reads: each has a key in a Secret, which is mounted.
struct Files(Vec<(String, String)>);

impl Files {
    fn new(schedule: &Schedule) -> Self {
        let mut files = Self(Vec::new());
        let named = schedule.files.iter().map(|(_, path)| path).filter(|path| !is_of_the_system(path));
        for path in named.chain(&schedule.token_file) {
            if files.0.iter().all(|(_, known)| known != path) {
                let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
                let plain = |one: char| one.is_ascii_alphanumeric() || "-_.".contains(one);
                let mut key: String = name.chars().map(|one| if plain(one) { one } else { '_' }).collect();
                if files.0.iter().any(|(known, _)| *known == key) {
                    key = format!("{}-{key}", files.0.len());
                }
                files.0.push((key, path.clone()));
            }
        }
        files
    }

    /// Where the file is in the container.
    fn mounted(&self, path: &str) -> String {
        let key = self.0.iter().find(|(_, known)| known == path).map_or("", |(key, _)| key.as_str());
        format!("{FILES}/{key}")
    }

    /// How the Secret is made.
    fn note(&self, name: &str) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let from = |(key, path): &(String, String)| {
            format!(" \\\n#   {}", super::for_shell(&format!("--from-file={key}={path}")))
        };
        let files: String = self.0.iter().map(from).collect();
        format!(
            "# First, create a Secret from the files that the job reads:\n# kubectl create secret generic {name}-files{files}\n---\n"
        )
    }
}

/// What is mounted.
struct Volume {
    name: String,
    path: String,
    source: Source,
}

enum Source {
    ConfigMap(String),
    Secret(String),
    /// A volume that outlives pods.
    Claim {
        size: &'static str,
        why: &'static str,
    },
    /// A folder of the node, whose `node_exporter` reads it.
    Node,
}

impl Volume {
    fn claim(&self) -> Option<String> {
        let Source::Claim { size, why } = &self.source else { return None };
        Some(format!(
            "# {why}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {name}
spec:
  accessModes:
    - ReadWriteOnce
  resources:
    requests:
      storage: {size}
---
",
            name = self.name
        ))
    }

    fn mount(&self) -> String {
        let is_read = matches!(self.source, Source::ConfigMap(_) | Source::Secret(_));
        let read_only = if is_read { "                  readOnly: true\n" } else { "" };
        let path = for_yaml(&self.path);
        format!("                - name: {}\n                  mountPath: {path}\n{read_only}", self.name)
    }

    fn definition(&self) -> String {
        let name = &self.name;
        let source = match &self.source {
            Source::ConfigMap(of) => format!("configMap:\n                name: {of}\n"),
            Source::Secret(of) => {
                format!("secret:\n                secretName: {of}\n                defaultMode: 288 # 0440\n")
            }
            Source::Claim { .. } => format!("persistentVolumeClaim:\n                claimName: {name}\n"),
            Source::Node => {
                let path = for_yaml(&self.path);
                return format!(
                    "            # User 65532 must be able to write there; node_exporter of the node reads it\n            - name: {name}\n              hostPath:\n                path: {path}\n                type: Directory\n"
                );
            }
        };
        format!("            - name: {name}\n              {source}")
    }
}

fn is_of_the_system(path: &str) -> bool {
    OF_A_SYSTEM.contains(&path)
}

fn parent(file: &str) -> String {
    Path::new(file).parent().unwrap_or_else(|| Path::new("/")).display().to_string()
}

/// A word as it is: Kubernetes takes $(NAME) for a variable.
fn literal(word: &str) -> String {
    for_yaml(&word.replace("$(", "$$("))
}

/// A text in YAML: JSON's are YAML's, too.
fn for_yaml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
