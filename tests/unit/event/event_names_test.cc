// This file is longer than 400 lines because it is one table.
// Names of events that providers document, with the kind each belongs to. A
// name that became `other` would be missed by every search for its kind.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/event/test_mapper.h"

namespace authseal {
namespace {

// `names` are separated by blanks (by '|' where they hold blanks); each takes
// the place of '@' in `record`.
struct NamesCase {
  const char* provider;
  const char* kind;
  const char* record;
  const char* names;
};

constexpr const char* kOkta =
    R"({"uuid":"u","published":"2026-03-01T12:00:00Z","eventType":"@",)"
    R"("outcome":{"result":"SUCCESS"}})";
constexpr const char* kAuth0 = R"({"log_id":"1","data":{"type":"@"}})";
constexpr const char* kKeycloak =
    R"({"loggerName":"org.keycloak.events","message":"type=\"@\", x=\"y\""})";
constexpr const char* kKeycloakAdmin =
    R"({"loggerName":"org.keycloak.events","message":"operationType=\"@\", )"
    R"(resourceType=\"CLIENT\""})";
constexpr const char* kSignIn =
    R"({"category":"@","operationName":"Sign-in activity","properties":{}})";
constexpr const char* kAudit =
    R"({"category":"AuditLogs","operationName":"@","properties":{}})";
constexpr const char* kGraph =
    R"({"activityDisplayName":"@","activityDateTime":"2026-03-01T12:00:00Z",)"
    R"("targetResources":[]})";
constexpr const char* kO365 =
    R"({"Workload":"AzureActiveDirectory","Operation":"@","RecordType":8})";
constexpr const char* kToken =
    R"({"kind":"admin#reports#activity","id":{"applicationName":"token"},)"
    R"("events":[{"name":"@"}]})";
constexpr const char* kGoogleLogin =
    R"({"kind":"admin#reports#activity","id":{"applicationName":"login"},)"
    R"("events":[{"name":"@"}]})";
constexpr const char* kAccess =
    R"({"kind":"admin#reports#activity","id":{"applicationName":)"
    R"("access_evaluation"},"events":[{"name":"@"}]})";
constexpr const char* kGithub = R"({"action":"@","actor":"a","org":"o"})";
constexpr const char* kAws =
    R"({"eventVersion":"1","eventSource":"cognito-idp.amazonaws.com",)"
    R"("eventName":"@"})";
constexpr const char* kForgerock = R"({"eventName":"@","transactionId":"t"})";
constexpr const char* kForgerockPath =
    R"({"payload":{"eventName":"AM-ACCESS-OUTCOME","component":"OAuth",)"
    R"("http":{"request":{"method":"POST","path":"https://h/am@"}}}})";
constexpr const char* kPing =
    R"({"action":{"type":"@"},"recordedAt":"2026-03-01T12:00:00Z",)"
    R"("result":{"status":"SUCCESS"}})";
constexpr const char* kAuthentik =
    R"({"pk":"1","action":"@","app":"authentik.events","created":"x"})";
constexpr const char* kHydra =
    R"({"service_name":"Ory Hydra","msg":"completed handling request",)"
    R"("http_request":{"method":"M","path":"P"}})";
constexpr const char* kHydraSpan = R"({"name":"@","attributes":{}})";
constexpr const char* kDex =
    R"({"msg":"@","level":"INFO","time":"t","client_remote_addr":"x"})";
constexpr const char* kAuthelia =
    R"({"level":"debug","msg":"@","method":"POST","path":"/","remote_ip":"x"})";
constexpr const char* kZitadel =
    R"({"aggregate_type":"a","event_type":"@","sequence":1,"instance_id":"i"})";
constexpr const char* kDuende =
    R"({"Category":"c","Name":"n","EventType":"Success","Id":@})";
constexpr const char* kNode = R"({"evt":"@","time":1})";
constexpr const char* kSupabase =
    R"({"auth_audit_event":{"action":"@"},"level":"info","msg":"m"})";
constexpr const char* kLogto =
    R"({"key":"@","payload":{"result":"Success"},"createdAt":1})";
constexpr const char* kOxauth =
    R"({"action":"@","timestamp":1,"macAddress":"m","success":true})";
constexpr const char* kIndigo =
    R"({"@type":"@","category":"TOKEN","source":"s","timestamp":1})";
constexpr const char* kSalesforce =
    R"({"EVENT_TYPE":"@","TIMESTAMP":"20260301120000.000"})";
constexpr const char* kSlack =
    R"({"action":"@","actor":{"type":"user"},"date_create":1})";
constexpr const char* kOneLogin = R"({"event_type_id":@,"account_id":1})";
constexpr const char* kJumpCloud =
    R"({"event_type":"@","service":"sso","organization":"o"})";
constexpr const char* kTeleport =
    R"({"event":"@","code":"T1000I","uid":"u","time":"t"})";
