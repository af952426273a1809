// An ONNX graph under construction: nodes in the order they run, the constants that they read, and
// what goes in and comes out. Field numbers are those of onnx.proto.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "caviar/model/protobuf.hpp"

namespace caviar {

inline constexpr int onnx_ir_version = 8;
inline constexpr int onnx_opset = 17;
inline constexpr int onnx_ml_opset = 3;  // of ai.onnx.ml

enum class OnnxType { real = 1, whole = 7, text = 8, exact = 11 };  // float, int64, string, double

// One attribute of a node, in its message.
class OnnxAttribute {
 public:
  static OnnxAttribute real(const std::string& name, float value);
  static OnnxAttribute whole(const std::string& name, std::int64_t value);
  static OnnxAttribute wholes(const std::string& name, const std::vector<std::int64_t>& values);
  static OnnxAttribute texts(const std::string& name, const std::vector<std::string>& values);

  const Message& message() const { return message_; }

 private:
  OnnxAttribute(const std::string& name, int type);
  Message message_;
};

class OnnxGraph {
 public:
  // Adds a node with one output and returns that output's name.
  std::string node(const std::string& operation, const std::vector<std::string>& inputs,
                   const std::vector<OnnxAttribute>& attributes = {},
                   const std::string& output = "");
  // The same for an operation with two outputs, of which the second is of no use here.
  std::string first_of_two(const std::string& operation, const std::vector<std::string>& inputs,
                           const std::vector<OnnxAttribute>& attributes);
  // The same as node for an operation of ai.onnx.ml.
  std::string ml_node(const std::string& operation, const std::vector<std::string>& inputs,
                      const std::vector<OnnxAttribute>& attributes);

  // Constants; each returns its name.
  std::string constant(const std::vector<std::size_t>& shape, std::span<const float> values);
  std::string constant(const std::vector<std::size_t>& shape, std::span<const double> values);
  std::string constant(const std::vector<std::size_t>& shape, std::span<const std::int64_t> values);
  std::string constant(std::span<const std::string> texts);

  // Rows × columns; 0 columns: one value a row.
  void input(const std::string& name, OnnxType type, std::size_t columns);
  void output(const std::string& name, OnnxType type, std::size_t columns);

  // The model's bytes. `metadata` is text for whoever uses the model.
  std::string model(const std::string& version,
                    const std::map<std::string, std::string>& metadata) const;

 private:
  std::string add(const std::string& operation, const std::string& domain,
                  const std::vector<std::string>& inputs,
                  const std::vector<OnnxAttribute>& attributes, std::string output,
                  const std::string& second = "");
  std::string tensor(OnnxType type, const std::vector<std::size_t>& shape, std::string_view raw);

  Message graph_;
  std::size_t names_ = 0;  // given out so far
};

}  // namespace caviar
