// Whether a record holds a token's fingerprint anywhere: in a member that no
// mapping knows, in a URL, in a text. Ingest puts the same fingerprint wherever
// the token stood, so this finds its whole life.
#ifndef AUTHSEAL_QUERY_TOKEN_MENTION_H_
#define AUTHSEAL_QUERY_TOKEN_MENTION_H_

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "lib/archive/block_header.h"
#include "lib/json/document.h"

namespace authseal {

// For one thread.
class TokenMention {
 public:
  // Of several values: those that are fingerprints count.
  template <typename Values>
  explicit TokenMention(const Values& values) {
    for (const std::string& value : values) {
      Add(value);
    }
  }

  bool In(std::string_view record, std::optional<RecordMark> mark);

 private:
  void Add(const std::string& value);
  bool InText(std::string_view text) const;

  std::unordered_set<std::string> fingerprints_;
  JsonDocument document_;
  std::string delivered_;
};

}  // namespace authseal

#endif  // AUTHSEAL_QUERY_TOKEN_MENTION_H_
