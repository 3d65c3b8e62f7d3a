#include "protocol/error_json.h"

#include "protocol/json.h"

namespace pageturner {

void append_error(std::string& out, const Error& error) {
  const ErrorTypeInfo& row = error_type_info(error.type);
  out += "{\"__type\":\"";
  out += row.type_prefix;
  out += row.name;
  out += '"';
  // A body that is no JSON is answered without a text, like an unknown operation.
  if (!row.message_field.empty() && !error.message.empty()) {
    out += ",\"";
    out += row.message_field;
    out += "\":";
    append_json_string(out, error.message);
  }
  if (!error.item_json.empty()) {
    out += ",\"Item\":";
    out += error.item_json;
  }
  if (!error.cancellation_reasons_json.empty()) {
    out += ",\"CancellationReasons\":";
    out += error.cancellation_reasons_json;
  }
  out += '}';
}

}  // namespace pageturner
