// Names at the ends of lines: room for them, and places where none covers another.

const LETTER = 8.2;  // pixels of one, about

/** How much room the names get beside a plot of this width. */
export function labelRoom(names: string[], width: number): number {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  return Math.min(Math.max(84, LETTER * longest + 14), width < 500 ? 100 : 215);
}

/** The name as far as there is room for it. */
export function shortened(name: string, room: number): string {
  const letters = Math.floor((room - 12) / LETTER);
  return name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;
}

/** `at`, 0 … 1 upwards, moved so far apart that each label can be read, and none leaves the plot. */
export function apart<Label extends { at: number }>(labels: Label[], gap = 0.055): Label[] {
  const placed = labels.filter(({ at }) => !Number.isNaN(at)).map((label) => ({ ...label })).sort((a, b) => a.at - b.at);
  placed.forEach((label, index) => {
    const below = placed[index - 1];
    if (below) label.at = Math.max(label.at, below.at + gap);
  });
  placed.reverse().forEach((label, index) => {
    label.at = Math.min(label.at, index === 0 ? 1 : (placed[index - 1] as Label).at - gap);
  });
  return placed;
}
