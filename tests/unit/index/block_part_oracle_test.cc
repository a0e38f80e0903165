// What is skipped, numbered and remembered on the way must never show: a part
// is what follows from the whole events of its records, said here the long way.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/index/block_index_part.h"
#include "lib/index/packed_list.h"
#include "lib/index/time_column.h"
#include "lib/json/shape.h"

namespace authseal {
namespace {

constexpr UnixNanos kIngested = {1'700'000'000'000'000'000};
constexpr std::uint32_t kSeed = 20261125;

std::vector<std::string> LogRecords() {
  std::vector<std::string> records;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::string(AUTHSEAL_SOURCE_DIR) + "/testdata/logs")) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      JsonDocument document;
      if (document.Parse(line) == JsonFault::kNone &&
          document.root().is_object()) {
        records.push_back(line);
      }
    }
  }
  std::sort(records.begin(), records.end());
  return records;
}

// One of its digits or letters is another.
std::string Changed(std::string record, std::mt19937& random) {
  for (int tries = 0; tries < 4; ++tries) {
    char& c = record[random() % record.size()];
    if (c >= 'a' && c < 'z') {
      ++c;
      return record;
    }
    if (c >= '0' && c < '9') {
      ++c;
      return record;
    }
  }
  return record;
}

std::uint16_t NumberIn(std::vector<std::string>& known, std::string value) {
  const auto found = std::find(known.begin(), known.end(), value);
  const auto number = static_cast<std::uint16_t>(found - known.begin());
  if (found == known.end()) {
    known.push_back(std::move(value));
  }
  return number;
}

std::string WithLengths(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) {
    out += static_cast<char>(value.size());
    out += value;
  }
  return out;
}

struct Expected {
  std::set<IndexTermHash> terms;
  std::vector<std::string> providers;
  std::vector<std::string> acts;
  std::vector<std::string> details;
  std::vector<std::string> clients;
  std::vector<std::uint16_t> act_codes;
  std::vector<std::uint16_t> detail_codes;
  std::vector<std::uint16_t> client_codes;
  std::vector<UnixNanos> times;
  std::vector<std::uint64_t> event_counts;
  bool has_long_detail = false;  // then the column is left out
  bool has_long_client = false;
};

bool HasLong(const std::vector<std::string>& values) {
  return std::any_of(values.begin(), values.end(), [](const std::string& v) {
    return v.size() > kColumnValueSizeBytesMax;
  });
}

void AddEvent(const IndexRules& rules, const Event& event, Expected& out) {
  const auto add = [&](TermField field, const std::string& value) {
    if (!value.empty()) {
      out.terms.insert(IndexTermHashOf(TermHash(rules.key, field, value)));
    }
  };
  for (const auto& value :
       {event.token.id, event.token.fingerprint, event.token.family}) {
    add(TermField::kToken, value);
  }
  add(TermField::kSession, event.session);
  add(TermField::kRequest, event.request_id);
  add(TermField::kUser, event.user);
  add(TermField::kUser, event.user_name);
  add(TermField::kClient, event.client);
  add(TermField::kClient, event.client_name);
  if (const auto hash = IpTermHash(rules.key, event.ip)) {
    out.terms.insert(IndexTermHashOf(*hash));
  }
  const std::uint16_t provider = NumberIn(out.providers, event.provider);
  const std::uint16_t act = NumberIn(
      out.acts, {static_cast<char>(provider), static_cast<char>(event.kind),
                 static_cast<char>(event.outcome)});
  out.act_codes.push_back(act);
  const std::vector<std::string> detail = {event.raw_kind, event.error,
                                           event.grant, event.tenant};
  const std::vector<std::string> client = {event.client, event.client_name};
  out.has_long_detail |= HasLong(detail);
  out.has_long_client |= HasLong(client);
  out.detail_codes.push_back(
      NumberIn(out.details, std::to_string(act) + " " + WithLengths(detail)));
  out.client_codes.push_back(NumberIn(out.clients, WithLengths(client)));
  out.times.push_back(event.time.value_or(kIngested));
}

Expected TheLongWay(const IndexRules& rules,
                    const std::vector<std::string>& records) {
  Expected out;
  for (const std::string& record : records) {
    EventMapper::Scratch scratch;
    std::vector<Event> events;
    rules.mapper.Map(record, {}, scratch, events);
    for (const Event& event : events) {
      AddEvent(rules, event, out);
    }
    out.event_counts.push_back(events.size());
    for (std::size_t at = record.find("sha256:"); at != std::string::npos;
         at = record.find("sha256:", at + 1)) {
      if (record.size() - at >= 71) {
        out.terms.insert(IndexTermHashOf(
            TermHash(rules.key, TermField::kToken, record.substr(at, 71))));
      }
    }
  }
  if (out.has_long_detail) {
    out.details.clear();
    out.detail_codes.clear();
  }
  if (out.has_long_client) {
    out.clients.clear();
    out.client_codes.clear();
  }
  return out;
}

