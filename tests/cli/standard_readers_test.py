"""What export writes for other readers of transparency logs, read by another
program: in Python here, and with Go's own packages where they are installed."""
import base64
import glob
import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest

import cli_case
from cli_case import DONE, FINDINGS, PARTIAL, USAGE

WIDTH = 256
GO_PATH = "/usr/share/gocode"
GO_PACKAGE = os.path.join(GO_PATH, "src/golang.org/x/mod/sumdb/tlog")


def leaf_hash(record):
    return hashlib.sha256(b"\0" + record).digest()


def tree_hash(hashes):
    """Of a power of two."""
    while len(hashes) > 1:
        hashes = [hashlib.sha256(b"\1" + hashes[i] + hashes[i + 1]).digest()
                  for i in range(0, len(hashes), 2)]
    return hashes[0]


def tile_path(row, number, width):
    path = f"{number % 1000:03}"
    number //= 1000
    while number:
        path = f"x{number % 1000:03}/{path}"
        number //= 1000
    return f"tile/{row}/{path}" + (f".p/{width}" if width < WIDTH else "")


def tiles_of(records):
    """Path and bytes of every file of a tiled log but its checkpoint."""
    files = {}
    for first in range(0, len(records), WIDTH):
        bundle = records[first:first + WIDTH]
        if max(map(len, bundle)) <= 65_535:
            files[tile_path("entries", first // WIDTH, len(bundle))] = b"".join(
                len(record).to_bytes(2, "big") + record for record in bundle)
    row, level = [leaf_hash(record) for record in records], 0
    while row:
        above = []
        for first in range(0, len(row), WIDTH):
            tile = row[first:first + WIDTH]
            files[tile_path(level, first // WIDTH, len(tile))] = b"".join(tile)
            if len(tile) == WIDTH:
                above.append(tree_hash(tile))
        row, level = above, level + 1
    return files


def files_below(path):
    return {str(file.relative_to(path)): file.read_bytes()
            for file in path.rglob("*") if file.is_file()}


class StandardReaders(cli_case.CliCase):
    def log_of(self, size, name="archive"):
        """An archive of `size` records, its seal records counted."""
        archive = self.new_archive(name)
        self.extend(archive, size)
        return archive

    def extend(self, archive, size):
        have = self.json_of("status", archive)["tree_size"]
        if size - have > 1:
            self.authseal("ingest", archive, "-", stdin=cli_case.lines_of(
                size - have - 1, have))
        self.authseal("seal", archive)

    def records(self, archive):
        out = b"".join(
            subprocess.run(["zstd", "-dcq", str(segment)], check=True,
                           capture_output=True).stdout
            for segment in cli_case.segments_of(archive))
        return out.splitlines()

    def export(self, archive, out, *options, form="tlog-tiles", status=DONE):
        return self.json_of("export", archive, "--format", form, "--out", out,
                            "--key", self.key_of(archive), *options,
                            status=status)

    def checkpoint_of(self, archive):
        return sorted(archive.glob("checkpoints/*.note"))[-1].read_bytes()

    def go(self, what, path, archive):
        go = shutil.which("go") or next(
            iter(sorted(glob.glob("/usr/lib/go-*/bin/go"))), None)
        if go is None or not os.path.isdir(GO_PACKAGE):
            self.skipTest("no Go, or no golang.org/x/mod: install golang-go "
                          "and golang-golang-x-mod-dev")
        vkey = (self.dir / self.key_of(archive)).read_text("utf-8")
        cache = os.path.join(tempfile.gettempdir(), "authseal-go-cache")
        run = subprocess.run(
            [go, "run", cli_case.SOURCE_DIR / "tests" / "interop" /
             "go_tlog_check" / "main.go", what, path, vkey.split("\n")[0]],
            env={**self.environment, "GO111MODULE": "off", "GOFLAGS": "",
                 "GOPROXY": "off", "GOTOOLCHAIN": "local",
                 "GOPATH": GO_PATH, "GOCACHE": cache},
            check=False, capture_output=True, timeout=100)
        return run.stdout.decode() + run.stderr.decode()

    def test_tiles_of_sizes_around_a_tile(self):
        for size in (1, 255, 256, 257, 513):
            with self.subTest(size=size):
                archive = self.log_of(size, f"a{size}")
                result = self.export(archive, f"log{size}")
                self.assertEqual(result["tree_size"], size)
                expected = tiles_of(self.records(archive))
                expected["checkpoint"] = self.checkpoint_of(archive)
                self.assertEqual(files_below(self.dir / f"log{size}"),
                                 expected)
                self.assertEqual(result["tiles"] + result["bundles"] + 1,
                                 len(expected))

    def test_go_reads_a_large_log(self):
        archive = self.log_of(65_793 + 100)
        self.export(archive, "log")
        self.assertEqual(
            sorted(files_below(self.dir / "log")),
            sorted([*tiles_of(self.records(archive)), "checkpoint"]))
        self.assertIn("OK size=65893 entries=65893 missing-bundles=0 ",
                      self.go("tiles", self.dir / "log", archive))
        # And would have seen a change.
        tile = self.dir / "log" / "tile" / "0" / "100"
        data = bytearray(tile.read_bytes())
        data[500] ^= 1
        cli_case.overwrite(tile, bytes(data))
        self.assertNotIn("OK", self.go("tiles", self.dir / "log", archive))

    def test_a_log_that_grew_is_extended(self):
        archive = self.log_of(250)
        self.export(archive, "log")
        first = files_below(self.dir / "log")
        self.assertEqual(self.export(archive, "log")["old_size"], 250)
        self.assertEqual(files_below(self.dir / "log"), first)
        for size in (256, 300, 600):
            self.extend(archive, size)
            result = self.export(archive, "log")
            self.assertEqual(result["tree_size"], size)
            there = files_below(self.dir / "log")
            expected = tiles_of(self.records(archive))
            self.assertEqual({path: there.get(path) for path in expected},
                             expected)
            self.assertEqual(there["checkpoint"], self.checkpoint_of(archive))
        self.assertIn("OK size=600", self.go("tiles", self.dir / "log",
                                             archive))

    def test_an_export_that_ended_early_is_gone_on_with(self):
        archive = self.log_of(700)
        self.export(archive, "whole")
        whole = files_below(self.dir / "whole")
        (self.dir / "log" / "tile" / "0").mkdir(parents=True)
        (self.dir / "log" / "tile" / "0" / "000").write_bytes(
            whole["tile/0/000"])
        (self.dir / "log" / "tile" / "0" / "001.tmp").write_bytes(b"half")
        self.export(archive, "log")
        self.assertEqual(files_below(self.dir / "log"), whole)

    def test_another_history_is_refused(self):
        archive = self.log_of(300)
        for end in ("", ".keys"):
            shutil.copytree(f"{archive}{end}", self.dir / f"two{end}")
        self.extend(archive, 400)
        self.authseal("ingest", "two", "-", stdin=b'{"other":1}\n')
        self.authseal("seal", "two")
        self.export(self.dir / "two", "log")
        before = files_below(self.dir / "log")
        run = self.authseal("export", archive, "--format", "tlog-tiles",
                            "--out", "log", "--key", self.key_of(archive),
                            status=FINDINGS)
        self.assertIn(b"another history", run.stderr + run.stdout)
        self.assertEqual(files_below(self.dir / "log")["checkpoint"],
                         before["checkpoint"])
        # An older copy does not take a longer log back.
        self.export(archive, "long")
        self.assert_refused("export", "two", "--format", "tlog-tiles", "--out",
                            "long", status=FINDINGS, words=["older copy"])
        # A changed tile is not repaired in silence.
        tile = self.dir / "long" / "tile" / "0" / "000"
        cli_case.overwrite(tile, b"x" * len(tile.read_bytes()))
        self.assert_refused("export", archive, "--format", "tlog-tiles",
                            "--out", "long", status=FINDINGS,
                            words=["tile/0/000"])
        # Nor is another log written over.
        other = self.dir / "other"
        self.authseal("init", other, "--origin", "example.com/other")
        self.authseal("seal", other)
        self.assert_refused("export", other, "--format", "tlog-tiles", "--out",
                            "log", status=FINDINGS, words=["did not sign"])

    def test_records_too_long_for_an_entry(self):
        archive = self.new_archive()
        for name, excess, status in (("fits", 0, DONE), ("long", 1, PARTIAL)):
            head = b'{"n":"'
            line = head + b"x" * (65_535 - len(head) - 2 + excess) + b'"}\n'
            self.authseal("ingest", archive, "-", stdin=line)
            self.authseal("seal", archive)
            records = self.records(archive)
            self.assertEqual(max(map(len, records)), 65_535 + excess)
            result = self.export(archive, name, status=status)
            self.assertEqual(result["records_too_long"], excess)
            self.assertEqual(result["bundles_left_out"], excess)
            expected = tiles_of(records)
            expected["checkpoint"] = self.checkpoint_of(archive)
            self.assertEqual(files_below(self.dir / name), expected)
        run = self.authseal("export", archive, "--format", "tlog-tiles",
                            "--out", "long", status=PARTIAL)
        self.assertIn(b"cannot be entries", run.stderr)
        self.assertIn("missing-bundles=1", self.go(
            "tiles", self.dir / "long", archive))

    def test_what_tiles_refuse(self):
        archive = self.log_of(3)
        for options in (("--record", "1"), ("--user", "a"),
                        ("--since", "2020-01-01")):
            self.assert_refused("export", archive, "--format", "tlog-tiles",
                                "--out", "log", *options, status=USAGE,
                                words=[options[0]])
        self.assertFalse((self.dir / "log").exists())
        (self.dir / "full").mkdir()
        (self.dir / "full" / "mine.txt").write_bytes(b"")
        for out, word in (("full", "mine.txt"), (archive, "archive"),
                          (archive / "segments" / "x", "archive")):
            self.assert_refused("export", archive, "--format", "tlog-tiles",
                                "--out", out, status=USAGE, words=[word])
        self.verify(archive)
        self.assert_refused("export", self.new_archive("empty"), "--format",
                            "tlog-tiles", "--out", "e", status=USAGE,
                            words=["no checkpoint yet"])

    def test_a_damaged_archive_publishes_nothing(self):
        archive = self.log_of(300)
        segment = cli_case.segments_of(archive)[0]
        data = bytearray(segment.read_bytes())
        data[40] ^= 1
        cli_case.overwrite(segment, bytes(data))
        for form in ("tlog-tiles", "tlog-proof"):
            self.assert_refused("export", archive, "--format", form, "--out",
                                form, status=FINDINGS, words=["hash"])
            self.assertFalse((self.dir / form / "checkpoint").exists())
        self.assertFalse((self.dir / "tlog-proof").exists())

    def test_signature_lines_of_witnesses_go_along(self):
        archive = self.log_of(300)
        name = sorted(archive.glob("checkpoints/*.note"))[-1].stem
        line = "\u2014 witness.example AQIDBAUGBwgJ\n".encode("utf-8")
        (archive / "checkpoints" / f"{name}.cosig").write_bytes(line)
        whole = self.checkpoint_of(archive) + line
        self.export(archive, "log")
        self.assertEqual((self.dir / "log" / "checkpoint").read_bytes(), whole)
        self.export(archive, "proofs", "--record", "7", form="tlog-proof")
        proof = self.dir / "proofs" / "000000000007.tlog-proof"
        self.assertTrue(proof.read_bytes().endswith(b"\n\n" + whole))
        (archive / "checkpoints" / f"{name}.cosig").write_bytes(b"x")
        self.assert_refused("export", archive, "--format", "tlog-tiles",
                            "--out", "bad", status=FINDINGS, words=["cosig"])

    def test_proofs_verify_with_go_alone(self):
        archive = self.log_of(200)
        self.extend(archive, 270)
        result = self.export(archive, "proofs", form="tlog-proof")
        self.assertEqual((result["records"], result["withheld"]), (270, 0))
        records = self.records(archive)
        folder = self.dir / "proofs"
        self.assertEqual(len(files_below(folder)), 540)
        for number, record in enumerate(records):
            self.assertEqual(
                (folder / f"{number:012}.json").read_bytes(), record)
        self.check_proof(folder / "000000000255", 255, 270)
        self.assertIn("OK proofs=270", self.go("proofs", folder, archive))
        changed = folder / "000000000003.json"
        cli_case.overwrite(changed, records[4])
        self.assertNotIn("OK", self.go("proofs", folder, archive))

    def check_proof(self, stem, index, size):
        text = stem.with_suffix(".tlog-proof").read_bytes()
        head, _, checkpoint = text.partition(b"\n\n")
        lines = head.decode().split("\n")
        self.assertEqual(lines[:2], ["c2sp.org/tlog-proof@v1",
                                     f"index {index}"])
        node = leaf_hash(stem.with_suffix(".json").read_bytes())
        first, last = index, size - 1
        for line in lines[2:]:
            other = base64.b64decode(line)
            if first & 1 or first == last:
                node = hashlib.sha256(b"\1" + other + node).digest()
                while first and not first & 1:
                    first, last = first >> 1, last >> 1
            else:
                node = hashlib.sha256(b"\1" + node + other).digest()
            first, last = first >> 1, last >> 1
        self.assertEqual(last, 0)
        self.assertEqual(base64.b64encode(node).decode(),
                         checkpoint.decode().split("\n")[2])

    def test_proofs_of_what_a_filter_takes(self):
        archive = self.log_of(20)
        self.authseal("ingest", archive, "-", stdin=cli_case.lines_of(2, 90))
        result = self.export(archive, "some", "--match", "/n=3",
                             form="tlog-proof")
        self.assertEqual((result["records"], result["withheld"]), (1, 19))
        self.assertEqual(sorted(files_below(self.dir / "some")),
                         ["000000000003.json", "000000000003.tlog-proof"])
        result = self.export(archive, "all", form="tlog-proof",
                             status=PARTIAL)
        self.assertEqual(result["unsealed_skipped"], 2)
        self.assert_refused("export", archive, "--format", "tlog-proof",
                            "--out", "all", status=USAGE, words=["exists"])
        run = self.authseal("export", archive, "--format", "tlog-proof",
                            "--out", "none", "--user", "nobody")
        self.assertIn(b"no published record matches", run.stderr)
        self.assert_refused("export", archive, "--format", "tlog", "--out",
                            "x", status=USAGE, words=["tlog-tiles"])


if __name__ == "__main__":
    unittest.main()
