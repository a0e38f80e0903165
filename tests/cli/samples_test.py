"""Real records of many providers come back as they were delivered.

They live beside the source tree, in ../shared/samples, or below
AUTHSEAL_SHARED_DIR; what needs them is skipped without them. The records
written for this project are always there.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import cli_case

SHARED_DIR = pathlib.Path(os.environ.get(
    "AUTHSEAL_SHARED_DIR", cli_case.SOURCE_DIR.parent / "shared"))
FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")


def is_scrubbed(before, after):
    """Whether `after` is `before` but for values that became fingerprints."""
    if isinstance(before, dict):
        return (isinstance(after, dict) and list(before) == list(after) and
                all(is_scrubbed(before[k], after[k]) for k in before))
    if isinstance(before, list):
        return (isinstance(after, list) and len(before) == len(after) and
                all(map(is_scrubbed, before, after)))
    if before == after and type(before) is type(after):
        return True
    return isinstance(after, str) and ("redacted" in after or
                                       bool(FINGERPRINT.search(after)))


def is_scrubbed_line(before, after):
    try:
        return is_scrubbed(json.loads(before), json.loads(after))
    except ValueError:
        # A line that is no JSON: at least something was replaced in it.
        return b"redacted" in after or b"sha256:" in after


class RoundTrip(cli_case.CliCase):
    def assert_same_but_scrubbed(self, delivered, given, scrubbed):
        delivered = [line.removesuffix(b"\r") for line in delivered]
        self.assertEqual(len(given), len(delivered))
        changed = [pair for pair in zip(delivered, given)
                   if pair[0] != pair[1]]
        self.assertLessEqual(len(changed), scrubbed)
        for before, after in changed:
            self.assertTrue(is_scrubbed_line(before, after),
                            f"\n{before[:3000]!r}\n{after[:3000]!r}")

    def assert_round_trip(self, paths):
        delivered = []
        for path in paths:
            data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
            delivered += [line for line in data.split(b"\n") if line.strip()]
        archive = self.new_archive()
        run = self.start("ingest", archive, *paths, "--json")
        output, errors = run.communicate(timeout=cli_case.TIMEOUT_SECONDS)
        self.assertIn(run.returncode, (cli_case.DONE, cli_case.PARTIAL),
                      errors)
        taken = json.loads(output)
        self.assertEqual(taken["lines"] - taken["blank"], len(delivered))
        given = self.raw(archive).split(b"\n")
        self.assertEqual(given.pop(), b"")
        self.assert_same_but_scrubbed(delivered, given, taken["scrubbed"])

        again = self.json_of("ingest", archive, *paths)
        self.assertEqual(again["records"], 0)
        self.authseal("seal", archive)
        result = self.verify(archive, "--derived")
        self.assertEqual(result["tree_size"], taken["records"] + 1)
        self.assertEqual(self.raw(archive).split(b"\n")[:-1], given)
        self.assert_plain_zstd_file(archive)
        self.assert_everything_exports(archive, taken["records"])

    def assert_plain_zstd_file(self, archive):
        """zstdcat needs no tool of ours."""
        plain = b"".join(
            subprocess.run(["zstdcat", str(path)], check=True,
                           capture_output=True).stdout
            for path in cli_case.segments_of(archive))
        self.assertEqual(
            self.authseal("query", archive, "--all").stdout, plain)
        records = [line for line in plain.splitlines(keepends=True)
                   if not line.startswith(b'{"authseal":{"seal":')]
        self.assertEqual(self.authseal("query", archive, "--output",
                                       "jsonl").stdout, b"".join(records))

    def assert_everything_exports(self, archive, count):
        exported = self.json_of("export", archive, "--out", "bundle")
        self.assertGreaterEqual(exported["records"], count)
        result = self.verify("bundle", key=self.key_of(archive))
        self.assertEqual(result["records"]["ok"], exported["records"])
        key = self.key_of(archive)
        for target in (archive, "bundle"):
            run = subprocess.run(
                ["python3", "-B", str(cli_case.VERIFY_PY), str(target),
                 "--key", key], cwd=self.dir, capture_output=True,
                check=False)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_the_records_written_for_this_project(self):
        self.assert_round_trip(sorted(cli_case.LOGS_DIR.iterdir()))

    def test_the_samples_of_many_providers(self):
        paths = sorted((SHARED_DIR / "samples").rglob("*.jsonl"))
        if not paths:
            self.skipTest(f"no samples below {SHARED_DIR}")
        self.assert_round_trip(paths)


class Ways(cli_case.CliCase):
    """However it is delivered, a log gives the same records."""

    def setUp(self):
        super().setUp()
        self.log = cli_case.LOGS_DIR / "okta.jsonl"
        plain = self.new_archive("plain")
        self.authseal("ingest", plain, self.log)
        self.expected = self.authseal("query", plain).stdout
        self.assertEqual(self.expected.count(b"\n"), 31)

    def assert_gives_the_same(self, path):
        archive = self.new_archive()
        first = self.json_of("ingest", archive, path)
        self.assertEqual(first["records"], 31)
        self.assertEqual(self.authseal("query", archive).stdout,
                         self.expected)
        again = self.json_of("ingest", archive, path)
        self.assertEqual(again["records"], 0)
        self.assertEqual(self.authseal("query", archive).stdout,
                         self.expected)

    def test_gzip(self):
        path = self.dir / "okta.jsonl.gz"
        path.write_bytes(subprocess.run(
            ["gzip", "-c", str(self.log)], check=True,
            capture_output=True).stdout)
        self.assert_gives_the_same(path)

    def test_zstd(self):
        path = self.dir / "okta.jsonl.zst"
        path.write_bytes(subprocess.run(
            ["zstd", "-cq", str(self.log)], check=True,
            capture_output=True).stdout)
        self.assert_gives_the_same(path)

    def test_several_compressed_members(self):
        lines = self.log.read_bytes().splitlines(keepends=True)
        for name, command in (("m.gz", ["gzip", "-c"]),
                              ("m.zst", ["zstd", "-cq"])):
            with self.subTest(name=name):
                path = self.write(name, b"".join(
                    subprocess.run(command, input=b"".join(part), check=True,
                                   capture_output=True).stdout
                    for part in (lines[:9], lines[9:])))
                self.assert_gives_the_same(path)
                shutil.rmtree(self.dir / "archive.keys")
                self.remove(self.dir / "archive")

    def test_standard_input(self):
        for words in (("-",), ()):
            with self.subTest(words=words):
                archive = self.new_archive("a" + "".join(words))
                self.authseal("ingest", archive, *words,
                              stdin=self.log.read_bytes())
                self.assertEqual(self.authseal("query", archive).stdout,
                                 self.expected)

    def test_a_named_pipe_is_resumed(self):
        archive = self.new_archive()
        data = self.log.read_bytes()
        half = data.index(b"\n", len(data) // 2) + 1
        for part in (data[:half], data, data):
            self.authseal("ingest", archive, "-", "--source", "okta",
                          stdin=part)
        self.assertEqual(self.authseal("query", archive).stdout,
                         self.expected)

    def test_a_growing_file_gives_only_what_is_new(self):
        archive = self.new_archive()
        path = self.dir / "growing.jsonl"
        data = self.log.read_bytes()
        for size in (5000, 20_000, len(data)):
            path.write_bytes(data[:data.rindex(b"\n", 0, size) + 1])
            self.authseal("ingest", archive, path)
        self.assertEqual(self.authseal("query", archive).stdout,
                         self.expected)

    def test_a_file_that_was_replaced_is_read_from_its_beginning(self):
        archive = self.new_archive()
        path = self.write("log", cli_case.lines_of(10))
        self.authseal("ingest", archive, path)
        path.write_bytes(cli_case.lines_of(12, 500))
        run = self.authseal("ingest", archive, path)
        self.assertIn(b"source-restarted", run.stderr)
        self.assertEqual(self.raw(archive), cli_case.lines_of(10) +
                         cli_case.lines_of(12, 500))

    def test_any_number_of_threads_writes_the_same_records(self):
        data = cli_case.lines_of(30_000)
        for jobs in (1, 2, 7):
            archive = self.new_archive(f"j{jobs}")
            self.authseal("ingest", archive, "-", "--jobs", jobs, stdin=data)
            self.assertEqual(self.raw(archive), data)


if __name__ == "__main__":
    unittest.main()
