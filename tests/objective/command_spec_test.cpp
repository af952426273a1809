// What objective.command means: placeholders, settings, and what may not be said.
#include "caviar/objective/command_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/objective/placeholders.hpp"
#include "caviar/objective/resources.hpp"

namespace caviar {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

CommandSpec parsed(const std::string& yaml) {
  return parse_command_spec(Node::parse_yaml(yaml, "study.yaml"), "/tmp", "mine");
}

std::string refusal(const std::string& yaml) {
  try {
    const CommandSpec spec = parsed(yaml);
    check_placeholders(spec, Space({{"x", Float{0, 1}}}), "objective");
    return "accepted";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(Placeholders, AreNamesBetweenBracesAndNothingElse) {
  EXPECT_THAT(placeholders_in("--lr={lr} {a}{b.c-d}"), ElementsAre("a", "b.c-d", "lr"));
  EXPECT_THAT(placeholders_in(R"({"json": {"a": 1}} {} { x } {{lr}} {)"), IsEmpty());
  const Placeholders values = {{"a", "1"}, {"b", "{a}"}, {"none", std::nullopt}};
  EXPECT_EQ(filled("x{a}y{b}{{a}}{ a }", values), "x1y{a}{a}{ a }");
  EXPECT_EQ(filled("{a}{none}", values), std::nullopt);
}

TEST(Placeholders, OfWhatIsNotThereTakeTheirFlagWithThem) {
  const Placeholders values = {{"a", "1"}, {"none", std::nullopt}};
  const std::vector<std::string> args = {"--a=1", "--c=2"};
  const std::vector<std::string> words = {"p", "--a",    "{a}",        "--none", "{none}",
                                          "x", "{none}", "--n={none}", "{args}", "-v"};
  EXPECT_THAT(filled_words(words, values, args),
              ElementsAre("p", "--a", "1", "x", "--a=1", "--c=2", "-v"));
}

TEST(CommandSpec, DefaultsAndEverythingThatItSays) {
  const CommandSpec plain = parsed("{command: [sh, -c, 'echo {x}', 3, 0.5, true]}");
  EXPECT_THAT(plain.words, ElementsAre("sh", "-c", "echo {x}", "3", "0.5", "true"));
  EXPECT_EQ(plain.directory, "/tmp/");
  EXPECT_EQ(plain.folder, "/tmp/mine.trials");
  EXPECT_EQ(plain.results, Results::words);
  EXPECT_EQ(plain.success, std::set<int>{0});
  EXPECT_FALSE(plain.timeout_s.has_value());

  const CommandSpec all = parsed(R"(
command: [sh, "{parameters_file}"]
results: wire
wire: stdio
value: best
directory: "{directory}/work"
environment: {LEVEL: 3, PLACE: "{checkpoint}"}
timeout: 1m30s
memory: 1.5G
retries: 2
success: [0, 4]
budget: 27
folder: runs
)");
  EXPECT_EQ(all.wire, WirePlace::standard);
  EXPECT_TRUE(all.best_counts);
  EXPECT_EQ(all.directory, "{directory}/work");
  EXPECT_EQ(all.environment.at("LEVEL"), "3");
  EXPECT_EQ(all.timeout_s, 90);
  EXPECT_EQ(all.memory, 3U << 29U);
  EXPECT_EQ(all.retries, 2);
  EXPECT_EQ(all.success, (std::set<int>{0, 4}));
  EXPECT_EQ(all.budget, 27);
  EXPECT_EQ(all.folder, "/tmp/runs");
  EXPECT_EQ(parsed("{command: [sh], results: exit}").success, std::nullopt);
}

TEST(CommandSpec, WhatCannotBeMeantIsRefused) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"command: []", "empty"},
      {"command: sh -c x", "a list"},
      {"command: [no-such-program-here]", "there is no program 'no-such-program-here'"},
      {"command: [./no-such-script]", "there is no program '/tmp/./no-such-script'"},
      {"command: ['{x}']", "the program itself"},
      {"{command: [sh, '{y}']}", "{y} stands for no parameter"},
      {"{command: [sh, '--all={args}']}", "a word of the command by itself"},
      {"{command: [sh], environment: {A: '{args}'}}", "a word of the command by itself"},
      {"{command: [sh], environment: {'A=B': 1}}", "without '='"},
      {"{command: [sh, '{budget}']}", "add budget: NUMBER"},
      {"{command: [sh], results: stdout}", "results"},
      {"{command: [sh], wire: stdio}", "only meant with results: wire"},
      {"{command: [sh], file: x}", "only meant with results: file"},
      {"{command: [sh], results: wire, wire: up}", "descriptors or stdio"},
      {"{command: [sh], timeout: soon}", "a duration"},
      {"{command: [sh], timeout: -1}", "a duration"},
      {"{command: [sh], timeout: 0}", "a duration"},
      {"{command: [sh], timeout: 1e-9}", "0.01 seconds to 3650 days"},
      {"{command: [sh], timeout: 1e300}", "0.01 seconds to 3650 days"},
      {"{command: [sh], memory: much}", "a size"},
      {"{command: [sh], memory: 1K}", "1M or more"},
      {"{command: [sh], budget: 0}", "more than 0"},
      {"{command: [sh], folder: ''}", "folder: an empty name"},
      {"{command: [sh], success: []}", "every trial fails"},
      {"{command: [sh], memory: 0}", "a size"},
      {"{command: [sh], retries: -1}", "0 to 1000"},
      {"{command: [sh], success: 300}", "exit codes"},
      {"{command: [sh], success: maybe}", "exit codes"},
      {"{command: [sh], value: first}", "last or best"},
      {"{command: [sh], directory: no-such-folder}", "there is no folder 'no-such-folder'"},
      {"{command: [sh], comand: 1}", "command"},
  };
  for (const auto& [yaml, part] : cases) EXPECT_THAT(refusal(yaml), HasSubstr(part)) << yaml;
}

