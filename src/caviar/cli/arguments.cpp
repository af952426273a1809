#include "caviar/cli/arguments.hpp"

#include <algorithm>
#include <type_traits>

#include <CLI/CLI.hpp>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar::cli {

struct Arguments::State {
  CLI::App app;
  std::string program;
};

Arguments::Arguments(const std::string& program, const std::string& command,
                     const std::string& summary, const std::string& examples)
    : state_(std::make_unique<State>()) {
  state_->program = program;
  state_->app.description(summary);
  state_->app.name(program + " " + command);
  state_->app.set_help_flag("-h,--help", "Print this text");
  state_->app.footer("Examples:\n" + examples);
  state_->app.get_formatter()->column_width(34);
}

Arguments::~Arguments() = default;

const std::string& Arguments::program() const { return state_->program; }

void Arguments::required(const std::string& shown, std::string& into, const std::string& help) {
  state_->app.add_option(shown, into, help)->option_text(" ")->required();
}

void Arguments::positional(const std::string& shown, std::string& into, const std::string& help) {
  state_->app.add_option(shown, into, help)->option_text(" ");
}

void Arguments::words(const std::string& shown, std::vector<std::string>& into,
                      const std::string& help) {
  state_->app.add_option(shown, into, help)->option_text(" ");
}

void Arguments::flag(const std::string& names, bool& into, const std::string& help) {
  state_->app.add_flag(names, into, help);
}

namespace {

// The library's own number conversion says only "could not convert"; this one names what it wants.
template <class T>
CLI::Option* add(CLI::App& app, const std::string& names, const std::string& shown,
                 std::optional<T>& into, const std::string& help, const std::string& wanted) {
  const auto read = [&into, names, wanted](const std::vector<std::string>& given) {
    T value{};
    const bool negative = std::is_unsigned_v<T> && given.back().starts_with('-');
    if (negative || !CLI::detail::lexical_cast(given.back(), value)) {
      throw Error(Fault::input, names + ": '" + given.back() + "' is not " + wanted);
    }
    into = value;
    return true;
  };
  return app.add_option(names, read, help)->option_text(shown)->expected(1);
}

}  // namespace

void Arguments::option(const std::string& names, const std::string& shown,
                       std::optional<std::string>& into, const std::string& help) {
  add(state_->app, names, shown, into, help, "a text");
}

void Arguments::option(const std::string& names, const std::string& shown, std::optional<int>& into,
                       const std::string& help) {
  add(state_->app, names, shown, into, help, "a whole number");
}

void Arguments::option(const std::string& names, const std::string& shown,
                       std::optional<double>& into, const std::string& help) {
  add(state_->app, names, shown, into, help, "a number");
}

void Arguments::option(const std::string& names, const std::string& shown,
                       std::optional<std::uint64_t>& into, const std::string& help) {
  add(state_->app, names, shown, into, help, "a whole number from 0 on");
}

namespace {

// The word that nothing took, as an error that helps: a near option, or one word too many.
[[noreturn]] void refuse(const CLI::App& app, const std::string& word) {
  if (word.rfind('-', 0) != 0) {
    throw Error(Fault::input,
                "'" + word + "': one argument too many (see " + app.get_name() + " --help)");
  }
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  const std::string written = word.substr(0, word.find('='));
  const auto near = nearest(written, known);
  if (!near && app.get_option_no_throw("SETTING") != nullptr) {
    std::string name = written.substr(std::min(written.size(), written.find_first_not_of('-')));
    std::ranges::replace(name, '-', '_');
    throw Error(Fault::input, "unknown option " + written +
                                  "; a setting is written NAME=VALUE, as " + name + "=… (see " +
                                  app.get_name() + " --help)");
  }
  throw Error(Fault::input, "unknown option " + written + suggestion(written, known));
}

// An empty word is what a script's unset variable leaves; it names no file, column or number.
void refuse_empty(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& word : option->results()) {
      if (!word.empty()) continue;
      throw Error(Fault::input, option->get_name() + ": an empty word was given (see " +
                                    app.get_name() + " --help)");
    }
  }
}

}  // namespace

bool Arguments::parse(const std::vector<std::string>& words) {
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  try {
    state_->app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return false;
  } catch (const CLI::ExtrasError&) {
    refuse(state_->app, state_->app.remaining().front());
  } catch (const CLI::ParseError& error) {
    throw Error(Fault::input,
                std::string(error.what()) + " (see " + state_->app.get_name() + " --help)");
  }
  refuse_empty(state_->app);
  return true;
}

std::string Arguments::help() const { return state_->app.help(); }

}  // namespace caviar::cli
