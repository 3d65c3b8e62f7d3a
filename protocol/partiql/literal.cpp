#include "protocol/partiql/literal.h"

#include "protocol/limits.h"
#include "protocol/partiql/condition.h"
#include "protocol/text.h"

namespace pageturner::partiql {
namespace {

// The position of a value in a literal, as in messages: "root", "root.x[1]".
struct Place {
  std::string text = "root";
  int levels = 0;

  Place member(std::string_view name) const { return {concat(text, ".", name), levels + 1}; }
  Place element(std::size_t index) const { return {concat(text, "[", index, "]"), levels + 1}; }
};

Result<AttributeValue> parse_value(Reader& reader, const Place& place);

// Consumes the signs before a number. Returns whether they make it negative.
bool take_signs(Reader& reader) {
  bool negative = false;
  while (reader.peek().is_symbol("-") || reader.peek().is_symbol("+")) {
    if (reader.next().text == "-") negative = !negative;
  }
  return negative;
}

// Returns the number `text`. One that is out of range is deferred.
AttributeValue number_value(Reader& reader, const std::string& text, const Place& place) {
  auto number = Number::parse(text);
  if (number) return AttributeValue{*number};
  // Literals do not wrap in 32 bits as parameters do. Source: recorded answers.
  const Error& error = number.error();
  const std::string& current = error.texts().current_message;
  const std::string& message = current.empty() ? error.message : current;
  reader.defer(validation_error(concat(message, " under ", place.text)));
  return AttributeValue{Number()};
}

std::string take_number(Reader& reader) {
  std::string text = take_signs(reader) ? "-" : "";
  return text += reader.next().text;
}

Result<AttributeValue> parse_list(Reader& reader, const Place& place) {
  reader.next();
  List list;
  if (reader.accept_symbol("]")) return AttributeValue{std::move(list)};
  do {
    PAGETURNER_ASSIGN_OR_RETURN(AttributeValue value,
                                parse_value(reader, place.element(list.elements.size())));
    list.elements.push_back(std::move(value));
  } while (reader.accept_symbol(","));
  PAGETURNER_RETURN_IF_ERROR(reader.expect_symbol("]", "Expected RIGHT_BRACKET"));
  return AttributeValue{std::move(list)};
}

// Parses { … }. Calls `parse_member` with the name of each member when its value is next.
template <class ParseMember>
Result<void> parse_members(Reader& reader, ParseMember parse_member) {
  PAGETURNER_RETURN_IF_ERROR(reader.expect_symbol("{", "Unexpected term"));
  if (reader.accept_symbol("}")) return {};
  do {
    if (reader.peek().kind != TokenKind::text) return unexpected_term(reader.peek());
    const std::string name = reader.take_attribute_name();
    PAGETURNER_RETURN_IF_ERROR(reader.expect_symbol(":", "Expected COLON"));
    PAGETURNER_RETURN_IF_ERROR(parse_member(name));
  } while (reader.accept_symbol(","));
  return reader.expect_symbol("}", "Expected RIGHT_CURLY");
}

Result<AttributeValue> parse_map(Reader& reader, const Place& place) {
  Map map;
  PAGETURNER_RETURN_IF_ERROR(parse_members(reader, [&](const std::string& name) -> Result<void> {
    PAGETURNER_ASSIGN_OR_RETURN(AttributeValue value, parse_value(reader, place.member(name)));
    map.put(name, std::move(value));
    return {};
  }));
  return AttributeValue{std::move(map)};
}

Error duplicates(const std::vector<std::string>& written, std::string_view end) {
  return invalid_parameter(
      concat("Input collection [", join(written, ", "), "] contains duplicates", end));
}

// The members of << … >>, as written.
struct Bag {
  std::vector<std::string> texts = {};
  std::vector<std::string> numbers = {};
  bool has_other_types = false;
};

Result<Bag> parse_bag_members(Reader& reader, const Place& place) {
  Bag bag;
  reader.next();
  if (reader.accept_symbol(">>")) return bag;
  do {
    if (reader.peek().kind == TokenKind::text) {
      bag.texts.push_back(reader.next().text);
    } else if (reader.peek().kind == TokenKind::parameter) {
      bag.has_other_types = true;
      reader.next();
    } else if (at_literal(reader) && !reader.peek().is_symbol("<<") &&
               !reader.peek().is_symbol("[") && !reader.peek().is_symbol("{") &&
               reader.peek().kind != TokenKind::name) {
      bag.numbers.push_back(take_number(reader));
    } else {
      bag.has_other_types = true;
      PAGETURNER_RETURN_IF_ERROR(parse_value(reader, place.element(0)));
    }
  } while (reader.accept_symbol(","));
  PAGETURNER_RETURN_IF_ERROR(reader.expect_symbol(">>", "Expected RIGHT_DOUBLE_ANGLE_BRACKET"));
  return bag;
}

Result<AttributeValue> parse_bag(Reader& reader, const Place& place) {
  PAGETURNER_ASSIGN_OR_RETURN(const Bag bag, parse_bag_members(reader, place));
  if (bag.has_other_types || (!bag.texts.empty() && !bag.numbers.empty())) {
    reader.defer(validation_error(
        "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"));
  } else if (!bag.texts.empty()) {
    StringSet set{bag.texts};
    if (!sort_members(set.members)) reader.defer(duplicates(bag.texts, "."));
    return AttributeValue{std::move(set)};
  } else if (!bag.numbers.empty()) {
    NumberSet set;
    for (const std::string& text : bag.numbers) {
      set.members.push_back(number_value(reader, text, place).as<Number>());
    }
    if (!sort_members(set.members)) {
      reader.defer(duplicates(bag.numbers, concat("! under ", place.text)));
    }
    return AttributeValue{std::move(set)};
  } else {
    reader.defer(validation_error("Empty bags are not supported"));
  }
  return AttributeValue{};
}

// Parses a value that is not a literal and defers an error for it.
Result<AttributeValue> refuse_value(Reader& reader, const Place& place) {
  const auto refuse = [&](std::string_view what, const Position& position) {
    reader.defer(validation_error(
        concat("Unsupported data type: ", what, " under key ", place.text, to_string(position))));
  };
  const Token token = reader.peek();
  if (token.kind == TokenKind::parameter) {
    refuse("Parameter", token.position);
  } else if (reader.at_call()) {
    refuse(to_lower(token.text), token.position);
  } else if (reader.at_name()) {
    refuse("Path", token.position);
  } else {
    return unexpected_term(token);
  }
  PAGETURNER_RETURN_IF_ERROR(parse_operand(reader, FunctionPlace::nowhere));
  return AttributeValue{};
}

Result<AttributeValue> parse_inside(Reader& reader, const Place& place) {
  if (!at_literal(reader)) return refuse_value(reader, place);
  const Token& token = reader.peek();
  if (token.is_symbol("[")) return parse_list(reader, place);
  if (token.is_symbol("{")) return parse_map(reader, place);
  if (token.is_symbol("<<")) return parse_bag(reader, place);
  if (token.kind == TokenKind::text) return AttributeValue{reader.next().text};
  if (reader.accept_keyword("NULL")) return AttributeValue{Null()};
  if (reader.accept_keyword("TRUE")) return AttributeValue{true};
  if (reader.accept_keyword("FALSE")) return AttributeValue{false};
  const std::string text = take_number(reader);
  return number_value(reader, text, place);
}

Result<AttributeValue> parse_value(Reader& reader, const Place& place) {
  if (place.levels > limits::nesting_levels_below_item_max) {
    return validation_error(
        concat("Nesting Levels have exceeded supported limits under ", place.text));
  }
  PAGETURNER_RETURN_IF_ERROR(reader.enter());
  auto value = parse_inside(reader, place);
  reader.leave();
  return value;
}

}  // namespace

bool at_literal(const Reader& reader) {
  std::size_t signs = 0;
  while (reader.peek(signs).is_symbol("-") || reader.peek(signs).is_symbol("+")) ++signs;
  if (signs > 0) return reader.peek(signs).kind == TokenKind::number;
  const Token& token = reader.peek();
  return token.kind == TokenKind::text || token.kind == TokenKind::number ||
         token.is_keyword("TRUE") || token.is_keyword("FALSE") || token.is_keyword("NULL") ||
         token.is_symbol("[") || token.is_symbol("{") || token.is_symbol("<<");
}

Result<AttributeValue> parse_literal(Reader& reader) { return parse_value(reader, Place()); }

Result<Item> parse_item_literal(Reader& reader) {
  Item item;
  PAGETURNER_RETURN_IF_ERROR(parse_members(reader, [&](const std::string& name) -> Result<void> {
    if (reader.peek().kind == TokenKind::parameter) {
      item.insert_or_assign(name, reader.take_parameter().take());
      return {};
    }
    PAGETURNER_ASSIGN_OR_RETURN(AttributeValue value, parse_literal(reader));
    item.insert_or_assign(name, std::move(value));
    return {};
  }));
  return item;
}

}  // namespace pageturner::partiql
