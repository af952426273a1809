// The frame of every chart: marks on a canvas (thousands of them), axes and highlights in SVG above
// it, the nearest mark under the pointer, and the same walk with the arrow keys.
import type { ComponentChildren, RefObject, VNode } from "preact";
import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { dark, goodColour, inks } from "./colour";
import type { Model } from "./model";
import { hovered, model, pinned, pointer, selection, togglePin } from "./state";

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
  /** What is free beside it, for labels. */
  right: number;
}

type Margin = Partial<Record<"left" | "right" | "top" | "bottom", number>>;

/** A mark of a trial: its place within the plot, 0 … 1 rightwards and upwards. */
export interface Mark {
  id: number;
  x: number;
  y: number;
}

export function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return width;
}

export function toX(box: Box, x: number): number {
  return box.left + x * box.width;
}
export function toY(box: Box, y: number): number {
  return box.top + (1 - y) * box.height;
}

export function dotRadius(count: number): number {
  return count <= 150 ? 4 : count <= 600 ? 3.2 : count <= 2000 ? 2.4 : 1.9;
}

function fade(id: number): number {
  const chosen = selection.value;
  return chosen && !chosen[id] ? 0.1 : 1;
}

/** Draws trials as dots in their colour; failed ones as small crosses, pruned ones and those beyond a bound as rings. */
export function drawDots(context: CanvasRenderingContext2D, box: Box, marks: Mark[], shown: Model): void {
  const { paper, bad } = inks();
  const radius = dotRadius(marks.length);
  const byId = new Map(marks.map((mark) => [mark.id, mark]));
  for (const id of shown.drawOrder) {
    const mark = byId.get(id);
    const trial = shown.trials[id];
    if (!mark || !trial) continue;
    const x = toX(box, mark.x);
    const y = toY(box, mark.y);
    context.globalAlpha = fade(id) * (marks.length > 1500 ? 0.85 : 1);
    context.beginPath();
    if ((trial.state === "complete" && !trial.beyond) || trial.state === "running") {
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = trial.state === "running" ? inks().muted : goodColour(shown.goodness(trial.value), dark.value);
      context.fill();
      if (marks.length <= 1500) {
        context.lineWidth = 1;
        context.strokeStyle = paper;
        context.stroke();
      }
    } else if (trial.state === "pruned" || trial.beyond) {
      context.arc(x, y, radius * 0.8, 0, 2 * Math.PI);
      context.lineWidth = 1.2;
      context.strokeStyle = goodColour(shown.goodness(trial.value), dark.value);
      context.stroke();
    } else {
      const arm = radius * 0.75;
      context.moveTo(x - arm, y - arm);
      context.lineTo(x + arm, y + arm);
      context.moveTo(x + arm, y - arm);
      context.lineTo(x - arm, y + arm);
      context.lineWidth = 1.4;
      context.strokeStyle = bad;
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

/** The rings around the best trial, the one under the pointer and the one held. */
export function Highlights({ box, marks }: { box: Box; marks: Mark[] }): VNode {
  const best = model.value.best;
  const ring = (id: number | null, name: string, radius: number) => {
    const mark = id === null ? undefined : marks.find((each) => each.id === id);
    return mark ? <circle class={`ring ${name}`} cx={toX(box, mark.x)} cy={toY(box, mark.y)} r={radius} /> : null;
  };
  const radius = dotRadius(marks.length);
  return (
    <g>
      {ring(best, "is-best", radius + 3)}
      {ring(pinned.value, "is-pinned", radius + 3)}
      {ring(hovered.value, "is-hovered", radius + 3)}
    </g>
  );
}

interface PlotProps {
  label: string;
  height: number | ((width: number) => number);
  /** Of what is left out the usual one; of a width where it depends on it. */
  margin?: Margin | ((width: number) => Margin);
  marks: Mark[];
  draw?: (context: CanvasRenderingContext2D, box: Box) => void;
  /** Replaces the dots where the marks are only what the pointer finds (curves). */
  ownMarks?: boolean;
  plainHighlights?: boolean;
  children?: (box: Box) => ComponentChildren;
}

const defaultMargin = { left: 52, right: 12, top: 10, bottom: 34 };

export function Plot(props: PlotProps): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(frame);
  const height = typeof props.height === "number" ? props.height : props.height(width);
  const margin = { ...defaultMargin, ...(typeof props.margin === "function" ? props.margin(width) : props.margin) };
  const box: Box = {
    left: margin.left, top: margin.top, right: margin.right,
    width: Math.max(10, width - margin.left - margin.right),
    height: Math.max(10, height - margin.top - margin.bottom),
  };

  const paint = useRef<() => void>(() => undefined);
  paint.current = () => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || width === 0) return;
    const ratio = Math.max(2, window.devicePixelRatio || 1);
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.save();
    props.draw?.(context, box);
    context.restore();
    if (!props.ownMarks) drawDots(context, box, props.marks, model.value);
  };
  useLayoutEffect(() => paint.current());
  useSignalEffect(() => {
    void dark.value;
    void selection.value;
    paint.current();
  });

  return (
    <div class="plot" ref={frame} style={{ height: `${height}px` }} tabIndex={0} role="img" aria-label={props.label}
      onPointerMove={(event) => point(event, box, props.marks)}
      onPointerLeave={leave}
      onClick={(event) => { point(event, box, props.marks); togglePin(hovered.value); }}
      onKeyDown={(event) => walk(event, frame.current, box, props.marks)}
      onBlur={leave}>
      <canvas ref={canvas} aria-hidden="true" />
      {width > 0 && (
        <svg width={width} height={height} aria-hidden="true">
          {props.children?.(box)}
          {!props.plainHighlights && <Highlights box={box} marks={props.marks} />}
        </svg>
      )}
    </div>
  );
}

export function leave(): void {
  hovered.value = null;
  pointer.value = null;
}

const REACH = 28;

function point(event: PointerEvent | MouseEvent, box: Box, marks: Mark[]): void {
  const bounds = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const x = event.clientX - bounds.left;
  const y = event.clientY - bounds.top;
  let nearest: number | null = null;
  let distance = REACH * REACH;
  for (const mark of marks) {
    const away = (toX(box, mark.x) - x) ** 2 + (toY(box, mark.y) - y) ** 2;
    if (away < distance && fade(mark.id) === 1) {
      distance = away;
      nearest = mark.id;
    }
  }
  hovered.value = nearest;
  pointer.value = { x: event.clientX, y: event.clientY };
}

function walk(event: KeyboardEvent, frame: HTMLElement | null, box: Box, marks: Mark[]): void {
  if (event.key === "Enter" || event.key === " ") {
    togglePin(hovered.value);
  } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const sorted = marks.filter((mark) => fade(mark.id) === 1).sort((a, b) => a.x - b.x || a.id - b.id);
    const at = sorted.findIndex((mark) => mark.id === hovered.value);
    const step = event.key === "ArrowRight" ? 1 : -1;
    const next = sorted[at < 0 ? (step > 0 ? 0 : sorted.length - 1) : (at + step + sorted.length) % sorted.length];
    if (!next || !frame) return;
    const bounds = frame.getBoundingClientRect();
    hovered.value = next.id;
    pointer.value = { x: bounds.left + toX(box, next.x), y: bounds.top + toY(box, next.y) };
  } else {
    return;
  }
  event.preventDefault();
}
