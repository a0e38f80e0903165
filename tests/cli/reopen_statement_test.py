"""--accept-reopened: one statement, or whatever is there, which is said."""
import os
import shutil
import subprocess
import sys
import unittest

import cli_case
from cli_case import DONE, USAGE, WEAKER


class Statement(cli_case.CliCase):
    def setUp(self):
        super().setUp()
        self.archive = self.sealed_archive(5)
        os.remove(f"{self.archive}.keys/epoch.key")
        self.other = self.dir / "other"
        shutil.copytree(self.archive, self.other)
        shutil.copytree(f"{self.archive}.keys", f"{self.other}.keys")
        self.whole, self.foreign = (
            f"1:{self.json_of('reopen', archive)['statement']}"
            for archive in (self.archive, self.other))
        self.assertNotEqual(self.whole, self.foreign)

    def accept(self, *texts, status=DONE, options=("--no-state",)):
        words = [word for text in texts
                 for word in ("--accept-reopened", text)]
        return self.authseal("verify", *options, *words, self.archive, "--key",
                             self.key_of(self.archive), status=status)

    def test_what_verify_says_to_type_is_what_it_takes(self):
        run = self.accept(status=WEAKER)
        typed = run.stdout.decode().split("--accept-reopened ")[1].split()[0]
        self.assertEqual(typed, self.whole)
        self.assertEqual(self.verify(self.archive, "--no-state",
                                     status=WEAKER)["reopened"][0]["statement"],
                         self.whole[2:])
        self.assertNotIn(b"accepts whatever", self.accept(typed).stderr)

    def test_another_statement_of_the_epoch_is_not_accepted(self):
        run = self.accept(self.foreign, status=WEAKER)
        self.assertIn(b"warning: epoch 1 was reopened by another statement",
                      run.stderr)
        self.assertIn(self.whole.encode(), run.stderr)
        self.accept(self.whole.replace("1:", "2:"), status=WEAKER)
        self.accept(self.foreign, self.whole)

    def test_a_number_alone_accepts_whatever_is_there_and_says_so(self):
        run = self.accept("1")
        self.assertIn(b"note: --accept-reopened 1 accepts whatever statement",
                      run.stderr)
        self.assertIn(self.whole.encode(), run.stderr)
        self.assertEqual(self.accept("1", options=("--no-state", "-q")).stderr,
                         b"")
        # Once remembered it is that one statement: nothing to say.
        self.accept("1", options=())
        self.assertEqual(self.accept("1", options=()).stderr.count(b"whatever"),
                         0)

    def test_what_is_no_statement_is_usage(self):
        for text in ("", "x", "1:", "1:00", ":" + self.whole[2:], "-1", "1 ",
                     self.whole + "0", self.whole[:-1] + "g", "1:" + self.whole,
                     "99999999999999999999", "0x1", "+1"):
            with self.subTest(text):
                run = self.accept(text, status=USAGE)
                self.assertIn(b"EPOCH:STATEMENT", run.stderr)

    def test_a_bundle_and_the_second_verifier_take_it_too(self):
        self.authseal("export", self.archive, "--out", "b")
        key = self.key_of(self.archive)
        for target in (self.archive, self.dir / "b"):
            for text, status in (("1", DONE), (self.whole, DONE),
                                 (self.foreign, WEAKER), ("2", WEAKER)):
                with self.subTest(target=target.name, text=text):
                    self.verify(target, "--no-state", "--accept-reopened",
                                text, status=status, key=key)
                    run = subprocess.run(
                        [sys.executable, "-B", str(cli_case.VERIFY_PY),
                         str(target), "--key", str(key), "--accept-reopened",
                         text], cwd=self.dir, capture_output=True, check=False)
                    self.assertEqual(run.returncode, status, run.stdout)
                    self.assertIn(self.whole.encode(), run.stdout)


if __name__ == "__main__":
    unittest.main()
