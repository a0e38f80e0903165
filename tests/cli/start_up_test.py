"""What the program loads when it starts, and what it says without libcurl."""
import pathlib
import subprocess
import unittest

import cli_case
from cli_case import BINARY, TEMPORARY
from witness_case import WitnessCase


class StartUp(WitnessCase):
    def without_libcurl(self):
        """From now on the file in libcurl's place is no library."""
        folder = self.dir / "no-curl"
        folder.mkdir()
        (folder / "libcurl.so.4").touch()
        self.environment["LD_LIBRARY_PATH"] = str(folder)

    @staticmethod
    def mapped_by(process):
        return pathlib.Path(f"/proc/{process.pid}/maps").read_text()

    def test_libcurl_and_what_it_brings_are_not_linked(self):
        run = subprocess.run([BINARY], env={"LD_TRACE_LOADED_OBJECTS": "1"},
                             capture_output=True, check=True)
        self.assertIn(b"libsimdjson", run.stdout)
        for library in (b"libcurl", b"libmicrohttpd", b"libgnutls",
                        b"libldap", b"libkrb5", b"libnghttp2", b"libssl"):
            self.assertNotIn(library, run.stdout)

    def test_a_running_program_that_asks_nobody_maps_no_libcurl(self):
        archive = self.new_archive()
        witness = self.start_witness(self.key_of(archive))
        mapped = self.mapped_by(witness.process)
        self.assertIn("libsimdjson", mapped)
        self.assertNotIn("libcurl", mapped)

    def test_whatever_speaks_no_http_does_without_libcurl(self):
        self.without_libcurl()
        archive = self.sealed_archive()
        self.authseal("--version")
        self.authseal("verify", archive, "--key", self.key_of(archive))
        self.authseal("query", archive, "--key", self.key_of(archive))

    def test_a_missing_libcurl_is_said_and_the_seal_stands(self):
        archive = self.new_archive()
        witness = self.start_witness(self.key_of(archive))
        policy = self.policy((witness.url, witness.vkey),
                             log=self.log_key(archive))
        self.authseal("ingest", archive, "-", stdin=cli_case.lines_of(3))
        self.without_libcurl()
        sealed = self.json_of("seal", archive, "--policy", policy)
        self.assertFalse(sealed["witnesses"][0]["cosigned"])
        self.assertIn("libcurl", sealed["witnesses"][0]["error"])
        self.verify(archive)

    def test_a_missing_libcurl_is_said_with_what_to_install(self):
        archive = self.sealed_archive()
        self.without_libcurl()
        run = self.authseal("stamp", archive, "--tsa", "http://127.0.0.1:1/",
                            status=TEMPORARY)
        self.assertIn(b"no HTTP without libcurl", run.stderr)
        self.assertIn(b"apt install libcurl4", run.stderr)

    def test_a_missing_libmicrohttpd_is_said_with_what_to_install(self):
        folder = self.dir / "no-httpd"
        folder.mkdir()
        (folder / "libmicrohttpd.so.12").touch()
        archive = self.sealed_archive()
        self.authseal("witness", "init", "--key", "w.key", "--name",
                      "example.com/w")
        self.environment["LD_LIBRARY_PATH"] = str(folder)
        run = self.authseal("witness", "--key", "w.key", "--store",
                            "w.store", "--log", self.key_of(archive),
                            "--listen", "127.0.0.1:0", status=TEMPORARY)
        self.assertIn(b"cannot serve HTTP without libmicrohttpd", run.stderr)
        self.assertIn(b"apt install libmicrohttpd12", run.stderr)

    def test_each_command_is_found_by_its_name_alone(self):
        listed = self.authseal("--help").stdout.decode().split(
            "Subcommands:\n")[1].split("\n\n")[0].splitlines()
        self.assertGreater(len(listed), 10)
        for line in listed:
            name, text = line.split(maxsplit=1)
            shown = self.authseal(name, "--help").stdout.decode().splitlines()
            self.assertEqual(shown[0], text)
            self.assertTrue(shown[1].startswith(f"Usage: authseal {name}"))

    def test_an_archive_may_be_called_like_a_command(self):
        archive = self.sealed_archive(name="seal")
        self.assertEqual(archive.name, "seal")
        for command in ("status", "query", "verify"):
            self.authseal(command, "seal")


if __name__ == "__main__":
    unittest.main()
