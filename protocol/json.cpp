#include "protocol/json.h"

#include <absl/strings/charconv.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <set>

#include "protocol/limits.h"
#include "protocol/object_writer.h"

namespace pageturner {
namespace {

boost::json::parse_options parse_options() {
  boost::json::parse_options options;
  options.max_depth = limits::json_depth_max;
  return options;
}

// Whether append_json_escaped must escape `byte`.
constexpr bool needs_escape(unsigned char byte) {
  return byte < 0x20 || byte == '"' || byte == '\\';
}

// Returns the size of the longest prefix of `text` that needs no escape. Examines eight bytes at a
// time, which takes a seventh of the instructions: every text of every response and of every stored
// item passes through here.
std::size_t plain_length(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
  constexpr std::uint64_t highs = 0x80 * ones;
  // Sets a high bit for each byte of `word` that is below `bound`, and possibly for bytes above
  // such a byte; requires a bound of at most 0x80.
  const auto below = [](std::uint64_t word, std::uint64_t bound) {
    return (word - bound * ones) & ~word & highs;
  };
  const auto is_plain_word = [&](std::uint64_t word) {
    return (below(word, 0x20) | below(word ^ ('"' * ones), 1) | below(word ^ ('\\' * ones), 1)) ==
           0;
  };
  const auto is_plain = [&](const char* bytes) {
    std::uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return is_plain_word(word);
  };
  constexpr std::size_t word_bytes = sizeof(std::uint64_t);
  constexpr std::size_t half_bytes = word_bytes / 2;
  if (text.size() >= half_bytes && text.size() < word_bytes) {
    // The usual size of names: two overlapping halves cover the whole text.
    std::uint32_t halves[2];
    std::memcpy(&halves[0], text.data(), half_bytes);
    std::memcpy(&halves[1], text.data() + text.size() - half_bytes, half_bytes);
    if (is_plain_word(std::uint64_t{halves[0]} << 32 | halves[1])) return text.size();
  }
  std::size_t at = 0;
  while (at + word_bytes <= text.size() && is_plain(text.data() + at)) at += word_bytes;
  // The last word may overlap the one before it.
  const bool is_rest_short = at > 0 && at + word_bytes > text.size();
  if (is_rest_short && is_plain(text.data() + text.size() - word_bytes)) return text.size();
  while (at < text.size() && !needs_escape(static_cast<unsigned char>(text[at]))) ++at;
  return at;
}

void append_escape(std::string& out, unsigned char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
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
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
  }
}

// Whether two of the `size` members have equal names. Most objects have few members, and most of
// their names differ from all others in size or in the first or last byte: comparing those is
// cheaper than sorting.
bool has_equal_names(JsonMembers members, std::size_t size) {
  constexpr std::size_t few = 16;
  if (size > few) {
    std::vector<std::string_view> names;
    names.reserve(size);
    for (const auto& member : members) names.push_back(member.name);
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) != names.end();
  }
  std::uint64_t seen = 0;  // one bit for each hash of size, first and last byte
  for (auto member = members.begin(); member != members.end(); ++member) {
    const std::string_view name = (*member).name;
    const std::size_t ends = name.empty() ? 0 : 5U * name.front() + 3U * name.back();
    const std::uint64_t bit = std::uint64_t{1} << ((7 * name.size() + ends) % 64);
    const auto is_same = [&](const JsonMember& other) { return other.name == name; };
    if ((seen & bit) != 0 && std::find_if(members.begin(), member, is_same) != member) return true;
    seen |= bit;
  }
  return false;
}

}  // namespace

std::int64_t JsonValue::as_integer() const {
  constexpr auto highest = std::numeric_limits<std::int64_t>::max();
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  if (kind() == Kind::integer) {
    std::int64_t integer = 0;
    const auto read = std::from_chars(node_->text, node_->text + node_->size, integer);
    if (read.ec == std::errc()) return integer;
    return *node_->text == '-' ? lowest : highest;
  }
  const double number = as_double();
  if (number >= static_cast<double>(highest)) return highest;
  if (number <= static_cast<double>(lowest)) return lowest;
  return static_cast<std::int64_t>(number);
}

