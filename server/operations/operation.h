// The interface of operations: plain synchronous functions from a validated request to a response.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/model/shape.h"
#include "protocol/validator.h"
#include "storage/database.h"

namespace pageturner {

class TransferRegistry;

// A request whose body conforms to the types and constraints of the operation's input shape. Its
// members are views into the document and the head of the request, which outlive the operation.
struct Request {
  JsonValue body;
  std::string_view region;      // of the credential scope; ARNs in the response have it
  std::string_view host;        // the Host header, empty without HTTP
  TransferRegistry& transfers;  // of the service
};

// Runs an operation and appends its response to `out`: a JSON object, or nothing for an operation
// whose response is empty. After an error the content of `out` is unspecified. Any thread may call
// it. `request` need not outlive the call.
using Operation = Result<void> (*)(Database& database, const Request& request, std::string& out);

// What a request of an operation may cost. The pool that handles it follows from that.
enum class Cost : std::uint8_t {
  small,    // a few milliseconds
  item,     // likewise, if the items of the table are small
  page,     // likewise without a filter; with one, each item of a page costs what the filter does
  large,    // many items, each of up to 400 KB, or the filter of a statement
  lengthy,  // a change of a table, which waits for other changes, or a job over a whole table
};

struct OperationSpec {
  std::string_view name;  // "PutItem"
  const Shape* input;
  Operation run;
  Validator validator = Validator::legacy;  // see validator.h
  Cost cost = Cost::small;
};

// Returns all operations of both services. The index of an operation in this list is its number.
std::span<const OperationSpec> all_operations();

// Returns the operation `name` of the service DynamoDB_20120810, or nullptr.
const OperationSpec* find_operation(std::string_view name);

// Returns the operation `name` of the service DynamoDBStreams_20120810, or nullptr.
const OperationSpec* find_streams_operation(std::string_view name);

// DynamoDB. Each is in the file of its name, in one of the modules.
Result<void> batch_execute_statement(Database& database, const Request& request, std::string& out);
Result<void> batch_get_item(Database& database, const Request& request, std::string& out);
Result<void> batch_write_item(Database& database, const Request& request, std::string& out);
Result<void> create_backup(Database& database, const Request& request, std::string& out);
Result<void> create_global_table(Database& database, const Request& request, std::string& out);
Result<void> create_table(Database& database, const Request& request, std::string& out);
Result<void> delete_backup(Database& database, const Request& request, std::string& out);
Result<void> delete_item(Database& database, const Request& request, std::string& out);
Result<void> delete_resource_policy(Database& database, const Request& request, std::string& out);
Result<void> delete_table(Database& database, const Request& request, std::string& out);
Result<void> describe_backup(Database& database, const Request& request, std::string& out);
Result<void> describe_continuous_backups(Database& database, const Request& request,
                                         std::string& out);
Result<void> describe_contributor_insights(Database& database, const Request& request,
                                           std::string& out);
Result<void> describe_endpoints(Database& database, const Request& request, std::string& out);
Result<void> describe_export(Database& database, const Request& request, std::string& out);
Result<void> describe_global_table(Database& database, const Request& request, std::string& out);
Result<void> describe_global_table_settings(Database& database, const Request& request,
                                            std::string& out);
Result<void> describe_import(Database& database, const Request& request, std::string& out);
Result<void> describe_kinesis_streaming_destination(Database& database, const Request& request,
                                                    std::string& out);
Result<void> describe_limits(Database& database, const Request& request, std::string& out);
Result<void> describe_table(Database& database, const Request& request, std::string& out);
Result<void> describe_table_replica_auto_scaling(Database& database, const Request& request,
                                                 std::string& out);
Result<void> describe_time_to_live(Database& database, const Request& request, std::string& out);
Result<void> disable_kinesis_streaming_destination(Database& database, const Request& request,
                                                   std::string& out);
Result<void> enable_kinesis_streaming_destination(Database& database, const Request& request,
                                                  std::string& out);
Result<void> execute_statement(Database& database, const Request& request, std::string& out);
Result<void> execute_transaction(Database& database, const Request& request, std::string& out);
Result<void> export_table_to_point_in_time(Database& database, const Request& request,
                                           std::string& out);
Result<void> get_item(Database& database, const Request& request, std::string& out);
Result<void> get_resource_policy(Database& database, const Request& request, std::string& out);
Result<void> import_table(Database& database, const Request& request, std::string& out);
Result<void> list_backups(Database& database, const Request& request, std::string& out);
Result<void> list_contributor_insights(Database& database, const Request& request,
                                       std::string& out);
Result<void> list_exports(Database& database, const Request& request, std::string& out);
Result<void> list_global_tables(Database& database, const Request& request, std::string& out);
Result<void> list_imports(Database& database, const Request& request, std::string& out);
Result<void> list_tables(Database& database, const Request& request, std::string& out);
Result<void> list_tags_of_resource(Database& database, const Request& request, std::string& out);
Result<void> put_item(Database& database, const Request& request, std::string& out);
Result<void> put_resource_policy(Database& database, const Request& request, std::string& out);
Result<void> query(Database& database, const Request& request, std::string& out);
Result<void> restore_table_from_backup(Database& database, const Request& request,
                                       std::string& out);
Result<void> restore_table_to_point_in_time(Database& database, const Request& request,
                                            std::string& out);
Result<void> scan(Database& database, const Request& request, std::string& out);
Result<void> tag_resource(Database& database, const Request& request, std::string& out);
Result<void> transact_get_items(Database& database, const Request& request, std::string& out);
Result<void> transact_write_items(Database& database, const Request& request, std::string& out);
Result<void> untag_resource(Database& database, const Request& request, std::string& out);
Result<void> update_continuous_backups(Database& database, const Request& request,
                                       std::string& out);
Result<void> update_contributor_insights(Database& database, const Request& request,
                                         std::string& out);
Result<void> update_global_table(Database& database, const Request& request, std::string& out);
Result<void> update_global_table_settings(Database& database, const Request& request,
                                          std::string& out);
Result<void> update_item(Database& database, const Request& request, std::string& out);
Result<void> update_kinesis_streaming_destination(Database& database, const Request& request,
                                                  std::string& out);
Result<void> update_table(Database& database, const Request& request, std::string& out);
Result<void> update_table_replica_auto_scaling(Database& database, const Request& request,
                                               std::string& out);
Result<void> update_time_to_live(Database& database, const Request& request, std::string& out);

// DynamoDB Streams.
Result<void> describe_stream(Database& database, const Request& request, std::string& out);
Result<void> get_records(Database& database, const Request& request, std::string& out);
Result<void> get_shard_iterator(Database& database, const Request& request, std::string& out);
Result<void> list_streams(Database& database, const Request& request, std::string& out);

}  // namespace pageturner
