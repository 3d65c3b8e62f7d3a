#include "protocol/error_json.h"

#include "protocol/object_writer.h"

namespace pageturner {

void append_error(std::string& out, const Error& error) {
  const ErrorTypeInfo& info = error_type_info(error.type);
  ObjectWriter object(out);
  std::string& type = object.member("__type");
  type += '"';
  type += info.type_prefix;
  type += info.name;
  type += '"';
  // A body that is not JSON is answered without a text, and so is an unknown operation.
  if (!info.message_field.empty() && !error.message.empty()) {
    // A failed condition with its item has the capital. Source: recorded answers.
    object.text(error.item_json.empty() ? info.message_field : "Message", error.message);
  }
  if (!error.item_json.empty()) object.member("Item") += error.item_json;
  if (!error.cancellation_reasons_json.empty()) {
    object.member("CancellationReasons") += error.cancellation_reasons_json;
  }
}

}  // namespace pageturner