std::int64_t JsonValue::as_milliseconds() const {
  constexpr double milliseconds_per_second = 1000;
  constexpr double milliseconds_max = 9e18;
  const double milliseconds = as_double() * milliseconds_per_second;
  return std::llround(std::clamp(milliseconds, -milliseconds_max, milliseconds_max));
}

// The value of an integer or a decimal, infinite beyond the range of a double; 0 for every other
// kind.
double JsonValue::as_double() const {
  double number = 0;
  if (is_number()) absl::from_chars(node_->text, node_->text + node_->size, number);
  return number;
}

JsonElements JsonValue::elements_of(std::string_view name) const {
  const auto array = find(name);
  return array ? array->elements() : JsonElements(node_, node_);
}

std::size_t JsonValue::depth() const {
  if (!is_container()) return 0;
  std::size_t inner = 0;
  for (const JsonValue element : elements()) inner = std::max(inner, element.depth());
  for (const auto& [name, value] : members()) inner = std::max(inner, value.depth());
  return inner + 1;
}

void JsonValue::write(std::string& out) const {
  if (kind() == Kind::array) {
    ArrayWriter array(out);
    for (const JsonValue element : elements()) element.write(array.element());
  } else if (kind() == Kind::object) {
    ObjectWriter object(out);
    for (const auto& [name, value] : members()) value.write(object.member(name));
  } else if (kind() != Kind::string) {
    out += node_->as_text();
  } else if (node_->is_plain) {
    out += '"';
    out += as_string();
    out += '"';
  } else {
    append_json_string(out, as_string());
  }
}

void JsonValue::write_canonical(std::string& out) const {
  if (kind() == Kind::array) {
    ArrayWriter array(out);
    for (const JsonValue element : elements()) element.write_canonical(array.element());
    return;
  }
  if (kind() != Kind::object) return write(out);
  std::map<std::string_view, JsonValue> present;
  for (const auto& [name, value] : members()) {
    if (!value.is_null()) present.emplace(name, value);
  }
  ObjectWriter object(out);
  for (const auto& [name, value] : present) value.write_canonical(object.member(name));
}

// Handler of the library's parser: converts its events, which come in the order of the text, to
// nodes. The names of the members are those that the parser calls; each returns whether to
// continue.
class JsonDocument::Builder {
  using Kind = JsonValue::Kind;
  using Node = JsonValue::Node;
  using Text = boost::json::string_view;
  using Failure = boost::json::error_code;

 public:
  static constexpr auto max_object_size = static_cast<std::size_t>(-1);
  static constexpr auto max_array_size = max_object_size;
  static constexpr auto max_key_size = max_object_size;
  static constexpr auto max_string_size = max_object_size;

  Builder(std::string_view text, std::size_t nodes_expected) : text_(text) {
    nodes().reserve(nodes_expected);
  }

  JsonDocument take() { return std::move(document_); }

  bool on_document_begin(Failure&) { return true; }
  bool on_document_end(Failure&) { return true; }
  bool on_object_begin(Failure&) { return open(Kind::object); }
  bool on_object_end(std::size_t size, Failure&) {
    const std::size_t object = open_;
    close(size);
    if (size > 1 && has_equal_names(JsonValue(&nodes()[object]).members(), size)) {
      drop_equal_names(object);
    }
    return true;
  }
  bool on_array_begin(Failure&) { return open(Kind::array); }
  bool on_array_end(std::size_t size, Failure&) { return close(size); }
  bool on_key_part(Text part, std::size_t, Failure&) { return add_part(part); }
  bool on_key(Text part, std::size_t, Failure&) { return add(Kind::string, part); }
  bool on_string_part(Text part, std::size_t, Failure&) { return add_part(part); }
  bool on_string(Text part, std::size_t, Failure&) { return add(Kind::string, part); }
  bool on_number_part(Text part, Failure&) { return add_part(part); }
  bool on_int64(std::int64_t, Text part, Failure&) { return add(Kind::integer, part); }
  bool on_uint64(std::uint64_t, Text part, Failure&) { return add(Kind::integer, part); }
  bool on_double(double, Text part, Failure&) { return add(Kind::decimal, part); }
  bool on_bool(bool value, Failure&) { return add_word(Kind::boolean, value ? "true" : "false"); }
  bool on_null(Failure&) { return add_word(Kind::null, "null"); }
  bool on_comment_part(Text, Failure&) { return true; }
  bool on_comment(Text, Failure&) { return true; }

