//! Answers: what a successful one says, and whether it is the one that was asked for.

use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::error::{ErrorKind, ServerError, describe, html_title, looks_like_html};
use super::expected::{has_one_of, is_object};
use super::login_page::LoginPage;
use crate::model::read_json;

/// A successful answer.
pub(in crate::store) struct Answer {
    pub content_type: String,
    /// When the server sent it, in epoch milliseconds, if it says so.
    pub date_ms: Option<i64>,
    /// Of the file that it is, as the server tells it: the header `Content-Disposition`.
    pub file_name: String,
    pub body: bytes::Bytes,
    /// Whether credentials were sent for it.
    pub(super) was_signed: bool,
}

impl Answer {
    pub(super) fn new(headers: &HeaderMap, body: bytes::Bytes, was_signed: bool) -> Self {
        let content_type = header(headers, "content-type");
        let date_ms = date_ms(&header(headers, "date"));
        let file_name = header(headers, "content-disposition");
        Self { content_type, date_ms, file_name, body, was_signed }
    }

    /// As an object with what the type cannot do without.
    pub(super) fn object<T: DeserializeOwned>(&self, operation: &'static str) -> Result<T, ServerError> {
        if !is_object(&self.body) {
            return Err(self.is_another(operation));
        }
        read_json(&self.body).map_err(|error| {
            if error.is_eof() || !self.content_type.contains("json") {
                return self.is_another(operation);
            }
            ServerError::new(operation, ErrorKind::NotMlflow { what: format!("unexpected JSON ({error})") })
        })
    }

    /// As an object that has one of these fields, or none at all.
    pub(super) fn listed<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        fields: &[&str],
    ) -> Result<T, ServerError> {
        let read = self.object(operation)?;
        if has_one_of(&self.body, fields) { Ok(read) } else { Err(self.is_another(operation)) }
    }

    /// It is not the one that was asked for.
    fn is_another(&self, operation: &'static str) -> ServerError {
        if let Some(page) = login_page(&self.body, self.was_signed) {
            return ServerError::new(operation, page);
        }
        let what = describe(&self.content_type, &self.body);
        ServerError::new(operation, ErrorKind::NotMlflow { what })
    }
}

/// A body that is a login page.
pub(super) fn login_page(body: &[u8], was_signed: bool) -> Option<ErrorKind> {
    let text = String::from_utf8_lossy(body);
    let title = looks_like_html(&text).then(|| html_title(&text))?;
    LoginPage::of_page(&title, body, was_signed).map(|page| ErrorKind::LoginPage(Box::new(page)))
}

/// `Sun, 22 Nov 2026 08:00:00 GMT`.
fn date_ms(text: &str) -> Option<i64> {
    Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_millisecond())
}

/// The value of a header, empty if there is none.
pub fn header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_answers_are_read() {
        assert_eq!(date_ms("Sun, 22 Nov 2026 08:00:00 GMT"), Some(1_795_334_400_000));
        assert_eq!((date_ms(""), date_ms("yesterday")), (None, None));
    }
}
