"""What an incident responder asks an archive, and what it answers."""
import csv
import io
import json
import unittest

import cli_case
from cli_case import FINDINGS, NOTHING, USAGE

TRACES_DIR = cli_case.SOURCE_DIR / "testdata" / "traces"
# The stolen token and what came of it; see testdata/traces.
FIRST_REFRESH_TOKEN = b"Rt1-EXAMPLE-Fg1Hi3Jk5Lm7No9Pq2Rs4Tu6Vw8Xy0Z"
GRANT = "Gk2wXb5mQ8rT1nYc7LpZs0VdHf4JuEa9oIe3RtKx6Mb"
FAMILY = "fam-2f60d1c4a7"


class Investigation(cli_case.CliCase):
    def archive_of(self, *paths):
        archive = self.new_archive()
        self.authseal("ingest", archive, *paths)
        self.authseal("seal", archive)
        return archive

    def trace(self, archive, value, *options, **more):
        return self.json_of("query", archive, "--trace", value, *options,
                            **more)

    def gaps(self, result):
        return [(gap["name"], gap["record"], gap.get("cause_record"))
                for gap in result["gaps"]]

    def records(self, result):
        return [row["record"] for row in result["rows"]]


class StolenRefreshToken(Investigation):
    def test_the_token_itself_finds_its_whole_grant(self):
        archive = self.archive_of(TRACES_DIR / "node_oidc_provider.jsonl")
        path = self.write("leaked.txt", FIRST_REFRESH_TOKEN + b"\n")
        result = self.json_of("query", archive, "--trace-file", path)
        # All but the last refusal, which names nothing.
        self.assertEqual(self.records(result), list(range(14)))
        self.assertEqual(self.gaps(result), [
            ("issued-never-seen-again", 1, None),
            ("used-after-revocation", 11, 8),
            ("used-after-revocation", 12, 9)])
        self.assertTrue(result["trace"]["complete"])
        # The reuse has no token in it: the request ties it.
        reuse = result["rows"][10]
        self.assertEqual(reuse["kind"], "token.reuse")
        self.assertNotIn("token_family", reuse)
        links = {link["value"]: link for link in result["links"]}
        self.assertEqual(links[GRANT]["kind"], "family")
        self.assertTrue(links[reuse["request_id"]]["followed"])
        from_stdin = self.json_of("query", archive, "--trace-file", "-",
                                  stdin=FIRST_REFRESH_TOKEN)
        self.assertEqual(from_stdin, result)
        self.assertEqual(self.records(self.trace(archive, GRANT)),
                         list(range(14)))

    def test_a_family_that_is_refreshed_after_its_reuse_was_detected(self):
        archive = self.archive_of(TRACES_DIR / "auth0.jsonl")
        result = self.trace(archive, FAMILY)
        self.assertEqual([row["kind"] for row in result["rows"]], [
            "login", "token.issue", "token.refresh", "token.refresh",
            "token.reuse", "token.revoke", "token.refresh", "token.refresh"])
        self.assertEqual(self.gaps(result), [
            ("issued-never-seen-again", 1, None),
            ("used-after-revocation", 6, 5),
            ("refreshed-after-reuse", 6, 4),
            ("refused-after-revocation", 7, 5),
            ("refused-after-reuse", 7, 4)])
        levels = {gap["name"]: gap["level"] for gap in result["gaps"]}
        self.assertEqual(levels["refreshed-after-reuse"], "alarm")
        self.assertEqual(levels["refused-after-reuse"], "notice")

    def test_okta_names_no_family_so_the_user_is_traced(self):
        archive = self.archive_of(cli_case.LOGS_DIR / "okta.jsonl")
        result = self.trace(archive, "alice@example.com")
        self.assertEqual(
            [gap for gap in self.gaps(result)
             if gap[0] != "issued-never-seen-again"],
            [("refused-after-reuse", 16, 14), ("refused-after-reuse", 17, 14)])
        stolen = self.trace(archive, "oar12kTZAtvmdwLX0RGT")
        self.assertEqual(self.records(stolen), [0, 1, 2, 3, 4, 5, 6, 18])

    def test_keycloaks_session_ties_it_together(self):
        archive = self.archive_of(cli_case.LOGS_DIR / "keycloak.jsonl")
        result = self.trace(archive, "7f05178f-e6e0-0b13-a7e1-020c2733824d")
        self.assertEqual(self.records(result), [0, 1, 2, 3, 4, 40])
        self.assertIn(("refused-after-reuse", 4, 3), self.gaps(result))

    def test_two_servers_in_one_archive_stay_apart(self):
        archive = self.archive_of(TRACES_DIR / "auth0.jsonl",
                                  TRACES_DIR / "node_oidc_provider.jsonl")
        result = self.trace(archive, FAMILY)
        self.assertEqual({row["provider"] for row in result["rows"]},
                         {"auth0"})
        both = self.trace(archive, FAMILY, "--trace", GRANT)
        self.assertEqual({row["provider"] for row in both["rows"]},
                         {"auth0", "node_oidc_provider"})
        self.assertEqual({match["server"] for match in both["trace"]["matched"]},
                         {"auth0", "node_oidc_provider"})


