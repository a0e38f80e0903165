"""An archive with a checkpoint, and an authority to have it timestamped by."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import cli_case
import tsa
from cli_case import DONE, VERIFY_PY


class StampedCase(cli_case.CliCase):
    @classmethod
    def setUpClass(cls):
        if shutil.which("openssl") is None:
            raise unittest.SkipTest("openssl is not installed")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="authseal-tsa-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.shared, cls.stranger = (tsa.Tsa(folder / name)
                                    for name in ("tsa", "stranger"))

    def setUp(self):
        super().setUp()
        self.tsa = self.shared
        self.archive = self.sealed_archive(9)  # a checkpoint of 10 records
        self.note = self.archive / "checkpoints" / "000000000010.note"
        self.tsq, self.tsr = (self.note.with_suffix(end)
                              for end in (".tsq", ".tsr"))

    def answer(self, body):
        return 200, self.tsa.reply(body)

    def stamp(self, *options, status=DONE, answer=None, archive=None):
        """What stamp --tsa said, and what the TSA was asked."""
        with tsa.served(answer or self.answer) as (url, seen):
            run = self.authseal("stamp", archive or self.archive, "--tsa", url,
                                *options, status=status)
        return run, seen

    def stamped(self):
        self.stamp()
        return self.tsr.read_bytes()

    def judge(self, *options, status=DONE):
        return self.verify(self.archive, "--no-state", *options, status=status)

    def trusted(self, *options, status=DONE):
        return self.judge("--tsa-ca", self.tsa.ca, *options, status=status)

    def verify_py(self, target, *options):
        return subprocess.run(
            [sys.executable, "-B", VERIFY_PY, target, "--key",
             self.dir / self.key_of(self.archive), *options],
            capture_output=True, check=False, text=True)
