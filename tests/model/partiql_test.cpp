// Why: PartiQL statements and the item operations are two interfaces to the same behaviour. Random
// statements run against one table and the equivalent operations against another; the responses and
// finally the tables must be equal, page by page and with every kind of WHERE. Source: guide,
// "PartiQL statements for DynamoDB".
//
// PAGETURNER_MODEL_STATEMENTS sets the number of statements (4,000), PAGETURNER_MODEL_SEED the
// first seed. A failure prints its seed.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <random>

#include "pageturner/emulator.h"

namespace pageturner::model {
namespace {

namespace json = boost::json;

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::stoull(text) : otherwise;
}

struct ResponseHead {
  unsigned status;
  json::object body;

  // Returns the error type without its prefix, or "" on success.
  std::string error() const {
    const auto type = body.if_contains("__type");
    if (type == nullptr) return "";
    const std::string name(type->as_string());
    return name.substr(name.find('#') + 1);
  }
};

// The number of comparisons by result; comparing only errors would prove little.
struct Counts {
  int inserted = 0;
  int duplicates = 0;
  int written = 0;
  int failed_conditions = 0;
  int other_errors = 0;
  int pages = 0;
  int followed_pages = 0;
  int items = 0;
};

// A part of a WHERE: as PartiQL, and as a condition expression with a placeholder.
struct Clause {
  std::string partiql;
  std::string expression;
};

class Twins {
 public:
  Twins(std::uint64_t seed, Counts& counts)
      : random_(seed), emulator_({.http = false}), counts_(counts) {
    for (const char* name : {"ByStatement", "ByOperation"}) create(name);
  }

  void step() {
    switch (draw(12)) {
      case 0:
      case 1:
      case 2:
        insert();
        break;
      case 3:
      case 4:
      case 5:
        update();
        break;
      case 6:
        erase();
        break;
      case 7:
      case 8:
        select_alternatives();
        break;
      default:
        select();
    }
  }

  void compare_tables() {
    json::object statement_scan{{"TableName", "ByStatement"}};
    json::object operation_scan{{"TableName", "ByOperation"}};
    EXPECT_EQ(sorted(items_of(call("Scan", statement_scan))),
              sorted(items_of(call("Scan", operation_scan))));
    statement_scan["IndexName"] = operation_scan["IndexName"] = "by_g";
    EXPECT_EQ(sorted(items_of(call("Scan", statement_scan))),
              sorted(items_of(call("Scan", operation_scan))));
  }

 private:
  std::size_t draw(std::size_t count) { return random_() % count; }

  template <std::size_t n>
  std::string one_of(const char* const (&texts)[n]) {
    return texts[draw(n)];
  }

  ResponseHead call(std::string_view operation, const json::object& body) {
    const Response response = emulator_.call(operation, json::serialize(body));
    EXPECT_NE(response.http_status, 500u) << operation << " " << json::serialize(body);
    return {response.http_status, json::parse(response.body).as_object()};
  }

  ResponseHead execute(const std::string& statement, json::object more = {}) {
    more["Statement"] = statement;
    return call("ExecuteStatement", more);
  }

  void create(const char* name) {
    const auto key = [](const char* attribute, const char* type) {
      return json::object{{"AttributeName", attribute}, {"KeyType", type}};
    };
    const auto definition = [](const char* attribute, const char* type) {
      return json::object{{"AttributeName", attribute}, {"AttributeType", type}};
    };
    const ResponseHead response_head = call(
        "CreateTable",
        {{"TableName", name},
         {"AttributeDefinitions",
          json::array{definition("p", "S"), definition("s", "N"), definition("g", "S")}},
         {"KeySchema", json::array{key("p", "HASH"), key("s", "RANGE")}},
         {"GlobalSecondaryIndexes",
          json::array{json::object{{"IndexName", "by_g"},
                                   {"KeySchema", json::array{key("g", "HASH"), key("s", "RANGE")}},
                                   {"Projection", json::object{{"ProjectionType", "ALL"}}}}}},
         {"BillingMode", "PAY_PER_REQUEST"}});
    ASSERT_EQ(response_head.status, 200u);
  }

  static json::array items_of(const ResponseHead& response_head) {
    const auto items = response_head.body.if_contains("Items");
    return items != nullptr ? items->as_array() : json::array();
  }

