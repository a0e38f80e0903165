"""No secret reaches the disk, wherever it stands and however it is spelled;
each token is found again by its fingerprint, and nothing else is touched.
"""
import base64
import hashlib
import subprocess
import unittest

import cli_case
from secret_corpus import (core_of, corpus, cri, escaped, files_below,
                           grams_of, in_json, leaks_in, quoted)


class Corpus(cli_case.CliCase):
    @classmethod
    def setUpClass(cls):
        cls.pairs = list(corpus())
        cls.grams = grams_of(secret for secret, _ in cls.pairs)
        cls.seen = set()

    def assert_no_leak(self, what, data, is_text=True):
        if data in self.seen:
            return
        self.seen.add(data)
        found = sorted(leaks_in(data, self.grams, is_text))
        self.assertFalse(found, f"{len(found)} secrets left in {what}")

    def test_the_search_itself_finds_each_secret(self):
        for secret, text in self.pairs:
            data = text.encode(errors="surrogateescape")
            self.assertIn(secret.label, leaks_in(data, self.grams), text)

    def test_nothing_of_it_is_anywhere(self):
        archive = self.new_archive()
        data = "\n".join(text for _, text in self.pairs).encode(
            errors="surrogateescape") + b"\n"
        log = self.write("log", data)
        run = self.authseal("ingest", archive, log, status=cli_case.PARTIAL)
        self.authseal("seal", archive)
        log.unlink()
        self.assert_no_leak("messages", run.stdout + run.stderr)
        for path in files_below(archive, f"{archive}.keys",
                                self.dir / "state", self.dir / "cache"):
            with open(path, "rb") as file:
                self.assert_no_leak(path, file.read(), is_text=False)
        for path in cli_case.segments_of(archive):
            plain = subprocess.run(["zstdcat", str(path)], check=True,
                                   capture_output=True).stdout
            self.assert_no_leak("records", plain)
        for form in ("table", "jsonl", "raw", "events", "csv", "json"):
            run = self.authseal("query", archive, "--output", form)
            self.assert_no_leak(form, run.stdout + run.stderr)
        self.authseal("export", archive, "--out", "bundle")
        for path in files_below(self.dir / "bundle"):
            with open(path, "rb") as file:
                self.assert_no_leak(path, file.read())

    def test_a_line_in_parts_hides_nothing_at_their_seams(self):
        """Longer than a record may be; one secret in each of its objects."""
        core = core_of("a line in parts")
        record = in_json({
            "headers": {"cookie": "; ".join(f"c{n}={core}{n}"
                                            for n in range(60))},
            "params": [{"name": "password", "value": core}]})
        count = (17 << 20) // len(record) + 1
        data = '{"Records":[' + ",".join([record] * count) + "]}\n"
        archive = self.new_archive()
        self.authseal("ingest", archive, "-", stdin=data.encode(),
                      status=cli_case.PARTIAL)
        self.assertNotIn(core[:10].encode(),
                         self.authseal("query", archive).stdout)

    def test_a_crash_leaves_nothing_either(self):
        """What the open segment holds is scrubbed too."""
        archive = self.new_archive()
        texts = [text for _, text in self.pairs[::7]]
        self.authseal("ingest", archive, "-", status=cli_case.PARTIAL,
                      stdin="\n".join(texts).encode(errors="surrogateescape"))
        for path in archive.glob("segments/*.open"):
            plain = subprocess.run(["zstdcat", str(path)], check=False,
                                   capture_output=True).stdout
            self.assertIn(b"sha256:", plain)
            self.assert_no_leak("the open segment", plain)


