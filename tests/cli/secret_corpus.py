"""Every shape of secret in every place, each with a value of its own, so that
a leak names both; and the search for them, in whatever form a reader sees.
"""
import base64
import collections
import hashlib
import json
import os
import re
import urllib.parse

Secret = collections.namedtuple("Secret", "label name value core")
# Shorter ones occur by chance.
GRAM_BYTES = 10
# Only so many places are looked at, so that 12 bytes of a secret are found.
STEP_BYTES = 3

TOKEN_NAMES = """access_token refresh_token id_token authorization_code
 device_code code_verifier client_assertion subject_token actor_token
 requested_token registration_access_token initial_access_token id_token_hint
 logout_token api_key apikey apiKey x-api-key X-Session-Token dpop SAMLResponse
 SAMLRequest RelayState stateToken sessionToken csrf csrf_token private_token
 accessToken AccessToken access-token ACCESS_TOKEN refreshToken IdToken
 x-forwarded-access-token x-amz-security-token auth_req_id
 pre-authorized_code""".split()
PASSWORD_NAMES = """password passwd pwd client_secret clientSecret
 CLIENT_SECRET client-secret secret otp totp private_key passphrase
 new_password user_code userCode recovery_code passcode api_secret
 secretAccessKey bindCredential""".split()
# They mean other things too; their values must look like chance.
PERHAPS_NAMES = "code state session token nonce pin assertion".split()


def core_of(label):
    """Chance, but the same in each run; letters and digits only."""
    digest = hashlib.sha256(label.encode()).digest()
    return base64.b64encode(digest, b"xY").decode()[:28]


def jwt_of(core, parts=3):
    return ".".join(["eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiJhIn0", core, core,
                     core][:parts])


SHAPES = {
    "jwt": jwt_of,
    "jwe": lambda core: jwt_of(core, 5),
    "sd-jwt": lambda core: jwt_of(core) + "~" + core + "~",
    "bearer": lambda core: "Bearer " + core,
    "dpop": lambda core: "DPoP " + core,
    "basic": lambda core: "Basic " + base64.b64encode(
        ("app:" + core).encode()).decode(),
    "ssws": lambda core: "SSWS 00" + core,
    "dsn": lambda core: f"https://app:{core}@db.example/x",
    "slack-hook": lambda core:
        f"https://hooks.slack.com/services/T01/B01/{core}",
    "pem": lambda core: ("-----BEGIN PRIVATE KEY-----\n" + core +
                         "\n-----END PRIVATE KEY-----"),
    **{prefix: lambda core, prefix=prefix: prefix + core for prefix in (
        "ory_at_", "ory_rt_", "ory_ac_", "ory_st_", "gho_", "ghp_", "ghu_",
        "ghs_", "ghr_", "github_pat_", "xoxb-1-", "xoxp-1-", "xoxs-1-",
        "xapp-1-", "xoxe.xoxp-1-", "glpat-", "gloas-", "gldt-", "ya29.",
        "1//0", "sk-", "sk-proj-", "sk_live_", "rk_live_", "hvs.",
        "sb_secret_", "GOCSPX-", "whsec_")},
    "npm": lambda core: "npm_" + core + core[:8],
    "microsoft": lambda core: "EwB" + core * 5,
}


def escaped(text):
    """JSON with each byte of the text as an escape of its own."""
    return "".join(f"\\u{ord(c):04x}" for c in text)


def quoted(text):
    return urllib.parse.quote(text, safe="")


def in_json(value):
    return json.dumps(value)


def cri(line):
    return "2026-03-01T00:00:00.123456789Z stdout F " + line


