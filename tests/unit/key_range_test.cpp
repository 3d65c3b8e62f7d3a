// Why: a Query reads a range of keys, which must contain exactly the keys that satisfy the
// condition. The reference is satisfies() of key_condition. Source: guide, "Key condition
// expressions for the Query operation".
#include "storage/key_range.h"

#include <gtest/gtest.h>

#include "tests/unit/random_keys.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

constexpr KeyOperator range_operators[] = {KeyOperator::less,    KeyOperator::less_or_equal,
                                           KeyOperator::greater, KeyOperator::greater_or_equal,
                                           KeyOperator::between, KeyOperator::begins_with};

KeyCondition random_condition(RandomKeys& random, const KeyAttribute& attribute) {
  KeyOperator op = range_operators[random.below(6)];
  if (op == KeyOperator::begins_with && attribute.type == ScalarType::n) op = KeyOperator::less;
  KeyCondition condition = {attribute.name, op, {random.value(attribute.type)}};
  if (op == KeyOperator::between) condition.values.push_back(random.value(attribute.type));
  return condition;
}

std::string format(const KeyCondition& condition) {
  std::string text = condition.attribute + " " + std::to_string(static_cast<int>(condition.op));
  for (const auto& value : condition.values) text += " " + wire_of(value);
  return text;
}

TEST(KeyRangeOf, ContainsWhatSatisfiesTheCondition) {
  RandomKeys random;
  for (const ScalarType type : all_scalar_types) {
    const KeyLayout layout = {3, {{"pk", ScalarType::s}}, {{"sk", type}}, {}};
    std::vector<Item> items;
    for (int i = 0; i < 300; ++i) {
      items.push_back(
          {{"pk", {std::string(random.below(4) == 0 ? "q" : "p")}}, {"sk", random.value(type)}});
    }
    for (int i = 0; i < 100; ++i) {
      const KeyCondition condition = random_condition(random, layout.sort.front());
      const KeySelection selection = {{{std::string("p")}}, {}, condition};
      const KeyRange range = range_of(layout, selection);
      for (const Item& item : items) {
        const bool selected =
            item.at("pk").as<std::string>() == "p" && satisfies(item.at("sk"), condition);
        ASSERT_EQ(range.contains(*encode_key(layout, ItemSource(item))), selected)
            << format(condition) << " for " << wire_of(item);
      }
    }
  }
}

TEST(KeyRangeOf, IsAPartitionOrOneKey) {
  RandomKeys random;
  const KeyLayout layout = {3, {{"pk", ScalarType::b}}, {{"sk", ScalarType::n}}, {}};
  for (int i = 0; i < 3'000; ++i) {
    const Item item = {{"pk", random.value(ScalarType::b)}, {"sk", random.value(ScalarType::n)}};
    const AttributeValue partition =
        random.below(2) == 0 ? item.at("pk") : random.value(ScalarType::b);
    const AttributeValue sort = random.below(2) == 0 ? item.at("sk") : random.value(ScalarType::n);
    const std::string key = *encode_key(layout, ItemSource(item));
    const bool same_partition = item.at("pk") == partition;
    ASSERT_EQ(range_of(layout, {{partition}, {}, {}}).contains(key), same_partition);
    ASSERT_EQ(range_of(layout, {{partition}, {sort}, {}}).contains(key),
              same_partition && item.at("sk") == sort);
  }
}

