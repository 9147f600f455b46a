//! Where the user interface of a server shows a trace.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Address;
use crate::model::{ExperimentId, TraceId};

/// What stands in a query as it is.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Address {
    /// Whether traces have a page there. A server on Amazon `SageMaker` has one behind a login of its own, at an address that
    /// is made anew each time.
    #[must_use]
    pub fn has_pages(&self) -> bool {
        matches!(self, Self::Server(_) | Self::Databricks(_))
    }

    /// The page of a trace of an experiment; nothing where there is none.
    #[must_use]
    pub fn page_of(&self, experiment: &ExperimentId, trace: &TraceId, workspace: Option<&str>) -> Option<String> {
        let in_query = |text: &str| utf8_percent_encode(text, QUERY).to_string();
        let (experiment, trace) = (in_query(experiment.as_str()), in_query(trace.as_str()));
        let parameter = |name: &str, value: Option<&str>| {
            value.map_or_else(String::new, |value| format!("&{name}={}", in_query(value)))
        };
        match self {
            Self::Server(base) => {
                let workspace = parameter("workspace", workspace);
                Some(format!("{base}/#/experiments/{experiment}/traces?selectedEvaluationId={trace}{workspace}"))
            }
            Self::Databricks(place) => {
                let (host, id) = (&place.host, parameter("o", place.id.as_deref()));
                Some(format!("{host}/ml/experiments/{experiment}/traces?selectedEvaluationId={trace}{id}"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Workspace;

    #[test]
    fn pages_are_those_of_the_user_interface() {
        let page = |address: &Address, trace: &str, workspace| {
            address.page_of(&ExperimentId::new("3"), &TraceId::new(trace), workspace)
        };
        let server = Address::Server("http://localhost:5000/mlflow".to_owned());
        assert_eq!(
            page(&server, "tr-1", None).unwrap(),
            "http://localhost:5000/mlflow/#/experiments/3/traces?selectedEvaluationId=tr-1"
        );
        assert!(page(&server, "a/b&c#d", Some("team a")).unwrap().ends_with("Id=a%2Fb%26c%23d&workspace=team%20a"));
        let host = "https://w.cloud.databricks.com".to_owned();
        let place = Workspace { host, id: Some("42".to_owned()), profile: None, warehouse: None };
        assert_eq!(
            page(&Address::Databricks(place), "tr-1", None).unwrap(),
            "https://w.cloud.databricks.com/ml/experiments/3/traces?selectedEvaluationId=tr-1&o=42"
        );
        assert!(Address::Demo.page_of(&ExperimentId::new("1"), &TraceId::new("tr-1"), None).is_none());
        assert!(!Address::Demo.has_pages());
    }
}
