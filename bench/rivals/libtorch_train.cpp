// The trainings of train_rivals.py in libtorch, from C++; prints "NET BATCH microseconds-a-step" a
// line. train_rivals.py builds it against the libtorch that lies in Python's torch.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include <torch/torch.h>

namespace {

constexpr std::int64_t rows = 4096;
constexpr int steps = 20, runs = 7;
constexpr double seconds = 0.3;

class Training {
 public:
  Training(const std::vector<std::int64_t>& sizes, std::int64_t batch)
      : batch_(batch),
        x_(torch::randn({rows, sizes.front()})),
        y_(torch::randint(sizes.back(), {rows}, torch::kLong)),
        model_(layers(sizes)),
        optimizer_(model_->parameters(), torch::optim::AdamOptions(1e-3)) {}

  void run() {
    for (int i = 0; i < steps; ++i) {
      if (at_ + batch_ > rows) {
        at_ = 0;
        order_ = torch::randperm(rows);
      }
      const auto part = order_.slice(0, at_, at_ + batch_);
      at_ += batch_;
      optimizer_.zero_grad();
      const auto outputs = model_->forward(x_.index_select(0, part));
      torch::nn::functional::cross_entropy(outputs, y_.index_select(0, part)).backward();
      optimizer_.step();
    }
  }

 private:
  static torch::nn::Sequential layers(const std::vector<std::int64_t>& sizes) {
    torch::nn::Sequential all;
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
      if (i > 0) all->push_back(torch::nn::ReLU());
      all->push_back(torch::nn::Linear(sizes[i], sizes[i + 1]));
    }
    return all;
  }

  std::int64_t batch_, at_ = 0;
  torch::Tensor order_ = torch::randperm(rows), x_, y_;
  torch::nn::Sequential model_;
  torch::optim::Adam optimizer_;
};

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median_of(Training& training) {
  training.run();
  double start = now();
  training.run();
  const int repeats = std::max(1, static_cast<int>(seconds / (now() - start)));
  std::vector<double> times;
  for (int run = 0; run < runs; ++run) {
    start = now();
    for (int i = 0; i < repeats; ++i) training.run();
    times.push_back((now() - start) / (repeats * steps));
  }
  std::sort(times.begin(), times.end());
  return times[runs / 2];
}

}  // namespace

int main(int count, char** words) {
  torch::set_num_threads(1);
  torch::manual_seed(1);
  for (int i = 1; i < count; ++i) {
    std::vector<std::int64_t> sizes;
    std::stringstream net(words[i]);
    for (std::string size; std::getline(net, size, '-');) sizes.push_back(std::stoll(size));
    for (const std::int64_t batch : {32, 128}) {
      Training training(sizes, batch);
      std::printf("%s %lld %.2f\n", words[i], static_cast<long long>(batch),
                  median_of(training) * 1e6);
      std::fflush(stdout);
    }
  }
}