// An index with two HASH and three RANGE attributes: equality on some, then a range on one.
TEST(KeyRangeOf, HandlesSeveralSortAttributes) {
  RandomKeys random;
  const KeyLayout layout = {3,
                            {{"h1", ScalarType::s}, {"h2", ScalarType::n}},
                            {{"r1", ScalarType::b}, {"r2", ScalarType::n}, {"r3", ScalarType::s}},
                            {{"pk", ScalarType::s}}};
  // Few distinct values per attribute, so that many items agree in the first attributes.
  std::map<std::string, std::vector<AttributeValue>> choices;
  for (const auto* part : {&layout.partition, &layout.sort}) {
    for (const KeyAttribute& attribute : *part) {
      for (int i = 0; i < 3; ++i) choices[attribute.name].push_back(random.value(attribute.type));
    }
  }
  const auto choose = [&](const std::string& name) { return choices[name][random.below(3)]; };
  std::vector<Item> items;
  for (int i = 0; i < 400; ++i) {
    Item item = {{"pk", {std::to_string(i)}}};
    for (const auto& [name, values] : choices) item.emplace(name, choose(name));
    items.push_back(std::move(item));
  }
  for (int i = 0; i < 300; ++i) {
    KeySelection selection = {{choose("h1"), choose("h2")}, {}, {}};
    const std::size_t equal = random.below(4);
    for (std::size_t j = 0; j < equal; ++j) {
      selection.sort_prefix.push_back(choose(layout.sort[j].name));
    }
    if (equal < 3 && random.below(4) > 0) {
      selection.sort_last = random_condition(random, layout.sort[equal]);
    }
    const KeyRange range = range_of(layout, selection);
    for (const Item& item : items) {
      bool selected =
          item.at("h1") == selection.partition[0] && item.at("h2") == selection.partition[1];
      for (std::size_t j = 0; j < equal; ++j) {
        selected = selected && item.at(layout.sort[j].name) == selection.sort_prefix[j];
      }
      if (selection.sort_last) {
        selected =
            selected && satisfies(item.at(selection.sort_last->attribute), *selection.sort_last);
      }
      ASSERT_EQ(range.contains(*encode_key(layout, ItemSource(item))), selected) << wire_of(item);
    }
  }
}

TEST(KeyRangeOf, ComparesBeginsWithByBytes) {
  const KeyLayout layout = {3, {{"pk", ScalarType::s}}, {{"sk", ScalarType::b}}, {}};
  const std::string zero(1, '\0');
  const std::string texts[] = {zero,       zero + zero, zero + "\x01", zero + "\xFF",  "\x01",
                               "\xFF",     "\xFF\xFF",  "\xFF" + zero, "\xFE\xFF",     "a",
                               "a" + zero, "a\x01",     "a\xFF",       "a\xFF" + zero, "b"};
  for (const std::string& prefix : texts) {
    const KeyCondition condition = {
        "sk", KeyOperator::begins_with, {AttributeValue{Binary{prefix}}}};
    const KeyRange range = range_of(layout, {{{std::string("p")}}, {}, condition});
    for (const std::string& text : texts) {
      const Item item = {{"pk", {std::string("p")}}, {"sk", {Binary{text}}}};
      EXPECT_EQ(range.contains(*encode_key(layout, ItemSource(item))), text.starts_with(prefix))
          << testing::PrintToString(text) << " begins with " << testing::PrintToString(prefix);
    }
  }
}

TEST(ResumeAfter, ExcludesTheStartKeyAndAllBeforeIt) {
  const KeyRange range = {"b", "f"};
  const struct {
    const char* start;
    Direction direction;
    std::string kept;  // out of a b bb c d e f
  } rows[] = {
      {"c", Direction::forward, "d e "},
      {"c", Direction::backward, "b bb "},
      {"b", Direction::forward, "bb c d e "},
      {"b", Direction::backward, ""},
      {"e", Direction::forward, ""},
      {"e", Direction::backward, "b bb c d "},
      {"a", Direction::forward, "b bb c d e "},
      {"z", Direction::backward, "b bb c d e "},
      {"z", Direction::forward, ""},
      {"a", Direction::backward, ""},
      {"ba", Direction::forward, "bb c d e "},  // an absent or deleted key
  };
  for (const auto& row : rows) {
    const KeyRange rest = resume_after(range, row.start, row.direction);
    std::string kept;
    for (const std::string key : {"a", "b", "bb", "c", "d", "e", "f"}) {
      if (rest.contains(key)) kept += key + " ";
    }
    EXPECT_EQ(kept, row.kept) << row.start;
  }
}

}  // namespace
}  // namespace pageturner