TEST(CommandSpec, AParameterThatReachesNothingIsWarnedOf) {
  const Space space({{"x", Float{0, 1}}, {"y", Float{0, 1}}});
  const auto warnings = [&](const std::string& yaml) {
    return check_placeholders(parsed(yaml), space, "objective");
  };
  EXPECT_THAT(warnings("{command: [sh, '{x}']}"), ElementsAre(HasSubstr("{y}")));
  EXPECT_THAT(warnings("{command: [sh, '{x}'], environment: {Y: '{y}'}}"), IsEmpty());
  EXPECT_THAT(warnings("{command: [sh, '{args}']}"), IsEmpty());
  EXPECT_THAT(warnings("{command: [sh, '{parameters_file}']}"), IsEmpty());
  EXPECT_THAT(warnings("{command: [sh], results: wire}"), IsEmpty());
  EXPECT_THAT(warnings("{command: [sh, '{args}'], budget: 3}"), ElementsAre(HasSubstr("{budget}")));
  EXPECT_THAT(warnings("{command: [sh, '{args}', '{budget}'], budget: 3}"), IsEmpty());
}

TEST(CommandSpec, HowLongARunMayTakeMakesNoOtherStudy) {
  const auto identity = [](const std::string& yaml) {
    return identity_of_command(Node::parse_yaml(yaml, "s")).json();
  };
  EXPECT_EQ(identity("{command: [sh], timeout: 3, retries: 1, memory: 1G, folder: a}"),
            identity("{command: [sh]}"));
  EXPECT_NE(identity("{command: [sh], value: best}"), identity("{command: [sh]}"));
}

TEST(Resources, EachTrialIsToldItsShare) {
  unsetenv("OMP_NUM_THREADS");
  const Resources resources{{"2", "5"}, 8, 0};
  const auto second = share_environment(resources, 2, 1);
  EXPECT_EQ(second.at("CUDA_VISIBLE_DEVICES"), "5");
  EXPECT_EQ(second.at("OMP_NUM_THREADS"), "4");
  EXPECT_EQ(share_environment(resources, 2, 0).at("CAVIAR_GPU"), "2");
  EXPECT_THAT(share_environment({}, 1, 0), IsEmpty());
  EXPECT_EQ(share_environment({}, 1000, 0).at("OMP_NUM_THREADS"), "1");
  setenv("OMP_NUM_THREADS", "3", 1);
  EXPECT_FALSE(share_environment(resources, 2, 1).contains("OMP_NUM_THREADS"));
  unsetenv("OMP_NUM_THREADS");
  EXPECT_GE(usable_cpus(), 1);
}

}  // namespace
}  // namespace caviar
