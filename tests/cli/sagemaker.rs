//! Servers of Amazon `SageMaker`, gateways of AWS, and where the keys come from. Every request is held against its signature.

use std::fmt::Write as _;
use std::fs;
use std::sync::{Arc, Mutex};

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::fake::{ASSESSMENT, Answer, Fake, KNOWN, Request, Seed, id};
use crate::support::Program;
use crate::support::http::{Listener, Reply};

const SERVER: &str = "arn:aws:sagemaker:us-west-2:123456789012:mlflow-tracking-server/demo";
const APP: &str = "arn:aws:sagemaker:eu-west-1:123456789012:mlflow-app/app-1";
const KEYS: Keys = Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", None);
const OTHERS: Keys = Keys("ASIAOTHERS0123456789", "other/secret+key", Some("token/with+chars=="));

/// The id of a key, the key, and the token of keys that end.
#[derive(Clone, Copy)]
struct Keys(&'static str, &'static str, Option<&'static str>);

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut block = [0_u8; 64];
    let short = if key.len() > 64 { Sha256::digest(key).to_vec() } else { key.to_vec() };
    block[..short.len()].copy_from_slice(&short);
    let padded = |pad: u8| block.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>();
    let inner = Sha256::digest([padded(0x36), text.as_bytes().to_vec()].concat());
    Sha256::digest([padded(0x5c), inner.to_vec()].concat()).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Every byte that RFC 3986 does not leave alone, escaped.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        let _ = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                write!(escaped, "{}", byte as char)
            }
            _ => write!(escaped, "%{byte:02X}"),
        };
        escaped
    })
}

/// Recomputes the signature of a request as the documentation of AWS has it, and wants it to be the one that was sent.
fn assert_signed(request: &Request, keys: Keys, region: &str, service: &str) {
    let Keys(id, secret, token) = keys;
    let header = |name: &str| request.headers.get(name).unwrap_or_else(|| panic!("no {name} in {request:?}")).as_str();
    assert_eq!(header("x-amz-content-sha256"), hex(&Sha256::digest(&request.bytes)), "{}", request.line());
    assert_eq!(request.headers.get("x-amz-security-token").map(String::as_str), token);
    let time = header("x-amz-date");
    let scope = format!("{}/{region}/{service}/aws4_request", &time[..8]);
    let authorization = header("authorization");
    let prefix = format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders=");
    let rest = authorization.strip_prefix(&prefix).unwrap_or_else(|| panic!("{authorization} is not of {prefix}"));
    let (names, signature) = rest.split_once(", Signature=").expect("a signature");
    let signed: Vec<&str> = names.split(';').collect();
    for name in ["host", "x-amz-content-sha256", "x-amz-date"] {
        assert!(signed.contains(&name), "{name} is not signed in {names}");
    }
    let headers: String = signed.iter().map(|name| format!("{name}:{}\n", header(name))).collect();
    let query = request.target.split_once('?').map_or("", |(_, query)| query);
    let mut query: Vec<&str> = query.split('&').collect();
    query.sort_unstable();
    let canonical =
        [&request.method, &escaped(&request.path), &query.join("&"), &headers, names, header("x-amz-content-sha256")]
            .join("\n");
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(&canonical)));
    let key = [&time[..8], region, service, "aws4_request"]
        .iter()
        .fold(format!("AWS4{secret}").into_bytes(), |key, part| hmac(&key, part));
    assert_eq!(signature, hex(&hmac(&key, &text)), "{canonical}");
}

/// The program at a server with an ARN.
fn program(fake: &Fake, arn: &str, arguments: &[&str]) -> Program {
    fake.program(arguments)
        .hidden_env("MLFLOW_TRACKING_URI", arn)
        .hidden_env("SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT", fake.uri())
        .hidden_env("AWS_EC2_METADATA_DISABLED", "true")
        .hidden_env("AWS_CONFIG_FILE", "config")
}

fn with_keys(program: Program, keys: Keys) -> Program {
    let program = program.hidden_env("AWS_ACCESS_KEY_ID", keys.0).hidden_env("AWS_SECRET_ACCESS_KEY", keys.1);
    match keys.2 {
        Some(token) => program.hidden_env("AWS_SESSION_TOKEN", token),
        None => program,
    }
}

