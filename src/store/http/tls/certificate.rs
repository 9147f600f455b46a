//! Of a certificate what people ask for: who issued it, and when it ends.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Who issued a certificate, and when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The name of the authority, or its organization.
    pub issuer: String,
    /// The end.
    pub ends: Timestamp,
}

impl Certificate {
    /// Reads one in DER; nothing if it is not one of X.509.
    pub fn read(der: &[u8]) -> Option<Self> {
        let (certificate, _) = value(der, SEQUENCE)?;
        let (to_be_signed, _) = value(certificate, SEQUENCE)?;
        // The version is left out by the first one.
        let rest = value(to_be_signed, VERSION).map_or(to_be_signed, |(_, rest)| rest);
        let (_, rest) = value(rest, INTEGER)?;
        let (_, rest) = value(rest, SEQUENCE)?;
        let (issuer, rest) = value(rest, SEQUENCE)?;
        let (validity, _) = value(rest, SEQUENCE)?;
        let (_, _, rest) = element(validity)?;
        let (tag, end, _) = element(rest)?;
        Some(Self { issuer: name(issuer)?, ends: time(tag, end)? })
    }
}

const INTEGER: u8 = 0x02;
const OBJECT: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;
/// `commonName` and `organizationName`.
const NAMES: [&[u8]; 2] = [&[0x55, 0x04, 0x03], &[0x55, 0x04, 0x0a]];

/// The first element: its tag, what it holds, and what comes after it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(first) {
        short @ ..=0x7f => (short, rest),
        long @ 0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(long - 0x80)?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (held, rest) = rest.split_at_checked(length)?;
    Some((tag, held, rest))
}

/// What the first element holds, and what comes after it, if it has this tag.
fn value(der: &[u8], wanted: u8) -> Option<(&[u8], &[u8])> {
    let (tag, held, rest) = element(der)?;
    (tag == wanted).then_some((held, rest))
}

/// The common name of a distinguished one, else the organization.
fn name(mut parts: &[u8]) -> Option<String> {
    let mut found = [None, None];
    while let Some((set, rest)) = value(parts, SET) {
        let (pair, _) = value(set, SEQUENCE)?;
        let (key, text) = value(pair, OBJECT)?;
        let (_, text, _) = element(text)?;
        if let Some(position) = NAMES.iter().position(|name| *name == key) {
            found[position] = Some(String::from_utf8_lossy(text).into_owned());
        }
        parts = rest;
    }
    let [common, organization] = found;
    common.or(organization).or_else(|| Some("an authority without a name".to_owned()))
}

/// `260101000000Z`, or with four digits of the year from 2050 on.
fn time(tag: u8, text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let text = match tag {
        UTC_TIME if text.get(..2)? >= "50" => format!("19{text}"),
        UTC_TIME => format!("20{text}"),
        _ => text.to_owned(),
    };
    let time = DateTime::strptime("%Y%m%d%H%M%S", text).ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuer_and_end_are_read() {
        let mut params = rcgen::CertificateParams::new(vec!["h".to_owned()]).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::OrganizationName, "Acme");
        params.distinguished_name.push(rcgen::DnType::CommonName, "Acme Root é");
        for (year, end) in [(2031, "2031-02-03T00:00:00Z"), (2085, "2085-02-03T00:00:00Z")] {
            params.not_after = rcgen::date_time_ymd(year, 2, 3);
            let key = rcgen::KeyPair::generate().unwrap();
            let der = params.clone().self_signed(&key).unwrap();
            let read = Certificate::read(der.der()).unwrap();
            assert_eq!((read.issuer.as_str(), read.ends.to_string().as_str()), ("Acme Root é", end));
        }
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        for der in [&b""[..], b"\x30", b"\x30\x84\xff\xff\xff\xff", b"hello", &[0x30, 0x03, 0x30, 0x01, 0x02]] {
            assert_eq!(Certificate::read(der), None, "{der:?}");
        }
    }
}
