// Splits the text of an import file, which arrives in pieces, into records.
#pragma once

#include <absl/functional/function_ref.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace pageturner {

// Finds the ends of records. Keeps its place between two calls, so a record may be cut into pieces
// at any byte.
class RecordScanner {
 public:
  struct Part {
    std::size_t size = 0;
    bool is_complete = false;  // the record ends here
  };

  virtual ~RecordScanner() = default;

  // Returns the number of bytes at the beginning of `text` that are between two records. Requires:
  // no record has begun.
  virtual std::size_t gap(std::string_view text) const = 0;

  // Returns the part of the current record at the beginning of `text`.
  virtual Part scan(std::string_view text) = 0;
};

// Consecutive JSON values with or without white space between them. Numbers, literals, and bytes
// that begin no value are one record up to the next white space, object, array or string. Does not
// validate: a record may be invalid JSON.
class JsonScanner final : public RecordScanner {
 public:
  std::size_t gap(std::string_view text) const override;
  Part scan(std::string_view text) override;

 private:
  // Returns whether the record ends before `c`, and notes what `c` changes otherwise.
  bool ends_before(char c);

  std::size_t depth_ = 0;  // of arrays and objects
  bool is_in_string_ = false;
  bool is_escaped_ = false;  // the next character of the string
  bool is_plain_ = false;    // no object, array or string
};

// Holds one record at a time.
class RecordSplitter {
 public:
  // The longest record: an item has at most 400 KB, and its JSON text may be as long as a request.
  static constexpr std::size_t record_bytes_max = 16 * 1024 * 1024;

  // Receives a record, valid during the call; nullopt for a record of more than record_bytes_max.
  // Returns whether to go on; the rest of the text is ignored otherwise.
  using RecordVisitor = absl::FunctionRef<bool(std::optional<std::string_view> record)>;

  explicit RecordSplitter(std::unique_ptr<RecordScanner> scanner) : scanner_(std::move(scanner)) {}

  // Adds a piece of the text, and passes the records that it completes to `visit`.
  void add(std::string_view text, RecordVisitor visit);

  // Passes the last record to `visit`, if the text ends within one.
  void finish(RecordVisitor visit);

  // Whether a visitor has returned false.
  bool has_stopped() const { return has_stopped_; }

 private:
  void take(std::string_view part);
  void end_record(RecordVisitor visit);

  std::unique_ptr<RecordScanner> scanner_;
  std::string record_;
  bool is_in_record_ = false;
  bool is_too_long_ = false;
  bool has_stopped_ = false;
};

}  // namespace pageturner
