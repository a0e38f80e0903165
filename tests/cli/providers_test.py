"""However a provider's records are wrapped and delivered, they give the same
events; and records of providers that look alike are told apart.
"""
import json
import unittest

import cli_case

OKTA = {
    "uuid": "u-1", "published": "2026-03-01T00:00:00.123Z",
    "eventType": "app.oauth2.as.token.grant.access_token",
    "actor": {"id": "0oa1", "type": "PublicClientApp", "alternateId": "0oa1"},
    "client": {"ipAddress": "192.0.2.1"}, "outcome": {"result": "SUCCESS"}}
CLOUDTRAIL = {
    "eventVersion": "1.08", "eventTime": "2026-03-01T00:00:00Z",
    "eventSource": "cognito-idp.amazonaws.com", "eventName": "RevokeToken",
    "sourceIPAddress": "192.0.2.1", "eventID": "e-1",
    "requestParameters": {"clientId": "app"}, "userIdentity": {}}
GITHUB = {
    "action": "oauth_application.reset_secret", "actor": "bob", "org": "acme",
    "@timestamp": 1772323200000, "created_at": 1772323200000,
    "_document_id": "d-1"}
INDIGO = {
    "@type": "AccessTokenIssuedEvent", "category": "TOKEN",
    "source": "IamTokenService", "timestamp": 1772323200000,
    "principal": "bob", "subject": "s-1", "grantType": "refresh_token",
    "scopes": ["openid"], "payload": {"client_id": "app", "jti": "j-1"}}
ENTRA = {
    "id": "i-1", "activityDisplayName": "Consent to application",
    "activityDateTime": "2026-03-01T00:00:00.1234567Z", "result": "success",
    "category": "ApplicationManagement", "targetResources": [{"id": "t"}],
    "initiatedBy": {"user": {"id": "u"}}, "correlationId": "c-1"}
GOOGLE = {
    "kind": "admin#reports#activity",
    "id": {"time": "2026-03-01T00:00:00.000Z", "uniqueQualifier": "-5",
           "applicationName": "token", "customerId": "C1"},
    "actor": {"email": "bob@example.com", "profileId": "1"},
    "events": [{"name": "authorize", "parameters": [
        {"name": "client_id", "value": "app"}]},
        {"name": "revoke", "parameters": [
            {"name": "client_id", "value": "app"}]}]}
SLACK = {
    "id": "s-1", "date_create": 1772323200, "action": "user_login",
    "actor": {"type": "user", "user": {"id": "U1", "name": "bob"}},
    "entity": {"type": "user"}, "context": {"ip_address": "192.0.2.1"}}
PING_ONE = {
    "id": "p-1", "recordedAt": "2026-03-01T00:00:00.123Z",
    "action": {"type": "SESSION.CREATED"},
    "_links": {"self": {"href": "https://api/environments/e/activities/p-1"}},
    "result": {"status": "SUCCESS"}, "actors": {"client": {"id": "app"}}}
AUTHENTIK = {
    "pk": "k-1", "action": "authorize_application",
    "app": "authentik.providers.oauth2.views.authorize",
    "created": "2026-03-01T00:00:00.123456Z", "client_ip": "192.0.2.1",
    "user": {"pk": 1, "username": "bob"}, "context": {}}
FORGEROCK = {
    "eventName": "AM-LOGIN-COMPLETED", "timestamp": "2026-03-01T00:00:00.123Z",
    "_id": "f-1", "transactionId": "t-1", "result": "SUCCESSFUL",
    "topic": "authentication", "principal": ["bob"], "realm": "/"}
KEYCLOAK_MESSAGE = ('type="REFRESH_TOKEN_ERROR", realmId="r", '
                    'clientId="app", userId="null", ipAddress="192.0.2.1", '
                    'error="invalid_token"')


def text_of(value):
    return json.dumps(value)


def keycloak(**members):
    return {"timestamp": "2026-03-01T00:00:00.123456789+05:30", "sequence": 7,
            "loggerClassName": "org.jboss.logging.Logger",
            "loggerName": "org.keycloak.events", "level": "WARN",
            "message": KEYCLOAK_MESSAGE, **members}


def caep(name, **payload):
    uri = "https://schemas.openid.net/secevent/" + name
    return {"iss": "https://idp.example", "jti": "j-1", "iat": 1772323200,
            "aud": "https://rp.example", "txn": "t-1",
            "sub_id": {"format": "iss_sub", "iss": "i", "sub": "u-1"},
            "events": {uri: {"event_timestamp": 1772323100, **payload}}}