  static std::vector<std::string> sorted(const json::array& items) {
    std::vector<std::string> texts;
    for (const json::value& item : items) texts.push_back(json::serialize(item));
    std::sort(texts.begin(), texts.end());
    return texts;
  }

  std::string partition() { return one_of({"a", "b", "c"}); }
  std::string sort() { return std::to_string(draw(6)); }

  // Returns a random value in PartiQL syntax, and adds it to `values` as `name`.
  std::string value(json::object& values, const std::string& name) {
    switch (draw(4)) {
      case 0: {
        const std::string text = one_of({"x", "y", "it's"});
        values[":" + name] = json::object{{"S", text}};
        return text == "it's" ? "'it''s'" : "'" + text + "'";
      }
      case 1:
        values[":" + name] =
            json::object{{"L", json::array{json::object{{"N", "1"}}, json::object{{"S", "z"}}}}};
        return "[1, 'z']";
      default: {
        const std::string number = std::to_string(static_cast<int>(draw(7)) - 2);
        values[":" + name] = json::object{{"N", number}};
        return number;
      }
    }
  }

  // Returns a random condition on attributes that are not part of the key.
  Clause clause(json::object& values, const std::string& name) {
    const std::string attribute = one_of({"u", "v", "g"});
    switch (draw(7)) {
      case 0:
        return {attribute + " IS MISSING", "attribute_not_exists(" + attribute + ")"};
      case 1:
        return {"attribute_exists(" + attribute + ")", "attribute_exists(" + attribute + ")"};
      case 2: {
        const std::string literal = value(values, name);
        return {"NOT " + attribute + " = " + literal, "NOT " + attribute + " = :" + name};
      }
      case 3: {
        const std::string literal = value(values, name);
        return {attribute + " IN [" + literal + ", 'y']", attribute + " IN (:" + name + ", :y)"};
      }
      case 4:
        values[":" + name] = json::object{{"S", "x"}};
        return {"begins_with(" + attribute + ", 'x')",
                "begins_with(" + attribute + ", :" + name + ")"};
      default: {
        const std::string literal = value(values, name);
        const std::string compare = one_of({"=", "<>"});
        return {attribute + " " + compare + " " + literal, attribute + " " + compare + " :" + name};
      }
    }
  }

  Clause clauses(json::object& values) {
    const Clause one = clause(values, "one");
    if (draw(2) == 0) return one;
    const Clause two = clause(values, "two");
    const std::string join = one_of({" AND ", " OR "});
    return {"(" + one.partiql + join + two.partiql + ")",
            "(" + one.expression + ")" + join + "(" + two.expression + ")"};
  }

  static void use_values(json::object& request, json::object values, const std::string& text) {
    if (text.find(":y") != std::string::npos) values[":y"] = json::object{{"S", "y"}};
    if (!values.empty()) request["ExpressionAttributeValues"] = std::move(values);
  }

  void insert() {
    const std::string p = partition();
    const std::string s = sort();
    json::object item{{"p", json::object{{"S", p}}}, {"s", json::object{{"N", s}}}};
    std::string literal = "{'p': '" + p + "', 's': " + s;
    json::object values;
    for (const char* attribute : {"u", "v"}) {
      if (draw(3) == 0) continue;
      literal += ", '" + std::string(attribute) + "': " + value(values, attribute);
      item[attribute] = values[":" + std::string(attribute)];
    }
    if (draw(2) == 0) {
      literal += ", 'g': 'h'";
      item["g"] = json::object{{"S", "h"}};
    }
    const ResponseHead statement_response =
        execute("INSERT INTO \"ByStatement\" VALUE " + literal + "}");
    const ResponseHead operation_response =
        call("PutItem", {{"TableName", "ByOperation"},
                         {"Item", item},
                         {"ConditionExpression", "attribute_not_exists(p)"}});
    const bool is_duplicate = operation_response.error() == "ConditionalCheckFailedException";
    EXPECT_EQ(statement_response.error(),
              is_duplicate ? "DuplicateItemException" : operation_response.error());
    ++(is_duplicate ? counts_.duplicates : counts_.inserted);
  }

