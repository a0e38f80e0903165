#include "tests/bench/record_generator.h"

#include <array>
#include <string_view>

namespace authseal {
namespace {

constexpr std::int64_t kFirstMillis = 1'767'225'600'000;  // 2026-01-01

// splitmix64: fast, and the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  std::uint64_t Below(std::uint64_t end) { return Next() % end; }
  // Small values more often than large ones.
  std::uint64_t Skewed(std::uint64_t end) {
    return Below(Below(Below(end) + 1) + 1);
  }

 private:
  std::uint64_t state_;
};

template <std::size_t kSize>
using Words = std::array<std::string_view, kSize>;

constexpr Words<4> kAgents = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, "
    "like Gecko) Version/17.5 Safari/605.1.15",
    "okhttp/4.12.0", "python-requests/2.32.3"};
constexpr Words<4> kScopes = {"openid profile email", "openid offline_access",
                              "orders:read orders:write", "api.read"};
constexpr Words<4> kGrants = {"authorization_code", "refresh_token",
                              "client_credentials", "password"};
constexpr Words<5> kOktaTypes = {
    "app.oauth2.token.grant.access_token", "app.oauth2.token.grant.id_token",
    "app.oauth2.as.authorize.code", "user.session.start",
    "app.oauth2.as.token.revoke"};
constexpr Words<5> kAuth0Types = {"seacft", "sertft", "seccft", "s", "feacft"};
constexpr Words<5> kKeycloakTypes = {"CODE_TO_TOKEN", "REFRESH_TOKEN", "LOGIN",
                                     "LOGIN_ERROR", "LOGOUT"};
constexpr Words<4> kNodeTypes = {"access_token.saved", "refresh_token.consumed",
                                 "grant.revoked", "authorization.success"};

}  // namespace

