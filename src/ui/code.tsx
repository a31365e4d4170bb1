import { CopyButton } from './copy-button.tsx';

/** Text to read and to copy. */
export function CodeBlock({ title, text }: { title: string; text: string }) {
  return (
    <figure class="code">
      <figcaption>
        {title}
        <CopyButton of={title} text={text} />
      </figcaption>
      <pre>{text}</pre>
    </figure>
  );
}
