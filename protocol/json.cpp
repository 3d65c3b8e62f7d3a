#include "protocol/json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <map>

#include "protocol/limits.h"

namespace ddb {
namespace {

const boost::json::value& node_of(const void* node) {
  return *static_cast<const boost::json::value*>(node);
}

// The number that `node` is. The library reads a zero with a large exponent, 0e400, as zero times
// infinity.
double number_of(const boost::json::value& node) {
  const double number = node.to_number<double>();
  return std::isnan(number) ? 0 : number;
}

boost::json::parse_options parse_options() {
  boost::json::parse_options options;
  options.max_depth = limits::json_depth_max;
  return options;
}

// Which bytes append_json_escaped cannot copy as they are.
constexpr bool needs_escape(unsigned char byte) {
  return byte < 0x20 || byte == '"' || byte == '\\';
}

void append_node(std::string& out, const boost::json::value& node) {
  if (const auto* array = node.if_array()) {
    out += '[';
    for (const auto& element : *array) {
      if (out.back() != '[') out += ',';
      append_node(out, element);
    }
    out += ']';
  } else if (const auto* object = node.if_object()) {
    out += '{';
    for (const auto& member : *object) {
      if (out.back() != '{') out += ',';
      append_json_string(out, {member.key().data(), member.key().size()});
      out += ':';
      append_node(out, member.value());
    }
    out += '}';
  } else if (node.is_double() && !std::isfinite(node.get_double())) {
    // JSON has no word for a number beyond the range of a double; the library would write one.
    const double number = number_of(node);
    out += number == 0 ? "0e0" : number < 0 ? "-1e99999" : "1e99999";
  } else {
    out += boost::json::serialize(node);
  }
}

}  // namespace

JsonValue::Kind JsonValue::kind() const {
  switch (node_of(node_).kind()) {
    case boost::json::kind::null:
      return Kind::null;
    case boost::json::kind::bool_:
      return Kind::boolean;
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
      return Kind::integer;
    case boost::json::kind::double_:
      return Kind::decimal;
    case boost::json::kind::string:
      return Kind::string;
    case boost::json::kind::array:
      return Kind::array;
    case boost::json::kind::object:
      break;
  }
  return Kind::object;
}

bool JsonValue::as_boolean() const {
  const bool* truth = node_of(node_).if_bool();
  return truth != nullptr && *truth;
}

std::string_view JsonValue::as_string() const {
  const auto* text = node_of(node_).if_string();
  return text != nullptr ? std::string_view(text->data(), text->size()) : std::string_view();
}

std::int64_t JsonValue::as_integer() const {
  const auto& node = node_of(node_);
  constexpr auto highest = std::numeric_limits<std::int64_t>::max();
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  if (node.is_int64()) return node.get_int64();
  if (node.is_uint64()) return highest;  // the library uses it only for what an int64 cannot hold
  if (!node.is_double()) return 0;
  const double number = number_of(node);
  if (number >= static_cast<double>(highest)) return highest;
  if (number <= static_cast<double>(lowest)) return lowest;
  return static_cast<std::int64_t>(number);
}

std::int64_t JsonValue::as_milliseconds() const {
  constexpr double milliseconds_per_second = 1000;
  constexpr double milliseconds_max = 9e18;
  const auto& node = node_of(node_);
  if (!node.is_number()) return 0;
  const double milliseconds = number_of(node) * milliseconds_per_second;
  return std::llround(std::clamp(milliseconds, -milliseconds_max, milliseconds_max));
}

std::size_t JsonValue::size() const {
  const auto& node = node_of(node_);
  if (const auto* array = node.if_array()) return array->size();
  if (const auto* object = node.if_object()) return object->size();
  return 0;
}

JsonValue JsonValue::element(std::size_t index) const {
  return JsonValue(&node_of(node_).get_array()[index]);
}

JsonMember JsonValue::member(std::size_t index) const {
  const auto& member = node_of(node_).get_object().begin()[index];
  return {{member.key().data(), member.key().size()}, JsonValue(&member.value())};
}

std::optional<JsonValue> JsonValue::find(std::string_view name) const {
  const auto* object = node_of(node_).if_object();
  if (object == nullptr) return std::nullopt;
  const auto* value = object->if_contains({name.data(), name.size()});
  if (value == nullptr || value->is_null()) return std::nullopt;
  return JsonValue(value);
}

void JsonValue::write(std::string& out) const { append_node(out, node_of(node_)); }

void JsonValue::write_canonical(std::string& out) const {
  if (kind() == Kind::array) {
    out += '[';
    for (std::size_t i = 0; i < size(); ++i) {
      if (i > 0) out += ',';
      element(i).write_canonical(out);
    }
    out += ']';
    return;
  }
  if (kind() != Kind::object) return write(out);
  std::map<std::string_view, JsonValue> members;
  for (std::size_t i = 0; i < size(); ++i) {
    const auto [name, value] = member(i);
    if (!value.is_null()) members.emplace(name, value);
  }
  out += '{';
  for (const auto& [name, value] : members) {
    if (out.back() != '{') out += ',';
    append_json_string(out, name);
    out += ':';
    value.write_canonical(out);
  }
  out += '}';
}

struct JsonDocument::Tree {
  // All nodes of a request come from one arena and go with it at once.
  boost::json::monotonic_resource arena;
  boost::json::value root;

  // Takes `value`, which is in the arena. Placement, not assignment: assigning would copy the nodes
  // out of it.
  void take(boost::json::value&& value) {
    root.~value();
    new (&root) boost::json::value(std::move(value));
  }
};

JsonDocument::JsonDocument(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::parse(std::string_view text) {
  auto tree = std::make_unique<Tree>();
  boost::json::error_code failure;
  tree->take(
      boost::json::parse({text.data(), text.size()}, failure, &tree->arena, parse_options()));
  if (failure) return Error{ErrorType::serialization, ""};
  return JsonDocument(std::move(tree));
}

Result<JsonDocument> JsonDocument::parse_next(std::string_view& texts) {
  auto tree = std::make_unique<Tree>();
  boost::json::stream_parser parser(&tree->arena, parse_options());
  boost::json::error_code failure;
  texts.remove_prefix(parser.write_some(texts.data(), texts.size(), failure));
  if (!failure && !parser.done()) parser.finish(failure);
  if (failure) return Error{ErrorType::serialization, ""};
  tree->take(parser.release());
  return JsonDocument(std::move(tree));
}

JsonValue JsonDocument::root() const { return JsonValue(&tree_->root); }

bool needs_json_escape(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return needs_escape(static_cast<unsigned char>(c)); });
}

void append_json_escaped(std::string& out, std::string_view text) {
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (!needs_escape(byte)) continue;
    out.append(text, copied, i - copied);
    copied = i + 1;
    switch (byte) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        constexpr char digits[] = "0123456789abcdef";
        out += "\\u00";
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
  }
  out.append(text, copied);
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  append_json_escaped(out, text);
  out += '"';
}

}  // namespace ddb