fn with_files(program: Program, files: &[(&str, &str)]) -> Program {
    for (name, text) in files {
        let path = program.home().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    program
}

fn all_signed(fake: &Fake, keys: Keys) {
    assert!(!fake.log().is_empty());
    for request in fake.log() {
        assert_signed(&request, keys, "us-west-2", "sagemaker-mlflow");
        assert_eq!(request.headers["x-mlflow-sm-tracking-server-arn"], SERVER);
        assert!(request.headers["authorization"].contains("x-mlflow-sm-tracking-server-arn"));
    }
}

#[test]
fn every_request_to_a_server_of_sagemaker_is_signed() {
    let fake = Fake::with([Seed::known(), Seed::new(1), Seed::new(2)]);
    fake.state().add_experiment("7", "e x+p*~'é");
    let run = |arguments: &[&str]| with_keys(program(&fake, SERVER, arguments), OTHERS).run().exits(0);
    run(&["search", "-x", "e x+p*~'é"]);
    let shown = run(&["search", "attributes.status = 'OK'", "-o", "json", "--all"]);
    assert_eq!(shown.json().as_array().map(Vec::len), Some(3));
    run(&["get", KNOWN]);
    run(&["tag", "set", KNOWN, "reviewed by=jane é"]);
    assert_eq!(fake.state().tag(KNOWN, "reviewed by").as_deref(), Some("jane é"));
    run(&["tag", "delete", KNOWN, "reviewed by"]);
    run(&["feedback", "log", KNOWN, "--name", "correct", "--value", "true"]);
    run(&["assessment", "delete", KNOWN, ASSESSMENT]);
    run(&["delete", "--filter", "request_preview = 'question 1'", "--yes"]);
    assert!(!fake.state().ids("1").contains(&id(1)));
    for method in ["GET", "POST", "PATCH", "DELETE"] {
        assert!(!fake.asked(&format!("{method} /")).is_empty(), "no {method}");
    }
    all_signed(&fake, OTHERS);
}

#[test]
fn an_app_has_its_own_service_and_header() {
    let fake = Fake::with_many(1);
    with_keys(program(&fake, APP, &["count"]), KEYS).hidden_env("AWS_REGION", "us-east-1").run().exits(0);
    for request in fake.log() {
        assert_signed(&request, KEYS, "eu-west-1", "sagemaker");
        assert_eq!(request.headers["x-sm-mlflow-app-arn"], APP);
    }
}

#[test]
fn a_gateway_gets_signatures_and_no_other_credentials() {
    let fake = Fake::with_many(1);
    let gateway = |arguments: &[&str]| {
        let program = fake.program(arguments).hidden_env("MLFLOW_TRACKING_AWS_SIGV4", "true");
        with_keys(program, KEYS).hidden_env("MLFLOW_TRACKING_TOKEN", "not-sent")
    };
    gateway(&["count"]).hidden_env("AWS_DEFAULT_REGION", "eu-central-1").run().exits(0);
    for request in fake.log() {
        assert_signed(&request, KEYS, "eu-central-1", "execute-api");
    }
    let asked = fake.log().len();
    gateway(&["count"]).run().exits(4).tells("the region is not known").tells("AWS_REGION");
    assert_eq!(fake.log().len(), asked, "nothing was sent without a signature");
    let of_profile = gateway(&["count"]).hidden_env("AWS_CONFIG_FILE", "config");
    with_files(of_profile, &[("config", "[default]\nregion = ap-south-1\n")]).run().exits(0);
    assert_signed(fake.log().last().unwrap(), KEYS, "ap-south-1", "execute-api");
}

#[test]
fn two_servers_behind_one_host_are_not_one() {
    let fake = Fake::with_many(3);
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.jsonl").display().to_string();
    with_keys(program(&fake, SERVER, &["delete", "--filter", "timestamp < -1d", "--plan", &plan]), KEYS).run().exits(0);
    let other = SERVER.replace("demo", "production");
    with_keys(program(&fake, &other, &["apply", &plan, "--yes"]), KEYS).run().exits(7).tells("production");
    assert_eq!(fake.state().ids("1").len(), 3);
    with_keys(program(&fake, SERVER, &["apply", &plan, "--yes"]), KEYS).run().exits(0);
    assert_eq!(fake.state().ids("1").len(), 0);
}

/// Those of AWS who give keys.
struct Givers {
    listener: Listener,
    log: Arc<Mutex<Vec<Request>>>,
}

impl Givers {
    /// Every one of them gives the other keys, which end in so many seconds.
    fn with_keys_for(seconds: i64) -> Self {
        let log = Arc::<Mutex<Vec<Request>>>::default();
        let kept = Arc::clone(&log);
        let listener = Listener::start(move |request| {
            let answer = given(&request, seconds);
            kept.lock().unwrap().push(request);
            Reply::Answer(answer)
        });
        Self { listener, log }
    }

    fn uri(&self) -> String {
        format!("http://{}", self.listener.address())
    }

    fn log(&self) -> Vec<Request> {
        self.log.lock().unwrap().clone()
    }
}

fn given(request: &Request, seconds: i64) -> Answer {
    let Keys(id, secret, token) = OTHERS;
    let token = token.unwrap();
    let end = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() + seconds).unwrap();
    let keys = json!({
        "Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-01-01T00:00:00Z",
        "AccessKeyId": id, "SecretAccessKey": secret, "Token": token, "Expiration": end.to_string(),
    });
    match request.line().as_str() {
        "POST /" => {
            let action = if request.body.contains("Action=AssumeRoleWithWebIdentity") {
                "AssumeRoleWithWebIdentity"
            } else {
                "AssumeRole"
            };
            let body = format!(
                "<{action}Response><{action}Result><Credentials><AccessKeyId>{id}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{token}</SessionToken><Expiration>{end}</Expiration></Credentials></{action}Result></{action}Response>"
            );
            Answer::new(200, "text/xml", body)
        }
        "GET /federation/credentials" => {
            let ends = end.as_millisecond();
            let role = json!({"accessKeyId": id, "secretAccessKey": secret, "sessionToken": token, "expiration": ends});
            Answer::json(200, &json!({"roleCredentials": role}))
        }
        "PUT /latest/api/token" => Answer::new(200, "text/plain", "imds-token"),
        "GET /latest/meta-data/iam/security-credentials/" => Answer::new(200, "text/plain", "role"),
        "GET /container" | "GET /latest/meta-data/iam/security-credentials/role" => Answer::json(200, &keys),
        _ => Answer::new(404, "text/plain", "not here"),
    }
}

