"""Help is there, and the manual pages know every option that it shows."""
import re
import subprocess
import unittest

import cli_case
from cli_case import USAGE

COMMANDS = ("init", "ingest", "seal", "stamp", "verify", "query", "export",
            "status", "mappings")


def flags_in(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


def flags_of(page):
    """Options in a manual page, whose Fl macro puts one '-' before each."""
    text = page.read_text("utf-8").replace("\\-", "-")
    return flags_in(re.sub(r"(?m)^(\..*\bFl\b.*)$",
                           lambda line: line[1].replace(" -", " --"), text))


class Documentation(cli_case.CliCase):
    def help_of(self, *command):
        run = self.authseal(*command, "--help")
        self.assertEqual(run.stderr, b"")
        return run.stdout.decode()

    def test_help_lists_every_command(self):
        text = self.help_of()
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^  {command} ")

    def test_every_command_has_help(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                text = self.help_of(command)
                self.assertIn(f"authseal {command}", text)
                self.assertIn("Exit status", text)

    def test_no_command_shows_the_usage(self):
        run = self.authseal(status=USAGE)
        self.assertIn(b"Usage: authseal", run.stdout + run.stderr)

    def test_an_unknown_command_or_option_is_a_usage_error(self):
        self.assert_refused("sael", "archive", status=USAGE)
        self.assert_refused("seal", "archive", "--nwo", status=USAGE)

    def test_version_is_one_line(self):
        self.assertRegex(self.authseal("--version").stdout.decode(),
                         r"\Aauthseal \d+\.\d+\.\d+\n\Z")

    def test_every_option_is_in_the_manual(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                path = cli_case.SOURCE_DIR / "man" / f"authseal-{command}.1"
                self.assertTrue(path.is_file(), f"there is no {path.name}")
                missing = flags_in(self.help_of(command)) - flags_of(path)
                self.assertEqual(missing - {"--help"}, set())

    def test_manual_pages_are_well_formed(self):
        pages = sorted((cli_case.SOURCE_DIR / "man").glob("*.[1-9]"))
        self.assertTrue(pages)
        try:
            run = subprocess.run(
                ["mandoc", "-T", "lint", "-W", "error", *map(str, pages)],
                capture_output=True, check=False)
        except FileNotFoundError:
            self.skipTest("mandoc is not installed")
        self.assertEqual(run.returncode, 0, run.stdout.decode())


if __name__ == "__main__":
    unittest.main()
