#include "protocol/partiql/lexer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "protocol/text.h"

namespace pageturner::partiql {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool starts_name(char c) { return is_letter(c) || c == '_' || c == '$'; }

bool continues_name(char c) { return starts_name(c) || is_digit(c); }

// Whether `c` is a byte of a UTF-8 character other than its first.
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Reads the text and counts lines and columns.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    while (true) {
      PAGETURNER_RETURN_IF_ERROR(skip_space());
      if (at_end()) break;
      Token token;
      token.position = here_;
      const std::size_t begin = offset_;
      PAGETURNER_RETURN_IF_ERROR(read(token));
      token.position.length = characters(begin, offset_);
      tokens.push_back(std::move(token));
    }
    tokens.push_back({TokenKind::end_of_text, "", here_});
    return tokens;
  }

 private:
  bool at_end() const { return offset_ == text_.size(); }
  char at(std::size_t ahead = 0) const {
    return offset_ + ahead < text_.size() ? text_[offset_ + ahead] : '\0';
  }
  bool starts_with(std::string_view prefix) const {
    return text_.substr(offset_).starts_with(prefix);
  }

  std::size_t characters(std::size_t begin, std::size_t end) const {
    const std::string_view part = text_.substr(begin, end - begin);
    return static_cast<std::size_t>(
        std::count_if(part.begin(), part.end(), [](char c) { return !is_continuation(c); }));
  }

  void advance(std::size_t count = 1) {
    for (; count > 0; --count, ++offset_) {
      if (text_[offset_] == '\n') {
        ++here_.line;
        here_.column = 1;
      } else if (!is_continuation(text_[offset_])) {
        ++here_.column;
      }
    }
  }

  Result<void> skip_space() {
    while (!at_end()) {
      if (is_space(at())) {
        advance();
      } else if (starts_with("--")) {
        while (!at_end() && at() != '\n') advance();
      } else if (starts_with("/*")) {
        const std::size_t end = text_.find("*/", offset_ + 2);
        if (end == std::string_view::npos) return not_well_formed();
        advance(end + 2 - offset_);
      } else {
        break;
      }
    }
    return {};
  }

  Result<void> read(Token& token) {
    const char first = at();
    if (starts_name(first)) {
      token.kind = TokenKind::name;
      while (continues_name(at())) take(token);
      return {};
    }
    if (is_digit(first) || (first == '.' && is_digit(at(1)))) return read_number(token);
    if (first == '"') return read_quoted(token, TokenKind::quoted_name, '"');
    if (first == '\'') return read_quoted(token, TokenKind::text, '\'');
    if (first == '?') {
      token.kind = TokenKind::parameter;
      take(token);
      return {};
    }
    return read_symbol(token);
  }

  void take(Token& token) {
    token.text += at();
    advance();
  }

  // Reads up to the closing quote. Two quotes are one character.
  Result<void> read_quoted(Token& token, TokenKind kind, char quote) {
    token.kind = kind;
    advance();
    while (!at_end()) {
      if (at() == quote && at(1) != quote) {
        advance();
        return {};
      }
      if (at() == quote) advance();
      take(token);
    }
    return not_well_formed();
  }

  Result<void> read_symbol(Token& token) {
    constexpr std::array<std::string_view, 7> pairs = {"<>", "!=", "<=", ">=", "<<", ">>", "||"};
    constexpr std::string_view singles = "=<>()[]{},.;:+-*/%";
    token.kind = TokenKind::symbol;
    const auto pair = std::find_if(pairs.begin(), pairs.end(),
                                   [this](std::string_view text) { return starts_with(text); });
    if (pair == pairs.end() && singles.find(at()) == std::string_view::npos) {
      return not_well_formed();
    }
    for (std::size_t i = pair == pairs.end() ? 1 : 2; i > 0; --i) take(token);
    return {};
  }

  std::size_t take_digits(Token& token) {
    const std::size_t begin = offset_;
    while (is_digit(at())) take(token);
    return offset_ - begin;
  }

  // The service reads numbers as decimals with a scale of 32 bits, which is the number of digits
  // after the point minus the exponent.
  Result<void> read_number(Token& token) {
    token.kind = TokenKind::number;
    take_digits(token);
    std::int64_t scale = 0;
    if (at() == '.') {
      take(token);
      scale = static_cast<std::int64_t>(take_digits(token));
    }
    if (at() != 'e' && at() != 'E') return {};
    take(token);
    const bool negative = at() == '-';
    if (negative || at() == '+') take(token);
    const std::size_t digits_begin = offset_;
    if (take_digits(token) == 0) return not_well_formed();
    const auto exponent = to_exponent(text_.substr(digits_begin, offset_ - digits_begin), negative);
    if (!exponent || !fits(scale - *exponent)) return not_well_formed();
    return {};
  }

  static bool fits(std::int64_t number) {
    return number >= std::numeric_limits<std::int32_t>::min() &&
           number <= std::numeric_limits<std::int32_t>::max();
  }

  static std::optional<std::int64_t> to_exponent(std::string_view digits, bool negative) {
    std::int64_t exponent = 0;
    for (const char digit : digits) {
      exponent = exponent * 10 + (digit - '0');
      if (!fits(negative ? -exponent : exponent)) return std::nullopt;
    }
    return negative ? -exponent : exponent;
  }

  std::string_view text_;
  std::size_t offset_ = 0;
  Position here_;
};

}  // namespace

std::string to_string(const Position& position) {
  return concat(" at ", position.line, ":", position.column, ":", position.length);
}

bool Token::is_keyword(std::string_view keyword) const {
  return kind == TokenKind::name && equals_ignoring_case(text, keyword);
}

Error not_well_formed(std::string_view detail) {
  return validation_error(concat("Statement wasn't well formed, can't be processed: ", detail));
}

Result<std::vector<Token>> tokenize(std::string_view statement) { return Lexer(statement).run(); }

}  // namespace pageturner::partiql
