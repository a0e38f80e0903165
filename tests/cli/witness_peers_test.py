"""The witness protocol on the wire, and peers that do not keep to it."""
import base64
import json
import socket
import threading
import time
import unittest

import cli_case
from cli_case import TEMPORARY, USAGE
from witness_case import WitnessCase, free_port

SECONDS_MAX = 5
SLACK_SECONDS = 4  # of a machine that is busy


class Protocol(WitnessCase):
    def setUp(self):
        super().setUp()
        self.archive = self.sealed_archive(5)
        self.witness = self.start_witness(self.key_of(self.archive))
        self.note = sorted(
            self.archive.glob("checkpoints/*.note"))[0].read_bytes()

    def test_statuses(self):
        self.assertEqual(self.post(self.witness, b"old 0\n\n" + self.note)[0],
                         200)
        for status, data in (
                (400, b""), (400, b"garbage"), (400, b"\0" * 500),
                (400, b"old 7\n\n" + self.note),
                (409, b"old 0\n\n" + self.note),
                (422, b"old 6\n" + b"A" * 43 + b"=\n\n" + self.note),
                (200, b"old 6\n\n" + self.note),
                (413, b"x" * 100_000)):
            answer = self.post(self.witness, data)
            self.assertEqual(answer[0], status, (data[:40], answer))
        self.assertEqual(self.post(self.witness, b"old 0\n\n" + self.note)[1],
                         b"6\n")
        self.assertEqual(self.get(self.witness, "")[0], 404)
        self.assertEqual(self.get(self.witness, "../w.key")[0], 404)
        self.assertEqual(
            self.request(f"{self.witness.url}/add-checkpoint", b"x",
                         {"Content-Encoding": "gzip"})[0], 415)

    def test_an_unknown_log_and_a_wrong_key(self):
        self.authseal("init", "other", "--origin", "example.com/other")
        other = self.dir / "other"
        self.authseal("seal", other)
        stranger = sorted(other.glob("checkpoints/*.note"))[0].read_bytes()
        self.assertEqual(self.post(self.witness, b"old 0\n\n" + stranger)[0],
                         404)
        imposter = self.sealed_archive(5, name="imposter")
        wrong = sorted(imposter.glob("checkpoints/*.note"))[0].read_bytes()
        self.assertEqual(self.post(self.witness, b"old 0\n\n" + wrong)[0], 403)
        policy = self.policy((self.witness.url, self.witness.vkey))
        for path, words in ((other, b"does not know the log"),
                            (imposter, b"trusts no key")):
            told = self.authseal("cosign", path, "--policy", policy,
                                 status=TEMPORARY)
            self.assertIn(words, told.stderr)

    def test_many_at_once_get_one_history(self):
        statuses = []

        def ask():
            statuses.append(
                self.post(self.witness, b"old 0\n\n" + self.note)[0])
        threads = [threading.Thread(target=ask) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(statuses), [200] + [409] * 19)


class Misbehaviour(WitnessCase):
    def setUp(self):
        super().setUp()
        self.archive = self.new_archive()
        run = self.authseal("witness", "init", "--key", "w.key", "--name",
                            "w.example/1", "--json")
        self.vkey = json.loads(run.stdout)["verification_key"]

    def seal_with(self, url):
        """Seals within the time, whatever the witness does; its warning."""
        begin = time.monotonic()
        told = self.authseal("seal", self.archive, "--witness",
                             f"{url}={self.vkey}")
        self.assertLess(time.monotonic() - begin, SECONDS_MAX + SLACK_SECONDS)
        self.assertIn(b"warning: the witness", told.stderr)
        self.assertEqual(self.cosigs(self.archive), [])
        self.verify(self.archive)
        return told.stderr

    def test_a_witness_that_never_answers(self):
        with socket.socket() as mute:
            mute.bind(("127.0.0.1", 0))
            mute.listen(4)
            self.seal_with(f"http://127.0.0.1:{mute.getsockname()[1]}")

    def test_a_witness_that_is_not_there(self):
        self.seal_with(f"http://127.0.0.1:{free_port()}")

    def test_answers_that_are_none(self):
        line = b"\xe2\x80\x94 w.example/1 " + base64.b64encode(
            b"\1\2\3\4" + bytes(72)) + b"\n"
        for status, body in ((200, b""), (200, b"ok"), (200, line),
                             (200, b"\x1b[2J\x1b]0;owned\x07\n"),
                             (200, b"x" * 1_000_000), (500, b"\xff" * 99),
                             (409, b"7"), (409, b"-1\n"),
                             (409, b"99999999999999999999\n"), (302, b"")):
            told = self.seal_with(self.scripted(status, body))
            self.assertNotIn(b"\x1b", told)

    def test_a_tree_size_that_never_settles(self):
        sizes = iter(range(1, 100))
        self.seal_with(self.scripted(409, lambda: b"%d\n" % next(sizes)))

    def test_one_slow_witness_does_not_cost_the_others(self):
        self.authseal("ingest", self.archive, "-",
                      stdin=cli_case.lines_of(3))
        witness = self.start_witness(self.key_of(self.archive), name="good")
        with socket.socket() as mute:
            mute.bind(("127.0.0.1", 0))
            mute.listen(4)
            url = f"http://127.0.0.1:{mute.getsockname()[1]}"
            self.authseal("seal", self.archive)
            result = self.json_of(
                "cosign", self.archive, "--witness", f"{url}={self.vkey}",
                "--witness", f"{witness.url}={witness.vkey}", "--timeout", 1,
                status=TEMPORARY)
        self.assertEqual([one["cosigned"] for one in result["witnesses"]],
                         [False, True])

    def test_a_bad_policy_stops_before_the_seal(self):
        for text in (b"", b"quorum none", b"witness a b\nquorum a\n",
                     f"witness a {self.vkey}\nquorum a\n".encode(),
                     f"witness a {self.vkey} ftp://x/\nquorum a\n".encode()):
            path = self.write("bad", text)
            self.assert_refused("seal", self.archive, "--policy", path,
                                status=USAGE)
        self.assertEqual(list(self.archive.glob("checkpoints/*")), [])


if __name__ == "__main__":
    unittest.main()
