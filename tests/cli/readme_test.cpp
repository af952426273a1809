// The studies that the README shows, as a newcomer types them.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

std::string content_of(const std::string& name) {
  std::ifstream file(std::string(CAVIAR_SOURCE_DIR) + "/" + name);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::vector<std::string> studies_in(const std::string& text) {
  const std::string begin = "```yaml\nobjective:", end = "\n```";
  std::vector<std::string> studies;
  for (std::size_t at = 0; (at = text.find(begin, at)) != std::string::npos; ++at) {
    const std::size_t first = text.find("objective:", at);
    studies.push_back(text.substr(first, text.find(end, first) - first) + "\n");
  }
  return studies;
}

TEST(Readme, ItsStudiesRun) {
  const std::vector<std::string> studies = studies_in(content_of("README.md"));
  ASSERT_EQ(studies.size(), 2U);
  for (const std::string& study : studies) {
    const Folder folder;
    folder.write("table.csv", content_of("data/iris.csv"));
    folder.write("train.py",
                 "import sys\nfor epoch in (1, 2, 3):\n"
                 "  print(f'epoch={epoch} loss={float(sys.argv[2]) / epoch}', flush=True)\n");
    folder.write("study.yaml", study);
    const Result run = caviar({"tune", "study.yaml", "--trials", "2", "--json"}, folder);
    EXPECT_EQ(run.code, 0) << study << run.err;
    const Result best = caviar({"best", "study.yaml", "--json"}, folder);
    EXPECT_EQ(best.code, 0) << study << best.err;
    EXPECT_TRUE(nlohmann::json::parse(best.out).contains("value")) << best.out;
  }
}

// The commands of the first shell block behind that headline, without `caviar`, as words.
std::vector<std::vector<std::string>> commands_below(const std::string& headline) {
  const std::string text = content_of("README.md"), begin = "```sh\n";
  const std::size_t at = text.find(begin, text.find(headline)) + begin.size();
  std::istringstream lines(text.substr(at, text.find("```", at) - at));
  std::vector<std::vector<std::string>> commands;
  bool goes_on = false;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(0, line.find(" #")));
    if (!goes_on) commands.emplace_back();
    goes_on = false;
    for (std::string word; words >> word;) {
      if (word == "\\") goes_on = true;
      if (word != "\\" && word != "caviar") commands.back().push_back(word);
    }
  }
  return commands;
}

TEST(Readme, ItsTrainingIsSteered) {
  const auto commands = commands_below("## One training under your eyes");
  ASSERT_EQ(commands.size(), 8U);
  const Folder folder;
  std::filesystem::create_directory_symlink(std::string(CAVIAR_SOURCE_DIR) + "/data",
                                            folder.path("data"));
  Program training(commands[0], folder.path());
  std::string line;
  while (line.find("epoch 2/") != 0) line = training.line();
  for (std::size_t i = 1; i < commands.size(); ++i) {
    const Result result = caviar(commands[i], folder);
    EXPECT_EQ(result.code, 0) << commands[i].front() << ": " << result.err;
    if (commands[i].front() == "stop") {
      EXPECT_EQ(training.wait().code, 0);
    }
    if (i + 1 == commands.size()) {
      EXPECT_NE(result.out.find("to the bit"), std::string::npos) << result.out;
    }
  }
}

// What is shown as C++ stands in the examples, which the test install.example compiles and runs.
TEST(Readme, ItsCodeIsThatOfTheExamples) {
  const std::string examples =
      content_of("examples/library/quick_start.cpp") + content_of("examples/library/tour.cpp");
  int functions = 0;
  for (const std::string page : {"README.md", "docs/library.md"}) {
    const std::string text = content_of(page), begin = "```cpp\n";
    for (std::size_t at = 0; (at = text.find(begin, at)) != std::string::npos;) {
      at += begin.size();
      std::string block = text.substr(at, text.find("```", at) - at);
      // Functions that stand next to each other on the page may not do so in the example.
      for (std::size_t end = 0; !block.empty(); block.erase(0, end + 1), ++functions) {
        end = std::min(block.find("\n\n", block.find("\n}")), block.size() - 1);
        const std::string function = block.substr(0, end + 1);
        EXPECT_NE(examples.find(function), std::string::npos) << page << ":\n" << function;
      }
    }
  }
  EXPECT_GE(functions, 6);
}

}  // namespace
}  // namespace caviar::test
