"""Timestamps as verify, verify.py and bundles see them."""
import json
import os
import shutil
import unittest

import cli_case
import tsa
from cli_case import DONE, FINDINGS, WEAKER, lines_of, overwrite
from stamped_case import StampedCase


class Timestamps(StampedCase):
    def assert_invalid(self, words, *options, python=True):
        """A finding about the timestamp, by both verifiers."""
        result = self.trusted(*options, status=FINDINGS)
        self.assertEqual(cli_case.finding_names(result),
                         ["checkpoint-invalid"])
        self.assertEqual({f["file"][-4:] for f in result["findings"]} -
                         {".tsr", ".tsq"}, set())
        self.assertIn(words, " ".join(f["text"] for f in result["findings"]))
        self.assertIsNone(result["timestamp"])
        if python:
            run = self.verify_py(self.archive, "--tsa-ca", self.tsa.ca)
            self.assertEqual(run.returncode, FINDINGS, run.stdout + run.stderr)
            self.assertIn("checkpoint-invalid", run.stdout)

    def assert_names_only_checkpoint_invalid(self, words):
        result = self.trusted(status=FINDINGS)
        self.assertEqual(cli_case.finding_names(result),
                         ["checkpoint-invalid"])
        self.assertIn(words, " ".join(f["text"] for f in result["findings"]))
        run = self.verify_py(self.archive, "--tsa-ca", self.tsa.ca)
        self.assertEqual(run.returncode, FINDINGS, run.stdout + run.stderr)

    def test_a_stamped_checkpoint_is_verified_against_the_ca(self):
        run, seen = self.stamp()
        (path, headers, body), = seen
        self.assertEqual(path, "/tsa")
        self.assertEqual(headers["Content-Type"],
                         "application/timestamp-query")
        self.assertRegex(headers["User-Agent"], r"\Aauthseal/\d")
        self.assertEqual(self.tsq.read_bytes(), body)
        self.assertIn(b"stamped checkpoints/000000000010.note at ", run.stdout)
        result = self.trusted("--require-timestamp")
        stamp = result["timestamp"]
        self.assertEqual((stamp["size"], stamp["tsa"], stamp["policy"]),
                         (10, "CN=TSA of the test", "1.3.6.1.4.1.99999.1"))
        self.assertGreater(stamp["no_later_than"], stamp["time"])  # accuracy
        self.assertIn("were revoked", " ".join(result["not_checked"]))
        report = self.authseal("verify", "-v", self.archive, "--no-state",
                               "--key", self.key_of(self.archive),
                               "--tsa-ca", self.tsa.ca).stdout.decode()
        self.assertIn("Timestamp   10 records existed no later than " +
                      stamp["no_later_than"], report)
        self.assertIn("VERIFIED", self.verify_py(
            self.archive, "--tsa-ca", self.tsa.ca).stdout)

    def test_openssl_accepts_the_same_files(self):
        self.stamped()
        for about in (("-data", self.note), ("-queryfile", self.tsq)):
            self.assertIn(b"Verification: OK", tsa.openssl(
                "ts", "-verify", *about, "-in", self.tsr, "-CAfile",
                self.tsa.ca))

    def test_without_a_ca_a_timestamp_counts_for_nothing(self):
        self.stamped()
        result = self.judge()
        self.assertIsNone(result["timestamp"])
        self.assertIn("--tsa-ca", " ".join(result["not_checked"]))
        result = self.judge("--require-timestamp", status=WEAKER)
        self.assertIn("without --tsa-ca", " ".join(result["unmet"]))

    def test_required_is_a_timestamp_of_the_newest_checkpoint(self):
        self.trusted("--require-timestamp", status=WEAKER)
        self.stamped()
        self.authseal("ingest", self.archive, "-", stdin=lines_of(2, 9))
        self.authseal("seal", self.archive)
        self.assertEqual(self.trusted()["timestamp"]["size"], 10)
        result = self.trusted("--require-timestamp", status=WEAKER)
        self.assertIn("13 records has none", " ".join(result["unmet"]))
        self.stamp("--size", 13)
        self.assertEqual(
            self.trusted("--require-timestamp")["timestamp"]["size"], 13)

    def test_policies_that_do_not_count_are_findings(self):
        self.stamped()
        self.trusted("--tsa-policy", "1.2.3", "--tsa-policy",
                     "1.3.6.1.4.1.99999.1")
        self.assert_invalid("under policy 1.3.6.1.4.1.99999.1", "--tsa-policy",
                            "1.2.3", python=False)

    def test_another_ca_is_a_finding(self):
        self.stamped()
        mine, self.tsa = self.tsa, self.stranger
        self.assert_invalid("not by an authority that was given")
        both = self.write("both.pem", mine.ca.read_bytes() +
                          self.tsa.ca.read_bytes())
        self.judge("--tsa-ca", both, "--require-timestamp")

    def test_files_that_do_not_belong_together_are_findings(self):
        good = self.stamped()
        request = self.tsq.read_bytes()
        other = self.sealed_archive(3, "other")
        self.stamp(archive=other)
        foreign = (other / "checkpoints" / "000000000004.tsr").read_bytes()
        again = self.tsa.reply(tsa.openssl(
            "ts", "-query", "-data", self.note, "-sha256", "-cert"))
        for words, path, data in (
                ("for other bytes", self.tsr, foreign),
                ("nonce", self.tsr, again),
                ("no RFC 3161 reply", self.tsr, good[:-1]),
                ("no RFC 3161 reply", self.tsr, b""),
                ("stand behind", self.tsr, good + b"\0"),
                ("longer than 65536", self.tsr, good + bytes(65536)),
                ("signature", self.tsr,
                 good[:-3] + bytes([good[-3] ^ 1]) + good[-2:]),
                ("no RFC 3161 request", self.tsq, b"0"),
                ("stand behind", self.tsq, request + b"\0"),
                ("for other bytes", self.tsq, tsa.openssl(
                    "ts", "-query", "-data", self.tsa.ca, "-sha256",
                    "-cert"))):
            with self.subTest(words=words, file=path.suffix):
                overwrite(self.tsr, good)
                overwrite(self.tsq, request)
                overwrite(path, data)
                self.assert_names_only_checkpoint_invalid(words)
        # A reply on its own is checked without a nonce.
        overwrite(self.tsr, again)
        self.tsq.unlink()
        self.trusted("--require-timestamp")

    def test_a_rewritten_history_does_not_fit_its_timestamp(self):
        """The operator who kept every key signs another history."""
        stamp = self.stamped()
        request = self.tsq.read_bytes()
        keys = self.dir / "archive.keys"
        forged = self.new_archive("forged")
        shutil.rmtree(keys)
        shutil.copytree(f"{forged}.keys", keys)
        self.authseal("ingest", forged, "-", stdin=lines_of(9, 100))
        self.authseal("seal", forged)
        for suffix, data in ((".tsq", request), (".tsr", stamp)):
            (forged / "checkpoints" / f"000000000010{suffix}").write_bytes(
                data)
        result = self.verify(forged, "--tsa-ca", self.tsa.ca, "--no-state",
                             status=FINDINGS)
        self.assertEqual(cli_case.finding_names(result),
                         ["checkpoint-invalid"])

    def test_a_bundle_carries_the_timestamp(self):
        self.stamped()
        self.authseal("export", self.archive, "--out", "bundle", "--key",
                      self.key_of(self.archive))
        bundle = self.dir / "bundle"
        key = self.key_of(self.archive)
        self.assertEqual((bundle / "data" / "checkpoint.tsr").read_bytes(),
                         self.tsr.read_bytes())
        result = self.verify("bundle", "--tsa-ca", self.tsa.ca,
                             "--require-timestamp", key=key)
        self.assertEqual(result["timestamp"]["size"], 10)
        self.verify("bundle", "--require-timestamp", key=key, status=WEAKER)
        self.assertEqual(self.verify_py(bundle, "--tsa-ca",
                                        self.tsa.ca).returncode, DONE)
        result = self.verify("bundle", "--tsa-ca", self.stranger.ca, key=key,
                             status=FINDINGS)
        self.assertEqual(cli_case.finding_names(result),
                         ["checkpoint-invalid"])
        self.assertEqual(self.verify_py(bundle, "--tsa-ca",
                                        self.stranger.ca).returncode, FINDINGS)
        os.unlink(bundle / "data" / "checkpoint.tsr")
        result = self.verify("bundle", key=key, status=FINDINGS)
        self.assertEqual(cli_case.finding_names(result),
                         ["manifest-mismatch"])

    def test_a_bad_timestamp_is_not_exported(self):
        self.stamped()
        overwrite(self.tsr, b"0")
        self.assert_refused("export", self.archive, "--out", "bundle", "--key",
                            self.key_of(self.archive), status=FINDINGS,
                            words=["000000000010.tsr"])

    def test_hostile_names_of_a_tsa_are_harmless_when_shown(self):
        tsa_dir = tsa.Tsa(self.dir / "hostile")
        tsa_dir.certificate = tsa_dir.make("stamp", "red\x1b[31m", "ca")
        self.tsa = tsa_dir
        run, _ = self.stamp()
        self.assertNotIn(b"\x1b", run.stdout)
        report = self.authseal("verify", "-v", self.archive, "--no-state",
                               "--key", self.key_of(self.archive),
                               "--tsa-ca", self.tsa.ca).stdout
        self.assertNotIn(b"\x1b", report)
        json.loads(self.authseal("verify", "--json", self.archive, "--key",
                                 self.key_of(self.archive), "--no-state",
                                 "--tsa-ca", self.tsa.ca).stdout)


if __name__ == "__main__":
    unittest.main()
