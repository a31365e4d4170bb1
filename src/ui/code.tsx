import { useEffect, useState } from 'preact/hooks';

/** Text to read and to copy. */
export function CodeBlock({ title, text }: { title: string; text: string }) {
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
    <figure class="code">
      <figcaption>
        {title}
        <button type="button" class="button quiet" aria-label={`Copy ${title}`} onClick={copy}>
          <span aria-live="polite">{said ?? 'Copy'}</span>
        </button>
      </figcaption>
      <pre>{text}</pre>
    </figure>
  );
}

// The clipboard is missing on pages served by plain HTTP from another machine.
function copyText(text: string): Promise<void> {
  return navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error('no clipboard'));
}
