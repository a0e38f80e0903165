"""authseal stamp and seal --tsa: what is asked, kept, refused, tried again."""
import threading
import unittest

import tsa
from cli_case import (FINDINGS, NO_ARCHIVE, TEMPORARY, USAGE, lines_of,
                      overwrite)
from stamped_case import StampedCase


class Stamp(StampedCase):
    def test_a_good_timestamp_is_never_overwritten(self):
        before = self.stamped()
        run, seen = self.stamp()
        self.assertEqual(seen, [])
        self.assertIn(b"stamped before: ", run.stdout)
        self.assertEqual(self.tsr.read_bytes(), before)
        self.assertFalse((self.tsr.parent / "stamp.tmp").exists())

    def test_a_bad_timestamp_is_kept_as_evidence(self):
        self.stamped()
        overwrite(self.tsr, b"what?")
        run, seen = self.stamp(status=FINDINGS)
        self.assertEqual(seen, [])
        self.assertIn(b"move it away", run.stderr)
        self.assertEqual(self.tsr.read_bytes(), b"what?")

    def test_a_host_without_network_carries_request_and_answer(self):
        request, answer = self.dir / "ask.tsq", self.dir / "got.tsr"
        run = self.authseal("stamp", self.archive, "--request", request)
        self.assertIn(b"--response", run.stdout)
        self.assertEqual(request.read_bytes(), self.tsq.read_bytes())
        answer.write_bytes(self.tsa.reply(request.read_bytes()))
        result = self.json_of("stamp", self.archive, "--response", answer,
                              "--tsa-ca", self.tsa.ca)
        self.assertTrue(result["timestamp"]["verified"])
        self.assertTrue(result["timestamp"]["new"])
        self.assertEqual(self.tsr.read_bytes(), answer.read_bytes())
        self.trusted("--require-timestamp")
        # The request may be written once more, until there is an answer.
        self.assert_refused("stamp", self.archive, "--request",
                            self.dir / "again.tsq", status=USAGE,
                            words=["has a timestamp already"])

    def test_the_same_request_is_written_again(self):
        for name in ("one", "two"):
            self.authseal("stamp", self.archive, "--request", name)
        self.assertEqual((self.dir / "one").read_bytes(),
                         (self.dir / "two").read_bytes())
        self.assert_refused("stamp", self.archive, "--request", "one",
                            status=USAGE, words=["cannot write one"])

    def test_an_answer_that_does_not_fit_is_not_kept(self):
        self.authseal("stamp", self.archive, "--request", "ask")
        other = self.sealed_archive(3, "other")
        self.authseal("stamp", other, "--request", "other-ask")
        good = self.tsa.reply(self.tsq.read_bytes())
        answers = {
            "for other bytes": self.tsa.reply(
                (self.dir / "other-ask").read_bytes()),
            "nonce": self.tsa.reply(tsa.openssl(
                "ts", "-query", "-data", self.note, "-sha256", "-cert")),
            "no RFC 3161 reply": good[:-1],
            "stand behind": good + b"\0",
            "status 2": self.tsa.reply(tsa.openssl(
                "ts", "-query", "-data", self.note, "-sha512")),
            "longer than 65536": b"0" * 65537,
            "signature": good[:-3] + bytes([good[-3] ^ 1]) + good[-2:],
        }
        for words, answer in answers.items():
            with self.subTest(words):
                path = self.write("answer", answer)
                self.assert_refused("stamp", self.archive, "--response", path,
                                    status=USAGE, words=[words])
                self.assertFalse(self.tsr.exists())
        path = self.write("answer", good)
        self.assert_refused("stamp", self.archive, "--response", path,
                            "--tsa-ca", self.stranger.ca, status=USAGE)
        self.assertFalse(self.tsr.exists())
        self.authseal("stamp", self.archive, "--response", path)

    def test_a_reply_needs_its_request(self):
        path = self.write("answer", b"0")
        self.assert_refused("stamp", self.archive, "--response", path,
                            status=USAGE, words=["000000000010.tsq"])

    def test_what_to_do_is_said_where_stamp_cannot(self):
        self.assert_refused("stamp", self.archive, status=USAGE,
                            words=["not said"])
        self.assert_refused("stamp", self.archive, "--request", "a",
                            "--response", "b", status=USAGE)
        self.assert_refused("stamp", self.archive, "--tsa", "ftp://x",
                            status=USAGE)
        self.assert_refused("stamp", self.dir / "none", "--request", "a",
                            status=NO_ARCHIVE)
        self.assert_refused("stamp", self.archive, "--request", "a", "--size",
                            4, status=USAGE, words=["000000000004.note"])
        empty = self.new_archive("empty")
        self.assert_refused("stamp", empty, "--request", "a", status=USAGE,
                            words=["no checkpoint"])
        self.assert_refused("verify", self.archive, "--tsa-ca", self.note,
                            "--key", self.key_of(self.archive), status=USAGE,
                            words=["no certificate"])
        self.assert_refused("verify", self.archive, "--tsa-policy", "1.2.3",
                            status=USAGE)

    def test_a_tsa_that_fails_is_tried_again(self):
        good = self.answer
        bad_answers = {
            "nonsense": lambda body: (200, b"<html>"),
            "status 503": lambda body: (503, b"busy"),
            "the answer is longer than": lambda body: (200, b"0" * 70000),
            "status 302": lambda body: (302, b"http://127.0.0.1:1/"),
            "for other bytes": lambda body: (200, self.tsa.reply(tsa.openssl(
                "ts", "-query", "-data", self.tsa.ca, "-sha256", "-cert"))),
        }
        for words, answer in bad_answers.items():
            with self.subTest(words):
                run, seen = self.stamp(status=TEMPORARY, answer=answer)
                self.assertEqual(len(seen), 1)
                if words != "nonsense":
                    self.assertIn(words, run.stderr.decode())
                self.assertFalse(self.tsr.exists())
        asked = self.tsq.read_bytes()
        self.stamp(answer=good)
        self.assertEqual(self.tsq.read_bytes(), asked)  # the same request
        self.trusted("--require-timestamp")

    def test_a_tsa_that_is_out_of_reach_or_silent_ends_in_time(self):
        self.assert_refused("stamp", self.archive, "--tsa",
                            "http://127.0.0.1:1/", status=TEMPORARY,
                            words=["authseal: hint:"])
        release = threading.Event()
        self.addCleanup(release.set)

        def slow(_):
            release.wait(30)
            return 200, b""

        run, _ = self.stamp("--wait", 1, status=TEMPORARY, answer=slow)
        release.set()
        self.assertIn(b"authseal: error: http://127.0.0.1:", run.stderr)

    def test_https_needs_a_certificate_that_the_system_knows(self):
        tls = (self.tsa.certificate, self.tsa.folder / "stamp.key")
        with tsa.served(self.answer, tls) as (url, seen):
            run = self.assert_refused("stamp", self.archive, "--tsa", url,
                                      status=TEMPORARY)
        self.assertIn(b"certificate", run.stderr)
        self.assertEqual(seen, [])

    def test_no_proxy_of_the_environment_is_used(self):
        self.environment["http_proxy"] = "http://127.0.0.1:1/"
        self.stamped()

    def test_seal_has_its_checkpoint_stamped(self):
        self.authseal("ingest", self.archive, "-", stdin=lines_of(2, 9))
        with tsa.served(self.answer) as (url, _):
            result = self.json_of("seal", self.archive, "--tsa", url)
        self.assertEqual(result["timestamp"], "checkpoints/000000000013.tsr")
        self.trusted("--require-timestamp")

    def test_a_failing_tsa_leaves_the_seal_and_is_tried_at_the_next(self):
        run = self.authseal("seal", self.archive, "--tsa",
                            "http://127.0.0.1:1/")
        self.assertIn(b"sealed epoch 1", run.stdout)
        self.assertIn(b"authseal: warning: no timestamp for the checkpoint of "
                      b"11 records", run.stderr)
        self.assertIn(b"the seal stands", run.stderr)
        self.trusted()
        with tsa.served(self.answer) as (url, seen):
            self.authseal("seal", self.archive, "--tsa", url)
        self.assertEqual(len(seen), 2)
        names = sorted(path.name for path in self.note.parent.glob("*.tsr"))
        self.assertEqual(names, ["000000000011.tsr", "000000000012.tsr"])
        self.trusted("--require-timestamp")

    def test_seal_refuses_bad_options_before_it_seals(self):
        self.assert_refused("seal", self.archive, "--tsa", "https://x",
                            "--tsa-ca", self.note, status=USAGE)
        self.assertFalse((self.note.parent / "000000000011.note").exists())


if __name__ == "__main__":
    unittest.main()
