"""rotate and reopen with an identity key from every source: where the new key
goes, and that it is never less protected than the old one."""
import json
import os
import pathlib
import shutil
import unittest

import cli_case
from cli_case import KEY, USAGE

PASSPHRASE = b"correct horse battery staple"


class Successor(cli_case.CliCase):
    def setUp(self):
        super().setUp()
        self.archive = self.sealed_archive(5)
        self.keys = pathlib.Path(f"{self.archive}.keys")
        self.pin = self.dir / "old.pub"
        shutil.copy(self.keys / "identity.pub", self.pin)
        self.passphrase = self.write("passphrase", PASSPHRASE + b"\n")
        os.chmod(self.passphrase, 0o600)
        self.old, self.new = self.dir / "old.key", self.dir / "new.key"

    def encrypt(self):
        self.authseal("key", "encrypt", self.keys / "identity.key",
                      "--passphrase-file", self.passphrase)

    def move_key(self):
        os.rename(self.keys / "identity.key", self.old)

    def shown(self, path):
        return self.authseal("key", "show", path).stdout.decode().strip()

    def pin_words(self):
        return (self.keys / "identity.pub").read_text().split("\n")[0]

    def assert_rotated(self, file, encrypted, *sources):
        """By a key in `file`, which goes on signing."""
        self.assertEqual(self.shown(file), self.pin_words())
        self.assertNotEqual(self.pin_words(),
                            self.pin.read_text().split("\n")[0])
        text = file.read_bytes()
        self.assertEqual(text.startswith(b"PRIVATE+KEY+"), not encrypted)
        self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
        self.assertFalse((self.keys / "identity.next").exists())
        sealed = self.json_of("seal", self.archive, *sources)
        self.assertIsNotNone(sealed["checkpoint"])
        for pin in (self.pin, self.key_of(self.archive)):
            result = self.verify(self.archive, "--no-state", key=pin)
            self.assertEqual(result["checkpoint_size"], sealed["tree_size"])

    def test_an_encrypted_key_has_a_successor_under_its_passphrase(self):
        self.encrypt()
        before = (self.keys / "identity.key").read_bytes()
        self.assert_refused("rotate", self.archive, status=KEY,
                            words=["passphrase"])
        wrong = self.write("wrong", b"another\n")
        os.chmod(wrong, 0o600)
        self.assert_refused("rotate", self.archive, "--passphrase-file", wrong,
                            status=KEY, words=["passphrase"])
        self.assertEqual((self.keys / "identity.key").read_bytes(), before)
        # A descriptor can be read once, and is enough for both keys.
        read, write = os.pipe()
        os.write(write, PASSPHRASE)
        os.close(write)
        result = self.json_of_fd(read)
        self.assertTrue(result["encrypted"])
        self.assertEqual(result["identity"], str(self.keys / "identity.key"))
        self.assert_rotated(self.keys / "identity.key", True,
                            "--passphrase-file", self.passphrase)

    def json_of_fd(self, number):
        run = self.authseal("rotate", self.archive, "--passphrase-file",
                            f"fd:{number}", "--json", pass_fds=[number])
        os.close(number)
        return json.loads(run.stdout)

    def test_a_key_from_elsewhere_has_a_successor_elsewhere(self):
        self.move_key()
        old_bytes = self.old.read_bytes()
        self.assert_refused("rotate", self.archive, "--identity", self.old,
                            status=USAGE, words=["--new-identity"])
        run = self.authseal("rotate", self.archive, "--identity", self.old,
                            "--new-identity", self.new)
        self.assertIn(f"The old key is where it was, {self.old}: destroy",
                      run.stdout.decode())
        self.assertEqual(self.old.read_bytes(), old_bytes)
        self.assertFalse((self.keys / "identity.key").exists())
        self.assert_rotated(self.new, False, "--identity", self.new)
        self.assert_refused("seal", self.archive, "--identity", self.old,
                            status=KEY, words=["rotated away"])
        self.assert_refused("rotate", self.archive, "--identity", self.old,
                            "--new-identity", self.dir / "third.key",
                            status=KEY, words=["rotated away",
                                               self.shown(self.new)])
        self.assertFalse((self.dir / "third.key").exists())

    def test_an_encrypted_key_from_a_credential(self):
        self.encrypt()
        credentials = self.dir / "credentials"
        credentials.mkdir(0o700)
        os.rename(self.keys / "identity.key", credentials / "identity.key")
        self.environment["CREDENTIALS_DIRECTORY"] = str(credentials)
        self.authseal("rotate", self.archive, "--passphrase-file",
                      self.passphrase, "--new-identity", self.new)
        self.assert_rotated(self.new, True, "--identity", self.new,
                            "--passphrase-file", self.passphrase)

    def test_no_file_is_replaced_and_nothing_is_sealed_before(self):
        self.move_key()
        self.new.write_bytes(b"precious")
        names = sorted(self.archive.rglob("*"))
        self.assert_refused("rotate", self.archive, "--identity", self.old,
                            "--new-identity", self.new, status=USAGE,
                            words=["is there already", "new.key"])
        self.assertEqual(self.new.read_bytes(), b"precious")
        self.authseal("rotate", self.archive, "--identity", self.old,
                      "--new-identity", self.dir / "no" / "dir", status=USAGE)
        self.assertEqual(sorted(self.archive.rglob("*")), names)

    def test_places_that_do_not_go_together(self):
        self.assert_refused("rotate", self.archive, "--new-identity", self.new,
                            status=USAGE, words=["kept elsewhere"])
        self.assert_refused("rotate", self.archive, "--identity",
                            self.keys / "identity.key", "--new-identity",
                            self.new, status=USAGE, words=["the same key"])
        self.assertFalse(self.new.exists())

    def test_reopen_takes_the_key_from_a_file_and_under_a_passphrase(self):
        self.encrypt()
        self.move_key()
        os.remove(self.keys / "epoch.key")
        self.assert_refused("reopen", self.archive, status=KEY,
                            words=["--identity"])
        self.assert_refused("reopen", self.archive, "--identity", self.old,
                            status=KEY, words=["passphrase"])
        result = self.json_of("reopen", self.archive, "--identity", self.old,
                              "--passphrase-file", self.passphrase)
        self.assertFalse((self.keys / "identity.key").exists())
        self.authseal("seal", self.archive, "--identity", self.old,
                      "--passphrase-file", self.passphrase)
        self.verify(self.archive, "--accept-reopened",
                    f"{result['epoch']}:{result['statement']}")

    def test_a_rotation_that_was_cut_off_is_completed_under_a_passphrase(self):
        """The key directory as a crash between two steps leaves it."""
        self.encrypt()
        before = (self.keys / "identity.key").read_bytes()
        self.authseal("rotate", self.archive, "--passphrase-file",
                      self.passphrase)
        after = (self.keys / "identity.key").read_bytes()
        for left in (before, bytes(20) + before[20:], None):
            shutil.copy(self.pin, self.keys / "identity.pub")
            os.rename(self.keys / "identity.key", self.keys / "identity.next")
            if left is not None:
                (self.keys / "identity.key").write_bytes(left)
                os.chmod(self.keys / "identity.key", 0o600)
            run = self.authseal("rotate", self.archive, "--passphrase-file",
                                self.passphrase, status=USAGE)
            self.assertIn(b"is complete now", run.stderr)
            self.assertEqual((self.keys / "identity.key").read_bytes(), after)
            self.assert_rotated(self.keys / "identity.key", True,
                                "--passphrase-file", self.passphrase)


if __name__ == "__main__":
    unittest.main()
