// A user's formula of the epoch, for learning rates: "rate * min(1, exp(0.1 * (10 - epoch)))".
//
//   numbers  epoch  total  rate  pi  + - * / ^  ( )
//   exp log sqrt cos abs floor (of one)   min max (of two)
// ^ binds tightest and to the right, so −2^2 is −4. Compiled once; evaluating allocates nothing.
#pragma once

#include <string>
#include <vector>

namespace caviar {

class Formula {
 public:
  struct Variables {
    double epoch = 0;  // from 0, a fraction for the middle of one
    double total = 0;  // epochs in all
    double rate = 0;   // the learning rate as it was set
  };

  // Throws Error{input} that begins with `where` and names the character, from 1, where the text
  // stops making sense.
  Formula(const std::string& text, const std::string& where);

  double at(const Variables& variables) const;
  const std::string& text() const { return text_; }
  bool operator==(const Formula& other) const { return text_ == other.text_; }

 private:
  friend class FormulaParser;
  // Works on a stack of numbers: pushes one, or takes one or two and pushes what comes out.
  enum class Code {
    number,
    epoch,
    total,
    rate,  // push
    minus,
    exp,
    log,
    sqrt,
    cos,
    abs,
    floor,  // of one
    add,
    subtract,
    multiply,
    divide,
    power,
    min,
    max  // of two
  };
  struct Instruction {
    Code code = Code::number;
    double number = 0;
  };

  std::string text_;
  std::vector<Instruction> instructions_;
};

}  // namespace caviar
