import { type Asked, windowsQuestionOf } from './asked.ts';

/** The two views of the page; what narrows both goes along. */
export function Tabs({ here, asked }: { here: 'credit' | 'windows'; asked: Asked }) {
  const both = windowsQuestionOf(asked);
  return (
    <nav class="tabs" aria-label="Views of Attribution">
      <a href={`/attribution${both}`} aria-current={here === 'credit' ? 'page' : undefined}>
        Credit
      </a>
      <a href={`/attribution/windows${both}`} aria-current={here === 'windows' ? 'page' : undefined}>
        Window lab
      </a>
    </nav>
  );
}
