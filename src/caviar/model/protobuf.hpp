// The wire format of Protocol Buffers, as much of it as is needed to write messages: a key, which
// is the field's number and how its value is coded, then the value.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace caviar {

class Message {
 public:
  // A whole number, two's complement.
  Message& integer(int field, std::int64_t value) {
    key(field, 0);
    varint(static_cast<std::uint64_t>(value));
    return *this;
  }
  Message& real(int field, float value) {
    key(field, 5);
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    bytes_.append(raw, sizeof value);
    return *this;
  }
  // A text, raw bytes or a message inside this one.
  Message& bytes(int field, std::string_view value) {
    key(field, 2);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(int field, const Message& value) { return bytes(field, value.bytes_); }

  const std::string& done() const { return bytes_; }

 private:
  void key(int field, int coding) { varint(static_cast<std::uint64_t>(field << 3 | coding)); }
  void varint(std::uint64_t value) {  // seven bits a byte, the lowest first
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

}  // namespace caviar
