"""Runs commands in one directory and keeps what each cost."""
import dataclasses
import json
import os
import shutil
import statistics
import subprocess
import sys

NEEDLE_TIMES = 20


@dataclasses.dataclass
class Sample:
    """One run: of several in a row, their medians and the largest memory."""
    seconds: float
    user: float = 0.0
    system: float = 0.0
    peak_kb: int = 0

    @property
    def cpu(self):
        return self.user + self.system


class Bench:
    """The built programs, a directory to work in, and samples by job."""

    def __init__(self, work, build, records):
        self.work = work
        self.build = build
        self.records = records
        # A copy, as installed: the kernel maps a file that was written in one
        # go in larger pieces than one that a linker filled in here and there,
        # a fifth of a millisecond of a start.
        self.program = shutil.copy2(build / "cmd/authseal", work / "authseal")
        self.env = dict(os.environ, XDG_STATE_HOME=str(work / "state"))
        self.samples = {}  # job → [Sample], one a run
        self.output = ""   # of the last command

    def tool(self, name):
        return self.build / "tests/bench" / name

    def run(self, *command, ok=(0,), times=1):
        report = self.work / "bench_run.json"
        words = [str(word) for word in command]
        done = subprocess.run(
            [self.tool("bench_run"), report, str(times), *words],
            cwd=self.work, env=self.env, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, check=False)
        self.output = done.stdout.decode("utf-8", "replace")
        lines = report.read_text("ascii") if report.exists() else ""
        runs = [json.loads(line) for line in lines.splitlines()]
        statuses = {run["status"] for run in runs}
        if done.returncode != 0 or not statuses or statuses - set(ok):
            sys.exit(f"failed with {sorted(statuses)}: {' '.join(words)}\n"
                     + done.stderr.decode("utf-8", "replace"))
        return Sample(*(statistics.median(run[name] for run in runs)
                        for name in ("seconds", "user", "system")),
                      peak_kb=max(run["peak_kb"] for run in runs))

    def keep(self, job, sample):
        self.samples.setdefault(job, []).append(sample)
        return sample

    def time(self, job, *command, **options):
        return self.keep(job, self.run(*command, **options))

    def shell(self, job, command):
        """The memory is that of the largest process of a pipeline."""
        return self.time(job, "sh", "-c", command)

    def authseal(self, job, *arguments, **options):
        return self.time(job, self.program, *arguments, **options)

    def new_archive(self, name="a"):
        self.remove(name, f"{name}.keys", "state")
        self.run(self.program, "init", name, "--origin", "example.com/bench")
        return ["--key", f"{name}.keys/identity.pub"]

    def generate(self, records, name="log.jsonl"):
        with open(self.work / name, "wb") as log:
            subprocess.run([self.tool("bench_generate"), str(records)],
                           check=True, stdout=log)
            os.fsync(log.fileno())  # else that is done while others are timed

    def remove(self, *names):
        for name in names:
            path = self.work / name
            if path.is_dir():
                subprocess.run(["chmod", "-R", "u+w", path], check=True)
                shutil.rmtree(path)
            elif path.exists():
                path.unlink()

    def size(self, name):
        path = self.work / name
        files = [path] if path.is_file() else path.rglob("*")
        return sum(file.stat().st_size for file in files if file.is_file())


def needles(bench, log="log.jsonl"):
    """A token id, a session and a request id from the middle of the log."""
    wanted = {"token": ("data", "details", "access_token_jti"),
              "session": ("data", "details", "session_id"),
              "request-id": ("reqId",)}
    found = {}
    with open(bench.work / log, "rb") as lines:
        lines.seek(bench.size(log) // 2)
        lines.readline()
        for line in lines:
            record = json.loads(line)
            for name, path in wanted.items():
                value = record
                for member in path:
                    value = value.get(member) if value else None
                if value:
                    found.setdefault(name, value)
            if len(found) == len(wanted):
                return found
    return sys.exit(f"{log} is too short to look something up in it")


def find_needle(bench, job, option, value, key):
    """Times a query for one value, which must give exactly one record."""
    bench.authseal(job, "query", "a", f"--{option}", value, *key,
                   times=NEEDLE_TIMES)
    if bench.output.count("\n") != NEEDLE_TIMES:
        sys.exit(f"query --{option} {value} gave another number of records "
                 f"than one:\n{bench.output[:400]}")
