//! OpenTelemetry's `AnyValue` and lists of pairs, as protobuf's JSON writes them: in snake case by `MLflow`'s servers, in
//! camel case by collectors.

use serde_json::Value;

use super::python_json::{self, NonAscii};

/// The pairs of an OpenTelemetry `KeyValue` list; an absent value is null.
pub(super) fn key_values(list: &[Value]) -> impl Iterator<Item = (&str, &Value)> {
    list.iter().filter_map(|pair| Some((pair.get("key")?.as_str()?, pair.get("value").unwrap_or(&Value::Null))))
}

/// A field by either of its names.
pub(super) fn either<'v>(value: &'v Value, snake: &str, camel: &str) -> Option<&'v Value> {
    value.get(snake).or_else(|| value.get(camel))
}

fn list_of<'v>(value: &'v Value, snake: &str, camel: &str) -> Option<&'v [Value]> {
    let body = either(value, snake, camel)?;
    Some(body.get("values").and_then(Value::as_array).map_or(&[], Vec::as_slice))
}

fn array(value: &Value) -> Option<&[Value]> {
    list_of(value, "array_value", "arrayValue")
}

fn pairs(value: &Value) -> Option<&[Value]> {
    list_of(value, "kvlist_value", "kvlistValue")
}

/// A value as plain JSON.
pub(super) fn any_value(value: &Value) -> Value {
    if let Some(items) = array(value) {
        return items.iter().map(any_value).collect();
    }
    if let Some(pairs) = pairs(value) {
        return Value::Object(key_values(pairs).map(|(key, value)| (key.to_owned(), any_value(value))).collect());
    }
    if let Some(Value::String(digits)) = either(value, "int_value", "intValue") {
        return digits.parse::<i64>().map_or_else(|_| Value::String(digits.clone()), Value::from);
    }
    if let Some(number) = either(value, "double_value", "doubleValue") {
        return number.as_f64().map_or_else(|| number.clone(), Value::from);
    }
    let scalars = [
        ("string_value", "stringValue"),
        ("bool_value", "boolValue"),
        ("int_value", "intValue"),
        ("bytes_value", "bytesValue"),
    ];
    scalars.into_iter().find_map(|(snake, camel)| either(value, snake, camel)).cloned().unwrap_or(Value::Null)
}

/// A value as Python's JSON text, which unlike [`Value`] can say `NaN` and `Infinity`.
pub(super) fn write_any_value(out: &mut String, value: &Value) {
    if let Some(items) = array(value) {
        python_json::write_array(out, items.iter(), write_any_value);
    } else if let Some(pairs) = pairs(value) {
        python_json::write_object(out, key_values(pairs), NonAscii::Verbatim, write_any_value);
    } else if let Some(number) = either(value, "double_value", "doubleValue") {
        match number {
            Value::String(word) => out.push_str(word),
            number => python_json::write_float(out, number.as_f64().unwrap_or(f64::NAN)),
        }
    } else {
        out.push_str(&python_json::dumps(&any_value(value), NonAscii::Verbatim));
    }
}
