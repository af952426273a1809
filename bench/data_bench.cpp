// How fast data are read, on one core: CSV of numbers short and long, of texts and of pixels,
// MNIST's shape packed as IDX, and prepared for training. Files are made in the temporary folder
// and are in the page cache.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>

#include <benchmark/benchmark.h>
#include <unistd.h>
#include <zlib.h>

#include "caviar/base/rng.hpp"
#include "caviar/data/preprocess.hpp"
#include "caviar/data/read_table.hpp"

namespace caviar {
namespace {

// A file that goes away with the program.
class File {
 public:
  File(const std::string& name, const std::string& content)
      : path_(std::filesystem::temp_directory_path() /
              ("caviar_bench_" + std::to_string(::getpid()) + name)) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

constexpr std::size_t megabyte = 1'000'000;

// A CSV of about `bytes` bytes, each cell written by `cell(rng)`.
template <class Cell>
std::string csv(std::size_t bytes, std::size_t columns, const Cell& cell) {
  Rng rng(1);
  std::string text;
  text.reserve(bytes + 4096);
  for (std::size_t i = 0; i < columns; ++i) text += (i == 0 ? "c" : ",c") + std::to_string(i);
  while (text.size() < bytes) {
    for (std::size_t i = 0; i < columns; ++i) {
      text += i == 0 ? '\n' : ',';
      cell(text, rng);
    }
  }
  return text + "\n";
}

void decimal(std::string& text, Rng& rng, const char* format) {
  char buffer[40];
  const int size = std::snprintf(buffer, sizeof buffer, format, rng.normal());
  text.append(buffer, static_cast<std::size_t>(size));
}

void read(benchmark::State& state, const std::string& content) {
  const File file(".csv", content);
  for (auto _ : state) benchmark::DoNotOptimize(read_table(file.path()).rows);
  state.SetBytesProcessed(static_cast<std::int64_t>(content.size()) *
                          static_cast<std::int64_t>(state.iterations()));
}

void csv_short_numbers(benchmark::State& state) {
  read(state,
       csv(200 * megabyte, 20, [](std::string& text, Rng& rng) { decimal(text, rng, "%.4f"); }));
}
void csv_full_doubles(benchmark::State& state) {
  read(state,
       csv(200 * megabyte, 20, [](std::string& text, Rng& rng) { decimal(text, rng, "%.17g"); }));
}
void csv_pixels(benchmark::State& state) {
  read(state, csv(100 * megabyte, 785, [](std::string& text, Rng& rng) {
         text += rng.below(5) == 0 ? std::to_string(rng.below(256)) : "0";
       }));
}
void csv_categories(benchmark::State& state) {
  read(state, csv(100 * megabyte, 10, [](std::string& text, Rng& rng) {
         text += "level " + std::to_string(rng.below(40));
       }));
}

std::string packed(const std::string& content) {
  std::string out(compressBound(content.size()) + 64, '\0');
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// 60,000 pictures of 28 × 28, a blot of grey in each: it packs about as MNIST does.
std::string pictures() {
  Rng rng(3);
  std::string bytes("\0\0\x08\x03\0\0\xEA\x60\0\0\0\x1C\0\0\0\x1C", 16);
  bytes.resize(16 + 60000 * 784, '\0');
  for (std::size_t at = 16; at < bytes.size(); at += 784) {
    for (std::size_t line = 4; line < 24; ++line) {
      const std::size_t first = 6 + rng.below(8), wide = 3 + rng.below(5);
      for (std::size_t x = first; x < first + wide; ++x) {
        bytes[at + 28 * line + x] = static_cast<char>(rng.below(2) == 0 ? 253 : rng.below(256));
      }
    }
  }
  return bytes;
}

void mnist_shape(benchmark::State& state) {
  const File file(".idx.gz", packed(pictures()));
  for (auto _ : state) {
    const Table table = read_table(file.path());
    std::vector<std::size_t> rows(table.rows), columns(table.columns.size());
    std::iota(rows.begin(), rows.end(), 0U);
    std::iota(columns.begin(), columns.end(), 0U);
    benchmark::DoNotOptimize(Preprocessor::learn(table, columns, rows).apply(table, rows).data());
  }
}

// 1,000,000 rows of 50 numbers, learnt from and scaled.
void prepare_numbers(benchmark::State& state) {
  constexpr std::size_t columns = 50, count = 1'000'000;
  Rng rng(4);
  Table table;
  table.rows = count;
  for (std::size_t i = 0; i < columns; ++i) {
    std::vector<double> numbers(count);
    for (double& x : numbers) x = rng.uniform();
    table.columns.emplace_back().name = "c" + std::to_string(i);
    table.columns.back().numbers = std::move(numbers);
  }
  std::vector<std::size_t> rows(count), all(columns);
  std::iota(rows.begin(), rows.end(), 0U);
  std::iota(all.begin(), all.end(), 0U);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Preprocessor::learn(table, all, rows).apply(table, rows).data());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(columns * count) *
                          static_cast<std::int64_t>(state.iterations()));
}

BENCHMARK(csv_short_numbers)->Unit(benchmark::kMillisecond);
BENCHMARK(csv_full_doubles)->Unit(benchmark::kMillisecond);
BENCHMARK(csv_pixels)->Unit(benchmark::kMillisecond);
BENCHMARK(csv_categories)->Unit(benchmark::kMillisecond);
BENCHMARK(mnist_shape)->Unit(benchmark::kMillisecond);
BENCHMARK(prepare_numbers)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace caviar
