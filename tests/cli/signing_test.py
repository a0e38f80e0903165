"""The identity key on a host of its own: requests, signatures, responses, and
the ways a host can lie about its history."""
import base64
import os
import shutil
import subprocess
import unittest

import cli_case
from cli_case import (BINARY, DONE, FINDINGS, IO, KEY, NO_ARCHIVE, USAGE,
                      lines_of)

ORIGIN = "example.com/off-host"


class SigningCase(cli_case.CliCase):
    """A signer (signer.key, store) and a host whose keys never met."""

    def setUp(self):
        super().setUp()
        run = self.authseal("key", "create", "signer.key", "--origin", ORIGIN)
        self.verification_key = run.stdout.decode().strip()

    def sign(self, request, *options, status=DONE, out="response"):
        return self.authseal("sign", request, "--identity", "signer.key",
                             "--store", "store", "--out", out, *options,
                             status=status)

    def off_host_archive(self, name="archive"):
        self.authseal("init", name, "--key", self.verification_key,
                      "--request", "init.request")
        self.sign("init.request", "--new-log", out="init.response")
        self.authseal("init", name, "--response", "init.response")
        return self.dir / name

    def seal(self, archive, request="request", records=0):
        if records:
            self.authseal("ingest", archive, "-", stdin=lines_of(records))
        self.authseal("seal", archive, "--request", request)
        return self.dir / request

    def publish(self, archive, records=1):
        self.sign(self.seal(archive, records=records))
        self.authseal("seal", archive, "--response", "response")

    def copy_of(self, archive, name="copy"):
        shutil.copytree(archive, self.dir / name)
        shutil.copytree(f"{archive}.keys", self.dir / f"{name}.keys")
        return self.dir / name

    def assert_not_signed(self, request, finding, *options):
        run = self.sign(request, *options, status=FINDINGS, out="refused")
        self.assertIn(f"authseal: finding: {finding} ", run.stderr.decode())
        self.assertIn("authseal: error: not signed", run.stderr.decode())
        self.assertFalse((self.dir / "refused").exists())
        self.assertNotIn("\u2014 ".encode(), run.stdout + run.stderr)


class Ceremony(SigningCase):
    def test_three_seals_of_an_archive_that_never_saw_its_identity_key(self):
        archive = self.off_host_archive()
        for _ in range(3):
            self.publish(archive, records=5)
        result = self.verify(archive, "--checkpoint", "response")
        self.assertEqual(result["checkpoint_size"], 18)
        self.assertFalse((self.dir / "archive.keys/identity.key").exists())
        names = sorted(path.name for path in archive.glob("checkpoints/*"))
        self.assertEqual(names, ["000000000006.note", "000000000012.note",
                                 "000000000018.note"])
        check = subprocess.run(
            ["python3", "-B", cli_case.VERIFY_PY, archive, "--key",
             self.key_of(archive)], capture_output=True, check=False)
        self.assertEqual(check.returncode, DONE, check.stderr)

    def test_one_line_of_pipes(self):
        archive = self.off_host_archive()
        self.authseal("ingest", archive, "-", stdin=lines_of(3))
        line = (f"'{BINARY}' seal archive --request - | "
                f"'{BINARY}' sign - --identity signer.key --store store | "
                f"'{BINARY}' seal archive --response -")
        run = subprocess.run(["bash", "-c", "set -o pipefail; " + line],
                             cwd=self.dir, env=self.environment,
                             capture_output=True, check=False)
        self.assertEqual(run.returncode, DONE, run.stderr.decode())
        self.assertIn(b"checkpoint checkpoints/000000000004.note", run.stdout)
        self.verify(archive)

    def test_the_request_of_an_init_can_be_asked_for_again(self):
        for request in ("first", "second"):
            self.authseal("init", "archive", "--key", self.verification_key,
                          "--request", request)
        self.assertEqual((self.dir / "first").read_bytes(),
                         (self.dir / "second").read_bytes())
        self.assert_refused("ingest", "archive", "-", status=NO_ARCHIVE)

    def test_an_init_takes_only_its_own_note_signed_by_the_pinned_key(self):
        self.authseal("init", "archive", "--key", self.verification_key,
                      "--request", "request")
        self.authseal("init", "other", "--key", self.verification_key,
                      "--request", "other.request")
        self.sign("other.request", "--new-log", out="other.response")
        self.assert_refused("init", "archive", "--response", "other.response",
                            status=KEY, words=["not of this init"])
        self.authseal("key", "create", "thief.key", "--origin", ORIGIN)
        self.authseal("sign", "request", "--identity", "thief.key", "--store",
                      "thief", "--new-log", "--out", "thief.response")
        self.assert_refused("init", "archive", "--response", "thief.response",
                            status=KEY, words=["not signed by"])
        self.write("empty", b"")
        self.assert_refused("init", "archive", "--response", "empty",
                            status=FINDINGS, words=["empty"])
        self.assertFalse((self.dir / "archive" / "archive.note").exists())
        self.sign("request", "--new-log")
        for _ in range(2):
            self.authseal("init", "archive", "--response", "response")
        self.verify(self.dir / "archive")

    def test_an_identity_key_that_moved_away_after_init(self):
        archive = self.sealed_archive()
        os.rename(f"{archive}.keys/identity.key", self.dir / "signer.key")
        self.seal(archive)
        self.assertEqual(len(list(archive.glob("checkpoints/*"))), 1)
        self.authseal("seal", archive, "--request", "all", "--no-seal",
                      "--from", 0)
        self.sign("all", "--new-log")
        self.authseal("seal", archive, "--response", "response")
        self.publish(archive)
        self.verify(archive)

    def test_a_request_leaves_an_identity_key_that_is_here_alone(self):
        archive = self.new_archive()
        self.seal(archive, records=1)
        self.assertEqual(list(archive.glob("checkpoints/*")), [])

    def test_nothing_new_gives_the_same_checkpoint_again(self):
        archive = self.off_host_archive()
        self.publish(archive)
        first = (self.dir / "response").read_bytes()
        self.authseal("seal", archive, "--request", "again", "--no-seal")
        self.sign("again")
        self.assertEqual((self.dir / "response").read_bytes(), first)
        run = self.authseal("seal", archive, "--response", "response")
        self.assertIn(b"there already", run.stdout)

    def test_a_response_comes_in_while_a_writer_runs(self):
        archive = self.off_host_archive()
        writer = self.start("ingest", archive, "-", stdin=subprocess.PIPE)
        writer.stdin.write(lines_of(3))
        writer.stdin.flush()
        self.until(lambda: list(archive.glob("segments/*.open")), "a commit")
        self.seal(archive)
        self.sign("request")
        self.authseal("seal", archive, "--response", "response")
        writer.stdin.close()
        self.assertEqual(writer.wait(cli_case.TIMEOUT_SECONDS), DONE)
        self.verify(archive)

    def test_json(self):
        archive = self.off_host_archive()
        self.seal(archive, records=2)
        result = self.json_of("sign", "request", "--identity", "signer.key",
                              "--store", "store")
        self.assertEqual((result["verdict"], result["asked"]["tree_size"]),
                         ("signed", 3))
        self.assertEqual(result["before"]["tree_size"], 0)
        note = self.write("note", result["note"].encode())
        result = self.json_of("seal", archive, "--response", note)
        self.assertEqual(result["checkpoint"], "000000000003.note")
        result = self.json_of("seal", archive, "--no-seal", "--request", "r")
        self.assertEqual((result["tree_size"], result["seals"]), (3, 0))
        result = self.json_of("seal", archive, "--request", "r")
        self.assertEqual((result["tree_size"], result["checkpoint"]),
                         (4, None))
        result = self.json_of("init", "new", "--key", self.verification_key,
                              "--request", "r")
        self.assertEqual((result["origin"], result["request"]), (ORIGIN, "r"))


