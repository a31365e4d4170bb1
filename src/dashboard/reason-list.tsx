import { reasons } from './reasons.ts';

/** Reason codes with their meaning and, on request, what to do about them. */
export function ReasonList({ codes, fixes = false }: { codes: readonly string[]; fixes?: boolean }) {
  if (codes.length === 0) return null;
  return (
    <ul class="sentences">
      {codes.map((code) => {
        const reason = reasons.value.get(code);
        return (
          <li key={code}>
            <code>{code}</code> {reason?.means}
            {fixes && reason?.fix && <div class="quiet">{reason.fix}</div>}
          </li>
        );
      })}
    </ul>
  );
}
