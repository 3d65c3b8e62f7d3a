// Why: docs/format.md specifies the stored bytes; an example that differs from the code would
// mislead readers of old data. Source: the examples of docs/format.md.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <sstream>

#include "storage/key_codec.h"
#include "storage/stored_item.h"
#include "storage/stream_record.h"
#include "tests/format/bytes.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

// Returns the lines of the blocks marked ```format.
std::vector<std::string> examples() {
  std::ifstream file(std::string(PAGETURNER_TESTS_DIR) + "/../docs/format.md");
  std::vector<std::string> lines;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) {
      inside = line == "```format";
    } else if (inside) {
      lines.push_back(line);
    }
  }
  return lines;
}

struct Example {
  std::string verb;
  std::string left;
  std::string right;
};

Example split(const std::string& line) {
  const auto verb_end = line.find(' ');
  const auto equals = line.rfind(" = ");
  return {line.substr(0, verb_end), line.substr(verb_end + 1, equals - verb_end - 1),
          line.substr(equals + 3)};
}

std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

// Parses "pk:S sk:N", or "-" for no attributes. Sets `has_hash` if "hash" is in front.
std::vector<KeyAttribute> attributes_of(const std::string& text, bool& has_hash) {
  std::vector<KeyAttribute> attributes;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (word == "-") continue;
    if (word == "hash") {
      has_hash = true;
      continue;
    }
    const auto colon = word.find(':');
    const char type = word.at(colon + 1);
    attributes.push_back({word.substr(0, colon), type == 'S'   ? ScalarType::s
                                                 : type == 'N' ? ScalarType::n
                                                               : ScalarType::b});
  }
  return attributes;
}

void check_value(const Example& example) {
  const AttributeValue value = value_of(example.left);
  std::string bytes;
  append_key_value(bytes, value);
  EXPECT_EQ(hex(bytes), without_blanks(example.right)) << example.left;
  for (const ScalarType type : {ScalarType::s, ScalarType::n, ScalarType::b}) {
    std::string_view in = bytes;
    if (has_type(value, type)) {
      EXPECT_TRUE(take_key_value(in, type) == value) << example.left;
    }
  }
}

// Checks a hash, which only keys contain: "{"S":"a"}".
void check_hash(const Example& example) {
  const AttributeValue value = value_of(example.left);
  KeyLayout layout = {.partition = {{"pk"}}};
  for (const ScalarType type : {ScalarType::s, ScalarType::n, ScalarType::b}) {
    if (has_type(value, type)) layout.partition.front().type = type;
  }
  const AttributeValue* values[] = {&value};
  EXPECT_EQ(hex(encode_partition(layout, values).substr(0, 8)), without_blanks(example.right))
      << example.left;
}

// Parses "g:S / l:N / pk:S ", or "g:S / l:N / hash pk:S " for a global index.
KeyLayout read_layout(std::istream& text) {
  KeyLayout layout;
  std::string part;
  for (auto* attributes : {&layout.partition, &layout.sort, &layout.suffix}) {
    EXPECT_TRUE(std::getline(text, part, '/'));
    *attributes = attributes_of(part, layout.is_global);
  }
  return layout;
}

// Checks "g:S / l:N / pk:S {"g":…}".
void check_key(const Example& example) {
  const auto brace = example.left.find('{');
  const Item item = item_of(example.left.substr(brace));
  std::istringstream head(example.left.substr(0, brace));
  const KeyLayout layout = read_layout(head);
  const auto key = encode_key(layout, ItemSource(item));
  ASSERT_TRUE(key) << example.left;
  EXPECT_EQ(hex(*key), without_blanks(example.right)) << example.left;
  Item decoded;
  for (const auto& [name, value] : decode_key(layout, *key)) decoded.emplace(name, value);
  EXPECT_TRUE(decoded == item) << example.left;
}

// Checks "ttl pk:S / - / - {"pk":…}".
void check_expiry(const Example& example) {
  const auto brace = example.left.find('{');
  const Item item = item_of(example.left.substr(brace));
  std::istringstream head(example.left.substr(0, brace));
  std::string attribute;
  head >> attribute;
  const KeyLayout table = read_layout(head);
  const auto table_key = encode_key(table, ItemSource(item));
  ASSERT_TRUE(table_key) << example.left;
  const std::string key = encode_expiry_key(item.find(attribute)->second.as<Number>(), *table_key);
  EXPECT_EQ(hex(key), without_blanks(example.right)) << example.left;
  EXPECT_EQ(hex(table_key_of_expiry(key)), hex(*table_key)) << example.left;
}

