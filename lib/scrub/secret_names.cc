#include "lib/scrub/secret_names.h"

#include <algorithm>
#include <array>
#include <string>

#include "lib/scrub/characters.h"
#include "lib/scrub/edits.h"

namespace authseal {
namespace {

// "qs" and "to"; the filter looks at two letters.
constexpr std::size_t kNameBytesMin = 2;
constexpr std::size_t kNameBytesMax = 48;

struct NameGroup {
  NameClass name_class;
  // Folded names, separated by spaces.
  std::string_view names;
};

constexpr NameGroup kGroups[] = {
    {NameClass::kToken,
     "accesstoken refreshtoken idtoken idtokenhint logouttoken "
     "authorizationcode authcode devicecode codeverifier clientassertion "
     "subjecttoken actortoken requestedtoken registrationaccesstoken "
     "initialaccesstoken bearertoken authtoken xauthtoken oauthtoken jwt "
     "sessiontoken xsessiontoken xsubjecttoken statetoken securitytoken "
     "xamzsecuritytoken apikey xapikey apitoken xapitoken privatetoken "
     "personalaccesstoken jobtoken deploytoken runnertoken devicetoken "
     "devicecookie resettoken passwordresettoken recoverytoken mfatoken "
     "verificationtoken confirmationtoken invitationtoken logintoken "
     "loginverifier consentverifier logoutverifier samlresponse samlrequest "
     "samlassertion samlart relaystate dpop csrf csrftoken xcsrftoken "
     "csrfmiddlewaretoken xsrftoken xxsrftoken authenticitytoken "
     "requestverificationtoken jsessionid phpsessid iplanetdirectorypro "
     "keycloakidentity vaulttoken accesstokens refreshtokens idtokens "
     "accesstokenvalue refreshtokenvalue idtokenvalue tokenvalue rawtoken "
     "oldrefreshtoken newrefreshtoken previousrefreshtoken newaccesstoken "
     "oldaccesstoken authenticationtoken identitytoken jwttoken jwtassertion "
     "useraccesstoken botaccesstoken bottoken githubtoken gitlabtoken "
     "logintokenhint loginhinttoken vptoken preauthorizedcode authreqid "
     "accesscode oauthcode oauthverifier rpt onetimetoken magiclinktoken "
     "emailtoken activationtoken unsubscribetoken forwardedaccesstoken "
     "authrequestaccesstoken amznoidcaccesstoken mstokenaadaccesstoken "
     "mstokenaadidtoken mstokenaadrefreshtoken cfaccesstoken oktaxsrftoken "
     "googapikey subscriptionkey ocpapimsubscriptionkey functionskey "
     "sessioncookie authcookie ssocookie authsessionid"},
    {NameClass::kPassword,
     "password passwd pwd passphrase newpassword oldpassword "
     "currentpassword previouspassword confirmpassword "
     "passwordconfirmation userpassword clientpassword clientsecret "
     "newclientsecret oldclientsecret secret secrets secretkey "
     "secretaccesskey awssecretaccesskey sharedsecret appsecret "
     "consumersecret signingsecret webhooksecret totpsecret otpsecret "
     "privatekey otp totp hotp otpattempt otpcode totpcode mfacode smscode "
     "onetimepassword onetimecode passcode verificationcode usercode "
     "recoverycode recoverycodes backupcode backupcodes passwords apisecret "
     "accesstokensecret oauthtokensecret tokensecret jwtsecret sessionsecret "
     "cookiesecret hmacsecret encryptionsecret devicesecret plainsecret "
     "newsecret oldsecret secretvalue secretstring secretdata hashedsecret "
     "cfaccessclientsecret passwordhash hashedpassword encryptedpassword "
     "bindpassword bindcredential adminpassword rootpassword dbpassword "
     "smtppassword ldappassword keypassword keystorepassword "
     "truststorepassword storepassword temporarypassword temppassword "
     "initialpassword plainpassword plaintextpassword newpass oldpass "
     "accountkey sharedaccesskey recoverykey backupkey totpuri otpauthurl "
     "securityanswer challengeanswer recoveryanswer confirmationcode "
     "emailotp smsotp emailcode twofactorcode authenticatorcode txcode "
     "userpin transactioncode magiclink"},
    {NameClass::kPerhapsToken, "code token nonce assertion"},
    {NameClass::kPerhapsSession, "state session"},
    {NameClass::kPerhapsPin, "pin signingkey encryptionkey masterkey"},
    {NameClass::kParameterToken,
     "sig ticket xamzsignature xgoogsignature sessionid"},
    {NameClass::kAuthorization,
     "authorization proxyauthorization xforwardedauthorization "
     "xoriginalauthorization originalauthorization"},
    {NameClass::kCookie, "cookie cookies"},
    {NameClass::kSetCookie, "setcookie setcookies"},
    {NameClass::kForm, "query body requestbody requestbodytext search"},
    {NameClass::kParameters,
     "qs querystring queryparameters queryparams querystringparameters "
     "multivaluequerystringparameters rawquery postdata form formdata "
     "formparameters fragment args"},
    {NameClass::kKeyPart, "dp dq qi answer"},
    {NameClass::kPairName,
     "name key field header displayname parameter param attribute property "
     "type"},
    {NameClass::kPairValue,
     "value values val newvalue oldvalue previousvalue currentvalue "
     "multivalue stringvalue old new from to before after plaintext"},
};

bool IsFoldedAway(char c) {
  return c == '-' || c == '_' || c == ' ' || c == '.';
}

class NameTable {
 public:
  constexpr NameTable() {
    for (const NameGroup& group : kGroups) {
      std::string_view rest = group.names;
      while (!rest.empty()) {
        const std::string_view name = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(rest.size(), name.size() + 1));
        Insert(name, group.name_class);
        ends_[Slot(name.front())] |= Bit(name.back());
        starts_[Slot(name.front())] |= Bit(name[1]);
      }
    }
  }

