#include "lib/scrub/secret_names.h"

#include <algorithm>
#include <array>
#include <string>

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
     "keycloakidentity xvaulttoken"},
    {NameClass::kPassword,
     "password passwd pwd passphrase newpassword oldpassword "
     "currentpassword previouspassword confirmpassword "
     "passwordconfirmation userpassword clientpassword clientsecret "
     "newclientsecret oldclientsecret secret secrets secretkey "
     "secretaccesskey awssecretaccesskey sharedsecret appsecret "
     "consumersecret signingsecret webhooksecret totpsecret otpsecret "
     "privatekey otp totp hotp otpattempt otpcode totpcode mfacode smscode "
     "onetimepassword onetimecode passcode verificationcode usercode "
     "recoverycode recoverycodes backupcode backupcodes"},
    {NameClass::kPerhapsToken, "code token nonce assertion"},
    {NameClass::kPerhapsSession, "state session"},
    {NameClass::kPerhapsPin, "pin"},
    {NameClass::kParameterToken,
     "sig ticket xamzsignature xgoogsignature sessionid"},
    {NameClass::kAuthorization,
     "authorization proxyauthorization xforwardedauthorization "
     "xoriginalauthorization httpauthorization"},
    {NameClass::kCookie, "cookie cookies httpcookie"},
    {NameClass::kSetCookie, "setcookie setcookies"},
    {NameClass::kForm, "query body requestbody requestbodytext search"},
    {NameClass::kParameters,
     "qs querystring queryparameters queryparams querystringparameters "
     "multivaluequerystringparameters rawquery postdata form formdata "
     "formparameters fragment args"},
    {NameClass::kPairName, "name key field header displayname parameter type"},
    {NameClass::kPairValue,
     "value values newvalue oldvalue previousvalue multivalue stringvalue "
     "old new from to before after"},
};

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool IsFoldedAway(char c) {
  return c == '-' || c == '_' || c == ' ';
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
    const std::size_t slot = Slot(Lower(name.front()));
    const char second = Lower(IsFoldedAway(name[1]) ? name[2] : name[1]);
    if ((ends_[slot] & Bit(Lower(name.back()))) == 0 ||
        (starts_[slot] & Bit(second)) == 0) {
      return NameClass::kPlain;
    }
    std::array<char, kNameBytesMax> folded = {};
    std::size_t size = 0;
    for (const char c : name) {
      if (!IsFoldedAway(c)) {
        folded[size++] = Lower(c);
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
  static constexpr std::size_t kSlots = 512;

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

}  // namespace

NameClass ClassifyName(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) {
    return kTable.Find(name);
  }
  // headers.cookie, oauth.access_token; not ExchangeTokenBy.AuthorizationCode.
  const std::string_view part = name.substr(dot + 1);
  const NameClass last = kTable.Find(part);
  const bool is_token = last == NameClass::kToken &&
                        (part.ends_with("token") || part.ends_with("Token"));
  return is_token || IsCredentialHeader(last) ? last : NameClass::kPlain;
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
