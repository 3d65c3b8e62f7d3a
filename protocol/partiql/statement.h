// A parsed PartiQL statement. Its conditions and updates are trees of expressions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/expression/update.h"

namespace pageturner::partiql {

enum class StatementKind : std::uint8_t {
  select,
  exists,  // EXISTS(SELECT …), a condition check
  insert,
  update,
  erase,
};

enum class Returning : std::uint8_t { none, all_old, modified_old, all_new, modified_new };

// One column of a SELECT: the value at `path`, under the name `name` in the response.
struct Column {
  std::string name;
  DocumentPath path;
};

struct OrderKey {
  std::string attribute;
  bool descending = false;
};

struct Statement {
  StatementKind kind = StatementKind::select;
  std::string table;
  std::optional<std::string> index;
  std::optional<std::vector<Column>> columns;  // of a SELECT; nullopt: *
  // The error for COUNT(*) in a SELECT from an index; then the statement has only its table and its
  // index. The service reports a key of several attributes first. Source: recorded answers.
  std::optional<Error> count_error;
  std::optional<ExpressionNode> where;  // parameters are replaced
  std::vector<OrderKey> order_by;
  Item item;      // of an INSERT
  Update update;  // of an UPDATE
  Returning returning = Returning::none;
};

}  // namespace pageturner::partiql
