// Why: syntax errors contain tokens and the text near them, so the boundaries of tokens are part of
// the protocol. Source: guide, "Using expressions in DynamoDB"; the texts are recorded answers.
#include "protocol/expression/lexer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pageturner {
namespace {

// All tokens but the last, each as the letter of its kind and its text.
std::string format(std::string_view expression) {
  constexpr std::string_view letters = "i#:0ksu$";
  std::string text;
  for (const Token& token : tokenize(expression)) {
    if (token.kind == TokenKind::end_of_text) break;
    if (!text.empty()) text += ' ';
    text += letters[static_cast<std::size_t>(token.kind)];
    text += '~';
    text += token.text;
  }
  return text;
}

TEST(Lexer, SplitsExpressions) {
  const struct {
    const char* expression;
    const char* tokens;
  } rows[] = {
      {"", ""},
      {" \t\r\n ", ""},
      {"a=:v", "i~a s~= :~:v"},
      {"a <> :v", "i~a s~<> :~:v"},
      {"a<=b>=c<d>e", "i~a s~<= i~b s~>= i~c s~< i~d s~> i~e"},
      {"#n.b[12]", "#~#n s~. i~b s~[ 0~12 s~]"},
      {"#0 :_ :9", "#~#0 :~:_ :~:9"},
      {"size (a)", "i~size s~( i~a s~)"},
      {"a_1B", "i~a_1B"},
      {"x AND y or z", "i~x k~AND i~y k~or i~z"},
      {"Between iN nOt", "k~Between k~iN k~nOt"},
      {"android orb", "i~android i~orb"},  // keywords are whole words
      {"01 10", "0~0 0~1 0~10"},           // a number does not start with a zero
      {"1abc", "0~1 i~abc"},
      {"a+b-c,", "i~a s~+ i~b s~- i~c s~,"},
      {"_a", "u~_ i~a"},
      {"# :", "u~# u~:"},
      {"#$", "u~# u~$"},
      {"!= ==", "u~! s~= s~= s~="},
      {"aé€😀", "i~a u~é u~€ u~😀"},        // all bytes of one character
      {"\f\xC2\xA0", "u~\f u~\xC2\xA0"},  // neither is white space
      {"'\"", "u~' u~\""},
  };
  for (const auto& row : rows) EXPECT_EQ(format(row.expression), row.tokens) << row.expression;
}

TEST(Lexer, EndsEveryListWithTheEndOfTheText) {
  for (const std::string_view expression : {"", "a", "a  "}) {
    const auto tokens = tokenize(expression);
    ASSERT_FALSE(tokens.empty());
    EXPECT_EQ(tokens.back().kind, TokenKind::end_of_text);
    EXPECT_EQ(tokens.back().begin, expression.size());
  }
}

TEST(Lexer, PointsIntoTheExpression) {
  const std::string_view expression = "  ab = :c ";
  for (const Token& token : tokenize(expression)) {
    EXPECT_EQ(expression.substr(token.begin, token.end() - token.begin), token.text);
  }
}

TEST(Lexer, ShowsWhatStandsNearAToken) {
  const std::string_view expression = " a  =  = b ";
  const auto tokens = tokenize(expression);
  const std::vector<std::string> texts = {
      R"(Syntax error; token: "a", near: " a  =")",  R"(Syntax error; token: "=", near: "a  =  =")",
      R"(Syntax error; token: "=", near: "=  = b")", R"(Syntax error; token: "b", near: "= b ")",
      R"(Syntax error; token: "<EOF>", near: "b ")",
  };
  ASSERT_EQ(tokens.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(syntax_error_text(expression, tokens, i), texts[i]);
  }
}

}  // namespace
}  // namespace pageturner
