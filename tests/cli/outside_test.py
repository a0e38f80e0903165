"""Authority and witnesses after a seal: asked side by side, in one time."""
import json
import socket
import threading
import time
import unittest

import cli_case
import tsa
from witness_case import WitnessCase

SECONDS_MAX = 5
SLACK_SECONDS = 3  # of a machine that is busy; one after the other takes 10


class Outside(WitnessCase):
    def setUp(self):
        super().setUp()
        self.archive = self.new_archive()
        self.authseal("ingest", self.archive, "-",
                      stdin=cli_case.lines_of(5))
        run = self.authseal("witness", "init", "--key", "w.key", "--name",
                            "w.example/1", "--json")
        self.vkey = json.loads(run.stdout)["verification_key"]

    def mute(self):
        """URL of a peer that takes connections and says nothing."""
        peer = socket.socket()
        self.addCleanup(peer.close)
        peer.bind(("127.0.0.1", 0))
        peer.listen(8)
        return f"http://127.0.0.1:{peer.getsockname()[1]}"

    def seal(self, authority, witness, *options):
        return self.authseal("seal", self.archive, "--tsa", authority,
                             "--witness", f"{witness}={self.vkey}", *options)

    def test_each_is_asked_while_the_other_has_not_answered(self):
        both_asked = threading.Barrier(2)

        def meet():
            try:
                both_asked.wait(cli_case.TIMEOUT_SECONDS)
            except threading.BrokenBarrierError:
                pass

        def stamp(_):
            meet()
            return 503, b"met"

        def cosign():
            meet()
            return b"met"

        self.addCleanup(both_asked.abort)
        with tsa.served(stamp) as (url, _):
            told = self.seal(url, self.scripted(418, cosign)).stderr.decode()
        # Nobody waited in vain: both answers are these, no time-outs.
        self.assertIn("status 503", told)
        self.assertIn("418", told)

    def test_both_dead_cost_the_time_of_one(self):
        begin = time.monotonic()
        run = self.seal(self.mute(), self.mute())
        self.assertLess(time.monotonic() - begin, SECONDS_MAX + SLACK_SECONDS)
        told = run.stderr.decode()
        order = [told.index(words) for words in
                 ("warning: no timestamp for the checkpoint of 6 records",
                  "note: the seal stands",
                  "warning: the witness w.example/1 did not cosign 6 records")]
        self.assertEqual(order, sorted(order), told)
        self.assertIn(b"sealed epoch 0", run.stdout)
        names = {path.name for path in self.archive.glob("checkpoints/*")}
        self.assertEqual(names, {"000000000006.note", "000000000006.tsq"})
        self.verify(self.archive)

    def test_a_good_authority_beside_a_dead_witness_and_the_reverse(self):
        witness = self.start_witness(self.key_of(self.archive), name="good")
        self.vkey = witness.vkey
        authority = tsa.Tsa(self.dir / "tsa")
        with tsa.served(lambda body: (200, authority.reply(body))) as (url, _):
            self.seal(url, "http://127.0.0.1:1")
        self.seal("http://127.0.0.1:1/", witness.url)
        names = {path.name for path in self.archive.glob("checkpoints/*")}
        self.assertEqual(names, {
            "000000000006.note", "000000000006.tsq", "000000000006.tsr",
            "000000000007.note", "000000000007.tsq", "000000000006.cosig",
            "000000000007.cosig"})
        with tsa.served(lambda body: (200, authority.reply(body))) as (url, _):
            run = self.seal(url, witness.url, "--json")
        self.assertEqual(run.stderr, b"")
        self.assertEqual(
            len(list(self.archive.glob("checkpoints/*.tsr"))), 3)
        policy = self.policy((witness.url, witness.vkey))
        self.verify(self.archive, "--policy", policy, "--tsa-ca", authority.ca,
                    "--require-timestamp", "--require-witness", 1)


if __name__ == "__main__":
    unittest.main()
