#include "caviar/model/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

static_assert(std::endian::native == std::endian::little, "files are little-endian");

constexpr std::size_t length_bytes = 8;
constexpr std::size_t most_header_bytes = 100'000'000;  // the format's own limit

const std::array<std::string, 6> dtype_names = {"F32", "F64", "I32", "I64", "U32", "U64"};
constexpr std::array<std::size_t, 6> dtype_sizes = {4, 8, 4, 8, 4, 8};

std::string name_of(Dtype dtype) { return dtype_names[static_cast<std::size_t>(dtype)]; }
std::size_t size_of(Dtype dtype) { return dtype_sizes[static_cast<std::size_t>(dtype)]; }

std::string shape_text(const std::vector<std::size_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& source) : bytes_(bytes), source_(source) {}

  StoredTensors read() {
    const Json header = read_header();
    std::vector<StoredTensor> tensors;
    std::vector<std::pair<std::size_t, std::size_t>> places;
    std::map<std::string, std::string> metadata;
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        metadata = read_metadata(entry);
        continue;
      }
      places.push_back(read_place(name, entry));
      tensors.push_back(read_tensor(name, entry, places.back()));
    }
    check_cover(std::move(places));
    return {std::move(tensors), std::move(metadata), source_};
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw Error(Fault::input, source_ + ": " + problem);
  }

  Json read_header() {
    if (bytes_.size() < length_bytes) {
      fail(fmt::format("{} bytes are no safetensors file, which begins with 8 bytes of length",
                       bytes_.size()));
    }
    std::uint64_t length = 0;
    std::memcpy(&length, bytes_.data(), length_bytes);
    if (length > most_header_bytes || length > bytes_.size() - length_bytes) {
      fail(
          fmt::format("the header should be {} bytes long, but {} bytes follow: the file is cut "
                      "off, or no safetensors file",
                      length, bytes_.size() - length_bytes));
    }
    const std::string_view text = bytes_.substr(length_bytes, length);
    data_ = bytes_.substr(length_bytes + length);
    Json header = Json::parse(text, nullptr, false);
    if (header.is_discarded() || !header.is_object()) fail("the header is no JSON object");
    return header;
  }

  std::map<std::string, std::string> read_metadata(const Json& entry) const {
    std::map<std::string, std::string> metadata;
    if (!entry.is_object()) fail("__metadata__: an object of texts was expected");
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) fail("__metadata__." + key + ": a text was expected");
      metadata[key] = value.get<std::string>();
    }
    return metadata;
  }

  // The list of whole numbers from 0 on that stands under the key.
  std::vector<std::size_t> read_numbers(const std::string& name, const Json& entry,
                                        const char* key) const {
    const auto found = entry.find(key);
    if (found == entry.end() || !found->is_array()) {
      fail(fmt::format("tensor '{}': {}: a list of numbers was expected", name, key));
    }
    std::vector<std::size_t> numbers;
    for (const Json& number : *found) {
      if (!number.is_number_unsigned()) {
        fail(fmt::format("tensor '{}': {}: {} is no whole number from 0 on", name, key,
                         number.dump(-1, ' ', true, Json::error_handler_t::replace)));
      }
      numbers.push_back(number.get<std::size_t>());
    }
    return numbers;
  }

  std::pair<std::size_t, std::size_t> read_place(const std::string& name, const Json& entry) const {
    if (!entry.is_object()) fail(fmt::format("tensor '{}': an object was expected", name));
    const auto offsets = read_numbers(name, entry, "data_offsets");
    if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_.size()) {
      fail(fmt::format("tensor '{}': data_offsets {} do not lie in the {} bytes of data", name,
                       shape_text(offsets), data_.size()));
    }
    return {offsets[0], offsets[1]};
  }

  Dtype read_dtype(const std::string& name, const Json& entry) const {
    const auto found = entry.find("dtype");
    const std::string written =
        found != entry.end() && found->is_string() ? found->get<std::string>() : "";
    const auto known = std::find(dtype_names.begin(), dtype_names.end(), written);
    if (known != dtype_names.end()) return static_cast<Dtype>(known - dtype_names.begin());
    fail(fmt::format("tensor '{}': numbers of type '{}' are not read here{}", name, written,
                     suggestion(written, dtype_names)));
  }

  StoredTensor read_tensor(const std::string& name, const Json& entry,
                           std::pair<std::size_t, std::size_t> place) const {
    StoredTensor tensor{name, read_dtype(name, entry), read_numbers(name, entry, "shape"), {}};
    std::size_t wanted = size_of(tensor.dtype);
    for (const std::size_t side : tensor.shape) {
      if (side != 0 && wanted > std::numeric_limits<std::size_t>::max() / side) {
        fail(fmt::format("tensor '{}': shape {} is too large", name, shape_text(tensor.shape)));
      }
      wanted *= side;
    }
    const std::size_t given = place.second - place.first;
    if (wanted != given) {
      fail(fmt::format("tensor '{}': {} {} takes {} bytes, data_offsets give it {}", name,
                       name_of(tensor.dtype), shape_text(tensor.shape), wanted, given));
    }
    tensor.bytes = data_.substr(place.first, given);
    return tensor;
  }

  // Every byte belongs to one tensor.
  void check_cover(std::vector<std::pair<std::size_t, std::size_t>> places) const {
    std::sort(places.begin(), places.end());
    std::size_t at = 0;
    for (const auto& [first, last] : places) {
      if (first < at) fail(fmt::format("two tensors overlap at byte {} of the data", first));
      if (first > at)
        fail(fmt::format("bytes {} to {} of the data belong to no tensor", at, first));
      at = last;
    }
    if (at == data_.size()) return;
    fail(fmt::format("bytes {} to {} of the data belong to no tensor", at, data_.size()));
  }

  std::string_view bytes_, data_;
  const std::string& source_;
};

}  // namespace

