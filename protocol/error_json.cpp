#include "protocol/error_json.h"

#include "protocol/object_writer.h"

namespace pageturner {

void append_error(std::string& out, const Error& error) {
  const ErrorTypeInfo& info = error_type_info(error.type);
  const ErrorTexts& texts = error.texts();
  ObjectWriter object(out);
  std::string& type = object.member("__type");
  type += '"';
  type += info.type_prefix;
  type += info.name;
  type += '"';
  // A body that is not JSON is answered without a text, and so is an unknown operation.
  if (!info.message_field.empty() && !error.message.empty()) {
    // A failed condition with its item has the capital. Source: recorded answers.
    object.text(texts.item_json.empty() ? info.message_field : "Message", error.message);
  }
  if (!texts.item_json.empty()) object.member("Item") += texts.item_json;
  if (!texts.cancellation_reasons_json.empty()) {
    // Reserves the end of the object as well, so that `out` is not reallocated for it: the reasons
    // may have 266 MB.
    constexpr std::size_t rest_bytes = 64;
    out.reserve(out.size() + texts.cancellation_reasons_json.size() + rest_bytes);
    object.member("CancellationReasons") += texts.cancellation_reasons_json;
  }
}

}  // namespace pageturner
