// Records of real providers, when the corpus lies beside the checkout: what
// its own pointers find, the mapper must find, and nobody's records may be
// taken for another's.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/event/event_field.h"
#include "tests/unit/event/sample_pointers.h"
#include "tests/unit/event/test_mapper.h"

namespace authseal {
namespace {

namespace fs = std::filesystem;

const std::string kShared = std::string(AUTHSEAL_SOURCE_DIR) + "/../shared/";

// Which providers' records the corpus' folders hold.
const std::multimap<std::string, std::string>& Folders() {
  static const std::multimap<std::string, std::string> kFolders = {
      {"auth0", "auth0"},
      {"authelia", "authelia"},
      {"authentik", "authentik_log"},
      {"authentik", "authentik_api"},
      {"aws_cloudtrail", "cloudtrail"},
      {"cloudflare", "cloudflare_access"},
      {"dex", "dex"},
      {"duo", "duo"},
      {"entra_id", "entra_diag"},
      {"entra_id_graph", "entra_graph"},
      {"entra_id_graph", "o365"},
      {"github", "github"},
      {"gitlab", "gitlab"},
      {"google_workspace", "google_workspace"},
      {"hoop", "hoop_audit"},
      {"ibm_verify", "ibm_verify"},
      {"keycloak", "keycloak_json"},
      {"keycloak", "keycloak_ecs"},
      {"logto", "logto"},
      {"node_oidc_provider", "node_oidc_provider"},
      {"okta", "okta"},
      {"onelogin", "onelogin"},
      {"ory_hydra", "ory_hydra"},
      {"oxauth", "oxauth"},
      {"salesforce", "salesforce"},
      {"slack", "slack"},
      {"teleport", "teleport"}};
  return kFolders;
}

// The corpus' names of fields that an event has under another.
std::string FieldName(const std::string& name) {
  static const std::map<std::string, std::string> kNames = {
      {"client_id", "client"},       {"grant_type", "grant"},
      {"correlation", "request_id"}, {"txn", "request_id"},
      {"realm", "tenant"},           {"org", "tenant"},
      {"issuer", "tenant"},          {"resource", "audience"},
      {"token_id", "token.id"},      {"token_hash", "token.fingerprint"},
      {"token_type", "token.type"},  {"token_family", "token.family"}};
  const auto found = kNames.find(name);
  return found == kNames.end() ? name : found->second;
}

bool Found(std::vector<Event>& events, const std::string& field) {
  for (Event& event : events) {
    if (field == "scopes"
            ? !event.scopes.empty()
            : !FieldText(event, *ParseEventField(field))->empty()) {
      return true;
    }
  }
  return false;
}

struct Line {
  std::string folder;
  std::string where;
  std::string text;
};

std::vector<Line> CorpusLines() {
  std::vector<Line> lines;
  for (const auto& entry :
       fs::recursive_directory_iterator(kShared + "samples")) {
    if (entry.path().extension() != ".jsonl") {
      continue;
    }
    int number = 0;
    for (const std::string& text : ReadLines(entry.path().string())) {
      ++number;
      lines.push_back(
          {entry.path().parent_path().filename().string(),
           entry.path().filename().string() + ":" + std::to_string(number),
           text});
    }
  }
  return lines;
}

std::string ReadAll(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::vector<std::string> Texts(JsonValue array) {
  std::vector<std::string> texts;
  std::string scratch;
  for (auto item = array.FirstChild(); item; item = item->NextSibling()) {
    texts.emplace_back(item->Unescape(scratch));
  }
  return texts;
}

struct Count {
  int theirs = 0;
  int ours = 0;
};

class SampleCorpusTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!FileExists(kShared + "mappings.json")) {
      GTEST_SKIP() << "no sample corpus beside the checkout";
    }
    text_ = ReadAll(kShared + "mappings.json");
    ASSERT_EQ(mappings_.Parse(text_), JsonFault::kNone);
    lines_ = CorpusLines();
    ASSERT_FALSE(lines_.empty());
  }

  bool HoldsAll(JsonValue record, const std::string& provider) const {
    const auto marks = mappings_.root().Member(provider)->Member("disc");
    for (const std::string& mark : Texts(*marks)) {
      if (!SampleHasMember(record, mark)) {
        return false;
      }
    }
    return true;
  }

  std::string text_;
  JsonDocument mappings_;
  std::vector<Line> lines_;
};

TEST_F(SampleCorpusTest, RecordsWithTheirProvidersMarksAreRecognised) {
  std::map<std::string, Count> counts;
  Count all;
  for (const Line& line : lines_) {
    const auto [first, end] = Folders().equal_range(line.folder);
    JsonDocument document;
    ASSERT_EQ(document.Parse(line.text), JsonFault::kNone) << line.where;
    for (auto folder = first; folder != end; ++folder) {
      const std::string& provider = folder->second;
      if (!HoldsAll(document.root(), provider)) {
        continue;
      }
      const bool right =
          EventsOf(BuiltInMapper(), line.text).at(0).provider == provider;
      counts[provider].theirs += 1;
      counts[provider].ours += right ? 1 : 0;
      all.theirs += 1;
      all.ours += right ? 1 : 0;
    }
  }
  for (const auto& [provider, count] : counts) {
    std::printf("%-20s %4d of %4d\n", provider.c_str(), count.ours,
                count.theirs);
  }
  EXPECT_GT(all.theirs, 400);
  EXPECT_GE(all.ours * 100, all.theirs * 97);
}

TEST_F(SampleCorpusTest, WhatTheirPointersFindIsFound) {
  std::map<std::string, Count> counts;
  for (const Line& line : lines_) {
    JsonDocument document;
    ASSERT_EQ(document.Parse(line.text), JsonFault::kNone);
    auto events = EventsOf(BuiltInMapper(), line.text);
    const auto mapping = mappings_.root().Member(events.at(0).provider);
    if (!mapping) {
      continue;
    }
    std::string scratch;
    for (auto field = mapping->Member("fields")->FirstChild(); field;
         field = field->NextSibling()) {
      const std::string name = FieldName(std::string(field->raw_name()));
      if (!ParseEventField(name)) {
        continue;  // an event has no such field
      }
      bool theirs = false;
      for (const std::string& pointer : Texts(*field)) {
        theirs = theirs || SampleHasValue(document.root(), pointer);
      }
      if (!theirs) {
        continue;
      }
      Count& count = counts[events[0].provider + " " + name];
      count.theirs += 1;
      count.ours += Found(events, name) ? 1 : 0;
      EXPECT_TRUE(Found(events, name))
          << line.where << " " << events[0].provider << " " << name;
    }
  }
  for (const auto& [name, count] : counts) {
    std::printf("%-40s %4d of %4d\n", name.c_str(), count.ours, count.theirs);
  }
  EXPECT_GT(counts.size(), 150u);
}

TEST_F(SampleCorpusTest, NobodysRecordsAreTakenForAnothers) {
  for (const Line& line : lines_) {
    std::set<std::string> right = {"generic"};
    const auto [first, end] = Folders().equal_range(line.folder);
    for (auto folder = first; folder != end; ++folder) {
      right.insert(folder->second);
    }
    for (const Event& event : EventsOf(BuiltInMapper(), line.text)) {
      EXPECT_TRUE(right.contains(event.provider))
          << line.folder << "/" << line.where << " as " << event.provider;
    }
  }
}

}  // namespace
}  // namespace authseal
