#include "lib/event/yaml_tree.h"

#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace authseal {
namespace {

constexpr std::size_t kDepthMax = 32;
constexpr std::size_t kTextMaxBytes = std::size_t{1} << 20;

// Builds the tree from the parser's events. The first complaint is kept and
// the rest of the text ignored.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string_view file) : file_(file) {
    open_.emplace_back();  // holds the root
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) {
      Complain(mark, "only one document a file");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Add(Node(mark, YamlNode::Type::kNull), mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    Complain(mark, "aliases are not supported");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/,
                YAML::anchor_t anchor, const std::string& value) override {
    YamlNode node = Node(mark, YamlNode::Type::kScalar);
    node.text = value;
    Add(std::move(node), mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(mark, YamlNode::Type::kList, anchor);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(mark, YamlNode::Type::kMap, anchor);
  }
  void OnMapEnd() override { Close(); }

  bool failed() const { return failed_; }
  Error& error() { return error_; }
  YamlNode* root() {
    return open_.front().items.empty() ? nullptr : &open_.front().items[0];
  }

 private:
  static YamlNode Node(const YAML::Mark& mark, YamlNode::Type type) {
    YamlNode node;
    node.type = type;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }

  void Complain(const YAML::Mark& mark, std::string_view message) {
    if (!failed_) {
      failed_ = true;
      error_ = YamlError(file_, Node(mark, YamlNode::Type::kNull), message);
    }
  }

  void CheckKey(const YamlNode& parent, const YamlNode& key,
                const YAML::Mark& mark) {
    if (!key.is_scalar()) {
      Complain(mark, "a key must be a scalar");
      return;
    }
    if (parent.Find(key.text) != nullptr) {
      Complain(mark, "key '" + key.text + "' occurs twice");
    }
  }

  void Add(YamlNode node, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      Complain(mark, "anchors are not supported");
    }
    if (failed_) {
      return;
    }
    YamlNode& parent = open_.back();
    if (parent.is_map() && parent.items.size() % 2 == 0) {
      CheckKey(parent, node, mark);
    }
    parent.items.push_back(std::move(node));
  }

  void Open(const YAML::Mark& mark, YamlNode::Type type,
            YAML::anchor_t anchor) {
    if (open_.size() > kDepthMax) {
      Complain(mark, "nested too deep");
    }
    if (anchor != YAML::NullAnchor) {
      Complain(mark, "anchors are not supported");
    }
    marks_.push_back(mark);
    if (!failed_) {
      open_.push_back(Node(mark, type));
    }
  }

  void Close() {
    const YAML::Mark mark = marks_.back();
    marks_.pop_back();
    if (failed_) {
      return;
    }
    YamlNode node = std::move(open_.back());
    open_.pop_back();
    Add(std::move(node), mark, YAML::NullAnchor);
  }

  std::string_view file_;
  std::vector<YamlNode> open_;  // from the root's holder inwards
  std::vector<YAML::Mark> marks_;
  int documents_ = 0;
  bool failed_ = false;
  Error error_;
};

}  // namespace

const YamlNode* YamlNode::Find(std::string_view name) const {
  if (!is_map()) {
    return nullptr;
  }
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i].text == name) {
      return &items[i + 1];
    }
  }
  return nullptr;
}

Error YamlError(std::string_view file, const YamlNode& at,
                std::string_view message) {
  return Error{ErrorCode::kInvalidArgument,
               std::string(file) + ":" + std::to_string(at.line) + ":" +
                   std::to_string(at.column) + ": " + std::string(message),
               "see authseal-mapping(5) for the language of mappings"};
}

Error YamlChoiceError(std::string_view file, const YamlNode& at,
                      std::string_view message, std::string_view what,
                      std::span<const std::string_view> allowed) {
  Error error = YamlError(file, at, message);
  error.hint = std::string(what) + ":";
  for (const std::string_view word : allowed) {
    error.hint += (word == allowed.front() ? " " : ", ") + std::string(word);
  }
  return error;
}

Result<YamlNode> ParseYaml(std::string_view file, std::string_view text) {
  YamlNode start;
  if (text.size() > kTextMaxBytes) {
    return YamlError(file, start, "longer than 1 MiB");
  }
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder(file);
    while (!builder.failed() && parser.HandleNextDocument(builder)) {
    }
    if (builder.failed()) {
      return std::move(builder.error());
    }
    YamlNode* root = builder.root();
    if (root == nullptr || !root->is_map()) {
      return YamlError(file, start, "not a map of keys and values");
    }
    return std::move(*root);
  } catch (const YAML::Exception& exception) {
    start.line = exception.mark.line + 1;
    start.column = exception.mark.column + 1;
    return YamlError(file, start, exception.msg);
  } catch (const std::exception& exception) {
    return YamlError(file, start, exception.what());
  }
}

}  // namespace authseal
