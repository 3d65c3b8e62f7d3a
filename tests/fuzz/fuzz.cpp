#include "tests/fuzz/fuzz.h"

#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "protocol/attribute_value_json.h"
#include "protocol/json.h"
#include "storage/stored_item.h"

// The entry point that libFuzzer calls.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pageturner::fuzz_one({reinterpret_cast<const char*>(data), size});
  return 0;
}

namespace pageturner {

void require(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << std::endl;
  std::abort();
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Item item_of(std::string_view json) {
  const auto document = JsonDocument::parse(json);
  return parse_item(document.value().root()).value();
}

std::string wire_of(const Item& item) {
  std::string out;
  append_item(out, item);
  return out;
}

Item changed(const Item& item, const AttributeChanges& changes) {
  const std::string stored = encode_stored_item(item);
  const std::string after = change_stored_item(ItemView(stored), changes);
  Item decoded = decode_stored_item(ItemView(after));
  require(encode_stored_item(decoded) == after, "a changed item is encoded like a new one");
  return decoded;
}

Placeholders fixed_placeholders() {
  static const auto names = JsonDocument::parse(
      R"({"#n":"n","#m":"m","#dots":"do.ts","#quote":"quo\"te","#absent":"absent"})");
  static const auto values = JsonDocument::parse(R"({
    ":s":{"S":"text"}, ":t":{"S":"te"}, ":type":{"S":"N"}, ":empty":{"S":""},
    ":n":{"N":"5"}, ":o":{"N":"7.5"}, ":minus":{"N":"-5"}, ":huge":{"N":"9e125"},
    ":tiny":{"N":"1e-130"}, ":b":{"B":"AAH/"}, ":c":{"B":"AA=="},
    ":true":{"BOOL":true}, ":null":{"NULL":true},
    ":ss":{"SS":["a","c"]}, ":ns":{"NS":["1","3"]}, ":bs":{"BS":["AA==","AQ=="]},
    ":l":{"L":[{"S":"a"},{"N":"1"}]}, ":m":{"M":{"x":{"N":"1"},"y":{"L":[]}}}})");
  static const Placeholders placeholders =
      Placeholders::parse(names.value().root(), values.value().root()).value();
  return placeholders;
}

const Item& fixed_item() {
  static const Item item = item_of(R"({
    "pk":{"S":"p"}, "s":{"S":"text"}, "e":{"S":""}, "n":{"N":"5"}, "z":{"N":"0"},
    "b":{"B":"AAH/"}, "t":{"BOOL":true}, "u":{"NULL":true},
    "ss":{"SS":["b","a"]}, "ns":{"NS":["1","2"]}, "bs":{"BS":["AA=="]},
    "l":{"L":[{"S":"a"},{"N":"1"},{"L":[{"S":"x"},{"M":{"k":{"N":"2"}}}]},{"M":{"k":{"SS":["a"]}}}]},
    "m":{"M":{"x":{"N":"1"},"do.ts":{"S":"d"},"in":{"M":{"y":{"S":"deep"},"l":{"L":[{"N":"3"}]}}}}},
    "do.ts":{"S":"dotted"}, "quo\"te":{"M":{"x":{"S":"\u0001\\"}}}})");
  return item;
}

}  // namespace pageturner
