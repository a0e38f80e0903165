"""Where keys come from: files, descriptors, credentials; passphrases."""
import os
import pathlib
import pty
import select
import shutil
import subprocess
import termios
import unittest

import cli_case
from cli_case import BINARY, DONE, KEY, TEMPORARY, USAGE, lines_of

PASSPHRASE = b"correct horse battery staple"


class KeySources(cli_case.CliCase):
    def setUp(self):
        super().setUp()
        self.archive = self.new_archive()
        self.key = self.dir / "elsewhere.key"
        os.rename(f"{self.archive}.keys/identity.key", self.key)

    def publishes(self, *options, **more):
        run = self.authseal("seal", self.archive, *options, **more)
        return b"\ncheckpoint " in run.stdout

    def test_none_is_no_error_and_publishes_nothing(self):
        self.assertFalse(self.publishes())

    def test_a_file(self):
        self.assertTrue(self.publishes("--identity", self.key))
        os.symlink(self.key, self.dir / "link")
        self.assertTrue(self.publishes("--identity", "link"))
        self.authseal("ingest", self.archive, "-", "--identity", self.key,
                      "--seal-every", "1s", stdin=lines_of(3))

    def test_a_file_that_others_can_read_is_refused(self):
        for mode in (0o640, 0o604, 0o620, 0o601):
            os.chmod(self.key, mode)
            self.assert_refused("seal", self.archive, "--identity", self.key,
                                status=KEY, words=["chmod 600"])

    def test_a_file_descriptor_of_a_file_or_a_pipe(self):
        with open(self.key, "rb") as key:
            number = key.fileno()
            self.assertTrue(self.publishes("--identity", f"fd:{number}",
                                           pass_fds=[number]))
        for word in ("fd:", "/dev/fd/"):
            read, write = os.pipe()
            os.write(write, self.key.read_bytes())
            os.close(write)
            self.assertTrue(self.publishes("--identity", f"{word}{read}",
                                           pass_fds=[read]))
            os.close(read)

    def test_a_descriptor_that_is_none_or_never_ends(self):
        self.assert_refused("seal", self.archive, "--identity", "fd:77",
                            status=KEY)
        for word in ("fd:", "fd:x", "fd:-1", "fd:3x", "fd:99999999999"):
            self.assert_refused("seal", self.archive, "--identity", word,
                                status=USAGE)
        with open("/dev/zero", "rb") as zero:
            self.assert_refused("seal", self.archive, "--identity",
                                f"fd:{zero.fileno()}", status=KEY,
                                words=["too large"],
                                pass_fds=[zero.fileno()])

    def test_a_credential(self):
        self.assert_refused("seal", self.archive, "--identity",
                            "credential:identity.key", status=KEY,
                            words=["CREDENTIALS_DIRECTORY"])
        credentials = self.dir / "credentials"
        credentials.mkdir(0o500)
        os.chmod(credentials, 0o700)
        shutil.copy(self.key, credentials / "identity.key")
        os.chmod(credentials / "identity.key", 0o400)
        self.environment["CREDENTIALS_DIRECTORY"] = str(credentials)
        self.assertTrue(self.publishes("--identity", "credential:identity.key"))
        self.assertTrue(self.publishes())
        for name in ("none", "../elsewhere.key", "a/b"):
            self.authseal("seal", self.archive, "--identity",
                          "credential:" + name, status=KEY)
        os.chmod(credentials / "identity.key", 0o404)
        self.assert_refused("seal", self.archive, status=KEY)

    def test_a_credential_that_the_manager_shares_by_an_access_list(self):
        # systemd gives a service of another user such a file of root's.
        if os.geteuid() != 0:
            self.skipTest("needs a file of root's")
        self.environment["CREDENTIALS_DIRECTORY"] = str(self.dir)
        os.chmod(self.key, 0o440)
        name = "credential:elsewhere.key"
        self.assertTrue(self.publishes("--identity", name))
        os.chmod(self.key, 0o460)
        self.assert_refused("seal", self.archive, "--identity", name,
                            status=KEY)

    def test_a_key_of_another_log(self):
        self.authseal("key", "create", "other.key", "--origin",
                      cli_case.ORIGIN)
        self.assert_refused("seal", self.archive, "--identity", "other.key",
                            status=KEY, words=["not this archive's"])

    def test_an_archive_begun_with_a_key_that_is_not_copied(self):
        self.authseal("init", "second", "--origin", cli_case.ORIGIN,
                      "--identity", self.key)
        self.assertFalse((self.dir / "second.keys/identity.key").exists())
        self.authseal("seal", "second", "--identity", self.key)
        self.verify(self.dir / "second")
        self.assert_refused("init", "third", "--origin", "another.name",
                            "--identity", self.key, status=KEY)

    def test_a_seal_beside_a_writer_publishes_with_its_own_key(self):
        writer = self.start("ingest", self.archive, "-", stdin=subprocess.PIPE)
        writer.stdin.write(lines_of(3))
        writer.stdin.flush()
        self.until(lambda: list(self.archive.glob("segments/*.open")),
                   "a commit")
        self.assertTrue(self.publishes("--identity", self.key))
        writer.stdin.close()
        self.assertEqual(writer.wait(cli_case.TIMEOUT_SECONDS), DONE)
        self.verify(self.archive)


