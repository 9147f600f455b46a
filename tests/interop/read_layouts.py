"""Read a partitioned folder of traces, one of spans and a single file with DuckDB, Spark and pandas.

    python read_layouts.py TRACES SPANS SINGLE

Prints one JSON object: for each engine the answers to the same questions and the types of columns, in words.
"""

import datetime
import json
import sys

import duckdb
import pandas
import pyarrow.parquet
import pyarrow.types as kinds

UTC = datetime.timezone.utc


def ask_duckdb(traces, spans, single):
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'America/New_York'")
    connection.execute(f"CREATE VIEW traces AS SELECT * FROM read_parquet('{traces}/**/*.parquet')")
    connection.execute(f"CREATE VIEW spans AS SELECT * FROM read_parquet('{spans}/**/*.parquet')")
    connection.execute(f"CREATE VIEW single AS SELECT * FROM read_parquet('{single}')")

    def one(question):
        return connection.execute(question).fetchone()[0]

    names = {
        "TIMESTAMP WITH TIME ZONE": "timestamp in UTC",
        "BIGINT": "integer",
        "DOUBLE": "double",
        "MAP(VARCHAR, VARCHAR)": "map",
    }
    types = {row[0]: row[1] for row in connection.execute("DESCRIBE traces").fetchall()}
    return {
        **ask_in_sql(one, "epoch_ms(min(request_time))"),
        "valid assessments": one("SELECT count(*) FROM (SELECT unnest(assessments) AS a FROM traces) WHERE a.valid"),
        "types": {name: names.get(kind, "list" if kind.endswith("[]") else kind) for name, kind in types.items()},
    }


def ask_in_sql(one, earliest):
    """The questions that DuckDB and Spark spell alike."""
    return {
        "traces": one("SELECT count(*) FROM traces"),
        "spans": one("SELECT count(*) FROM spans"),
        "of experiment 1": one("SELECT count(*) FROM traces WHERE experiment_id = 1"),
        "first day": str(one("SELECT min(date) FROM traces")),
        "earliest": one(f"SELECT {earliest} FROM traces"),
        "duration": int(one("SELECT sum(execution_duration_ms) FROM traces")),
        "in production": one("SELECT count(*) FROM traces WHERE tags['environment'] = 'production'"),
        "failed spans": one("SELECT count(*) FROM spans WHERE span_status = 'ERROR'"),
        "single traces of experiment 1": one("SELECT count(*) FROM single WHERE experiment_id = '1'"),
    }


def ask_spark(traces, spans, single):
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "America/New_York")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    session.read.parquet(traces).createOrReplaceTempView("traces")
    session.read.parquet(spans).createOrReplaceTempView("spans")
    session.read.parquet(single).createOrReplaceTempView("single")

    def one(question):
        return session.sql(question).collect()[0][0]

    names = {"timestamp": "timestamp in UTC", "bigint": "integer", "double": "double", "map<string,string>": "map"}
    types = {field.name: field.dataType.simpleString() for field in session.table("traces").schema.fields}
    answers = {
        **ask_in_sql(one, "unix_millis(min(request_time))"),
        "valid assessments": one("SELECT count(*) FROM (SELECT explode(assessments) AS a FROM traces) WHERE a.valid"),
        "types": {
            name: names.get(kind, "list" if kind.startswith("array<struct<") else kind) for name, kind in types.items()
        },
    }
    session.stop()
    return answers


def ask_pandas(traces, spans, single):
    table = pandas.read_parquet(traces)
    of_spans = pandas.read_parquet(spans)
    of_single = pandas.read_parquet(single)
    schema = pyarrow.parquet.ParquetDataset(traces).schema
    production = table["tags"].map(lambda tags: dict(tags).get("environment") == "production")

    def kind(type_):
        if kinds.is_timestamp(type_) and type_.tz == "UTC":
            return "timestamp in UTC"
        for test, name in [
            (kinds.is_int64, "integer"),
            (kinds.is_float64, "double"),
            (kinds.is_map, "map"),
            (kinds.is_list, "list"),
        ]:
            if test(type_):
                return name
        return str(type_)

    return {
        "traces": len(table),
        "spans": len(of_spans),
        "of experiment 1": int((table["experiment_id"].astype(str) == "1").sum()),
        "first day": min(table["date"].astype(str)),
        "earliest": int(table["request_time"].min().to_pydatetime().astimezone(UTC).timestamp() * 1000 + 0.5),
        "duration": int(table["execution_duration_ms"].sum()),
        "in production": int(production.sum()),
        "valid assessments": sum(one["valid"] for many in table["assessments"] for one in many),
        "failed spans": int((of_spans["span_status"] == "ERROR").sum()),
        "single traces of experiment 1": int((of_single["experiment_id"] == "1").sum()),
        "types": {field.name: kind(field.type) for field in schema},
    }


def main():
    paths = sys.argv[1:]
    engines = {"duckdb": ask_duckdb, "spark": ask_spark, "pandas": ask_pandas}
    print(json.dumps({name: ask(*paths) for name, ask in engines.items()}))


main()
