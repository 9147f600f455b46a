//! Clients of object stores, for URLs, and what their failures say.

use std::io;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{Certificate, ClientOptions, Error, ObjectStore, ObjectStoreScheme, RetryConfig, parse_url_opts};
use url::Url;

/// The store and the place in it. As [`parse_url_opts`], with authorities where the machine names none. Failures are retried
/// for up to `patience`, by default as long as the crate does.
pub(crate) fn open(
    url: &Url,
    variables: impl IntoIterator<Item = (String, String)>,
    patience: Option<Duration>,
) -> Result<(Box<dyn ObjectStore>, Path), Error> {
    crate::tls::prepare();
    let (scheme, path) = ObjectStoreScheme::parse(url)?;
    let mut client = ClientOptions::new();
    for root in crate::tls::own_roots() {
        client = client.with_root_certificate(Certificate::from_der(root)?);
    }
    let retry_timeout = patience.unwrap_or(RetryConfig::default().retry_timeout);
    let retry = RetryConfig { retry_timeout, ..RetryConfig::default() };
    macro_rules! built {
        ($builder:ty) => {{
            let builder = <$builder>::new().with_url(url.to_string()).with_client_options(client).with_retry(retry);
            let set = |builder: $builder, (name, value): (String, String)| match name.to_ascii_lowercase().parse() {
                Ok(key) => builder.with_config(key, value),
                Err(_) => builder,
            };
            Box::new(variables.into_iter().fold(builder, set).build()?) as Box<dyn ObjectStore>
        }};
    }
    let store = match scheme {
        ObjectStoreScheme::AmazonS3 => built!(AmazonS3Builder),
        ObjectStoreScheme::GoogleCloudStorage => built!(GoogleCloudStorageBuilder),
        ObjectStoreScheme::MicrosoftAzure => built!(MicrosoftAzureBuilder),
        _ => return parse_url_opts(url, variables),
    };
    Ok((store, Path::parse(path)?))
}

/// One line of what went wrong; the crate's own text repeats every try.
#[allow(clippy::needless_pass_by_value)] // It is given to `map_err`.
pub(crate) fn failed(error: Error) -> io::Error {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    let line = stated(&text).unwrap_or_else(|| text.lines().next().unwrap_or_default()).to_owned();
    let kind = match error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => io::ErrorKind::PermissionDenied,
        Error::NotFound { .. } => io::ErrorKind::NotFound,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, line)
}

/// The message within an answer of the store.
fn stated(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Message>")?;
    Some(rest.split_once("</Message>")?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_s_own_words_are_told() {
        let answer = "404: <Error><Code>NoSuchBucket</Code><Message>The bucket does not exist</Message></Error>";
        assert_eq!(stated(answer), Some("The bucket does not exist"));
        assert_eq!(stated("connection refused"), None);
    }
}