  void update() {
    const std::string p = partition();
    const std::string s = sort();
    json::object values;
    const std::string u = value(values, "u");
    std::string actions = "SET u = " + u;
    std::string expression = "SET u = :u";
    switch (draw(4)) {
      case 0:
        actions += ", v = v + 1";
        expression += ", v = v + :v";
        values[":v"] = json::object{{"N", "1"}};
        break;
      case 1:
        actions += " REMOVE v, g";
        expression += " REMOVE v, g";
        break;
      case 2:
        actions += " SET v = list_append(v, [2])";
        expression += ", v = list_append(v, :v)";
        values[":v"] = json::object{{"L", json::array{json::object{{"N", "2"}}}}};
        break;
      default:
        actions += " SET g = 'h' SET w = set_add(w, <<'" + p + "', 'q'>>)";
        expression += ", g = :g ADD w :w";
        values[":g"] = json::object{{"S", "h"}};
        values[":w"] = json::object{{"SS", json::array{p, "q"}}};
    }
    std::string where = "p = '" + p + "' AND s = " + s;
    std::string condition = "attribute_exists(p)";
    if (draw(3) == 0) {
      const Clause more = clauses(values);
      where += " AND " + more.partiql;
      condition += " AND (" + more.expression + ")";
    }
    const struct {
      const char* returning;
      const char* return_values;
    } returns[] = {{"ALL NEW", "ALL_NEW"},
                   {"ALL OLD", "ALL_OLD"},
                   {"MODIFIED NEW", "UPDATED_NEW"},
                   {"MODIFIED OLD", "UPDATED_OLD"}};
    const auto& returned = returns[draw(4)];
    const ResponseHead statement_response =
        execute("UPDATE \"ByStatement\" " + actions + " WHERE " + where + " RETURNING " +
                returned.returning + " *");
    json::object request{
        {"TableName", "ByOperation"},
        {"Key", json::object{{"p", json::object{{"S", p}}}, {"s", json::object{{"N", s}}}}},
        {"UpdateExpression", expression},
        {"ConditionExpression", condition},
        {"ReturnValues", returned.return_values}};
    use_values(request, values, condition);
    compare_write(statement_response, call("UpdateItem", request), actions + " " + where);
  }

  void erase() {
    const std::string p = partition();
    const std::string s = sort();
    json::object values;
    std::string where = "p = '" + p + "' AND s = " + s;
    json::object request{
        {"TableName", "ByOperation"},
        {"Key", json::object{{"p", json::object{{"S", p}}}, {"s", json::object{{"N", s}}}}},
        {"ReturnValues", "ALL_OLD"}};
    if (draw(2) == 0) {
      const Clause more = clauses(values);
      where += " AND " + more.partiql;
      const std::string condition = "attribute_not_exists(p) OR (" + more.expression + ")";
      request["ConditionExpression"] = condition;
      use_values(request, values, condition);
    }
    const ResponseHead statement_response =
        execute("DELETE FROM \"ByStatement\" WHERE " + where + " RETURNING ALL OLD *");
    compare_write(statement_response, call("DeleteItem", request), where);
  }

  void compare_write(const ResponseHead& statement_response, const ResponseHead& operation_response,
                     const std::string& what) {
    ASSERT_EQ(statement_response.error(), operation_response.error())
        << what << "\n"
        << json::serialize(operation_response.body);
    ++(statement_response.status == 200                                  ? counts_.written
       : statement_response.error() == "ConditionalCheckFailedException" ? counts_.failed_conditions
                                                                         : counts_.other_errors);
    if (statement_response.status != 200) {
      EXPECT_EQ(statement_response.body.at("message"), operation_response.body.at("message"))
          << what;
      return;
    }
    const auto attributes = operation_response.body.if_contains("Attributes");
    const json::array shown = attributes != nullptr ? json::array{*attributes} : json::array();
    EXPECT_EQ(items_of(statement_response), shown) << what;
  }

