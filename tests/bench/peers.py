"""The peers: what is installed for them, their versions, DuckDB's queries."""
import json
import os
import pathlib
import shutil
import subprocess

from measure import Sample

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME",
                                    pathlib.Path.home() / ".cache"))
DUCKDB = CACHE / "authseal-bench"
MODULES = DUCKDB / "node_modules"


def install_duckdb():
    """True where DuckDB's node package is there, or could be fetched."""
    if not shutil.which("node"):
        return False
    if (MODULES / "@duckdb/node-api").is_dir():
        return True
    if not shutil.which("npm"):
        return False
    DUCKDB.mkdir(parents=True, exist_ok=True)
    got = subprocess.run(["npm", "install", "--silent", "--prefix", DUCKDB,
                          "@duckdb/node-api"], stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL, check=False)
    return got.returncode == 0


def node(bench, script, *arguments):
    env = dict(bench.env, NODE_PATH=str(MODULES))
    return subprocess.run(["node", HERE / script, *arguments], cwd=bench.work,
                          env=env, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def load_duckdb(bench):
    node(bench, "duckdb_load.js")


def duckdb(bench, job, sql, source="log.parquet"):
    """The query's own time, as the best of three in one warm process."""
    milliseconds = float(node(bench, "duckdb_query.js", sql, source).split()[-1])
    bench.keep(job, Sample(milliseconds / 1000))


def first_line(*command):
    try:
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
    except OSError:
        return "not there"
    return done.stdout.strip().split("\n")[0].strip("* ")


def versions(with_duckdb):
    found = {"zstd": first_line("zstd", "--version"),
             "openssl": first_line("openssl", "version")}
    if with_duckdb:
        package = MODULES / "@duckdb/node-api/package.json"
        found["duckdb"] = json.loads(package.read_text("utf-8"))["version"]
        found["node"] = first_line("node", "--version")
    return found
