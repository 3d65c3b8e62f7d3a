// CreateTable: the table is there, and ACTIVE, when the answer goes out. api: CreateTable.
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <chrono>

#include "server/operations/operation.h"
#include "server/operations/table_input.h"
#include "server/operations/table_output.h"

namespace ddb {

Result<void> create_table(Database& database, const Request& request, std::string& out) {
  if (!request.body.find("TableName")) {
    return validation_error(
        "The parameter 'TableName' is required but was not present in the request");
  }
  DDB_ASSIGN(TableDescription description, parse_table(request.body));
  description.id = to_string(boost::uuids::random_generator()());
  description.created_milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(
                                         std::chrono::system_clock::now().time_since_epoch())
                                         .count();
  DDB_ASSIGN(const TablePointer table, database.catalog().add(std::move(description)));
  out += "{\"TableDescription\":";
  append_table_description(out, *table, "ACTIVE", request.region);
  out += '}';
  return {};
}

}  // namespace ddb
