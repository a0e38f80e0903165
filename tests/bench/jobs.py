"""Each job of authseal beside its peer, the two in turn within a run."""
import peers
from measure import find_needle, needles

NAMES = ["ingest", "seal", "size", "verify", "quick", "needle", "by",
         "histogram", "match", "version", "trickle"]
NEEDLE_COLUMNS = {"token": "token", "session": "session",
                  "request-id": "request_id"}


def one_run(bench, wanted, with_duckdb):
    """`wanted`: a function of names of NAMES."""
    key = bench.new_archive()
    bench.remove("log.zst")
    if wanted("ingest"):
        bench.shell("zstd -1 -T2", "zstd -q -f -1 -T2 log.jsonl -o log.zst")
    bench.authseal("ingest", "ingest", "a", "log.jsonl", ok=(0, 4))
    bench.authseal("seal", "seal", "a")
    if wanted("size") and not (bench.work / "log3.zst").exists():
        bench.run("zstd", "-q", "-f", "-3", "log.jsonl", "-o", "log3.zst")
    if wanted("verify", "seal"):
        bench.run("zstd", "-q", "-f", "-1", "log.jsonl", "-o", "log.zst")
        bench.shell("zstd -dc | openssl dgst -sha256",
                    "zstd -dcq log.zst | openssl dgst -sha256")
        bench.authseal("verify", "verify", "a", "--no-state", *key)
    if wanted("quick"):
        bench.shell("openssl dgst -sha256 over the files",
                    "find a -type f -exec openssl dgst -sha256 {} +")
        bench.authseal("quick", "verify", "a", "--quick", "--no-state", *key)
    if wanted("needle"):
        look_up(bench, key, with_duckdb)
    count(bench, wanted, key, with_duckdb)
    if wanted("version"):
        bench.authseal("version", "--version", times=20)


def look_up(bench, key, with_duckdb):
    for option, value in needles(bench).items():
        find_needle(bench, f"needle {option}", option, value, key)
        if with_duckdb:
            peers.duckdb(bench, f"DuckDB needle {option}",
                         "select raw from T where "
                         f"{NEEDLE_COLUMNS[option]} = '{value}'")


def count(bench, wanted, key, with_duckdb):
    for row, option, sql in (
            ("by", ["--by", "client"],
             "select client, count(*) from T group by client"),
            ("histogram", ["--histogram", "1h"],
             "select time_bucket(interval '1 hour', ts), count(*) from T "
             "group by 1")):
        if wanted(row):
            bench.authseal(row, "query", "a", *option, *key)
            if with_duckdb:
                peers.duckdb(bench, f"DuckDB {row}", sql)
    if wanted("match"):
        bench.authseal("match", "query", "a", "--count", "--match",
                       "/durationMs=122", *key)
        if with_duckdb:
            peers.duckdb(bench, "DuckDB match", "select count(*) from T where "
                         "json->>'$.durationMs' = '122'", "log.jsonl")
