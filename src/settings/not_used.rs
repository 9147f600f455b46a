//! Settings of MLflow's client for reading and changing traces that make no difference here: whoever set one is told.

use super::env::Environment;

/// Variables of MLflow and what is so instead.
const NOT_USED: &[(&str, &str)] = &[
    ("MLFLOW_ALLOW_HTTP_REDIRECTS", "redirects are named, not followed"),
    ("MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT", "--timeout holds for artifacts, too"),
    ("MLFLOW_DELETE_TRACES_MAX_BATCH_SIZE", "batches adapt to the server"),
    ("MLFLOW_HTTP_POOL_CONNECTIONS", CONNECTIONS),
    ("MLFLOW_HTTP_POOL_MAXSIZE", CONNECTIONS),
    ("MLFLOW_HTTP_TCP_KEEPALIVE", CONNECTIONS),
    ("MLFLOW_HTTP_TCP_KEEPALIVE_COUNT", CONNECTIONS),
    ("MLFLOW_HTTP_TCP_KEEPALIVE_IDLE", CONNECTIONS),
    ("MLFLOW_HTTP_TCP_KEEPALIVE_INTERVAL", CONNECTIONS),
    ("MLFLOW_SEARCH_TRACES_MAX_BATCH_SIZE", "pages adapt to the server"),
    ("MLFLOW_TRACING_DESTINATION", "name experiments with --experiment"),
    #[cfg(not(feature = "aws"))]
    ("MLFLOW_TRACKING_AWS_SIGV4", "this program was built without AWS"),
    ("MLFLOW_WORKSPACE_STORE_URI", "workspaces are those of the tracking server"),
];

/// Those of which `false` means what is so anyway.
const SWITCHES: &[&str] = &["MLFLOW_ALLOW_HTTP_REDIRECTS", "MLFLOW_TRACKING_AWS_SIGV4"];

const CONNECTIONS: &str = "see --concurrency";

/// Those that are set to something else than what is so anyway, with the reason: `NAME (reason)`.
pub fn all(environment: &Environment) -> Vec<String> {
    let is_off = |value: &str| ["false", "0"].iter().any(|off| value.eq_ignore_ascii_case(off));
    let is_set = |name: &str| environment.named(name).is_some_and(|value| !SWITCHES.contains(&name) || !is_off(value));
    NOT_USED.iter().filter(|(name, _)| is_set(name)).map(|(name, reason)| format!("{name} ({reason})")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_and_not_used_is_named() {
        let environment: Environment = [
            ("MLFLOW_HTTP_POOL_MAXSIZE", "20"),
            ("MLFLOW_TRACING_DESTINATION", ""),
            ("MLFLOW_ALLOW_HTTP_REDIRECTS", "False"),
            ("MLFLOW_TRACKING_AWS_SIGV4", "0"),
            ("MLFLOW_TRACKING_TOKEN", "x"),
        ]
        .into_iter()
        .collect();
        assert_eq!(all(&environment), ["MLFLOW_HTTP_POOL_MAXSIZE (see --concurrency)"]);
    }
}
