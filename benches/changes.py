"""Compares changes of many traces with MLflow's own command line and client, and planning with reading, on a real server.

    python benches/changes.py [--base store.db] [--deep store.db] [--traces 5000] [--runs 3] [--parts tags,feedback,plan]

Needs what compare.py needs. `--base` is a store of at least `--traces` traces as compare.py seeds it (`--database`), and is
copied before it is changed; `--deep` is the store whose traces are all planned, the same one if it is left out. Servers run
with 4 workers. Every contender of a part runs in turn, each time with a value of its own, so that nothing is so already;
MLflow's command line, which starts anew for every trace, is sampled and multiplied.
"""

import argparse
import collections
import csv
import datetime
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare  # noqa: E402

SDK_TAGS = """
import sys
from mlflow import MlflowClient
client = MlflowClient(sys.argv[1])
for trace in open(sys.argv[2]).read().split():
    client.set_trace_tag(trace, "bench", sys.argv[3])
"""

SDK_FEEDBACK = """
import sys, mlflow
from mlflow.entities import AssessmentSource
mlflow.set_tracking_uri(sys.argv[1])
source = AssessmentSource(source_type="CODE", source_id="bench")
for trace in open(sys.argv[2]).read().split():
    mlflow.log_feedback(trace_id=trace, name=sys.argv[3], value=0.5, source=source)
"""

POLICY = """[[rule]]
name = "bench"
experiments = ["bench"]
keep_within = "30d"
keep_daily = 30
group_by = ["tags.team"]
keep_if = ["status = 'ERROR' AND timestamp > -90d"]
"""


def rows(path, query):
    with sqlite3.connect(path) as store:
        return store.execute(query).fetchall()


