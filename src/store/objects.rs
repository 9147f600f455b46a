//! Files of traces in object stores, which are read with the variables that the stores' own tools read. Nothing is written.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, ObjectStoreScheme};
use url::{Position, Url};

use super::Secret;
use crate::bucket::failed;

/// How long a failing store is tried: it may be asked for many traces.
const PATIENCE: Duration = Duration::from_secs(20);

/// Consecutive failures after which a bucket is not asked again.
const GIVEN_UP: usize = 3;

/// Clients of object stores by bucket, made when they are needed.
pub(super) struct Objects {
    variables: Vec<(String, Secret)>,
    buckets: Mutex<HashMap<String, Arc<Bucket>>>,
}

struct Bucket {
    client: Box<dyn ObjectStore>,
    /// Consecutive ones.
    failures: AtomicUsize,
}

impl Objects {
    pub(super) fn new(variables: &[(String, Secret)]) -> Self {
        Self { variables: variables.to_vec(), buckets: Mutex::default() }
    }

    /// The content of an object, `None` if there is none, or why it cannot be read.
    pub(super) async fn get(&self, url: &str) -> Result<Option<Vec<u8>>, String> {
        let (bucket, path) = self.bucket(url)?;
        if bucket.failures.load(Ordering::Relaxed) >= GIVEN_UP {
            return Err("its object store failed for other traces and was not asked again".to_owned());
        }
        let got = async { bucket.client.get(&path).await?.bytes().await };
        let read = match got.await {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => {
                // Who may not read one object may read another, and is told at once.
                let is_denied = matches!(error, Error::PermissionDenied { .. } | Error::Unauthenticated { .. });
                bucket.failures.fetch_add(usize::from(!is_denied), Ordering::Relaxed);
                return Err(failed(error).to_string());
            }
        };
        bucket.failures.store(0, Ordering::Relaxed);
        read
    }

    fn bucket(&self, url: &str) -> Result<(Arc<Bucket>, Path), String> {
        let url: Url = spelled(url).parse().map_err(|_| "it is no URL".to_owned())?;
        let (_, path) = ObjectStoreScheme::parse(&url).map_err(|error| error.to_string())?;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = match buckets.entry(url[..Position::BeforePath].to_owned()) {
            Entry::Occupied(known) => Arc::clone(known.get()),
            Entry::Vacant(entry) => {
                let variables = self.variables.iter().map(|(name, value)| (name.clone(), value.expose().to_owned()));
                let opened = crate::bucket::open(&url, variables, Some(PATIENCE));
                let (client, _) = opened.map_err(|error| failed(error).to_string())?;
                Arc::clone(entry.insert(Arc::new(Bucket { client, failures: AtomicUsize::new(0) })))
            }
        };
        Ok((bucket, path))
    }
}

/// Whether a location is in an object store.
pub(super) fn is_object(location: &str) -> bool {
    location
        .split_once("://")
        .is_some_and(|(scheme, _)| ["s3", "s3a", "gs", "az", "abfs", "abfss", "wasb", "wasbs"].contains(&scheme))
}

/// Spells a URL as the client does: `MLflow` calls Azure's `wasbs://CONTAINER@ACCOUNT.blob…`.
fn spelled(url: &str) -> String {
    match url.split_once("://") {
        Some(("wasb" | "wasbs", rest)) => {
            format!("abfss://{}", rest.replacen(".blob.core.windows.net/", ".dfs.core.windows.net/", 1))
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_bucket_that_failed_again_and_again_is_not_asked_again() {
        let objects = Objects::new(&[]);
        let url = "s3://b/1/traces/tr-1/artifacts/traces.json";
        objects.bucket(url).unwrap().0.failures.store(GIVEN_UP, Ordering::Relaxed);
        assert!(objects.get(url).await.unwrap_err().contains("was not asked again"));
        assert_eq!(objects.bucket("s3://other/x").unwrap().0.failures.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn every_name_of_an_object_store_leads_to_the_object_in_it() {
        let objects = Objects::new(&[]);
        for (url, path) in [
            ("s3://b/1/traces/tr-1/artifacts/traces.json", "1/traces/tr-1/artifacts/traces.json"),
            ("gs://b/a/x", "a/x"),
            ("wasbs://c@account.blob.core.windows.net/a/x", "a/x"),
            ("abfss://c@account.dfs.core.windows.net/a/x", "a/x"),
        ] {
            assert!(is_object(url));
            assert_eq!(objects.bucket(url).map(|(_, path)| path.to_string()), Ok(path.to_owned()), "{url}");
        }
        assert!(
            !is_object("mlflow-artifacts:/1/x")
                && !is_object("/b/x")
                && !is_object("dbfs:/x")
                && !is_object("hdfs://h/x")
        );
    }
}
