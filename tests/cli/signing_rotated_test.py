"""The signer of a log whose identity key was rotated, or whose epoch was
reopened, while the key was lent to its host."""
import base64
import json
import os
import shutil
import unittest

from cli_case import FINDINGS, KEY, USAGE
from signing_test import SigningCase


class RotatedAndReopened(SigningCase):
    """The key directory has the identity key for a while; the signer's store
    goes through it."""

    def lent(self):
        """An archive off host, with the identity key brought to its host."""
        archive = self.off_host_archive()
        self.publish(archive, records=5)
        self.lend(archive)
        return archive

    def lend(self, archive):
        shutil.copy(self.dir / "signer.key", f"{archive}.keys/identity.key")

    def take_back(self, archive):
        os.replace(f"{archive}.keys/identity.key", self.dir / "signer.key")

    def rotated(self):
        archive = self.lent()
        shutil.copy(self.dir / "signer.key", self.dir / "old.key")
        self.authseal("rotate", archive)
        self.take_back(archive)
        return archive

    def request_from(self, archive, size, name="request"):
        self.authseal("seal", archive, "--request", name, "--from", size)
        return self.dir / name

    def test_the_new_key_goes_on_where_the_old_one_signed(self):
        archive = self.rotated()
        self.sign(self.request_from(archive, 6))
        self.authseal("seal", archive, "--response", "response")
        self.publish(archive, records=3)
        result = self.verify(archive)
        self.assertEqual(result["checkpoint_size"], result["tree_size"])
        self.assertEqual(len(result["identities"]), 2)

    def test_a_signer_that_is_new_sees_the_rotation_in_the_request(self):
        archive = self.rotated()
        shutil.rmtree(self.dir / "store")
        self.sign(self.request_from(archive, 0), "--new-log")

    def test_the_old_key_signs_no_more(self):
        archive = self.rotated()
        request = self.request_from(archive, 6)
        text = request.read_bytes()
        shutil.copy(self.dir / "signer.key", self.dir / "new.key")
        shutil.copy(self.dir / "old.key", self.dir / "signer.key")
        run = self.sign(request, status=KEY)
        self.assertIn(b"rotated away", run.stderr)
        shutil.copy(self.dir / "new.key", self.dir / "signer.key")
        self.sign(request)
        # A host that hides the rotation.
        hidden = b"".join(line for line in text.splitlines(True)
                          if not line.startswith(b"rotation "))
        self.assertNotEqual(hidden, text)
        self.write("hidden", hidden)
        self.assert_not_signed("hidden", "genesis-mismatch")
        shutil.copy(self.dir / "old.key", self.dir / "signer.key")
        self.assert_not_signed("hidden", "key-changed")

    def test_a_rotation_is_checked_and_its_place_too(self):
        archive = self.rotated()
        request = self.request_from(archive, 6)
        lines = request.read_bytes().splitlines(True)
        at = next(i for i, line in enumerate(lines)
                  if line.startswith(b"rotation "))
        _, size, note = lines[at].split()
        bad = bytearray(base64.b64decode(note))
        bad[-5] ^= 1
        for change in (b"rotation 8 " + note + b"\n",
                       b"rotation " + size + b" " + base64.b64encode(bad) +
                       b"\n"):
            lines[at] = change
            run = self.sign(self.write("bad", b"".join(lines)),
                            status=FINDINGS, out="refused")
            self.assertIn(b"authseal: finding: ", run.stderr)
            self.assertFalse((self.dir / "refused").exists())
        lines[at] = b"rotation " + size + b" " + note + b"\n"
        self.sign(self.write("good", b"".join(lines)))

    def test_the_tree_that_the_old_key_signs_is_not_the_new_ones(self):
        archive = self.rotated()
        self.authseal("seal", archive, "--request", "r", "--no-seal",
                      "--from", "6")
        run = self.sign("r", status=USAGE)
        self.assertIn(b"rotated at 7 records", run.stderr)

    def test_a_reopened_epoch_is_signed_only_when_it_is_known(self):
        archive = self.lent()
        os.remove(f"{archive}.keys/epoch.key")
        statement = self.json_of("reopen", archive)["statement"]
        self.take_back(archive)
        request = self.request_from(archive, 6)
        another = "0" * len(statement)
        for known in (None, "0", f"0:{statement}", f"1:{another}"):
            options = () if known is None else ("--accept-reopened", known)
            run = self.sign(request, *options, status=USAGE)
            self.assertIn(b"epoch 1 was reopened", run.stderr)
            self.assertIn(f"--accept-reopened 1:{statement}".encode(),
                          run.stderr)
        self.sign(request, "--accept-reopened", "1:12", status=USAGE)
        run = self.sign(request, "--accept-reopened", f"1:{another}",
                        "--accept-reopened", f"1:{statement}", "--json")
        self.assertEqual(json.loads(run.stdout)["reopened"],
                         [{"epoch": 1, "statement": statement}])
        self.authseal("seal", archive, "--response", "response")
        self.publish(archive, records=2)  # said once
        self.verify(archive, "--accept-reopened", "1")

    def test_a_reopen_statement_by_another_key_is_no_seal(self):
        archive = self.lent()
        os.remove(f"{archive}.keys/epoch.key")
        self.authseal("reopen", archive)
        self.take_back(archive)
        request = self.request_from(archive, 6).read_bytes().splitlines(True)
        at = next(i for i, line in enumerate(request)
                  if line.startswith(b"seal "))
        words = request[at].split()
        footer = bytearray(base64.b64decode(words[1]))
        footer[-1] ^= 1  # of the signature
        words[1] = base64.b64encode(footer)
        request[at] = b" ".join(words) + b"\n"
        self.assert_not_signed(self.write("bad", b"".join(request)),
                               "seal-invalid", "--accept-reopened", "1")


if __name__ == "__main__":
    unittest.main()
