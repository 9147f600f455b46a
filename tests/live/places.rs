//! A place is more than its URL: two workspaces of one server, and two names of one address.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use mlflow_trace::changes::journal::{Header, Journal, Outcome};
use serde_json::json;
use tempfile::TempDir;

use crate::harness::{Live, text, texts, with_workspaces};
use crate::support::{Program, Run};

const POLICY: &str = "[[rule]]
name = \"old\"
experiments = [\"places\"]
filter = \"tags.stage = 'draft'\"
keep_within = \"30d\"
allow_empty = true
";
const DAY: u64 = 86_400;
static ALONE: Mutex<()> = Mutex::new(());

struct Scene {
    live: &'static Live,
    /// MLflow's client works in one workspace at a time.
    _alone: MutexGuard<'static, ()>,
    state: TempDir,
    policy: String,
}

impl Scene {
    fn new() -> Option<Self> {
        let live = with_workspaces()?;
        let state = tempfile::tempdir().unwrap();
        let policy = state.path().join("retention.toml");
        std::fs::write(&policy, POLICY).unwrap();
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Self { live, _alone: alone, policy: policy.to_str().unwrap().to_owned(), state })
    }

    /// So many expired traces in an experiment of the name that the policy is about.
    fn seed(&self, workspace: &str, experiment: &str, number: usize) -> Vec<String> {
        self.live.call("use_workspace", &json!({"name": workspace}));
        let traces = vec![json!({"age_s": 90 * DAY, "tags": {"stage": "draft"}}); number];
        texts(self.live.call("seed", &json!({"experiment": experiment, "traces": traces})))
    }

    fn experiment(&self, workspace: &str) -> String {
        self.live.call("use_workspace", &json!({"name": workspace}));
        text(self.live.call("create_experiment", &json!({"name": "places"})))
    }

    fn program(&self, workspace: &str, uri: &str, words: &[&str]) -> Program {
        Program::new(["-u", uri].iter().chain(words))
            .hidden_env("MLFLOW_TRACE_STATE_DIR", self.state.path())
            .hidden_env("MLFLOW_WORKSPACE", workspace)
    }

    fn purge(&self, workspace: &str, uri: &str) -> Run {
        self.program(workspace, uri, &["retention", "run", "--policy", &self.policy, "--yes", "-o", "json"]).run()
    }

    fn count(&self, workspace: &str) -> String {
        self.program(workspace, self.live.uri(), &["count", "-x", "places"]).run().succeeds().stdout.trim().to_owned()
    }

    /// What a run leaves that is killed when it is about to delete these traces.
    fn killed(&self, like: &Header, ids: &[String]) -> String {
        let now_ms = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
        let header = Header {
            experiments: like.experiments.clone(),
            hash: like.hash.clone(),
            ..Header::new(&like.command, now_ms, like.place.clone())
        };
        let journal = Journal::begin(self.state.path(), header).unwrap();
        for id in ids {
            journal.plan_deletion(id.as_str().into(), "rule \"old\"".into()).unwrap();
        }
        journal.run_id().to_owned()
    }

    fn journals(&self) -> Vec<Header> {
        Journal::list(self.state.path()).unwrap()
    }
}

#[test]
fn a_run_killed_in_one_workspace_is_settled_there_and_nowhere_else() {
    let Some(scene) = Scene::new() else { return };
    let uri = scene.live.uri();
    let (here, there) = (scene.experiment("team-a"), scene.experiment("team-b"));
    assert_ne!(here, there, "ids are those of the server, not of the workspace");
    scene.seed("team-a", &here, 1);
    scene.purge("team-a", uri).succeeds();
    let like = scene.journals().remove(0);
    assert_eq!(like.place.workspace.as_deref(), Some("team-a"));
    assert_eq!(like.place.created_ms.len(), 1, "the server says when an experiment was created");
    let ids = scene.seed("team-a", &here, 3);
    let run = scene.killed(&like, &ids);
    scene.seed("team-b", &there, 2);

    scene.purge("team-b", uri).succeeds().does_not_tell("was killed");
    assert_eq!((scene.count("team-a"), scene.count("team-b")), ("3".to_owned(), "0".to_owned()));
    let entries = Journal::read(scene.state.path(), &run).unwrap().entries;
    assert!(entries.iter().all(|entry| entry.outcome == Outcome::Planned));
    scene
        .program("team-b", uri, &["undo", &run])
        .run()
        .exits(7)
        .tells("in the workspace \"team-a\", not in \"team-b\"");

    let by_name = uri.replace("127.0.0.1", "localhost");
    let told = format!("Run {run} was killed with 3 traces in flight, of which 0 are gone");
    scene.purge("team-a", &by_name).succeeds().tells(&told);
    assert_eq!(scene.count("team-a"), "0");
    scene.purge("team-a", uri).succeeds().does_not_tell("was killed");
}

#[test]
fn what_a_killed_run_deleted_is_settled_as_gone_where_its_experiment_is_to_be_seen() {
    let Some(scene) = Scene::new() else { return };
    let uri = scene.live.uri();
    let experiment = scene.experiment("team-c");
    let ids = scene.seed("team-c", &experiment, 2);
    scene.purge("team-c", uri).succeeds();
    let like = scene.journals().remove(0);
    let run = scene.killed(&like, &ids);
    let told = format!("Run {run} was killed with 2 traces in flight, of which 2 are gone");
    scene.purge("team-c", uri).succeeds().tells(&told);
    let id = scene.program("team-c", uri, &["runs", "list", "-o", "ids"]).run().succeeds().lines().pop().unwrap();
    let entries = Journal::read(scene.state.path(), &id).unwrap().entries;
    assert!(entries.len() == 2 && entries.iter().all(|entry| entry.outcome == Outcome::Done));
}
