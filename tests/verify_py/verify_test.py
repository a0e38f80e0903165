#!/usr/bin/env python3
"""scripts/verify.py and `authseal verify` must agree, on what is whole and on what was changed.

    verify_test.py AUTHSEAL SOURCE_DIR
"""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

AUTHSEAL, SOURCE = (os.path.abspath(path) for path in sys.argv[1:3])
SCRIPT = os.path.join(SOURCE, "scripts", "verify.py")

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(SCRIPT))
from changes import (  # noqa: E402
    FORGED_BAD, FORGED_GOOD, add, archive_changes, bundle_changes, edit, flip, read, remove, write)
from forge import Forger  # noqa: E402


def run(*command):
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def authseal(*arguments):
    done = run(AUTHSEAL, *arguments)
    if done.returncode not in (0, 4):  # 4: the logs have lines that are no JSON
        raise RuntimeError("authseal %s: %s" % (" ".join(arguments), done.stderr))
    return done.stdout


class World:
    """An archive of two sealed segments and an open one, its bundle, and another archive."""

    def __init__(self, folder):
        self.folder = folder
        logs = [os.path.join(SOURCE, "testdata", "logs", name + ".jsonl") for name in
                ("keycloak", "okta", "auth0", "ory_hydra", "zitadel", "gitlab")]
        self.archive, self.bundle = os.path.join(folder, "A"), os.path.join(folder, "B")
        self.other = os.path.join(folder, "O")
        for path in (self.archive, self.other):
            authseal("init", path, "--origin", "log.example.org")
        authseal("ingest", self.other, logs[0])
        authseal("seal", self.other)
        authseal("ingest", self.archive, *logs[:2])
        authseal("seal", self.archive)
        self.second = len(authseal("query", self.archive, "--output", "jsonl").splitlines()) + 1
        self.segment_2 = "segments/%012d.jsonl.zst" % self.second
        self.index_2 = "segments/%012d.idx" % self.second
        authseal("ingest", self.archive, logs[2])
        authseal("seal", self.archive)
        authseal("export", self.archive, "--out", self.bundle)
        for log in logs[3:]:
            authseal("ingest", self.archive, log)
        self.open = next("segments/" + name for name in os.listdir(os.path.join(self.archive, "segments"))
                         if name.endswith(".open"))
        self.end = int(self.open[9:21])  # of what is sealed
        self.pin = self.archive + ".keys/identity.pub"

    def copy(self, source):
        target = os.path.join(tempfile.mkdtemp(dir=self.folder), "copy")
        shutil.copytree(source, target)
        return target

    def verdicts(self, target, key=None, *more):
        """What each of the two verifiers says: (exit status, first words)."""
        result = []
        for command in ((sys.executable, SCRIPT, target), (AUTHSEAL, "verify", "--no-state", target)):
            done = run(*command, "--key", key or self.pin, *more)
            words = re.findall("^VERIFIED |^NOT VERIFIED ", done.stdout, re.MULTILINE)
            result.append((done.returncode, "".join(words), done.stdout + done.stderr))
        return result


