// Why: the tree of a statement decides which items it reads and writes. tests/api/partiql_*.json
// has the texts of errors. Source: guide, "PartiQL - a SQL-compatible query language for Amazon
// DynamoDB"; recorded answers.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "protocol/partiql/lexer.h"
#include "protocol/partiql/parser.h"
#include "tests/unit/wire.h"

namespace pageturner::partiql {
namespace {

// The tree in prefix form: (AND a b), (= a {"N":"1"}), a path as [a, [0]].
std::string format(const ExpressionNode& node) {
  if (node.kind == NodeKind::path) {
    return node.path.is_top_level() ? node.path.top_level_name() : to_string(node.path);
  }
  if (node.kind == NodeKind::value) return wire_of(node.value);
  std::string text = "(" + std::string(operator_name(node));
  for (const ExpressionNode& operand : node.operands) text += " " + format(operand);
  return text + ")";
}

TEST(PartiqlParser, BuildsConditions) {
  const struct {
    const char* text;
    const char* tree;
  } rows[] = {
      {"a = 1", R"((= a {"N":"1"}))"},
      {"a != 'x'", R"((<> a {"S":"x"}))"},
      {"a = b", "(= a b)"},
      {"A < a", "(< A a)"},
      {"\"AND\" = \"a\"\"b.c\"", "(= AND a\"b.c)"},
      {"a.b[0]['c d'] = 1", R"((= [a, b, [0], c d] {"N":"1"}))"},
      // AND binds tighter than OR, NOT tighter than both, comparisons tighter than NOT.
      {"a=b OR c=d AND e=f", "(OR (= a b) (AND (= c d) (= e f)))"},
      {"a=b AND c=d AND e=f", "(AND (= a b) (= c d) (= e f))"},
      {"(a=b OR c=d) AND e=f", "(AND (OR (= a b) (= c d)) (= e f))"},
      {"NOT a=b AND c=d", "(AND (NOT (= a b)) (= c d))"},
      {"not not a<b", "(NOT (NOT (< a b)))"},
      {"NOT (a=b)", "(NOT (= a b))"},
      {"a BETWEEN 1 AND 2 AND b=c", R"((AND (BETWEEN a {"N":"1"} {"N":"2"}) (= b c)))"},
      {"a NOT BETWEEN b AND c", "(NOT (BETWEEN a b c))"},
      {"a IN [1, b]", R"((IN a {"N":"1"} b))"},
      {"a IN ('x')", R"((IN a {"S":"x"}))"},
      {"a NOT IN (b, c)", "(NOT (IN a b c))"},
      {"NOT a IN [b]", "(NOT (IN a b))"},
      {"a = b = true", R"((= (= a b) {"BOOL":true}))"},
      {"a IS MISSING", "(attribute_not_exists a)"},
      {"a is not missing", "(attribute_exists a)"},
      {"a IS NULL", R"((attribute_type a {"S":"NULL"}))"},
      {"a IS NOT DOUBLE PRECISION", R"((NOT (attribute_type a {"S":"N"})))"},
      {"a IS BAG",
       R"((OR (attribute_type a {"S":"SS"}) (attribute_type a {"S":"NS"}) (attribute_type a {"S":"BS"})))"},
      {"Begins_With(a, 'x')", R"((begins_with a {"S":"x"}))"},
      {"size ( a ) > -1", R"((> (size a) {"N":"-1"}))"},
      {"a = - + - 1", R"((= a {"N":"1"}))"},
      {"a = [1, {'k': <<1>>}, [null]]",
       R"((= a {"L":[{"N":"1"},{"M":{"k":{"NS":["1"]}}},{"L":[{"NULL":true}]}]}))"},
      {"? = ?", R"((= {"S":"one"} {"S":"two"}))"},
  };
  const std::vector<SharedValue> parameters = {value_of(R"({"S":"one"})"),
                                               value_of(R"({"S":"two"})")};
  for (const auto& row : rows) {
    const auto statement =
        parse_statement("SELECT * FROM t WHERE " + std::string(row.text), parameters);
    ASSERT_TRUE(statement) << row.text << ": " << statement.error().message;
    EXPECT_EQ(format(*statement->where), row.tree) << row.text;
  }
}

std::string format(const Update& update) {
  constexpr std::string_view kinds[] = {"SET", "REMOVE", "ADD", "DELETE"};
  std::string text;
  for (const UpdateAction& action : update) {
    if (!text.empty()) text += "; ";
    text +=
        std::string(kinds[static_cast<std::size_t>(action.kind)]) + " " + to_string(action.path);
    if (action.kind != UpdateKind::remove) text += " " + format(action.value);
  }
  return text;
}

TEST(PartiqlParser, BuildsUpdates) {
  const struct {
    const char* text;
    const char* actions;
  } rows[] = {
      {"SET a = 1", R"(SET [a] {"N":"1"})"},
      {"SET a = b, c.d[1] = 'x'", R"(SET [a] b; SET [c, d, [1]] {"S":"x"})"},
      {"SET a = 1 REMOVE b, c[0] SET d = 2",
       R"(SET [a] {"N":"1"}; REMOVE [b]; REMOVE [c, [0]]; SET [d] {"N":"2"})"},
      {"SET a = a + 1 - b", R"(SET [a] (- (+ a {"N":"1"}) b))"},
      {"SET a = (a - 1)", R"(SET [a] (- a {"N":"1"}))"},
      {"SET a = LIST_APPEND(a, [1])", R"(SET [a] (list_append a {"L":[{"N":"1"}]}))"},
      {"SET a.b = set_add(a.b, <<'x'>>)", R"(ADD [a, b] {"SS":["x"]})"},
      {"SET a = Set_Delete(a, <<1, 2>>)", R"(DELETE [a] {"NS":["1","2"]})"},
  };
  for (const auto& row : rows) {
    const auto statement =
        parse_statement("UPDATE t " + std::string(row.text) + " WHERE k = 1", {});
    ASSERT_TRUE(statement) << row.text << ": " << statement.error().message;
    EXPECT_EQ(format(statement->update), row.actions) << row.text;
  }
}

TEST(PartiqlParser, KnowsThePartsOfAStatement) {
  const auto select = parse_statement(
      R"(select a.b, "c"[2] from "t x"."i" where k = 1 order by k desc, s, "r" asc;)", {});
  ASSERT_TRUE(select) << select.error().message;
  EXPECT_EQ(select->kind, StatementKind::select);
  EXPECT_EQ(select->table, "t x");
  EXPECT_EQ(select->index, "i");
  ASSERT_EQ(select->columns->size(), 2u);
  EXPECT_EQ((*select->columns)[0].name, "b");
  EXPECT_EQ((*select->columns)[1].name, "c[2]");
  ASSERT_EQ(select->order_by.size(), 3u);
  EXPECT_TRUE(select->order_by[0].descending);
  EXPECT_FALSE(select->order_by[1].descending);
  EXPECT_EQ(select->order_by[2].attribute, "r");

  const auto insert = parse_statement("INSERT INTO t VALUE {'k': ?, 'l': [1]}",
                                      std::vector<SharedValue>{value_of(R"({"B":"AQ=="})")});
  ASSERT_TRUE(insert) << insert.error().message;
  EXPECT_EQ(insert->kind, StatementKind::insert);
  EXPECT_EQ(wire_of(insert->item), R"({"k":{"B":"AQ=="},"l":{"L":[{"N":"1"}]}})");

  const auto erase = parse_statement("DELETE FROM t WHERE k = 1 RETURNING ALL OLD *", {});
  ASSERT_TRUE(erase) << erase.error().message;
  EXPECT_EQ(erase->kind, StatementKind::erase);
  EXPECT_EQ(erase->returning, Returning::all_old);

  const auto exists = parse_statement("EXISTS(SELECT * FROM t WHERE k = 1 AND a = 2)", {});
  ASSERT_TRUE(exists) << exists.error().message;
  EXPECT_EQ(exists->kind, StatementKind::exists);
}

// A parameter may be a list of 16 MB.
TEST(PartiqlParser, TakesParametersOfAnItemWithoutACopy) {
  AttributeValue list = value_of(R"({"L":[{"NULL":true}]})");
  const void* const elements = list.as<List>().elements.data();
  std::vector<SharedValue> parameters;
  parameters.emplace_back(std::move(list));
  const auto insert = parse_statement("INSERT INTO t VALUE {'k': ?}", std::move(parameters));
  ASSERT_TRUE(insert) << insert.error().message;
  EXPECT_EQ(insert->item.at("k").as<List>().elements.data(), elements);
}

TEST(PartiqlLexer, CountsLinesAndCharacters) {
  const auto tokens = tokenize("SELECT 'ä\xF0\x9F\x98\x80'\n  -- a\n  \"b\"\"c\" <<.5e1>>").value();
  const struct {
    TokenKind kind;
    const char* text;
    const char* position;
  } rows[] = {
      {TokenKind::name, "SELECT", " at 1:1:6"},
      {TokenKind::text, "ä\xF0\x9F\x98\x80", " at 1:8:4"},
      {TokenKind::quoted_name, "b\"c", " at 3:3:6"},
      {TokenKind::symbol, "<<", " at 3:10:2"},
      {TokenKind::number, ".5e1", " at 3:12:4"},
      {TokenKind::symbol, ">>", " at 3:16:2"},
      {TokenKind::end_of_text, "", " at 3:18:0"},
  };
  ASSERT_EQ(tokens.size(), std::size(rows));
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    EXPECT_EQ(tokens[i].kind, rows[i].kind) << i;
    EXPECT_EQ(tokens[i].text, rows[i].text) << i;
    EXPECT_EQ(to_string(tokens[i].position), rows[i].position) << i;
  }
}

// Any sequence of tokens is a statement or a ValidationException; none crashes or exhausts the
// stack.
TEST(PartiqlParser, TakesAnything) {
  constexpr std::string_view words[] = {
      "SELECT", "*",      "FROM",     "t",           "WHERE",   "a",         "=",    "1",
      "AND",    "OR",     "NOT",      "(",           ")",       "[",         "]",    "{",
      "}",      "<<",     ">>",       ",",           ".",       ";",         "?",    "'x'",
      "-",      "IN",     "IS",       "MISSING",     "BETWEEN", "INSERT",    "INTO", "VALUE",
      ":",      "UPDATE", "SET",      "REMOVE",      "DELETE",  "RETURNING", "ALL",  "OLD",
      "EXISTS", "size",   "set_add",  "list_append", "ORDER",   "BY",        "null", "\"q\"",
      "AS",     "COUNT",  "MODIFIED", "NEW",         "LIMIT"};
  constexpr std::string_view starts[] = {"SELECT * FROM t WHERE ",
                                         "UPDATE t SET a = ",
                                         "INSERT INTO t VALUE {'k': ",
                                         "",
                                         "SELECT ",
                                         "EXISTS(SELECT * FROM t WHERE "};
  constexpr unsigned seed = 20261122;
  std::mt19937 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    std::string text(starts[random() % std::size(starts)]);
    for (std::size_t length = random() % 12; length > 0; --length) {
      text += std::string(words[random() % std::size(words)]) + " ";
    }
    const auto statement = parse_statement(text, {});
    if (!statement) {
      EXPECT_EQ(statement.error().type, ErrorType::validation) << "seed " << seed << ": " << text;
    }
  }
  for (const std::string_view word : words) {
    std::string text = "SELECT * FROM t WHERE ";
    while (text.size() < 8192) text += std::string(word) + " ";
    EXPECT_FALSE(parse_statement(text, {})) << word;
  }
}

}  // namespace
}  // namespace pageturner::partiql
