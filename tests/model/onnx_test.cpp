// ONNX files, taken apart by a reader of the wire format that is independent of the writer. That
// other engines compute the same from them is checked by tools/check_onnx.py.
#include "caviar/model/onnx.hpp"

#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "caviar/model/onnx_graph.hpp"

#include "tests/model/models.hpp"

namespace caviar {
namespace {

// A message's fields by number; numbers as text.
struct Decoded {
  std::multimap<int, std::string> fields;

  explicit Decoded(const std::string& bytes) {
    std::size_t at = 0;
    const auto varint = [&] {
      std::uint64_t value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.at(at++));
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
      return value;
    };
    while (at < bytes.size()) {
      const std::uint64_t key = varint();
      const int field = static_cast<int>(key >> 3);
      switch (key & 7) {
        case 0:
          fields.emplace(field, std::to_string(static_cast<std::int64_t>(varint())));
          break;
        case 2: {
          const std::uint64_t length = varint();
          EXPECT_LE(at + length, bytes.size());
          fields.emplace(field, bytes.substr(at, length));
          at += length;
          break;
        }
        case 5:
          fields.emplace(field, bytes.substr(at, 4));
          at += 4;
          break;
        default:
          ADD_FAILURE() << "wire type " << (key & 7);
          return;
      }
    }
  }

  std::string text(int field) const {
    const auto found = fields.find(field);
    return found == fields.end() ? "" : found->second;
  }
  Decoded message(int field) const { return Decoded(text(field)); }
  std::vector<std::string> all(int field) const {
    std::vector<std::string> values;
    for (auto [at, end] = fields.equal_range(field); at != end; ++at) values.push_back(at->second);
    return values;
  }
};

constexpr int graph = 7, node = 1, initializer = 5, input = 11, output = 12;

std::string operations(const Decoded& model) {
  std::string names;
  for (const std::string& one : model.message(graph).all(node)) names += Decoded(one).text(4) + " ";
  return names;
}

// "name:type:columns", of inputs or outputs.
std::vector<std::string> ends(const Decoded& model, int field) {
  std::vector<std::string> all;
  for (const std::string& one : model.message(graph).all(field)) {
    const Decoded value(one);
    const Decoded tensor = value.message(2).message(1);
    const auto dims = tensor.message(2).all(1);
    EXPECT_EQ(Decoded(dims[0]).text(2), "rows");
    all.push_back(value.text(1) + ":" + tensor.text(1) + ":" +
                  (dims.size() > 1 ? Decoded(dims[1]).text(1) : ""));
  }
  return all;
}

using Texts = std::vector<std::string>;

TEST(Protobuf, WritesTheExamplesOfItsDocumentation) {
  EXPECT_EQ(Message().integer(1, 150).done(), "\x08\x96\x01");
  EXPECT_EQ(Message().bytes(2, "testing").done(), "\x12\x07testing");
  EXPECT_EQ(Message().message(3, Message().integer(1, 150)).done(), "\x1a\x03\x08\x96\x01");
  EXPECT_EQ(Message().integer(1, -2).done(), "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

TEST(Onnx, StatesItsVersions) {
  const Decoded model(onnx_bytes(test::rich_model()));
  EXPECT_EQ(model.text(1), "8");
  EXPECT_EQ(model.text(2), "caviar");
  const auto opsets = model.all(8);
  ASSERT_EQ(opsets.size(), 2U);
  EXPECT_EQ(Decoded(opsets[0]).text(2), "17");
  EXPECT_EQ(Decoded(opsets[1]).text(1), "ai.onnx.ml");
  EXPECT_EQ(onnx_version_text(), "opset 17 and ai.onnx.ml 3");
}

TEST(Onnx, SaysWhatGoesInAndComesOut) {
  const Decoded classes(onnx_bytes(test::rich_model()));
  EXPECT_EQ(ends(classes, input), (Texts{"numbers:11:1", "sex:8:1", "wild:8:1", "when:11:1"}));
  EXPECT_EQ(ends(classes, output), (Texts{"class:8:", "probabilities:1:3"}));
  const Decoded number(onnx_bytes(test::embedding_model()));
  EXPECT_EQ(ends(number, input), (Texts{"sex:8:1", "wild:8:1"}));
  EXPECT_EQ(ends(number, output), (Texts{"value:11:1"}));
}

TEST(Onnx, HoldsTheLayersInOrder) {
  const std::string all = operations(Decoded(onnx_bytes(test::rich_model())));
  const std::string network =
      "Gemm BatchNormalization "
      "Mul Erf Add Mul Mul "   // gelu
      "Gemm Sigmoid Mul Add "  // silu in a residual block
      "Gemm Selu MatMul Add "  // one that projects
      "Gemm Softmax ArgMax Gather ";
  EXPECT_NE(all.find(network), std::string::npos) << all;
  EXPECT_EQ(all.find("Dropout"), std::string::npos);
  EXPECT_EQ(all.rfind("IsNaN Where Sub Mul Cast ", 0), 0U) << all;
}

TEST(Onnx, EveryNameIsMadeOnceAndBeforeItIsRead) {
  for (const SavedModel& saved : {test::rich_model(), test::embedding_model()}) {
    const Decoded whole = Decoded(onnx_bytes(saved)).message(graph);
    std::map<std::string, int> made;
    for (const std::string& one : whole.all(initializer)) ++made[Decoded(one).text(8)];
    for (const std::string& one : whole.all(input)) ++made[Decoded(one).text(1)];
    for (const std::string& one : whole.all(node)) {
      const Decoded step(one);
      for (const std::string& name : step.all(1)) EXPECT_TRUE(made.contains(name)) << name;
      for (const std::string& name : step.all(2)) ++made[name];
    }
    for (const auto& [name, times] : made) EXPECT_EQ(times, 1) << name;
    for (const std::string& one : whole.all(output)) {
      EXPECT_TRUE(made.contains(Decoded(one).text(1)));
    }
  }
}

TEST(Onnx, TensorsHaveTheBytesThatTheirShapesNeed) {
  const std::map<std::string, std::size_t> sizes = {{"1", 4}, {"7", 8}, {"11", 8}};
  for (const std::string& one :
       Decoded(onnx_bytes(test::embedding_model())).message(graph).all(initializer)) {
    const Decoded tensor(one);
    std::size_t count = 1;
    for (const std::string& side : tensor.all(1)) count *= std::stoul(side);
    if (tensor.text(2) == "8") {
      EXPECT_EQ(tensor.all(6).size(), count);
    } else {
      EXPECT_EQ(tensor.text(9).size(), count * sizes.at(tensor.text(2)));
    }
  }
}

}  // namespace
}  // namespace caviar
