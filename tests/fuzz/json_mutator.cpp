// Mutates JSON inputs by whole values and members, since most random byte changes give invalid
// JSON. Linked into the targets with JSON inputs; half of the mutations are libFuzzer's own.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// libFuzzer's default mutation, and the two hooks that it calls if a target defines them.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned int seed);
extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data, std::size_t size,
                                                 const std::uint8_t* other, std::size_t other_size,
                                                 std::uint8_t* out, std::size_t out_size_max,
                                                 unsigned int seed);

namespace {

using Random = std::minstd_rand;

// The values and members ("name":value) of a text, which need not be valid JSON.
struct Places {
  std::vector<std::string_view> values;
  std::vector<std::string_view> members;
};

// Returns the end of the string whose opening quote is at `begin`.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
  std::size_t at = begin + 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

Places places_in(std::string_view text) {
  constexpr std::string_view separators = "\"{}[],: \n";
  Places places;
  std::vector<std::size_t> open;   // the begins of the objects and arrays around `at`
  std::vector<std::size_t> names;  // the begins of the member names around `at`
  const auto add_value = [&](std::size_t begin, std::size_t end) {
    places.values.push_back(text.substr(begin, end - begin));
    // A member is a name, a colon and this value.
    if (begin == 0 || text[begin - 1] != ':' || names.empty()) return;
    places.members.push_back(text.substr(names.back(), end - names.back()));
    names.pop_back();
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at++;
    switch (text[begin]) {
      case '"':
        at = end_of_string(text, begin);
        if (at < text.size() && text[at] == ':') {
          names.push_back(begin);
        } else {
          add_value(begin, at);
        }
        break;
      case '{':
      case '[':
        open.push_back(begin);
        break;
      case '}':
      case ']':
        if (open.empty()) break;
        add_value(open.back(), at);
        open.pop_back();
        break;
      default:  // a number, true, false or null
        if (separators.find(text[begin]) != std::string_view::npos) break;
        at = std::min(text.find_first_of(separators, begin), text.size());
        add_value(begin, at);
    }
  }
  return places;
}

std::string_view pick(const std::vector<std::string_view>& places, Random& random) {
  return places[random() % places.size()];
}

// Returns a random value of `places` or a simple constant.
std::string_view any_value(const Places& places, Random& random) {
  constexpr std::array<std::string_view, 10> simple = {
      "null", "true", "0", "-1", "1e30", "\"\"", "\"a\"", "{}", "[]", "{\"S\":\"p\"}"};
  if (places.values.empty() || random() % 4 == 0) return simple[random() % simple.size()];
  return pick(places.values, random);
}

// Returns `text` with one of its values or members replaced by one of `sources`, or with one
// inserted.
std::string changed(std::string_view text, const Places& sources, Random& random) {
  const Places places = places_in(text);
  const bool by_member = !places.members.empty() && !sources.members.empty() && random() % 2 == 0;
  if (!by_member && places.values.empty()) return std::string(text);
  const std::string_view target = pick(by_member ? places.members : places.values, random);
  const auto begin = static_cast<std::size_t>(target.data() - text.data());
  std::string made(text.substr(0, begin));
  made += by_member ? pick(sources.members, random) : any_value(sources, random);
  if (random() % 4 == 0) made.append(",").append(target);
  made += text.substr(begin + target.size());
  return made;
}

std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

std::size_t put(const std::string& text, std::uint8_t* out, std::size_t size_max) {
  const std::size_t size = std::min(text.size(), size_max);
  std::memcpy(out, text.data(), size);
  return size;
}

}  // namespace

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                    unsigned int seed) {
  Random random(seed);
  if (size == 0 || random() % 2 == 0) return LLVMFuzzerMutate(data, size, size_max);
  const std::string_view text = text_of(data, size);
  return put(changed(text, places_in(text), random), data, size_max);
}

std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data, std::size_t size,
                                      const std::uint8_t* other, std::size_t other_size,
                                      std::uint8_t* out, std::size_t out_size_max,
                                      unsigned int seed) {
  Random random(seed);
  const Places sources = places_in(text_of(other, other_size));
  return put(changed(text_of(data, size), sources, random), out, out_size_max);
}
