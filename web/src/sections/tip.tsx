// The trial under the pointer, in a few lines beside it; and the trial that is held, in full.
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { dark, goodColour } from "../colour";
import type { Trial } from "../model";
import { valueText } from "../model";
import { duration, format } from "../scale";
import { hovered, model, pinned, pointer } from "../state";

function Head({ trial }: { trial: Trial }): VNode {
  const shown = model.value;
  const known = !Number.isNaN(trial.value);
  return (
    <p class="trial-head">
      {known && <i class="dot" style={{ background: goodColour(shown.goodness(trial.value), dark.value) }} />}
      <b>{trial.run !== "" && `${trial.run} · `}trial {trial.number}</b>
      {shown.best === trial.id && <em>best</em>}
      <span>{known ? `${shown.metric} ${format(trial.value)}` : trial.state}</span>
    </p>
  );
}

function Values({ trial, most }: { trial: Trial; most: number }): VNode {
  const { parameters } = model.value;
  const used = parameters.map((parameter, index) => [parameter.name, valueText(trial, index)] as const)
    .filter((_, index) => (trial.values[index] ?? null) !== null);
  return (
    <dl>
      {used.slice(0, most).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      {used.length > most && <div><dt>and {used.length - most} more</dt><dd /></div>}
    </dl>
  );
}

export function Tip(): VNode | null {
  const box = useRef<HTMLDivElement>(null);
  const id = hovered.value;
  const at = pointer.value;
  const trial = id === null || !at ? undefined : model.value.trials[id];
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || !at) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    const left = at.x + 16 + width > window.innerWidth ? at.x - 16 - width : at.x + 16;
    element.style.left = `${Math.max(6, Math.min(left, window.innerWidth - width - 6))}px`;
    element.style.top = `${Math.max(6, Math.min(at.y + 14, window.innerHeight - height - 6))}px`;
  });
  if (!trial) return null;
  return (
    <div class="tip" ref={box} role="status">
      <Head trial={trial} />
      {trial.state === "failed" && trial.why !== "" && <p class="why">{trial.why}</p>}
      <Values trial={trial} most={10} />
    </div>
  );
}

export function Held(): VNode | null {
  useEffect(() => {
    const close = (event: KeyboardEvent) => { if (event.key === "Escape") pinned.value = null; };
    window.addEventListener("keydown", close);
    return () => window.removeEventListener("keydown", close);
  }, []);
  const trial = pinned.value === null ? undefined : model.value.trials[pinned.value];
  if (!trial) return null;
  return (
    <aside class="held" aria-label={`Trial ${trial.number}`}>
      <button type="button" class="close" aria-label="Let go" onClick={() => (pinned.value = null)}>×</button>
      <Head trial={trial} />
      {trial.why !== "" && <p class="why">{trial.why}</p>}
      <Values trial={trial} most={99} />
      <dl class="facts">
        {trial.metrics.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{format(value)}</dd></div>)}
        {Number.isFinite(trial.duration) && <div><dt>took</dt><dd>{duration(trial.duration)}</dd></div>}
        <div><dt>proposed by</dt><dd>{trial.by}{trial.round !== null && `, round ${trial.round}`}</dd></div>
      </dl>
      {trial.reason !== "" && <p class="why">Proposed: {trial.reason}.</p>}
    </aside>
  );
}
