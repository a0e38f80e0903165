// What is remembered of a shape changes nothing: the same secrets are found,
// the same tokens named and the same events made as without.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/base/check.h"
#include "lib/event/mapper.h"
#include "lib/ingest/record_maker.h"
#include "lib/json/shape.h"
#include "lib/scrub/scrubber.h"
#include "tests/unit/ingest/record_tree.h"

namespace authseal {
namespace {

namespace fs = std::filesystem;

const std::string kSource = AUTHSEAL_SOURCE_DIR;

const EventMapper& Mapper() {
  static const EventMapper& mapper = *[] {
    Result<EventMapper> made = EventMapper::Create({});
    AUTHSEAL_CHECK(made.has_value());
    return new EventMapper(*std::move(made));
  }();
  return mapper;
}

void AddEvents(const std::vector<Event>& events, std::string& out) {
  for (const Event& event : events) {
    out += event.provider + '|' + std::string(EventKindName(event.kind)) + '|' +
           std::string(EventOutcomeName(event.outcome)) + '|';
    out += event.time ? std::to_string(event.time->value) : "no time";
    for (const std::string& text :
         {event.time_text, event.raw_kind, event.error, event.client,
          event.client_name, event.user, event.user_name, event.session,
          event.ip, event.user_agent, event.grant, event.token.id,
          event.token.fingerprint, event.token.type, event.token.family,
          event.audience, event.request_id, event.event_id, event.tenant}) {
      out += '|' + text;
    }
    for (const std::string& scope : event.scopes) {
      out += '|' + scope;
    }
    out += '\n';
  }
}

// One of these lives through all records, as a worker's does; the other is
// made anew for each, and knows no shapes.
struct Worker {
  JsonDocument document;
  EventMapper::Scratch scratch;
  Scrubber scrubber;
};

std::string ResultOf(const std::string& record, JsonShapes* shapes,
                     Worker& worker) {
  AUTHSEAL_CHECK(worker.document.Parse(record) == JsonFault::kNone);
  if (shapes != nullptr) {
    shapes->Recognise(worker.document);
  }
  std::string out;
  std::vector<std::string> pointers;
  Mapper().TokenPointers(worker.document, {}, worker.scratch, pointers);
  for (const std::string& pointer : pointers) {
    out += pointer + '\n';
  }
  std::string scrubbed;
  out += std::to_string(
      worker.scrubber.ScrubJson(record, worker.document, pointers, scrubbed));
  out += scrubbed + '\n';
  std::vector<Event> events;
  if (shapes == nullptr || !Mapper().MapRecognised(worker.scratch, events)) {
    Mapper().MapParsed(worker.document, {}, worker.scratch, events);
  }
  AddEvents(events, out);
  return out;
}

class KnownShapes : public testing::Test {
 protected:
  void Check(const std::string& record) {
    Worker fresh;
    const std::string plain = ResultOf(record, nullptr, fresh);
    const std::string known = ResultOf(record, &shapes_, worker_);
    ++checked_count_;
    known_count_ += worker_.document.shape() != nullptr ? 1U : 0U;
    ASSERT_EQ(known, plain) << record;
  }

  // The record, and others of its shape: what was learnt from one is used for
  // the next.
  void CheckWithSiblings(const RecordTree& tree, int sibling_count,
                         std::mt19937& random) {
    Check(Written(tree));
    for (int i = 0; i < sibling_count && !HasFatalFailure(); ++i) {
      RecordTree sibling = tree;
      ChangeScalars(sibling, random);
      Check(Written(sibling));
    }
  }

  JsonShapes shapes_;
  Worker worker_;
  std::size_t checked_count_ = 0;
  std::size_t known_count_ = 0;
};

bool IsObject(const std::string& line) {
  JsonDocument document;
  return document.Parse(line) == JsonFault::kNone &&
         document.root().is_object();
}

std::vector<std::string> ObjectsIn(const std::string& folder) {
  constexpr std::size_t kLineBytesMax = 20000;
  std::vector<std::string> records;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) {
      continue;
    }
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      if (line.size() <= kLineBytesMax && IsObject(line)) {
        records.push_back(line);
      }
    }
  }
  return records;
}