def sampled(command, traces, calls):
    """Seconds of a loop that starts a command for every trace, from calls spread over them."""
    chosen = traces[:: max(1, len(traces) // calls)][:calls]
    took = [compare.measured(command(trace), subprocess.DEVNULL)["wall"] for trace in chosen]
    print(f"  {' '.join(command('ID')[1:3])}: {statistics.median(took):.3f} s a call, median of {len(took)}")
    return statistics.median(took) * len(traces)


def requests(command):
    """How many requests of each kind a command sends."""
    told = subprocess.run([*command, "-v"], check=True, capture_output=True, text=True).stderr
    kinds = collections.Counter()
    for line in told.splitlines():
        if line.startswith("> "):
            _, method, path = line.split(" ")[:3]
            kinds[f"{method} {path.split('?')[0].rsplit('/', 1)[-1]}"] += 1
    return kinds


def show(title, arguments, results, stock, kinds):
    compare.show(title, results)
    ours, loop = results["mlflow-trace"]["wall"], next(result["wall"] for name, result in results.items() if name != "mlflow-trace")
    print(f"  loop of {stock[0]}, extrapolated: {stock[1]:.1f} s, {stock[1] / ours:.1f} times as long as mlflow-trace")
    print(f"  loop in one Python process: {loop / ours:.2f} times as long as mlflow-trace")
    print("  requests:", ", ".join(f"{number} {kind}" for kind, number in kinds.most_common()), f"= {sum(kinds.values()) / arguments.traces:.3f} a trace")


def check(binary, url, filter_text, expected):
    """Nothing is fast that was not done."""
    found = int(compare.output([binary, "-u", url, "-x", "bench", "count", filter_text, "-q"]).split()[0].replace(",", ""))
    if found != expected:
        sys.exit(f"{filter_text}: found {found}, expected {expected}")


class Changes:
    """A server with a copy of the store, and the traces that are changed."""

    def __init__(self, arguments, folder):
        self.store = os.path.join(folder, "changed.db")
        shutil.copyfile(arguments.base, self.store)
        first = rows(self.store, f"SELECT request_id, timestamp_ms FROM trace_info ORDER BY timestamp_ms, request_id LIMIT {arguments.traces}")
        self.traces, self.last_ms = [row[0] for row in first], first[-1][1]
        if len(self.traces) < arguments.traces or len({row[1] for row in first}) < len(first):
            sys.exit(f"{arguments.base} has not {arguments.traces} traces at moments of their own")
        self.ids = os.path.join(folder, "ids.txt")
        with open(self.ids, "w") as file:
            file.write("\n".join(self.traces))
        self.server, self.url = compare.start_server(self.store, folder, workers=4)
        os.environ["MLFLOW_TRACKING_URI"] = self.url
        os.environ["MLFLOW_TRACE_STATE_DIR"] = os.path.join(folder, "state")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        compare.stop(self.server)


def tags_part(arguments, folder):
    with Changes(arguments, folder) as changes:
        selected = ["tag", "set", "--filter", f"timestamp_ms <= {changes.last_ms}", "--yes"]
        ours = [arguments.binary, "-u", changes.url, "-x", "bench", *selected]
        contenders = {
            "mlflow-trace": lambda number: [*ours, f"bench=ours-{number}"],
            "MlflowClient.set_trace_tag": lambda number: [sys.executable, "-c", SDK_TAGS, changes.url, changes.ids, f"theirs-{number}"],
        }
        results = compare.in_turn(contenders, arguments.runs)
        check(arguments.binary, changes.url, f"tags.bench = 'theirs-{arguments.runs}'", arguments.traces)
        kinds = requests([*ours, "bench=counted"])
        check(arguments.binary, changes.url, "tags.bench = 'counted'", arguments.traces)
        stock = lambda trace: [arguments.mlflow, "traces", "set-tag", "--trace-id", trace, "--key", "bench", "--value", "stock"]  # noqa: E731
        seconds = sampled(stock, changes.traces, arguments.calls)
        show(f"a tag on each of {arguments.traces} traces, 4 workers", arguments, results, ("mlflow traces set-tag", seconds), kinds)


def feedback_part(arguments, folder):
    with Changes(arguments, folder) as changes:

        def import_of(name):
            path = os.path.join(folder, f"{name}.csv")
            with open(path, "w", newline="") as file:
                csv.writer(file).writerows([("trace_id", "name", "value"), *((trace, name, "0.5") for trace in changes.traces)])
            return [arguments.binary, "-u", changes.url, "feedback", "import", path, "--value-type", "number", "--source-type", "CODE", "--source-id", "bench"]

        contenders = {
            "mlflow-trace": lambda number: import_of(f"ours_{number}"),
            "mlflow.log_feedback": lambda number: [sys.executable, "-c", SDK_FEEDBACK, changes.url, changes.ids, f"theirs_{number}"],
        }
        results = compare.in_turn(contenders, arguments.runs)
        kinds = requests(import_of("counted"))
        for name in (f"ours_{arguments.runs}", f"theirs_{arguments.runs}", "counted"):
            check(arguments.binary, changes.url, f"feedback.{name} = '0.5'", arguments.traces)
        words = ["--name", "stock", "--value", "0.5", "--source-type", "CODE", "--source-id", "bench"]
        stock = lambda trace: [arguments.mlflow, "traces", "log-feedback", "--trace-id", trace, *words]  # noqa: E731
        seconds = sampled(stock, changes.traces, arguments.calls)
        show(f"a feedback on each of {arguments.traces} traces, 4 workers", arguments, results, ("mlflow traces log-feedback", seconds), kinds)


def plan_part(arguments, folder):
    store = os.path.join(folder, "planned.db")
    shutil.copyfile(arguments.deep or arguments.base, store)
    ((count, newest_ms),) = rows(store, "SELECT count(*), max(timestamp_ms) FROM trace_info")
    policy = os.path.join(folder, "retention.toml")
    with open(policy, "w") as file:
        file.write(POLICY)
    moment = datetime.datetime.fromtimestamp(newest_ms / 1000, datetime.timezone.utc) + datetime.timedelta(days=31)
    server, url = compare.start_server(store, folder, workers=4)
    try:
        ours = [arguments.binary, "-u", url]
        contenders = {
            "mlflow-trace": [*ours, "retention", "plan", "--policy", policy, "--as-of", moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "-o", "json"],
            "search --all": [*ours, "-x", "bench", "search", "--all", "-o", "ids"],
        }
        compare.show(f"planning over {count} traces, 4 workers", compare.in_turn(contenders, arguments.runs))
    finally:
        compare.stop(server)


PARTS = {"tags": tags_part, "feedback": feedback_part, "plan": plan_part}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", help="a store of traces; made if it does not exist")
    parser.add_argument("--deep", help="the store whose traces are planned")
    parser.add_argument("--traces", type=int, default=5_000, help="how many are changed")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--calls", type=int, default=10, help="calls of MLflow's command line that are measured")
    parser.add_argument("--binary", default="target/dist/mlflow-trace")
    parser.add_argument("--parts", default=",".join(PARTS))
    arguments = parser.parse_args()
    arguments.mlflow = os.path.join(os.path.dirname(sys.executable), "mlflow")
    folder = tempfile.mkdtemp(prefix="mlflow-trace-bench-")
    arguments.base = os.path.abspath(arguments.base or os.path.join(folder, "mlflow.db"))
    try:
        if not os.path.exists(arguments.base):
            compare.seed(arguments.base, arguments.traces)
        for part in arguments.parts.split(","):
            PARTS[part](arguments, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
