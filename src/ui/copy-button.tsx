import { useEffect, useState } from 'preact/hooks';

/** Copies a text, and says whether it did. */
export function CopyButton({ of, text }: { of: string; text: string }) {
  const [said, setSaid] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(undefined), 2000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () =>
    copyText(text).then(
      () => setSaid('Copied'),
      () => setSaid('Select the text and copy it'),
    );
  return (
    <button type="button" class="button quiet" aria-label={`Copy ${of}`} onClick={copy}>
      <span aria-live="polite">{said ?? 'Copy'}</span>
    </button>
  );
}

// The clipboard is missing on pages served by plain HTTP from another machine.
function copyText(text: string): Promise<void> {
  return navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error('no clipboard'));
}
