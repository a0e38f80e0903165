"""Which attack shows against which memory of a verifier."""
import shutil
import unittest

import cli_case
from cli_case import FINDINGS
from memory_case import MemoryCase, sign_note

# How the verifier knows what it knows.
MEMORIES = {
    "nothing": ["--no-state"],
    "key": ["--no-state", "--key", "VKEY"],
    "pin": ["--no-state", "--key", "pin"],
    "state": [],
    "checkpoint": ["--no-state", "--checkpoint", "kept.note"],
    "key+checkpoint": ["--no-state", "--key", "VKEY", "--checkpoint",
                       "kept.note"],
    "pin+checkpoint": ["--no-state", "--key", "pin", "--checkpoint",
                       "kept.note"],
    "pin+after": ["--no-state", "--key", "pin", "--after-checkpoint",
                  "kept.note"],
    "state+pin+checkpoint": ["--key", "pin", "--checkpoint", "kept.note"],
}

# For each attack and memory the findings; none where that memory cannot tell,
# and then the verdict has to say so.
GOING_BACK = {
    "nothing": "", "key": "", "pin": "", "state": "rollback",
    "checkpoint": "rollback", "key+checkpoint": "rollback",
    "pin+checkpoint": "rollback", "pin+after": "rollback",
    "state+pin+checkpoint": "rollback"}
FORKING = {memory: names and "fork" for memory, names in GOING_BACK.items()}
# Nothing of another log follows from the pinned one.
SWAPPED = ("chain-broken checkpoint-invalid genesis-mismatch key-changed "
           "origin-changed")
ATTACKS = {
    "older_copy": GOING_BACK,
    "sealed_segments_cut": GOING_BACK,
    "sealed_segments_cut_but_not_their_checkpoint": {
        memory: "rollback" for memory in MEMORIES},
    "fork_of_the_same_size": FORKING,
    "fork_that_is_longer": FORKING,
    # An older copy looks the same.
    "fork_that_is_shorter": GOING_BACK,
    "rebuilt_by_a_thief_of_the_identity_key": {
        "nothing": "", "key": "", "pin": "genesis-mismatch",
        "state": "fork genesis-mismatch", "checkpoint": "fork",
        "key+checkpoint": "fork",
        "pin+checkpoint": "fork genesis-mismatch",
        "pin+after": "fork genesis-mismatch",
        "state+pin+checkpoint": "fork genesis-mismatch"},
    "swapped_for_another_log": {
        "nothing": "", "key": "checkpoint-invalid key-changed origin-changed",
        "pin": SWAPPED, "state": SWAPPED,
        "checkpoint": "origin-changed",
        "key+checkpoint": "checkpoint-invalid key-changed origin-changed",
        "pin+checkpoint": SWAPPED, "pin+after": SWAPPED,
        "state+pin+checkpoint": SWAPPED},
    "signed_by_another_key": {
        "nothing": "", "key": "checkpoint-invalid key-changed",
        "pin": "checkpoint-invalid key-changed",
        "state": "checkpoint-invalid key-changed",
        "checkpoint": "key-changed",
        "key+checkpoint": "checkpoint-invalid key-changed",
        "pin+checkpoint": "checkpoint-invalid key-changed",
        "pin+after": "checkpoint-invalid key-changed",
        "state+pin+checkpoint": "checkpoint-invalid key-changed"},
}


class AttackAndMemory(MemoryCase):
    """The table above, one attack a test."""

    def setUp(self):
        super().setUp()
        self.archive = self.sealed_archive(10)
        self.old = self.copy(self.archive, "old")
        self.grow(self.archive)
        shutil.copy(self.key_of(self.archive), self.dir / "pin")
        self.vkey = (self.dir / "pin").read_text("utf-8").split("\n")[0]
        shutil.copy(self.archive / "checkpoints" / "000000000022.note",
                    self.dir / "kept.note")
        self.authseal("verify", self.archive, "--key", "pin")

    def older_copy(self):
        self.put(self.old, self.archive)

    def sealed_segments_cut(self):
        for folder in ("segments", "checkpoints"):
            for path in (self.archive / folder).iterdir():
                if int(path.name[:12]) >= (11 if folder == "segments" else 12):
                    path.unlink()

    def sealed_segments_cut_but_not_their_checkpoint(self):
        cli_case.segments_of(self.archive)[1].unlink()

    def fork(self, count):
        self.grow(self.old, count, 500)
        self.put(self.old, self.archive)

    def fork_of_the_same_size(self):
        self.fork(10)

    def fork_that_is_longer(self):
        self.fork(30)

    def fork_that_is_shorter(self):
        self.fork(3)

    def rebuilt_by_a_thief_of_the_identity_key(self):
        stolen = shutil.move(f"{self.archive}.keys", self.dir / "stolen")
        self.remove(self.archive)
        self.new_archive()
        keys = self.dir / "archive.keys"
        genesis = sign_note(self.archive / "archive.note", stolen)
        shutil.copy(stolen / "identity.key", keys)
        (keys / "identity.pub").write_text(f"{self.vkey}\ngenesis {genesis}\n")
        self.grow(self.archive, 40)

    def swapped_for_another_log(self):
        self.authseal("init", "other", "--origin", "example.com/other")
        self.grow(self.dir / "other", 40)
        self.put(self.dir / "other", self.archive)

    def signed_by_another_key(self):
        self.new_archive("other")
        keys = self.dir / "other.keys"
        genesis = sign_note(self.archive / "archive.note", keys)
        for note in self.archive.glob("checkpoints/*.note"):
            sign_note(note, keys)
        public = (keys / "identity.pub").read_text("utf-8").split("\n")[0]
        cli_case.overwrite(self.dir / "archive.keys" / "identity.pub",
                           f"{public}\ngenesis {genesis}\n".encode())

    def check(self, attack):
        getattr(self, attack)()
        remembered = self.states()
        self.assertEqual(set(ATTACKS[attack]), set(MEMORIES))
        for memory, names in ATTACKS[attack].items():
            with self.subTest(attack=attack, memory=memory):
                options = [self.vkey if option == "VKEY" else option
                           for option in MEMORIES[memory]]
                status = FINDINGS if names else cli_case.DONE
                result = self.json_of("verify", self.archive, *options,
                                      status=status)
                self.assertEqual(" ".join(cli_case.finding_names(result)),
                                 names, result["findings"])
                text = self.authseal("verify", self.archive, *options,
                                     status=status).stdout.decode()
                if names:
                    self.assertIn("NOT VERIFIED ", text)
                    continue
                self.assertIn("rollback and fork not excluded", text)
                self.assertIn("rollback and fork",
                              " ".join(result["not_checked"]))
                self.assertEqual("genesis:" in " ".join(
                    result["not_checked"]), memory == "key")
        self.assertEqual(self.states(), remembered)


def add_attack(name):
    setattr(AttackAndMemory, f"test_{name}", lambda self: self.check(name))


for attack_name in ATTACKS:
    add_attack(attack_name)


if __name__ == "__main__":
    unittest.main()
