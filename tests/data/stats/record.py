"""What pandas says of the traces of the demonstration: `python record.py > expected.json`, with pandas 2 or later.

Each entry is a question as the arguments of `stats`, and the rows that answer it.
"""

import json
import math
import pathlib

import pandas as pd

DEMO = pathlib.Path(__file__).parents[3] / "src/store/demo.jsonl"
QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}


def number(value):
    return None if value is None or (isinstance(value, float) and math.isnan(value)) else float(value)


def frames():
    traces, spans = [], []
    for line in DEMO.read_text().splitlines():
        trace = json.loads(line)
        info = trace["info"]
        metadata = info.get("trace_metadata", {})
        usage = json.loads(metadata.get("mlflow.trace.tokenUsage", "{}"))
        cost = json.loads(metadata.get("mlflow.trace.cost", "{}"))
        values = [a["feedback"].get("value") for a in info.get("assessments", [])
                  if a["assessment_name"] == "groundedness" and a.get("valid", True)]
        traces.append({
            "start": pd.Timestamp(info["request_time"]), "status": info["state"],
            "name": info["tags"].get("mlflow.traceName"), "environment": info["tags"].get("environment"),
            "duration": info.get("execution_duration_ms"), "input": usage.get("input_tokens"),
            "output": usage.get("output_tokens"), "total": usage.get("total_tokens"), "cost": cost.get("total_cost"),
            "groundedness": next((v for v in values if v is not None), None),
        })
        for span in trace["data"]["spans"]:
            attributes = {key: json.loads(value) for key, value in span["attributes"].items()}
            if "mlflow.llm.model" not in attributes:
                continue
            used = attributes.get("mlflow.chat.tokenUsage") or {}
            end = span["end_time_unix_nano"]
            spans.append({
                "model": attributes["mlflow.llm.model"], "failed": span["status"]["code"] == "STATUS_CODE_ERROR",
                "duration": None if end is None else (end - span["start_time_unix_nano"]) / 1e6,
                "input": used.get("input_tokens"), "total": used.get("total_tokens"),
            })
    return pd.DataFrame(traces), pd.DataFrame(spans)


def of_traces(group):
    ended = group[group.status.isin(["OK", "ERROR"])]
    row = {"traces": len(group), "errors": int((group.status == "ERROR").sum()),
           "error_rate": number((ended.status == "ERROR").mean()), "known:duration_ms": int(group.duration.count()),
           "mean:duration_ms": number(group.duration.mean()), "max:duration_ms": number(group.duration.max())}
    for name, at in QUANTILES.items():
        row[f"{name}:duration_ms"] = number(group.duration.quantile(at))
    for name, column in {"tokens.input": "input", "tokens.output": "output", "tokens.total": "total", "cost.total": "cost"}.items():
        row[f"sum:{name}"] = number(group[column].sum(min_count=1))
        row[f"known:{name}"] = int(group[column].count())
    return row


def of_spans(group):
    return {"spans": len(group), "span_errors": int(group.failed.sum()), "mean:span.duration": number(group.duration.mean()),
            "p50:span.duration": number(group.duration.quantile(0.5)), "p95:span.duration": number(group.duration.quantile(0.95)),
            "max:span.duration": number(group.duration.max()), "sum:span.tokens.input": number(group.input.sum(min_count=1)),
            "sum:span.tokens.total": number(group.total.sum(min_count=1))}


def grouped(frame, columns, names, measure):
    for key, group in frame.groupby(columns, dropna=False):
        yield {**dict(zip(names, key)), **measure(group)}


traces, spans = frames()
traces["hour"], traces["weekday"] = traces.start.dt.hour, traces.start.dt.day_name()
questions = [
    {"args": [], "rows": [of_traces(traces)]},
    {"args": ["--by", "name"], "rows": list(grouped(traces, ["name"], ["name"], of_traces))},
    {"args": ["--by", "tags.environment,status"],
     "rows": list(grouped(traces, ["environment", "status"], ["tags.environment", "status"], of_traces))},
    {"args": ["--by", "hour", "--top", "24"], "rows": list(grouped(traces, ["hour"], ["hour"], of_traces))},
    {"args": ["--by", "weekday"], "rows": list(grouped(traces, ["weekday"], ["weekday"], of_traces))},
    {"args": ["--by", "model"], "rows": list(grouped(spans, ["model"], ["model"], of_spans))},
]
for length, rule in {"1d": "1D", "6h": "6h", "7d": "W-MON"}.items():
    buckets = traces.set_index("start").resample(rule, closed="left", label="left")
    rows = [{"start": start.strftime("%Y-%m-%dT%H:%M:%SZ"), **of_traces(group)} for start, group in buckets]
    questions.append({"args": ["--every", length], "rows": rows})
scored = traces.groupby("name", dropna=False).groundedness
questions.append({"args": ["--by", "name", "--metric", "mean:feedback.groundedness,min:feedback.groundedness"], "rows": [
    {"name": name, "mean:feedback.groundedness": number(group.mean()), "min:feedback.groundedness": number(group.min()),
     "known:feedback.groundedness": int(group.count())} for name, group in scored]})
print(json.dumps(questions, indent=1, default=int))