class VerdictsAgree(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.world = World(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def expect(self, status, words, target, key=None, *more):
        script, program = self.world.verdicts(target, key, *more)
        for who, (exit_status, said, output) in (("verify.py", script), ("authseal", program)):
            self.assertNotIn("Traceback", output)
            self.assertNotIn(" unexpected ", output)  # verify.py's last resort
            self.assertEqual((exit_status, said), (status, words), who + " says: " + output)

    def for_each(self, cases, try_one):
        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            waiting = {name: pool.submit(try_one, case) for name, case in cases.items()}
            for name, result in waiting.items():
                with self.subTest(name):
                    result.result()

    def changed(self, source, change):
        target = self.world.copy(source)
        change(target)
        return target

    def expect_found(self, source, changes):
        self.for_each(changes, lambda change: self.expect(1, "NOT VERIFIED ", self.changed(source, change)))

    def test_what_is_whole_is_verified(self):
        self.expect(0, "VERIFIED ", self.world.archive)
        self.expect(0, "VERIFIED ", self.world.bundle)

    def test_each_change_of_an_archive_is_found(self):
        self.expect_found(self.world.archive, archive_changes(self.world))

    def test_each_change_of_a_bundle_is_found(self):
        self.expect_found(self.world.bundle, bundle_changes(self.world))

    def test_another_key_verifies_nothing(self):
        for target in (self.world.archive, self.world.bundle):
            self.expect(1, "NOT VERIFIED ", target, self.world.other + ".keys/identity.pub")

    def test_another_genesis_is_found(self):
        pin = os.path.join(self.folder.name, "pin")
        key = read(self.world.pin).split(b"\n")[0]
        write(pin, key + b"\ngenesis " + b"0" * 64 + b"\n")
        for target in (self.world.archive, self.world.bundle):
            self.expect(1, "NOT VERIFIED ", target, pin)

    def test_a_rollback_shows_against_a_kept_checkpoint(self):
        kept = os.path.join(self.world.archive, "checkpoints/%012d.note" % self.world.end)
        self.expect(0, "VERIFIED ", self.world.archive, None, "--checkpoint", kept)
        target = self.world.copy(self.world.archive)
        for name in (self.world.segment_2, self.world.index_2, self.world.open, "checkpoints/%012d.note" % self.world.end):
            os.remove(os.path.join(target, name))
        self.expect(0, "VERIFIED ", target)
        self.expect(1, "NOT VERIFIED ", target, None, "--checkpoint", kept)

    def test_what_a_crash_or_a_running_writer_leaves_is_no_finding(self):
        open_file = self.world.open
        harmless = {
            "open: cut in its last block": edit(open_file, lambda d: d[:-20]),
            "open: cut in its first block": edit(open_file, lambda d: d[:20]),
            "open: unsigned garbage behind": edit(open_file, lambda d: d + b"\x28\xb5\x2f\xfd torn"),
            "open: zeros behind": edit(open_file, lambda d: d + bytes(300)),
            "open: last signature torn": flip(open_file, -1),
            "open: gone": remove(open_file),
            "open: empty": edit(open_file, lambda d: b""),
            "segments: a temporary file": add("segments/%012d.idx.tmp" % self.world.end),
            "an index while a seal is under way": add("segments/%012d.idx" % self.world.end),
            "salvage": lambda path: os.mkdir(os.path.join(path, "salvage")),
        }
        self.for_each(harmless, lambda change: self.expect(
            0, "VERIFIED ", self.changed(self.world.archive, change)))

    def forge(self, make, followed=False):
        """A copy to whose open segment the commit is appended."""
        target = self.world.copy(self.world.archive)
        shutil.copytree(self.world.archive + ".keys", target + ".keys")
        os.chmod(os.path.join(target, self.world.open), 0o600)
        forger = Forger(target, self.world.open)
        forger.append(*make(forger))
        if followed:
            forger.append(forger.block())
        return target

    def test_what_is_signed_and_right_is_verified(self):
        self.for_each(FORGED_GOOD, lambda make: self.expect(0, "VERIFIED ", self.forge(make)))

    def test_what_is_signed_and_wrong_is_found(self):
        self.for_each(FORGED_BAD, lambda make: self.expect(
            1, "NOT VERIFIED ", self.forge(make, followed=True)))

    def test_both_agree_on_what_is_a_torn_end(self):
        # At the end of an open segment a header that makes no sense is as good as none.
        def try_one(make):
            script, program = self.world.verdicts(self.forge(make))
            self.assertEqual(script[:2], program[:2], script[2] + program[2])
        self.for_each(FORGED_BAD, try_one)

    def test_an_error_is_no_verdict(self):
        missing = os.path.join(self.folder.name, "missing")
        for target, key in ((missing, None), (self.world.archive, "no+key+here")):
            done = run(sys.executable, SCRIPT, target, "--key", key or self.world.pin)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("error:", done.stderr)
            self.assertNotIn("Traceback", done.stderr)


if __name__ == "__main__":
    for program in ("zstd", "openssl"):
        if not shutil.which(program):
            print("skipped: the program %s is not there" % program)
            sys.exit(77)
    unittest.main(argv=sys.argv[:1])