StoredTensors::StoredTensors(std::vector<StoredTensor> all,
                             std::map<std::string, std::string> metadata, std::string source)
    : all_(std::move(all)), metadata_(std::move(metadata)), source_(std::move(source)) {}

bool StoredTensors::has(const std::string& name) const {
  return std::any_of(all_.begin(), all_.end(),
                     [&](const StoredTensor& t) { return t.name == name; });
}

const StoredTensor& StoredTensors::need(const std::string& name, Dtype dtype,
                                        const std::vector<std::size_t>& shape) const {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const StoredTensor& t) { return t.name == name; });
  if (found == all_.end()) {
    throw Error(Fault::input, fmt::format("{}: tensor '{}' is missing", source_, name));
  }
  if (found->dtype == dtype && found->shape == shape) return *found;
  throw Error(Fault::input, fmt::format("{}: tensor '{}' is {} {}; {} {} was expected", source_,
                                        name, name_of(found->dtype), shape_text(found->shape),
                                        name_of(dtype), shape_text(shape)));
}

std::string safetensors_bytes(std::span<const StoredTensor> tensors,
                              const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t at = 0;
  for (const StoredTensor& tensor : tensors) {
    header[tensor.name] = {{"dtype", name_of(tensor.dtype)},
                           {"shape", tensor.shape},
                           {"data_offsets", {at, at + tensor.bytes.size()}}};
    at += tensor.bytes.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // so that the numbers lie on multiples of 8
  const std::uint64_t length = text.size();
  std::string bytes(length_bytes, 0);
  std::memcpy(bytes.data(), &length, length_bytes);
  bytes.reserve(length_bytes + text.size() + at);
  bytes += text;
  for (const StoredTensor& tensor : tensors) bytes += tensor.bytes;
  return bytes;
}

StoredTensors parse_safetensors(std::string_view bytes, const std::string& source) {
  return Reader(bytes, source).read();
}

}  // namespace caviar
