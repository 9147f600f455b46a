//! Reading values that may be of any type: none is an error, each is taken for what it is.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What can be made of a value whatever its type.
pub trait Lenient<'de>: Sized {
    /// Of an object.
    fn of_map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;

    /// Of a list.
    fn of_list<A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error>;

    /// Of a text, a number, a truth value or null.
    fn of_scalar(value: Loose<'de>) -> Self;
}

/// Reads a value of whatever type.
pub fn read<'de, T: Lenient<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(Anything(PhantomData))
}

struct Anything<T>(PhantomData<T>);

impl<'de, T: Lenient<'de>> Visitor<'de> for Anything<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::of_map(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::of_list(list)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<T, E> {
        Ok(T::of_scalar(Loose::Text(Cow::Borrowed(text))))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E>(self, text: String) -> Result<T, E> {
        Ok(T::of_scalar(Loose::Text(Cow::Owned(text))))
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::of_scalar(Loose::Other(Value::Null)))
    }

    fn visit_bool<E>(self, value: bool) -> Result<T, E> {
        Ok(T::of_scalar(Loose::Other(value.into())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<T, E> {
        Ok(T::of_scalar(Loose::Other(value.into())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<T, E> {
        Ok(T::of_scalar(Loose::Other(value.into())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<T, E> {
        Ok(T::of_scalar(Loose::Other(value.into())))
    }
}

/// A value of whatever type. A text is borrowed where it holds no escapes.
pub enum Loose<'t> {
    /// A text.
    Text(Cow<'t, str>),
    /// Anything else.
    Other(Value),
}

impl<'de> Lenient<'de> for Loose<'de> {
    fn of_map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Self::Other)
    }

    fn of_list<A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(list)).map(Self::Other)
    }

    fn of_scalar(value: Self) -> Self {
        value
    }
}

impl<'de> Deserialize<'de> for Loose<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

impl From<Value> for Loose<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::String(text) => Self::Text(Cow::Owned(text)),
            other => Self::Other(other),
        }
    }
}

impl Loose<'_> {
    pub fn into_value(self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.into_owned()),
            Self::Other(value) => value,
        }
    }

    /// As text, numbers and truth values as they are written; nothing for null.
    pub fn text(self) -> Result<Option<String>, String> {
        match self {
            Self::Text(text) => Ok(Some(text.into_owned())),
            Self::Other(Value::Null) => Ok(None),
            Self::Other(value @ (Value::Number(_) | Value::Bool(_))) => Ok(Some(value.to_string())),
            Self::Other(value) => Err(value.to_string()),
        }
    }

    /// As a whole number, which Protobuf's JSON writes as text; nothing for null.
    pub fn integer(self) -> Result<Option<i64>, String> {
        let Some(text) = self.text()? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| format!("{text:?}, not a whole number of milliseconds"))
    }
}
