#include "caviar/nn/formula.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <string_view>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

// What may wait on the stack, and how deep brackets may lie in each other.
constexpr std::size_t most_waiting = 64;
constexpr int most_nested = 64;

}  // namespace

// By recursive descent, one function for each strength of binding.
class FormulaParser {
 public:
  FormulaParser(Formula& formula, const std::string& where)
      : formula_(formula), text_(formula.text_), where_(where) {}

  void parse() {
    sum();
    skip_space();
    if (at_ < text_.size()) fail(fmt::format("'{}' is not expected here", text_[at_]));
  }

 private:
  using Code = Formula::Code;

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Fault::input,
                fmt::format("{}: character {} of '{}': {}", where_, at_ + 1, text_, what));
  }

  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  bool take(char wanted) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void need(char wanted) {
    if (!take(wanted)) fail(fmt::format("'{}' was expected", wanted));
  }

  // Keeps count of what waits on the stack.
  void emit(Code code, double number = 0) {
    if (code <= Code::rate && ++waiting_ > most_waiting) fail("the formula is too long");
    if (code >= Code::add) --waiting_;
    formula_.instructions_.push_back({code, number});
  }

  void sum() {
    if (++nested_ > most_nested) fail("too many brackets lie in each other");
    product();
    while (true) {
      if (take('+')) {
        product();
        emit(Code::add);
      } else if (take('-')) {
        product();
        emit(Code::subtract);
      } else {
        break;
      }
    }
    --nested_;
  }

  void product() {
    signed_power();
    while (true) {
      if (take('*')) {
        signed_power();
        emit(Code::multiply);
      } else if (take('/')) {
        signed_power();
        emit(Code::divide);
      } else {
        return;
      }
    }
  }

  void signed_power() {
    bool negative = false;
    while (true) {
      if (take('-')) {
        negative = !negative;
      } else if (!take('+')) {
        break;
      }
    }
    power();
    if (negative) emit(Code::minus);
  }

  void power() {
    operand();
    if (!take('^')) return;
    if (++nested_ > most_nested) fail("too many powers lie in each other");
    signed_power();
    --nested_;
    emit(Code::power);
  }

  void operand() {
    if (take('(')) {
      sum();
      return need(')');
    }
    skip_space();
    if (at_ == text_.size()) fail("a number, a name or '(' was expected, the formula ends");
    const char next = text_[at_];
    if (std::isalpha(static_cast<unsigned char>(next)) != 0) return named();
    if (std::isdigit(static_cast<unsigned char>(next)) != 0 || next == '.') return number();
    fail(fmt::format("a number, a name or '(' was expected, not '{}'", next));
  }

  void number() {
    const char* begin = text_.c_str() + at_;
    char* end = nullptr;
    const double value = std::strtod(begin, &end);
    if (end == begin) fail("a number was expected");
    at_ += static_cast<std::size_t>(end - begin);
    emit(Code::number, value);
  }

  void named() {
    static const std::vector<std::string> names = {"epoch", "total", "rate", "pi",    "exp", "log",
                                                   "sqrt",  "cos",   "abs",  "floor", "min", "max"};
    static constexpr std::array codes = {Code::epoch, Code::total, Code::rate, Code::number,
                                         Code::exp,   Code::log,   Code::sqrt, Code::cos,
                                         Code::abs,   Code::floor, Code::min,  Code::max};
    std::size_t end = at_;
    while (end < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[end])) != 0 || text_[end] == '_')) {
      ++end;
    }
    const std::string name = text_.substr(at_, end - at_);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) fail("'" + name + "' is not known" + suggestion(name, names));
    at_ = end;
    const Code code = codes[static_cast<std::size_t>(found - names.begin())];
    if (code <= Code::rate) return emit(code, std::numbers::pi);
    need('(');
    sum();
    if (code >= Code::add) {
      need(',');
      sum();
    }
    need(')');
    emit(code);
  }

  Formula& formula_;
  const std::string& text_;
  const std::string& where_;
  std::size_t at_ = 0, waiting_ = 0;
  int nested_ = 0;
};

Formula::Formula(const std::string& text, const std::string& where) : text_(text) {
  FormulaParser(*this, where).parse();
}

double Formula::at(const Variables& variables) const {
  std::array<double, most_waiting + 1> stack = {};
  std::size_t height = 0;
  for (const auto& [code, number] : instructions_) {
    if (code <= Code::rate) {
      stack[height++] = code == Code::number  ? number
                        : code == Code::epoch ? variables.epoch
                        : code == Code::total ? variables.total
                                              : variables.rate;
      continue;
    }
    if (code >= Code::add) --height;
    double& left = stack[height - 1];
    const double right = stack[height];  // of two: the one taken off
    switch (code) {
      case Code::minus:
        left = -left;
        break;
      case Code::exp:
        left = std::exp(left);
        break;
      case Code::log:
        left = std::log(left);
        break;
      case Code::sqrt:
        left = std::sqrt(left);
        break;
      case Code::cos:
        left = std::cos(left);
        break;
      case Code::abs:
        left = std::abs(left);
        break;
      case Code::floor:
        left = std::floor(left);
        break;
      case Code::add:
        left += right;
        break;
      case Code::subtract:
        left -= right;
        break;
      case Code::multiply:
        left *= right;
        break;
      case Code::divide:
        left /= right;
        break;
      case Code::power:
        left = std::pow(left, right);
        break;
      case Code::min:
        left = std::min(left, right);
        break;
      case Code::max:
        left = std::max(left, right);
        break;
      case Code::number:
      case Code::epoch:
      case Code::total:
      case Code::rate:
        break;
    }
  }
  return stack[0];
}

}  // namespace caviar
