#include "server/operations/named_table.h"

#include "protocol/arn.h"
#include "protocol/text.h"
#include "server/operations/parameters.h"

namespace pageturner {

Error named_table_not_found(std::string_view name) {
  return {ErrorType::resource_not_found,
          concat("Requested resource not found: Table: ", name, " not found")};
}

Result<void> check_table_name_given(JsonValue body) {
  if (body.find("TableName")) return {};
  return validation_error(
      "The parameter 'TableName' is required but was not present in the request");
}

Result<TablePointer> find_named_table(Database& database, JsonValue body) {
  const std::string_view name = table_name_of(text_parameter(body, "TableName"));
  TablePointer table = database.catalog().find(name);
  if (table == nullptr) return named_table_not_found(name);
  return table;
}

}  // namespace pageturner