class WholeLife(cli_case.CliCase):
    """A token is found in every record it occurred in."""

    TOKEN = "FAKE/0a1B2c3D4+e5F6g7H8i9J0k=="

    def spellings(self):
        token = self.TOKEN
        url = quoted(token)
        yield in_json({"access_token": token})
        yield in_json({"authorization": "Bearer " + token})
        yield in_json({"headers": {"Authorization": ["bearer " + token]}})
        yield in_json({"rawHeaders": ["Host", "x", "Authorization",
                                      "DPoP " + token]})
        yield in_json({"x-forwarded-access-token": token})
        yield in_json({"url": f"/cb?code={url}&x=1"})
        yield in_json({"url": f"/cb#access_token={url}"})
        yield in_json({"args": {"next": quoted(f"/cb?code={url}")}})
        yield in_json({"body": f"token={url}&token_type_hint=access_token"})
        yield in_json({"cookie": f"a=b1; sid={token}"})
        yield in_json({"set-cookie": f"sid={url}; Path=/"})
        yield f'{{"refresh_token":"{token}"}}'.replace("/", "\\/")
        yield f'{{"refresh_token":"{escaped(token)}"}}'
        yield in_json({"log": in_json({"id_token": token}) + "\n"})
        yield in_json({"deep": in_json({"log": in_json([{"code": token}])})})
        yield in_json({"message": f'type="REVOKE", refresh_token="{token}"'})
        yield in_json({"body": base64.b64encode(
            in_json({"token": token}).encode()).decode()})
        yield cri(in_json({"subject_token": token}))
        yield f"WARN Authorization: Bearer {token}"
        yield f'{{"a":1,,"access_token" : "{token}"}}'
        yield f"cut off: access_token={url}&x"
        yield in_json({"changes": {"access_token": {"old": token}}})
        # Beside other tokens, in members that no mapping knows.
        other = "another-9Z8y7X6w5V4u3"
        yield in_json({"access_token": other, "refresh_token": token})
        yield in_json({"a": {"id_token": other}, "b": {"id_token": token}})
        yield in_json({"Records": [{"eventSource": "sts.amazonaws.com",
                                    "eventVersion": "1", "eventName": "A",
                                    "x": {"access_token": secret}}
                                   for secret in (other, token)]})

    def test_whatever_the_spelling(self):
        archive = self.new_archive()
        texts = list(self.spellings())
        noise = in_json({"access_token": "another-0a1B2c3D4e5F6"})
        data = "\n".join(text + "\n" + noise for text in texts)
        self.authseal("ingest", archive, "-", stdin=data.encode(),
                      status=cli_case.PARTIAL)
        self.authseal("seal", archive)
        run = self.authseal("query", archive, "--token-file", "-",
                            "--output", "jsonl", stdin=self.TOKEN.encode())
        found = run.stdout.decode().splitlines()
        mark = hashlib.sha256(self.TOKEN.encode()).hexdigest()
        for text, record in zip(
                texts, self.authseal("query", archive).stdout.decode()
                .splitlines()[::2]):
            self.assertIn(mark, record, text)
            self.assertIn(record, found, text)
        self.assertEqual(len(found), len(texts))
        traced = self.authseal("query", archive, "--trace-file", "-",
                               "--output", "jsonl", stdin=self.TOKEN.encode())
        self.assertLessEqual(set(found),
                             set(traced.stdout.decode().splitlines()))

    def test_an_id_that_is_the_token_in_any_wrapping(self):
        record = {"evt": "access_token.saved", "time": "2026-03-01T00:00:00Z",
                  "token": {"jti": "FAKE-opaque-jti", "kind": "AccessToken"}}
        line = in_json(record)
        texts = [line, cri(line), in_json({"log": line + "\n", "stream": "x"}),
                 in_json({"message": line}),
                 in_json({"message": in_json({"log": line})}),
                 in_json({"message": "<86>1 2026 host app - - - " + line}),
                 in_json({"records": [record, record]})]
        archive = self.new_archive()
        self.authseal("ingest", archive, "-", stdin="\n".join(texts).encode())
        stored = self.authseal("query", archive).stdout
        self.assertNotIn(b"opaque-jti", stored)
        mark = hashlib.sha256(b"FAKE-opaque-jti").hexdigest().encode()
        for text, got in zip(texts, stored.splitlines()):
            self.assertIn(mark, got, text)


class Kept(cli_case.CliCase):
    """What is no secret comes back byte for byte."""

    def assert_kept(self, data):
        archive = self.new_archive()
        taken = self.json_of("ingest", archive, "-", stdin=data)
        self.assertEqual(taken["scrubbed"], 0)
        self.assertEqual(self.raw(archive), data)

    def test_names_values_and_spellings_that_only_look_alike(self):
        self.assert_kept(
            (cli_case.SOURCE_DIR / "testdata/secrets/keep.jsonl").read_bytes())

    def test_what_every_log_has(self):
        hexes = hashlib.sha256(b"x").hexdigest()
        lines = [
            '{"state":"Ohio"}', '{"code":"T1000I"}',
            '{"session":{"id":"s1","token_type":"x"}}', '{"nonce":"n-0S6"}',
            '{ "a" :1.0 ,\t"b":[ ] , "c":1E+2, "d":-0, "\\u0061":"\\/" } ',
            '{"dup":1,"dup":2,"big":123456789012345678901234567890}',
            '{"password":"******","code":"******VM-","otp":"[FILTERED]"}',
            '{"clientSecret":"HIDDEN_DUE_TO_SECURITY_REASONS"}',
            '{"detailEntry":{"hash":"ELFN0EyV8yn3_qF5Hg2GzQ"}}',
            '{"hashed_token":"' + base64.b64encode(
                hashlib.sha256(b"t").digest()).decode() + '"}',
            '{"token_last_eight":"5N1d1A7D","sha1":"' + hexes[:40] + '"}',
            '{"jti":"Pi8iQEocbfwM6F-dtRFNE","kid":"aBcDeFgHiJkLmNoPqRsTuV1"}',
            '{"x5t":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs","jkt":"'
            '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}',
            '{"url":"/authorize?code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8UR'
            '&code_challenge_method=S256&response_type=code"}',
            '{"request_id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","trace":"' +
            hexes[:32] + '","error_code":"invalid_grant"}',
            '{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2","e":"A"}',
            '{"d":"x","p":"a1b2c3d4e5f6g7h8i9j0k1","k":1}',
            '{"fields":["password","token","client_secret"],'
            '"pairs":["access_token","refresh_token"]}',
            '{"response_type":"code","request_uri":"urn:example:1"}',
            '{"cmd":"tool --password-stdin --token-type jwt -k -d x"}',
            '{"html":"<b>token</b> <password/> a->b"}',
            '{"body":"eyJhIjoxLCJiIjoieCJ9"}',
            '{"environment":"REQUIRE_PASSWORD_RESET=true MAX=1"}',
            '{"00":"00u1a2B3c4D5e6F7g8h9","id":"' + "0" * 42 + '"}',
        ]
        self.assert_kept(("\n".join(lines) + "\n").encode())


if __name__ == "__main__":
    unittest.main()
