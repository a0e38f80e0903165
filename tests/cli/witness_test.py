"""Witnesses: what seal and cosign get from them, and what verify makes of it."""
import base64
import hashlib
import json
import os
import shutil
import signal
import subprocess
import unittest

import cli_case
from cli_case import DONE, FINDINGS, KEY, LOCKED, TEMPORARY, USAGE, WEAKER
from witness_case import WitnessCase


class Witnessing(WitnessCase):
    def watched(self):
        """An archive, its witness, and a policy that wants it."""
        archive = self.new_archive()
        self.authseal("ingest", archive, "-", stdin=cli_case.lines_of(9))
        witness = self.start_witness(self.key_of(archive))
        policy = self.policy((witness.url, witness.vkey),
                             log=self.log_key(archive))
        return archive, witness, policy

    def test_a_seal_is_cosigned_and_the_policy_is_met(self):
        archive, witness, policy = self.watched()
        sealed = self.json_of("seal", archive, "--policy", policy)
        self.assertEqual(len(sealed["witnesses"]), 1)
        self.assertEqual(
            {key: sealed["witnesses"][0][key]
             for key in ("name", "url", "cosigned", "size", "error")},
            {"name": "w0", "url": witness.url, "cosigned": True, "size": 10,
             "error": None})
        result = self.verify(archive, "--policy", policy,
                             "--require-witness", 1)
        self.assertEqual(result["witnesses"][0]["size"], 10)
        self.assertEqual(result["witnesses"][0]["key"], witness.vkey)
        self.assertEqual(result["witnessed_size"], 10)
        self.assertFalse([text for text in result["not_checked"]
                          if "witnesses" in text])
        origin = hashlib.sha256(cli_case.ORIGIN.encode()).hexdigest()
        status, kept = self.get(witness, f"{origin}/checkpoint")
        note, cosig = (self.cosigs(archive)[0].with_suffix(suffix).read_bytes()
                       for suffix in (".note", ".cosig"))
        self.assertEqual((status, kept), (200, note + cosig))

    def test_a_bare_witness_comes_with_its_key(self):
        archive, witness, _ = self.watched()
        run = self.authseal("seal", archive, "--witness",
                            f"{witness.url}={witness.vkey}")
        self.assertIn(b"cosigned by w.example/1 at ", run.stdout)
        self.assert_refused("seal", archive, "--witness", witness.url,
                            status=USAGE, words=["does not say"])
        self.assert_refused("cosign", archive, status=USAGE)

    def test_without_a_policy_verify_says_what_it_did_not_check(self):
        archive, _, policy = self.watched()
        self.authseal("seal", archive, "--policy", policy)
        result = self.verify(archive)
        self.assertEqual(result["witnesses"], [])
        self.assertTrue([text for text in result["not_checked"]
                         if "signatures of witnesses: 1 files" in text])
        result = self.verify(archive, "--require-witness", 1, status=WEAKER)
        self.assertIn("no --policy", result["unmet"][0])

    def test_a_quorum_that_is_not_met_is_a_weakness_and_no_finding(self):
        archive, witness, _ = self.watched()
        absent = self.vkey_of_witness("absent")
        both = self.policy((witness.url, witness.vkey), (None, absent))
        any_of = self.policy((witness.url, witness.vkey), (None, absent),
                             quorum="any", name="any")
        self.authseal("seal", archive, "--policy", any_of)
        self.verify(archive, "--policy", any_of)
        result = self.verify(archive, "--policy", both, status=WEAKER)
        self.assertEqual(result["verdict"], "verified")
        self.assertIn("quorum g did not cosign", result["unmet"][0])
        self.assertEqual(result["witnessed_size"], 0)
        self.verify(archive, "--policy", any_of, "--require-witness", 2,
                    status=WEAKER)

    def vkey_of_witness(self, name):
        run = self.authseal("witness", "init", "--key", f"{name}.key",
                            "--name", f"{name}.example/1", "--json")
        return json.loads(run.stdout)["verification_key"]

    def test_what_was_missed_is_cosigned_later(self):
        archive, witness, policy = self.watched()
        self.end(witness.process)
        self.authseal("seal", archive, "--policy", policy)
        self.assertEqual(self.cosigs(archive), [])
        again = self.restart_witness(witness)
        policy = self.policy((again.url, again.vkey))
        self.verify(archive, "--policy", policy, status=WEAKER)
        self.authseal("seal", archive, "--policy", policy)
        self.assertEqual(len(self.cosigs(archive)), 2)  # in order, both
        self.verify(archive, "--policy", policy)
        self.authseal("seal", archive)
        self.verify(archive, "--policy", policy, status=WEAKER)
        before = [path.read_bytes() for path in self.cosigs(archive)]
        result = self.json_of("cosign", archive, "--policy", policy)
        self.assertTrue(result["witnesses"][0]["cosigned"])
        self.verify(archive, "--policy", policy)
        self.assertEqual([path.read_bytes() for path in self.cosigs(archive)]
                         [:2], before)

    def test_a_live_writer_seals_and_the_witness_is_asked(self):
        archive, _, policy = self.watched()
        writer = self.start("ingest", archive, "--source", "s", "-",
                            stdin=subprocess.PIPE)
        self.until(lambda: self.has_writer(archive), "a writer")
        self.authseal("seal", archive, "--policy", policy)
        self.assertEqual(len(self.cosigs(archive)), 1)
        writer.stdin.close()
        writer.wait(20)

    def test_a_second_history_is_refused(self):
        archive, _, policy = self.watched()
        self.authseal("seal", archive, "--policy", policy)
        twin = self.copy_of(archive, "twin")
        for path, line in ((archive, b'{"a":1}\n'), (twin, b'{"b":2}\n')):
            self.authseal("ingest", path, "-", stdin=line)
        self.authseal("seal", archive, "--policy", policy)
        told = self.authseal("seal", twin, "--policy", policy)
        self.assertIn(b"warning: the witness w0 did not cosign", told.stderr)
        self.assertIn(b"another history", told.stderr)
        self.assertEqual(len(self.cosigs(twin)), 1)
        self.verify(twin, "--policy", policy, status=WEAKER,
                    key=self.key_of(archive))

    def test_an_older_copy_is_refused(self):
        archive, _, policy = self.watched()
        self.authseal("seal", archive)
        old = self.copy_of(archive, "old")
        self.authseal("seal", archive, "--policy", policy)
        told = self.authseal("cosign", old, "--policy", policy,
                             status=TEMPORARY)
        self.assertIn(b"it cosigned a tree of 11 records", told.stderr)
        self.assertEqual(self.cosigs(old), [])

    def test_a_witness_keeps_its_memory_over_a_kill(self):
        archive, witness, policy = self.watched()
        self.authseal("seal", archive)
        old = self.copy_of(archive, "old")
        self.authseal("seal", archive, "--policy", policy)
        witness.process.send_signal(signal.SIGKILL)
        witness.process.wait()
        again = self.restart_witness(witness)
        policy = self.policy((again.url, again.vkey))
        self.authseal("cosign", old, "--policy", policy, status=TEMPORARY)
        self.authseal("seal", archive, "--policy", policy)
        self.verify(archive, "--policy", policy)

    def test_killed_between_storing_and_answering_nothing_is_lost(self):
        if not shutil.which("strace"):
            self.skipTest("strace is not installed")
        archive, witness, policy = self.watched()
        self.authseal("seal", archive)
        self.end(witness.process)
        # The answer is the first thing sent on a socket.
        killed = subprocess.Popen(  # pylint: disable=consider-using-with
            ["strace", "-f", "-qq", "-o", self.dir / "trace", "-e",
             "trace=sendto,send,sendmsg", "-e",
             "inject=sendto,send,sendmsg:signal=KILL",
             cli_case.BINARY, "witness", *witness.options, "--listen",
             "127.0.0.1:0"], cwd=self.dir, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(self.end, killed)
        url = ""
        for line in killed.stdout:
            if line.startswith(b"listening"):
                url = line.split()[1].decode()
                break
        if not url:
            self.skipTest("strace cannot trace here")
        policy = self.policy((url, witness.vkey))
        self.authseal("cosign", archive, "--policy", policy, status=TEMPORARY)
        killed.wait(20)
        stored = list((self.dir / "w.store").glob("*.note"))
        self.assertEqual(len(stored), 1)
        self.assertIn(b"\n10\n", stored[0].read_bytes())
        again = self.start_witness(options=witness.options)
        policy = self.policy((again.url, again.vkey))
        self.authseal("cosign", archive, "--policy", policy)
        self.verify(archive, "--policy", policy)

    def test_one_store_has_one_witness(self):
        _, witness, _ = self.watched()
        self.assert_refused("witness", *witness.options, "--listen",
                            "127.0.0.1:0", status=LOCKED)

    def test_a_witness_ends_in_order(self):
        _, witness, _ = self.watched()
        witness.process.terminate()
        self.assertEqual(witness.process.wait(20), DONE)

    def test_a_port_in_use_is_said(self):
        archive = self.new_archive()
        witness = self.start_witness(self.key_of(archive))
        self.vkey_of_witness("second")
        self.assert_refused(
            "witness", "--key", "second.key", "--store", "second", "--log",
            self.key_of(archive), "--listen", witness.url[len("http://"):],
            status=TEMPORARY, words=["cannot listen"])

    def test_keys_of_witnesses_are_kept_close(self):
        self.vkey_of_witness("w")
        self.assertEqual(os.stat(self.dir / "w.key").st_mode & 0o777, 0o600)
        self.assert_refused("witness", "init", "--key", "w.key", "--name",
                            "w.example/1", status=USAGE)
        os.chmod(self.dir / "w.key", 0o640)
        archive = self.new_archive()
        self.assert_refused("witness", "--key", "w.key", "--store", "s",
                            "--log", self.key_of(archive), status=KEY)
        self.assert_refused("witness", "--key", "w.key", "--store", "s",
                            status=USAGE)
        self.assert_refused("witness", "--store", "s", status=USAGE)


class Attacks(WitnessCase):
    def setUp(self):
        super().setUp()
        self.archive = self.new_archive()
        self.authseal("ingest", self.archive, "-", stdin=cli_case.lines_of(9))
        witness = self.start_witness(self.key_of(self.archive))
        self.policy_path = self.policy((witness.url, witness.vkey))
        self.vkey = witness.vkey
        for _ in range(2):
            self.authseal("seal", self.archive, "--policy", self.policy_path)
        self.newest = self.cosigs(self.archive)[-1]

    def verdict(self, *options, status):
        return self.verify(self.archive, "--policy", self.policy_path,
                           *options, status=status)

    def test_a_changed_cosignature_is_a_finding_for_who_knows_the_key(self):
        line = self.newest.read_bytes()
        name, data = line[:-1].rsplit(b" ", 1)
        blob = bytearray(base64.b64decode(data))
        for at in (4, 11, 12, 40, 75):
            changed = bytearray(blob)
            changed[at] ^= 1
            cli_case.overwrite(self.newest, name + b" " +
                               base64.b64encode(changed) + b"\n")
            self.assert_findings(self.archive, ["checkpoint-invalid"],
                                 "--policy", self.policy_path)
            self.assertEqual(self.verify_py(FINDINGS), [b"checkpoint-invalid"])
            self.verify(self.archive)  # knows no witness

    def verify_py(self, status):
        run = subprocess.run(
            ["python3", "-B", cli_case.VERIFY_PY, self.archive, "--key",
             self.key_of(self.archive), "--witness", self.vkey],
            capture_output=True, check=False)
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        return [line.split()[0] for line in run.stdout.splitlines()[1:]]

    def test_the_second_verifier_agrees(self):
        self.assertEqual(self.verify_py(DONE), [])

    def test_an_older_cosignature_does_not_pass_for_the_newest(self):
        cli_case.overwrite(self.newest,
                           self.cosigs(self.archive)[0].read_bytes())
        self.assert_findings(self.archive, ["checkpoint-invalid"], "--policy",
                             self.policy_path)

    def test_a_removed_cosignature_is_a_weakness(self):
        self.newest.unlink()
        result = self.verdict(status=WEAKER)
        self.assertEqual(result["witnessed_size"], 10)
        self.assertEqual(result["witnesses"][0]["checkpoints"], 1)
        self.assertIn("it is met for 10", result["unmet"][0])

    def test_keys_never_come_from_the_archive(self):
        other = self.authseal("witness", "init", "--key", "o.key", "--name",
                              "w.example/1", "--json")
        vkey = json.loads(other.stdout)["verification_key"]
        path = self.policy((None, vkey), name="other")
        self.verify(self.archive, "--policy", path, status=WEAKER)

    def test_lines_of_strangers_change_nothing(self):
        stranger = b"\xe2\x80\x94 stranger " + base64.b64encode(
            bytes(4 + 8 + 2420)) + b"\n"
        cli_case.overwrite(self.newest, stranger + self.newest.read_bytes())
        self.verdict("--require-witness", 1, status=DONE)

    def test_a_policy_for_another_log_is_refused(self):
        path = self.policy(("http://x", self.vkey), name="foreign",
                           log=self.vkey_of_other_log())
        self.assert_refused("verify", self.archive, "--key",
                            self.key_of(self.archive), "--policy", path,
                            status=USAGE, words=["is for other logs"])

    def vkey_of_other_log(self):
        self.authseal("init", "other", "--origin", "example.com/other")
        return self.log_key(self.dir / "other")

    def test_a_bundle_carries_the_cosignatures(self):
        self.authseal("export", self.archive, "--out", "bundle")
        bundle = self.dir / "bundle"
        cosig = bundle / "data" / "checkpoint.cosig"
        self.assertEqual(cosig.read_bytes(), self.newest.read_bytes())
        key = self.key_of(self.archive)
        result = self.verify(bundle, "--policy", self.policy_path,
                             "--require-witness", 1, key=key)
        self.assertEqual(result["witnesses"][0]["size"], 11)
        run = subprocess.run(
            ["python3", "-B", cli_case.VERIFY_PY, bundle, "--key", key,
             "--witness", self.vkey], capture_output=True, check=False)
        self.assertEqual(run.returncode, DONE, run.stdout)
        self.assertIn(b"cosigned by w.example/1", run.stderr)
        cosig.unlink()
        self.assert_findings(bundle, ["manifest-mismatch"], "--policy",
                             self.policy_path, key=key)

    def test_without_cosignatures_a_bundle_is_as_before(self):
        self.authseal("seal", self.archive)
        self.authseal("export", self.archive, "--out", "bundle")
        self.assertFalse((self.dir / "bundle/data/checkpoint.cosig").exists())
        self.verify("bundle", "--policy", self.policy_path, status=WEAKER,
                    key=self.key_of(self.archive))


if __name__ == "__main__":
    unittest.main()
