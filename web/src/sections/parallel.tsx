// Parallel coordinates: one upright axis a hyperparameter, one line a trial; drag along an axis to
// select, and every other picture and the table follow.
import { useSignalEffect } from "@preact/signals";
import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { dark, goodColour, inks } from "../colour";
import type { ParameterData, StudyData } from "../data";
import type { Trial } from "../model";
import { place } from "../model";
import { leave, useWidth } from "../plot";
import { brushes, clearSelection, hovered, model, pinned, pointer, selection, togglePin } from "../state";
import { ColourLegend } from "./legend";
import { Section } from "./section";
import { byImportance } from "./slices";

const TOP = 44;
const BOTTOM = 34;
const SIDE = 58;
const HEIGHT = 380;
const SPAN = HEIGHT - TOP - BOTTOM;
const UNUSED = HEIGHT - 14;

/** An upright axis: a hyperparameter by its index, or the value (index = number of hyperparameters). */
interface Column {
  index: number;
  name: string;
  x: number;
  parameter: ParameterData | null;
}

const yOf = (at: number) => TOP + (1 - at) * SPAN;

function heightOf(trial: Trial, column: Column): number {
  if (column.parameter) {
    const at = place(trial, column.index, column.parameter);
    return Number.isNaN(at) ? UNUSED : yOf(at);
  }
  const { axis, maximize } = model.value;
  return yOf(Number.isNaN(trial.value) ? (maximize ? 0 : 1) : axis.at(trial.value));
}

function trace(context: CanvasRenderingContext2D, trial: Trial, columns: Column[]): void {
  context.beginPath();
  columns.forEach((column, index) => {
    const y = heightOf(trial, column);
    const before = columns[index - 1];
    if (!before) { context.moveTo(column.x, y); return; }
    const middle = (before.x + column.x) / 2;
    context.bezierCurveTo(middle, heightOf(trial, before), middle, y, column.x, y);
  });
  context.stroke();
}

