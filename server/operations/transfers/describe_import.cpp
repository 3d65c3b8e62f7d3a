// DescribeImport. api: DescribeImport.
#include "protocol/text.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/transfers/transfer.h"
#include "server/operations/transfers/transfer_registry.h"

namespace pageturner {

Result<void> describe_import(Database& database, const Request& request, std::string& out) {
  const std::string text(text_parameter(request.body, "ImportArn"));
  const auto arn = parse_record_arn(text, "import");
  if (!arn) return validation_error("Invalid Import ARN");
  const ImportPointer record = request.transfers.imports().find(arn->id);
  if (record == nullptr || record->table_name != arn->table_name) {
    return Error{ErrorType::import_not_found, concat("Import not found: Import not found: ", text)};
  }
  append_import(ObjectWriter(out).member("ImportTableDescription"), database, *record,
                request.region);
  return {};
}

}  // namespace pageturner