# From a name and a value to delivered text.
NAMED_PLACES = {
    "top": lambda n, v: in_json({"ts": 1, n: v, "ok": True}),
    "nested": lambda n, v: in_json({"a": {"b": [{"c": {n: v}}]}}),
    "array": lambda n, v: in_json({"a": {n: [v, "x"]}}),
    "duplicate": lambda n, v: f'{{"{n}":"{v}","{n}":"x","k":1}}',
    "spaced": lambda n, v: f'{{ "{n}" :\t"{v}" , "k" : 1.0 }}',
    "escapes": lambda n, v: f'{{"{escaped(n)}":"{escaped(v)}"}}',
    "query": lambda n, v: in_json(
        {"url": f"https://a.example/cb?x=1&{n}={quoted(v)}&y=2"}),
    "fragment": lambda n, v: in_json(
        {"location": f"https://a.example/cb#{n}={quoted(v)}"}),
    "redirect": lambda n, v: in_json(
        {"args": {"next": "/login?to=" + quoted(f"/cb?{n}={quoted(v)}&z=1")}}),
    "form": lambda n, v: in_json({"body": f"x=1&{n}={quoted(v)}&y=2"}),
    "form-first": lambda n, v: in_json({"body": f"{n}={quoted(v)}&y=2"}),
    "json": lambda n, v: in_json({"payload": in_json({"in": {n: v}})}),
    "json-twice": lambda n, v: in_json(
        {"payload": in_json({"deep": in_json([{n: v}])})}),
    "json-escapes": lambda n, v: in_json(
        {"payload": f'{{"{escaped(n)}":"{escaped(v)}"}}'}),
    "json-in-url": lambda n, v: in_json(
        {"url": "/x?request=" + quoted(in_json({n: v}))}),
    "json-in-text": lambda n, v: in_json(
        {"error": "upstream said " + in_json({n: v}) + ", gave up"}),
    "url-in-json": lambda n, v: in_json(
        {"payload": in_json({"url": f"/cb?{n}={quoted(v)}"})}),
    "base64": lambda n, v: in_json({"body": base64.b64encode(
        in_json({n: v}).encode()).decode(), "isBase64Encoded": True}),
    "kv": lambda n, v: in_json(
        {"message": f'type="LOGIN", {n}="{v}", ipAddress="192.0.2.1"'}),
    "kv-bare": lambda n, v: in_json(
        {"message": f"level=info {n}={v} ip=192.0.2.1"}),
    "python": lambda n, v: in_json({"msg": f"{{'{n}': '{v}', 'x': 1}}"}),
    "ruby": lambda n, v: in_json({"msg": f'{{"{n}"=>"{v}", "x"=>1}}'}),
    "pair": lambda n, v: in_json({"params": [{"name": n, "value": v}]}),
    "pair-windows": lambda n, v: in_json(
        {"Modified": [{"Name": n, "NewValue": v, "OldValue": ""}]}),
    "pair-list": lambda n, v: in_json({"items": [["user", "bob"], [n, v]]}),
    "otel": lambda n, v: in_json(
        {"attributes": [{"key": n, "value": {"stringValue": v}}]}),
    "syslog": lambda n, v: "<86>Mar  1 00:00:00 host app[7]: " + in_json(
        {n: v, "x": 1}),
    "syslog-5424": lambda n, v: (
        "<86>1 2026-03-01T00:00:00Z host app 7 - - " + in_json({"a": {n: v}})),
    "cri": lambda n, v: cri(in_json({n: v})),
    "cri-text": lambda n, v: cri(f'level=info {n}="{v}" x=1'),
    "docker": lambda n, v: in_json(
        {"log": in_json({n: v}) + "\n", "stream": "stdout"}),
    "unparsed": lambda n, v: f'WARN [app] failed {n}="{v}", user="bob"',
    "unparsed-url": lambda n, v:
        f'192.0.2.1 "GET /cb?a=1&{n}={quoted(v)} HTTP/1.1" 302',
    "unparsed-command": lambda n, v: f"ran: tool --{n} {v} --verbose",
    "xml": lambda n, v: in_json({"soap": f"<r><{n}>{v}</{n}></r>"}),
    "cut": lambda n, v: f'{{"a":{{"{n}":"{v}',
    "cut-later": lambda n, v: f'{{"a":[{{"{n}" : "{v}","x":',
    "broken": lambda n, v: f'{{"a":1,,"b":{{"{n}" : "{v}"}}}}',
    "broken-python": lambda n, v: f"{{'a': None, '{n}': '{v}'}}",
    "broken-escaped": lambda n, v: f'{{\\"{n}\\":\\"{v}\\",',
    "not-object": lambda n, v: in_json([1, {n: v}]),
    "reserved": lambda n, v: in_json({"authseal": 1, n: v}),
    "too-deep": lambda n, v: '{"a":' * 130 + in_json({n: v}) + "}" * 130,
    "not-utf8": lambda n, v: f'\udcff {n}="{v}" end',
    "nul": lambda n, v: f'\0 {n}="{v}" end',
    "pretty": lambda n, v: json.dumps({"a": {n: v}, "b": [1, 2]}, indent=2),
    "top-array": lambda n, v: json.dumps([{"a": 1}, {n: v}], indent=1),
}
PARAMETER_PLACES = [place for place in NAMED_PLACES
                    if place not in ("unparsed-command", "xml", "pair-list")]

# From a value that tells what it is to delivered text.
SHAPE_PLACES = {
    "top": lambda v: in_json({"detail": v}),
    "nested": lambda v: in_json({"a": [["x", {"y": v}]]}),
    "name": lambda v: in_json({"by_token": {v: 1}}),
    "prose": lambda v: in_json({"msg": f"got {v}, refused"}),
    "url": lambda v: in_json({"url": "https://a.example/x?y=" + quoted(v)}),
    "json": lambda v: in_json({"p": in_json({"q": in_json([v])})}),
    "escapes": lambda v: f'{{"x":"{escaped(v)}"}}',
    "kv": lambda v: in_json(
        {"message": "a=\"1\", detail=\"" + v.replace("\n", "\\n") + "\" b=2"}),
    "base64": lambda v: in_json({"body": base64.b64encode(
        in_json({"x": v}).encode()).decode()}),
    "syslog": lambda v: "<86>Mar  1 00:00:00 host app[7]: " + in_json(
        {"x": v}),
    "unparsed": lambda v: "WARN got " + v.replace("\n", "\\n") + " from bob",
    "cut": lambda v: '{"detail":' + in_json(v)[:-1],
}

