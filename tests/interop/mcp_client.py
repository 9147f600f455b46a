"""The official client of the Model Context Protocol against `mlflow-trace mcp` on the demonstration.

    python tests/interop/mcp_client.py PROGRAM

Starts the server, lists its tools, calls each of the read-only ones, and checks that answers are as the command line gives them.
"""

import asyncio
import json
import subprocess
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

CALLS = {
    "count": {"filter": "status = 'ERROR'", "by": "error"},
    "search": {"filter": "status = 'ERROR'", "limit": 3, "fields": "trace_id,status"},
    "get": {"trace_id": "tr-df72864f8b04"},
    "stats": {"by": "name", "metrics": "traces,p95:duration"},
    "diff": {"filter": "status = 'ERROR'"},
    "sessions": {"limit": 2},
    "session": {"session": "chat-7f31c0"},
    "keys": {},
    "filter_check": {"filter": "status = 'ERROR'"},
}


async def main(program):
    server = StdioServerParameters(command=program, args=["mcp", "-u", "demo"])
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        greeting = await session.initialize()
        tools = (await session.list_tools()).tools
        assert {tool.name for tool in tools} == set(CALLS), sorted(tool.name for tool in tools)
        answers = {name: await session.call_tool(name, given) for name, given in CALLS.items()}
        broken = await session.call_tool("search", {"filter": "status ="})
    for name, answer in answers.items():
        assert not failed(answer), (name, answer)
    assert failed(broken), broken
    line = [program, "-u", "demo", "search", "status = 'ERROR'", "-n", "3", "-o", "jsonl", "--fields", "trace_id,status"]
    told = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    found = answers["search"].content[1].text
    assert [json.loads(one) for one in found.splitlines()] == [json.loads(one) for one in told.splitlines()], found
    print(f"{len(answers)} tools answer the official client")
    return greeting


def failed(answer):
    return getattr(answer, "isError", None) or getattr(answer, "is_error", False)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
