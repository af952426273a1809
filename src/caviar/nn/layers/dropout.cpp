#include "caviar/nn/layers/dropout.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "caviar/base/text.hpp"

namespace caviar {
namespace {

// Four xoshiro128+ generators side by side (Blackman and Vigna, 2021), so that masks are drawn by
// vector instructions that every processor has; all begin with what the training's own one says.
class WideRng {
 public:
  static constexpr std::size_t lanes = 4;
  using Words __attribute__((vector_size(4 * lanes))) = std::uint32_t;
  using Integers __attribute__((vector_size(4 * lanes))) = std::int32_t;

  explicit WideRng(Rng& rng) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const std::uint64_t one = rng.next(), other = rng.next();
      s0_[lane] = static_cast<std::uint32_t>(one);
      s1_[lane] = static_cast<std::uint32_t>(one >> 32);
      s2_[lane] = static_cast<std::uint32_t>(other);
      s3_[lane] = static_cast<std::uint32_t>(other >> 32);
    }
  }

  // 31 random bits for each lane: whether they are below a limit is one signed comparison.
  void draw(Integers& bits) {
    bits = (Integers)((s0_ + s3_) >> 1);
    const Words shifted = s1_ << 9;
    s2_ ^= s0_;
    s3_ ^= s1_;
    s1_ ^= s2_;
    s0_ ^= s3_;
    s2_ ^= shifted;
    s3_ = (s3_ << 11) | (s3_ >> 21);
  }

 private:
  Words s0_, s1_, s2_, s3_;
};

// kept where the lane is not dropped, else 0.
void factors_of(const WideRng::Integers& dropped, float kept, float* to) {
  const WideRng::Integers factors = ~dropped & std::bit_cast<std::int32_t>(kept);
  std::memcpy(to, &factors, sizeof factors);
}

void factors_of(const WideRng::Integers& dropped, double kept, double* to) {
  for (std::size_t lane = 0; lane < WideRng::lanes; ++lane) to[lane] = dropped[lane] ? 0 : kept;
}

// Draws for every element of `factors` 0 with probability p, otherwise 1 / (1 − p).
template <class T>
void draw_mask(double p, Rng& rng, std::span<T> factors) {
  constexpr std::size_t lanes = WideRng::lanes;
  const auto kept = static_cast<T>(1 / (1 - p));
  const auto limit = static_cast<std::int32_t>(p * 0x1.0p31);
  WideRng wide(rng);
  WideRng::Integers bits;
  std::size_t i = 0;
  for (; i + lanes <= factors.size(); i += lanes) {
    wide.draw(bits);
    factors_of(bits < limit, kept, factors.data() + i);
  }
  if (i == factors.size()) return;
  std::array<T, lanes> rest;
  wide.draw(bits);
  factors_of(bits < limit, kept, rest.data());
  std::copy_n(rest.data(), factors.size() - i, factors.data() + i);
}

template <class T>
class DropoutLayer final : public Layer<T> {
 public:
  explicit DropoutLayer(std::optional<double> rate) : rate_(rate) {}

  std::string name() const override { return "dropout"; }

  std::string describe() const override {
    return rate_ ? "dropout, " + number_text(*rate_) : "dropout";
  }

  Plan plan(std::size_t inputs) const override {
    return {.outputs = inputs, .scratch_per_row = inputs};
  }

  void forward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x,
               Matrix<T> y) const override {
    const double p = probability(pass);
    if (p == 0) {
      std::copy_n(x.data, x.size(), y.data);
      return;
    }
    const std::span<T> mask = slot.scratch.first(x.size());
    draw_mask(p, *pass.rng, mask);
    for (std::size_t i = 0; i < x.size(); ++i) y.data[i] = x.data[i] * mask[i];
  }

  void backward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> /*x*/,
                ConstMatrix<T> /*y*/, Matrix<T> dy, Matrix<T> dx) const override {
    if (dx.data == nullptr) return;
    if (probability(pass) == 0) {
      std::copy_n(dy.data, dy.size(), dx.data);
      return;
    }
    for (std::size_t i = 0; i < dy.size(); ++i) dx.data[i] = dy.data[i] * slot.scratch[i];
  }

 private:
  double probability(const Pass<T>& pass) const {
    return pass.mode == Mode::training ? rate_.value_or(pass.knobs.dropout) : 0;
  }

  std::optional<double> rate_;
};

}  // namespace

template <class T>
LayerPtr<T> dropout(std::optional<double> rate) {
  return std::make_shared<DropoutLayer<T>>(rate);
}

template LayerPtr<float> dropout(std::optional<double>);
template LayerPtr<double> dropout(std::optional<double>);

}  // namespace caviar
