#include "lib/query/index_question.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/index/index_rules.h"

namespace authseal {

namespace {

constexpr RecordRange kAllRecords = {0, ~std::uint64_t{0}};

void AddTerms(TermField field, const std::vector<std::string>& values,
              IndexQuestion& question) {
  if (values.empty()) {
    return;
  }
  std::vector<IndexTerm> terms;
  for (const std::string& value : values) {
    terms.push_back({.field = field, .value = value});
  }
  question.any_terms.push_back(std::move(terms));
}

// Only where every range is one address: of others nothing can be looked up.
void AddAddresses(const std::vector<IpRange>& ranges, IndexQuestion& question) {
  std::vector<IndexTerm> terms;
  for (const IpRange& range : ranges) {
    const auto address = range.single();
    if (!address.has_value()) {
      return;
    }
    terms.push_back({.field = TermField::kIp,
                     .value = std::string(address->begin(), address->end())});
  }
  if (!terms.empty()) {
    question.any_terms.push_back(std::move(terms));
  }
}

std::uint32_t KindBits(const EventFilter& filter) {
  std::uint32_t bits = 0;
  for (unsigned kind = 0; kind <= static_cast<unsigned>(EventKind::kOther);
       ++kind) {
    if (filter.MatchesKind(static_cast<EventKind>(kind))) {
      bits |= 1u << kind;
    }
  }
  return bits;
}

std::uint32_t OutcomeBits(const std::vector<EventOutcome>& outcomes) {
  std::uint32_t bits = 0;
  for (const EventOutcome outcome : outcomes) {
    bits |= 1u << static_cast<unsigned>(outcome);
  }
  return outcomes.empty() ? ~std::uint32_t{0} : bits;
}

// Whether anything is left to an index.
bool AsksSomething(const EventFilter& filter, const IndexQuestion& question) {
  return !question.any_terms.empty() || question.since || question.until ||
         !filter.kinds.empty() || !filter.outcomes.empty() ||
         !question.providers.empty() || question.records != kAllRecords;
}

// The identifier behind a link's key, which is server, NUL, value.
std::string ValueOfKey(const std::string& key) {
  return key.substr(std::min(key.find('\0'), key.size() - 1) + 1);
}

std::shared_ptr<IndexQuestion> QuestionOf(const EventFilter& filter) {
  auto question = std::make_shared<IndexQuestion>();
  question->mapping_id = IndexMappingId();
  AddTerms(TermField::kToken, filter.tokens, *question);
  AddTerms(TermField::kSession, filter.sessions, *question);
  AddTerms(TermField::kRequest, filter.request_ids, *question);
  AddTerms(TermField::kUser, filter.users, *question);
  AddTerms(TermField::kClient, filter.clients, *question);
  AddAddresses(filter.ips, *question);
  question->since = filter.since;
  question->until = filter.until;
  question->kinds = KindBits(filter);
  question->outcomes = OutcomeBits(filter.outcomes);
  question->providers = filter.providers;
  question->records = filter.records;
  return question;
}

}  // namespace

std::shared_ptr<const IndexQuestion> IndexQuestionOf(const EventFilter& filter,
                                                     const EventMapper& mapper,
                                                     bool with_control) {
  if (!mapper.only_built_in()) {
    return nullptr;
  }
  auto question = QuestionOf(filter);
  question->with_seal = with_control;
  return AsksSomething(filter, *question) ? question : nullptr;
}

std::shared_ptr<const IndexQuestion> CountQuestionOf(
    const EventFilter& filter, const EventMapper& mapper) {
  return mapper.only_built_in() ? QuestionOf(filter) : nullptr;
}

std::shared_ptr<const IndexQuestion> IndexQuestionOf(const TraceWanted& wanted,
                                                     const EventMapper& mapper,
                                                     bool with_control) {
  if (!mapper.only_built_in()) {
    return nullptr;
  }
  auto question = std::make_shared<IndexQuestion>();
  question->mapping_id = IndexMappingId();
  std::vector<IndexTerm> terms;
  for (const std::string& value : wanted.values) {
    for (const TermField field :
         {TermField::kToken, TermField::kSession, TermField::kRequest,
          TermField::kUser, TermField::kClient}) {
      terms.push_back({.field = field, .value = value});
    }
  }
  for (const std::string& key : wanted.keys) {
    for (const TermField field :
         {TermField::kToken, TermField::kSession, TermField::kRequest}) {
      terms.push_back({.field = field, .value = ValueOfKey(key)});
    }
  }
  question->any_terms.push_back(std::move(terms));
  question->with_seal = with_control;
  return question;
}

std::shared_ptr<const IndexQuestion> IndexQuestionOf(
    const RecordRange& records,
    std::function<bool(const RecordRange&)> wants_records,
    const EventMapper& mapper) {
  if (!mapper.only_built_in()) {
    return nullptr;
  }
  auto question = std::make_shared<IndexQuestion>();
  question->mapping_id = IndexMappingId();
  question->records = records;
  question->wants_records = std::move(wants_records);
  question->with_seal = true;
  return question;
}

}  // namespace authseal