  NameClass Find(std::string_view name) const {
    while (!name.empty() && IsFoldedAway(name.front())) {
      name.remove_prefix(1);
    }
    while (!name.empty() && IsFoldedAway(name.back())) {
      name.remove_suffix(1);
    }
    if (name.size() < kNameBytesMin || name.size() > kNameBytesMax) {
      return NameClass::kPlain;
    }
    // Most names fall out here, without folding or hashing.
    const std::size_t slot = Slot(ToLower(name.front()));
    const char second = ToLower(IsFoldedAway(name[1]) ? name[2] : name[1]);
    if ((ends_[slot] & Bit(ToLower(name.back()))) == 0 ||
        (starts_[slot] & Bit(second)) == 0) {
      return NameClass::kPlain;
    }
    std::array<char, kNameBytesMax> folded = {};
    std::size_t size = 0;
    for (const char c : name) {
      if (!IsFoldedAway(c)) {
        folded[size++] = ToLower(c);
      }
    }
    return Lookup(std::string_view(folded.data(), size));
  }

 private:
  // Every name begins and ends with a letter.
  static constexpr std::size_t Slot(char first) {
    return static_cast<unsigned char>(first);
  }
  static constexpr std::uint32_t Bit(char last) {
    return last >= 'a' && last <= 'z' ? 1U << (last - 'a') : 0;
  }

  // Open addressing; far fewer names than slots.
  static constexpr std::size_t kSlots = 1024;

  static constexpr std::size_t Home(std::string_view name) {
    std::uint32_t hash = static_cast<std::uint32_t>(name.size());
    for (const char c : name) {
      hash = hash * 31 + static_cast<unsigned char>(c);
    }
    return (hash ^ hash >> 9) % kSlots;
  }

  constexpr void Insert(std::string_view name, NameClass name_class) {
    std::size_t slot = Home(name);
    while (!slots_[slot].name.empty()) {
      slot = (slot + 1) % kSlots;
    }
    slots_[slot] = {name, name_class};
  }

  NameClass Lookup(std::string_view name) const {
    std::size_t slot = Home(name);
    while (!slots_[slot].name.empty() && slots_[slot].name != name) {
      slot = (slot + 1) % kSlots;
    }
    return slots_[slot].name_class;  // kPlain where there is none
  }

  struct Entry {
    std::string_view name;
    NameClass name_class = NameClass::kPlain;
  };

