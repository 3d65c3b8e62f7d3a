// Why: pages, ranges and resumption rely on encoded keys having DynamoDB's order and decoding to
// the original values. Source: guide, "Supported data types" (S by UTF-8 bytes, N by value, B by
// unsigned bytes). tests/format checks the exact bytes.
#include "storage/key_codec.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "protocol/expression/condition.h"
#include "tests/unit/random_keys.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

std::string encoded(const AttributeValue& value) {
  std::string out;
  append_key_value(out, value);
  return out;
}

std::strong_ordering bytes_order(const std::string& left, const std::string& right) {
  const int order = left.compare(right);  // as unsigned bytes
  return order <=> 0;
}

// Returns numbers with every exponent, each with digits at both ends of their range.
std::vector<AttributeValue> edge_numbers() {
  std::vector<AttributeValue> numbers = {{Number()}};
  const std::string nines(limits::number_digits_max, '\x09');
  for (int exponent = limits::number_exponent_min; exponent <= limits::number_exponent_max;
       ++exponent) {
    for (const std::string& digits :
         {std::string("\x01"), std::string("\x01\x00\x01", 3), std::string("\x09\x09"), nines}) {
      for (const bool negative : {false, true}) {
        numbers.push_back({Number::from_digits(negative, exponent, digits)});
      }
    }
  }
  return numbers;
}

const KeyLayout table_layout = {7, {{"pk", ScalarType::s}}, {{"sk", ScalarType::n}}, {}};
const KeyLayout index_layout = {8,
                                {{"h1", ScalarType::n}, {"h2", ScalarType::b}},
                                {{"r", ScalarType::s}, {"sk", ScalarType::n}},
                                {{"pk", ScalarType::s}, {"sk", ScalarType::n}},
                                true};
const KeyLayout local_layout = {9,
                                {{"pk", ScalarType::s}},
                                {{"r", ScalarType::s}},
                                {{"pk", ScalarType::s}, {"sk", ScalarType::n}}};

Item random_item(RandomKeys& random) {
  return {{"pk", random.value(ScalarType::s)},
          {"sk", random.value(ScalarType::n)},
          {"h1", random.value(ScalarType::n)},
          {"h2", random.value(ScalarType::b)},
          {"r", random.value(ScalarType::s)}};
}

std::string format(const std::vector<std::pair<std::string_view, AttributeValue>>& attributes) {
  std::string text;
  for (const auto& [name, value] : attributes) text += std::string(name) + wire_of(value);
  return text;
}

TEST(KeyValue, HasTheOrderOfTheValues) {
  RandomKeys random;
  for (const ScalarType type : all_scalar_types) {
    for (int i = 0; i < 20'000; ++i) {
      const AttributeValue left = random.value(type);
      const AttributeValue right = random.value(type);
      ASSERT_TRUE(bytes_order(encoded(left), encoded(right)) == compare_scalars(left, right))
          << wire_of(left) << " and " << wire_of(right);
    }
  }
}

TEST(KeyValue, OrdersNumbersOfAllExponents) {
  auto numbers = edge_numbers();
  std::sort(numbers.begin(), numbers.end(), [](const auto& left, const auto& right) {
    return left.template as<Number>() < right.template as<Number>();
  });
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    ASSERT_LT(encoded(numbers[i - 1]), encoded(numbers[i])) << wire_of(numbers[i]);
  }
}

TEST(KeyValue, RoundTrips) {
  RandomKeys random;
  std::vector<AttributeValue> values = edge_numbers();
  for (int i = 0; i < 5'000; ++i) {
    for (const ScalarType type : all_scalar_types) values.push_back(random.value(type));
  }
  values.push_back({std::string()});
  values.push_back({Binary{std::string(2048, '\0')}});
  for (const AttributeValue& value : values) {
    const std::string bytes = encoded(value) + "behind";
    std::string_view in = bytes;
    for (const ScalarType type : all_scalar_types) {
      if (has_type(value, type)) {
        ASSERT_EQ(wire_of(take_key_value(in, type)), wire_of(value));
      }
    }
    ASSERT_EQ(in, "behind") << wire_of(value);
  }
}