TEST_F(KnownShapes, ChangeNothingInTheLogs) {
  std::mt19937 random(1);
  for (const std::string& record : ObjectsIn(kSource + "/testdata/logs")) {
    ASSERT_NO_FATAL_FAILURE(CheckWithSiblings(TakeApart(record), 40, random));
  }
  EXPECT_GT(checked_count_, 5000U);
  EXPECT_GT(known_count_, checked_count_ / 2);
}

TEST_F(KnownShapes, ChangeNothingInSecretsAndSamples) {
  std::mt19937 random(2);
  std::vector<std::string> records = ObjectsIn(kSource + "/testdata/secrets");
  const std::string samples = kSource + "/../shared/samples";
  if (fs::exists(samples)) {
    for (const std::string& record : ObjectsIn(samples)) {
      records.push_back(record);
    }
  } else {
    std::cout << "no samples beside the tree: those are left out\n";
  }
  for (const std::string& record : records) {
    ASSERT_NO_FATAL_FAILURE(CheckWithSiblings(TakeApart(record), 8, random));
  }
  EXPECT_GT(known_count_, checked_count_ / 3);
}

TEST_F(KnownShapes, ChangeNothingInRecordsMadeOfThem) {
  constexpr int kChangesMax = 20;
  std::mt19937 random(3);
  for (const std::string& record : ObjectsIn(kSource + "/testdata/logs")) {
    RecordTree tree = TakeApart(record);
    for (int i = 0; i < kChangesMax; ++i) {
      ChangeShape(tree, random);
      ASSERT_NO_FATAL_FAILURE(CheckWithSiblings(tree, 5, random));
    }
  }
  EXPECT_GT(checked_count_, 20000U);
  EXPECT_GT(known_count_, checked_count_ / 2);
}

// What a worker hands to the index of a record just made is what anybody makes
// of the record as it is stored.
TEST_F(KnownShapes, GiveTheEventsOfTheStoredRecord) {
  std::mt19937 random(4);
  RecordMaker maker(Mapper(), {});
  std::size_t scrubbed_count = 0;
  std::vector<std::string> records = ObjectsIn(kSource + "/testdata/logs");
  for (const std::string& record : ObjectsIn(kSource + "/testdata/secrets")) {
    records.push_back(record);
  }
  for (const std::string& record : records) {
    RecordTree tree = TakeApart(record);
    for (int i = 0; i < 6; ++i) {
      const std::string line = Written(tree);
      MadeRecord made = maker.Make(line);
      maker.ReadBack(made);
      ASSERT_NE(made.document, nullptr);
      ASSERT_NE(made.recognised, nullptr);
      std::vector<Event> events;
      if (!Mapper().MapRecognised(*made.recognised, events)) {
        Mapper().MapParsed(*made.document, {}, worker_.scratch, events);
      }
      std::vector<Event> stored_events;
      EventMapper::Scratch fresh;
      Mapper().Map(made.text, {}, fresh, stored_events);
      std::string known;
      std::string plain;
      AddEvents(events, known);
      AddEvents(stored_events, plain);
      ASSERT_EQ(known, plain) << made.text;
      scrubbed_count += made.scrubbed_count > 0 ? 1U : 0U;
      ChangeScalars(tree, random);
    }
  }
  EXPECT_GT(scrubbed_count, 500U);
}

// Alike in all that a hash may look at, but for one name's far end.
TEST_F(KnownShapes, AreNotMistakenForOnesThatLookAlike) {
  const std::vector<std::string> names = {"access_tokem",
                                          "access_token",
                                          "password",
                                          "passwore",
                                          "permissions_granted_a",
                                          "permissions_granted_b",
                                          "my_application_secret",
                                          "my_application_secrez",
                                          "user",
                                          "code"};
  for (int round = 0; round < 4; ++round) {
    for (const std::string& name : names) {
      for (const std::string form :
           {R"({"a":1,"NAME":"a1B2c3D4e5F6g7H8i9J0k1L2"})",
            R"({"NAME":{"a":"a1B2c3D4e5F6g7H8i9J0k1L2"}})",
            R"({"NAME":["a1B2c3D4e5F6g7H8i9J0k1L2"]})",
            R"({"NAME":"x","NAME":"a1B2c3D4e5F6g7H8i9J0k1L2"})"}) {
        std::string record = form;
        for (std::size_t at = record.find("NAME"); at != std::string::npos;
             at = record.find("NAME")) {
          record.replace(at, 4, name);
        }
        ASSERT_NO_FATAL_FAILURE(Check(record));
      }
    }
  }
}

