"""What options are given: nothing asked for is dropped in silence, and no
option takes the word behind its value."""
import re
import subprocess
import unittest

import cli_case
from cli_case import USAGE

TARGETS = {"init": ("x", "--origin", "o"), "ingest": ("archive", "-"),
           "seal": ("archive",), "stamp": ("archive",), "sign": ("request",),
           "verify": ("archive",), "compare": ("a", "b"),
           "query": ("archive", "--all"), "export": ("archive", "--out", "x"),
           "status": ("archive",), "rotate": ("archive",),
           "reopen": ("archive",), "recover": ("archive",)}


class OptionValues(cli_case.CliCase):
    def options_with_values(self, command):
        text = self.authseal(command, "--help").stdout.decode()
        return re.findall(r"(?m)^  (--[a-z-]+) (?:[A-Z]{2,}\b|\{)", text)

    def test_an_empty_value_is_refused_by_every_option(self):
        self.sealed_archive(3)
        tried = 0
        for command, words in TARGETS.items():
            for option in self.options_with_values(command):
                with self.subTest(command=command, option=option):
                    for empty in ((option, ""), (f"{option}=",)):
                        run = self.authseal(command, *words, *empty,
                                            status=USAGE)
                        self.assertIn(option.encode(), run.stderr)
                    tried += 1
        self.assertGreater(tried, 90)

    def test_a_policy_that_was_not_set_is_not_enforced_in_silence(self):
        archive = self.sealed_archive(3)
        for option in ("--policy", "--key", "--after-checkpoint", "--tsa-ca"):
            run = self.authseal("verify", archive, option, "", status=USAGE)
            self.assertNotIn(b"VERIFIED", run.stdout)
            self.assertIn(b"an empty value", run.stderr)

    def test_an_option_takes_one_word(self):
        archive = self.sealed_archive(3)
        mapping = self.write("m.yaml", b"name: mine\nrecognise: [/mine]\n"
                             b"fields: {raw_kind: /mine}\n")
        log = self.write("mine.log", b'{"mine":"a"}\n')
        self.authseal("ingest", "--mapping", mapping, archive, log)
        self.authseal("ingest", archive, "--mapping", mapping, log)
        self.authseal("query", "--mapping", mapping, archive, "--all")
        note = next(archive.glob("checkpoints/*.note"))
        self.authseal("verify", "--checkpoint", note, archive, "--key",
                      f"{archive}.keys/identity.pub")


if __name__ == "__main__":
    unittest.main()
