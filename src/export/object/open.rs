//! The client of an object store, for a URL.

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{Certificate, ClientOptions, Error, ObjectStore, ObjectStoreScheme, parse_url_opts};
use url::Url;

/// The store and the place in it. As [`parse_url_opts`], with authorities where the machine names none.
pub(super) fn open(
    url: &Url,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<(Box<dyn ObjectStore>, Path), Error> {
    let (scheme, path) = ObjectStoreScheme::parse(url)?;
    let mut client = ClientOptions::new();
    for root in crate::tls::own_roots() {
        client = client.with_root_certificate(Certificate::from_der(root)?);
    }
    macro_rules! built {
        ($builder:ty) => {{
            let builder = <$builder>::new().with_url(url.to_string()).with_client_options(client);
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
