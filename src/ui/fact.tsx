import type { ComponentChildren } from 'preact';

/** One line of `<dl class="facts">`; a fact that is not known takes no line. */
export function Fact({ name, children }: { name: string; children?: ComponentChildren }) {
  if (children === undefined || children === null || children === false || children === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