  // Compares a SELECT with the equivalent Query or Scan, over all pages.
  void select() {
    json::object values;
    json::object request{{"TableName", "ByOperation"}};
    std::string from = "\"ByStatement\"";
    std::string partition_name = "p";
    if (draw(4) == 0) {
      from += ".\"by_g\"";
      request["IndexName"] = "by_g";
      partition_name = "g";
    }
    std::string where;
    std::string order;
    const bool is_query = draw(3) > 0;
    if (is_query) {
      const std::string key = partition_name == "g" ? "h" : partition();
      where = partition_name + " = '" + key + "'";
      std::string condition = partition_name + " = :key";
      values[":key"] = json::object{{"S", key}};
      add_sort_condition(where, condition, values);
      request["KeyConditionExpression"] = condition;
      if (draw(2) == 0) {
        const bool forward = draw(2) == 0;
        order = forward ? " ORDER BY s" : " ORDER BY s DESC";
        request["ScanIndexForward"] = forward;
      }
    }
    std::string filter;
    if (draw(2) == 0) {
      json::object with_filter = values;
      const Clause more = clauses(with_filter);
      // A filter of a Query must not name the key, and PartiQL would use it as a key condition.
      if (partition_name != "g" || more.partiql.find('g') == std::string::npos) {
        where += (where.empty() ? "" : " AND ") + more.partiql;
        filter = more.expression;
        request["FilterExpression"] = filter;
        values = std::move(with_filter);
      }
    }
    use_values(request, values, filter);
    json::object statement_request;
    if (draw(2) == 0) {
      const auto limit = static_cast<std::int64_t>(1 + draw(4));
      request["Limit"] = statement_request["Limit"] = limit;
    }
    const std::string statement =
        "SELECT * FROM " + from + (where.empty() ? "" : " WHERE " + where) + order;
    follow(statement, statement_request, is_query ? "Query" : "Scan", request);
  }

  // Returns a disjunct that selects a partition; `name` makes its placeholders unique.
  Clause disjunct(const std::string& key, json::object& values, const std::string& name) {
    values[":p" + name] = json::object{{"S", key}};
    Clause clause{"p = '" + key + "'", "p = :p" + name};
    if (draw(2) == 0) {
      const std::string compare = one_of({"=", "<", "<=", ">", ">=", "<>"});
      const std::string bound = sort();
      values[":s" + name] = json::object{{"N", bound}};
      clause.partiql += " AND s " + compare + " " + bound;
      clause.expression += " AND s " + compare + " :s" + name;
    }
    if (draw(3) == 0) {
      clause.partiql += " AND u IS NOT MISSING";
      clause.expression += " AND attribute_exists(u)";
    }
    return {"(" + clause.partiql + ")", "(" + clause.expression + ")"};
  }

  // Keys joined by OR or IN are read one after the other; together they return the same items as a
  // Scan with the same condition.
  void select_alternatives() {
    json::object values;
    Clause all;
    if (draw(3) == 0) {
      all = {"p IN ['c', 'a'] AND s IN [3, 1, 4]", "p IN (:c, :a) AND s IN (:three, :one, :four)"};
      values = {{":a", json::object{{"S", "a"}}},
                {":c", json::object{{"S", "c"}}},
                {":one", json::object{{"N", "1"}}},
                {":three", json::object{{"N", "3"}}},
                {":four", json::object{{"N", "4"}}}};
    } else {
      std::vector<std::string> keys = {"a", "b", "c"};
      std::shuffle(keys.begin(), keys.end(), random_);
      keys.resize(1 + draw(3));
      for (const std::string& key : keys) {
        const Clause one = disjunct(key, values, key);
        all.partiql += (all.partiql.empty() ? "" : " OR ") + one.partiql;
        all.expression += (all.expression.empty() ? "" : " OR ") + one.expression;
      }
    }
    const ResponseHead operation_response = call("Scan", {{"TableName", "ByOperation"},
                                                          {"FilterExpression", all.expression},
                                                          {"ExpressionAttributeValues", values}});
    ASSERT_EQ(operation_response.status, 200u) << json::serialize(operation_response.body);
    const std::string order = draw(2) == 0 ? "" : " ORDER BY p DESC, s";
    const std::string statement = "SELECT * FROM \"ByStatement\" WHERE " + all.partiql + order;
    json::object request{{"Limit", static_cast<std::int64_t>(1 + draw(5))}};
    json::array items;
    for (int pages = 0; pages < 100; ++pages) {
      const ResponseHead statement_response = execute(statement, request);
      ASSERT_EQ(statement_response.status, 200u) << statement << "\n"
                                                 << json::serialize(statement_response.body);
      for (const json::value& item : items_of(statement_response)) items.push_back(item);
      const auto token = statement_response.body.if_contains("NextToken");
      if (token == nullptr) break;
      request["NextToken"] = *token;
    }
    EXPECT_EQ(sorted(items), sorted(items_of(operation_response))) << statement;
    if (!order.empty()) {
      EXPECT_EQ(in_order(items), items) << statement;
    }
  }

