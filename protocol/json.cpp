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
#include <new>
#include <vector>

#include "protocol/limits.h"
#include "protocol/object_writer.h"
#include "protocol/text_order.h"

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

// Objects of at most this many members are checked for equal names without a hash table.
constexpr std::size_t few_members = 16;

// Whether two of the members have equal names. Requires: there are at most few_members. Most
// objects have few members, and most of their names differ from all others in size or in the first
// or last byte: comparing those is cheaper than a hash table.
bool has_equal_names(JsonMembers members) {
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
    const std::string_view text = node_->bytes(text_);
    const auto read = std::from_chars(text.data(), text.data() + text.size(), integer);
    if (read.ec == std::errc()) return integer;
    return text.front() == '-' ? lowest : highest;
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
  if (!is_number()) return number;
  const std::string_view text = node_->bytes(text_);
  absl::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

JsonElements JsonValue::elements_of(std::string_view name) const {
  const auto array = find(name);
  return array ? array->elements() : JsonElements(node_, node_, text_);
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
  } else if (kind() == Kind::null) {
    out += "null";
  } else if (kind() == Kind::boolean) {
    out += as_boolean() ? "true" : "false";
  } else if (kind() != Kind::string) {
    out += node_->bytes(text_);
  } else if (node_->in_text) {
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
  using Text = boost::json::string_view;
  using Failure = boost::json::error_code;

 public:
  static constexpr auto max_object_size = static_cast<std::size_t>(-1);
  static constexpr auto max_array_size = max_object_size;
  static constexpr auto max_key_size = max_object_size;
  static constexpr auto max_string_size = max_object_size;

  Builder(std::string_view text, std::size_t nodes_expected) : text_(text) {
    document_.text_ = text.data();
    nodes().reserve(nodes_expected);
  }

  JsonDocument take() {
    if (has_dropped_) remove_dropped();
    return std::move(document_);
  }

  bool on_document_begin(Failure&) { return true; }
  bool on_document_end(Failure&) { return true; }
  bool on_object_begin(Failure&) { return open(Kind::object); }
  bool on_object_end(std::size_t size, Failure&) {
    const std::size_t object = open_;
    close(size);
    const bool may_have_equal_names =
        size > few_members || (size > 1 && has_equal_names(value_at(object).members()));
    if (may_have_equal_names) drop_equal_names(object);
    return true;
  }
  bool on_array_begin(Failure&) { return open(Kind::array); }
  bool on_array_end(std::size_t size, Failure&) { return close(size); }
  bool on_key_part(Text part, std::size_t, Failure&) { return add_part(part); }
  bool on_key(Text part, std::size_t, Failure&) {
    add(Kind::string, part);
    has_plain_name_ = nodes()[last_].in_text;
    return true;
  }
  bool on_string_part(Text part, std::size_t, Failure&) { return add_part(part); }
  bool on_string(Text part, std::size_t, Failure&) { return add(Kind::string, part); }
  bool on_number_part(Text part, Failure&) { return add_part(part); }
  bool on_int64(std::int64_t, Text part, Failure&) { return add(Kind::integer, part); }
  bool on_uint64(std::uint64_t, Text part, Failure&) { return add(Kind::integer, part); }
  bool on_double(double, Text part, Failure&) { return add(Kind::decimal, part); }
  bool on_bool(bool value, Failure&) { return add_node(Kind::boolean, value ? 1 : 0, 0, true); }
  bool on_null(Failure&) { return add_node(Kind::null, 0, 0, true); }
  bool on_comment_part(Text, Failure&) { return true; }
  bool on_comment(Text, Failure&) { return true; }

 private:
  Nodes& nodes() { return document_.nodes_; }
  JsonValue value_at(std::size_t index) { return {&nodes()[index], document_.text_}; }

  bool add_node(Kind kind, std::size_t first, std::size_t size, bool in_text) {
    last_ = nodes().size();
    Node node{};
    node.first = static_cast<std::uint32_t>(first);
    node.size = static_cast<std::uint32_t>(size) & JsonValue::text_bytes_max;
    node.kind = kind;
    node.in_text = in_text;
    node.has_plain_name = has_plain_name_;
    *nodes().extend(1) = node;
    return true;
  }

  // While an array or object is open, its span contains the index of the enclosing one.
  bool open(Kind kind) {
    const std::size_t around = open_;
    open_ = nodes().size();
    return add_node(kind, around, 0, false);
  }

  bool close(std::size_t size) {
    Node& node = nodes()[open_];
    const std::size_t around = node.first;
    node.size = static_cast<std::uint32_t>(size) & JsonValue::text_bytes_max;
    node.first = static_cast<std::uint32_t>(nodes().size() - open_);
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
    if (stays) {
      const auto offset = static_cast<std::size_t>(last_part.data() - text_.data());
      return add_node(kind, offset, last_part.size(), true);
    }
    add_part(last_part);
    const std::size_t text_nodes = (part_.size() + sizeof(Node) - 1) / sizeof(Node);
    add_node(kind, 1 + text_nodes, part_.size(), false);
    std::memcpy(static_cast<void*>(nodes().extend(text_nodes)), part_.data(), part_.size());
    part_.clear();
    return true;
  }

  // Marks all but the last of the members with equal names of the object at `object`, the node that
  // was closed last. They are removed at the end, by one pass over the document: removing them here
  // would move the same nodes once for each level of nesting.
  void drop_equal_names(std::size_t object) {
    const auto name_at = [this](std::size_t index) {
      return nodes()[index].bytes(document_.text_);
    };
    std::vector<HashedText> names;
    names.reserve(nodes()[object].size);
    for (std::size_t member = object + 1; member < nodes().size();) {
      names.emplace_back(name_at(member), member);
      member += nodes()[member].span();
      member += nodes()[member].span();
    }
    sort_by_text(names, name_at);
    std::uint32_t dropped = 0;
    for_each_repetition(names, name_at, [&](std::size_t earlier, std::size_t) {
      nodes()[earlier].is_dropped = true;
      ++dropped;
    });
    nodes()[object].size -= dropped;
    has_dropped_ |= dropped > 0;
  }

  // Removes the members that are marked, and adjusts the spans around them.
  void remove_dropped() {
    struct Open {
      std::size_t end;  // before the removal
      std::size_t index;
    };
    std::vector<Open> open;  // the arrays and objects around `from`
    std::size_t to = 0;
    const auto close_until = [&](std::size_t from) {
      for (; !open.empty() && open.back().end == from; open.pop_back()) {
        nodes()[open.back().index].first = static_cast<std::uint32_t>(to - open.back().index);
      }
    };
    for (std::size_t from = 0; from < nodes().size(); close_until(from)) {
      const Node node = nodes()[from];
      if (node.is_dropped) {
        from += node.span();
        from += nodes()[from].span();
        continue;
      }
      const bool is_container = node.kind >= Kind::array;
      if (is_container) open.push_back({from + node.span(), to});
      const std::size_t count = is_container ? 1 : node.span();
      std::memmove(static_cast<void*>(&nodes()[to]), &nodes()[from], count * sizeof(Node));
      document_.moved_nodes_ += count;
      from += count;
      to += count;
    }
    nodes().truncate(to);
  }

  std::string_view text_;
  JsonDocument document_;
  std::size_t open_ = 0;         // index of the array or object being parsed
  std::size_t last_ = 0;         // index of the node that was added last
  bool has_plain_name_ = false;  // of the last member
  bool has_dropped_ = false;     // a member is marked as dropped
  std::string part_;             // the parts so far of a string
};

void JsonDocument::Nodes::reserve(std::size_t capacity) {
  void* const moved = std::realloc(nodes_.get(), capacity * sizeof(Node));
  if (moved == nullptr) throw std::bad_alloc();
  (void)nodes_.release();
  nodes_.reset(static_cast<Node*>(moved));
  capacity_ = capacity;
}

Result<JsonDocument> JsonDocument::parse(std::string_view text) {
  constexpr std::size_t usual_bytes_per_node = 6;
  constexpr std::size_t nodes_expected_max = 4'096;
  if (text.size() > JsonValue::text_bytes_max) return Error{ErrorType::serialization, ""};
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
  const std::string_view text = texts.substr(0, JsonValue::text_bytes_max);
  boost::json::basic_parser<Builder> parser(parse_options(), text, nodes_expected);
  boost::json::error_code failure;
  texts.remove_prefix(parser.write_some(true, text.data(), text.size(), failure));
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
