//! Secrets in what is told: whatever looks like the user and password of a URL, or like a credential, is not shown, however
//! it was typed.

use std::borrow::Cow;

/// What stands in the place of a secret.
pub const MASK: &str = "[secret]";

/// Headers whose value is a secret.
const HEADERS: &[&str] = &["authorization", "api-key", "apikey", "cookie"];
/// How credentials begin, in lower case, and how long they are at the least.
const BEGINNINGS: &[(&str, usize)] =
    &[("eyj", 20), ("dapi", 20), ("ghp_", 20), ("sk-", 20), ("hf_", 20), ("glpat-", 16)];

/// A text for people without secrets.
#[must_use]
pub fn masked(text: &str) -> Cow<'_, str> {
    let mut shown = String::with_capacity(text.len());
    let mut before = Before::Nothing;
    for word in text.split_inclusive(ends_word) {
        let end = word.char_indices().last().filter(|(_, last)| ends_word(*last)).map_or(word.len(), |(at, _)| at);
        let (word, end) = word.split_at(end);
        if !word.is_empty() {
            shown.push_str(&masked_word(word, before));
            before = Before::of(word, before);
        }
        shown.push_str(end);
    }
    if shown == text { Cow::Borrowed(text) } else { Cow::Owned(shown) }
}

/// A URL, or what is typed in its place, without user and password: everything before the last `@`, and what follows a host
/// without being a port.
#[must_use]
pub fn without_userinfo(url: &str) -> String {
    let start = after_scheme(url);
    if let Some(at) = url.rfind('@').filter(|at| *at >= start) {
        return format!("{}{}", &url[..start], &url[at + 1..]);
    }
    let authority = &url[start..];
    let authority = &authority[..authority.find(['/', '?', '#', '\\']).unwrap_or(authority.len())];
    match authority.rsplit_once(':') {
        Some((host, port)) if start > 0 && is_no_port(port) => format!("{}{host}:{MASK}", &url[..start]),
        _ => url.to_owned(),
    }
}

/// Whether what follows a host is something else than a port, the end of an address in brackets, or the word for a port.
fn is_no_port(port: &str) -> bool {
    let is_address = port.contains(']');
    let port = port.trim_end_matches(|character| ".,;:)>".contains(character));
    !is_address && port != "PORT" && port.bytes().any(|byte| !byte.is_ascii_digit())
}

fn ends_word(character: char) -> bool {
    character.is_whitespace() || matches!(character, '"' | '\'' | '`')
}

/// What a word says about the next one.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Nothing,
    /// `Bearer`: a credential may follow.
    Scheme,
    /// `Authorization:`: a credential follows.
    Header,
}

impl Before {
    fn of(word: &str, before: Self) -> Self {
        let lower = word.to_ascii_lowercase();
        let is_scheme = ["bearer", "basic"].iter().any(|scheme| lower.ends_with(scheme));
        if is_scheme {
            let is_header = before == Self::Header || HEADERS.iter().any(|header| lower.contains(header));
            return if is_header { Self::Header } else { Self::Scheme };
        }
        let name = lower.strip_suffix([':', '=']).unwrap_or_default();
        if HEADERS.iter().any(|header| name.ends_with(header)) { Self::Header } else { Self::Nothing }
    }
}

fn masked_word(word: &str, before: Before) -> Cow<'_, str> {
    let lower = word.to_ascii_lowercase();
    if let Some(at) = word.rfind('@')
        && let Some(start) = userinfo(&word[..at])
    {
        return Cow::Owned(format!("{}{MASK}{}", &word[..start], &word[at..]));
    }
    if after_scheme(word) > 0 {
        return Cow::Owned(without_userinfo(word));
    }
    let header = HEADERS.iter().find_map(|name| {
        let end = lower.find(name)? + name.len();
        lower[end..].starts_with([':', '=']).then_some(end + 1).filter(|end| *end < word.len())
    });
    if let Some(end) = header {
        let is_scheme = Before::of(&word[end..], Before::Nothing) == Before::Scheme;
        return if is_scheme { Cow::Borrowed(word) } else { Cow::Owned(format!("{}{MASK}", &word[..end])) };
    }
    let is_scheme = matches!(lower.as_str(), "bearer" | "basic");
    let is_credential = match before {
        Before::Nothing => false,
        Before::Scheme => {
            word.len() >= 6 && !word.bytes().all(|byte| byte.is_ascii_lowercase() || b".,;:)".contains(&byte))
        }
        Before::Header => !is_scheme,
    };
    let begins = |(start, least): &(&str, usize)| lower.starts_with(start) && word.len() >= *least;
    if is_credential || BEGINNINGS.iter().any(begins) { Cow::Borrowed(MASK) } else { Cow::Borrowed(word) }
}