#[test]
fn a_role_is_taken_on_as_the_plugin_does() {
    let (fake, givers) = (Fake::with_many(1), Givers::with_keys_for(3600));
    let role = "arn:aws:iam::123456789012:role/reader";
    let program = with_keys(program(&fake, SERVER, &["search"]), KEYS);
    program
        .hidden_env("SAGEMAKER_MLFLOW_ASSUME_ROLE_ARN", role)
        .hidden_env("AWS_ENDPOINT_URL_STS", givers.uri())
        .run()
        .exits(0);
    all_signed(&fake, OTHERS);
    let asked = givers.log();
    assert_eq!(asked.len(), 1, "once for the whole run");
    assert_signed(&asked[0], KEYS, "us-west-2", "sts");
    assert_eq!(
        asked[0].body,
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Freader&RoleSessionName=AuthBotoSagemakerMlFlow"
    );
}

#[test]
fn keys_are_renewed_before_they_end() {
    let (fake, givers) = (Fake::with_many(1), Givers::with_keys_for(60));
    let program = program(&fake, SERVER, &["search"]);
    program.hidden_env("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{}/container", givers.uri())).run().exits(0);
    all_signed(&fake, OTHERS);
    assert!(fake.log().len() > 1);
    assert_eq!(givers.log().len(), fake.log().len(), "keys that end within two minutes are not used twice");
}