  // Sorts by p descending, then by s ascending.
  static json::array in_order(json::array items) {
    const auto place = [](const json::value& item) {
      const std::string partition(item.at("p").at("S").as_string());
      return std::make_pair(-static_cast<int>(partition.front()),
                            std::stoi(std::string(item.at("s").at("N").as_string())));
    };
    std::sort(items.begin(), items.end(), [&](const json::value& left, const json::value& right) {
      return place(left) < place(right);
    });
    return items;
  }

  void add_sort_condition(std::string& where, std::string& condition, json::object& values) {
    const std::string bound = sort();
    switch (draw(4)) {
      case 0:
        return;
      case 1: {
        const std::string compare = one_of({"=", "<", "<=", ">", ">="});
        where += " AND s " + compare + " " + bound;
        condition += " AND s " + compare + " :s";
        break;
      }
      default:
        where += " AND s BETWEEN " + bound + " AND 5";
        condition += " AND s BETWEEN :s AND :t";
        values[":t"] = json::object{{"N", "5"}};
    }
    values[":s"] = json::object{{"N", bound}};
  }

  // Compares both page by page: the same items in the same order, the same LastEvaluatedKey, and a
  // NextToken exactly if there is a LastEvaluatedKey.
  void follow(const std::string& statement, json::object statement_request,
              std::string_view operation, json::object operation_request) {
    for (int pages = 0; pages < 100; ++pages) {
      const ResponseHead statement_response = execute(statement, statement_request);
      const ResponseHead operation_response = call(operation, operation_request);
      ASSERT_EQ(statement_response.status, 200u) << statement << "\n"
                                                 << json::serialize(statement_response.body);
      ASSERT_EQ(operation_response.status, 200u) << statement << "\n"
                                                 << json::serialize(operation_response.body);
      // This includes Scans: both tables have the order of the hashes of the same keys.
      ASSERT_EQ(items_of(statement_response), items_of(operation_response)) << statement;
      const auto statement_key = statement_response.body.if_contains("LastEvaluatedKey");
      const auto operation_key = operation_response.body.if_contains("LastEvaluatedKey");
      ASSERT_EQ(statement_key != nullptr, operation_key != nullptr) << statement;
      ASSERT_EQ(statement_response.body.contains("NextToken"), operation_key != nullptr)
          << statement;
      ++counts_.pages;
      counts_.items += static_cast<int>(items_of(statement_response).size());
      if (operation_key == nullptr) return;
      ++counts_.followed_pages;
      ASSERT_EQ(*statement_key, *operation_key) << statement;
      statement_request["NextToken"] = statement_response.body.at("NextToken");
      operation_request["ExclusiveStartKey"] = *operation_key;
    }
    FAIL() << "no end of pages: " << statement;
  }

  std::mt19937_64 random_;
  Emulator emulator_;
  Counts& counts_;
};

TEST(PartiqlModel, MatchesTheItemOperations) {
  const std::uint64_t seed = number_from_environment("PAGETURNER_MODEL_SEED", 1);
  const std::uint64_t statements = number_from_environment("PAGETURNER_MODEL_STATEMENTS", 4'000);
  constexpr std::uint64_t statements_per_table = 200;
  Counts counts;
  for (std::uint64_t run = 0; run * statements_per_table < statements; ++run) {
    SCOPED_TRACE("PAGETURNER_MODEL_SEED=" + std::to_string(seed + run));
    Twins twins(seed + run, counts);
    for (std::uint64_t i = 0; i < statements_per_table; ++i) {
      twins.step();
      if (testing::Test::HasFailure()) return;
    }
    twins.compare_tables();
    if (testing::Test::HasFailure()) return;
  }
  for (const int count : {counts.inserted, counts.duplicates, counts.written,
                          counts.failed_conditions, counts.other_errors, counts.followed_pages}) {
    EXPECT_GT(count * 100, counts.pages) << "the statements are too much alike";
  }
  EXPECT_GT(counts.items, counts.pages);
}

}  // namespace
}  // namespace pageturner::model
