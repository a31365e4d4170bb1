import { useMemo } from 'preact/hooks';
import type { WindowsAnswer } from '../../../api/attribution.ts';
import { Interval } from '../../../ui/interval.tsx';
import { moneyText } from '../../../ui/money.ts';
import { partText } from '../../../ui/number.ts';
import { type Column, DataTable } from '../../../ui/table.tsx';
import { type Asked, addressOf } from '../asked.ts';
import { conversionsSay, windowsSay } from '../words.ts';

type Row = WindowsAnswer['windows'][number];

/** Each window with what it credits, and what it loses against the widest. */
export function WindowsTable({ answer, asked }: { answer: WindowsAnswer; asked: Asked }) {
  const top = Math.max(...answer.windows.map(({ lost }) => lost.high), 0);
  const columns = useMemo(() => columnsOf(asked, top), [asked, top]);
  return (
    <section class="card flush" aria-label="Windows">
      <div class="card-head">
        <h2>Windows side by side</h2>
        <span class="quiet">of {conversionsSay(answer.conversions)}, last touch, clicks and engaged views</span>
      </div>
      <DataTable caption="Windows side by side" columns={columns} rows={answer.windows} rowKey={windowsSay} />
      <p class="card-foot">
        Lost is what the widest of these windows would credit to a touch of any kind and this one would credit to
        nobody, with the 95 % interval that so many conversions allow (Wilson).
      </p>
    </section>
  );
}

function columnsOf(asked: Asked, top: number): Column<Row>[] {
  return [
    {
      name: 'Windows',
      main: true,
      cell: (row) => {
        const { click, engagedView, view } = row;
        const to = addressOf({ ...asked, click, engagedView, view, statement: '', model: 'last', sort: '' });
        return <a href={`/attribution${to}`}>{windowsSay(row)}</a>;
      },
      sub: ({ standing }) => standing && <span class="chip">the spec’s</span>,
    },
    { name: 'Credited', kind: 'number', cell: ({ earned }) => partText(earned.conversions) },
    { name: 'Value', kind: 'number', from: 'tablet', cell: ({ earned }) => moneyText(earned.value) },
    { name: 'Net', kind: 'number', from: 'wide', cell: ({ earned }) => moneyText(earned.net) },
    {
      name: 'Lost',
      cell: ({ widest, lost }) =>
        widest ? (
          <span class="quiet">nothing is wider</span>
        ) : (
          <Interval share={lost.share} low={lost.low} high={lost.high} top={top} />
        ),
      sub: ({ lost }) => lost.conversions > 0 && conversionsSay(lost.conversions),
    },
    {
      name: 'Apart: viewed only',
      kind: 'number',
      from: 'wide',
      cell: ({ views }) => partText(views.conversions),
      sub: ({ views }) => views.conversions > 0 && moneyText(views.value),
    },
  ];
}