TEST_F(KnownShapes, DifferWhereTheTreeDiffers) {
  const std::vector<std::string> records = {
      R"({"a":{"b":1},"c":2})", R"({"a":{"b":1,"c":2}})",
      R"({"a":[{"b":1}],"c":2})", R"({"a":{},"b":1,"c":2})",
      R"({"a":[],"b":1,"c":2})", R"({"a":1,"b":1,"c":2})", R"({"a":[1,1,2]})",
      R"({"a":[1,[1],2]})", R"({"a":[[1,1],2]})", R"({"a":{"":1,"c":2}})",
      R"({"aa":{"b":1},"c":2})", R"({"a":{"b":1},"c":2,"c":2})",
      // Names that differ beyond what the hash, and the kept words, look at.
      R"({"eight_chpassword":1})", R"({"eight_chusername":1})",
      R"({"sixteen_letters_password":1})", R"({"sixteen_letters_username":1})"};
  std::vector<const JsonShape*> seen;
  for (const std::string& record : records) {
    JsonDocument document;
    for (int i = 0; i < 2; ++i) {
      ASSERT_EQ(document.Parse(record), JsonFault::kNone);
      shapes_.Recognise(document);
    }
    ASSERT_NE(document.shape(), nullptr);
    for (const JsonShape* other : seen) {
      EXPECT_NE(document.shape(), other) << record;
    }
    seen.push_back(document.shape());
  }
}

TEST_F(KnownShapes, AreTheSameWhateverTheScalars) {
  const std::vector<std::string> records = {
      R"({"a":1,"b":["x",null],"c":{"d":""}})",
      R"( { "a" : true , "b" : [ 1 , "y\n" ] , "c" : { "d" : "long text" } } )",
      R"({"a":null,"b":[false,true],"c":{"d":-0.5}})"};
  JsonDocument document;
  const JsonShape* shape = nullptr;
  for (const std::string& record : records) {
    shape = document.Parse(record) == JsonFault::kNone ? shape : nullptr;
    EXPECT_EQ(document.shape(), nullptr);
    shapes_.Recognise(document);
    if (shape != nullptr) {
      EXPECT_EQ(document.shape(), shape) << record;
    }
    shape = document.shape();
  }
  EXPECT_NE(shape, nullptr);
}

TEST_F(KnownShapes, AreForgottenWhenThereAreTooMany) {
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < 3 * JsonShapes::kShapesMax; ++i) {
      const std::string record = R"({"jti":"a1B2c3D4e5F6g7H8i9J0k1L2","event)" +
                                 std::to_string(i) +
                                 R"(":{"password":"hunter2","x":"y"}})";
      for (int again = 0; again < 6; ++again) {
        ASSERT_NO_FATAL_FAILURE(Check(record));
      }
    }
  }
  EXPECT_GT(known_count_, checked_count_ / 3);
}

// A stream of shapes that do not pay costs little more than without.
TEST_F(KnownShapes, AreNotLearntWithoutEndWhereFewComeAgain) {
  for (std::size_t i = 0; i < 4 * JsonShapes::kShapesMax; ++i) {
    const std::string record = R"({"event)" + std::to_string(i) + R"(":"x"})";
    ASSERT_NO_FATAL_FAILURE(Check(record));
    ASSERT_NO_FATAL_FAILURE(Check(record));
  }
  EXPECT_EQ(known_count_, JsonShapes::kShapesMax);
}

TEST_F(KnownShapes, LargeDocumentsHaveNone) {
  std::string record = R"({"password":["hunter2")";
  for (std::size_t i = 0; i < JsonShapes::kNodesMax; ++i) {
    record += ",1";
  }
  record += "]}";
  const std::string named =
      "{\"" + std::string(JsonShapes::kNameBytesMax + 1, 'a') + "\":1}";
  for (int i = 0; i < 3; ++i) {
    ASSERT_NO_FATAL_FAILURE(Check(record));
    ASSERT_NO_FATAL_FAILURE(Check(named));
  }
  EXPECT_EQ(known_count_, 0U);
}

}  // namespace
}  // namespace authseal