export function Parallel({ data }: { data: StudyData }): VNode | null {
  const frame = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const top = useRef<HTMLCanvasElement>(null);
  const room = useWidth(frame);
  const shown = model.value;
  const count = data.parameters.length;
  const order = byImportance(data);
  const width = Math.max(room, (count + 1) * 92 + 2 * SIDE - 92);
  const gap = (width - 2 * SIDE) / Math.max(1, count);
  const columns: Column[] = [...order, count].map((index, at) => ({
    index, x: SIDE + at * gap,
    name: index < count ? (data.parameters[index] as ParameterData).name : data.metric,
    parameter: index < count ? (data.parameters[index] as ParameterData) : null,
  }));
  const drawn = shown.trials.filter((trial) => trial.state === "complete" || trial.state === "failed");

  const prepare = (canvas: HTMLCanvasElement | null) => {
    const context = canvas?.getContext("2d");
    if (!canvas || !context || room === 0) return null;
    const ratio = Math.max(1.5, window.devicePixelRatio || 1);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(HEIGHT * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  };
  const paint = useRef<() => void>(() => undefined);
  paint.current = () => {
    const context = prepare(base.current);
    if (!context) return;
    const chosen = selection.value;
    const bad = inks().bad;
    // The more lines, the more the good ones must stand out from them.
    const [faint, power] = drawn.length > 1000 ? [0.02, 30] : drawn.length > 200 ? [0.12, 8] : [0.65, 3];
    const ids = new Set(drawn.map((trial) => trial.id));
    for (const pass of [0, 1]) {
      for (const id of shown.drawOrder) {
        const trial = shown.trials[id];
        if (!trial || !ids.has(id) || (!chosen || chosen[id] ? 1 : 0) !== pass) continue;
        const good = shown.goodness(trial.value);
        context.globalAlpha = pass === 0 ? 0.05 : faint + (1 - faint) * good ** power;
        context.lineWidth = trial.state === "failed" ? 0.8 : 1.3;
        context.strokeStyle = trial.state === "failed" ? bad : goodColour(good, dark.value);
        trace(context, trial, columns);
      }
    }
  };
  useLayoutEffect(() => paint.current());
  useSignalEffect(() => { void dark.value; void selection.value; paint.current(); });

  const light = useRef<() => void>(() => undefined);
  light.current = () => {
    const context = prepare(top.current);
    if (!context) return;
    const { ink, accent } = inks();
    const lines: [number | null, string, number][] = [[shown.best, accent, 2.2], [pinned.value, ink, 2.2], [hovered.value, ink, 2.2]];
    for (const [id, colour, thick] of lines) {
      const trial = id === null ? undefined : shown.trials[id];
      if (!trial) continue;
      context.strokeStyle = colour;
      context.lineWidth = thick;
      trace(context, trial, columns);
    }
  };
  useLayoutEffect(() => light.current());
  useSignalEffect(() => { void dark.value; void hovered.value; void pinned.value; light.current(); });

  if (count === 0) return null;
  const find = (event: PointerEvent) => {
    const bounds = (event.currentTarget as HTMLElement).getBoundingClientRect();
    hovered.value = nearest(event.clientX - bounds.left, event.clientY - bounds.top, drawn, columns);
    pointer.value = { x: event.clientX, y: event.clientY };
  };
  const selected = selection.value ? selection.value.reduce((sum, each) => sum + each, 0) : null;
  return (
    <Section id="parallel" title="All together" lead={<>
      <p>One line a trial, through its value on every axis{data.importance ? "; the most important stand left" : ""}. Drag along axes to select: all pictures and the table follow.</p>
      {selected !== null && (
        <p class="selected"><b>{selected}</b> of {shown.trials.length} trials selected <button type="button" class="quiet" onClick={clearSelection}>Clear</button></p>
      )}
    </>}>
      <div class="scroll" ref={frame} tabIndex={0} role="img" aria-label={`Parallel coordinates of ${drawn.length} trials`}>
        <div class="parallel" style={{ width: `${width}px`, height: `${HEIGHT}px` }} onPointerMove={find} onPointerLeave={leave}
          onClick={() => togglePin(hovered.value)}>
          <canvas ref={base} aria-hidden="true" />
          <canvas ref={top} aria-hidden="true" />
          <svg width={width} height={HEIGHT} aria-hidden="true">
            {columns.map((column, at) => (
              <ColumnAxis key={column.index} column={column} gap={gap} end={at === 0 ? "start" : at === columns.length - 1 ? "end" : "middle"} />
            ))}
          </svg>
        </div>
      </div>
      <ColourLegend />
    </Section>
  );
}

function nearest(x: number, y: number, drawn: Trial[], columns: Column[]): number | null {
  const right = columns.findIndex((column) => column.x >= x);
  const b = columns[right <= 0 ? 1 : right];
  const a = columns[right <= 0 ? 0 : right - 1];
  if (!a || !b) return null;
  const part = Math.min(1, Math.max(0, (x - a.x) / (b.x - a.x)));
  const eased = bezierEase(part);
  let found: number | null = null;
  let distance = 12;
  for (const trial of drawn) {
    if (selection.value && !selection.value[trial.id]) continue;
    const at = heightOf(trial, a) * (1 - eased) + heightOf(trial, b) * eased;
    if (Math.abs(at - y) < distance) {
      distance = Math.abs(at - y);
      found = trial.id;
    }
  }
  return found;
}

/** Height along the S-shaped link at a horizontal part: x(t) = 1.5t − 1.5t² + t³ is inverted. */
function bezierEase(part: number): number {
  let t = part;
  for (let round = 0; round < 8; round++) {
    const x = 1.5 * t - 1.5 * t * t + t * t * t;
    t -= (x - part) / Math.max(0.3, 1.5 - 3 * t + 3 * t * t);
  }
  return t * t * (3 - 2 * t);
}

function ColumnAxis({ column, gap, end }: { column: Column; gap: number; end: "start" | "middle" | "end" }): VNode {
  const drag = useRef<number | null>(null);
  const range = brushes.value.get(column.index);
  const letters = Math.max(6, Math.floor((gap - 8) / 7.4));
  const name = column.name.length > letters ? `${column.name.slice(0, letters - 1)}…` : column.name;
  const at = (event: PointerEvent) => {
    const bounds = (event.currentTarget as SVGElement).ownerSVGElement?.getBoundingClientRect();
    return Math.min(1, Math.max(0, 1 - (event.clientY - (bounds?.top ?? 0) - TOP) / SPAN));
  };
  const set = (low: number, high: number) => {
    const next = new Map(brushes.value);
    if (high - low < 0.01) next.delete(column.index);
    else next.set(column.index, [low, high]);
    brushes.value = next;
  };
  const labels: { at: number; label: string }[] = [];
  const ticks: [number, string, number][] = column.parameter ? column.parameter.ticks
    : model.value.axis.ticks(6).map((tick) => [tick.at, tick.label, 0]);
  for (const level of [0, 1]) {
    for (const [place_, label, its] of ticks) {
      if (its === level && labels.every((other) => Math.abs(other.at - place_) * SPAN > 22)) labels.push({ at: place_, label });
    }
  }
  return (
    <g class={`column ${column.parameter ? "" : "value"}`}>
      <text class="name" x={end === "start" ? column.x - SIDE + 4 : end === "end" ? column.x + SIDE - 4 : column.x} y={20} text-anchor={end}><title>{column.name}</title>{name}</text>
      <line class="base" x1={column.x} x2={column.x} y1={TOP} y2={TOP + SPAN} />
      {labels.map((tick) => (
        <text key={tick.at} class="tick" x={column.x + (end === "start" ? -7 : 7)} y={yOf(tick.at)} dy="0.32em" text-anchor={end === "start" ? "end" : "start"}>
          {tick.label.length > 12 ? `${tick.label.slice(0, 11)}…` : tick.label}
        </text>
      ))}
      {(column.parameter?.when.length ?? 0) > 0 && <text class="tick" x={column.x} y={UNUSED + 10} text-anchor="middle">not used</text>}
      {range && <rect class="brush" x={column.x - 8} width={16} rx={3} y={yOf(range[1])} height={(range[1] - range[0]) * SPAN} />}
      <rect class="grip" x={column.x - 16} width={32} y={TOP - 8} height={SPAN + 16}
        onPointerDown={(event) => { drag.current = at(event); (event.currentTarget as Element).setPointerCapture(event.pointerId); }}
        onPointerMove={(event) => {
          if (drag.current === null) return;
          const now = at(event);
          set(Math.min(drag.current, now), Math.max(drag.current, now));
          event.stopPropagation();
        }}
        onPointerUp={(event) => {
          if (drag.current !== null && Math.abs(at(event) - drag.current) < 0.01) set(0, 0);
          drag.current = null;
        }}
        onClick={(event) => event.stopPropagation()} />
    </g>
  );
}
