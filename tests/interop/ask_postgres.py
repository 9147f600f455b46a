"""Ask PostgreSQL many WHERE clauses.

    MLFLOW_TRACE_POSTGRES=postgresql://... python ask_postgres.py FILE.parquet QUESTIONS.jsonl

Loads the file into a temporary table. Each line of QUESTIONS is a clause as a JSON string, or a statement as {"sql": ...}; each
line printed is the list of ids, or of rows with times in milliseconds, or an object with the error.
"""

import datetime
import json
import os
import sys

import duckdb
import psycopg

TABLE = """
CREATE TEMPORARY TABLE traces (
    trace_id text PRIMARY KEY,
    experiment_id text,
    client_request_id text,
    request_time timestamptz NOT NULL,
    execution_duration_ms bigint,
    state text NOT NULL,
    name text,
    session_id text,
    user_id text,
    request_preview text,
    response_preview text,
    input_tokens bigint,
    output_tokens bigint,
    total_tokens bigint,
    input_cost float8,
    output_cost float8,
    total_cost float8,
    span_count bigint,
    size_bytes bigint,
    prompts jsonb,
    tags jsonb,
    metadata jsonb,
    assessments jsonb,
    spans jsonb
)
"""
NESTED = ["prompts", "tags", "metadata", "assessments", "spans"]


def load(connection, file):
    connection.execute(TABLE)
    columns = [column.name for column in connection.execute("SELECT * FROM traces").description]
    asked = [f"to_json({name})::VARCHAR" if name in NESTED else f"{name}::VARCHAR" for name in columns]
    source = duckdb.connect()
    source.execute("SET TimeZone = 'UTC'")
    rows = source.execute(f"SELECT {', '.join(asked)} FROM read_parquet('{file}')").fetchall()
    with connection.cursor() as cursor, cursor.copy(f"COPY traces ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def plain(value):
    """What JSON has no word for."""
    return round(value.timestamp() * 1000) if isinstance(value, datetime.datetime) else float(value)


def answer(connection, question):
    if isinstance(question, str):
        rows = connection.execute(f"SELECT trace_id FROM traces WHERE {question}".encode()).fetchall()
        return sorted(row[0] for row in rows)
    cursor = connection.execute(question["sql"].encode())
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def main():
    file, questions = sys.argv[1:]
    with psycopg.connect(os.environ["MLFLOW_TRACE_POSTGRES"], autocommit=True) as connection:
        load(connection, file)
        with open(questions, encoding="utf-8") as lines:
            for line in lines:
                try:
                    print(json.dumps(answer(connection, json.loads(line)), default=plain))
                except psycopg.Error as error:
                    print(json.dumps({"error": str(error)}))


main()