constexpr const char* kDuo =
    R"({"event_type":"@","isotimestamp":"2026-03-01T12:00:00+00:00"})";
constexpr const char* kSet =
    R"({"jti":"j","iat":1,"iss":"i","events":{"https://x/event-type/@":{}}})";
constexpr const char* kCloudflare =
    R"({"Action":"@","Allowed":true,"AppUUID":"a","RayID":"r"})";
constexpr const char* kHoop = R"({"kind":"@","principal":"p"})";

class EventNamesTest : public testing::TestWithParam<NamesCase> {};

std::vector<std::string> NamesIn(std::string_view names) {
  const char separator = names.find('|') == std::string_view::npos ? ' ' : '|';
  std::vector<std::string> out(1);
  for (const char c : names) {
    if (c == separator) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

std::string RecordOf(const NamesCase& names, const std::string& name) {
  std::string record = names.record;
  // INDIGO's own "@type" stays: the place is the last '@'.
  const std::size_t at = record.rfind('@');
  return record.replace(at, 1, name);
}

TEST_P(EventNamesTest, HaveTheirKind) {
  for (const std::string& name : NamesIn(GetParam().names)) {
    const Event event = EventOf(RecordOf(GetParam(), name));
    EXPECT_EQ(event.provider, GetParam().provider) << name;
    EXPECT_EQ(EventKindName(event.kind), GetParam().kind) << name;
  }
}

// A twin with _ERROR has the same kind, and failed.
TEST(EventNames, KeycloakErrorsHaveTheKindOfTheirTwin) {
  for (const char* name :
       {"CODE_TO_TOKEN", "CLIENT_LOGIN", "REFRESH_TOKEN", "TOKEN_EXCHANGE",
        "INTROSPECT_TOKEN", "REVOKE_GRANT", "LOGIN", "LOGOUT", "GRANT_CONSENT",
        "CLIENT_REGISTER", "CLIENT_UPDATE", "CLIENT_DELETE",
        "OAUTH2_DEVICE_AUTH", "PUSHED_AUTHORIZATION_REQUEST"}) {
    NamesCase names = {"", "", kKeycloak, ""};
    const Event good = EventOf(RecordOf(names, name));
    const Event bad = EventOf(RecordOf(names, std::string(name) + "_ERROR"));
    EXPECT_EQ(good.kind, bad.kind) << name;
    EXPECT_EQ(good.outcome, EventOutcome::kSuccess) << name;
    EXPECT_EQ(bad.outcome, EventOutcome::kFailure) << name;
  }
}

TEST(EventNames, HydrasRequestsAreKnownByMethodAndPath) {
  const std::vector<std::array<const char*, 3>> requests = {
      {"POST", "/oauth2/token", "token.issue"},
      {"GET", "/oauth2/auth", "authorize"},
      {"POST", "/oauth2/revoke", "token.revoke"},
      {"POST", "/admin/oauth2/introspect", "token.introspect"},
      {"POST", "/oauth2/introspect", "token.introspect"},
      {"POST", "/admin/clients", "client.create"},
      {"PUT", "/admin/clients/a", "client.update"},
      {"DELETE", "/clients/a", "client.delete"},
      {"PUT", "/admin/oauth2/auth/requests/login/accept", "login"},
      {"PUT", "/oauth2/auth/requests/login/reject", "login"},
      {"PUT", "/admin/oauth2/auth/requests/consent/accept", "consent.grant"},
      {"DELETE", "/admin/oauth2/auth/sessions/consent", "consent.revoke"},
      {"GET", "/oauth2/sessions/logout", "logout"},
      {"GET", "/health/alive", "other"}};
  for (const auto& [method, path, kind] : requests) {
    std::string record = kHydra;
    record.replace(record.find("\"M\""), 3, "\"" + std::string(method) + "\"");
    record.replace(record.find("\"P\""), 3, "\"" + std::string(path) + "\"");
    const Event event = EventOf(record);
    EXPECT_EQ(event.provider, "ory_hydra");
    EXPECT_EQ(EventKindName(event.kind), kind) << method << " " << path;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Okta, EventNamesTest,
    testing::Values(
        NamesCase{"okta", "token.issue", kOkta,
                  "app.oauth2.token.grant.access_token "
                  "app.oauth2.token.grant.id_token app.oauth2.token.grant "
                  "app.oauth2.token.grant.refresh_token "
                  "app.oauth2.as.token.grant "
                  "app.oauth2.as.token.grant.access_token "
                  "system.api_token.create"},
        NamesCase{"okta", "token.revoke", kOkta,
                  "app.oauth2.token.revoke app.oauth2.as.token.revoke "
                  "app.oauth2.token.revoke.implicit.as "
                  "app.oauth2.token.revoke.implicit.client "
                  "app.oauth2.token.revoke.implicit.user "
                  "system.api_token.revoke"},
        NamesCase{"okta", "token.exchange", kOkta,
                  "app.oauth2.token.grant.interclient_token "
                  "app.oauth2.as.token.grant.interclient_token "
                  "app.oauth2.token.grant.oauth_sts "
                  "app.oauth2.token.grant.id_jag"},
        NamesCase{"okta", "token.reuse", kOkta,
                  "app.oauth2.token.detect_reuse "
                  "app.oauth2.as.token.detect_reuse"},
        NamesCase{"okta", "authorize", kOkta,
                  "app.oauth2.authorize app.oauth2.as.authorize.code "
                  "app.oauth2.authorize.implicit.id_token "
                  "app.oauth2.as.authorize.scope_denied"},
        NamesCase{"okta", "consent.grant", kOkta,
                  "app.oauth2.consent.grant app.oauth2.as.consent.grant "
                  "app.oauth2.admin.consent.grant"},
        NamesCase{"okta", "consent.revoke", kOkta,
                  "app.oauth2.as.consent.revoke "
                  "app.oauth2.as.consent.revoke.implicit.scope "
                  "app.oauth2.admin.consent.revoke"},
        NamesCase{"okta", "login", kOkta,
                  "user.session.start user.authentication.sso "
                  "user.authentication.auth_via_IDP app.oauth2.signon"},
        NamesCase{"okta", "logout", kOkta,
                  "user.session.end user.session.clear "
                  "user.authentication.slo"},
        NamesCase{"okta", "client.create", kOkta,
                  "app.oauth2.client.lifecycle.create "
                  "application.lifecycle.create"},
        NamesCase{"okta", "client.update", kOkta,
                  "app.oauth2.client.lifecycle.update "
                  "app.oauth2.client.lifecycle.activate "
                  "app.oauth2.client.lifecycle.deactivate "
                  "application.lifecycle.update"},
        NamesCase{"okta", "client.delete", kOkta,
                  "app.oauth2.client.lifecycle.delete "
                  "application.lifecycle.delete"},
        NamesCase{"okta", "client.secret", kOkta,
                  "app.oauth2.client.read_client_secret "
                  "app.oauth2.credentials.lifecycle.create"},
        NamesCase{"okta", "device", kOkta, "device.enrollment.create"}));

INSTANTIATE_TEST_SUITE_P(
    Auth0, EventNamesTest,
    testing::Values(
        NamesCase{"auth0", "token.issue", kAuth0,
                  "seacft seccft sepft seotpft seoobft sercft sepkotpft "
                  "sepkoobft sepkrcft sens sede ciba_exchange_succeeded "
                  "sdeleacft feacft feccft fepft feotpft feoobft fercft fede "
                  "fens fdeleacft jwt_bearer_exchange_failed "
                  "ciba_exchange_failed"},
        NamesCase{"auth0", "token.refresh", kAuth0, "sertft fertft"},
        NamesCase{"auth0", "token.exchange", kAuth0,
                  "secte seta success_on_behalf_of_token_exchange "
                  "idjag_exchange_succeeded sd fecte feta "
                  "failed_on_behalf_of_token_exchange idjag_exchange_failed"},
        NamesCase{"auth0", "token.revoke", kAuth0, "srrt"},
        NamesCase{"auth0", "token.reuse", kAuth0, "ferrt"},
        NamesCase{"auth0", "authorize", kAuth0, "fpar fsa fco"},
        NamesCase{"auth0", "login", kAuth0, "s sdel scoa f fp fu fcoa"},
        NamesCase{"auth0", "logout", kAuth0,
                  "slo flo oidc_backchannel_logout_succeeded "
                  "oidc_backchannel_logout_failed universal_logout_succeeded "
                  "universal_logout_failed"},
        NamesCase{"auth0", "consent.grant", kAuth0,
                  "rich_consents_access_error"},
        NamesCase{"auth0", "device", kAuth0, "fdeac fdeaz fdecc"},
        NamesCase{"auth0", "admin", kAuth0, "sapi mgmt_api_read"},
        NamesCase{"auth0", "error", kAuth0,
                  "api_limit api_limit_warning limit_delegation pla depnote "
                  "w"}));

INSTANTIATE_TEST_SUITE_P(
    Keycloak, EventNamesTest,
    testing::Values(
        NamesCase{"keycloak_json", "token.issue", kKeycloak,
                  "CODE_TO_TOKEN CLIENT_LOGIN PERMISSION_TOKEN "
                  "OAUTH2_DEVICE_CODE_TO_TOKEN AUTHREQID_TO_TOKEN "
                  "OAUTH2_EXTENSION_GRANT JWT_BEARER"},
        NamesCase{"keycloak_json", "token.refresh", kKeycloak, "REFRESH_TOKEN"},
        NamesCase{"keycloak_json", "token.exchange", kKeycloak,
                  "TOKEN_EXCHANGE"},
        NamesCase{"keycloak_json", "token.introspect", kKeycloak,
                  "INTROSPECT_TOKEN VALIDATE_ACCESS_TOKEN USER_INFO_REQUEST"},
        NamesCase{"keycloak_json", "token.revoke", kKeycloak, "REVOKE_GRANT"},
        NamesCase{"keycloak_json", "authorize", kKeycloak,
                  "PUSHED_AUTHORIZATION_REQUEST"},
        NamesCase{"keycloak_json", "consent.grant", kKeycloak,
                  "GRANT_CONSENT UPDATE_CONSENT"},
        NamesCase{"keycloak_json", "login", kKeycloak,
                  "LOGIN IDENTITY_PROVIDER_LOGIN IMPERSONATE"},
        NamesCase{"keycloak_json", "logout", kKeycloak, "LOGOUT"},
        NamesCase{"keycloak_json", "client.create", kKeycloak,
                  "CLIENT_REGISTER"},
        NamesCase{"keycloak_json", "client.update", kKeycloak,
                  "CLIENT_UPDATE CLIENT_INFO"},
        NamesCase{"keycloak_json", "client.delete", kKeycloak, "CLIENT_DELETE"},
        NamesCase{"keycloak_json", "device", kKeycloak,
                  "OAUTH2_DEVICE_AUTH OAUTH2_DEVICE_VERIFY_USER_CODE"},
        NamesCase{"keycloak_json", "client.create", kKeycloakAdmin, "CREATE"},
        NamesCase{"keycloak_json", "client.update", kKeycloakAdmin,
                  "UPDATE ACTION"},
        NamesCase{"keycloak_json", "client.delete", kKeycloakAdmin, "DELETE"}));

INSTANTIATE_TEST_SUITE_P(
    Microsoft, EventNamesTest,
    testing::Values(
        NamesCase{"entra_diag", "login", kSignIn, "SignInLogs ADFSSignInLogs"},
        NamesCase{"entra_diag", "token.refresh", kSignIn,
                  "NonInteractiveUserSignInLogs"},
        NamesCase{"entra_diag", "token.issue", kSignIn,
                  "ServicePrincipalSignInLogs ManagedIdentitySignInLogs"},
        NamesCase{"entra_diag", "admin", kSignIn, "MicrosoftGraphActivityLogs"},
        NamesCase{"entra_diag", "error", kSignIn, "RiskyUsers UserRiskEvents"},
        NamesCase{"entra_diag", "consent.grant", kAudit,
                  "Consent to application|Add delegated permission grant|"
                  "Add app role assignment to service principal|"
                  "Add app role assignment grant to user"},
        NamesCase{"entra_diag", "consent.revoke", kAudit,
                  "Remove delegated permission grant|"
                  "Remove app role assignment from service principal"},
        NamesCase{"entra_diag", "client.create", kAudit,
                  "Add application|Add service principal"},
        NamesCase{"entra_diag", "client.update", kAudit,
                  "Update application|"
                  "Update service "
                  "principal"},
        NamesCase{"entra_diag", "client.delete", kAudit,
                  "Delete application|Remove service principal"},
        NamesCase{"entra_diag", "client.secret", kAudit,
                  "Add service principal credentials|Update application "
                  "\xE2\x80\x93 Certificates and secrets management "},
        NamesCase{"entra_diag", "token.revoke", kAudit,
                  "Update StsRefreshTokenValidFrom Timestamp|"
                  "Revoke sign in sessions"},
        NamesCase{"entra_graph", "consent.grant", kGraph,
                  "Consent to application|Add delegated permission grant"},
        NamesCase{"entra_graph", "client.secret", kGraph,
                  "Add service principal credentials|x certificates and "
                  "secrets management"},
        NamesCase{"o365", "login", kO365, "UserLoggedIn UserLoginFailed"},
        NamesCase{"o365", "consent.grant", kO365,
                  "Consent to application.|Add OAuth2PermissionGrant."},
        NamesCase{"o365", "client.create", kO365,
                  "Add application.|Add service principal."},
        NamesCase{"o365", "client.secret", kO365,
                  "Add service principal credentials.|x certificates and "
                  "secrets management"}));

INSTANTIATE_TEST_SUITE_P(
    Clouds, EventNamesTest,
    testing::Values(
        NamesCase{"google_workspace", "consent.grant", kToken, "authorize"},
        NamesCase{"google_workspace", "consent.revoke", kToken, "revoke"},
        NamesCase{"google_workspace", "token.introspect", kToken, "activity"},
        NamesCase{"google_workspace", "authorize", kToken, "request"},
        NamesCase{"google_workspace", "login", kGoogleLogin,
                  "login_success login_failure"},
        NamesCase{"google_workspace", "logout", kGoogleLogin, "logout"},
        NamesCase{"google_workspace", "mfa", kGoogleLogin, "login_challenge"},
        NamesCase{"google_workspace", "token.issue", kAccess,
                  "allow_token_request deny_token_request"},
        NamesCase{"cloudtrail", "token.issue", kAws,
                  "Token_POST CreateToken CreateTokenWithIAM"},
        NamesCase{"cloudtrail", "login", kAws,
                  "Login_GET Login_POST Confirm_POST OAuth2Response_GET "
                  "SAML2Response_POST InitiateAuth RespondToAuthChallenge "
                  "Authenticate Federate ConsoleLogin"},
        NamesCase{"cloudtrail", "logout", kAws, "Logout_GET"},
        NamesCase{"cloudtrail", "authorize", kAws, "OAuth2_Authorize_GET"},
        NamesCase{"cloudtrail", "token.revoke", kAws,
                  "Revoke_POST RevokeToken GlobalSignOut"},
        NamesCase{"cloudtrail", "token.introspect", kAws, "UserInfo_GET"},
        NamesCase{"cloudtrail", "token.exchange", kAws,
                  "AssumeRole AssumeRoleWithWebIdentity"},
        NamesCase{"cloudtrail", "client.create", kAws,
                  "CreateUserPoolClient RegisterClient"},
        NamesCase{"cloudtrail", "client.update", kAws, "UpdateUserPoolClient"},
        NamesCase{"cloudtrail", "client.delete", kAws, "DeleteUserPoolClient"},
        NamesCase{"cloudtrail", "device", kAws, "StartDeviceAuthorization"},
        NamesCase{"cloudtrail", "admin", kAws, "Signup_POST"},
        NamesCase{"github", "token.issue", kGithub,
                  "oauth_access.create oauth_access.regenerate "
                  "personal_access_token.create "
                  "personal_access_token.access_granted"},
        NamesCase{"github", "token.revoke", kGithub,
                  "oauth_access.destroy oauth_access.revoke "
                  "oauth_authorization.destroy "
                  "personal_access_token.access_revoked "
                  "org_credential_authorization.revoke"},
        NamesCase{"github", "consent.grant", kGithub,
                  "oauth_authorization.create org.oauth_app_access_approved "
                  "org_credential_authorization.grant "
                  "integration_installation.create"},
        NamesCase{"github", "consent.revoke", kGithub,
                  "org.oauth_app_access_denied "
                  "integration_installation.destroy"},
        NamesCase{"github", "client.secret", kGithub,
                  "oauth_application.reset_secret "
                  "oauth_application.generate_client_secret "
                  "integration.generate_client_secret"},
        NamesCase{"github", "client.create", kGithub,
                  "oauth_application.create integration.create"},
        NamesCase{"github", "client.delete", kGithub,
                  "oauth_application.destroy integration.destroy"},
        NamesCase{"github", "client.update", kGithub,
                  "oauth_application.transfer"},
        NamesCase{"github", "login", kGithub,
                  "user.login user.failed_login org.sso_response"},
        NamesCase{"github", "logout", kGithub, "user.logout"}));

INSTANTIATE_TEST_SUITE_P(
    SelfHosted, EventNamesTest,
    testing::Values(
        NamesCase{"forgerock", "login", kForgerock, "AM-LOGIN-COMPLETED"},
        NamesCase{"forgerock", "logout", kForgerock,
                  "AM-LOGOUT AM-SESSION-LOGGED_OUT"},
        NamesCase{"forgerock", "session.create", kForgerock,
                  "AM-SESSION-CREATED"},
        NamesCase{"forgerock", "session.revoke", kForgerock,
                  "AM-SESSION-DESTROYED"},
        NamesCase{"forgerock", "session.expire", kForgerock,
                  "AM-SESSION-IDLE_TIMED_OUT AM-SESSION-MAX_TIMED_OUT"},
        NamesCase{"forgerock", "token.issue", kForgerockPath,
                  "/oauth2/access_token /oauth2/realms/root/access_token"},
        NamesCase{"forgerock", "token.introspect", kForgerockPath,
                  "/oauth2/introspect"},
        NamesCase{"forgerock", "token.revoke", kForgerockPath,
                  "/oauth2/token/revoke"},
        NamesCase{"forgerock", "authorize", kForgerockPath,
                  "/oauth2/authorize"},
        NamesCase{"forgerock", "client.create", kForgerockPath,
                  "/oauth2/register"},
        NamesCase{"forgerock", "device", kForgerockPath, "/oauth2/device/code"},
        NamesCase{"authentik_api", "login", kAuthentik,
                  "login login_failed impersonation_started source_linked"},
        NamesCase{"authentik_api", "logout", kAuthentik,
                  "logout impersonation_ended"},
        NamesCase{"authentik_api", "authorize", kAuthentik,
                  "authorize_application"},
        NamesCase{"authentik_api", "client.secret", kAuthentik,
                  "secret_view secret_rotate"},
        NamesCase{"authentik_api", "token.introspect", kAuthentik,
                  "token_view"},
        NamesCase{"authentik_api", "admin", kAuthentik,
                  "model_created model_updated model_deleted password_set"},
        NamesCase{"authentik_api", "error", kAuthentik, "suspicious_request"},
        NamesCase{"ory_hydra", "token.issue", kHydraSpan,
                  "OAuth2AccessTokenIssued OAuth2RefreshTokenIssued "
                  "OIDCIdentityTokenIssued OAuth2TokenExchangeError"},
        NamesCase{"ory_hydra", "token.introspect", kHydraSpan,
                  "OAuth2AccessTokenInspected"},
        NamesCase{"ory_hydra", "token.revoke", kHydraSpan,
                  "OAuth2AccessTokenRevoked"},
        NamesCase{"ory_hydra", "consent.grant", kHydraSpan,
                  "OAuth2ConsentAccepted OAuth2ConsentRejected"},
        NamesCase{"ory_hydra", "consent.revoke", kHydraSpan,
                  "OAuth2ConsentRevoked"},
        NamesCase{"ory_hydra", "login", kHydraSpan,
                  "OAuth2LoginAccepted OAuth2LoginRejected"},
        NamesCase{"ory_hydra", "client.create", kHydraSpan,
                  "OAuth2ClientCreated"},
        NamesCase{"ory_hydra", "client.update", kHydraSpan,
                  "OAuth2ClientUpdated"},
        NamesCase{"ory_hydra", "client.delete", kHydraSpan,
                  "OAuth2ClientDeleted"},
        NamesCase{"dex", "login", kDex, "login successful|failed to login"},
        NamesCase{"dex", "token.exchange", kDex,
                  "token exchange successful|"
                  "token exchange"},
        NamesCase{"dex", "error", kDex,
                  "invalid client_secret on token request|invalid client"},
        NamesCase{"dex", "token.reuse", kDex,
                  "refresh token claimed twice|x claimed twice"},
        NamesCase{"authelia", "login", kAuthelia,
                  "Successful 1FA authentication attempt made by user 'x'|"
                  "Unsuccessful 1FA authentication attempt by user 'x'"},
        NamesCase{"authelia", "mfa", kAuthelia,
                  "Unsuccessful TOTP authentication attempt by user 'x'|"
                  "Unsuccessful Duo authentication attempt by user 'x'|"
                  "Unsuccessful WebAuthn authentication attempt by user 'x'"},
        NamesCase{"authelia", "token.issue", kAuthelia,
                  "Access Request with id 'x' on client with id 'y' has "
                  "successfully been processed|Access Request failed"},
        NamesCase{"authelia", "token.revoke", kAuthelia,
                  "Revocation Request with id 'x'|Revocation Request failed"},
        NamesCase{"authelia", "token.introspect", kAuthelia,
                  "Introspection Request with id 'x'|Introspection Request "
                  "failed"},
        NamesCase{"authelia", "authorize", kAuthelia,
                  "Authorization Request with id 'x'|Authorization Request "
                  "failed"},
        NamesCase{"indigo_iam", "token.issue", kIndigo,
                  "AccessTokenIssuedEvent RefreshTokenIssuedEvent"},
        NamesCase{"indigo_iam", "client.create", kIndigo,
                  "ClientCreatedEvent ClientRegisteredEvent"},
        NamesCase{"indigo_iam", "client.update", kIndigo,
                  "ClientUpdatedEvent ClientStatusChangedEvent"},
        NamesCase{"indigo_iam", "client.secret", kIndigo,
                  "ClientSecretUpdatedEvent"},
        NamesCase{"indigo_iam", "client.delete", kIndigo, "ClientRemovedEvent"},
        NamesCase{"indigo_iam", "login", kIndigo,
                  "IamAuthenticationSuccessEvent "
                  "IamAuthenticationFailureEvent"},
        NamesCase{"hoop_audit", "session.create", kHoop, "session_start"},
        NamesCase{"hoop_audit", "session.revoke", kHoop, "session_end"},
        NamesCase{"hoop_audit", "admin", kHoop, "statement masked"},
        NamesCase{"hoop_audit", "error", kHoop, "violation error"}));

INSTANTIATE_TEST_SUITE_P(
    Platforms, EventNamesTest,
    testing::Values(
        NamesCase{"zitadel", "login", kZitadel,
                  "oidc_session.added user.human.password.check.succeeded "
                  "user.human.password.check.failed"},
        NamesCase{"zitadel", "token.issue", kZitadel,
                  "oidc_session.access_token.added "
                  "oidc_session.refresh_token.added user.token.added"},
        NamesCase{"zitadel", "token.refresh", kZitadel,
                  "oidc_session.refresh_token.renewed"},
        NamesCase{"zitadel", "token.revoke", kZitadel,
                  "oidc_session.access_token.revoked "
                  "oidc_session.refresh_token.revoked"},
        NamesCase{"zitadel", "logout", kZitadel,
                  "user.token.v2.signed.out user.human.signed.out"},
        NamesCase{"zitadel", "authorize", kZitadel, "auth_request.added"},
        NamesCase{"zitadel", "client.create", kZitadel,
                  "project.application.config.oidc.added"},
        NamesCase{"zitadel", "client.update", kZitadel,
                  "project.application.config.oidc.changed"},
        NamesCase{"zitadel", "client.delete", kZitadel,
                  "project.application.removed application.removed"},
        NamesCase{"zitadel", "consent.grant", kZitadel, "user.grant.added"},
        NamesCase{"duende", "login", kDuende, "1000 1001"},
        NamesCase{"duende", "logout", kDuende, "1002"},
        NamesCase{"duende", "token.issue", kDuende, "2000 2001"},
        NamesCase{"duende", "token.revoke", kDuende, "2010"},
        NamesCase{"duende", "token.introspect", kDuende, "1020 2020 2021"},
        NamesCase{"duende", "consent.grant", kDuende, "4000 4001"},
        NamesCase{"duende", "consent.revoke", kDuende, "4002"},
        NamesCase{"duende", "device", kDuende, "5000 5001 6000 6001"},
        NamesCase{"duende", "error", kDuende, "1011 3000 3456"},
        NamesCase{"duende", "authorize", kDuende, "1010"},
        NamesCase{"node_oidc_provider", "token.issue", kNode,
                  "grant.success grant.error access_token.saved "
                  "access_token.issued refresh_token.saved"},
        NamesCase{"node_oidc_provider", "token.refresh", kNode,
                  "refresh_token.consumed"},
        NamesCase{"node_oidc_provider", "token.revoke", kNode,
                  "refresh_token.destroyed access_token.destroyed "
                  "grant.revoked revocation.error"},
        NamesCase{"node_oidc_provider", "token.introspect", kNode,
                  "introspection.error"},
        NamesCase{"node_oidc_provider", "authorize", kNode,
                  "authorization.success authorization.error"},
        NamesCase{"node_oidc_provider", "logout", kNode, "end_session.success"},
        NamesCase{"node_oidc_provider", "client.create", kNode,
                  "registration_create.success"},
        NamesCase{"node_oidc_provider", "device", kNode,
                  "device_authorization.success device_code.saved"},
        NamesCase{"supabase", "login", kSupabase,
                  "login user_signedup user_repeated_signup"},
        NamesCase{"supabase", "logout", kSupabase, "logout"},
        NamesCase{"supabase", "token.refresh", kSupabase, "token_refreshed"},
        NamesCase{"supabase", "token.revoke", kSupabase, "token_revoked"},
        NamesCase{"supabase", "mfa", kSupabase, "factor_in_progress"},
        NamesCase{"supabase", "admin", kSupabase, "identity_linked"},
        NamesCase{"logto", "token.issue", kLogto,
                  "ExchangeTokenBy.AuthorizationCode "
                  "ExchangeTokenBy.ClientCredentials "
                  "ExchangeTokenBy.DeviceCode"},
        NamesCase{"logto", "token.refresh", kLogto,
                  "ExchangeTokenBy.RefreshToken"},
        NamesCase{"logto", "token.exchange", kLogto,
                  "ExchangeTokenBy.TokenExchange"},
        NamesCase{"logto", "token.revoke", kLogto, "RevokeToken"},
        NamesCase{"logto", "consent.revoke", kLogto, "RevokeGrants"},
        NamesCase{"logto", "login", kLogto, "Interaction.SignIn.Submit"},
        NamesCase{"oxauth", "token.issue", kOxauth, "TOKEN_REQUEST"},
        NamesCase{"oxauth", "token.introspect", kOxauth,
                  "TOKEN_VALIDATE USER_INFO"},
        NamesCase{"oxauth", "token.revoke", kOxauth, "TOKEN_REVOCATION"},
        NamesCase{"oxauth", "authorize", kOxauth,
                  "USER_AUTHORIZATION BACKCHANNEL_AUTHENTICATION"},
        NamesCase{"oxauth", "client.create", kOxauth, "CLIENT_REGISTRATION"},
        NamesCase{"oxauth", "client.update", kOxauth,
                  "CLIENT_UPDATE CLIENT_READ"},
        NamesCase{"oxauth", "client.delete", kOxauth, "CLIENT_DELETE"},
        NamesCase{"oxauth", "session.revoke", kOxauth, "SESSION_DESTROYED"},
        NamesCase{"oxauth", "device", kOxauth, "DEVICE_CODE_AUTHORIZATION"}));

INSTANTIATE_TEST_SUITE_P(
    Services, EventNamesTest,
    testing::Values(
        NamesCase{"ping_one", "token.issue", kPing, "ACCESS_TOKEN.CREATED"},
        NamesCase{"ping_one", "token.refresh", kPing,
                  "REFRESH_TOKEN.CREATED REFRESH_TOKEN.USED"},
        NamesCase{"ping_one", "token.revoke", kPing, "TOKEN.REVOKED"},
        NamesCase{"ping_one", "login", kPing,
                  "AUTHENTICATION.CREATED USER.ACCESS_ALLOWED "
                  "USER.ACCESS_DENIED"},
        NamesCase{"ping_one", "authorize", kPing, "FLOW.CREATED"},
        NamesCase{"ping_one", "session.create", kPing, "SESSION.CREATED"},
        NamesCase{"ping_one", "session.revoke", kPing, "SESSION.DELETED"},
        NamesCase{"ping_one", "client.create", kPing, "APPLICATION.CREATED"},
        NamesCase{"ping_one", "client.update", kPing, "APPLICATION.UPDATED"},
        NamesCase{"ping_one", "client.delete", kPing, "APPLICATION.DELETED"},
        NamesCase{"ping_one", "client.secret", kPing,
                  "SECRET.READ SECRET.UPDATED"},
        NamesCase{"ping_one", "consent.grant", kPing,
                  "USER.AGREEMENT_ACCEPTED GRANT.CREATED"},
        NamesCase{"ping_one", "consent.revoke", kPing, "GRANT.DELETED"},
        NamesCase{"salesforce", "login", kSalesforce, "Login LoginAs"},
        NamesCase{"salesforce", "logout", kSalesforce, "Logout"},
        NamesCase{"salesforce", "token.revoke", kSalesforce,
                  "OAuthTokenRevoked"},
        NamesCase{"salesforce", "token.refresh", kSalesforce,
                  "OAuthTokenRefreshFailed"},
        NamesCase{"salesforce", "token.introspect", kSalesforce,
                  "ApiConnectedApp ConnectedAppUsage"},
        NamesCase{"slack", "login", kSlack, "user_login"},
        NamesCase{"slack", "logout", kSlack, "user_logout"},
        NamesCase{"slack", "consent.grant", kSlack,
                  "app_installed app_approved app_scopes_expanded"},
        NamesCase{"slack", "consent.revoke", kSlack,
                  "app_uninstalled app_restricted"},
        NamesCase{"slack", "token.issue", kSlack, "bot_token_upgraded"},
        NamesCase{"slack", "session.revoke", kSlack,
                  "user_session_reset_by_admin user_session_invalidated"},
        NamesCase{"onelogin", "login", kOneLogin, "3 5 6 8"},
        NamesCase{"onelogin", "admin", kOneLogin, "11"},
        NamesCase{"jumpcloud", "login", kJumpCloud,
                  "sso_auth sso_auth_failed admin_login_attempt "
                  "user_login_attempt"},
        NamesCase{"jumpcloud", "token.issue", kJumpCloud, "oauth_token_issued"},
        NamesCase{"jumpcloud", "client.create", kJumpCloud,
                  "application_create"},
        NamesCase{"duo", "login", kDuo, "authentication admin_login"},
        NamesCase{"teleport", "login", kTeleport, "user.login bot.join"},
        NamesCase{"teleport", "token.issue", kTeleport, "cert.create"},
        NamesCase{"teleport", "token.revoke", kTeleport, "lock.created"},
        NamesCase{"teleport", "client.create", kTeleport,
                  "saml.created oidc.created"},
        NamesCase{"cloudflare_access", "login", kCloudflare, "login"},
        NamesCase{"cloudflare_access", "logout", kCloudflare, "logout"},
        NamesCase{"secevent", "session.revoke", kSet,
                  "session-revoked sessions-revoked"},
        NamesCase{"secevent", "login", kSet, "session-established"},
        NamesCase{"secevent", "session.create", kSet, "session-presented"},
        NamesCase{"secevent", "device", kSet, "device-compliance-change"},
        NamesCase{"secevent", "mfa", kSet, "assurance-level-change"},
        NamesCase{"secevent", "token.issue", kSet, "token-issued"},
        NamesCase{"secevent", "token.revoke", kSet,
                  "token-revoked tokens-revoked"},
        NamesCase{"secevent", "client.update", kSet,
                  "client-enabled client-disabled"},
        NamesCase{"secevent", "client.secret", kSet,
                  "client-credential-changed"},
        NamesCase{"secevent", "error", kSet,
                  "risk-level-change credential-compromise"},
        NamesCase{"secevent", "admin", kSet,
                  "token-claims-change credential-change account-disabled"}));

}  // namespace
}  // namespace authseal
