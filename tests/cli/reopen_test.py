"""A lost epoch key is survived, and the archive says so for ever after."""
import base64
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import cli_case
from cli_case import FINDINGS, KEY, USAGE, WEAKER


EMPTY_ROOT = base64.b64encode(hashlib.sha256(b"").digest()).decode()


class Reopen(cli_case.CliCase):
    def add(self, archive, first=100, count=10):
        self.authseal("ingest", archive, "-",
                      stdin=cli_case.lines_of(count, first))

    def lost(self, name="archive"):
        """An archive of a sealed epoch and an open one whose key is lost."""
        archive = self.sealed_archive(20, name)
        self.add(archive)
        os.remove(f"{archive}.keys/epoch.key")
        return archive

    def reopened(self, name="archive"):
        archive = self.lost(name)
        self.result = self.json_of("reopen", archive)
        return archive

    def python(self, target, pin, *options):
        run = subprocess.run(
            [sys.executable, "-B", str(cli_case.VERIFY_PY), str(target),
             "--key", str(pin), *map(str, options)],
            capture_output=True, check=False,
            timeout=cli_case.TIMEOUT_SECONDS)
        return run.returncode, run.stdout.decode()

    def test_it_goes_on_and_loses_no_record(self):
        archive = self.lost()
        before = self.authseal("query", archive, "--output", "jsonl").stdout
        self.assert_refused("ingest", archive, "-", status=KEY,
                            words=("authseal reopen",))
        result = self.json_of("reopen", archive)
        self.assertEqual((result["epoch"], result["first_record"],
                          result["end_record"]), (1, 21, 32))
        after = self.authseal("query", archive, "--output", "jsonl").stdout
        self.assertEqual(before, after)
        self.assertTrue((archive / "checkpoints/000000000032.note").exists())
        self.add(archive, 500)
        self.authseal("seal", archive)
        self.verify(archive, "--no-state", status=WEAKER)

    def test_it_is_reported_for_ever_after_and_accepted_once(self):
        archive = self.reopened()
        for _ in range(2):
            self.add(archive, 500)
            self.authseal("seal", archive)
            result = self.verify(archive, status=WEAKER)
            self.assertEqual(result["verdict"], "verified")
            self.assertEqual(result["findings"], [])
            entry = result["reopened"][0]
            self.assertEqual((entry["epoch"], entry["first_record"],
                              entry["end_record"], entry["accepted"]),
                             (1, 21, 32, False))
            self.assertIn("reopened",
                          [note["name"] for note in result["notes"]])
        self.verify(archive, "--accept-reopened", "7", status=WEAKER)
        result = self.verify(archive, "--accept-reopened", "1")
        self.assertTrue(result["reopened"][0]["accepted"])
        # Remembered, and still said.
        result = self.verify(archive)
        self.assertTrue(result["reopened"][0]["accepted"])
        self.assertIn("reopened", [note["name"] for note in result["notes"]])
        run = self.authseal("verify", archive)
        self.assertIn(b"1 epoch reopened by the identity key", run.stdout)
        self.verify(archive, "--no-state", status=WEAKER)
        run = self.authseal("query", archive, "--count")
        self.assertIn(b"reopened", run.stderr)

    def test_what_was_accepted_is_that_one_statement(self):
        archive = self.lost()
        copy = self.dir / "copy"
        shutil.copytree(archive, copy)
        shutil.copytree(f"{archive}.keys", f"{copy}.keys")
        pin = self.key_of(archive)
        self.json_of("reopen", archive)
        self.verify(archive, "--accept-reopened", "1")
        self.json_of("reopen", copy)
        # Another statement for the same epoch takes its place.
        state = next((self.dir / "state/authseal").glob("*.state"))
        text = state.read_text().split("\n")
        self.assertTrue(text[5].startswith("reopened 1 "), text)
        shutil.rmtree(archive)
        shutil.copytree(copy, archive)
        result = self.verify(archive, status=FINDINGS, key=pin)
        self.assertEqual(cli_case.finding_names(result), ["fork"])
        self.assertFalse(result["reopened"][0]["accepted"])
        # Without a checkpoint to compare with, the acceptance does not carry.
        text[4] = text[4].split(" ")[0] + " 0 " + EMPTY_ROOT
        state.write_text("\n".join(text))
        result = self.verify(archive, status=WEAKER, key=pin)
        self.assertFalse(result["reopened"][0]["accepted"])

    def test_the_second_verifier_says_the_same(self):
        archive = self.reopened()
        self.add(archive, 500)
        self.authseal("seal", archive)
        status, said = self.python(archive, self.key_of(archive))
        self.assertEqual(status, WEAKER, said)
        self.assertIn("reopened by the identity key: epoch 1", said)
        status, said = self.python(archive, self.key_of(archive),
                                   "--accept-reopened", "1")
        self.assertEqual(status, 0, said)
        self.authseal("export", archive, "--out", "b")
        self.assertEqual(
            self.python(self.dir / "b", self.key_of(archive))[0], WEAKER)

    def test_a_bundle_says_it_too(self):
        archive = self.reopened()
        run = self.authseal("export", archive, "--out", "b")
        self.assertIn(b"reopened", run.stderr)
        key = self.key_of(archive)
        result = self.verify("b", status=WEAKER, key=key)
        self.assertEqual(result["reopened"][0]["epoch"], 1)
        self.assertEqual(result["findings"], [])
        self.verify("b", "--accept-reopened", "1", key=key)
        # One that holds no record of that epoch has nothing to say.
        self.authseal("export", archive, "--out", "c", "--record", "0..5")
        self.verify("c", key=key)

    def test_the_whole_key_directory_may_be_lost(self):
        archive = self.lost()
        keys = pathlib.Path(f"{archive}.keys")
        pin = self.dir / "pin"
        shutil.copy(keys / "identity.pub", pin)
        safe = (keys / "identity.key").read_bytes()
        shutil.rmtree(keys)
        keys.mkdir(mode=0o700)
        self.assert_refused("reopen", archive, status=KEY,
                            words=("identity.key",))
        (keys / "identity.key").write_bytes(safe)
        os.chmod(keys / "identity.key", 0o600)
        self.json_of("reopen", archive)
        self.assertEqual((keys / "identity.pub").read_text(), pin.read_text())
        self.add(archive, 500)
        self.authseal("seal", archive)
        self.verify(archive, "--accept-reopened", "1", key=pin)

    def test_an_epoch_without_a_record_can_be_reopened(self):
        archive = self.sealed_archive(5)
        os.remove(f"{archive}.keys/epoch.key")
        result = self.json_of("reopen", archive)
        self.assertEqual((result["first_record"], result["end_record"]),
                         (6, 7))
        fresh = self.new_archive("fresh")
        os.remove(f"{fresh}.keys/epoch.key")
        self.json_of("reopen", fresh)
        for one, epoch in ((archive, 1), (fresh, 0)):
            self.verify(one, "--no-state", "--accept-reopened", epoch)
            self.assertEqual(self.python(one, self.key_of(one))[0], WEAKER)

    def test_it_is_refused_while_the_key_is_there(self):
        archive = self.sealed_archive(5)
        self.add(archive)
        before = sorted(archive.rglob("*"))
        self.assert_refused("reopen", archive, status=USAGE,
                            words=("fits", "authseal seal"))
        self.assertEqual(sorted(archive.rglob("*")), before)
        # Open to others, or not readable as a key: somebody has to look.
        key = pathlib.Path(f"{archive}.keys/epoch.key")
        os.chmod(key, 0o644)
        self.assert_refused("reopen", archive, status=KEY, words=("open to",))
        os.chmod(key, 0o600)
        good = key.read_bytes()
        key.write_bytes(b"scrambled\n")
        self.assert_refused("reopen", archive, status=KEY,
                            words=("move", "epoch.key"))
        self.assertEqual(key.read_bytes(), b"scrambled\n")
        key.write_bytes(good)
        self.authseal("seal", archive)

    def test_an_archive_that_lost_its_end_is_not_reopened(self):
        archive = self.sealed_archive(5)
        self.add(archive)
        self.authseal("seal", archive)
        os.chmod(archive / "segments", 0o700)
        os.remove(archive / "segments/000000000006.jsonl.zst")
        self.authseal("reopen", archive, status=FINDINGS)
        os.remove(f"{archive}.keys/epoch.key")
        run = self.authseal("reopen", archive, status=FINDINGS)
        self.assertIn(b"lost its end", run.stderr)

    def test_another_identity_cannot_reopen(self):
        archive = self.lost()
        other = self.new_archive("other")
        shutil.copy(f"{other}.keys/identity.key",
                    f"{archive}.keys/identity.key")
        self.assert_refused("reopen", archive, status=KEY)

    def test_a_torn_tail_is_set_aside(self):
        archive = self.lost()
        segment = next(archive.glob("segments/*.open"))
        with segment.open("ab") as file:
            file.write(b"\x28\xb5\x2f\xfdtorn")
        os.remove(f"{archive}.keys/clean")
        result = self.json_of("reopen", archive)
        self.assertEqual(result["torn_bytes"], 8)
        self.assertEqual(len(list((archive / "salvage").iterdir())), 1)
        self.verify(archive, "--no-state", "--accept-reopened", "1")

    def test_after_a_rotation_the_new_key_reopens(self):
        archive = self.sealed_archive(20)
        pin = self.dir / "old.pub"
        shutil.copy(self.key_of(archive), pin)
        self.json_of("rotate", archive)
        self.add(archive)
        os.remove(f"{archive}.keys/epoch.key")
        self.json_of("reopen", archive)
        self.json_of("rotate", archive)
        for key in (pin, self.key_of(archive)):
            result = self.verify(archive, "--no-state", "--accept-reopened",
                                 "2", key=key)
            self.assertEqual(result["findings"], [])
            self.assertEqual(self.python(archive, key)[0], WEAKER)

    def test_every_byte_of_a_reopened_segment_counts(self):
        archive = self.reopened()
        segment = archive / "segments/000000000021.jsonl.zst"
        good = segment.read_bytes()
        for at in range(0, len(good), 11):
            bad = bytearray(good)
            bad[at] ^= 1 << (at % 8)
            cli_case.overwrite(segment, bytes(bad))
            for depth in ((), ("--quick",)):
                result = self.verify(archive, "--no-state", *depth,
                                     status=FINDINGS)
                self.assertTrue(result["findings"], at)
            if at % 55 == 0:
                status, _ = self.python(archive, self.key_of(archive))
                self.assertEqual(status, 1, at)


if __name__ == "__main__":
    unittest.main()
