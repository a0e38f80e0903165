"""Archives that earlier builds wrote stay readable, damaged ones stay found.

testdata/golden and testdata/bad are committed once a format version; the
same is asked of what scripts/make_golden.py makes with this build.
"""
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import cli_case

TESTDATA_DIR = cli_case.SOURCE_DIR / "testdata"
MAKE_GOLDEN = cli_case.SOURCE_DIR / "scripts" / "make_golden.py"


def target_in(folder):
    return next(path for path in folder.iterdir() if path.is_dir())


class Golden(cli_case.CliCase):
    fresh = None  # what this build makes

    @classmethod
    def setUpClass(cls):
        cls.fresh = pathlib.Path(tempfile.mkdtemp(prefix="authseal-cli-"))
        cls.addClassCleanup(shutil.rmtree, cls.fresh)
        subprocess.run(
            [sys.executable, "-B", str(MAKE_GOLDEN), "--binary",
             cli_case.BINARY, str(cls.fresh)], check=True, timeout=60)

    def folders(self, kind, roots=None):
        for root in roots or (TESTDATA_DIR, self.fresh):
            folders = sorted((root / kind).glob("v*/*"))
            self.assertGreaterEqual(len(folders), 4, f"{root}/{kind}")
            yield from folders

    @staticmethod
    def accepted(folder):
        """Options that accept what the archive is known for."""
        path = folder / "expect.json"
        expect = json.loads(path.read_text()) if path.exists() else {}
        return [word for epoch in expect.get("reopened", [])
                for word in ("--accept-reopened", str(epoch))]

    def python_verifier(self, folder):
        """The verdict of scripts/verify.py, which shares no code."""
        run = subprocess.run(
            [sys.executable, "-B", str(cli_case.VERIFY_PY),
             str(target_in(folder)), "--key", str(folder / "identity.pub"),
             *self.accepted(folder)],
            cwd=self.dir, capture_output=True, check=False,
            timeout=cli_case.TIMEOUT_SECONDS)
        return run.returncode, run.stdout.decode().split("\n")[0]

    def test_golden_ones_verify(self):
        for folder in self.folders("golden"):
            with self.subTest(folder=folder):
                expect = json.loads((folder / "expect.json").read_text())
                for depth in ((), ("--quick",), ("--derived",)):
                    result = self.verify(
                        target_in(folder), "--no-state", *depth,
                        *self.accepted(folder), key=folder / "identity.pub")
                    names = [note["name"] for note in result["notes"]]
                    epochs = [one["epoch"] for one in result["reopened"]]
                    self.assertEqual(
                        (result["tree_size"], result["root"],
                         result["findings"], names, epochs),
                        (expect["tree_size"], expect["root"], [],
                         expect.get("notes", []), expect.get("reopened", [])))

    def test_golden_ones_verify_with_the_second_verifier(self):
        for folder in self.folders("golden", [TESTDATA_DIR]):
            with self.subTest(folder=folder):
                status, verdict = self.python_verifier(folder)
                self.assertEqual(status, 0, verdict)
                self.assertTrue(verdict.startswith("VERIFIED "), verdict)

    def test_golden_ones_hold_the_same_records(self):
        for folder in self.folders("golden"):
            with self.subTest(folder=folder):
                expect = json.loads((folder / "expect.json").read_text())
                target = target_in(folder)
                if target.name == "bundle":
                    lines = (target / "data" / "records.jsonl").read_bytes()
                else:
                    lines = self.authseal(
                        "query", target, "--all", "--output", "jsonl",
                        "--key", folder / "identity.pub").stdout
                self.assertEqual(
                    (lines.count(b"\n"), hashlib.sha256(lines).hexdigest()),
                    (expect["records"], expect["jsonl_sha256"]))

    def test_golden_ones_export(self):
        for number, folder in enumerate(self.folders("golden")):
            if target_in(folder).name == "bundle":
                continue
            with self.subTest(folder=folder):
                expect = json.loads((folder / "expect.json").read_text())
                key = folder / "identity.pub"
                first = max(0, expect["tree_size"] - 30)
                exported = self.json_of(
                    "export", target_in(folder), "--key", key, "--out",
                    f"b{number}", "--record",
                    f"{first}..{expect['tree_size']}")
                self.assertGreater(exported["records"], 0)
                result = self.verify(f"b{number}", "--no-state",
                                     *self.accepted(folder), key=key)
                self.assertEqual((result["root"], result["records"]["ok"]),
                                 (expect["root"], exported["records"]))

    def test_bad_ones_are_found_out(self):
        for folder in self.folders("bad"):
            with self.subTest(folder=folder):
                words = [line.split(" ", 1) for line in
                         (folder / "expect").read_text().splitlines()]
                status = int(dict(words)["exit"])
                names = [name for word, name in words if word == "finding"]
                result = self.verify(target_in(folder), "--no-state",
                                     status=status,
                                     key=folder / "identity.pub")
                self.assertEqual(cli_case.finding_names(result), names)
                self.assertEqual(result["verdict"], "not-verified")

    def test_bad_ones_are_found_out_by_the_second_verifier(self):
        for folder in self.folders("bad", [TESTDATA_DIR]):
            with self.subTest(folder=folder):
                status, verdict = self.python_verifier(folder)
                self.assertEqual(status, 1, verdict)
                self.assertTrue(verdict.startswith("NOT VERIFIED "), verdict)

    def test_no_secret_key_is_kept(self):
        for kind in ("golden", "bad"):
            for folder in self.folders(kind):
                for path in folder.rglob("*"):
                    self.assertNotEqual(path.suffix, ".key", path)
                    if path.is_file():
                        self.assertNotIn(b"PRIVATE+KEY", path.read_bytes(),
                                         path)


if __name__ == "__main__":
    unittest.main()
