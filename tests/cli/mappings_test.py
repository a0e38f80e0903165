"""Writing a mapping of one's own: what `mappings test` shows of a sample, and
what it says of a wrong file.
"""
import json
import unittest

import cli_case

MAPPING = """\
name: acme
title: Acme token server

recognise:
  - /what: {starts: [token., user.]}

fields:
  time: /at
  raw_kind: /what
  client: /app
  user: /who
  ip: /from

kind:
  - table:
      token.ok: token.issue success
      user.*: login
"""
RECORDS = [
    {"at": 1772366400, "what": "token.ok", "app": "web", "who": "alice",
     "from": "192.0.2.1:4711", "access_token": "FAKE-0a1B2c3D4e5F6g7H8"},
    {"at": 1772366401, "what": "token.odd", "app": "web"},
    {"at": 1772366402, "what": "user.in", "who": "bob"},
    {"unknown": 1},
]
SAMPLE = "".join(json.dumps(record) + "\n" for record in RECORDS)


class Trial(cli_case.CliCase):
    def trial(self, sample=SAMPLE, mapping=MAPPING):
        self.write("acme.yaml", mapping.encode())
        run = self.authseal("mappings", "test", "acme.yaml", "--json",
                            stdin=sample.encode())
        *events, last = [json.loads(line) for line in run.stdout.splitlines()]
        return events, last["summary"]

    def test_shows_each_event_and_a_summary(self):
        events, summary = self.trial()
        self.assertEqual([e["line"] for e in events], [1, 2, 3, 4])
        self.assertEqual([e["provider"] for e in events],
                         ["acme", "acme", "acme", "generic"])
        self.assertEqual(events[0]["event"]["ip"], "192.0.2.1")
        self.assertIn("client", events[2]["missed"])
        self.assertEqual(summary["records"], 4)
        self.assertEqual(summary["recognised"], 3)
        self.assertEqual(summary["others"], {"generic": 1})
        self.assertEqual(summary["kinds"],
                         {"token.issue": 1, "login": 1, "other": 1})
        self.assertEqual(summary["other_kinds"], {"token.odd": 1})
        self.assertEqual(summary["missed"]["client"], 1)
        self.assertNotIn("time", summary["missed"])
        self.assertEqual(summary["scrubbed"], 1)

    def test_prints_them_for_people(self):
        self.write("acme.yaml", MAPPING.encode())
        text = self.authseal("mappings", "test", "acme.yaml",
                             stdin=SAMPLE.encode()).stdout.decode()
        for words in ("line 1  acme\n", "line 4  generic  NOT RECOGNISED\n",
                      "3 of 4 records recognised by acme", "1 of 3  client",
                      "1  token.odd", "secrets replaced: 1"):
            self.assertIn(words, text)
        self.assertNotIn("FAKE", text)

    def test_reads_a_sample_as_ingest_does(self):
        record = RECORDS[0]
        line = json.dumps(record)
        for sample in (
                "<86>Mar  1 00:00:00 host app[7]: " + line,
                "2026-03-01T00:00:00.1Z stdout F " + line,
                json.dumps([record]), json.dumps(record, indent=2),
                "\ufeff" + line + "\r\n",
                json.dumps({"log": line + "\n", "stream": "stdout"}),
                json.dumps({"records": [record]})):
            events, summary = self.trial(sample)
            self.assertEqual([e["provider"] for e in events], ["acme"], sample)
            self.assertEqual(events[0]["event"]["client"], "web")
            self.assertEqual(summary["recognised"], 1)

    def test_gives_what_ingest_and_query_give(self):
        lines = SAMPLE + "some text\n[" + json.dumps(RECORDS[2]) + ",\n" + \
            json.dumps(RECORDS[1]) + "]\n"
        events, summary = self.trial(lines)
        archive = self.new_archive()
        self.authseal("ingest", archive, "-", "--mapping", "acme.yaml",
                      stdin=lines.encode(), status=cli_case.PARTIAL)
        stored = [json.loads(line) for line in self.authseal(
            "query", archive, "--mapping", "acme.yaml", "--output",
            "events").stdout.splitlines()]
        self.assertEqual([(e["provider"], e["event"]["kind"],
                           e["event"].get("client", "")) for e in events],
                         [(e["provider"], e["kind"], e.get("client") or "")
                          for e in stored])
        self.assertEqual(summary["unparsed"], {"not-json": 1})

    def test_lines_of_text(self):
        mapping = ("name: acme\ntitle: T\nrecognise:\n"
                   "  - '': {type: string, starts: 'ACME '}\n"
                   "patterns:\n  - at: ''\n"
                   "    match: '^ACME (?P<what>\\w+)'\n"
                   "fields:\n  raw_kind: 'group:what'\n  user: 'kv::user'\n")
        events, summary = self.trial("ACME login user=bob\nother\n", mapping)
        self.assertEqual(events[0]["event"]["user"], "bob")
        self.assertEqual(events[0]["unparsed"], "not-json")
        self.assertEqual(summary["recognised"], 1)

    def test_says_when_nothing_was_recognised(self):
        self.write("acme.yaml", MAPPING.encode())
        text = self.authseal("mappings", "test", "acme.yaml",
                             stdin=b'{"x":1}\n').stdout.decode()
        self.assertIn("look at 'recognise' of acme", text)

    def test_an_empty_sample(self):
        events, summary = self.trial("\n \n")
        self.assertEqual(events, [])
        self.assertEqual(summary["records"], 0)


class WrongMapping(cli_case.CliCase):
    def test_line_column_and_what_is_allowed(self):
        for wrong, place, hint in (
                (MAPPING.replace("fields:", "feilds:"), "7:1", "fields"),
                (MAPPING.replace("  user:", "  usr:"), "11:3", "user_name"),
                (MAPPING.replace(": /app", ": app"), "10:11", "/a/pointer"),
                (MAPPING.replace("token.issue", "token.isue"), "16:17",
                 "token.issue"),
                (MAPPING.replace("starts:", "begins:"), "5:13", "starts"),
                (MAPPING.replace("  ip: /from", "  ip: [/from, x]"), "12:15",
                 "kv:/pointer:name"),
                (MAPPING + "patterns:\n  - at: /m\n    match: '(a'\n",
                 "20:12", "authseal-mapping"),
                (MAPPING + " x: [\n", "18:", "authseal-mapping")):
            with self.subTest(place):
                self.write("acme.yaml", wrong.encode())
                self.assert_refused(
                    "mappings", "test", "acme.yaml", status=cli_case.USAGE,
                    words=(f"acme.yaml:{place}", hint))


if __name__ == "__main__":
    unittest.main()