class RecordGenerator::Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  // Appends one record and its LF.
  void Append(std::string& text) {
    out_.swap(text);
    millis_ += static_cast<std::int64_t>(random_.Below(40));
    One();
    out_ += '\n';
    out_.swap(text);
  }

 private:
  void One() {
    switch (random_.Below(8)) {
      case 0:
      case 1:
        return Okta();
      case 2:
      case 3:
        return Auth0();
      case 4:
        return Keycloak();
      case 5:
        return Entra();
      default:
        return NodeOidc();
    }
  }

  Maker& Put(std::string_view text) {
    out_ += text;
    return *this;
  }
  // At least `width` digits.
  Maker& Digits(std::uint64_t number, std::size_t width = 1) {
    std::array<char, 20> digits = {};
    std::size_t begin = digits.size();
    for (; number > 0; number /= 10) {
      digits[--begin] = static_cast<char>('0' + number % 10);
    }
    const std::size_t count = digits.size() - begin;
    out_.append(count < width ? width - count : 0, '0');
    out_.append(digits.data() + begin, count);
    return *this;
  }
  Maker& Letters(std::string_view alphabet, int count, unsigned bits) {
    std::uint64_t pool = 0;
    unsigned left = 0;
    for (; count > 0; --count) {
      if (left < bits) {
        pool = random_.Next();
        left = 64;
      }
      out_ += alphabet[pool & ((1u << bits) - 1)];
      pool >>= bits;
      left -= bits;
    }
    return *this;
  }
  Maker& Hex(int count) { return Letters("0123456789abcdef", count, 4); }
  Maker& Id(int count) {
    return Letters(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
        count, 6);
  }
  Maker& Uuid() {
    return Hex(8)
        .Put("-")
        .Hex(4)
        .Put("-4")
        .Hex(3)
        .Put("-a")
        .Hex(3)
        .Put("-")
        .Hex(12);
  }
  template <std::size_t kSize>
  Maker& One(const Words<kSize>& words) {
    return Put(words[random_.Skewed(kSize)]);
  }
  Maker& Ip(std::uint64_t host) {
    return Put("203.")
        .Digits(host / 65536 % 256)
        .Put(".")
        .Digits(host / 256 % 256)
        .Put(".")
        .Digits(host % 256);
  }
  // 2026-01-01T00:00:00.000 plus days within the month, enough for a bench.
  Maker& Time(std::string_view zone) {
    const auto since = static_cast<std::uint64_t>(millis_ - kFirstMillis);
    const std::uint64_t days = since / 86'400'000;
    return Put("2026-")
        .Digits(1 + days / 28 % 12, 2)
        .Put("-")
        .Digits(1 + days % 28, 2)
        .Put("T")
        .Digits(since / 3'600'000 % 24, 2)
        .Put(":")
        .Digits(since / 60'000 % 60, 2)
        .Put(":")
        .Digits(since / 1000 % 60, 2)
        .Put(".")
        .Digits(since % 1000, 3)
        .Put(zone);
  }

  void Okta() {
    const std::uint64_t user = random_.Skewed(20'000);
    Put(R"({"actor":{"id":"00u)")
        .Digits(user * 7919 + 100'000, 17)
        .Put(R"(","type":"User","alternateId":"user)")
        .Digits(user)
        .Put(R"(@example.com","displayName":"User )")
        .Digits(user)
        .Put(R"(","detailEntry":null},"client":{"userAgent":{"rawUserAgent":")")
        .One(kAgents)
        .Put(
            R"(","os":"Windows 10","browser":"CHROME"},"zone":"null","device":"Computer","id":"0oa)")
        .Digits(random_.Skewed(60) * 104'729 + 1, 17)
        .Put(R"(","ipAddress":")")
        .Ip(user * 31 + random_.Below(4))
        .Put(
            R"("},"authenticationContext":{"authenticationStep":0,"externalSessionId":"102)")
        .Id(20)
        .Put(R"("},"displayMessage":"OAuth2 event","eventType":")")
        .One(kOktaTypes)
        .Put(R"(","outcome":{"result":")")
        .Put(random_.Below(20) == 0 ? "FAILURE" : "SUCCESS")
        .Put(R"(","reason":null},"published":")")
        .Time("Z")
        .Put(
            R"(","securityContext":{"asNumber":64496,"isp":"example","isProxy":false},"severity":"INFO","debugContext":{"debugData":{"requestId":")")
        .Id(27)
        .Put(R"(","grantType":")")
        .One(kGrants)
        .Put(R"(","grantedScopes":")")
        .One(kScopes)
        .Put(R"("}},"transaction":{"type":"WEB","id":")")
        .Id(27)
        .Put(R"(","detail":{}},"uuid":")")
        .Uuid()
        .Put(R"(","version":"0","target":[{"id":"AT.)")
        .Id(43)
        .Put(
            R"(","type":"access_token","alternateId":null,"displayName":"Access Token"}]})");
  }

  void Auth0() {
    const std::uint64_t user = random_.Skewed(20'000);
    Put(R"({"log_id":"90020260101)")
        .Digits(random_.Next() % 1'000'000'000, 40)
        .Put(R"(","data":{"date":")")
        .Time("Z")
        .Put(R"(","type":")")
        .One(kAuth0Types)
        .Put(R"(","description":"","connection_id":"","client_id":")")
        .Digits(random_.Skewed(60) * 15'485'863 + 7, 32)
        .Put(R"(","client_name":"Example App","ip":")")
        .Ip(user * 17 + random_.Below(4))
        .Put(R"(","user_agent":")")
        .One(kAgents)
        .Put(
            R"(","details":{"request":{"method":"POST","path":"/oauth/token"},"familyId":")")
        .Hex(24)
        .Put(R"(","tokenCounter":)")
        .Digits(random_.Below(90))
        .Put(R"(,"access_token_jti":")")
        .Id(22)
        .Put(R"(","session_id":")")
        .Id(32)
        .Put(R"("},"hostname":"tenant.eu.example.com","user_id":"auth0|)")
        .Digits(user * 7919, 24)
        .Put(R"(","user_name":"user)")
        .Digits(user)
        .Put(R"(@example.com","audience":"https://api.example.com/","scope":")")
        .One(kScopes)
        .Put(R"(","log_id":"90020260101)")
        .Id(40)
        .Put(R"(","tenant_name":"tenant"}})");
  }

  void Keycloak() {
    const std::uint64_t user = random_.Skewed(20'000);
    Put(R"({"timestamp":")")
        .Time("000000+01:00")
        .Put(R"(","sequence":)")
        .Digits(++sequence_)
        .Put(
            R"(,"loggerClassName":"org.jboss.logging.Logger","loggerName":"org.keycloak.events","level":"INFO","message":"type=\")")
        .One(kKeycloakTypes)
        .Put(R"(\", realmId=\")")
        .Uuid()
        .Put(R"(\", realmName=\"example\", clientId=\"app-)")
        .Digits(random_.Skewed(60))
        .Put(R"(\", userId=\")")
        .Digits(user * 7919, 36)
        .Put(R"(\", sessionId=\")")
        .Uuid()
        .Put(R"(\", ipAddress=\")")
        .Ip(user * 13)
        .Put(R"(\", token_id=\")")
        .Uuid()
        .Put(R"(\", grant_type=\")")
        .One(kGrants)
        .Put(R"(\", scope=\")")
        .One(kScopes)
        .Put(R"(\", client_auth_method=\"client-secret\", username=\"user)")
        .Digits(user)
        .Put(R"(\"","threadName":"executor-thread-)")
        .Digits(random_.Below(64))
        .Put(R"(","threadId":)")
        .Digits(random_.Below(900))
        .Put(
            R"(,"mdc":{},"ndc":"","hostName":"keycloak-0","processName":"/usr/lib/jvm/java","processId":1})");
  }

  void Entra() {
    const std::uint64_t user = random_.Skewed(20'000);
    Put(R"({"time":")")
        .Time("0000Z")
        .Put(
            R"(","resourceId":"/tenants/00000000-0000-4000-a000-000000000001/providers/Microsoft.aadiam","operationName":"Sign-in activity","operationVersion":"1.0","category":"SignInLogs","tenantId":"00000000-0000-4000-a000-000000000001","resultType":")")
        .Put(random_.Below(15) == 0 ? "50126" : "0")
        .Put(R"(","callerIpAddress":")")
        .Ip(user * 29)
        .Put(R"(","correlationId":")")
        .Uuid()
        .Put(R"(","identity":"User )")
        .Digits(user)
        .Put(R"(","Level":4,"location":"DE","properties":{"id":")")
        .Uuid()
        .Put(R"(","createdDateTime":")")
        .Time("0000+00:00")
        .Put(R"(","userDisplayName":"User )")
        .Digits(user)
        .Put(R"(","userPrincipalName":"user)")
        .Digits(user)
        .Put(R"(@example.com","userId":"00000000-0000-4000-b000-)")
        .Digits(user, 12)
        .Put(R"(","appId":"00000000-0000-4000-c000-)")
        .Digits(random_.Skewed(60), 12)
        .Put(R"(","appDisplayName":"Example Portal","ipAddress":")")
        .Ip(user * 29)
        .Put(
            R"(","status":{"errorCode":0},"clientAppUsed":"Browser","conditionalAccessStatus":"success","originalRequestId":")")
        .Uuid()
        .Put(R"(","uniqueTokenIdentifier":")")
        .Id(22)
        .Put(
            R"(","isInteractive":true,"riskState":"none","resourceDisplayName":"Microsoft Graph","authenticationRequirement":"multiFactorAuthentication"}})");
  }

  void NodeOidc() {
    const std::uint64_t user = random_.Skewed(20'000);
    const std::uint64_t client = random_.Skewed(60);
    Put(R"({"level":30,"time":)")
        .Digits(static_cast<std::uint64_t>(millis_))
        .Put(R"(,"pid":17,"hostname":"oidc-)")
        .Digits(random_.Below(6))
        .Put(R"(","reqId":")")
        .Uuid()
        .Put(R"(","evt":")")
        .One(kNodeTypes)
        .Put(R"(","event_ctx":{"method":"POST","path":"/token","ip":")")
        .Ip(user * 23)
        .Put(R"(","ua":")")
        .One(kAgents)
        .Put(R"(","client_id":"spa-)")
        .Digits(client)
        .Put(R"(","sub":"acct-)")
        .Digits(user)
        .Put(R"("},"token":{"kind":"AccessToken","jti":")")
        .Id(43)
        .Put(R"(","accountId":"acct-)")
        .Digits(user)
        .Put(R"(","clientId":"spa-)")
        .Digits(client)
        .Put(R"(","grantId":")")
        .Id(43)
        .Put(R"(","sessionUid":")")
        .Id(21)
        .Put(R"(","scope":")")
        .One(kScopes)
        .Put(R"(","gty":")")
        .One(kGrants)
        .Put(R"(","aud":"https://api.example.com","exp":)")
        .Digits(static_cast<std::uint64_t>(millis_ / 1000 + 3600))
        .Put(
            R"(,"extra":{"amr":["pwd","otp"],"acr":"urn:example:silver","region":"eu-central-1","pod":")")
        .Id(16)
        .Put(R"("}},"durationMs":)")
        .Digits(random_.Skewed(900))
        .Put(R"(,"traceId":")")
        .Hex(32)
        .Put(R"(","spanId":")")
        .Hex(16)
        .Put(R"(","msg":"request completed"})");
  }

  Random random_;
  std::string out_;
  std::int64_t millis_ = kFirstMillis;
  std::uint64_t sequence_ = 0;
};

RecordGenerator::RecordGenerator(std::uint64_t seed)
    : maker_(std::make_unique<Maker>(seed)) {}
RecordGenerator::~RecordGenerator() = default;

void RecordGenerator::Append(std::string& text) {
  maker_->Append(text);
}

}  // namespace authseal