class Passphrases(cli_case.CliCase):
    def setUp(self):
        super().setUp()
        self.write("passphrase", PASSPHRASE + b"\n").chmod(0o600)
        self.write("wrong", b"another one\n").chmod(0o600)

    def on_terminal(self, arguments, answers, end=b"\n"):
        """The program on a terminal of its own: exit status, what it wrote."""
        pid, master = pty.fork()
        if pid == 0:
            os.chdir(self.dir)
            os.execve(BINARY, [BINARY, *map(str, arguments)],
                      self.environment)
        shown = b""
        waiting = list(answers)
        while True:
            ready, _, _ = select.select([master], [], [], 30)
            try:
                data = os.read(master, 4096) if ready else b""
            except OSError:
                data = b""
            if not data:
                break
            shown += data
            if waiting and shown.endswith(b": "):
                self.assertFalse(self.echoes(master))
                os.write(master, waiting.pop(0) + end)
        self.assertTrue(self.echoes(master))
        os.close(master)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown

    @staticmethod
    def echoes(terminal):
        return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)

    def encrypted_archive(self):
        self.authseal("init", "archive", "--origin", cli_case.ORIGIN,
                      "--encrypt-identity", "--passphrase-file", "passphrase")
        return self.dir / "archive"

    def test_a_new_archive_with_its_identity_under_a_passphrase(self):
        archive = self.encrypted_archive()
        text = pathlib.Path(f"{archive}.keys/identity.key").read_text()
        self.assertRegex(text, r"\Aauthseal encrypted identity key v1\nkey .*\n"
                               r"scrypt 17 8 1 .*\nbox .*\n\Z")
        self.assertNotIn("PRIVATE", text)
        run = self.authseal("seal", archive, "--passphrase-file", "passphrase")
        self.assertIn(b"checkpoint", run.stdout)
        self.authseal("seal", archive, "--passphrase-file", "-",
                      stdin=PASSPHRASE)
        self.verify(archive)

    def test_a_wrong_passphrase_seals_nothing(self):
        archive = self.encrypted_archive()
        self.assert_refused("seal", archive, "--passphrase-file", "wrong",
                            status=KEY, words=["passphrase is wrong"])
        self.write("empty", b"\nsecond line\n").chmod(0o600)
        self.assert_refused("seal", archive, "--passphrase-file", "empty",
                            status=KEY, words=["empty"])
        self.assertEqual(list(archive.glob("segments/*")), [])

    def test_a_passphrase_file_that_others_can_read_is_refused(self):
        archive = self.encrypted_archive()
        (self.dir / "passphrase").chmod(0o644)
        self.assert_refused("seal", archive, "--passphrase-file", "passphrase",
                            status=KEY, words=["open to group or others"])

    def test_nobody_to_ask(self):
        archive = self.encrypted_archive()
        self.assert_refused("seal", archive, status=KEY,
                            words=["no terminal", "--passphrase-file"],
                            start_new_session=True)
        run = self.authseal("ingest", archive, "-", stdin=lines_of(3),
                            start_new_session=True)
        self.assertIn(b"under a passphrase: seals are not published",
                      run.stderr)
        self.authseal("seal", archive, "--request", "request",
                      start_new_session=True)

    def test_on_the_terminal_without_echo(self):
        archive = self.encrypted_archive()
        status, shown = self.on_terminal(["seal", archive], [PASSPHRASE])
        self.assertEqual(status, DONE, shown)
        self.assertIn(b"Passphrase of " + cli_case.ORIGIN.encode(), shown)
        self.assertNotIn(PASSPHRASE, shown)
        status, shown = self.on_terminal(["seal", archive], [b"nonsense"])
        self.assertEqual(status, KEY, shown)
        self.assertNotIn(b"nonsense", shown)

    def test_an_interrupt_gives_the_echo_back(self):
        archive = self.encrypted_archive()
        status, shown = self.on_terminal(["seal", archive], [b"half"],
                                         end=b"\x03")
        self.assertEqual(status, TEMPORARY, shown)
        self.assertEqual(list(archive.glob("segments/*")), [])

    def test_a_new_one_is_asked_for_twice(self):
        self.authseal("key", "create", "plain.key", "--origin", "a.example")
        before = (self.dir / "plain.key").read_bytes()
        status, shown = self.on_terminal(["key", "encrypt", "plain.key"],
                                         [b"one", b"two"])
        self.assertEqual(status, KEY, shown)
        self.assertIn(b"differ", shown)
        self.assertEqual((self.dir / "plain.key").read_bytes(), before)
        status, shown = self.on_terminal(["key", "encrypt", "plain.key"],
                                         [b"one", b"one"])
        self.assertEqual(status, DONE, shown)
        self.assertIn(b"encrypted", (self.dir / "plain.key").read_bytes())

    def test_encrypt_change_and_decrypt(self):
        self.authseal("key", "create", "my.key", "--origin", "a.example")
        plain = (self.dir / "my.key").read_bytes()
        shown = self.json_of("key", "show", "my.key")["verification_key"]
        self.authseal("key", "encrypt", "my.key", "--passphrase-file",
                      "passphrase")
        self.assertTrue(self.json_of("key", "show", "my.key")["encrypted"])
        self.authseal("key", "encrypt", "my.key", "--passphrase-file",
                      "passphrase", "--new-passphrase-file", "wrong")
        self.assert_refused("key", "decrypt", "my.key", "--passphrase-file",
                            "passphrase", status=KEY)
        result = self.json_of("key", "decrypt", "my.key", "--passphrase-file",
                              "wrong")
        self.assertEqual(result["verification_key"], shown)
        self.assertEqual((self.dir / "my.key").read_bytes(), plain)
        self.assertEqual((self.dir / "my.key").stat().st_mode & 0o777, 0o600)
        self.assertEqual(list(self.dir.glob("my.key.*")), [])

    def test_what_an_interrupted_change_left_is_not_overwritten(self):
        self.authseal("key", "create", "my.key", "--origin", "a.example")
        for name in ("my.key.new", "my.key.old"):
            left = self.write(name, b"something\n")
            self.assert_refused("key", "encrypt", "my.key",
                                "--passphrase-file", "passphrase",
                                status=USAGE, words=[name])
            self.assertEqual(left.read_bytes(), b"something\n")
            left.unlink()
        os.rename(self.dir / "my.key", self.dir / "my.key.old")
        self.assert_refused("key", "encrypt", "my.key", "--passphrase-file",
                            "passphrase", status=KEY, words=["my.key.old"])

    def test_create_never_replaces_a_key(self):
        self.authseal("key", "create", "my.key", "--origin", "a.example",
                      "--encrypt", "--passphrase-file", "passphrase")
        before = (self.dir / "my.key").read_bytes()
        self.assert_refused("key", "create", "my.key", "--origin", "a.example",
                            status=USAGE)
        self.assertEqual((self.dir / "my.key").read_bytes(), before)

    def test_costs_of_an_attacker_take_no_memory(self):
        archive = self.encrypted_archive()
        path = pathlib.Path(f"{archive}.keys/identity.key")
        path.write_text(path.read_text().replace("scrypt 17 8 1",
                                                 "scrypt 40 8 1"))
        self.assert_refused("seal", archive, "--passphrase-file", "passphrase",
                            status=KEY, words=["scrypt parameters"])


if __name__ == "__main__":
    unittest.main()
