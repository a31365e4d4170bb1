import { useState } from 'preact/hooks';
import type { CreditedConversionsAnswer } from '../../api/attribution.ts';
import { moneyText } from '../../ui/money.ts';
import { Empty, Loading } from '../../ui/notes.tsx';
import { DetailPanel } from '../../ui/panel.tsx';
import { shareText } from '../../ui/share.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { ListFoot } from '../books/list-foot.tsx';
import { useBooks } from '../books/use-books.ts';
import { FailureNote } from '../failure-note.tsx';
import { type Asked, figureQuestion } from './asked.ts';
import { PathView } from './path-view.tsx';
import type { Figure } from './totals-card.tsx';
import { kindSays, nobodySays } from './words.ts';

const CONVERSIONS = '/v1/reports/attribution/conversions';

type Credited = CreditedConversionsAnswer['conversions'][number];

interface FigurePanelProps {
  figure: Figure;
  asked: Asked;
  onClose: () => void;
}

/** The conversions that a figure is made of, newest first; each opens to the touches that led to it. */
export function FigurePanel({ figure, asked, onClose }: FigurePanelProps) {
  const [open, setOpen] = useState<Credited | undefined>(undefined);
  const [after, setAfter] = useState('');
  const { answer, failure, again } = useBooks<CreditedConversionsAnswer>(
    CONVERSIONS + figureQuestion(asked, figure.asks, after),
  );
  const title = open ? `${open.name} ${open.order_id ?? open.lead_id ?? open.conversion}` : figure.says;
  return (
    <DetailPanel of={`${title} ${after}`} title={title} onClose={onClose}>
      {open && (
        <div class="row">
          <button type="button" class="button" onClick={() => setOpen(undefined)}>
            Back to the list
          </button>
        </div>
      )}
      {open ? (
        <PathView
          key={open.conversion}
          question={`${CONVERSIONS}/${open.conversion}${figureQuestion(asked, {}, '')}`}
        />
      ) : (
        <>
          {failure && <FailureNote failure={failure} onRetry={again} />}
          {!answer && !failure && <Loading what="Reading the conversions" />}
          {answer && answer.conversions.length === 0 && (
            <Empty title="No conversion">What this figure was made of has changed since; look again.</Empty>
          )}
          {answer && answer.conversions.length > 0 && (
            <>
              <ol class="tally plain">
                {answer.conversions.map((one) => (
                  <ConversionLine key={`${one.conversion} ${one.touch}`} one={one} onOpen={setOpen} />
                ))}
              </ol>
              <ListFoot
                rows={answer.conversions.length}
                one="share"
                asOf={answer.asOf}
                later={after !== ''}
                next={answer.next}
                onPage={setAfter}
              />
            </>
          )}
        </>
      )}
    </DetailPanel>
  );
}

function ConversionLine({ one, onOpen }: { one: Credited; onOpen: (one: Credited) => void }) {
  const { name, at, order_id, lead_id, share, value, net, whole, kind, why } = one;
  return (
    <li>
      <span>
        <button type="button" class="figure-link" onClick={() => onOpen(one)}>
          {name || 'unnamed'}
        </button>{' '}
        <bdi class="quiet">{order_id ?? lead_id}</bdi>
      </span>
      <b class="number">{moneyText(value)}</b>
      {net.amount !== value.amount && <span class="quiet end">net {moneyText(net)}</span>}
      <span class="quiet">
        <TimeText at={at} as="full" />
        {kind !== null && `, by ${kindSays(kind)}`}
        {share > 0 && share < 1 && `, ${shareText(share)} of ${moneyText(whole)}`}
      </span>
      {why !== null && <span class="quiet">{nobodySays(why)}</span>}
    </li>
  );
}