class LyingHost(SigningCase):
    def test_a_forked_copy_of_the_host(self):
        archive = self.off_host_archive()
        self.publish(archive)
        copy = self.copy_of(archive)
        self.publish(archive, records=2)
        self.seal(copy, records=3)
        self.assert_not_signed("request", "fork")
        self.seal(copy, records=1)
        self.assert_not_signed("request", "fork")
        self.publish(archive)

    def test_a_host_that_was_set_back(self):
        archive = self.off_host_archive()
        self.publish(archive)
        copy = self.copy_of(archive)
        self.publish(archive)
        self.publish(archive)
        self.seal(copy)
        self.assert_not_signed("request", "rollback")

    def test_an_old_request_played_again(self):
        archive = self.off_host_archive()
        self.seal(archive, "old", records=1)
        self.seal(archive, "new", records=1)
        self.sign("new")
        first = (self.dir / "response").read_bytes()
        self.assert_not_signed("old", "rollback")
        self.sign("new")
        self.assertEqual((self.dir / "response").read_bytes(), first)

    def test_responses_in_the_wrong_order(self):
        archive = self.off_host_archive()
        for name in ("1", "2"):
            self.seal(archive, "request" + name, records=1)
            self.sign("request" + name, out="response" + name)
        for name in ("2", "1"):
            self.authseal("seal", archive, "--response", "response" + name)
        self.verify(archive)

    def test_an_empty_epoch_that_was_skipped(self):
        archive = self.off_host_archive()
        self.publish(archive)
        self.seal(archive)
        lines = self.seal(archive, records=1).read_text().split("\n")
        self.write("skipped", "\n".join(lines[:3] + lines[4:]).encode())
        self.assert_not_signed("skipped", "epoch-gap")

    def test_another_archive(self):
        archive = self.off_host_archive()
        self.publish(archive)
        stranger = self.new_archive("stranger")
        self.seal(stranger, records=1)
        self.assert_not_signed("request", "genesis-mismatch", "--new-log")
        # Of the same name and key, made by somebody who can sign.
        self.authseal("init", "rebuilt", "--origin", ORIGIN, "--identity",
                      "signer.key")
        self.seal("rebuilt", records=1)
        self.assert_not_signed("request", "genesis-mismatch")

    def test_a_response_of_another_archive_or_tree(self):
        archive = self.off_host_archive()
        self.seal(archive, records=2)
        other = self.off_host_archive("other")
        self.seal(other, "other.request", records=2)
        self.sign("other.request")
        self.assert_refused("seal", archive, "--response", "response",
                            status=FINDINGS, words=["fork"])
        self.seal(other, "other.request", records=2)
        self.sign("other.request")
        self.assert_refused("seal", archive, "--response", "response",
                            status=FINDINGS, words=["rollback"])
        self.sealed_archive(name="stranger")
        self.assert_refused(
            "seal", archive, "--response",
            "stranger/checkpoints/000000000031.note", status=KEY,
            words=["checkpoint-invalid"])
        self.assertEqual(list(archive.glob("checkpoints/*")), [])

    def test_a_signer_without_its_store(self):
        archive = self.off_host_archive()
        self.publish(archive)
        shutil.rmtree(self.dir / "store")
        self.seal(archive, records=1)
        run = self.sign("request", status=USAGE)
        self.assertIn(b"--new-log", run.stderr)
        run = self.sign("request", "--new-log", status=USAGE)
        self.assertIn(b"--from 0", run.stderr)
        run = self.sign("request", "--trust-on-first-use", out="trusting")
        self.assertIn(b"nothing vouches for the first 2 records", run.stderr)
        shutil.rmtree(self.dir / "store")
        self.authseal("seal", archive, "--request", "all", "--no-seal",
                      "--from", 0)
        run = self.sign("all", "--new-log")
        self.assertIn(b"every seal since its beginning was checked",
                      run.stderr)
        self.authseal("seal", archive, "--response", "response")

    def test_what_a_hostile_request_holds_stays_off_the_terminal(self):
        archive = self.off_host_archive()
        lines = self.seal(archive, records=1).read_text().split("\n")
        note = base64.b64decode(lines[1].split()[1]).replace(
            ORIGIN.encode(), b"evil\xc2\x9b31m\xe2\x80\xae")
        lines[1] = "archive " + base64.b64encode(note).decode()
        self.write("hostile", "\n".join(lines).encode())
        run = self.sign("hostile", status=FINDINGS, out="refused")
        self.assertNotIn(b"\xc2\x9b", run.stdout + run.stderr)
        self.assertNotIn(b"\xe2\x80\xae", run.stdout + run.stderr)


