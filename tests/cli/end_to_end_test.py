"""From an empty directory to evidence an auditor checks, by the book."""
import json
import unittest

import cli_case
from cli_case import DONE, KEY, NO_ARCHIVE, NOTHING, PARTIAL, USAGE, WEAKER

FIELDS = {
    "init": "archive origin verification_key genesis keys",
    "ingest": "lines blank records first_record end_record unparsed "
              "skipped_known scrubbed bytes_in bytes_stored sources",
    "seal": "epoch first_record end_record tree_size root segment checkpoint",
    "verify": "verdict exit target depth origin verification_key key_source "
              "tree_size root checkpoint_size unsealed_records segments "
              "records epochs previous witnesses timestamp trustworthy "
              "findings notes not_checked",
    "export": "out records withheld unsealed_skipped tree_size root",
}


class EndToEnd(cli_case.CliCase):
    def logs(self):
        return sorted(cli_case.LOGS_DIR.iterdir())

    def assert_fields(self, command, result):
        missing = set(FIELDS[command].split()) - set(result)
        self.assertEqual(missing, set(), f"{command} --json lacks fields")

    def test_the_five_commands_agree_with_each_other(self):
        archive = self.dir / "a"
        made = self.json_of("init", archive, "--origin", cli_case.ORIGIN)
        self.assert_fields("init", made)
        self.assertEqual(made["origin"], cli_case.ORIGIN)
        pin = (self.dir / "a.keys" / "identity.pub").read_text("utf-8")
        self.assertEqual(pin, f"{made['verification_key']}\n"
                              f"genesis {made['genesis']}\n")

        taken = self.json_of("ingest", archive, *self.logs(), status=PARTIAL)
        self.assert_fields("ingest", taken)
        sizes = sum(path.stat().st_size for path in self.logs())
        self.assertEqual(taken["bytes_in"], sizes)
        self.assertEqual(taken["first_record"], 0)
        self.assertEqual(taken["end_record"], taken["records"])
        self.assertGreater(taken["unparsed"], 0)
        self.assertEqual(
            [(s["name"], s["from"], s["to"]) for s in taken["sources"]],
            [(str(p), 0, p.stat().st_size) for p in self.logs()])

        sealed = self.json_of("seal", archive)
        self.assert_fields("seal", sealed)
        size = taken["records"] + 1  # the seal record
        self.assertEqual(
            (sealed["epoch"], sealed["first_record"], sealed["end_record"],
             sealed["tree_size"]), (0, 0, size, size))
        self.assertTrue((archive / "segments" / sealed["segment"]).is_file())
        self.assertTrue(
            (archive / "checkpoints" / sealed["checkpoint"]).is_file())

        verified = self.verify(archive)
        self.assert_fields("verify", verified)
        self.assertEqual(
            (verified["verdict"], verified["exit"], verified["depth"],
             verified["key_source"], verified["tree_size"], verified["root"],
             verified["checkpoint_size"], verified["unsealed_records"],
             verified["findings"], verified["trustworthy"]),
            ("verified", 0, "full", "option", size, sealed["root"], size, 0,
             [], [[0, size]]))
        self.assertEqual(verified["segments"], {"total": 1, "ok": 1})
        self.assertEqual(verified["records"], {"total": size, "ok": size})
        self.assertEqual(verified["verification_key"],
                         made["verification_key"])

        exported = self.json_of("export", archive, "--user",
                                "alice@example.com", "--out", "bundle")
        self.assert_fields("export", exported)
        self.assertEqual(exported["records"] + exported["withheld"], size)
        self.assertEqual((exported["tree_size"], exported["root"]),
                         (size, sealed["root"]))
        proven = self.verify("bundle", key=self.key_of(archive))
        self.assertEqual((proven["verdict"], proven["records"]["ok"]),
                         ("verified", exported["records"]))

    def test_queries_count_the_same_events_in_every_shape(self):
        archive = self.new_archive()
        self.authseal("ingest", archive, *self.logs(), status=PARTIAL)
        records = self.authseal("query", archive).stdout.splitlines()
        count = self.authseal("query", archive, "--count").stdout
        self.assertEqual(int(count), len(records))
        self.assertEqual(
            self.json_of("query", archive, "--count")["count"], len(records))
        events = self.authseal("query", archive, "--output",
                               "events").stdout.splitlines()
        by_kind = self.json_of("query", archive, "--by", "kind")["rows"]
        for row in by_kind:
            self.assertEqual(set(row), {"kind", "count", "share",
                                        "first_time", "last_time"})
        self.assertEqual(sum(row["count"] for row in by_kind), len(events))
        self.assertAlmostEqual(sum(row["share"] for row in by_kind), 1)
        steps = self.json_of("query", archive, "--histogram", "1d")["rows"]
        for row in steps:
            self.assertEqual(set(row), {"time", "count"})
        self.assertEqual(sum(row["count"] for row in steps), len(events))
        rows = self.json_of("query", archive)["rows"]
        self.assertEqual(rows, [json.loads(event) for event in events])
        reuse = self.authseal("query", archive, "--event", "token.reuse",
                              "--output", "events").stdout.splitlines()
        self.assertEqual(
            len(reuse), next(row["count"] for row in by_kind
                             if row["kind"] == "token.reuse"))

    def test_control_records_show_only_when_asked_for(self):
        archive = self.sealed_archive(5)
        self.assertEqual(
            self.authseal("query", archive).stdout, cli_case.lines_of(5))
        everything = self.authseal("query", archive, "--all").stdout
        self.assertTrue(everything.startswith(cli_case.lines_of(5)))
        self.assertIn(b'{"authseal":{"seal":', everything)
        self.assertEqual(everything.count(b"\n"), 6)

    def test_verdict_line_agrees_with_the_exit_status(self):
        archive = self.sealed_archive()
        key = self.key_of(archive)
        run = self.authseal("verify", archive, "--key", key)
        self.assertTrue(run.stdout.startswith(b"VERIFIED "), run.stdout)
        self.assertEqual(run.stdout.count(b"\n"), 1)
        quiet = self.authseal("verify", archive, "--key", key, "--quiet")
        self.assertEqual((quiet.stdout, quiet.stderr), (b"", b""))
        cli_case.segments_of(archive)[0].unlink()
        for depth in ((), ("--quick",), ("-q",), ("-v",)):
            run = self.authseal("verify", archive, "--key", key, *depth,
                                status=cli_case.FINDINGS)
            self.assertIn(b"NOT VERIFIED ", run.stdout)
            self.assertNotIn(b"\nVERIFIED ", b"\n" + run.stdout)

    def test_weaknesses_become_exit_status_3_only_when_required(self):
        archive = self.sealed_archive()
        key = self.key_of(archive)
        self.authseal("ingest", archive, "-", stdin=cli_case.lines_of(1, 30))
        strong = ("verify", archive, "--key", key)
        self.authseal(*strong, "--require-pin", "--require-checkpoint")
        self.authseal(*strong, "--require-sealed", status=WEAKER)
        self.authseal(*strong, "--require-witness", 1, status=WEAKER)
        self.authseal(*strong, "--require-timestamp", status=WEAKER)
        self.authseal("verify", archive, "--no-state", "--require-pin",
                      status=WEAKER)

    def test_unsealed_records_are_left_out_of_evidence(self):
        archive = self.sealed_archive(3)
        self.authseal("ingest", archive, "-", stdin=cli_case.lines_of(2, 3))
        exported = self.json_of("export", archive, "--out", "b",
                                status=PARTIAL)
        self.assertEqual(exported["unsealed_skipped"], 2)
        self.assertEqual(self.authseal("query", archive, "--no-unsealed",
                                       "--count").stdout, b"3\n")

    def test_an_empty_answer_can_be_a_status(self):
        archive = self.sealed_archive()
        self.authseal("query", archive, "--user", "nobody")
        self.authseal("query", archive, "--user", "nobody",
                      "--fail-if-empty", status=NOTHING)

    def test_an_empty_seal_is_a_heartbeat(self):
        archive = self.sealed_archive(2)
        beat = self.json_of("seal", archive)
        self.assertEqual((beat["epoch"], beat["first_record"],
                          beat["end_record"]), (1, 3, 4))
        self.assertEqual(self.verify(archive)["tree_size"], 4)

    def test_init_touches_nothing_that_exists(self):
        archive = self.sealed_archive()
        before = {path: path.read_bytes() for path in self.dir.rglob("*")
                  if path.is_file()}
        self.assert_refused("init", archive, "--origin", "example.com/b",
                            status=USAGE)
        self.assertEqual(before, {path: path.read_bytes() for path in
                                  self.dir.rglob("*") if path.is_file()})

    def test_reading_writes_nothing_into_the_archive(self):
        archive = self.sealed_archive()
        before = {path: path.stat().st_mtime_ns
                  for path in [archive, *archive.rglob("*")]}
        self.authseal("verify", archive, "--derived")
        self.authseal("query", archive, "--by", "kind")
        self.authseal("export", archive, "--out", "bundle")
        self.authseal("status", archive)
        self.assertEqual(before, {path: path.stat().st_mtime_ns for path in
                                  [archive, *archive.rglob("*")]})

    def test_status_says_what_there_is(self):
        archive = self.sealed_archive(4)
        self.authseal("ingest", archive, "-", stdin=cli_case.lines_of(3, 4))
        result = self.json_of("status", archive)
        self.assertEqual((result["segments"], result["tree_size"],
                          result["unsealed_records"],
                          result["checkpoint_size"]), (1, 5, 3, 5))

    def test_mappings_lists_the_providers(self):
        providers = self.json_of("mappings")["providers"]
        self.assertTrue({"okta", "auth0", "keycloak_json", "generic"} <=
                        set(providers), providers)

    def test_every_error_has_a_json_form(self):
        archive = self.sealed_archive()
        cases = [
            (("verify", "nothing-here"), NO_ARCHIVE),
            (("query", "nothing-here"), NO_ARCHIVE),
            (("status", "nothing-here"), NO_ARCHIVE),
            (("seal", "nothing-here"), NO_ARCHIVE),
            (("ingest", "nothing-here", "-"), NO_ARCHIVE),
            (("export", "nothing-here", "--out", "b"), NO_ARCHIVE),
            (("init", archive, "--origin", "example.com/x"), USAGE),
            (("query", archive, "--no-such-option"), USAGE),
            (("query", archive, "--since", "once"), USAGE),
            (("ingest", archive, "-", "--seal-every", "soon"), USAGE),
            (("verify", archive, "--key", "no-key"), KEY),
            (("verify",), USAGE),
            (("mappings", "--none"), USAGE),
        ]
        for arguments, status in cases:
            with self.subTest(arguments=arguments):
                run = self.assert_refused(*arguments, "--json", status=status)
                error = json.loads(run.stdout)
                self.assertEqual(set(error), {"schema", "code", "exit",
                                              "message", "hint"})
                self.assertEqual((error["schema"], error["exit"]),
                                 ("authseal/error@1", status))
                self.assertTrue(error["message"] and error["hint"], error)

    def test_a_verifier_remembers(self):
        archive = self.sealed_archive()
        first = self.json_of("verify", archive)
        self.assertEqual((first["key_source"], first["previous"]),
                         ("first-use", None))
        again = self.json_of("verify", archive, "--require-pin")
        self.assertEqual(again["key_source"], "state")
        self.assertEqual(again["previous"]["size"], first["tree_size"])
        self.assertTrue(again["previous"]["consistent"])
        self.assertEqual(again["exit"], DONE)


if __name__ == "__main__":
    unittest.main()