#[test]
fn keys_come_from_every_place_that_amazons_clients_know() {
    let (fake, givers) = (Fake::with_many(1), Givers::with_keys_for(3600));
    let base = || program(&fake, SERVER, &["count"]);
    let named = |text: &str| with_files(base().hidden_env("AWS_PROFILE", "team"), &[("config", text)]);
    let fixed = format!(
        "[team]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token={}\n",
        OTHERS.0,
        OTHERS.1,
        OTHERS.2.unwrap()
    );
    with_files(base().hidden_env("AWS_PROFILE", "team"), &[(".aws/credentials", &fixed)]).run().exits(0);
    let printed = format!(
        "{{\"Version\": 1, \"AccessKeyId\": \"{}\", \"SecretAccessKey\": \"{}\", \"SessionToken\": \"{}\"}}",
        OTHERS.0,
        OTHERS.1,
        OTHERS.2.unwrap()
    );
    let process = "[profile team]\ncredential_process = cat 'my keys'\n";
    with_files(named(process), &[("my keys", &printed)]).run().exits(0);
    let shared = "[profile team]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = Reader\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n";
    let alone = "[profile team]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\nsso_account_id = 1\nsso_role_name = Reader\n";
    let session = r#"{"accessToken": "t", "expiresAt": "2999-01-01T00:00:00Z"}"#;
    for (text, cached) in [
        (shared, ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"),
        (alone, ".aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json"),
    ] {
        let program = with_files(named(text), &[(cached, session)]);
        program.hidden_env("AWS_ENDPOINT_URL_SSO", givers.uri()).run().exits(0);
    }
    let source = format!(
        "[profile team]\nrole_arn = arn:aws:iam::1:role/reader\nsource_profile = base\nexternal_id = x\n[profile base]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        KEYS.0, KEYS.1
    );
    named(&source).hidden_env("AWS_ENDPOINT_URL_STS", givers.uri()).run().exits(0);
    assert_signed(givers.log().last().unwrap(), KEYS, "us-west-2", "sts");
    let identity = base()
        .hidden_env("AWS_ROLE_ARN", "arn:aws:iam::1:role/reader")
        .hidden_env("AWS_WEB_IDENTITY_TOKEN_FILE", "token")
        .hidden_env("AWS_ENDPOINT_URL_STS", givers.uri());
    with_files(identity, &[("token", "web-token")]).run().exits(0);
    assert!(givers.log().last().unwrap().body.contains("WebIdentityToken=web-token"));
    let instance = base().hidden_env("AWS_EC2_METADATA_DISABLED", "false");
    instance.hidden_env("AWS_EC2_METADATA_SERVICE_ENDPOINT", givers.uri()).run().exits(0);
    assert_eq!(givers.log().last().unwrap().headers["x-aws-ec2-metadata-token"], "imds-token");
    all_signed(&fake, OTHERS);
}

#[test]
fn who_has_no_keys_is_told_where_they_were_looked_for() {
    let fake = Fake::with_many(1);
    let base = || program(&fake, SERVER, &["count"]);
    let nowhere = base().run().exits(4);
    for words in [
        "no keys of AWS were found: AWS_ACCESS_KEY_ID is not set, the profile \"default\" in ",
        "AWS_EC2_METADATA_DISABLED is true",
        "hint: nothing was sent; keys come from AWS_ACCESS_KEY_ID",
    ] {
        assert!(nowhere.stderr.contains(words), "{nowhere}");
    }
    base().hidden_env("AWS_ACCESS_KEY_ID", "x").run().exits(4).tells("AWS_SECRET_ACCESS_KEY is not");
    base().hidden_env("AWS_PROFILE", "nope").run().exits(4).tells("there is no profile \"nope\" in config and ");
    let profile = |text: &str| with_files(base().hidden_env("AWS_PROFILE", "team"), &[("config", text)]).run().exits(4);
    profile("[profile team]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n[sso-session corp]\nsso_region = e\nsso_start_url = https://x\n")
        .tells("run `aws sso login --profile team`");
    profile("[profile team]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = b\n[profile b]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = team\n")
        .tells("leads in a circle");
    profile("[profile team]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = b\nmfa_serial = x\n")
        .tells("`aws configure export-credentials --profile team --format env`");
    profile("[profile team]\ncredential_process = exit 3\n").tells("the profile \"team\" of AWS gives no keys");
    assert!(fake.log().is_empty());
}

#[test]
fn an_arn_that_names_no_server_is_refused_before_anything_is_sent() {
    let run = |arn: &str| Program::new(["count", "-x", "1", "-u", arn]).run().exits(2);
    run("arn:aws:s3:::bucket").tells("mlflow-tracking-server/NAME");
    run("arn:aws-cn:sagemaker:cn-north-1:1:mlflow-tracking-server/x").tells("aws-cn");
}
