// Axes of values: which scale a metric deserves, its ticks, and how numbers are written.
import { max, min, quantile, ticks as niceTicks } from "d3-array";

export function format(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) {
    return value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e").replace("-", "−");
  }
  const text = size >= 10 ** digits ? value.toFixed(0) : value.toPrecision(digits);
  return (text.includes(".") ? text.replace(/\.?0+$/, "") : text).replace("-", "−");
}

export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 0.0995) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) {
    const rest = Math.round(seconds - 60 * Math.floor(seconds / 60));
    return minutes < 10 && rest > 0 && rest < 60 ? `${Math.floor(seconds / 60)} min ${rest} s` : `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function percent(share: number): string {
  const value = 100 * share;
  return value > 0 && value < 0.95 ? "<1 %" : `${Math.round(value)} %`;
}

type Kind = "linear" | "log" | "reverse_log";

/** An axis of metric values: maps them to 0 (low end) … 1 (high end), clamped. */
export class ValueAxis {
  private readonly from: number;
  private readonly to: number;

  private constructor(
    readonly kind: Kind,
    readonly low: number,
    readonly high: number,
  ) {
    this.from = this.warp(low);
    this.to = this.warp(high);
  }

  /**
   * The scale that shows the good end best: log (or log of 1 − x, for accuracies) where few bad
   * values would squeeze all the others together, and never more than the bulk of the values.
   */
  static fit(all: ArrayLike<number>, maximize: boolean): ValueAxis {
    const values = Float64Array.from(all).filter((value) => Number.isFinite(value)).sort();
    if (values.length === 0) return new ValueAxis("linear", 0, 1);
    let low = min(values) as number;
    let high = max(values) as number;
    if (low === high) {
      const around = Math.abs(low) * 0.1 || 1;
      return new ValueAxis("linear", low - around, high + around);
    }
    const middle = quantile(values, 0.5) as number;
    const nearBest = (maximize ? high - middle : middle - low) / (high - low);
    let kind: Kind = "linear";
    if (!maximize && low > 0 && high / low > 6 && nearBest < 0.3) kind = "log";
    if (maximize && low >= 0 && high < 1 && (1 - low) / (1 - high) > 6 && nearBest < 0.3) kind = "reverse_log";
    if (kind === "linear" && values.length >= 12) {
      const spread = (quantile(values, 0.75) as number) - (quantile(values, 0.25) as number);
      const fenceLow = (quantile(values, 0.25) as number) - 8 * spread;
      const fenceHigh = (quantile(values, 0.75) as number) + 8 * spread;
      if (spread > 0 && maximize) low = Math.max(low, fenceLow);
      if (spread > 0 && !maximize) high = Math.min(high, fenceHigh);
    }
    return ValueAxis.padded(kind, low, high);
  }

  private static padded(kind: Kind, low: number, high: number): ValueAxis {
    const bare = new ValueAxis(kind, low, high);
    const room = 0.05 * (bare.to - bare.from);
    return new ValueAxis(kind, bare.unwarp(bare.from - room), bare.unwarp(bare.to + room));
  }

  private warp(value: number): number {
    if (this.kind === "log") return Math.log10(Math.max(value, 1e-300));
    if (this.kind === "reverse_log") return -Math.log10(Math.max(1 - value, 1e-300));
    return value;
  }

  private unwarp(place: number): number {
    if (this.kind === "log") return 10 ** place;
    if (this.kind === "reverse_log") return 1 - 10 ** -place;
    return place;
  }

  at(value: number): number {
    return Math.min(1, Math.max(0, (this.warp(value) - this.from) / (this.to - this.from)));
  }

  value(place: number): number {
    return this.unwarp(this.from + place * (this.to - this.from));
  }

  ticks(wanted: number): { at: number; label: string }[] {
    const candidates = this.kind === "linear" || this.to - this.from < 0.5
      ? niceTicks(this.low, this.high, wanted)
      : this.logTicks(wanted);
    return candidates
      .filter((value) => value >= this.low && value <= this.high)
      .map((value) => ({ at: this.at(value), label: format(value, 5) }));
  }

  private logTicks(wanted: number): number[] {
    const decades = this.to - this.from;
    const factors = decades * 3 <= wanted * 1.4 ? [1, 2, 5] : decades * 2 <= wanted * 1.4 ? [1, 3] : [1];
    const values: number[] = [];
    for (let power = Math.floor(this.from) - 1; power <= Math.ceil(this.to); power++) {
      for (const factor of factors) {
        if (this.kind === "log") values.push(factor * 10 ** power);
        else values.push(1 - (10 / factor) * 10 ** -(power + 1));
      }
    }
    const tidy = values.map((value) => Number(value.toPrecision(10)))
      .filter((value) => value >= this.low && value <= this.high);
    const every = Math.max(1, Math.ceil(tidy.length / (wanted * 1.6)));
    return tidy.filter((_, index) => index % every === 0);
  }
}
