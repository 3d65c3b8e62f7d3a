// Writes JSON objects and arrays: the one place with a rule for commas.
//
// Two writers of items do without the classes, because they run for each value of each write and
// writing the known bytes at once takes fewer instructions:
// - protocol/attribute_value_json.cpp appends values in wire form: {"S":, {"L":[ and {"M":{ as one
//   text each, and the members of a map as parts that it may sort. The commas are append_comma's.
// - storage/stored_item.cpp writes the JSON of a stored item into memory of its exact size, and
//   notes the offsets of names and values as it does.
#pragma once

#include <charconv>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "protocol/json.h"
#include "protocol/time_text.h"

namespace pageturner {

// Appends the comma before a member or an element, unless it is the first one. Requires: `out` ends
// with the opening bracket of the object or array, or with a complete value. (No value ends with an
// opening bracket: a string ends with its quote.)
inline void append_comma(std::string& out) {
  const char last = out.back();
  if (last != '{' && last != '[') out += ',';
}

inline void append_number(std::string& out, std::int64_t number) {
  char text[20];  // the sign and 19 digits
  out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

// Appends a time, given in milliseconds since 1970, as seconds with a fraction.
inline void append_time(std::string& out, std::int64_t milliseconds) {
  if (milliseconds < 0) {
    out += '-';
    milliseconds = -milliseconds;
  }
  append_number(out, milliseconds / 1000);
  out += milliseconds_text(milliseconds);
}

// Appends the closing bracket of a writer that is destroyed. Throws std::bad_alloc, unless the
// writer is destroyed by another exception, because a second one would end the process: then the
// text is incomplete anyway.
inline void append_closing(std::string& out, char bracket) {
  if (out.size() < out.capacity() || std::uncaught_exceptions() == 0) out += bracket;
}

// The name of a member. A literal is checked by the compiler to need no escapes, so that writing it
// takes no search for them; any other text is escaped. It holds a view.
class MemberName {
 public:
  template <std::size_t size>
  consteval MemberName(const char (&literal)[size]) : text_(literal, size - 1), is_plain_(true) {
    for (const char c : text_) {
      if (c < ' ' || c == '"' || c == '\\') throw "the name needs escapes";
    }
  }
  MemberName(std::string_view text) : text_(text) {}
  MemberName(const std::string& text) : text_(text) {}

  // Returns the name that `text` gives as append_json_escaped writes it.
  static MemberName escaped(std::string_view text) {
    MemberName name(text);
    name.is_plain_ = true;
    return name;
  }

  // Appends "NAME": with its quotes.
  void append_to(std::string& out) const {
    if (is_plain_) {
      out += '"';
      out += text_;
      out += "\":";
    } else {
      append_json_string(out, text_);
      out += ':';
    }
  }

 private:
  std::string_view text_;
  bool is_plain_ = false;
};

// Appends members to a JSON object that its caller opens and closes. Requires: `out` outlives the
// writer and ends within that object, which is empty or ends with a complete value. Several writers
// may write to one object in turn.
class MemberWriter {
 public:
  explicit MemberWriter(std::string& out) : out_(out) {}
  MemberWriter(const MemberWriter&) = delete;
  MemberWriter& operator=(const MemberWriter&) = delete;

  // Returns the text to append the value of `name` to.
  std::string& member(MemberName name) {
    append_comma(out_);
    name.append_to(out_);
    return out_;
  }
  void text(MemberName name, std::string_view value) { append_json_string(member(name), value); }
  void number(MemberName name, std::int64_t value) { append_number(member(name), value); }
  void boolean(MemberName name, bool value) { member(name) += value ? "true" : "false"; }
  void null(MemberName name) { member(name) += "null"; }
  void empty_list(MemberName name) { member(name) += "[]"; }
  // As append_time().
  void time(MemberName name, std::int64_t milliseconds) { append_time(member(name), milliseconds); }

 protected:
  std::string& out_;
};

// Appends a JSON object: its opening brace when constructed, its closing brace when destroyed. The
// writer of a nested object must be destroyed before the next member of the outer one is written.
class ObjectWriter : public MemberWriter {
 public:
  explicit ObjectWriter(std::string& out) : MemberWriter(out) { out_ += '{'; }
  ~ObjectWriter() noexcept(false) { append_closing(out_, '}'); }
};

// Appends a JSON array in the same way.
class ArrayWriter {
 public:
  explicit ArrayWriter(std::string& out) : out_(out) { out_ += '['; }
  ~ArrayWriter() noexcept(false) { append_closing(out_, ']'); }
  ArrayWriter(const ArrayWriter&) = delete;
  ArrayWriter& operator=(const ArrayWriter&) = delete;

  // Returns the text to append the next element to.
  std::string& element() {
    append_comma(out_);
    return out_;
  }

 private:
  std::string& out_;
};

// Appends an array, each element by `append_element(out, element)`.
template <class Range, class AppendElement>
void append_list(std::string& out, const Range& elements, AppendElement append_element) {
  ArrayWriter array(out);
  for (const auto& element : elements) append_element(array.element(), element);
}

}  // namespace pageturner
