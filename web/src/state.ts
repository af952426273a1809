// What the reader is looking at: one trial under the pointer, one held, and which are selected.
import { computed, signal } from "@preact/signals";
import type { Model, State, Trial } from "./model";

export const hovered = signal<number | null>(null);
export const pinned = signal<number | null>(null);
export const pointer = signal<{ x: number; y: number } | null>(null);

/** Axis → [low, high] on 0 … 1; the axis after the last parameter is the value's. */
export const brushes = signal<ReadonlyMap<number, [number, number]>>(new Map());
export const hiddenStates = signal<ReadonlySet<State>>(new Set());
export const search = signal("");

export const model = signal<Model>(null as unknown as Model);

/** The selected trials by id, or null where nothing is deselected. */
export const selection = computed<Uint8Array | null>(() => {
  const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (brushes.value.size === 0 && hiddenStates.value.size === 0 && words.length === 0) return null;
  return Uint8Array.from(model.value.trials, (trial) => (keeps(trial, words) ? 1 : 0));
});

function keeps(trial: Trial, words: string[]): boolean {
  if (hiddenStates.value.has(trial.state)) return false;
  const { axis, parameters } = model.value;
  for (const [index, [low, high]] of brushes.value) {
    const at = index < parameters.length ? (trial.unit[index] as number)
      : trial.state === "complete" ? axis.at(trial.value) : NaN;
    if (!(at >= low && at <= high)) return false;
  }
  if (words.length === 0) return true;
  const text = searchText(trial, parameters.map((parameter) => parameter.name));
  return words.every((word) => text.includes(word));
}

function searchText(trial: Trial, names: string[]): string {
  const values = trial.values.map((value, index) => (value === null ? "" : `${names[index]}=${value}`));
  return `#${trial.number} ${trial.state} ${trial.by} ${values.join(" ")} ${trial.why}`.toLowerCase();
}

export function togglePin(id: number | null): void {
  pinned.value = pinned.value === id ? null : id;
}

export function clearSelection(): void {
  brushes.value = new Map();
  hiddenStates.value = new Set();
  search.value = "";
}
