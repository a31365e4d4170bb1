import type { ComponentChildren } from 'preact';
import { numberText } from './number.ts';
import { TimeText } from './time-text.tsx';

/** One figure with its unit and the moment it is true for; put several into `<dl class="figures">`. */
export function Figure(props: {
  label: string;
  value: number | string;
  unit?: string;
  asOf?: number;
  children?: ComponentChildren;
}) {
  return (
    <div class="figure">
      <dt>{props.label}</dt>
      <dd class="value">
        <b>{typeof props.value === 'number' ? numberText(props.value) : props.value}</b>
        {props.unit && <span class="unit">{props.unit}</span>}
      </dd>
      {props.asOf !== undefined && (
        <dd class="as-of">
          as of <TimeText at={props.asOf} />
        </dd>
      )}
      {props.children && <dd class="as-of">{props.children}</dd>}
    </div>
  );
}
