// What is remembered of shapes and values must never show: records whose values
// were exchanged at random map as they do without any memory.
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/json/shape.h"
#include "tests/unit/event/test_mapper.h"

namespace authseal {
namespace {

constexpr std::uint32_t kSeed = 20261125;

std::string TextOf(const Event& event, EventField field) {
  Event copy = event;
  if (field != EventField::kScopes) {
    return *FieldText(copy, field);
  }
  std::string all;
  for (const std::string& scope : event.scopes) {
    all += scope + "\n";
  }
  return all;
}

std::string Shown(const std::vector<Event>& events, EventFieldSet wanted) {
  std::string out;
  for (const Event& event : events) {
    out += event.provider + "|" + std::string(EventKindName(event.kind)) + "|" +
           std::string(EventOutcomeName(event.outcome));
    for (std::size_t i = 0; i < EventFieldNames().size(); ++i) {
      const auto field = static_cast<EventField>(i);
      if ((wanted & FieldBit(field)) != 0) {
        out += "|" + TextOf(event, field);
      }
    }
    if (event.time && (wanted & FieldBit(EventField::kTime)) != 0) {
      out += "|" + std::to_string(event.time->value);
    }
    out += "\n";
  }
  return out;
}

// Values by the name of their member, for exchange between records.
using Pool = std::map<std::string, std::vector<std::string>, std::less<>>;

bool IsScalar(const JsonValue& value) {
  return !value.is_object() && !value.is_array();
}

class Mutator {
 public:
  Mutator() : random_(kSeed) {
    for (const auto& entry : std::filesystem::directory_iterator(
             std::string(AUTHSEAL_SOURCE_DIR) + "/testdata/logs")) {
      for (const std::string& line : ReadLines(entry.path().string())) {
        Take(line);
      }
    }
    std::sort(records_.begin(), records_.end());
    for (auto& [name, values] : pool_) {
      std::sort(values.begin(), values.end());
    }
  }

  const std::vector<std::string>& records() const { return records_; }

  // One to three values of `record` exchanged.
  std::string Mutated(const std::string& record) {
    std::string out = record;
    for (std::size_t times = 1 + Below(3); times > 0; --times) {
      JsonDocument document;
      if (document.Parse(out) != JsonFault::kNone) {
        break;
      }
      const JsonValue value = document.root().Numbered(
          static_cast<std::uint32_t>(Below(document.value_count())));
      if (!IsScalar(value)) {
        continue;
      }
      const auto at = static_cast<std::size_t>(value.raw().data() - out.data());
      out.replace(at, value.raw().size(), NewValue(value));
    }
    return out;
  }

  std::size_t Below(std::size_t count) { return random_() % count; }

 private:
  void Take(const std::string& line) {
    JsonDocument document;
    if (document.Parse(line) != JsonFault::kNone) {
      return;
    }
    records_.push_back(line);
    for (std::uint32_t i = 0; i < document.value_count(); ++i) {
      const JsonValue value = document.root().Numbered(i);
      if (IsScalar(value)) {
        pool_[std::string(value.raw_name())].emplace_back(value.raw());
      }
    }
  }

  std::string NewValue(const JsonValue& old) {
    const std::array<std::string, 14> odd = {
        "null",
        "true",
        "0",
        "50076",
        "-1.5e3",
        R"("")",
        R"("-")",
        R"("N/A")",
        R"("a\"b\u00e9")",
        "\"" + std::string(300, 'x') + "\"",
        "\"sha256:" + std::string(64, 'a') + "\"",
        R"("2026-03-01T12:00:00Z")",
        "[]",
        R"({"a":"b"})",
    };
    const auto known = pool_.find(old.raw_name());
    if (Below(4) != 0 && known != pool_.end()) {
      return known->second[Below(known->second.size())];
    }
    return odd[Below(odd.size())];
  }

  std::mt19937 random_;
  std::vector<std::string> records_;
  Pool pool_;
};

// Maps with memory, and without.
class BothWays {
 public:
  explicit BothWays(const EventMapper& mapper = BuiltInMapper())
      : mapper_(mapper) {}

  void Check(const std::string& record, EventFieldSet wanted) {
    JsonDocument plain;
    if (plain.Parse(record) != JsonFault::kNone) {
      return;
    }
    EventMapper::Scratch fresh;
    mapper_.MapParsed(plain, {}, fresh, events_);
    const std::string expected = Shown(events_, wanted);

    ASSERT_EQ(document_.Parse(record), JsonFault::kNone);
    shapes_.Recognise(document_);
    known_ += document_.shape() != nullptr ? 1u : 0u;
    mapper_.MapParsed(document_, {}, wanted, scratch_, events_);
    ASSERT_EQ(Shown(events_, wanted), expected) << record;
    mapper_.TokenPointers(document_, {}, scratch_, pointers_);
    if (mapper_.MapRecognised(wanted, scratch_, events_)) {
      ASSERT_EQ(Shown(events_, wanted), expected) << record;
    }
  }

  std::size_t known() const { return known_; }

