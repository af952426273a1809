// One part of the page: a heading with a sentence on how to read it, and the picture beside it.
import type { ComponentChildren, VNode } from "preact";

export function Section({ id, title, lead, children }:
    { id: string; title: string; lead: ComponentChildren; children: ComponentChildren }): VNode {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        <div class="lead">{lead}</div>
      </header>
      <div class="body">{children}</div>
    </section>
  );
}
