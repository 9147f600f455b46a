"""Ask DuckDB many WHERE clauses.

    python ask_duckdb.py FILE.parquet QUESTIONS.jsonl

Each line of QUESTIONS is a clause as a JSON string, or a statement as {"sql": ...}; each line printed is the list of ids, or of
rows with times in milliseconds, or an object with the error.
"""

import datetime
import json
import sys

import duckdb


def plain(value):
    """What JSON has no word for; times without a zone are in UTC."""
    if isinstance(value, datetime.datetime):
        return round(value.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000)
    return float(value)


def answer(connection, question):
    if isinstance(question, str):
        rows = connection.execute(f"SELECT trace_id FROM traces WHERE {question}").fetchall()
        return sorted(row[0] for row in rows)
    cursor = connection.execute(question["sql"])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def main():
    file, questions = sys.argv[1:]
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE traces AS SELECT * FROM read_parquet('{file}')")
    with open(questions, encoding="utf-8") as lines:
        for line in lines:
            try:
                print(json.dumps(answer(connection, json.loads(line)), default=plain))
            except duckdb.Error as error:
                print(json.dumps({"error": str(error)}))


main()