class Trace(Investigation):
    def test_every_format_shows_the_same_life(self):
        archive = self.archive_of(TRACES_DIR / "auth0.jsonl")
        lines = (TRACES_DIR / "auth0.jsonl").read_bytes().splitlines(True)
        query = ("query", archive, "--trace", FAMILY)
        for output in ("jsonl", "raw"):
            run = self.authseal(*query, "--output", output)
            self.assertEqual(run.stdout, b"".join(lines[:8]))
        events = [json.loads(line) for line in self.authseal(
            *query, "--output", "events").stdout.splitlines()]
        rows = self.json_of(*query)["rows"]
        self.assertEqual(events, rows)
        table = list(csv.DictReader(io.StringIO(self.authseal(
            *query, "--output", "csv").stdout.decode(), newline="")))
        self.assertEqual([row["token_id"] for row in table],
                         [row.get("token_id", "") for row in rows])
        text = self.authseal(*query, "--output", "table").stdout.decode()
        self.assertIn("    ! used-after-revocation (record 5, "
                      "2026-04-07T07:00:01Z)\n", text)
        self.assertTrue(text.endswith("8 events, 2 alarms, 3 notices\n"), text)
        fields = self.authseal(*query, "--output", "table", "--fields",
                               "record,kind").stdout.decode().splitlines()
        self.assertEqual(fields[1].split(), ["0", "login"])
        self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_order_is_time_for_events_and_the_archives_for_records(self):
        lines = (TRACES_DIR / "auth0.jsonl").read_bytes().splitlines(True)
        late = b"".join(reversed(lines[:8]))
        archive = self.archive_of(self.write("late.jsonl", late))
        query = ("query", archive, "--trace", FAMILY)
        self.assertEqual(self.authseal(*query).stdout, late)
        result = self.json_of(*query)
        self.assertEqual(self.records(result), list(range(7, -1, -1)))
        self.assertIn(("refreshed-after-reuse", 1, 3), self.gaps(result))

    def test_filters_hide_but_do_not_cut(self):
        archive = self.archive_of(TRACES_DIR / "auth0.jsonl")
        result = self.trace(archive, "jti-5e1a70c9b2", "--outcome", "success",
                            "--since", "2026-04-07T07:00:02Z")
        self.assertEqual(self.records(result), [6])
        self.assertEqual(result["trace"]["events"], 8)
        self.assertEqual([gap[0] for gap in self.gaps(result)],
                         ["used-after-revocation", "refreshed-after-reuse"])
        limited = self.trace(archive, FAMILY, "--limit", "2")
        self.assertEqual(self.records(limited), [0, 1])

    def test_counts_are_of_the_trace(self):
        archive = self.archive_of(TRACES_DIR / "auth0.jsonl")
        query = ("query", archive, "--trace", FAMILY)
        self.assertEqual(self.authseal(*query, "--count").stdout, b"8\n")
        by_ip = self.json_of(*query, "--by", "ip", "--event", "token.refresh")
        self.assertEqual([(row["ip"], row["count"]) for row in by_ip["rows"]],
                         [("192.0.2.66", 3), ("203.0.113.7", 1)])
        days = self.json_of(*query, "--histogram", "1d")
        self.assertEqual([row["count"] for row in days["rows"]], [4, 4])

    def test_a_second_delivery_is_no_second_use(self):
        path = TRACES_DIR / "auth0.jsonl"
        archive = self.archive_of(path, self.write("again.jsonl",
                                                   path.read_bytes()))
        result = self.trace(archive, FAMILY)
        self.assertEqual(len(result["rows"]), 16)
        self.assertEqual(len(result["gaps"]), 5)
        self.assertEqual(len(self.trace(archive, FAMILY, "--dedup")["rows"]), 8)

    def test_what_is_shared_by_many_ties_nothing_and_that_is_said(self):
        lines = b"".join(
            b'{"time":"2026-03-01T00:00:0%dZ","event":"login","sub":"user-%d",'
            b'"client_id":"web","session_id":"load-balancer"}\n' % (n, n)
            for n in range(9))
        archive = self.archive_of(self.write("shared.jsonl", lines))
        result = self.trace(archive, "user-3")
        self.assertEqual(self.records(result), [3])
        self.assertEqual(result["links"], [
            {"kind": "session", "server": "generic", "value": "load-balancer",
             "followed": False, "reason": "many-users"}])
        run = self.authseal("query", archive, "--trace", "user-3")
        self.assertIn(b'authseal: note: not followed: session "load-balancer" '
                      b"of generic names more than 4 users", run.stderr)

    def test_nothing_found(self):
        archive = self.archive_of(TRACES_DIR / "auth0.jsonl")
        self.assertEqual(self.trace(archive, "nobody")["rows"], [])
        self.authseal("query", archive, "--trace", "nobody", "--fail-if-empty",
                      status=NOTHING)
        self.authseal("query", archive, "--trace", FAMILY, "--event", "mfa",
                      "--fail-if-empty", status=NOTHING)

    def test_unsealed_records_can_be_left_out(self):
        archive = self.new_archive()
        self.authseal("ingest", archive, TRACES_DIR / "auth0.jsonl")
        self.assertEqual(len(self.trace(archive, FAMILY)["rows"]), 8)
        self.assertEqual(
            self.trace(archive, FAMILY, "--no-unsealed")["rows"], [])

    def test_a_token_does_not_belong_in_the_command_line(self):
        archive = self.archive_of(TRACES_DIR / "auth0.jsonl")
        token = "Bearer " + FIRST_REFRESH_TOKEN.decode()
        run = self.assert_refused("query", archive, "--trace", token,
                                  status=USAGE, words=["--trace-file"])
        self.assertNotIn(FIRST_REFRESH_TOKEN, run.stdout + run.stderr)
        self.authseal("query", archive, "--trace", "", status=USAGE)
        empty = self.write("empty.txt", b"\n")
        self.assert_refused("query", archive, "--trace-file", empty,
                            status=USAGE, words=["no token"])

    def test_explain_counts_all_passes(self):
        archive = self.archive_of(TRACES_DIR / "auth0.jsonl")
        run = self.authseal("query", archive, "--trace", "jti-5e1a70c9b2",
                            "--explain", "--json")
        passes = json.loads(run.stdout)["trace"]["passes"]
        self.assertGreater(passes, 1)
        self.assertIn(f"in {passes} passes", run.stderr.decode())
        # The index leaves out the seal block, in each pass.
        self.assertIn(f"blocks {passes} read of {2 * passes}; pruned 0 "
                      f"segments and {passes} blocks", run.stderr.decode())

    def test_damage_is_a_finding_and_never_part_of_the_life(self):
        archive = self.archive_of(TRACES_DIR / "auth0.jsonl")
        segment = cli_case.segments_of(archive)[0]
        data = bytearray(segment.read_bytes())
        data[20] ^= 1
        cli_case.overwrite(segment, bytes(data))
        run = self.authseal("query", archive, "--trace", FAMILY, "--json",
                            status=FINDINGS)
        self.assertEqual(json.loads(run.stdout)["rows"], [])
        self.assertEqual(run.stderr.count(b"authseal: finding: "), 1)