void ExpectIs(const BlockIndexPart& part, const Expected& expected) {
  EXPECT_EQ(std::set<IndexTermHash>(part.terms.begin(), part.terms.end()),
            expected.terms);
  EXPECT_EQ(part.terms.size(), expected.terms.size());
  EXPECT_EQ(part.providers, expected.providers);
  const BlockColumns& columns = part.columns;
  std::vector<std::string> acts;
  for (const BlockColumns::Act& act : columns.acts) {
    acts.push_back({static_cast<char>(act.provider),
                    static_cast<char>(act.kind),
                    static_cast<char>(act.outcome)});
  }
  std::vector<std::string> details;
  for (const BlockColumns::Detail& detail : columns.details) {
    details.push_back(std::to_string(detail.act) + " " + detail.values);
  }
  EXPECT_EQ(acts, expected.acts);
  EXPECT_EQ(details, expected.details);
  EXPECT_EQ(columns.clients, expected.clients);
  EXPECT_EQ(columns.act_codes, expected.act_codes);
  EXPECT_EQ(columns.detail_codes, expected.detail_codes);
  EXPECT_EQ(columns.client_codes, expected.client_codes);
  ByteVector times;
  AppendTimes(expected.times, times);
  EXPECT_EQ(columns.times, times);
  ByteVector counts;
  if (expected.event_counts.size() != expected.times.size() ||
      std::set(expected.event_counts.begin(), expected.event_counts.end()) !=
          std::set<std::uint64_t>{1}) {
    AppendPacked(expected.event_counts, counts);
  }
  EXPECT_EQ(columns.records, counts);
}

// As ingest makes it.
class ByShape {
 public:
  explicit ByShape(const IndexRules& rules) : rules_(rules), maker_(rules) {}

  std::shared_ptr<const BlockIndexPart> Make(
      const std::vector<std::string>& records) {
    maker_.Begin(kIngested);
    for (const std::string& record : records) {
      EXPECT_EQ(document_.Parse(record), JsonFault::kNone);
      shapes_.Recognise(document_);
      std::vector<std::string> pointers;
      rules_.mapper.TokenPointers(document_, {}, scratch_, pointers);
      maker_.Add(record, &document_, &scratch_);
    }
    return maker_.Take();
  }

 private:
  const IndexRules& rules_;
  BlockIndexPartMaker maker_;
  JsonDocument document_;
  JsonShapes shapes_;
  EventMapper::Scratch scratch_;
};

TEST(BlockIndexPartOracle, APartFollowsFromTheWholeEventsOfItsRecords) {
  const IndexRules rules = *IndexRules::Create(Hash{});
  BlockIndexPartMaker plain(rules);
  ByShape by_shape(rules);
  const std::vector<std::string> logs = LogRecords();
  ASSERT_GT(logs.size(), 300u);
  std::mt19937 random(kSeed);
  for (int block = 0; block < 24; ++block) {
    std::vector<std::string> records;
    const std::size_t first = random() % logs.size();
    for (std::size_t i = 0; i < 120; ++i) {
      const std::string& log =
          logs[(first + random() % (block % 3 == 0 ? 400 : 6)) % logs.size()];
      records.push_back(random() % 2 == 0 ? log : Changed(log, random));
    }
    std::erase_if(records, [](const std::string& record) {
      JsonDocument document;
      return document.Parse(record) != JsonFault::kNone;
    });
    const Expected expected = TheLongWay(rules, records);
    ExpectIs(*plain.Make(kIngested, {records.begin(), records.end()}),
             expected);
    ExpectIs(*by_shape.Make(records), expected);
    ASSERT_FALSE(testing::Test::HasFailure()) << block;
  }
}

TEST(BlockIndexPartOracle, LongValuesLeaveOutTheirColumnAndNoTerm) {
  const IndexRules rules = *IndexRules::Create(Hash{});
  const std::string name(256, 'n');
  const std::vector<std::string> records = {
      R"({"event":"login","client_id":"c1"})",
      R"({"event":"login","client_id":")" + name + R"("})",
      R"({"event":"login","client_id":"c1"})",
      R"({"event":"login","client_id":"c2"})"};
  const Expected expected = TheLongWay(rules, records);
  ByShape by_shape(rules);
  const auto part = by_shape.Make(records);
  EXPECT_EQ(std::set<IndexTermHash>(part->terms.begin(), part->terms.end()),
            expected.terms);
  EXPECT_TRUE(part->columns.client_codes.empty());
  EXPECT_EQ(part->columns.detail_codes, expected.detail_codes);
}

TEST(BlockIndexPartOracle, TooManyDifferentValuesLeaveOutTheirColumn) {
  const IndexRules rules = *IndexRules::Create(Hash{});
  for (const std::size_t count :
       {kBlockColumnValuesMax, kBlockColumnValuesMax + 1}) {
    std::vector<std::string> records;
    for (std::size_t i = 0; i < count; ++i) {
      records.push_back(R"({"client_id":")" + std::to_string(i) + "\"}");
    }
    ByShape by_shape(rules);
    const auto part = by_shape.Make(records);
    EXPECT_EQ(part->terms.size(), count);
    EXPECT_EQ(part->columns.clients.size(),
              count == kBlockColumnValuesMax ? count : 0);
    EXPECT_EQ(part->columns.details.size(), 1u);
  }
}

}  // namespace
}  // namespace authseal
