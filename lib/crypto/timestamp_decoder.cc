// Reads a reply and checks all that needs no trust.
#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>

#include "lib/base/time.h"
#include "lib/crypto/openssl_object.h"
#include "lib/crypto/timestamp_imprint.h"
#include "lib/crypto/timestamp_token.h"

namespace authseal {
namespace {

constexpr std::int64_t kAccuracySecondsMax = 86'400;  // a day is no clock
constexpr std::size_t kStatusTextSizeBytesMax = 200;

Error Damaged(std::string text) {
  return {ErrorCode::kDamaged, std::move(text)};
}

// What the TSA says about a refusal; its own words, cut to a bound.
std::string StatusText(const TS_STATUS_INFO* status) {
  std::string text;
  const auto* const lines = TS_STATUS_INFO_get0_text(status);
  for (int i = 0; i < sk_ASN1_UTF8STRING_num(lines); ++i) {
    const ASN1_UTF8STRING* const line = sk_ASN1_UTF8STRING_value(lines, i);
    text += text.empty() ? ": " : " ";
    text += AsText({ASN1_STRING_get0_data(line),
                    static_cast<std::size_t>(ASN1_STRING_length(line))});
  }
  return text.substr(0, kStatusTextSizeBytesMax);
}

Status CheckGranted(TS_RESP* reply) {
  const TS_STATUS_INFO* const status = TS_RESP_get_status_info(reply);
  std::int64_t value = -1;
  ASN1_INTEGER_get_int64(&value, TS_STATUS_INFO_get0_status(status));
  if (value == TS_STATUS_GRANTED || value == TS_STATUS_GRANTED_WITH_MODS) {
    return Ok();
  }
  return Damaged("the TSA did not grant a timestamp (status " +
                 std::to_string(value) + ")" + StatusText(status));
}

Result<int> Digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  const char* const begin = text.data() + at;
  const auto [end, failed] = std::from_chars(begin, begin + count, value);
  if (failed != std::errc() || end != begin + count || *begin == '-') {
    return Damaged("its time is no GeneralizedTime");
  }
  return value;
}

// "20260301123456.789Z" of RFC 3161: seconds, then a fraction or none, UTC.
Result<UnixNanos> ReadTime(const ASN1_GENERALIZEDTIME* time) {
  const std::string_view text =
      AsText({ASN1_STRING_get0_data(time),
              static_cast<std::size_t>(ASN1_STRING_length(time))});
  constexpr std::size_t kSecondsEnd = 14;
  if (text.size() <= kSecondsEnd || text.size() > 40 || text.back() != 'Z') {
    return Damaged("its time is no GeneralizedTime in UTC");
  }
  CivilTime civil;
  TRY_ASSIGN(civil.year, Digits(text, 0, 4));
  TRY_ASSIGN(civil.month, Digits(text, 4, 2));
  TRY_ASSIGN(civil.day, Digits(text, 6, 2));
  TRY_ASSIGN(civil.hour, Digits(text, 8, 2));
  TRY_ASSIGN(civil.minute, Digits(text, 10, 2));
  TRY_ASSIGN(civil.second, Digits(text, 12, 2));
  const std::string_view fraction =
      text.substr(kSecondsEnd, text.size() - kSecondsEnd - 1);
  if (!fraction.empty()) {
    if (fraction.size() < 2 || fraction[0] != '.') {
      return Damaged("its time is no GeneralizedTime");
    }
    std::int64_t unit_nanos = kNanosPerSecond / 10;
    for (std::size_t i = 1; i < fraction.size(); ++i, unit_nanos /= 10) {
      TRY_ASSIGN(const int digit, Digits(fraction, i, 1));
      civil.nanos += digit * unit_nanos;
    }
  }
  const std::optional<UnixNanos> unix_time = CivilToUnix(civil, 0);
  if (!unix_time.has_value()) {
    return Damaged("its time does not exist");
  }
  return *unix_time;
}

// `integer` may be absent; out of bounds it is -1.
std::int64_t Bounded(const ASN1_INTEGER* integer, std::int64_t most) {
  std::int64_t value = 0;
  if (integer == nullptr) {
    return 0;
  }
  return ASN1_INTEGER_get_int64(&value, integer) == 1 && value >= 0 &&
                 value <= most
             ? value
             : -1;
}

Result<std::int64_t> ReadAccuracy(const TS_ACCURACY* accuracy) {
  if (accuracy == nullptr) {
    return std::int64_t{0};
  }
  const std::int64_t seconds =
      Bounded(TS_ACCURACY_get_seconds(accuracy), kAccuracySecondsMax);
  const std::int64_t millis = Bounded(TS_ACCURACY_get_millis(accuracy), 999);
  const std::int64_t micros = Bounded(TS_ACCURACY_get_micros(accuracy), 999);
  if (seconds < 0 || millis < 0 || micros < 0) {
    return Damaged("its accuracy is none");
  }
  return seconds * kNanosPerSecond + millis * 1'000'000 + micros * 1'000;
}

Result<TimestampStatement> ReadStatement(TS_TST_INFO* info) {
  if (TS_TST_INFO_get_version(info) != 1) {
    return Damaged("it is not of version 1");
  }
  if (TS_TST_INFO_get_ext_by_critical(info, 1, -1) >= 0) {
    return Damaged("it has a critical extension that is not known");
  }
  TimestampStatement statement;
  const auto imprint = Sha256Imprint(TS_TST_INFO_get_msg_imprint(info));
  if (!imprint.has_value()) {
    return Damaged("it is not about a SHA-256 digest");
  }
  statement.imprint = *imprint;
  TRY_ASSIGN(statement.time, ReadTime(TS_TST_INFO_get_time(info)));
  TRY_ASSIGN(statement.accuracy_nanos,
             ReadAccuracy(TS_TST_INFO_get_accuracy(info)));
  if (statement.time.value < 0 ||
      statement.time.value >
          std::numeric_limits<std::int64_t>::max() - statement.accuracy_nanos) {
    return Damaged("its time is before 1970, or after 2262");
  }
  statement.policy = ObjectText(TS_TST_INFO_get_policy_id(info));
  statement.serial = IntegerText(TS_TST_INFO_get_serial(info));
  if (const ASN1_INTEGER* const nonce = TS_TST_INFO_get_nonce(info)) {
    statement.nonce = IntegerText(nonce);
  }
  return statement;
}

// RFC 5652, 11.1: which content was signed is itself signed.
bool ContentTypeIsSigned(const PKCS7_SIGNER_INFO* signer) {
  const ASN1_TYPE* const type =
      PKCS7_get_signed_attribute(signer, NID_pkcs9_contentType);
  return type != nullptr && ASN1_TYPE_get(type) == V_ASN1_OBJECT &&
         OBJ_obj2nid(type->value.object) == NID_id_smime_ct_TSTInfo;
}

Status CheckDigest(PKCS7_SIGNER_INFO* signer) {
  constexpr std::array kStrong = {NID_sha256,   NID_sha384,   NID_sha512,
                                  NID_sha3_256, NID_sha3_384, NID_sha3_512};
  X509_ALGOR* digest = nullptr;
  PKCS7_SIGNER_INFO_get0_algs(signer, nullptr, &digest, nullptr);
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, digest);
  if (std::find(kStrong.begin(), kStrong.end(), OBJ_obj2nid(algorithm)) ==
      kStrong.end()) {
    return Damaged("the digest it is signed with is too weak, or not known: " +
                   ObjectText(algorithm));
  }
  return Ok();
}

