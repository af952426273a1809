// What the colours and marks mean.
import type { VNode } from "preact";
import { dark, goodColour } from "../colour";
import { format } from "../scale";
import { model } from "../state";

export function ColourLegend(): VNode | null {
  const shown = model.value;
  if (shown.complete.length === 0) return null;
  const steps = Array.from({ length: 24 }, (_, index) => goodColour(index / 23, dark.value));
  const states = new Set(shown.trials.map((trial) => trial.state));
  return (
    <div class="legend">
      <span>{format(shown.valueAt(0), 3)}</span>
      <span class="ramp" style={{ background: `linear-gradient(to right, ${steps.join(", ")})` }} />
      <span>{format(shown.valueAt(1), 3)} {shown.metric}</span>
      <span class="key"><svg width="14" height="14"><circle class="ring is-best" cx="7" cy="7" r="5.5" /></svg>best</span>
      {states.has("failed") && (
        <span class="key"><svg width="10" height="10"><path class="cross" d="M1.5,1.5L8.5,8.5M8.5,1.5L1.5,8.5" /></svg>failed</span>
      )}
      {states.has("pruned") && (
        <span class="key"><svg width="12" height="12"><circle class="open" cx="6" cy="6" r="4" /></svg>stopped early</span>
      )}
    </div>
  );
}