HEADER_PLACES = {
    "member": lambda n, v: in_json({n: v}),
    "headers": lambda n, v: in_json(
        {"http": {"request": {"headers": {n: [v]}}}}),
    "cgi": lambda n, v: in_json({"HTTP_" + n.upper().replace("-", "_"): v}),
    "dotted": lambda n, v: in_json({"http.request.headers." + n: v}),
    "pairs": lambda n, v: in_json({"headers": [["Host", "x"], [n, v]]}),
    "flat": lambda n, v: in_json({"rawHeaders": ["Host", "x", n, v, "A", "b"]}),
    "objects": lambda n, v: in_json({"headers": [{"name": n, "value": v}]}),
    "lines": lambda n, v: in_json({"head": f"Host: x\r\n{n}: {v}\r\nA: b"}),
    "text": lambda n, v: f"{n}: {v}",
    "curl": lambda n, v: in_json({"cmd": f"curl -H '{n}: {v}' -d x"}),
    "json": lambda n, v: in_json({"headers": in_json({n: v})}),
}
HEADERS = {
    "Authorization": ["Bearer {}", "bearer {}", "DPoP {}", "Token {}",
                      "SSWS 00{}", "{}", 'Digest username="x", response="{}"',
                      "AWS4-HMAC-SHA256 Credential=a, Signature={}"],
    "Proxy-Authorization": ["Bearer {}"],
    "Cookie": ["sid={}; lang=fk12", "lang=fk12; __Host-s={}"],
    "Set-Cookie": ["sid={}; Path=/; HttpOnly; SameSite=Lax"],
    "X-Api-Key": ["{}"],
    "X-CSRF-Token": ["{}"],
    "DPoP": [jwt_of("{}")],
}


def corpus():
    """Pairs of a secret and the text that holds it."""
    for names, places in ((TOKEN_NAMES + PASSWORD_NAMES, NAMED_PLACES),
                          (PERHAPS_NAMES, PARAMETER_PLACES)):
        for name in names:
            for place in places:
                label = f"{name} in {place}"
                core = core_of(label)
                yield (Secret(label, name, core, core),
                       NAMED_PLACES[place](name, core))
    for shape, make in SHAPES.items():
        for place, put in SHAPE_PLACES.items():
            label = f"{shape} in {place}"
            core = core_of(label)
            yield Secret(label, "", make(core), core), put(make(core))
    for name, forms in HEADERS.items():
        for form in forms:
            for place, put in HEADER_PLACES.items():
                label = f"{name}: {form} in {place}"
                core = core_of(label)
                yield (Secret(label, name, core, core),
                       put(name, form.replace("{}", core)))
    for kind, member in (("RSA", "d"), ("RSA", "dq"), ("oct", "k")):
        label = f"JWK {kind} {member}"
        core = core_of(label)
        yield (Secret(label, member, core, core),
               in_json({"jwk": {"kty": kind, "kid": "k1", member: core}}))


def decoded_forms(data):
    """The bytes, and what a reader sees who undoes escapes and base64."""
    seen = {data}
    frontier = [data]
    for _ in range(4):
        step = []
        for text in frontier:
            for form in (
                    re.sub(rb'\\(u00[0-9a-fA-F]{2}|["\\/])', unescaped,
                           text),
                    urllib.parse.unquote_to_bytes(text),
                    b"\n".join(from_base64(text))):
                if form and form not in seen:
                    seen.add(form)
                    step.append(form)
        frontier = step
    return seen


def unescaped(match):
    escape = match[1]
    return bytes([int(escape[1:], 16)]) if escape[:1] == b"u" else escape


def from_base64(text):
    for run in re.findall(rb"[A-Za-z0-9+/_-]{16,}", text):
        usable = run.translate(bytes.maketrans(b"-_", b"+/"))
        for drop in range(4):
            cut = usable[drop:]
            yield base64.b64decode(cut[:len(cut) // 4 * 4])


def grams_of(secrets):
    grams = {}
    for secret in secrets:
        core = secret.core.encode()
        for at in range(len(core) - GRAM_BYTES + 1):
            grams[core[at:at + GRAM_BYTES]] = secret
    return grams


def leaks_in(data, grams, is_text=True):
    """Labels of the secrets in the bytes, or in what they may stand for."""
    found = set()
    for form in decoded_forms(data) if is_text else (data,):
        for at in range(0, len(form) - GRAM_BYTES + 1, STEP_BYTES):
            secret = grams.get(form[at:at + GRAM_BYTES])
            if secret:
                found.add(secret.label)
    return found


def files_below(*folders):
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in names:
                yield os.path.join(root, name)