// The signature under the certificate that it names, whoever that is.
Status CheckOwnSignature(const TimestampReply::Token& token,
                         const OpenSslErrors& errors) {
  auto* const signers = PKCS7_get_signer_info(token.signed_data());
  if (sk_PKCS7_SIGNER_INFO_num(signers) != 1) {
    return Damaged("it does not have exactly one signature");
  }
  PKCS7_SIGNER_INFO* const signer = sk_PKCS7_SIGNER_INFO_value(signers, 0);
  TRY(CheckDigest(signer));
  if (!ContentTypeIsSigned(signer)) {
    return Damaged("what kind of content was signed is not signed");
  }
  if (token.signer() == nullptr) {
    return Damaged("the certificate that signed it is not in it");
  }
  if (PKCS7_verify(token.signed_data(), nullptr, nullptr, nullptr, nullptr,
                   PKCS7_NOVERIFY) != 1) {
    return Damaged("its signature is wrong: " + errors.Text());
  }
  return Ok();
}

}  // namespace

X509* TimestampReply::Token::signer() const {
  const BorrowedCertificatesPtr found(
      PKCS7_get0_signers(signed_data(), nullptr, 0));
  return found == nullptr || sk_X509_num(found.get()) != 1
             ? nullptr
             : sk_X509_value(found.get(), 0);
}

TimestampReply::TimestampReply() : token_(std::make_unique<Token>()) {}
TimestampReply::~TimestampReply() = default;
TimestampReply::TimestampReply(TimestampReply&&) noexcept = default;
TimestampReply& TimestampReply::operator=(TimestampReply&&) noexcept = default;

Result<TimestampReply> TimestampReply::Decode(Bytes der) {
  if (der.size() > kTimestampSizeBytesMax) {
    return Damaged("the reply is longer than 64 KiB");
  }
  const OpenSslErrors errors;
  TimestampReply made;
  const unsigned char* at = der.data();
  // Also refuses a token that is no signed TSTInfo, and one without a grant.
  made.token_->reply.reset(
      d2i_TS_RESP(nullptr, &at, static_cast<long>(der.size())));
  if (made.token_->reply == nullptr) {
    return Damaged("it is no RFC 3161 reply: " + errors.Text());
  }
  if (at != der.data() + der.size()) {
    return Damaged("bytes stand behind the reply");
  }
  TRY(CheckGranted(made.token_->reply.get()));
  if (made.token_->signed_data() == nullptr || made.token_->info() == nullptr) {
    return Damaged("the reply holds no timestamp");
  }
  TRY_ASSIGN(made.statement_, ReadStatement(made.token_->info()));
  TRY(CheckOwnSignature(*made.token_, errors));
  made.tsa_ = NameText(X509_get_subject_name(made.token_->signer()));
  return made;
}

Status TimestampReply::CheckIsFor(
    const Hash& imprint, const std::optional<TimestampRequest>& request) const {
  if (statement_.imprint != imprint) {
    return Damaged("the timestamp is for other bytes");
  }
  if (request.has_value() && request->imprint != imprint) {
    return Damaged("the request is for other bytes");
  }
  if (request.has_value() && statement_.nonce != request->nonce) {
    return Damaged("the timestamp does not have the nonce of the request");
  }
  return Ok();
}

}  // namespace authseal
