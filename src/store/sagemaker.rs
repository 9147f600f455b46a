//! `MLflow` as Amazon `SageMaker` runs it: a tracking server or an app, named by its ARN.
//!
//! It speaks as every server does. What differs is where it is, how requests are signed, and a header that says which server of
//! the region is meant, because all have one host.

use std::fmt;

/// A tracking server or app of `SageMaker`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SageMaker {
    arn: String,
    region: String,
    kind: Kind,
    /// Scheme and host that stand in for the usual ones.
    endpoint: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    TrackingServer,
    App,
}

impl SageMaker {
    /// Reads `arn:aws:sagemaker:REGION:ACCOUNT:mlflow-tracking-server/NAME` or `…:mlflow-app/ID`; fails with a reason.
    pub fn parse(arn: &str) -> Result<Self, String> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let expected = "expected arn:aws:sagemaker:REGION:ACCOUNT:mlflow-tracking-server/NAME or …:mlflow-app/ID";
        let [_, partition, "sagemaker", region, _, resource] = parts[..] else { return Err(expected.to_owned()) };
        if !["aws", "aws-us-gov"].contains(&partition) {
            return Err(format!("MLflow is not served in the partition {partition:?}, only in aws and aws-us-gov"));
        }
        let kind = match resource.split_once('/') {
            Some(("mlflow-tracking-server", name)) if !name.is_empty() => Kind::TrackingServer,
            Some(("mlflow-app", id)) if !id.is_empty() => Kind::App,
            _ => return Err(expected.to_owned()),
        };
        let is_region =
            |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
        if region.is_empty() || !region.chars().all(is_region) || arn.chars().any(|c| !c.is_ascii_graphic()) {
            return Err(expected.to_owned());
        }
        Ok(Self { arn: arn.to_owned(), region: region.to_owned(), kind, endpoint: None })
    }

    /// The same, reached at another scheme and host.
    #[must_use]
    pub fn at(self, endpoint: &str) -> Self {
        Self { endpoint: Some(endpoint.trim_end_matches('/').to_owned()), ..self }
    }

    /// Where it is.
    #[must_use]
    pub fn base(&self) -> String {
        let region = &self.region;
        match (&self.endpoint, self.kind) {
            (Some(endpoint), _) => endpoint.clone(),
            (None, Kind::TrackingServer) => format!("https://{region}.experiments.sagemaker.aws"),
            (None, Kind::App) => format!("https://mlflow.sagemaker.{region}.app.aws"),
        }
    }

    /// Its region, which is the one of the ARN whatever the environment says.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The name of the service in signatures.
    #[must_use]
    pub fn service(&self) -> &'static str {
        match self.kind {
            Kind::TrackingServer => "sagemaker-mlflow",
            Kind::App => "sagemaker",
        }
    }

    /// The header that says which server is meant.
    #[must_use]
    pub fn routing(&self) -> (&'static str, &str) {
        match self.kind {
            Kind::TrackingServer => ("x-mlflow-sm-tracking-server-arn", &self.arn),
            Kind::App => ("x-sm-mlflow-app-arn", &self.arn),
        }
    }
}

/// As a tracking URI.
impl fmt::Display for SageMaker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.arn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_says_where_it_is_and_how_it_is_signed() {
        let server = SageMaker::parse("arn:aws:sagemaker:us-west-2:123456789012:mlflow-tracking-server/demo").unwrap();
        assert_eq!(
            (&*server.base(), server.service()),
            ("https://us-west-2.experiments.sagemaker.aws", "sagemaker-mlflow")
        );
        assert_eq!(server.routing().0, "x-mlflow-sm-tracking-server-arn");
        let app = SageMaker::parse("arn:aws-us-gov:sagemaker:us-gov-west-1:1:mlflow-app/app-1").unwrap();
        assert_eq!((&*app.base(), app.service()), ("https://mlflow.sagemaker.us-gov-west-1.app.aws", "sagemaker"));
        assert_eq!((app.routing().0, app.region()), ("x-sm-mlflow-app-arn", "us-gov-west-1"));
        assert_eq!(app.at("http://127.0.0.1:1/").base(), "http://127.0.0.1:1");
    }

    #[test]
    fn other_arns_are_refused_with_what_would_do() {
        for (arn, word) in [
            ("arn:aws:s3:::bucket", "mlflow-tracking-server/NAME"),
            ("arn:aws-cn:sagemaker:cn-north-1:1:mlflow-tracking-server/x", "aws-cn"),
            ("arn:aws:sagemaker:us-west-2:1:endpoint/x", "mlflow-app/ID"),
            ("arn:aws:sagemaker:us-west-2:1:mlflow-app/", "mlflow-app/ID"),
            ("arn:aws:sagemaker:evil.example/:1:mlflow-app/x", "REGION"),
            ("arn:", "REGION"),
        ] {
            let reason = SageMaker::parse(arn).unwrap_err();
            assert!(reason.contains(word), "{arn}: {reason}");
        }
    }
}