/// Where user and password begin in what stands before an `@`, if it is them.
fn userinfo(text: &str) -> Option<usize> {
    let start = after_scheme(text);
    if start > 0 {
        return Some(start);
    }
    // NAME=jane:password@host
    let colon = text.find(':')?;
    let start = text[..colon].rfind(['=', '(', ',']).map_or(0, |at| at + 1);
    (start < colon && !text[start..colon].eq_ignore_ascii_case("mailto")).then_some(start)
}

/// Where the rest begins behind `http://`, also if a slash is missing; 0 if there is no scheme.
fn after_scheme(text: &str) -> usize {
    let Some(slashes) = text.find(":/") else { return 0 };
    let is_scheme = |character: char| character.is_ascii_alphanumeric() || "+-.".contains(character);
    let scheme = text[..slashes].rfind(|character| !is_scheme(character)).map_or(0, |at| at + 1);
    if scheme == slashes || text[..slashes].contains('@') || text[..scheme].contains(':') {
        return 0;
    }
    let rest = &text[slashes + 1..];
    slashes + 1 + (rest.len() - rest.trim_start_matches('/').len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_password_are_masked_however_they_are_typed() {
        for (text, shown) in [
            ("cannot use jane:pw@host", "cannot use [secret]@host"),
            ("\"http:/jane:pw@h\" is no", "\"http:/[secret]@h\" is no"),
            ("http://jane:p/w@h:5000/x", "http://[secret]@h:5000/x"),
            ("to https://token@h, after", "to https://[secret]@h, after"),
            ("MLFLOW_TRACKING_URI=jane:p=w@h", "MLFLOW_TRACKING_URI=[secret]@h"),
            ("URI=http://jane:p@w@h next", "URI=http://[secret]@h next"),
            ("postgresql+psycopg2://u:p@h/db", "postgresql+psycopg2://[secret]@h/db"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }

    #[test]
    fn credentials_are_masked_wherever_they_are_pasted() {
        for (text, shown) in [
            ("'Authorization: Bearer abc=='", "'Authorization: Bearer [secret]'"),
            ("Authorization=Bearer abc1", "Authorization=Bearer [secret]"),
            ("x-api-key: k1", "x-api-key: [secret]"),
            ("Authorization=abc", "Authorization=[secret]"),
            ("argument 'eyJhbGciOiJIUzI1NiJ9.e30.x'", "argument '[secret]'"),
            ("Bearer s3cret-token", "Bearer [secret]"),
            ("basic amFuZTpwdw==", "basic [secret]"),
        ] {
            assert_eq!(masked(text), shown);
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in [
            "set a user name for basic authentication, together with the password",
            "jane@example.com at http://h:5000/x?y=1",
            "timestamp_ms >= 5 AND user = 'a@b'",
            "note: 3 traces; mailto:jane@example.com",
            "a bearer token\n  is `needed`",
            r"at http://h:5000\nnext line",
            "trace:/catalog.schema/0a",
            "write http://HOST:PORT, or http://h:5000; see http://[::1]:5000.",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn a_url_without_its_userinfo_names_the_host() {
        for (url, shown) in [
            ("http://jane:p w\"@h:5000", "http://h:5000"),
            ("jane:p/w@h", "h"),
            ("http:/jane:pw@h", "http:/h"),
            ("http://jane:pw", "http://jane:[secret]"),
            ("http://[::1]:5000/x", "http://[::1]:5000/x"),
            ("http://[::1]", "http://[::1]"),
            ("localhost:5000", "localhost:5000"),
        ] {
            assert_eq!(without_userinfo(url), shown);
        }
    }
}