class Damage(SigningCase):
    def test_no_cut_of_a_request_is_signed_or_ends_the_signer(self):
        archive = self.off_host_archive()
        data = self.seal(archive, records=1).read_bytes()
        for size in [*range(0, len(data), 61), len(data) - 1]:
            with self.subTest(size=size):
                self.write("cut", data[:size])
                run = self.sign("cut", status=FINDINGS, out="refused")
                self.assertIn(b"authseal: hint: ", run.stderr)
                self.assertFalse((self.dir / "refused").exists())

    def test_garbage_and_far_too_much(self):
        self.write("garbage", os.urandom(100_000))
        self.sign("garbage", status=FINDINGS)
        with open(self.dir / "huge", "wb") as huge:
            huge.truncate(1 << 40)
        self.sign("huge", status=FINDINGS)
        archive = self.off_host_archive()
        self.seal(archive)
        self.assert_refused("seal", archive, "--response", "huge",
                            status=FINDINGS)
        self.assert_refused("seal", archive, "--response", "garbage",
                            status=FINDINGS)
        with open("/dev/zero", "rb") as zero:
            run = self.start("sign", "-", "--identity", "signer.key",
                             "--store", "store", stdin=zero)
            self.assertEqual(run.wait(cli_case.TIMEOUT_SECONDS), FINDINGS)

    def test_a_response_that_got_lost_is_given_again(self):
        archive = self.off_host_archive()
        self.seal(archive, records=1)
        with open("/dev/full", "wb") as full:
            run = self.start("sign", "request", "--identity", "signer.key",
                             "--store", "store", stdout=full)
            self.assertEqual(run.wait(cli_case.TIMEOUT_SECONDS), IO)
        self.sign("request")
        self.authseal("seal", archive, "--response", "response")
        self.verify(archive)

    def test_usage(self):
        archive = self.off_host_archive()
        for options in (["--request", "a", "--response", "b"], ["--no-seal"],
                        ["--from", "0"], ["--request", "-", "--json"]):
            self.assert_refused("seal", archive, *options, status=USAGE)
        for options in ([], ["--origin", "a", "--request", "r"],
                        ["--key", self.verification_key],
                        ["--key", self.verification_key, "--origin", "a",
                         "--request", "r"],
                        ["--response", "r", "--encrypt-identity"]):
            self.assert_refused("init", "new", *options, status=USAGE)
        self.assert_refused("sign", "request", "--store", "store", status=KEY,
                            words=["no identity key"])
        self.assert_refused("seal", archive, "--request", "r", "--from", "7",
                            status=USAGE)


if __name__ == "__main__":
    unittest.main()