 private:
  const EventMapper& mapper_;
  JsonDocument document_;
  JsonShapes shapes_;
  EventMapper::Scratch scratch_;
  std::vector<Event> events_;
  std::vector<std::string> pointers_;
  std::size_t known_ = 0;
};

TEST(MappingPlan, IsNeverSeenInTheEventsOfRecordsWhoseValuesChange) {
  Mutator mutator;
  ASSERT_GT(mutator.records().size(), 300u);
  BothWays ways;
  for (const std::string& record : mutator.records()) {
    for (int i = 0; i < 24; ++i) {
      ways.Check(i % 8 < 2 ? record : mutator.Mutated(record), kAllEventFields);
      if (testing::Test::HasFatalFailure()) {
        return;
      }
    }
  }
  EXPECT_GT(ways.known(), 4000u);
}

TEST(MappingPlan, KeepsTheWantedFieldsKindAndOutcomeWhateverElseIsLeftOut) {
  Mutator mutator;
  BothWays ways;
  for (const std::string& record : mutator.records()) {
    for (int i = 0; i < 6; ++i) {
      const auto wanted = static_cast<EventFieldSet>(
          mutator.Below(std::size_t{1} << EventFieldNames().size()));
      ways.Check(i < 3 ? record : mutator.Mutated(record), wanted);
      if (testing::Test::HasFatalFailure()) {
        return;
      }
    }
  }
}

// Ever new values where the decision looks: remembering is given up, and the
// answers stay right.
TEST(MappingPlan, StaysRightForValuesThatNeverComeAgain) {
  BothWays ways;
  for (int i = 0; i < 3000; ++i) {
    const std::string name =
        i % 3 == 0 ? "user.session.start" : "a." + std::to_string(i);
    ways.Check(
        R"({"uuid":"u","published":"2026-03-01T12:00:00Z","eventType":")" +
            name + R"(","outcome":{"result":"FAILURE"}})",
        kAllEventFields);
    ASSERT_FALSE(testing::Test::HasFatalFailure());
  }
}

// One shape, and the step [type=…] goes elsewhere each time.
TEST(MappingPlan, FollowsStepsThatGoByAValue) {
  BothWays ways;
  const std::array<std::string, 5> types = {R"("access_token")",
                                            R"("AppInstance")", R"("User")",
                                            "null", R"("acc\u0065ss_token")"};
  for (int i = 0; i < 125; ++i) {
    const auto target = [&](int n) {
      return R"({"id":"t)" + std::to_string(n) + R"(","type":)" +
             types[static_cast<std::size_t>(n) % types.size()] +
             R"(,"displayName":"d)" + std::to_string(n) + "\"}";
    };
    ways.Check(R"({"uuid":"u","published":"2026-03-01T12:00:00Z","eventType":)"
               R"("app.oauth2.token.grant","actor":{"id":"a"},"target":[)" +
                   target(i) + "," + target(i / 5) + "," + target(i / 25) +
                   "]}",
               kAllEventFields);
    ASSERT_FALSE(testing::Test::HasFatalFailure());
  }
}

// What is read of such a record does not follow from its members' types.
TEST(MappingPlan, RecognisesByStepsAndTextsThatAMappingLooksInto) {
  const EventMapper mapper = MapperWith(R"(name: own
recognise:
  - any:
      - "/list/[k=a]/v": string
      - "kv:/text:own": {is: "yes"}
fields:
  user: ["/list/[k=a]/v", "kv:/text:user", "const:nobody"]
  raw_kind: ["kv:/text:kind", "name:/list/[k=a]/[*]"]
kind:
  - when: [{user: {is: nobody}}]
    is: login failure
  - lists: {logout: out, mfa: k}
)");
  BothWays ways(mapper);
  const std::array<std::string, 3> keys = {"a", "b", "c"};
  const std::array<std::string, 4> texts = {
      "own=yes user=u1 kind=out", "own=no", "user=u2 own=yes", "kind=x"};
  for (std::size_t i = 0; i < 144; ++i) {
    const std::string value = i % 2 == 0 ? "\"v\"" : "null";
    ways.Check(R"({"list":[{"k":")" + keys[i / 2 % 3] + R"(","v":)" + value +
                   R"(},{"k":")" + keys[i / 6 % 3] + R"(","v":"w"}],"text":")" +
                   texts[i / 18 % 4] + R"("})",
               kAllEventFields);
    ASSERT_FALSE(testing::Test::HasFatalFailure());
  }
  EXPECT_GT(ways.known(), 100u);
}

// Steps below steps, and more of them than are kept.
TEST(MappingPlan, FollowsStepsBelowStepsAndThroughLongLists) {
  const EventMapper mapper = MapperWith(R"(name: own
recognise: [/own]
fields:
  user: "/deep/[k=a]/in/[n=b]/v"
  session: "/long/[k=a]/v"
)");
  BothWays ways(mapper);
  for (std::size_t i = 0; i < 120; ++i) {
    const auto key = [](bool is_it) { return is_it ? "a" : "z"; };
    std::string record = R"({"own":1,"deep":[)";
    for (std::size_t n = 0; n < 2; ++n) {
      record += std::string(n == 0 ? "" : ",") + R"({"k":")" +
                key((i >> n & 1) == 0) + R"(","in":[{"n":")" +
                ((i >> 2 & 1) == n ? "b" : "y") + R"(","v":"u)" +
                std::to_string(n) + "\"}]}";
    }
    // Two lengths: kept, and too long for it.
    const std::size_t length = i % 2 == 0 ? 70 : 20;
    record += R"(],"long":[)";
    for (std::size_t n = 0; n < length; ++n) {
      record += std::string(n == 0 ? "" : ",") + R"({"k":")" +
                key(n == i * 7 % length) + R"(","v":")" + std::to_string(n) +
                "\"}";
    }
    ways.Check(record + "]}", kAllEventFields);
    ASSERT_FALSE(testing::Test::HasFatalFailure());
  }
  EXPECT_GT(ways.known(), 80u);
}

}  // namespace
}  // namespace authseal
