// Reads "2*units_1 - units_2 <= 10".
//
//   constraint = side relation side        relation = "<" | "<=" | ">" | ">="
//   side       = ["+"|"-"] term {("+"|"-") term}
//   term       = factor {["*"] factor | "/" number}, at most one of the factors a parameter
//   factor     = number | name | quoted name
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

#include "caviar/base/error.hpp"
#include "caviar/space/constraint.hpp"

namespace caviar {
namespace {

bool starts_name(char c) {  // letters beyond ASCII are bytes with the top bit
  const auto byte = static_cast<unsigned char>(c);
  return std::isalpha(byte) || c == '_' || byte >= 0x80;
}
bool continues_name(char c) {
  return starts_name(c) || std::isdigit(static_cast<unsigned char>(c)) || c == '.';
}

// One side as Σ coefficient · parameter + constant.
struct Sum {
  std::vector<std::pair<std::string, double>> terms;
  double constant = 0;

  void add(const std::string& name, double coefficient) {
    if (name.empty()) {
      constant += coefficient;
      return;
    }
    const auto known = std::ranges::find(terms, name, &std::pair<std::string, double>::first);
    if (known == terms.end()) {
      terms.emplace_back(name, coefficient);
    } else {
      known->second += coefficient;
    }
  }
};

class Parser {
 public:
  Parser(const std::string& text, const std::string& where) : text_(text), where_(where) {}

  Constraint constraint() {
    const Sum left = side();
    Constraint result;
    result.relation = relation();
    const Sum right = side();
    if (!at_end()) refuse_rest();
    Sum all = left;
    for (const auto& [name, coefficient] : right.terms) all.add(name, -coefficient);
    std::erase_if(all.terms, [](const auto& term) { return term.second == 0; });
    if (all.terms.empty()) refuse("it names no parameter that could make a difference");
    result.terms = std::move(all.terms);
    result.bound = right.constant - left.constant;
    result.text = text_;
    for (const auto& term : result.terms) check_finite(term.second);
    check_finite(result.bound);
    return result;
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const {
    throw Error(Fault::input, (where_.empty() ? "" : where_ + ": ") + "constraint '" + text_ +
                                  "', character " + std::to_string(at_ + 1) + ": " + problem);
  }

  [[noreturn]] void refuse_rest() const {
    if (peek() == '<' || peek() == '>' || peek() == '=') {
      refuse("one comparison is allowed; write a < b < c as two constraints");
    }
    if (peek() == '(' || peek() == ')') refuse("parentheses are not understood, multiply out");
    if (peek() == '^')
      refuse("powers are not linear; only sums of number * parameter are possible");
    refuse(std::string("'") + peek() + "' is not understood here");
  }

  void check_finite(double number) const {
    if (!std::isfinite(number)) refuse("its numbers are too large");
  }

  char peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool at_end() {
    peek();
    return at_ >= text_.size();
  }
  bool take(char wanted) {
    if (at_end() || peek() != wanted) return false;
    ++at_;
    return true;
  }

  Relation relation() {
    const char first = peek();
    if (at_end()) refuse("a comparison is missing: <, <=, > or >=");
    if (first == '=' || first == '!') {
      refuse("only <, <=, > and >= are possible; fix one of the parameters instead of an equality");
    }
    if (first != '<' && first != '>') refuse_rest();
    ++at_;
    const bool or_equal = at_ < text_.size() && text_[at_] == '=';
    if (or_equal) ++at_;
    if (first == '<') return or_equal ? Relation::less_equal : Relation::less;
    return or_equal ? Relation::greater_equal : Relation::greater;
  }

  Sum side() {
    Sum sum;
    double sign = take('-') ? -1 : (take('+'), 1);
    while (true) {
      term(sum, sign);
      if (take('+')) {
        sign = 1;
      } else if (take('-')) {
        sign = -1;
      } else {
        return sum;
      }
    }
  }

  void term(Sum& sum, double coefficient) {
    std::string name;
    factor(coefficient, name);
    while (true) {
      if (take('/')) {
        coefficient /= divisor();
      } else if (take('*') || starts_factor()) {
        factor(coefficient, name);
      } else {
        break;
      }
    }
    sum.add(name, coefficient);
  }

  bool starts_factor() {
    const char next = peek();
    return starts_name(next) || starts_number() || next == '\'' || next == '"';
  }
  bool starts_number() { return std::isdigit(static_cast<unsigned char>(peek())) || peek() == '.'; }

  void factor(double& coefficient, std::string& name) {
    if (at_end() || std::string_view("<>=+-*/").find(peek()) != std::string_view::npos) {
      refuse("a number or a parameter is missing");
    }
    if (starts_number()) {
      coefficient *= number();
      return;
    }
    if (!starts_factor()) refuse_rest();
    if (!name.empty()) {
      refuse("the product of two parameters is not linear; only number * parameter is possible");
    }
    name = peek() == '\'' || peek() == '"' ? quoted() : plain_name();
  }

  double divisor() {
    if (!starts_number()) refuse("only division by a number is linear");
    const double value = number();
    if (value == 0) refuse("division by 0");
    return value;
  }

  double number() {
    double value = 0;
    const char* const end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data() + at_, end, value);
    if (error == std::errc::result_out_of_range) refuse("the number is too large or too small");
    if (error != std::errc()) refuse("a number was expected");
    at_ = static_cast<std::size_t>(stop - text_.data());
    return value;
  }

  std::string plain_name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && continues_name(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  std::string quoted() {
    const std::size_t close = text_.find(text_[at_], at_ + 1);
    if (close == std::string::npos) refuse("the quote is not closed");
    if (close == at_ + 1) refuse("the name is empty");
    const std::string name = text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    return name;
  }

  const std::string& text_;
  const std::string& where_;
  std::size_t at_ = 0;
};

}  // namespace

Constraint parse_constraint(const std::string& text, const std::string& where) {
  return Parser(text, where).constraint();
}

}  // namespace caviar
