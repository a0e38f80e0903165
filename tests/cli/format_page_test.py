"""The worked example of authseal-format(5) is the golden archive it names."""
import re
import unittest

import cli_case

PAGE = cli_case.SOURCE_DIR / "man" / "authseal-format.5"
ARCHIVE = (cli_case.SOURCE_DIR / "testdata" / "golden" / "v1" / "example" /
           "archive")


class FormatPage(unittest.TestCase):
    def example(self):
        text = PAGE.read_text()
        return text[text.index(".Sh EXAMPLE"):text.index(".Sh VERSIONS")]

    def test_hex_dump_is_the_segment(self):
        dumped = bytearray()
        for line in self.example().split("\n"):
            match = re.fullmatch(r"([0-9a-f]{4})  ((?:[0-9a-f]{2} ?)+)", line)
            if match:
                self.assertEqual(int(match[1], 16), len(dumped), line)
                dumped += bytes.fromhex(match[2])
        stored = (ARCHIVE / "segments" / "000000000000.jsonl.zst").read_bytes()
        self.assertEqual(bytes(dumped), stored)

    def test_notes_are_the_archive_s(self):
        page = self.example().replace("\\(em", "\u2014")
        for name in ("archive.note", "checkpoints/000000000003.note"):
            self.assertIn((ARCHIVE / name).read_text(), page)


if __name__ == "__main__":
    unittest.main()