class OtherQuestions(Investigation):
    def test_a_client_that_hammers_the_token_endpoint(self):
        archive = self.archive_of(cli_case.LOGS_DIR / "auth0.jsonl",
                                  cli_case.LOGS_DIR / "node_oidc_provider.jsonl")
        failures = ("--event", "token.issue", "--outcome", "failure")
        rows = self.json_of("query", archive, *failures, "--by",
                            "client,error,ip", "--top", "1")["rows"]
        self.assertEqual(rows[0]["client"], "batch-reporter")
        self.assertGreaterEqual(rows[0]["count"], 12)
        self.assertIn("first_time", rows[0])
        bursts = self.json_of("query", archive, *failures, "--client",
                              "batch-reporter", "--provider", "auth0",
                              "--histogram", "5m")["rows"]
        self.assertEqual([row for row in bursts if row["count"] > 1][:3], [
            {"time": "2026-03-05T04:00:00Z", "count": 5},
            {"time": "2026-03-05T04:05:00Z", "count": 5},
            {"time": "2026-03-05T04:10:00Z", "count": 2}])
        # Did it get in? Its trace has the answer.
        result = self.trace(archive, "batch-reporter", "--outcome", "success")
        self.assertEqual({row["kind"] for row in result["rows"]},
                         {"token.issue"})

    def test_what_one_users_sessions_did_in_a_week(self):
        archive = self.archive_of(cli_case.LOGS_DIR / "okta.jsonl")
        week = ("--since", "2026-W10", "--until", "2026-W11")
        trace = ("query", archive, "--trace", "alice@example.com", *week)
        by_kind = {row["kind"]: row["count"]
                   for row in self.json_of(*trace, "--by", "kind")["rows"]}
        self.assertEqual(by_kind["token.refresh"], 9)
        self.assertEqual(by_kind["token.reuse"], 1)
        self.assertNotIn("mfa", by_kind)  # of Sunday, the week before
        self.assertEqual(by_kind["logout"], 2)
        by_session = self.json_of(*trace, "--by", "session,ip")["rows"]
        self.assertIn("192.0.2.66", {row["ip"] for row in by_session})
        sunday = self.json_of(*trace[:4], "--since", "2026-W09-7", "--until",
                              "2026-W10")["rows"]
        self.assertEqual(len(sunday), 7)


if __name__ == "__main__":
    unittest.main()
