"""Asks ten questions about the traces of the demonstration through two servers of the Model Context Protocol: `mlflow-trace mcp` and
`mlflow mcp run`, both in front of the same tracking server.

    python benches/agents.py [--binary target/release/mlflow-trace]

Needs an interpreter with `mlflow[mcp]` 3.17.2. For each question it makes the calls that a client needs which knows the tools well
and asks for as little as they let it, and counts calls and bytes of answers; a token is taken for four bytes. What a client has to
add up itself from what it read is its own work and counts for nothing.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
FAILED = "status = 'ERROR'"
EXPERIMENT = "support-bot"


class Client:
    """A session that counts what it asks and gets. `mlflow mcp run` has to be told the experiment with each search."""

    def __init__(self, session, experiment):
        self.session, self.experiment, self.calls, self.bytes = session, experiment, 0, 0

    async def ask(self, tool, **given):
        if tool == "search_traces":
            given["experiment_id"] = self.experiment
        answer = await self.session.call_tool(tool, given)
        text = "\n".join(part.text for part in answer.content if part.type == "text")
        assert not answer.isError, (tool, given, text[:500])
        self.calls += 1
        self.bytes += len(text.encode())
        return text

    async def pages(self, fields=None, filter_string=None):
        """All traces, as `mlflow mcp run` returns them: page by page. It refuses fields that the first trace of a page lacks, such
        as a duration, a user or a cost, so what not all have takes the whole info."""
        given = {"max_results": 500, "output": "json", "include_spans": False}
        if fields:
            given["extract_fields"] = fields
        if filter_string:
            given["filter_string"] = filter_string
        found, token = [], None
        while True:
            page = json.loads(await self.ask("search_traces", **given, **({"page_token": token} if token else {})))
            found += page["traces"]
            token = page.get("next_page_token")
            if not token:
                return found


async def newest_failure_ours(client):
    found = await client.ask("search", filter=FAILED, limit=1, fields="trace_id")
    trace = next(json.loads(line) for line in found.splitlines() if line.startswith("{"))
    return await client.ask("get", trace_id=trace["trace_id"])


async def newest_failure_theirs(client):
    given = {"filter_string": FAILED, "max_results": 1, "output": "json", "extract_fields": "info.trace_id"}
    trace = json.loads(await client.ask("search_traces", **given))["traces"][0]["info"]["trace_id"]
    fields = "info.request_preview,info.state,data.spans.*.name,data.spans.*.status,data.spans.*.events"
    return await client.ask("get_trace", trace_id=trace, extract_fields=fields)


async def chat_theirs(client):
    given = {"filter_string": "metadata.`mlflow.trace.session` = 'chat-e0e6aa'", "max_results": 1, "output": "json"}
    found = json.loads(await client.ask("search_traces", **given, extract_fields="info.trace_id"))
    trace = found["traces"][0]["info"]["trace_id"]
    return await client.ask("get_trace", trace_id=trace, extract_fields="data.spans.*.name,data.spans.*.attributes")


QUESTIONS = [
    ("how many failed", lambda c: c.ask("count", filter=FAILED), lambda c: c.pages("info.trace_id", FAILED)),
    ("why did the newest one fail", newest_failure_ours, newest_failure_theirs),
    (
        "the five slowest",
        lambda c: c.ask("search", order_by="-duration", limit=5, fields="trace_id,duration_ms,name"),
        lambda c: c.ask(
            "search_traces",
            order_by="execution_time DESC",
            max_results=5,
            output="json",
            extract_fields="info.trace_id,info.execution_duration_ms,info.tags.`mlflow.traceName`",
        ),
    ),
    (
        "error rate and p95 by name",
        lambda c: c.ask("stats", by="name", metrics="traces,error_rate,p95:duration"),
        lambda c: c.pages(),
    ),
    (
        "tokens and cost by user",
        lambda c: c.ask("stats", by="user", metrics="sum:tokens.total,sum:cost.total"),
        lambda c: c.pages(),
    ),
    ("which tags there are", lambda c: c.ask("keys"), lambda c: c.pages("info.tags")),
    ("what was said in a session", lambda c: c.ask("session", session="chat-e0e6aa"), chat_theirs),
    (
        "share of helpful answers",
        lambda c: c.ask("stats", metrics="yes:feedback.helpful,known:feedback.helpful"),
        lambda c: c.pages(),
    ),
    (
        "the longest sessions",
        lambda c: c.ask("sessions", limit=5),
        lambda c: c.pages(),
    ),
    (
        "what failing traces have in common",
        lambda c: c.ask("diff", filter=FAILED),
        lambda c: c.pages("info.state,info.tags,info.trace_metadata"),
    ),
]


async def measure(command, arguments, environment, place):
    begun = time.perf_counter()
    server = StdioServerParameters(command=command, args=arguments, env={**os.environ, **environment})
    with open(os.devnull, "w") as log:
        async with stdio_client(server, errlog=log) as streams, ClientSession(*streams) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            started = time.perf_counter() - begun
            described = len(json.dumps([tool.model_dump(mode="json", exclude_none=True) for tool in tools]))
            rows = []
            for question in QUESTIONS:
                client, begun = Client(session, environment["MLFLOW_EXPERIMENT_ID"]), time.perf_counter()
                await question[place](client)
                rows.append((question[0], client.calls, client.bytes, time.perf_counter() - begun))
    return started, len(tools), described, rows


def serve(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = open(os.path.join(folder, "server.log"), "w")
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db"]
    command += ["--artifacts-destination", f"{folder}/artifacts", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    uri = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(uri + "/health", timeout=2)
            return server, uri
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the server does not start")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default="target/release/mlflow-trace")
    binary = os.path.abspath(parser.parse_args().binary)
    with tempfile.TemporaryDirectory() as folder:
        server, uri = serve(folder)
        try:
            run = lambda *words: subprocess.run([binary, *words], check=True, capture_output=True, text=True, cwd=folder)
            run("-u", "demo", "export", "demo.jsonl", "--spans")
            run("-u", uri, "experiments", "create", EXPERIMENT)
            run("-u", uri, "-x", EXPERIMENT, "import", "demo.jsonl")
            number = run("-u", uri, "-x", EXPERIMENT, "count").stdout.strip()
            experiment = json.loads(run("-u", uri, "experiments", "list", "-o", "json").stdout)
            experiment = next(one["experiment_id"] for one in experiment if one["name"] == EXPERIMENT)
            here = {"MLFLOW_TRACKING_URI": uri, "MLFLOW_EXPERIMENT_ID": experiment}
            ours = asyncio.run(measure(binary, ["mcp"], here, 1))
            stock = os.path.join(os.path.dirname(sys.executable), "mlflow")
            theirs = asyncio.run(measure(stock, ["mcp", "run"], here, 2))
        finally:
            server.terminate()
            server.wait()
    print(f"{number} traces on MLflow; a token is four bytes")
    print(f"{'':38}{'mlflow-trace mcp':>24}{'mlflow mcp run':>24}")
    print(f"{'from the start to the list of tools':38}{ours[0]:>22.2f} s{theirs[0]:>22.2f} s")
    print(f"{'tools, and tokens to describe them':38}{ours[1]:>12}{ours[2] // 4:>12,}{theirs[1]:>12}{theirs[2] // 4:>12,}")
    print(f"{'question':38}{'calls':>12}{'tokens':>12}{'calls':>12}{'tokens':>12}")
    for one, other in zip(ours[3], theirs[3]):
        print(f"{one[0]:38}{one[1]:>12}{one[2] // 4:>12,}{other[1]:>12}{other[2] // 4:>12,}")
    total = lambda rows, place: sum(row[place] for row in rows)
    cells = [total(rows, place) // (4 if place == 2 else 1) for rows in (ours[3], theirs[3]) for place in (1, 2)]
    print(f"{'all ten':38}" + "".join(f"{cell:>12,}" for cell in cells))
    print(f"{'time of all ten':38}{total(ours[3], 3):>22.2f} s{total(theirs[3], 3):>22.2f} s")


if __name__ == "__main__":
    main()
