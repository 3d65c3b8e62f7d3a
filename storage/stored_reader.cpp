#include "storage/stored_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "protocol/attribute_value_json.h"

namespace pageturner {
namespace {

// The memory of lists and sets of more elements is reused.
constexpr std::size_t short_elements_max = 4096;

Number number_of(std::string_view text) { return Number::parse(text).value(); }

// Returns the number of elements of the JSON array at the beginning of `text`; 1 if it is empty.
std::size_t count_elements(std::string_view text) {
  std::size_t count = 1;
  std::size_t depth = 0;
  for (std::size_t i = 0;; ++i) {
    switch (text[i]) {
      case '"':
        for (++i; text[i] != '"'; ++i) {
          if (text[i] == '\\') ++i;
        }
        break;
      case '[':
      case '{':
        ++depth;
        break;
      case ']':
      case '}':
        if (--depth == 0) return count;
        break;
      case ',':
        if (depth == 1) ++count;
        break;
      default:
        break;
    }
  }
}

}  // namespace

template <class T>
std::vector<T> DecodeBuffer::take(std::size_t count) {
  std::vector<T> elements;
  auto& spare = std::get<std::vector<T>>(spare_);
  // A much shorter one leaves the memory to the longer one that follows.
  if (count > std::max(short_elements_max, spare.capacity() / 4)) elements.swap(spare);
  elements.reserve(count);
  return elements;
}

template <class T>
void DecodeBuffer::keep(std::vector<T>& elements) {
  auto& spare = std::get<std::vector<T>>(spare_);
  if (elements.capacity() <= std::max(short_elements_max, spare.capacity())) return;
  elements.clear();
  spare.swap(elements);
}

void DecodeBuffer::give_back(AttributeValue& value) {
  if (auto* list = std::get_if<List>(&value.data)) return keep(list->elements);
  if (auto* strings = std::get_if<StringSet>(&value.data)) return keep(strings->members);
  if (auto* numbers = std::get_if<NumberSet>(&value.data)) return keep(numbers->members);
  if (auto* binaries = std::get_if<BinarySet>(&value.data)) return keep(binaries->members);
  auto* map = std::get_if<Map>(&value.data);
  if (map == nullptr) return;
  for (auto& [name, member] : map->attributes) give_back(member);
}

std::string unescape_stored(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    const auto digit = [&](std::size_t at) {
      return text[at] > '9' ? text[at] - 'a' + 10 : text[at] - '0';
    };
    switch (text[++i]) {
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'u':  // \u00 and two digits
        out += static_cast<char>(digit(i + 3) << 4 | digit(i + 4));
        i += 4;
        break;
      default:
        out += text[i];
    }
  }
  return out;
}

bool StoredReader::take_if(char c) {
  if (!rest_.starts_with(c)) return false;
  rest_.remove_prefix(1);
  return true;
}

// Reads a string that contains no escapes, without its quotes.
std::string_view StoredReader::take_plain_text() {
  const std::string_view text = rest_.substr(1, rest_.find('"', 1) - 1);
  rest_.remove_prefix(text.size() + 2);
  return text;
}

std::string StoredReader::take_text() {
  std::size_t end = rest_.find('"', 1);
  const bool is_plain = std::memchr(rest_.data(), '\\', end) == nullptr;
  if (is_plain) return std::string(take_plain_text());
  for (end = 1; rest_[end] != '"'; ++end) {
    if (rest_[end] == '\\') ++end;
  }
  std::string text = unescape_stored(rest_.substr(1, end - 1));
  rest_.remove_prefix(end + 1);
  return text;
}

template <class T, class TakeMember>
std::vector<T> StoredReader::take_array(TakeMember take_member) {
  // A vector that grows to 195,000 elements takes three times their memory, all of it new pages,
  // which cost more than counting.
  std::vector<T> members;
  if (rest_.size() >= long_text_bytes) {
    const std::size_t count = count_elements(rest_);
    if (buffer_ != nullptr) {
      members = buffer_->take<T>(count);
    } else {
      members.reserve(count);
    }
  }
  rest_.remove_prefix(1);  // [
  while (!take_if(']')) {
    members.push_back(take_member());
    take_if(',');
  }
  return members;
}

AttributeValue StoredReader::take_value() {
  rest_.remove_prefix(1);  // {
  const std::string_view descriptor = take_plain_text();
  rest_.remove_prefix(1);  // :
  const auto numbers = [this] { return number_of(take_plain_text()); };
  const auto texts = [this] { return take_text(); };
  const auto binaries = [this] { return decode_base64(take_plain_text()); };
  AttributeValue value;
  if (descriptor == "S") {
    value.data = take_text();
  } else if (descriptor == "N") {
    value.data = numbers();
  } else if (descriptor == "B") {
    value.data = Binary{binaries()};
  } else if (descriptor == "M") {
    value.data = take_map();
  } else if (descriptor == "L") {
    value.data = List{take_array<AttributeValue>([this] { return take_value(); })};
  } else if (descriptor == "SS") {
    value.data = StringSet{take_array<std::string>(texts)};
  } else if (descriptor == "NS") {
    value.data = NumberSet{take_array<Number>(numbers)};
  } else if (descriptor == "BS") {
    value.data = BinarySet{take_array<std::string>(binaries)};
  } else {
    const bool boolean = rest_.starts_with("true");
    rest_.remove_prefix(boolean ? 4 : 5);
    if (descriptor == "BOOL") value.data = boolean;  // else null, which it is already
  }
  rest_.remove_prefix(1);  // }
  return value;
}

Map StoredReader::take_map() {
  Map map;
  rest_.remove_prefix(1);  // {
  while (!take_if('}')) {
    std::string name = take_text();
    rest_.remove_prefix(1);  // :
    // In the order of the map that was written, which was sorted.
    map.attributes.push_back({std::move(name), take_value()});
    take_if(',');
  }
  return map;
}

Item StoredReader::take_item() {
  Item item;
  rest_.remove_prefix(1);  // {
  while (!take_if('}')) {
    std::string name = take_text();
    rest_.remove_prefix(1);  // :
    // The names are nearly always in the order of an Item.
    item.emplace_hint(item.end(), std::move(name), take_value());
    take_if(',');
  }
  return item;
}

}  // namespace pageturner