# What is delivered, and of each of its events: provider, kind, outcome.
WRAPPED = {
    "one object": (text_of(OKTA), ["okta token.issue success"]),
    "an array": (text_of([OKTA, OKTA]), 2 * ["okta token.issue success"]),
    "a pretty array": (json.dumps([OKTA, OKTA], indent=2),
                       2 * ["okta token.issue success"]),
    "a pretty object": (json.dumps(OKTA, indent=4),
                        ["okta token.issue success"]),
    "BOM and CRLF": ("\ufeff" + text_of(OKTA) + "\r",
                     ["okta token.issue success"]),
    "EventBridge": (text_of({"version": "0", "detail-type": "x", "source": "y",
                             "detail": OKTA}), ["okta token.issue success"]),
    "Splunk HEC": (text_of({"time": 1, "host": "h", "event": OKTA}),
                   ["okta token.issue success"]),
    "Elasticsearch": (text_of({"_index": "i", "_source": OKTA}),
                      ["okta token.issue success"]),
    "Beats": (text_of({"@timestamp": "x", "message": text_of(OKTA)}),
              ["okta token.issue success"]),
    "Okta hook": (text_of({"eventType": "com.okta.event_hook", "data": {
        "events": [OKTA, OKTA]}}), 2 * ["okta token.issue success"]),
    "Docker": (text_of({"log": text_of(OKTA) + "\n", "stream": "stdout",
                        "time": "2026-03-01T00:00:00Z"}),
               ["okta token.issue success"]),
    "Cloud Logging": (text_of({"jsonPayload": OKTA, "resource": {}}),
                      ["okta token.issue success"]),
    "CRI": ("2026-03-01T00:00:00.123456789Z stdout F " + text_of(OKTA),
            ["okta token.issue success"]),
    "RFC 3164": ("<86>Mar  1 00:00:00 host idp[7]: " + text_of(OKTA),
                 ["okta token.issue success"]),
    "RFC 5424": ('<86>1 2026-03-01T00:00:00Z host idp 7 ID1 [a b="c"] ' +
                 text_of(OKTA), ["okta token.issue success"]),
    "CloudTrail": (text_of({"Records": [CLOUDTRAIL, CLOUDTRAIL]}),
                   2 * ["cloudtrail token.revoke success"]),
    "CloudWatch": (text_of({"logEvents": [
        {"id": "1", "timestamp": 1, "message": text_of(CLOUDTRAIL)}]}),
        ["cloudtrail token.revoke success"]),
    "GitHub": (text_of(GITHUB), ["github client.secret success"]),
    "GHES through Beats": (text_of({
        "@timestamp": "2026-03-01T00:00:00Z",
        "message": "<13>Mar  1 00:00:00 ghes github_audit: " +
                   text_of(GITHUB)}), ["github client.secret success"]),
    "a body in JSON in JSON": (
        text_of({"message": text_of({"log": text_of(OKTA)})}),
        ["okta token.issue success"]),
    "GHES": ("<13>Mar  1 00:00:00 ghes github_audit: " + text_of(GITHUB),
             ["github client.secret success"]),
    "INDIGO": ("2026-03-01 00:00:00.123  INFO 1 --- [x] AUDIT  : " +
               text_of(INDIGO), ["indigo_iam token.refresh success"]),
    "Graph": (text_of({"@odata.context": "x", "value": [ENTRA]}),
              ["entra_graph consent.grant success"]),
    "Google": (text_of({"kind": "x", "items": [GOOGLE]}),
               ["google_workspace consent.grant success",
                "google_workspace consent.revoke success"]),
    "Slack": (text_of({"entries": [SLACK, SLACK]}),
              2 * ["slack login success"]),
    "PingOne": (text_of({"_embedded": {"activities": [PING_ONE]}}),
                ["ping_one session.create success"]),
    "authentik": (text_of({"pagination": {}, "results": [AUTHENTIK]}),
                  ["authentik_api authorize success"]),
    "ForgeRock": (text_of({"payload": FORGEROCK, "source": "am",
                           "timestamp": "2026-03-01T00:00:00Z"}),
                  ["forgerock login success"]),
    "Keycloak": (text_of(keycloak()), ["keycloak_json token.refresh failure"]),
    "Keycloak, ECS": (text_of({
        "@timestamp": "2026-03-01T00:00:00.12345678Z", "event.sequence": 1,
        "log.logger": "org.keycloak.events", "service.name": "Keycloak",
        "message": KEYCLOAK_MESSAGE}), ["keycloak_ecs token.refresh failure"]),
    "Keycloak, syslog": (
        "<12>1 2026-03-01T00:00:00Z host keycloak 1 - - " +
        text_of(keycloak()), ["keycloak_json token.refresh failure"]),
    "Keycloak, text": (
        "2026-03-01 00:00:00,123 WARN  [org.keycloak.events] "
        "(executor-thread-1) " + KEYCLOAK_MESSAGE,
        ["keycloak_text token.refresh failure"]),
    "Keycloak, text in CRI": (
        "2026-03-01T00:00:00.1Z stdout F 2026-03-01 00:00:00,123 WARN  "
        "[org.keycloak.events] (x) " + KEYCLOAK_MESSAGE,
        ["keycloak_text token.refresh failure"]),
    "PingFederate": (
        '2026-03-01 00:00:00,123 tid="t" event="OAuth" subject="bob" '
        'ip="192.0.2.1" app="" connectionid="app" protocol="OAuth20" '
        'role="AS" status="success" granttype="refresh_token"',
        ["pingfederate token.refresh success"]),
    "CAEP": (text_of(caep("caep/event-type/session-revoked")),
             ["secevent session.revoke success"]),
    "CAEP, claims": (text_of(caep("caep/event-type/token-claims-change")),
                     ["secevent admin success"]),
    "RISC": (text_of(caep("risc/event-type/account-disabled")),
             ["secevent admin success"]),
    "home-grown": (text_of({
        "timestamp": "2026-03-01T00:00:00Z", "event": "token_issued",
        "iss": "https://as.example", "sub": "u-1", "client_id": "app",
        "scope": "openid", "jti": "j-1", "grant_type": "refresh_token"}),
        ["generic token.refresh success"]),
}

