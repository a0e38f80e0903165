"""scripts/bench on tiny data: that each row is measured and each target
judged, not how fast anything is."""
import contextlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import large
import parts
import report
from measure import Bench, Sample, needles

ROOT = pathlib.Path(os.environ["AUTHSEAL_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["AUTHSEAL_BUILD_DIR"])
HAS_PARTS = (BUILD / "tests/bench/bench_parts").exists()


def run_script(work, *options):
    return subprocess.run(
        [sys.executable, "-B", ROOT / "scripts/bench", "--build-dir", BUILD,
         "--work-dir", work, "--no-duckdb", *options],
        check=True, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL).stdout


def markdown_of(show, *arguments):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        show(*arguments)
    return out.getvalue()


class BenchTest(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="authseal-bench-"))
        self.addCleanup(shutil.rmtree, self.work)

    def assert_tables(self, text):
        """Every row of a table has as many cells as the line above it."""
        width = None
        for line in text.split("\n"):
            cells = line.replace("\\|", "").count("|")
            if line.startswith("|") and width is not None:
                self.assertEqual(cells, width, line)
            width = cells if line.startswith("|") else None

    def test_every_row_is_measured_and_judged(self):
        result = json.loads(run_script(
            self.work, "--json", "--records", "2000", "--runs", "1",
            "--trickle-seconds", "1", "--large", "4000", "--parts",
            "--parts-seconds", "0.001"))
        self.assertEqual([row["job"] for row in result["rows"]],
                         [row[2] for row in report.ROWS])
        for row in result["rows"]:
            self.assertGreater(row["seconds"], 0)
            self.assertGreater(row["peak_memory_kb"], 1000)
            self.assertTrue(row["targets"])
        self.assertEqual(result["trickle"]["lines"], 100)
        self.assertGreater(result["trickle"]["median_seconds"], 0)
        self.assertEqual(result["large"]["large_records"], 4000)
        self.assertGreater(result["size"]["ratio"], 0)
        self.assertIn("v1.", result["peers"]["zstd"])
        self.assertTrue(result["machine"]["cpu"])
        self.assertEqual(result["parts"] is not None, HAS_PARTS)
        self.assertEqual(list(self.work.iterdir()), [])
        text = markdown_of(report.print_markdown, result)
        if HAS_PARTS:
            text += markdown_of(parts.print_markdown, result["parts"])
        self.assert_tables(text)

    def test_only_the_rows_that_were_asked_for(self):
        text = run_script(self.work, "--records", "2000", "--runs", "1",
                          "--rows", "version")
        self.assertIn("| authseal --version |", text)
        self.assertNotIn("trickle", text)
        self.assertNotIn("verify", text)
        self.assert_tables(text)

    def test_memory_is_that_of_the_child_alone(self):
        ballast = bytearray(64 << 20)
        bench = Bench(self.work, BUILD, 0)
        self.assertLess(bench.run("true").peak_kb, 8 << 10)
        self.assertEqual(len(ballast), 64 << 20)

    def test_a_command_that_fails_ends_the_run(self):
        with self.assertRaises(SystemExit):
            Bench(self.work, BUILD, 0).run("false")

    def test_generated_records_are_of_five_providers_and_fresh(self):
        bench = Bench(self.work, BUILD, 2000)
        bench.generate(2000)
        lines = (self.work / "log.jsonl").read_bytes().split(b"\n")[:-1]
        self.assertEqual(len(set(lines)), 2000)
        self.assertAlmostEqual(sum(map(len, lines)) / 2000, 930, delta=60)
        self.assertEqual(len(needles(bench)), 3)
        key = bench.new_archive()
        bench.run(bench.program, "ingest", "a", "log.jsonl")
        bench.run(bench.program, "query", "a", "--by", "provider", "--json",
                  *key, ok=(0, 4))
        shares = {row["provider"]: row["share"]
                  for row in json.loads(bench.output)["rows"]}
        self.assertEqual(set(shares), {"auth0", "entra_diag", "keycloak_json",
                                       "node_oidc_provider", "okta"})
        self.assertGreater(min(shares.values()), 0.1)


class JudgementTest(unittest.TestCase):
    def test_ratio_is_the_median_of_the_pairs(self):
        samples = {"ingest": [Sample(1.2), Sample(4.0), Sample(1.3)],
                   "zstd -1 -T2": [Sample(1.0), Sample(2.0), Sample(1.0)]}
        row = report.summarise(samples)[0]
        self.assertAlmostEqual(row["ratio"], 1.3)
        self.assertEqual(row["ratio_range"], [1.2, 2.0])
        self.assertFalse(row["targets"][0]["ok"])
        self.assertIn("**missed**: 1.3×", report.verdict(row["targets"]))

    def test_needle_has_an_absolute_target_and_a_peer(self):
        samples = {"needle token": [Sample(0.004, peak_kb=129 << 10)],
                   "DuckDB needle token": [Sample(0.05)]}
        row = report.summarise(samples)[0]
        self.assertEqual({one["what"]: one["ok"] for one in row["targets"]},
                         {"ratio": True, "seconds": True, "memory_mb": False})

    def test_growth_with_size_is_missed_above_ten_percent(self):
        def samples(factor):
            return {job: Sample(factor, factor / 2, factor / 2, 1000)
                    for job in ("ingest", "seal", "verify", "needle", "by")}
        few = samples(1.0)
        for factor, ok in ((10.9, True), (11.1, False)):
            judged = large.compare(few, 100, samples(factor), 1000)
            for cost in judged["costs"]:
                self.assertEqual([one["ok"] for one in cost["targets"]],
                                 [ok, ok])
            self.assertTrue(all(one["ok"] for row in judged["memory"]
                                for one in row["targets"]))

    def test_parts_and_what_they_leave_are_the_whole(self):
        names = {part[1] for whole in parts.WHOLES.values() for part in whole}
        each = {name: {"seconds_per_record": 1.0, "bytes_per_second": 1.0}
                for name in names}
        each["MakeIndexPart"]["seconds_per_record"] = 3.0  # mapping included
        found = parts.table("ingest", Sample(9.0, 200.0, 40.0),
                            Sample(0.1, 10.0), 10, each)
        cost = {row["part"]: row["seconds"] for row in found["rows"]}
        self.assertEqual(cost["terms for the index"], 2.0)
        self.assertEqual(cost["sign"], 1 / 16)
        self.assertEqual(cost["start of the process"], 1.0)
        self.assertEqual(cost[parts.KERNEL["ingest"]], 4.0)
        self.assertEqual(found["seconds"], 24.0)
        self.assertAlmostEqual(sum(cost.values()), 24.0)
        self.assertAlmostEqual(
            found["explained_share"], 1 - cost[parts.REST["ingest"]] / 24.0)


if __name__ == "__main__":
    unittest.main()