// The right side is the header as hexadecimal words, then the JSON in quotes.
void check_item(const Example& example) {
  const Item item = item_of(example.left);
  const std::string stored = encode_stored_item(item);
  const auto quote = example.right.find('"');
  const std::string header = without_blanks(example.right.substr(0, quote));
  const std::string json = example.right.substr(quote + 1, example.right.size() - quote - 2);
  EXPECT_EQ(hex(stored.substr(0, stored.size() - json.size())), header) << example.left;
  EXPECT_EQ(ItemView(stored).json(), json) << example.left;
  EXPECT_TRUE(decode_stored_item(ItemView(stored)) == item) << example.left;
}

// Checks "2 7", a shard and a number.
void check_stream_key(const Example& example) {
  std::istringstream numbers(example.left);
  ShardNumber shard = 0;
  std::uint64_t number = 0;
  numbers >> shard >> number;
  const std::string key = encode_stream_key(shard, number);
  EXPECT_EQ(hex(key), without_blanks(example.right)) << example.left;
  EXPECT_EQ(stream_key_number(key), number) << example.left;
  EXPECT_TRUE(stream_key_range(shard, number).contains(key)) << example.left;
  EXPECT_FALSE(stream_key_range(shard, number + 1).contains(key)) << example.left;
}

// Checks "1700000000123 MODIFY client 12 / {…} / {…} / -"; the right side is the header.
void check_record(const Example& example) {
  std::istringstream left(example.left);
  StreamRecord record;
  std::string event, who, part;
  left >> record.created_milliseconds >> event >> who >> record.size_bytes;
  record.event = event == "INSERT"   ? StreamEvent::insert
                 : event == "MODIFY" ? StreamEvent::modify
                                     : StreamEvent::remove;
  record.by_time_to_live = who == "ttl";
  ASSERT_TRUE(std::getline(left, part, '/')) << example.left;
  std::array<std::string, 3> items;
  for (std::string& item : items) {
    ASSERT_TRUE(std::getline(left, part, '/')) << example.left;
    if (without_blanks(part) != "-") item = encode_stored_item(item_of(part));
  }
  record.new_image = items[0];
  record.old_image = items[1];
  record.keys = items[2];
  const std::string bytes = encode_stream_record(record);
  EXPECT_EQ(hex(bytes), without_blanks(example.right) + hex(items[0] + items[1] + items[2]))
      << example.left;
  const StreamRecord decoded = decode_stream_record(bytes);
  EXPECT_EQ(encode_stream_record(decoded), bytes) << example.left;
  EXPECT_EQ(decoded.event, record.event) << example.left;
  EXPECT_EQ(decoded.by_time_to_live, record.by_time_to_live) << example.left;
  EXPECT_EQ(decoded.old_image, record.old_image) << example.left;
}

TEST(FormatDocument, AgreesWithTheCode) {
  std::map<std::string, int> seen;
  for (const std::string& line : examples()) {
    const Example example = split(line);
    ++seen[example.verb];
    if (example.verb == "value") {
      check_value(example);
    } else if (example.verb == "hash") {
      check_hash(example);
    } else if (example.verb == "key") {
      check_key(example);
    } else if (example.verb == "expiry") {
      check_expiry(example);
    } else if (example.verb == "item") {
      check_item(example);
    } else if (example.verb == "stream") {
      check_stream_key(example);
    } else if (example.verb == "record") {
      check_record(example);
    } else {
      ADD_FAILURE() << "no such example: " << line;
    }
  }
  // Detects a block that has lost its mark and is no longer checked.
  EXPECT_GE(seen["value"], 30);
  EXPECT_GE(seen["hash"], 9);
  EXPECT_GE(seen["key"], 6);
  EXPECT_GE(seen["expiry"], 3);
  EXPECT_GE(seen["item"], 4);
  EXPECT_GE(seen["stream"], 2);
  EXPECT_GE(seen["record"], 3);
}

}  // namespace
}  // namespace pageturner
