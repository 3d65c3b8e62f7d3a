// UpdateTable: the change has been made when the answer goes out. api: UpdateTable.
#include "server/operations/named_table.h"
#include "server/operations/operation.h"
#include "server/operations/tables/table_change.h"
#include "server/operations/tables/table_output.h"
#include "server/operations/tables/transition_conflicts.h"
#include "storage/clock.h"

namespace ddb {

Result<void> update_table(Database& database, const Request& request, std::string& out) {
  DDB_CHECK(check_table_name_given(request.body));
  DDB_CHECK(check_table_change(request.body));
  DDB_ASSIGN(const TablePointer table, find_named_table(database, request.body));
  const ChangeTime time{now_milliseconds(), database.options().transition_milliseconds};
  DDB_CHECK(check_changeable(table->description, request.body, time.now_milliseconds));
  DDB_ASSIGN(TableDescription wanted,
             changed_table(table->description, request.body, time, request.region));
  DDB_ASSIGN(const TablePointer changed, database.change_table(table, std::move(wanted)));
  out += "{\"TableDescription\":";
  append_table_description(out, *changed, request.region);
  out += '}';
  return {};
}

}  // namespace ddb
