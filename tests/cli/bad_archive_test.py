"""Keys that are missing, wrong or exposed, and archives that are none."""
import json
import os
import shutil
import unittest

import cli_case
from cli_case import FINDINGS, KEY, NEWER, NO_ARCHIVE


class Keys(cli_case.CliCase):
    def setUp(self):
        super().setUp()
        self.archive = self.sealed_archive(5)
        self.keys = self.dir / "archive.keys"
        self.more = cli_case.lines_of(3, 5)

    def assert_writers_refused(self, word):
        before = self.authseal("query", self.archive, "--all").stdout
        for command in (("ingest", self.archive, "-"),
                        ("seal", self.archive)):
            with self.subTest(command=command[0]):
                self.assert_refused(*command, status=KEY, words=(word,),
                                    stdin=self.more)
        pin = ("--key", self.pin)
        self.assertEqual(
            self.authseal("query", self.archive, "--all", *pin).stdout,
            before)
        self.authseal("verify", self.archive, *pin)

    @property
    def pin(self):
        """The auditor's own copy of the public half."""
        path = self.dir / "pin"
        if not path.exists():
            shutil.copy(self.keys / "identity.pub", path)
        return path

    def test_a_missing_epoch_key(self):
        (self.keys / "epoch.key").unlink()
        self.assert_writers_refused("epoch.key")

    def test_an_epoch_key_of_another_archive(self):
        self.sealed_archive(5, name="other")
        shutil.copy(self.dir / "other.keys" / "epoch.key", self.keys)
        self.assert_writers_refused("epoch key")

    def test_a_damaged_epoch_key(self):
        path = self.keys / "epoch.key"
        overwrite_keeping_mode(path, path.read_bytes()[:40])
        self.assert_writers_refused("epoch.key")

    def test_a_key_that_others_can_read(self):
        for name in ("epoch.key", "identity.key"):
            for mode in (0o604, 0o640):
                with self.subTest(name=name, mode=oct(mode)):
                    os.chmod(self.keys / name, mode)
                    self.assert_writers_refused(name)
                    os.chmod(self.keys / name, 0o600)
        self.authseal("ingest", self.archive, "-", stdin=self.more)

    def test_no_key_directory(self):
        self.pin  # pylint: disable=pointless-statement
        before = self.authseal("query", self.archive).stdout
        shutil.move(self.keys, self.dir / "elsewhere")
        self.assert_refused("ingest", self.archive, "-", status=KEY,
                            words=("archive.keys",), stdin=self.more)
        self.assert_refused("seal", self.archive, status=KEY)
        self.assert_refused("verify", self.archive, "--no-state", status=KEY)
        # It works again where the keys are named.
        self.authseal("ingest", self.archive, "-", "--keys", "elsewhere",
                      stdin=self.more)
        self.assertEqual(
            self.raw(self.archive, "--key", self.pin), before + self.more)

    def test_without_the_identity_key_a_seal_is_unpublished(self):
        os.rename(self.keys / "identity.key", self.dir / "offline.key")
        self.authseal("ingest", self.archive, "-", stdin=self.more)
        sealed = self.json_of("seal", self.archive)
        self.assertIsNone(sealed["checkpoint"])
        result = self.verify(self.archive)
        self.assertEqual((result["tree_size"], result["checkpoint_size"]),
                         (10, 6))
        self.authseal("verify", self.archive, "--key", self.pin,
                      "--require-checkpoint", status=cli_case.WEAKER)

    def test_a_pin_that_is_no_key(self):
        nonsense = self.write("nonsense", b"not a key\n")
        for key in (nonsense, "example.com/x+00000000+AAAA", "",
                    self.keys / "epoch.key"):
            with self.subTest(key=key):
                for command in (("verify", self.archive),
                                ("query", self.archive),
                                ("export", self.archive, "--out", "b")):
                    run = self.assert_refused(
                        *command, f"--key={key}", status=KEY) if key else None
                    if run:
                        self.assertNotIn(b"PRIVATE", run.stderr + run.stdout)

    def test_the_pin_of_another_archive(self):
        other = self.sealed_archive(5, name="other")
        run = self.authseal("verify", self.archive, "--key",
                            self.key_of(other), status=FINDINGS)
        self.assertIn(b"NOT VERIFIED ", run.stdout)
        self.assertNotEqual(
            self.authseal("query", other, "--key",
                          self.key_of(other)).stdout, b"")
        run = self.authseal("query", self.archive, "--key",
                            self.key_of(other), status=FINDINGS)
        self.assertEqual(run.stdout, b"", "printed as if it were good")

    def test_credentials_directory_holds_the_keys(self):
        shutil.move(self.keys, self.dir / "credentials")
        self.environment["CREDENTIALS_DIRECTORY"] = str(
            self.dir / "credentials")
        self.authseal("ingest", self.archive, "-", stdin=self.more)


class Archives(cli_case.CliCase):
    COMMANDS = (("ingest", "{}", "-"), ("seal", "{}"), ("verify", "{}"),
                ("query", "{}"), ("export", "{}", "--out", "b"),
                ("status", "{}"))

    def assert_all_refuse(self, path, status):
        before = self.everything()
        for command in self.COMMANDS:
            with self.subTest(command=command[0]):
                arguments = [word.format(path) for word in command]
                run = self.assert_refused(*arguments, "--json",
                                          status=status,
                                          stdin=cli_case.lines_of(1))
                self.assertEqual(json.loads(run.stdout)["exit"], status)
        self.assertEqual(self.everything(), before)

    def everything(self):
        """All files but the verifier's own."""
        state = self.dir / "state"
        return sorted(path for path in self.dir.rglob("*")
                      if state not in (path, *path.parents))

    def test_nothing_at_all(self):
        self.assert_all_refuse(self.dir / "nothing", NO_ARCHIVE)

    def test_a_directory_that_is_no_archive(self):
        (self.dir / "plain" / "segments").mkdir(parents=True)
        self.assert_all_refuse(self.dir / "plain", NO_ARCHIVE)

    def test_a_file(self):
        self.assert_all_refuse(self.write("file.jsonl", b"{}\n"), NO_ARCHIVE)

    def test_an_archive_of_a_newer_version(self):
        archive = self.sealed_archive(3)
        note = archive / "archive.note"
        cli_case.overwrite(note, note.read_bytes().replace(
            b"authseal archive v1\n", b"authseal archive v2\n"))
        shutil.rmtree(self.dir / "state", ignore_errors=True)
        self.assert_all_refuse(archive, NEWER)

    def test_an_archive_note_that_is_cut(self):
        archive = self.sealed_archive(3)
        note = archive / "archive.note"
        text = note.read_bytes()
        for size in (0, 10, len(text) // 2, len(text) - 1):
            with self.subTest(size=size):
                cli_case.overwrite(note, text[:size])
                run = self.start("verify", archive, "--key",
                                 self.key_of(archive), "--no-state")
                output, _ = run.communicate(timeout=cli_case.TIMEOUT_SECONDS)
                self.assertIn(run.returncode, (FINDINGS, NO_ARCHIVE))
                self.assertIn(b"NOT VERIFIED ", output)


def overwrite_keeping_mode(path, data):
    with open(path, "wb") as file:
        file.write(data)


if __name__ == "__main__":
    unittest.main()
