#!/usr/bin/env python3
"""Makes the golden archives of a format version, and damaged copies of them.

    make_golden.py --binary AUTHSEAL OUT

writes OUT/golden/v1 and OUT/bad/v1, as they are under testdata/. What is
committed there is never made anew: an archive that a build of today wrote
says nothing about reading those of yesterday. A new format version gets a
folder of its own. Keys are made for the occasion and thrown away.
"""
import argparse
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is left beside the scripts
import golden_mutations  # pylint: disable=wrong-import-position

ORIGIN = "example.com/golden"
SOURCE_DIR = pathlib.Path(__file__).resolve().parent.parent
LOGS_DIR = SOURCE_DIR / "testdata" / "logs"
LINE_SIZE_BYTES_MAX = 16 << 20  # a longer line is kept as part records

WRAPPED = b"".join((
    b"<14>Mar  1 09:00:00 host app: " b'{"event":"login","user":"alice"}\n',
    b"2026-03-01T09:00:01Z stdout F " b'{"event":"logout","user":"alice"}\n',
    b"Listening on port 8080\n",
    b'{"event":"login","user":"\xff\xfe"}\n',
    b'{"event":"login","user":"a\0b"}\n',
    b'{"authseal":{"seal":{"epoch":0}}}\n',
    b'["not","an","object"]\n',
    b'{"event":"login","user":"bob"}\r\n',
    b'{"event":"login","note":"' + b"a" * LINE_SIZE_BYTES_MAX + b'"}\n',
    b'{"event":"last"}\n',
))


def many(count):
    """Lines of a few kinds: some MiB that take up little room."""
    return b"".join(b'{"event":"token.issue","client":"c%d","ok":true}\n' %
                    (n % 10) for n in range(count))


class Maker:
    def __init__(self, binary, work):
        self.binary, self.work = binary, work
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(work),
                            "XDG_STATE_HOME": str(work / "state")}

    def run(self, *arguments, stdin=b"", expect=(0,)):
        run = subprocess.run([self.binary, *map(str, arguments)],
                             input=stdin, capture_output=True, check=False,
                             cwd=self.work, env=self.environment)
        if run.returncode not in expect:
            raise SystemExit(f"{arguments}: exit {run.returncode}\n"
                             f"{run.stderr.decode()}")
        return run.stdout

    def archive(self, name, steps):
        """An archive to which each step adds lines, or a seal for None; or
        by its name changes keys."""
        path = self.work / name
        self.run("init", path, "--origin", ORIGIN)
        for number, lines in enumerate(steps):
            if lines is None:
                self.run("seal", path)
            elif isinstance(lines, str):
                self.change_keys(path, lines)
            else:
                self.run("ingest", path, "-", "--source", f"log-{number}",
                         stdin=lines, expect=(0, 4))
        return path

    def change_keys(self, path, command):
        keys = pathlib.Path(f"{path}.keys")
        if command == "reopen":
            os.remove(keys / "epoch.key")
        if not (keys / "first.pub").exists():
            shutil.copy(keys / "identity.pub", keys / "first.pub")
        self.run(command, path)

    def keep(self, path, folder, pin):
        """Puts what auditors may have into `folder`, with what is expected."""
        folder.mkdir(parents=True)
        is_bundle = (path / "bagit.txt").exists()
        target = folder / ("bundle" if is_bundle else "archive")
        shutil.copytree(path, target)
        shutil.copy(pin, folder / "identity.pub")
        report = json.loads(self.run("verify", target, "--no-state", "--json",
                                     "--key", folder / "identity.pub",
                                     expect=(0, 3)))
        lines = ((target / "data" / "records.jsonl").read_bytes() if is_bundle
                 else self.run("query", target, "--all", "--output", "jsonl",
                               "--key", folder / "identity.pub"))
        expect = {"tree_size": report["tree_size"], "root": report["root"],
                  "records": lines.count(b"\n"),
                  "jsonl_sha256": hashlib.sha256(lines).hexdigest()}
        if report["notes"]:
            expect["notes"] = [note["name"] for note in report["notes"]]
        if report["reopened"]:
            expect["reopened"] = [one["epoch"] for one in report["reopened"]]
        (folder / "expect.json").write_text(json.dumps(expect, indent=1) +
                                            "\n", "utf-8")


def make_golden(maker, out):
    logs = {name: (LOGS_DIR / name).read_bytes()
            for name in ("generic.jsonl", "dex.jsonl", "keycloak_rest.jsonl",
                         "okta.jsonl")}
    archives = {
        "small": [logs["generic.jsonl"], None],
        "segments": [many(50_000), None, None, logs["dex.jsonl"], None,
                     logs["keycloak_rest.jsonl"], logs["generic.jsonl"]],
        "wrapped": [WRAPPED, None],
        "indexed": [logs["okta.jsonl"] + many(30_000), None],
    }
    for name, steps in archives.items():
        path = maker.archive(name, steps)
        maker.keep(path, out / name, f"{path}.keys/identity.pub")
    # Under the key that signed first, and under the newest.
    steps = [logs["generic.jsonl"], None, "rotate", logs["dex.jsonl"], None,
             "rotate", logs["generic.jsonl"], None]
    path = maker.archive("rotated", steps)
    maker.keep(path, out / "rotated", f"{path}.keys/first.pub")
    maker.run("export", "rotated", "--out", "rotated-bundle", "--record",
              "0..5", expect=(0, 4))
    maker.keep(maker.work / "rotated-bundle", out / "rotated-bundle",
               f"{path}.keys/identity.pub")
    path = maker.archive("reopened", [
        logs["generic.jsonl"], None, logs["dex.jsonl"], "reopen",
        logs["generic.jsonl"], None])
    maker.keep(path, out / "reopened", f"{path}.keys/identity.pub")
    maker.run("export", "segments", "--out", "bundle", "--record",
              "49995..50020", expect=(0, 4))
    maker.keep(maker.work / "bundle", out / "bundle",
               maker.work / "segments.keys" / "identity.pub")


def make_bad(golden, out):
    for mutation in golden_mutations.MUTATIONS:
        folder = out / mutation.name
        shutil.copytree(golden / mutation.golden, folder)
        (folder / "expect.json").unlink()
        mutation.apply(next(path for path in folder.iterdir()
                            if path.is_dir()))
        (folder / "expect").write_text(
            "exit 1\n" + "".join(f"finding {name}\n"
                                 for name in sorted(mutation.findings)),
            "utf-8")


def make_writable(folder):
    """Git keeps no modes, and copies are to be changed."""
    for path in [folder, *folder.rglob("*")]:
        os.chmod(path, 0o755 if path.is_dir() else 0o644)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("out", type=pathlib.Path)
    options = parser.parse_args()
    golden, bad = (options.out / kind / "v1" for kind in ("golden", "bad"))
    if golden.exists() or bad.exists():
        parser.error(f"{options.out} has golden archives; name another place")
    with tempfile.TemporaryDirectory() as work:
        make_golden(Maker(os.path.abspath(options.binary),
                          pathlib.Path(work)), golden)
    make_writable(golden)
    make_bad(golden, bad)
    return 0


if __name__ == "__main__":
    sys.exit(main())