# Of another service than it seems; never the provider named.
ALIKE = {
    "Snowflake, not Salesforce": ("salesforce", {
        "EVENT_TYPE": "LOGIN", "EVENT_ID": 1, "CLIENT_IP": "192.0.2.1",
        "EVENT_TIMESTAMP": "2026-03-01 00:00:00.000", "USER_NAME": "BOB",
        "IS_SUCCESS": "YES"}),
    "Azure Activity, not Entra": ("entra_diag", {
        "time": "2026-03-01T00:00:00Z", "category": "Administrative",
        "resourceId": "/SUBSCRIPTIONS/X", "operationName": "MICROSOFT.X/WRITE",
        "resultType": "Success", "tenantId": "t", "properties": {"a": 1}}),
    "an action with a dot, not GitHub": ("github", {
        "action": "file.open", "user": "bob", "time": 1772323200}),
}


class Providers(cli_case.CliCase):
    def events_of(self, text):
        archive = self.new_archive()
        run = self.start("ingest", archive, "-", stdin=-1)
        run.communicate(text.encode(), timeout=cli_case.TIMEOUT_SECONDS)
        events = [json.loads(line) for line in self.authseal(
            "query", archive, "--output", "events").stdout.splitlines()]
        self.remove(archive)
        self.remove(f"{archive}.keys")
        return events

    def test_wrapped_in_any_way(self):
        for name, (text, expected) in WRAPPED.items():
            with self.subTest(name):
                events = self.events_of(text + "\n")
                self.assertEqual(
                    [f"{e['provider']} {e['kind']} {e['outcome']}"
                     for e in events], expected)
                for event in events:
                    self.assertTrue(event["time"].startswith("2026-0"), event)

    def test_who_looks_like_another(self):
        for name, (not_provider, record) in ALIKE.items():
            with self.subTest(name):
                for event in self.events_of(text_of(record) + "\n"):
                    self.assertNotEqual(event["provider"], not_provider)


class Variants(cli_case.CliCase):
    """Records as providers write them too, beside those of testdata/logs."""

    def test_each_has_its_provider_and_kind(self):
        path = cli_case.SOURCE_DIR / "testdata/providers/variants.jsonl"
        cases = [json.loads(line) for line in path.open(encoding="utf-8")]
        self.write("none.yaml", b"name: none\ntitle: T\nrecognise: [/none]\n"
                   b"fields: {user: /none}\n")
        run = self.authseal(
            "mappings", "test", "none.yaml", "--json",
            stdin="\n".join(text_of(c["record"]) for c in cases).encode())
        events = [json.loads(line) for line in run.stdout.splitlines()[:-1]]
        self.assertEqual(len(events), len(cases))
        for case, event in zip(cases, events):
            words = [event["provider"], event["event"]["kind"],
                     event["event"]["outcome"]]
            expected = case["expected"].split(" ")
            self.assertEqual(words[:len(expected)], expected, case["record"])
            self.assertIn("time", event["event"], case["record"])


if __name__ == "__main__":
    unittest.main()
