"""Ask Spark, in this process, many WHERE clauses.

    python ask_spark.py FILE.parquet QUESTIONS.jsonl

Each line of QUESTIONS is a clause as a JSON string, or a statement as {"sql": ...}; each line printed is the list of ids, or of
rows with times in milliseconds, or an object with the error.
"""

import datetime
import json
import sys

from pyspark.sql import SparkSession


def plain(value):
    """What JSON has no word for; times are in the zone of this process."""
    return round(value.timestamp() * 1000) if isinstance(value, datetime.datetime) else float(value)


def answer(session, question):
    if isinstance(question, str):
        rows = session.sql(f"SELECT trace_id FROM traces WHERE {question}").collect()
        return sorted(row[0] for row in rows)
    return [row.asDict() for row in session.sql(question["sql"]).collect()]


def main():
    file, questions = sys.argv[1:]
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.session.timeZone", "America/New_York")
        # Compiling thousands of short queries takes longer than running them.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    session.read.parquet(file).coalesce(1).createOrReplaceTempView("traces")
    session.sql("CACHE TABLE traces")
    with open(questions, encoding="utf-8") as lines:
        for line in lines:
            try:
                print(json.dumps(answer(session, json.loads(line)), default=plain))
            except Exception as error:  # noqa: BLE001 - every failure of an engine is an answer
                print(json.dumps({"error": str(error)[:600]}))


main()
