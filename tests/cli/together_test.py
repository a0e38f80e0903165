"""A rotation, a reopened epoch, cosignatures and timestamps in one archive:
each of them still says what it says alone, also in a bundle."""
import json
import os
import pathlib
import shutil
import threading
import unittest

import cli_case
import tsa
from cli_case import DONE, FINDINGS, WEAKER
from stamped_case import StampedCase
from witness_case import WitnessCase


class Together(StampedCase, WitnessCase):
    def setUp(self):
        super().setUp()
        self.old_pin = self.dir / "old.pub"
        shutil.copy(self.key_of(self.archive), self.old_pin)
        self.old_key = self.log_key(self.archive)
        self.authseal("rotate", self.archive)
        self.authseal("ingest", self.archive, "-",
                      stdin=cli_case.lines_of(5, 50))
        os.remove(f"{self.archive}.keys/epoch.key")
        self.authseal("reopen", self.archive)
        self.authseal("ingest", self.archive, "-",
                      stdin=cli_case.lines_of(5, 90))

    def sealed_with_both(self):
        """The policy, after a seal that asked a witness and the TSA."""
        witness = self.start_witness(self.old_key,
                                     self.log_key(self.archive))
        policy = self.policy((witness.url, witness.vkey), log=self.old_key)
        with tsa.served(self.answer) as (url, _):
            result = self.json_of("seal", self.archive, "--tsa", url,
                                  "--policy", policy)
        self.assertIsNotNone(result["timestamp"])
        self.assertTrue(result["witnesses"][0]["cosigned"])
        self.vkey = witness.vkey
        return policy

    def python(self, target, pin, *options):
        return super().verify_py(target, "--key", pin, "--tsa-ca",
                                 self.tsa.ca, "--witness", self.vkey, *options)

    def test_archive_and_bundle_stand_under_either_pin(self):
        policy = self.sealed_with_both()
        self.authseal("export", self.archive, "--out", "b", "--key",
                      self.old_pin)
        names = {path.name for path in (self.dir / "b/data").iterdir()}
        self.assertLessEqual({"checkpoint.cosig", "checkpoint.tsr",
                              "rotations.txt"}, names)
        for target in (self.archive, self.dir / "b"):
            for pin in (self.old_pin, self.key_of(self.archive)):
                with self.subTest(target=target, pin=pin):
                    options = ("--policy", policy, "--require-witness", "1",
                               "--require-timestamp", "--tsa-ca", self.tsa.ca,
                               "--no-state")
                    self.verify(target, *options, status=WEAKER, key=pin)
                    result = self.verify(target, *options,
                                         "--accept-reopened", "2", key=pin)
                    self.assertEqual(len(result["identities"]), 2)
                    self.assertEqual(result["witnessed_size"],
                                     result["checkpoint_size"])
                    run = self.python(target, pin, "--accept-reopened", "2")
                    self.assertEqual(run.returncode, DONE,
                                     run.stdout + run.stderr)

    def test_a_bundle_without_its_rotations_is_found(self):
        self.sealed_with_both()
        self.authseal("export", self.archive, "--out", "b", "--key",
                      self.old_pin)
        os.chmod(self.dir / "b/data", 0o700)
        os.remove(self.dir / "b/data/rotations.txt")
        for pin in (self.old_pin, self.key_of(self.archive)):
            result = self.verify("b", status=FINDINGS, key=pin)
            self.assertIn("manifest-mismatch", cli_case.finding_names(result))

    def test_the_tsa_and_the_witnesses_are_asked_side_by_side(self):
        """Neither answers before the other was asked."""
        asked = {"tsa": threading.Event(), "witness": threading.Event()}
        met = []

        def meets(one, other):
            asked[one].set()
            met.append(asked[other].wait(4))

        def stamp(body):
            meets("tsa", "witness")
            return self.answer(body)

        def refuse():
            meets("witness", "tsa")
            return b""

        url = self.scripted(500, refuse)
        vkey = json.loads(self.authseal(
            "witness", "init", "--key", "v.key", "--name", "w.example/2",
            "--json").stdout)["verification_key"]
        with tsa.served(stamp) as (tsa_url, _):
            told = self.authseal("seal", self.archive, "--tsa", tsa_url,
                                 "--witness", f"{url}={vkey}")
        self.assertGreaterEqual(len(met), 2)
        self.assertTrue(all(met), met)
        self.assertIn(b"timestamp checkpoints/", told.stdout)
        self.assertIn(b"did not cosign", told.stderr)

    def test_several_in_one_call_end_in_the_gravest(self):
        self.sealed_with_both()
        good = self.sealed_archive(5, "good")
        bad = self.sealed_archive(5, "bad")
        segment = cli_case.segments_of(bad)[0]
        data = bytearray(segment.read_bytes())
        data[40] ^= 1
        cli_case.overwrite(segment, bytes(data))
        self.authseal("verify", good, self.archive, "-q", status=WEAKER)
        run = self.authseal("verify", good, self.archive, bad, "--json",
                            status=FINDINGS)
        lines = run.stdout.decode().splitlines()
        self.assertEqual(len(lines), 3)
        quiet = self.authseal("verify", good, self.archive, bad, "-q",
                              status=FINDINGS).stdout.decode()
        self.assertNotIn(str(good), quiet)
        self.assertIn("accept-reopened 2", quiet)
        self.assertIn(f"NOT VERIFIED {pathlib.Path(bad)}", quiet)
        self.authseal("verify", bad, self.dir / "nowhere", status=FINDINGS)


if __name__ == "__main__":
    unittest.main()
