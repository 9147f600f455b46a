//! Signatures of AWS: for which service, in which region, with which role.

use std::time::Duration;

use super::SettingsError;
use super::connection::{switch, wrong};
use super::env::{self, Environment};
use crate::store::{Address, AwsLogin, AwsRole, Secret};

/// How long MLflow's plugin for `SageMaker` uses the keys of a role, and between which limits that may be chosen.
const KEEP: u64 = 3300;
const KEPT: std::ops::RangeInclusive<u64> = 300..=3600;
/// As a gateway in front of a server has it.
const GATEWAY: &str = "execute-api";

/// A server of `SageMaker` where the environment says that it is reached.
pub fn placed(address: Address, environment: &Environment) -> Address {
    match (address, environment.get(env::SAGEMAKER_ENDPOINT)) {
        (Address::SageMaker(server), Some(endpoint)) => Address::SageMaker(server.at(endpoint)),
        (address, _) => address,
    }
}

/// What requests are signed for, if they are.
pub fn login(address: Option<&Address>, environment: &Environment) -> Result<Option<AwsLogin>, SettingsError> {
    let variables = environment.of_object_stores().filter(|(name, _)| name.starts_with("AWS_"));
    let login = AwsLogin {
        service: GATEWAY,
        region: [env::AWS_DEFAULT_REGION, env::AWS_REGION]
            .into_iter()
            .find_map(|name| Some(environment.get(name)?.to_owned())),
        routing: None,
        role: None,
        variables: variables.map(|(name, value)| (name.to_owned(), Secret::new(value))).collect(),
        home: environment.home(),
    };
    let Some(Address::SageMaker(server)) = address else {
        return Ok(switch(environment, env::AWS_SIGV4)?.unwrap_or(false).then_some(login));
    };
    let (header, arn) = server.routing();
    Ok(Some(AwsLogin {
        service: server.service(),
        region: Some(server.region().to_owned()),
        routing: Some((header, arn.to_owned())),
        role: role(environment)?,
        ..login
    }))
}

fn role(environment: &Environment) -> Result<Option<AwsRole>, SettingsError> {
    let Some(arn) = environment.get(env::SAGEMAKER_ROLE) else { return Ok(None) };
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    if !matches!(parts[..], ["arn", _, "iam", _, _, resource] if resource.starts_with("role/")) {
        return Err(wrong(env::SAGEMAKER_ROLE, arn, "arn:aws:iam::ACCOUNT:role/NAME"));
    }
    let seconds = match environment.get(env::SAGEMAKER_ROLE_TTL) {
        Some(text) => text.parse().map_err(|_| wrong(env::SAGEMAKER_ROLE_TTL, text, "a number of seconds"))?,
        None => KEEP,
    };
    let keep = Duration::from_secs(seconds.clamp(*KEPT.start(), *KEPT.end()));
    Ok(Some(AwsRole { arn: arn.to_owned(), keep }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:sagemaker:us-west-2:123456789012:mlflow-tracking-server/demo";

    fn of(arn: Option<&str>, variables: &[(&str, &str)]) -> Result<Option<AwsLogin>, SettingsError> {
        let address = arn.map(|arn| Address::of_arn(arn).unwrap());
        login(address.as_ref(), &variables.iter().copied().collect())
    }

    #[test]
    fn the_region_of_an_arn_goes_before_the_environment() {
        let login = of(Some(ARN), &[("AWS_DEFAULT_REGION", "eu-west-1")]).unwrap().unwrap();
        assert_eq!((login.service, login.region.as_deref()), ("sagemaker-mlflow", Some("us-west-2")));
        assert_eq!(login.routing, Some(("x-mlflow-sm-tracking-server-arn", ARN.to_owned())));
        let gateway = [("MLFLOW_TRACKING_AWS_SIGV4", "true"), ("AWS_REGION", "r"), ("AWS_DEFAULT_REGION", "eu-west-1")];
        let login = of(None, &gateway).unwrap().unwrap();
        assert_eq!((login.service, login.region.as_deref()), ("execute-api", Some("eu-west-1")));
        assert_eq!(of(None, &[("MLFLOW_TRACKING_AWS_SIGV4", "false"), ("AWS_REGION", "r")]), Ok(None));
        assert!(of(None, &[("MLFLOW_TRACKING_AWS_SIGV4", "maybe")]).is_err());
    }

    #[test]
    fn a_role_is_kept_as_long_as_the_plugin_keeps_it() {
        let kept = |seconds: &str| {
            let variables = [
                ("SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN", "arn:aws:iam::1:role/x"),
                ("SAGEMAKER_MLFLOW_ASSUME_ROLE_TTL_SECONDS", seconds),
            ];
            of(Some(ARN), &variables).unwrap().unwrap().role.unwrap().keep.as_secs()
        };
        assert_eq!((kept(""), kept("1"), kept("1000"), kept("9999")), (3300, 300, 1000, 3600));
        assert!(of(Some(ARN), &[("SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN", "arn:aws:iam::1:user/x")]).is_err());
    }
}
