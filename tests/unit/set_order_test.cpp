// Why: the service answers sets in ascending order, so every way into an item has to sort them, or
// responses, stream records and exports differ from it. Sets of random members, in random order,
// are read from requests, combined by ADD and DELETE, and written as PartiQL literals; the
// reference is a std::set. Source: recorded answers of 2026: strings and binaries by their bytes,
// numbers by value.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <set>

#include "protocol/expression/update.h"
#include "protocol/partiql/parser.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

constexpr int rounds = 2'000;

// Draws members of sets. Few different ones, so that sets overlap.
class Draws {
 public:
  explicit Draws(unsigned seed) : random_(seed) {}

  std::size_t number(std::size_t below) { return random_() % below; }

  // Up to three bytes, which are often above 0x7F.
  std::string bytes() {
    constexpr std::string_view known("\0\x01/AZaz\x7F\x80\xC3\xFF", 11);
    std::string text(number(4), '\0');
    for (char& c : text) c = known[number(known.size())];
    return text;
  }

  std::string letters() {
    static const std::vector<std::string> known = {
        "", "Z", "a", "b", "ab", "é", "\xF0\x9F\x98\x80"};
    return known[number(known.size())] + known[number(known.size())];
  }

  Number decimal() {
    static const std::vector<std::string> known = {"-1e125", "-12", "-1.5", "-1.25", "0",
                                                   "1e-130", "1",   "9",    "12e-1", "100"};
    return Number::parse(known[number(known.size())]).value();
  }

  template <class Member, class Draw>
  std::set<Member> set_of(Draw draw) {
    std::set<Member> members{draw()};
    for (std::size_t more = number(12); more > 0; --more) members.insert(draw());
    return members;
  }

  template <class Member>
  std::vector<Member> shuffled(const std::set<Member>& members) {
    std::vector<Member> order(members.begin(), members.end());
    std::shuffle(order.begin(), order.end(), random_);
    return order;
  }

 private:
  std::mt19937 random_;
};

// A set type: how its members are drawn.
struct Strings {
  using Set = StringSet;
  using Member = std::string;
  static Member draw(Draws& draws) { return draws.letters(); }
};
struct Binaries {
  using Set = BinarySet;
  using Member = std::string;
  static Member draw(Draws& draws) { return draws.bytes(); }
};
struct Numbers {
  using Set = NumberSet;
  using Member = Number;
  static Member draw(Draws& draws) { return draws.decimal(); }
};

template <class Kind>
std::set<typename Kind::Member> draw_set(Draws& draws) {
  return draws.set_of<typename Kind::Member>([&] { return Kind::draw(draws); });
}

template <class Kind>
std::vector<typename Kind::Member> members_of(const AttributeValue& value) {
  return value.as<typename Kind::Set>().members;
}

template <class Member>
std::vector<Member> in_order(const std::set<Member>& members) {
  return {members.begin(), members.end()};
}

template <class Kind>
class SetOrder : public testing::Test {};
using Kinds = testing::Types<Strings, Binaries, Numbers>;
TYPED_TEST_SUITE(SetOrder, Kinds);

TYPED_TEST(SetOrder, IsThatOfTheMembersInRequests) {
  Draws draws(1);
  for (int round = 0; round < rounds; ++round) {
    const auto members = draw_set<TypeParam>(draws);
    const std::string as_sent =
        wire_of(AttributeValue{typename TypeParam::Set{draws.shuffled(members)}});
    const AttributeValue value = value_of(as_sent);
    ASSERT_EQ(members_of<TypeParam>(value), in_order(members)) << as_sent;
    std::string written;
    const auto document = JsonDocument::parse(as_sent);
    ASSERT_TRUE(append_parsed_value(written, document.value().root()));
    ASSERT_EQ(written, wire_of(value)) << as_sent;
  }
}

TYPED_TEST(SetOrder, SurvivesAddAndDelete) {
  Draws draws(2);
  for (int round = 0; round < rounds; ++round) {
    const auto old = draw_set<TypeParam>(draws);
    const auto given = draw_set<TypeParam>(draws);
    const bool adds = draws.number(2) == 0;
    using Member = typename TypeParam::Member;
    std::set<Member> expected = old;
    if (adds) {
      expected.insert(given.begin(), given.end());
    } else {
      for (const Member& member : given) expected.erase(member);
    }
    const auto value = [&](const std::set<Member>& members) {
      return value_of(wire_of(AttributeValue{typename TypeParam::Set{draws.shuffled(members)}}));
    };
    const Item item{{"s", value(old)}};
    const Update update{{.kind = adds ? UpdateKind::add : UpdateKind::erase,
                         .path = {{std::string("s")}},
                         .value = value_node(value(given))}};
    const auto changes = apply_update(update, ItemSource(item));
    ASSERT_TRUE(changes);
    const std::optional<AttributeValue>& changed = changes->at("s");
    ASSERT_EQ(changed.has_value(), !expected.empty());
    if (changed) {
      ASSERT_EQ(members_of<TypeParam>(*changed), in_order(expected));
    }
  }
}

// Source: guide, "PartiQL data types for DynamoDB": << >> of strings or numbers.
TEST(SetOrderOfPartiql, IsThatOfTheMembersInLiterals) {
  Draws draws(3);
  const auto literal = [](const auto& members, auto write) {
    std::string text = "INSERT INTO \"t\" VALUE {'s': <<";
    for (const auto& member : members) {
      if (text.back() != '<') text += ", ";
      text += write(member);
    }
    return text + ">>}";
  };
  const auto inserted = [](const std::string& statement) {
    return partiql::parse_statement(statement, {}).value().item.at("s");
  };
  for (int round = 0; round < rounds; ++round) {
    const auto texts = draw_set<Strings>(draws);
    const AttributeValue strings = inserted(
        literal(draws.shuffled(texts), [](const std::string& text) { return "'" + text + "'"; }));
    ASSERT_EQ(members_of<Strings>(strings), in_order(texts));
    const auto decimals = draw_set<Numbers>(draws);
    const AttributeValue numbers = inserted(
        literal(draws.shuffled(decimals), [](const Number& number) { return number.to_string(); }));
    ASSERT_EQ(members_of<Numbers>(numbers), in_order(decimals));
  }
}

}  // namespace
}  // namespace pageturner