TEST(KeyValue, IsNoPrefixOfAnother) {
  RandomKeys random;
  for (const ScalarType type : all_scalar_types) {
    std::vector<std::string> all;
    for (int i = 0; i < 5'000; ++i) all.push_back(encoded(random.value(type)));
    if (type == ScalarType::n) {
      for (const auto& number : edge_numbers()) all.push_back(encoded(number));
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    for (std::size_t i = 1; i < all.size(); ++i) {
      ASSERT_FALSE(all[i].starts_with(all[i - 1])) << testing::PrintToString(all[i]);
    }
  }
}

TEST(Key, ContainsEachAttributeOnce) {
  const Item item = item_of(
      R"({"pk":{"S":"p\u0000q"},"sk":{"N":"-1.50"},"h1":{"N":"3"},"h2":{"B":"AAH/"},"r":{"S":""},"other":{"S":"x"}})");
  EXPECT_EQ(format(decode_key(table_layout, *encode_key(table_layout, ItemSource(item)))),
            R"(pk{"S":"p\u0000q"}sk{"N":"-1.5"})");
  EXPECT_EQ(format(decode_key(local_layout, *encode_key(local_layout, ItemSource(item)))),
            R"(pk{"S":"p\u0000q"}r{"S":""}sk{"N":"-1.5"})");
  EXPECT_EQ(format(decode_key(index_layout, *encode_key(index_layout, ItemSource(item)))),
            R"(h1{"N":"3"}h2{"B":"AAH/"}r{"S":""}sk{"N":"-1.5"}pk{"S":"p\u0000q"})");
}

TEST(Key, IsAbsentIfAnAttributeIsMissingOrOfAnotherType) {
  for (const char* json : {
           "{}",
           R"({"pk":{"S":"p"}})",
           R"({"sk":{"N":"1"}})",
           R"({"pk":{"S":"p"},"sk":{"S":"1"}})",
           R"({"pk":{"N":"1"},"sk":{"N":"1"}})",
           R"({"pk":{"SS":["p"]},"sk":{"N":"1"}})",
       }) {
    EXPECT_FALSE(encode_key(table_layout, ItemSource(item_of(json)))) << json;
  }
  // The index key lacks a single attribute.
  EXPECT_FALSE(encode_key(
      index_layout,
      ItemSource(item_of(R"({"pk":{"S":"p"},"sk":{"N":"1"},"h1":{"N":"1"},"h2":{"B":""}})"))));
}

TEST(Key, StartsWithItsPartition) {
  RandomKeys random;
  for (int i = 0; i < 200; ++i) {
    const Item item = {{"pk", random.value(ScalarType::s)}, {"sk", random.value(ScalarType::n)}};
    const AttributeValue* partition[] = {&item.at("pk")};
    EXPECT_TRUE(encode_key(table_layout, ItemSource(item))
                    ->starts_with(encode_partition(table_layout, partition)));
  }
}

TEST(Key, OfALocalIndexGivesTheTableKey) {
  RandomKeys random;
  for (int i = 0; i < 2'000; ++i) {
    const Item item = random_item(random);
    const ItemSource source(item);
    ASSERT_EQ(table_key_of(local_layout, *encode_key(local_layout, source)),
              *encode_key(table_layout, source));
  }
}

// A write makes index keys from the table's key and copies hashes; a read makes them from an item.
TEST(Key, OfAnEntryIsTheSameFromTheTableKey) {
  KeyLayout same_partition = index_layout;
  same_partition.partition = table_layout.partition;
  KeyLayout no_sort_key = table_layout;
  no_sort_key.sort = {};
  KeyLayout its_index = index_layout;
  its_index.suffix = no_sort_key.partition;
  const struct {
    const KeyLayout& table;
    const KeyLayout& index;
  } rows[] = {{table_layout, index_layout},
              {table_layout, local_layout},
              {table_layout, same_partition},
              {no_sort_key, its_index}};
  RandomKeys random;
  std::string other_entry;
  for (const auto& row : rows) {
    for (int i = 0; i < 500; ++i) {
      const Item item = random_item(random);
      const ItemSource source(item);
      const std::string table_key = *encode_key(row.table, source);
      const std::string expected = *encode_key(row.index, source);
      const std::string values = *encode_entry_values(row.index, source);
      ItemKey item_key(row.table, table_key);
      for (const std::string& other : {std::string(), other_entry, expected}) {
        ASSERT_EQ(encode_entry_key(row.index, values, item_key, other), expected);
      }
      other_entry = expected;
    }
    other_entry.clear();
  }
}

TEST(Key, CopiesTheHashOfTheSamePartitionOnly) {
  RandomKeys random;
  for (const ScalarType type : all_scalar_types) {
    const KeyLayout layout = {3, {{"pk", type}}, {{"sk", ScalarType::n}}, {}};
    for (int i = 0; i < 500; ++i) {
      const Item item = {{"pk", random.value(type)}, {"sk", random.value(ScalarType::n)}};
      const Item other = {{"pk", random.value(type)}, {"sk", random.value(ScalarType::n)}};
      const std::string key = *encode_key(layout, ItemSource(item));
      for (const Item* like : {&item, &other}) {
        ASSERT_EQ(encode_key(layout, ItemSource(item), *encode_key(layout, ItemSource(*like))),
                  key);
      }
      const AttributeValue* partition[] = {&item.at("pk")};
      ASSERT_EQ(partition_of(layout, key), encode_partition(layout, partition));
    }
  }
}

TEST(Key, OfEqualNumbersIsOne) {
  const KeyLayout layout = {7, {{"pk", ScalarType::n}}, {}, {}};
  for (const auto& equal :
       {std::vector{"1", "1.0", "10e-1", "0.1E1", "0001"}, std::vector{"0", "-0", "0.00", "0E5"},
        std::vector{"-120", "-1.2e2", "-120.0"}}) {
    const auto key_of = [&](const char* text) {
      return *encode_key(layout, ItemSource({{"pk", {Number::parse(text).value()}}}));
    };
    for (const char* text : equal) EXPECT_EQ(key_of(text), key_of(equal.front())) << text;
  }
}

TEST(SegmentRange, CoversAllKeysWithoutOverlaps) {
  for (const std::uint32_t total : {1u, 2u, 3u, 4u, 7u, 16u, 100u, 4096u, 999'999u, 1'000'000u}) {
    std::optional<std::string> end = "";
    for (std::uint32_t segment = 0; segment < total; ++segment) {
      const KeyRange range = segment_range(segment, total);
      // EXPECT_EQ for each of a million bounds would dominate the run time.
      if (range.begin != end || range.empty()) {
        FAIL() << "segment " << segment << " of " << total;
      }
      end = range.end;
    }
    EXPECT_FALSE(end) << total;
  }
}

TEST(SegmentRange, SplitsEvenly) {
  constexpr std::uint32_t total = 4;
  std::size_t counts[total] = {};
  constexpr std::size_t keys = 4'000;
  for (std::size_t i = 0; i < keys; ++i) {
    const Item item = {{"pk", {std::string("user-") + std::to_string(i)}}, {"sk", {Number()}}};
    const std::string key = *encode_key(table_layout, ItemSource(item));
    for (std::uint32_t segment = 0; segment < total; ++segment) {
      if (segment_range(segment, total).contains(key)) ++counts[segment];
    }
  }
  std::size_t sum = 0;
  for (const std::size_t count : counts) {
    EXPECT_GT(count, keys / total / 2);
    sum += count;
  }
  EXPECT_EQ(sum, keys);
}

}  // namespace
}  // namespace pageturner
