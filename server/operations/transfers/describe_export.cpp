// DescribeExport. api: DescribeExport.
#include "protocol/text.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/transfers/transfer.h"
#include "server/operations/transfers/transfer_registry.h"

namespace pageturner {

Result<void> describe_export(Database& database, const Request& request, std::string& out) {
  const std::string text(text_parameter(request.body, "ExportArn"));
  const auto arn = parse_record_arn(text, "export");
  if (!arn) return validation_error("Invalid Export ARN");
  const ExportPointer record = request.transfers.exports().find(arn->id);
  if (record == nullptr || record->table_name != arn->table_name) {
    return Error{ErrorType::export_not_found, concat("Export not found: Export not found: ", text)};
  }
  append_export(ObjectWriter(out).member("ExportDescription"), database, *record, request.region);
  return {};
}

}  // namespace pageturner
