#include "tests/unit/ingest/record_tree.h"

#include <algorithm>
#include <array>

#include "lib/base/check.h"
#include "lib/json/document.h"

namespace authseal {
namespace {

using Kind = RecordTree::Kind;

// Names that mean something to the scrubber, to mappings or to us, among them
// some that begin alike and are equally long.
constexpr std::array<std::string_view, 34> kNames = {
    "password",
    "token",
    "tokem",
    "code",
    "state",
    "kty",
    "k",
    "d",
    "question",
    "grant_type",
    "body",
    "params",
    "headers",
    "name",
    "value",
    "cookie",
    "Set-Cookie",
    "authorization",
    "jti",
    "event",
    "message",
    "log",
    "records",
    "authseal",
    "line",
    "",
    "0",
    "1",
    "p\\u0061ssword",
    "access_token_of_the_user",
    "access_token_of_the_usex",
    "permissions_granted_a",
    "permissions_granted_b",
    "a_name_as_long_as_those_searched?access_token=abcdefgh12345678"};

constexpr std::array<std::string_view, 30> kScalars = {
    "null",
    "true",
    "false",
    "0",
    "1767225600",
    "-1.5e3",
    "12345678901234567890",
    R"("")",
    R"("-")",
    R"("password")",
    R"("Authorization")",
    R"("--password")",
    R"("hunter2")",
    R"("Basic dXNlcjpwYXNz")",
    R"("Bearer a1B2c3D4e5F6g7H8i9J0k1L2")",
    R"("a1B2c3D4e5F6g7H8i9J0k1L2m3N4")",
    R"("eyJhbGciOiJub25lIn0.eyJhIjoxfQ.abcdefgh")",
    R"("ghp_0123456789abcdef0123456789abcdef0123")",
    R"("https://h/cb?code=a1B2c3D4e5F6g7H8&state=xyz")",
    R"("grant_type=password&password=hunter2")",
    R"("{\"token\":\"a1B2c3D4e5F6g7H8i9J0\"}")",
    R"("[\"password\",\"hunter2\"]")",
    R"("\u0041uthorization: Bearer abcdefghijkl1234")",
    R"("sid=abcdef; theme=dark")",
    R"("access_token.saved")",
    R"("c3f0e0a2-1b7e-4a52-9d8e-0b6f2f6f3b11")",
    R"("2026-01-01T00:00:00Z")",
    R"("203.0.113.9")",
    R"("type=LOGIN, realmId=r, clientId=c, userId=u, code_id=x")",
    R"("caf\u00e9 \"quoted\" caf\\")"};

std::size_t Below(std::size_t bound, std::mt19937& random) {
  return random() % bound;
}

template <typename Texts>
std::string OneOf(const Texts& texts, std::mt19937& random) {
  return std::string(texts[Below(texts.size(), random)]);
}

// NOLINTNEXTLINE(misc-no-recursion): kJsonDepthMax bounds it
RecordTree FromValue(const JsonValue& value) {
  RecordTree tree;
  tree.name = value.raw_name();
  if (!value.is_object() && !value.is_array()) {
    tree.scalar = value.raw();
    return tree;
  }
  tree.kind = value.is_object() ? Kind::kObject : Kind::kArray;
  for (auto child = value.FirstChild(); child; child = child->NextSibling()) {
    tree.children.push_back(FromValue(*child));
  }
  return tree;
}

// NOLINTNEXTLINE(misc-no-recursion): kJsonDepthMax bounds it
void Write(const RecordTree& tree, std::string& out) {
  if (tree.kind == Kind::kScalar) {
    out += tree.scalar;
    return;
  }
  const bool is_object = tree.kind == Kind::kObject;
  out += is_object ? '{' : '[';
  for (std::size_t i = 0; i < tree.children.size(); ++i) {
    out += i == 0 ? "" : ",";
    if (is_object) {
      out += '"' + tree.children[i].name + "\":";
    }
    Write(tree.children[i], out);
  }
  out += is_object ? '}' : ']';
}

// NOLINTNEXTLINE(misc-no-recursion): kJsonDepthMax bounds it
void Collect(RecordTree& tree, std::vector<RecordTree*>& out) {
  out.push_back(&tree);
  for (RecordTree& child : tree.children) {
    Collect(child, out);
  }
}

void Rename(RecordTree& member, std::mt19937& random) {
  if (member.name.empty() || Below(3, random) == 0) {
    member.name = OneOf(kNames, random);
    return;
  }
  char& c = member.name[Below(member.name.size(), random)];
  const bool is_plain = member.name.find('\\') == std::string::npos;
  if (is_plain && Below(3, random) == 0) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      const std::size_t at = static_cast<std::size_t>(&c - member.name.data());
      member.name.replace(
          at, 1, std::string("\\u00") + kHex[byte >> 4] + kHex[byte & 15]);
    }
  } else if (is_plain && static_cast<unsigned char>(c) < 0x80) {
    c = static_cast<char>('a' + Below(26, random));
  }
}

void Wrap(RecordTree& tree, std::mt19937& random) {
  RecordTree outer;
  outer.kind = Below(2, random) == 0 ? Kind::kObject : Kind::kArray;
  outer.name = tree.name;
  tree.name = outer.kind == Kind::kObject ? OneOf(kNames, random) : "";
  outer.children.push_back(std::move(tree));
  tree = std::move(outer);
}

void Retype(RecordTree& tree, std::mt19937& random) {
  tree.kind = tree.kind == Kind::kScalar ? Kind::kObject : Kind::kScalar;
  tree.scalar = OneOf(kScalars, random);
  tree.children.clear();
}

}  // namespace

RecordTree TakeApart(std::string_view record) {
  JsonDocument document;
  AUTHSEAL_CHECK(document.Parse(record) == JsonFault::kNone);
  return FromValue(document.root());
}

std::string Written(const RecordTree& tree) {
  std::string out;
  Write(tree, out);
  return out;
}

void ChangeScalars(RecordTree& tree, std::mt19937& random) {
  std::vector<RecordTree*> values;
  Collect(tree, values);
  const std::size_t often = 1 + Below(8, random);
  for (RecordTree* value : values) {
    if (value->kind == Kind::kScalar && Below(often, random) == 0) {
      value->scalar = OneOf(kScalars, random);
    }
  }
}

void ChangeShape(RecordTree& tree, std::mt19937& random) {
  std::vector<RecordTree*> values;
  Collect(tree, values);
  RecordTree& parent = *values[Below(values.size(), random)];
  if (parent.children.empty()) {
    if (&parent != &tree) {
      Below(2, random) == 0 ? Retype(parent, random) : Wrap(parent, random);
    }
    return;
  }
  std::vector<RecordTree>& children = parent.children;
  const std::size_t at = Below(children.size(), random);
  switch (Below(7, random)) {
    case 0: {
      const RecordTree again = children[at];
      children.push_back(again);
      break;
    }
    case 1:
      std::swap(children[at], children[Below(children.size(), random)]);
      break;
    case 2:
      Wrap(children[at], random);
      break;
    case 3:
      Retype(children[at], random);
      break;
    case 4:
      children.erase(children.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    default:
      if (parent.kind == Kind::kObject) {
        Rename(children[at], random);
      } else {
        RecordTree element;
        element.scalar = OneOf(kScalars, random);
        children.push_back(element);
      }
  }
}

}  // namespace authseal
