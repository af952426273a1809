// A configuration: the value of every active parameter, by name.
#include "caviar/space/point.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>

#include "caviar/base/error.hpp"
#include "caviar/base/match.hpp"

namespace caviar {
namespace {

template <class Word>
void append_bytes(std::string& key, Word word) {
  char bytes[sizeof(Word)];
  std::memcpy(bytes, &word, sizeof(Word));
  key.append(bytes, sizeof(Word));
}

// Lengths go before texts, so that no text can imitate another entry.
void append_text(std::string& key, const std::string& text) {
  append_bytes(key, static_cast<std::uint32_t>(text.size()));
  key += text;
}

void append_number(std::string& key, double number) {
  // A whole number has the key of the integer, −0 that of 0.
  if (std::trunc(number) == number && std::fabs(number) < 0x1p63) {
    key += 'i';
    append_bytes(key, static_cast<std::int64_t>(number));
  } else {
    key += 'f';
    append_bytes(key, number);
  }
}

void append_value(std::string& key, const Value& value) {
  std::visit(match{[&](bool flag) { key += flag ? '1' : '0'; },
                   [&](std::int64_t integer) {
                     key += 'i';
                     append_bytes(key, integer);
                   },
                   [&](double number) { append_number(key, number); },
                   [&](const std::string& text) {
                     key += 't';
                     append_text(key, text);
                   }},
             value);
}

// Chains a word to a hash (the finaliser of SplitMix64).
std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  std::uint64_t z = (hash ^ word) + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::uint64_t text_hash(std::string_view text) { return std::hash<std::string_view>()(text); }

}  // namespace

Point::Point(std::initializer_list<Entry> entries) {
  entries_.reserve(entries.size());
  for (const Entry& entry : entries) set(entry.first, entry.second);
}

Point Point::from(std::vector<Entry> entries) {
  Point point;
  point.entries_ = std::move(entries);
  return point;
}

const Value* Point::find(std::string_view name) const {
  for (const Entry& entry : entries_) {
    if (entry.first == name) return &entry.second;
  }
  return nullptr;
}

const Value& Point::at(std::string_view name) const {
  if (const Value* value = find(name)) return *value;
  throw Error(Fault::missing, "the configuration has no value for '" + std::string(name) + "' (" +
                                  (empty() ? "it is empty" : "it has " + to_text(*this)) + ")");
}

void Point::set(const std::string& name, Value value) {
  for (Entry& entry : entries_) {
    if (entry.first == name) {
      entry.second = std::move(value);
      return;
    }
  }
  entries_.emplace_back(name, std::move(value));
}

bool Point::operator==(const Point& other) const {
  return size() == other.size() && std::ranges::all_of(entries_, [&](const Entry& entry) {
           const Value* value = other.find(entry.first);
           return value != nullptr && same(entry.second, *value);
         });
}

std::string Point::key() const {
  std::vector<const Entry*> sorted;
  sorted.reserve(entries_.size());
  std::size_t length = 0;
  for (const Entry& entry : entries_) {
    sorted.push_back(&entry);
    length += entry.first.size() + 16;
  }
  std::ranges::sort(sorted, {}, [](const Entry* entry) { return std::string_view(entry->first); });
  std::string key;
  key.reserve(length);
  for (const Entry* entry : sorted) {
    append_text(key, entry->first);
    append_value(key, entry->second);
  }
  return key;
}

std::uint64_t Point::fingerprint() const {
  // A sum over the entries, as their order does not matter.
  std::uint64_t sum = size();
  for (const auto& [name, value] : entries_) {
    const auto word = std::visit(
        match{[](bool flag) -> std::uint64_t { return flag ? 1 : 2; },
              [](std::int64_t integer) { return mixed(3, static_cast<std::uint64_t>(integer)); },
              [](double number) {
                const bool whole = std::trunc(number) == number && std::fabs(number) < 0x1p63;
                return whole
                           ? mixed(3, static_cast<std::uint64_t>(static_cast<std::int64_t>(number)))
                           : mixed(4, std::bit_cast<std::uint64_t>(number));
              },
              [](const std::string& text) { return mixed(5, text_hash(text)); }},
        value);
    sum += mixed(text_hash(name), word);
  }
  return sum;
}

std::string to_text(const Point& point) {
  std::string text;
  for (const auto& [name, value] : point.entries()) {
    if (!text.empty()) text += ' ';
    text += name + '=' + to_text(value);
  }
  return text;
}

}  // namespace caviar
