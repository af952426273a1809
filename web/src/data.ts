// The page's data as report/page_data.cpp writes it: one JSON block, columns rather than rows.
// The C++ header page_data.hpp describes every field; this file only gives the types.

/** JSON has no NaN or infinity: those arrive as the texts "nan", "inf" and "-inf". */
export type Num = number | "nan" | "inf" | "-inf" | null;

export interface ParameterData {
  name: string;
  type: "float" | "int" | "categorical" | "ordinal";
  scale: "linear" | "log" | "reverse_log";
  range: string;
  when: string[];
  tier: number;
  cells: number | null;
  /** [place on the unit axis, label, 0 = major or 1 = minor] */
  ticks: [number, string, number][];
}

export interface TrialsData {
  /** One letter a trial: c complete, p pruned, f failed, r running, i interrupted. */
  state: string;
  value: Num[];
  unit: (number | null)[][];
  values: (number | string | boolean | null)[][];
  /** For each parameter the trials that are older: they count with a value that they did not run with. */
  before: number[][];
  methods: string[];
  by: number[];
  /** Why trials were proposed, and which of these each one was. */
  reasons: string[];
  reason: number[];
  asked: Num[];
  duration: Num[];
  round: (number | null)[] | null;
  metrics: Record<string, Num[]>;
  why: Record<string, string>;
  /** Complete trials whose outcome breaks a bound. */
  beyond: number[];
}

export interface CurveData {
  trial: number;
  step?: number[];
  from?: number;
  every?: number;
  value: Num[];
}

export interface BoxData {
  round: number;
  from: number;
  low: (number | null)[];
  high: (number | null)[];
}

export interface ImportanceData {
  parameters: { parameter: number; share: number; spread: number }[];
  pairs: { x: number; y: number; share: number; spread: number }[];
}

export interface SliceData {
  parameter: number;
  unit: number[];
  value: number[];
  low: number[];
  high: number[];
}

export interface SurfaceData {
  x: number;
  y: number;
  columns: number;
  rows: number;
  value: number[];
  /** One standard deviation of what the model believes there. */
  deviation: number[];
}

interface Shared {
  caviar: string;
  written: number;
  name: string;
  metric: string;
  maximize: boolean;
  parameters: ParameterData[];
  importance: ImportanceData | null;
  settings: [string, string][];
}

export interface FrontData {
  objectives: { name: string; maximize: boolean; value: Num[] }[];
  trials: number[];
}

export interface StudyData extends Shared {
  kind: "study";
  /** null: one objective. */
  front: FrontData | null;
  /** "latency_ms <= 20": what an outcome must keep. */
  bounds: string[];
  /** Under a budget, where the best is not the last word: what is; "" else. */
  unfinished: string;
  trials: TrialsData;
  /** The value is the mean of its runs. */
  best: { trial: number; value: Num; runs: number; point: [string, string][] } | null;
  test: Record<string, Num> | null;
  curves: CurveData[];
  curves_in_all: number;
  boxes: BoxData[];
  slices: SliceData[];
  surfaces: SurfaceData[];
  spec: unknown;
}

export interface CompareData extends Shared {
  kind: "compare";
  samplers: { name: string; repeats: { trials: TrialsData; boxes: BoxData[]; surface: SurfaceData | null }[] }[];
  axes: [number, number] | null;
  surface: SurfaceData | null;
}

export type PageData = StudyData | CompareData;

export function num(value: Num | undefined): number {
  if (typeof value === "number") return value;
  if (value === "inf") return Infinity;
  if (value === "-inf") return -Infinity;
  return NaN;
}

export function readPage(): PageData {
  const block = document.getElementById("caviar-data");
  const data = JSON.parse(block?.textContent ?? "") as PageData;
  // Further objectives are shown wherever other measurements are.
  if (data.kind === "study" && data.front) {
    const others = data.front.objectives.slice(1).map(({ name, value }) => [name, value] as const);
    data.trials.metrics = { ...Object.fromEntries(others), ...data.trials.metrics };
  }
  for (const parameter of data.parameters) parameter.range = parameter.range.replace(/e-0+(?=\d)/g, "e-");
  return data;
}
