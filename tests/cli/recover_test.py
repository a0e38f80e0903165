"""A bit that flips between the write and the seal stops the seal, and what can
be saved is saved."""
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import unittest

import cli_case
from cli_case import DONE, FINDINGS

COMMITS = 6
LINES = 400


def filler(first, count=LINES):
    """Lines that compress badly, so that blocks are not merged away."""
    return b"".join(
        b'{"event":"login","n":%d,"x":"%s"}\n' %
        (n, hashlib.sha512(b"%d" % n).hexdigest().encode())
        for n in range(first, first + count))


class Recover(cli_case.CliCase):
    def filled(self, name="archive"):
        """An open segment of a few commits behind a sealed one."""
        archive = self.sealed_archive(5, name)
        for number in range(COMMITS):
            self.authseal("ingest", archive, "-", "--source", f"s{number}",
                          stdin=filler(number * LINES))
        return archive

    def segment_of(self, archive):
        return next(archive.glob("segments/*.open"))

    def flip(self, path, at, bit=0):
        data = bytearray(path.read_bytes())
        data[at] ^= 1 << bit
        path.write_bytes(bytes(data))

    def keys(self, archive):
        return (pathlib.Path(f"{archive}.keys") / "epoch.key").read_bytes()

    def names(self, archive):
        return sorted(str(path.relative_to(archive))
                      for path in archive.rglob("*"))

    def python_status(self, archive):
        run = subprocess.run(
            [sys.executable, "-B", str(cli_case.VERIFY_PY), str(archive),
             "--key", self.key_of(archive)], capture_output=True, check=False,
            timeout=cli_case.TIMEOUT_SECONDS)
        return run.returncode

    def test_a_flipped_bit_stops_the_seal_wherever_it_is(self):
        archive = self.filled()
        segment = self.segment_of(archive)
        good, key, names = (segment.read_bytes(), self.keys(archive),
                            self.names(archive))
        clean = pathlib.Path(f"{archive}.keys/clean")
        mark = clean.read_bytes()
        for place in range(24):
            at = (len(good) - 1) * place // 23
            self.flip(segment, at, place % 8)
            run = self.authseal("seal", archive, status=FINDINGS)
            self.assertIn(b"seal-readback-mismatch", run.stderr, at)
            self.assertIn(b"authseal recover", run.stderr, at)
            self.assertEqual(self.names(archive), names)
            self.assertEqual(self.keys(archive), key)
            self.authseal("ingest", archive, "-", status=FINDINGS,
                          stdin=filler(10**6, 1))
            self.authseal("seal", archive, status=FINDINGS)
            segment.write_bytes(good)
            clean.write_bytes(mark)
            os.chmod(clean, 0o600)
        self.authseal("seal", archive)
        self.verify(archive)

    def test_nothing_to_recover(self):
        archive = self.filled()
        result = self.json_of("recover", archive)
        self.assertFalse(result["damaged"])
        result = self.json_of("recover", archive, "--yes")
        self.assertFalse(result["recovered"])
        self.assertFalse((archive / "salvage").exists())
        self.authseal("seal", archive)
        self.verify(archive)

    def damaged(self):
        """Damage in the third commit's data."""
        archive = self.filled()
        segment = self.segment_of(archive)
        self.flip(segment, segment.stat().st_size * 5 // 12)
        self.authseal("seal", archive, status=FINDINGS)
        return archive

    def test_it_says_what_can_be_saved_and_changes_nothing(self):
        archive = self.damaged()
        names, before = self.names(archive), self.segment_of(
            archive).read_bytes()
        result = self.json_of("recover", archive, status=FINDINGS)
        self.assertTrue(result["damaged"])
        self.assertFalse(result["recovered"])
        first = 6 + 2 * LINES
        self.assertEqual(result["kept_end_record"], first)
        self.assertEqual(result["lost"], [[first, first + LINES]])
        self.assertEqual(result["intact"],
                         [[first + LINES, first + 4 * LINES]])
        self.assertEqual([block["intact"] for block in result["blocks"]],
                         [False, True, True, True])
        self.assertEqual(self.names(archive), names)
        self.assertEqual(self.segment_of(archive).read_bytes(), before)
        run = self.authseal("recover", archive, status=FINDINGS)
        self.assertIn(b"--yes", run.stdout)

    def test_a_loss_that_only_an_unsigned_header_names_is_no_zero(self):
        archive = self.filled()
        segment = self.segment_of(archive)
        self.flip(segment, segment.stat().st_size - 100)  # the last signature
        result = self.json_of("recover", archive, status=FINDINGS)
        first, end = 6 + 5 * LINES, 6 + 6 * LINES
        self.assertEqual((result["lost"], result["perhaps_lost"]),
                         ([], [[first, end]]))
        self.assertEqual(result["silent_bytes"], 0)
        run = self.authseal("recover", archive, status=FINDINGS)
        self.assertIn(f"perhaps    {LINES} records lost besides: {first} to "
                      f"{end - 1}".encode(), run.stdout)
        self.json_of("recover", archive, "--yes")
        run = self.authseal("query", archive, "--all", "--output", "jsonl")
        said = next(json.loads(line)["authseal"]["recovery"]
                    for line in run.stdout.splitlines()
                    if line.startswith(b'{"authseal":{"recovery":'))
        self.assertEqual((said["first_record"], said["end_record"],
                          said["claimed_end_record"]), (first, first, end))

    def test_bytes_that_say_nothing_any_more_are_counted(self):
        archive = self.filled()
        segment = self.segment_of(archive)
        data = segment.read_bytes()
        self.flip(segment, len(data) * 5 // 12)  # the third commit's data
        kept = len(data) - 400  # in the last commit, its header included
        segment.write_bytes(segment.read_bytes()[:kept] + bytes(400))
        result = self.json_of("recover", archive, status=FINDINGS)
        self.assertGreaterEqual(result["silent_bytes"], 400)
        self.assertEqual(result["perhaps_lost"], [])
        self.assertEqual([block["intact"] for block in result["blocks"]],
                         [False, True, True])
        run = self.authseal("recover", archive, status=FINDINGS)
        self.assertIn(f"perhaps    more: the last {result['silent_bytes']} "
                      "bytes".encode(), run.stdout)

    def test_recovery_loses_nothing_in_silence(self):
        archive = self.damaged()
        whole = self.segment_of(archive).read_bytes()
        result = self.json_of("recover", archive, "--yes")
        self.assertTrue(result["recovered"])
        self.assertFalse(list(archive.glob("segments/*.open")))
        kept = (archive / result["salvage"]).read_bytes()
        self.assertEqual(kept, whole[result["kept_bytes"]:])
        # The archive itself names the loss.
        run = self.authseal("query", archive, "--all", "--output", "jsonl")
        said = [json.loads(line)["authseal"]["recovery"]
                for line in run.stdout.splitlines()
                if line.startswith(b'{"authseal":{"recovery":')]
        first = 6 + 2 * LINES
        self.assertEqual(len(said), 1)
        self.assertEqual(
            (said[0]["first_record"], said[0]["end_record"],
             said[0]["intact"], said[0]["salvage"], said[0]["size"]),
            (first, first + 4 * LINES, 3 * LINES, result["salvage"],
             len(kept)))
        self.assertEqual(said[0]["sha256"], hashlib.sha256(kept).hexdigest())
        verified = self.verify(archive)
        self.assertEqual(verified["findings"], [])
        self.assertIn("salvage-present",
                      [note["name"] for note in verified["notes"]])
        self.assertEqual(self.python_status(archive), 0)
        # And the intact records can be had back, byte for byte.
        lines = (archive / result["lines"]).read_bytes()
        self.assertEqual(lines, filler(3 * LINES, 3 * LINES))
        self.authseal("ingest", archive, archive / result["lines"])
        self.authseal("seal", archive)
        run = self.authseal("query", archive, "--output", "raw")
        self.assertEqual(
            run.stdout, cli_case.lines_of(5) + filler(0, 2 * LINES) + lines)
        self.verify(archive)

    def test_reading_a_file_again_gives_all_of_it_back(self):
        archive = self.sealed_archive(5)
        log = self.dir / "log.jsonl"
        log.write_bytes(b"")
        for number in range(COMMITS):
            with log.open("ab") as file:
                file.write(filler(number * LINES))
            self.authseal("ingest", archive, log)
        segment = self.segment_of(archive)
        self.flip(segment, segment.stat().st_size // 2)
        self.authseal("seal", archive, status=FINDINGS)
        self.json_of("recover", archive, "--yes")
        self.authseal("ingest", archive, log)
        self.authseal("seal", archive)
        run = self.authseal("query", archive, "--output", "raw")
        self.assertEqual(run.stdout,
                         cli_case.lines_of(5) + filler(0, COMMITS * LINES))

    def test_damage_in_the_first_and_in_the_last_commit(self):
        for name, part in (("first", 0.02), ("last", 0.95)):
            archive = self.filled(name)
            segment = self.segment_of(archive)
            self.flip(segment, int(segment.stat().st_size * part))
            self.authseal("seal", archive, status=FINDINGS)
            result = self.json_of("recover", archive, "--yes")
            self.assertTrue(result["recovered"])
            verified = self.verify(archive, status=DONE)
            self.assertEqual(verified["unsealed_records"], 0)
            self.json_of("recover", archive)
            self.authseal("ingest", archive, "-", stdin=filler(10**6, 3))
            self.authseal("seal", archive)
            self.verify(archive)

    def test_damage_in_a_header_and_bytes_cut_out(self):
        archive = self.filled()
        segment = self.segment_of(archive)
        data = segment.read_bytes()
        at = data.index(b"ASB1", len(data) // 2)
        self.flip(segment, at + 30)
        self.authseal("seal", archive, status=FINDINGS)
        result = self.json_of("recover", archive, "--yes")
        self.assertEqual(sum(end - first for first, end in result["lost"]),
                         LINES)
        self.verify(archive)
        other = self.filled("other")
        segment = self.segment_of(other)
        data = segment.read_bytes()
        segment.write_bytes(data[:len(data) // 2] + data[len(data) // 2 + 9:])
        self.authseal("seal", other, status=FINDINGS)
        result = self.json_of("recover", other, "--yes")
        self.assertTrue(result["lost"])
        self.assertTrue(result["intact"])
        self.verify(other)


class WhatVerifySays(cli_case.CliCase):
    def test_damage_before_the_last_commit_is_not_put_down_to_a_crash(self):
        archive = self.sealed_archive(20)
        for first in (20, 40, 60):
            self.authseal("ingest", archive, "-",
                          stdin=cli_case.lines_of(20, first))
        segment = next(archive.glob("segments/*.open"))
        data = bytearray(segment.read_bytes())
        middle, seen = len(data) // 2, 0
        for at in range(middle - 150, middle + 150, 30):
            bad = bytearray(data)
            bad[at] ^= 1
            segment.write_bytes(bad)
            run = self.authseal("verify", archive, "-v", "--key",
                                self.key_of(archive),
                                status=cli_case.FINDINGS)
            # A header that cannot be read may have ended a commit, or not.
            if b"header-invalid" not in run.stdout:
                seen += 1
                self.assertNotIn(b"last commit", run.stdout + run.stderr, at)
        self.assertGreater(seen, 3)


if __name__ == "__main__":
    unittest.main()
