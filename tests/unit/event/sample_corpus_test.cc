// Records of real providers, when the corpus lies beside the checkout: what
// its own pointers find, the mapper must find, and nobody's records may be
// taken for another's.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lib/event/client_address.h"
#include "lib/event/event_field.h"
#include "lib/event/field_value.h"
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
  int scalars = 0;  // of theirs: those whose text can be compared
  int equal = 0;
};

// A table for people, or with AUTHSEAL_COVERAGE=markdown for a page.
class Table {
 public:
  explicit Table(std::vector<std::string> head) : rows_{std::move(head)} {}

  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  void Print() const {
    const char* form = std::getenv("AUTHSEAL_COVERAGE");
    const bool markdown = form != nullptr && std::string(form) == "markdown";
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      PrintRow(rows_[i], markdown);
      if (i == 0 && markdown) {
        PrintRow(std::vector<std::string>(rows_[0].size(), "---"), true);
      }
    }
    std::printf("\n");
  }

 private:
  static void PrintRow(const std::vector<std::string>& row, bool markdown) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      const std::size_t width = column < 2 ? 20 : 7;
      line += markdown ? "| " : "";
      line += row[column] + " ";
      line.append(width - std::min(width, row[column].size()), ' ');
    }
    std::printf("%s%s\n", line.c_str(), markdown ? "|" : "");
  }

  std::vector<std::vector<std::string>> rows_;
};

std::string Percent(int part, int whole) {
  return std::to_string(whole == 0 ? 100 : 100 * part / whole) + " %";
}

// As an event spells what a record says: addresses without port, fingerprints
// in one form, scopes as a sorted set.
std::string Normal(const std::string& field, const std::string& text) {
  if (field == "ip") {
    return std::string(BareAddress(text));
  }
  if (field == "token.fingerprint") {
    return NormalFingerprint(text);
  }
  if (field != "scopes") {
    return text;
  }
  std::string spaced = text;
  for (char& c : spaced) {
    c = std::string_view("[]\",").find(c) == std::string_view::npos ? c : ' ';
  }
  std::istringstream words(spaced);
  std::set<std::string> scopes;
  for (std::string word; words >> word;) {
    scopes.insert(word);
  }
  std::string joined;
  for (const std::string& scope : scopes) {
    joined += scope + " ";
  }
  return joined;
}

std::string ValueOf(Event& event, const std::string& field) {
  if (field != "scopes") {
    return *FieldText(event, *ParseEventField(field));
  }
  std::string joined;
  for (const std::string& scope : event.scopes) {
    joined += scope + " ";
  }
  return joined;
}

struct Finding {
  bool found = false;
  std::optional<std::string> text;  // of a scalar
};

Finding Find(JsonValue record, const std::vector<std::string>& pointers) {
  for (const std::string& pointer : pointers) {
    if (SampleHasValue(record, pointer)) {
      return {true, SampleText(record, pointer)};
    }
  }
  return {};
}

bool HasValue(std::vector<Event>& events, const std::string& field,
              const std::string& theirs) {
  for (Event& event : events) {
    if (ValueOf(event, field) == Normal(field, theirs)) {
      return true;
    }
  }
  return false;
}

// Where an event says something else on purpose.
const std::set<std::string>& ChosenOtherwise() {
  static const std::set<std::string> kFields = {
      "authelia raw_kind",           // without the user's name in it
      "authentik_log user_name",     // who tried, not AnonymousUser
      "entra_diag error",            // the number before the sentence
      "entra_diag raw_kind",         // of copies with small letters too
      "node_oidc_provider session",  // the session before the grant
      "okta request_id"};            // of copies with small letters too
  return kFields;
}

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
  Table table({"provider", "", "records", "ours", "rate"});
  for (const auto& [provider, count] : counts) {
    table.Add({provider, "", std::to_string(count.theirs),
               std::to_string(count.ours), Percent(count.ours, count.theirs)});
  }
  table.Add({"all", "", std::to_string(all.theirs), std::to_string(all.ours),
             Percent(all.ours, all.theirs)});
  table.Print();
  EXPECT_GT(all.theirs, 400);
  EXPECT_GE(all.ours * 100, all.theirs * 97);
}

TEST_F(SampleCorpusTest, WhatTheirPointersFindIsFound) {
  std::map<std::pair<std::string, std::string>, Count> counts;
  Count all;
  std::set<std::string> different;
  for (const Line& line : lines_) {
    JsonDocument document;
    ASSERT_EQ(document.Parse(line.text), JsonFault::kNone);
    auto events = EventsOf(BuiltInMapper(), line.text);
    const std::string& provider = events.at(0).provider;
    const auto mapping = mappings_.root().Member(provider);
    if (!mapping) {
      continue;
    }
    for (auto field = mapping->Member("fields")->FirstChild(); field;
         field = field->NextSibling()) {
      const std::string name = FieldName(std::string(field->raw_name()));
      if (!ParseEventField(name)) {
        continue;  // an event has no such field
      }
      const Finding theirs = Find(document.root(), Texts(*field));
      if (!theirs.found) {
        continue;
      }
      const bool ours = Found(events, name);
      EXPECT_TRUE(ours) << line.where << " " << provider << " " << name;
      for (Count* count : {&counts[{provider, name}], &all}) {
        count->theirs += 1;
        count->ours += ours ? 1 : 0;
        if (theirs.text.has_value()) {
          count->scalars += 1;
          count->equal += HasValue(events, name, *theirs.text) ? 1 : 0;
        }
      }
      if (theirs.text && !HasValue(events, name, *theirs.text)) {
        different.insert(provider + " " + name);
        if (std::getenv("AUTHSEAL_COVERAGE_DIFFERENCES") != nullptr) {
          std::printf("%s %s %s: %s, ours %s\n", line.where.c_str(),
                      provider.c_str(), name.c_str(), theirs.text->c_str(),
                      ValueOf(events[0], name).c_str());
        }
      }
    }
  }
  Table table({"provider", "field", "theirs", "ours", "values", "equal"});
  for (const auto& [key, count] : counts) {
    table.Add({key.first, key.second, std::to_string(count.theirs),
               std::to_string(count.ours), std::to_string(count.scalars),
               std::to_string(count.equal)});
  }
  table.Add({"all", "", std::to_string(all.theirs), std::to_string(all.ours),
             std::to_string(all.scalars), std::to_string(all.equal)});
  table.Print();
  EXPECT_GT(counts.size(), 150u);
  EXPECT_EQ(all.ours, all.theirs);
  EXPECT_EQ(different, ChosenOtherwise());
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
