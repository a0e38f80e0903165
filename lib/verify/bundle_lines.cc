#include "lib/verify/bundle_lines.h"

#include <string>

#include "lib/base/encoding.h"
#include "lib/merkle/proof.h"

namespace authseal {
namespace {

constexpr std::size_t kHashBase64Digits = 44;

Error Damaged(std::string what) {
  return {ErrorCode::kDamaged, std::move(what)};
}

// Takes pieces off the front of a line.
class LineCursor {
 public:
  explicit LineCursor(std::string_view line) : rest_(line) {}

  bool Skip(std::string_view literal) {
    if (!rest_.starts_with(literal)) {
      return false;
    }
    rest_.remove_prefix(literal.size());
    return true;
  }

  Status Expect(std::string_view literal) {
    if (!Skip(literal)) {
      return Damaged("no " + std::string(literal) + " where it belongs");
    }
    return Ok();
  }

  Result<std::uint64_t> Number() {
    std::size_t digits = 0;
    while (digits < rest_.size() && rest_[digits] >= '0' &&
           rest_[digits] <= '9') {
      ++digits;
    }
    TRY_ASSIGN(const std::uint64_t number,
               ParseDecimal(rest_.substr(0, digits)));
    rest_.remove_prefix(digits);
    return number;
  }

  Result<Hash> Base64Hash() {
    TRY_ASSIGN(const Hash hash,
               Base64DecodeHash(rest_.substr(0, kHashBase64Digits)));
    rest_.remove_prefix(kHashBase64Digits);
    return hash;
  }

  Status Add(std::vector<Hash>& proof) {
    if (proof.size() == kProofHashesMax) {
      return Damaged("more than 63 hashes in a proof");
    }
    TRY_ASSIGN(const Hash hash, Base64Hash());
    proof.push_back(hash);
    return Ok();
  }

  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

Status ParseSealRange(EpochLine& line) {
  LineCursor in(line.seal_record);
  TRY(in.Expect("{\"authseal\":{\""));
  line.reopens = in.Skip("reopen");
  if (!line.reopens) {
    TRY(in.Expect("seal"));
  }
  TRY(in.Expect("\":{\"epoch\":"));
  TRY_ASSIGN(line.epoch, in.Number());
  TRY(in.Expect(",\"first_record\":"));
  TRY_ASSIGN(line.records.first, in.Number());
  TRY(in.Expect(",\"end_record\":"));
  TRY_ASSIGN(line.records.end, in.Number());
  TRY(in.Expect(","));
  if (line.records.empty() || line.records.end - 1 != line.index) {
    return Damaged("a seal record that belongs elsewhere");
  }
  return Ok();
}

}  // namespace

Result<ProofLine> ParseProofLine(std::string_view text) {
  LineCursor in(text);
  ProofLine line;
  TRY(in.Expect("{\"index\":"));
  TRY_ASSIGN(line.index, in.Number());
  TRY(in.Expect(",\"leaf\":\""));
  TRY_ASSIGN(line.leaf, in.Base64Hash());
  TRY(in.Expect("\",\"proof\":["));
  if (!in.Skip("]}")) {
    do {
      TRY(in.Expect("\""));
      TRY(in.Add(line.proof));
      TRY(in.Expect("\""));
    } while (in.Skip(","));
    TRY(in.Expect("]}"));
  }
  if (!in.rest().empty()) {
    return Damaged("more after the proof");
  }
  return line;
}

Result<EpochLine> ParseEpochLine(std::string_view text) {
  LineCursor in(text);
  EpochLine line;
  TRY_ASSIGN(line.index, in.Number());
  TRY(in.Expect(" "));
  if (!in.Skip("-")) {
    do {
      TRY(in.Add(line.proof));
    } while (in.Skip(","));
  }
  TRY(in.Expect(" "));
  line.seal_record = in.rest();
  TRY(ParseSealRange(line));
  return line;
}

}  // namespace authseal