  std::array<Entry, kSlots> slots_ = {};
  // By first letter: the last and the second ones of names.
  std::array<std::uint32_t, 256> ends_ = {};
  std::array<std::uint32_t, 256> starts_ = {};
};

constexpr NameTable kTable;

// "x-api-key", HTTP_AUTHORIZATION, sent_http_set_cookie: whole words in front
// that only say that it was a header, and where one saw it.
std::string_view WithoutPlace(std::string_view name) {
  constexpr std::string_view kPlaces[] = {"x",    "http",     "req",
                                          "resp", "request",  "response",
                                          "sent", "upstream", "header"};
  while (true) {
    const std::size_t end = name.find_first_of("-_");
    if (end == std::string_view::npos ||
        std::none_of(std::begin(kPlaces), std::end(kPlaces),
                     [&](std::string_view place) {
                       return EqualsFolded(name.substr(0, end), place);
                     })) {
      return name;
    }
    name.remove_prefix(end + 1);
  }
}

NameClass ClassifyWord(std::string_view name) {
  if (name.size() == 1) {
    return std::string_view("dpqk").find(name.front()) == std::string_view::npos
               ? NameClass::kPlain
               : NameClass::kKeyPart;
  }
  const NameClass whole = kTable.Find(name);
  if (whole != NameClass::kPlain || name.empty() ||
      std::string_view("xXhHrRsSuU").find(name.front()) ==
          std::string_view::npos) {
    return whole;
  }
  const std::string_view bare = WithoutPlace(name);
  if (bare.size() == name.size()) {
    return whole;
  }
  const NameClass own = kTable.Find(bare);
  const bool of_pair =
      own == NameClass::kPairName || own == NameClass::kPairValue;
  return of_pair ? whole : own;  // not response_type
}

}  // namespace

NameClass ClassifyName(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) {
    return ClassifyWord(name);
  }
  const NameClass whole = kTable.Find(name);
  if (whole != NameClass::kPlain) {
    return whole;  // client.secret
  }
  // headers.cookie, oauth.access_token, req.client_secret; not
  // ExchangeTokenBy.AuthorizationCode, reset.password.
  const std::string_view part = name.substr(dot + 1);
  const NameClass last = ClassifyWord(part);
  const bool is_secret =
      last == NameClass::kToken || last == NameClass::kPassword;
  const bool is_sure = part.ends_with("token") || part.ends_with("Token") ||
                       part.find_first_of("-_", 1) != std::string_view::npos;
  return (is_secret && is_sure) || IsCredentialHeader(last) ? last
                                                            : NameClass::kPlain;
}

NameClass ClassifyParameter(std::string_view name) {
  std::string decoded;
  if (HasPercentEscape(name)) {
    decoded = DecodePercent(name).text;
    name = decoded;
  }
  if (!name.empty() && name.back() == ']') {
    name.remove_suffix(1);
    name.remove_prefix(name.rfind('[') + 1);
  }
  return ClassifyName(name);
}

NameClass ClassifyVariable(std::string_view name) {
  if (!std::all_of(name.begin(), name.end(), [](char c) {
        return IsUpper(c) || IsDigit(c) || c == '_';
      })) {
    return NameClass::kPlain;
  }
  for (std::size_t at = name.find('_'); at != std::string_view::npos;
       at = name.find('_', at + 1)) {
    const NameClass rest = kTable.Find(name.substr(at + 1));
    if (rest == NameClass::kToken || rest == NameClass::kPassword) {
      return rest;
    }
  }
  return name.ends_with("_TOKEN") ? NameClass::kToken : NameClass::kPlain;
}

NameClass ClassifyAssigned(std::string_view name) {
  const NameClass parameter = ClassifyParameter(name);
  return parameter == NameClass::kPlain ? ClassifyVariable(name) : parameter;
}

bool IsCredentialHeader(NameClass name_class) {
  return name_class == NameClass::kAuthorization ||
         name_class == NameClass::kCookie ||
         name_class == NameClass::kSetCookie;
}

bool IsPerhapsSecret(NameClass name_class) {
  return name_class == NameClass::kPerhapsToken ||
         name_class == NameClass::kPerhapsSession ||
         name_class == NameClass::kPerhapsPin;
}

bool IsAlwaysSecret(NameClass name_class) {
  return name_class == NameClass::kToken ||
         name_class == NameClass::kPassword || IsCredentialHeader(name_class);
}

}  // namespace authseal