 private:
  std::vector<Node>& nodes() { return document_.nodes_; }

  bool add_word(Kind kind, std::string_view word, bool is_plain = false) {
    nodes().push_back({word.data(), static_cast<std::uint32_t>(word.size()), 1, kind, is_plain});
    return true;
  }

  // While an array or object is open, its span contains the index of the enclosing one.
  bool open(Kind kind) {
    const auto around = static_cast<std::uint32_t>(open_);
    open_ = nodes().size();
    nodes().push_back({nullptr, 0, around, kind, false});
    return true;
  }

  bool close(std::size_t size) {
    Node& node = nodes()[open_];
    const std::size_t around = node.span;
    node.size = static_cast<std::uint32_t>(size);
    node.span = static_cast<std::uint32_t>(nodes().size() - open_);
    open_ = around;
    return true;
  }

  // Strings with escapes arrive in parts that are valid until the call returns.
  bool add_part(Text part) {
    part_.append(part.data(), part.size());
    return true;
  }

  bool add(Kind kind, Text last_part) {
    const std::less_equal<> precedes;
    const bool stays = part_.empty() && precedes(text_.data(), last_part.data()) &&
                       precedes(last_part.data() + last_part.size(), text_.data() + text_.size());
    if (stays) return add_word(kind, {last_part.data(), last_part.size()}, true);
    add_part(last_part);
    document_.unescaped_.push_front(std::move(part_));
    part_.clear();
    return add_word(kind, document_.unescaped_.front());
  }

  // Removes all but the last of the members with equal names from the object at `index`, the node
  // that was closed last.
  void drop_equal_names(std::size_t index) {
    std::vector<const Node*> members;
    for (std::size_t name = index + 1; name < nodes().size(); name += 1 + nodes()[name + 1].span) {
      members.push_back(&nodes()[name]);
    }
    std::set<std::string_view> seen;
    std::vector<const Node*> kept;
    for (auto member = members.rbegin(); member != members.rend(); ++member) {
      if (seen.insert((*member)->as_text()).second) kept.push_back(*member);
    }
    std::vector<Node> object{nodes()[index]};
    for (auto member = kept.rbegin(); member != kept.rend(); ++member) {
      object.insert(object.end(), *member, *member + 1 + (*member)[1].span);
    }
    object.front().size = static_cast<std::uint32_t>(kept.size());
    object.front().span = static_cast<std::uint32_t>(object.size());
    nodes().resize(index);
    nodes().insert(nodes().end(), object.begin(), object.end());
  }

  std::string_view text_;
  JsonDocument document_;
  std::size_t open_ = 0;  // index of the array or object being parsed
  std::string part_;      // the parts so far of a string
};

Result<JsonDocument> JsonDocument::parse(std::string_view text) {
  constexpr std::size_t usual_bytes_per_node = 6;
  constexpr std::size_t nodes_expected_max = 4'096;
  const std::size_t nodes_expected =
      std::min(text.size() / usual_bytes_per_node + 8, nodes_expected_max);
  boost::json::basic_parser<Builder> parser(parse_options(), text, nodes_expected);
  boost::json::error_code failure;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failure);
  if (failure || read < text.size()) return Error{ErrorType::serialization, ""};
  return parser.handler().take();
}

Result<JsonDocument> JsonDocument::parse_next(std::string_view& texts) {
  constexpr std::size_t nodes_expected = 64;  // the size of the first text is unknown
  boost::json::basic_parser<Builder> parser(parse_options(), texts, nodes_expected);
  boost::json::error_code failure;
  texts.remove_prefix(parser.write_some(true, texts.data(), texts.size(), failure));
  if (!failure && !parser.done()) parser.write_some(false, nullptr, 0, failure);
  if (failure) return Error{ErrorType::serialization, ""};
  return parser.handler().take();
}

bool needs_json_escape(std::string_view text) { return plain_length(text) < text.size(); }

void append_json_escaped(std::string& out, std::string_view text) {
  while (true) {
    const std::size_t plain = plain_length(text);
    out.append(text, 0, plain);
    if (plain == text.size()) return;
    append_escape(out, static_cast<unsigned char>(text[plain]));
    text.remove_prefix(plain + 1);
  }
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  append_json_escaped(out, text);
  out += '"';
}

}  // namespace pageturner
