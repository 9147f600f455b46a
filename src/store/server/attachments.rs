//! Attachments of traces: kept by the server in the folder of a trace's artifacts, below `attachments/`.

use super::{ServerError, ServerStore};
use crate::model::{AttachmentRef, TraceInfo, keys};
use crate::store::StoreError;
use crate::store::http::{Class, ErrorKind, Expected, Method, Request, path_segment};

const ROUTE: &str = "/ajax-api/2.0/mlflow/get-trace-artifact";
/// The scheme of artifacts that the server itself takes.
const PROXIED: &str = "mlflow-artifacts:";

impl ServerStore {
    /// `GET /ajax-api/2.0/mlflow/get-trace-artifact` with a path: the content of an attachment, wherever the server keeps it.
    pub async fn attachment(&self, reference: &AttachmentRef) -> Result<bytes::Bytes, ServerError> {
        let operation = "get the attachment";
        let query = vec![("request_id", reference.trace_id.as_str()), ("path", reference.id.as_str())];
        let answer = self.transport.send(Request::get(operation, ROUTE, query).expecting(Expected::File)).await?;
        // A server that knows no attachments takes no notice of the path and answers with the file of the spans.
        if answer.file_name.contains(&reference.id) {
            return Ok(answer.body);
        }
        let what = format!("another file ({})", answer.file_name);
        Err(ServerError::new(operation, ErrorKind::NotMlflow { what }))
    }

    /// The same, or why it cannot be had. Fails only with what every other request will meet, too.
    pub async fn attachment_or_why(
        &self,
        reference: &AttachmentRef,
    ) -> Result<Result<bytes::Bytes, String>, StoreError> {
        match self.attachment(reference).await {
            Ok(content) => Ok(Ok(content)),
            Err(error) if self.concerns_all(&error).await => Err(StoreError::Server(error)),
            Err(error) => Ok(Err(error.kind.to_string())),
        }
    }

    /// Stores an attachment of a trace, where the server takes artifacts at the trace's own location. False if it does not.
    pub async fn upload_attachment(
        &self,
        info: &TraceInfo,
        reference: &AttachmentRef,
        content: bytes::Bytes,
    ) -> Result<bool, ServerError> {
        let location = info.tags.get(keys::ARTIFACT_LOCATION).and_then(|location| location.strip_prefix(PROXIED));
        let Some(location) = location.map(below_the_host) else { return Ok(false) };
        let segments: Vec<String> = location.split('/').filter(|name| !name.is_empty()).map(path_segment).collect();
        let path = format!("/api/2.0/mlflow-artifacts/artifacts/{}/attachments/{}", segments.join("/"), reference.id);
        let operation = "store the attachment";
        let request =
            Request::with_bytes(operation, Class::Idempotent, Method::PUT, path, "application/octet-stream", content);
        self.transport.stored(request).await.map(|()| true)
    }
}

/// `/1/traces/…` of `//host/1/traces/…`.
fn below_the_host(location: &str) -> &str {
    match location.strip_prefix("//") {
        Some(with_host) => with_host.find('/').map_or("", |at| &with_host[at..]),
        None => location,
    }
}

#[cfg(test)]
mod tests {
    use super::below_the_host;

    #[test]
    fn a_location_is_what_follows_the_host() {
        assert_eq!(below_the_host("/1/traces/tr-1/artifacts"), "/1/traces/tr-1/artifacts");
        assert_eq!(below_the_host("//h:5000/1/traces"), "/1/traces");
        assert_eq!(below_the_host("//h"), "");
    }
}
