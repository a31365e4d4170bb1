import type { AttributionAnswer, StatementAnswer } from '../../api/attribution.ts';
import { Choose, Day } from '../books/filter-bar.tsx';
import { type Asked, NO_RULES } from './asked.ts';
import { BASES, BYS, CLICK_WINDOWS, COUNTS, daySays, MODELS, VIEW_WINDOWS, windowsSay } from './words.ts';

interface SwitchesProps {
  asked: Asked;
  answer: AttributionAnswer;
  onChange: (part: Partial<Asked>) => void;
}

/** What is counted, how it is grouped, and by what rules it is credited. Where the address is silent, the answer says what was taken. */
export function Switches({ asked, answer, onChange }: SwitchesProps) {
  const { statement, asked: taken } = answer;
  const rule = (part: Partial<Asked>) => onChange({ ...part, statement: '' });
  return (
    <form class="filters" aria-label="Switches" onSubmit={(event) => event.preventDefault()}>
      <Choose
        label="By"
        value={asked.by || taken.by}
        options={BYS.map(([by, says]) => [by, says])}
        all={null}
        onChange={(by) => onChange({ by, sort: '' })}
      />
      <Days asked={asked} taken={taken} onChange={onChange} />
      <Names asked={asked} names={answer.names} onChange={onChange} />
      <Currency asked={asked} currencies={answer.currencies} taken={taken.currency} onChange={onChange} />
      <Choose
        label="Day of the"
        value={asked.basis || taken.basis}
        options={BASES}
        all={null}
        onChange={(basis) => onChange({ basis })}
      />
      <Choose
        label="Model"
        value={asked.model || statement.model}
        options={MODELS}
        all={null}
        onChange={(model) => rule({ model })}
      />
      <Choose
        label="Click window"
        value={asked.click || statement.windows.click}
        options={CLICK_WINDOWS}
        all={null}
        onChange={(click) => rule({ click })}
      />
      <Choose
        label="Engaged view window"
        value={asked.engagedView || statement.windows.engagedView}
        options={VIEW_WINDOWS}
        all={null}
        onChange={(engagedView) => rule({ engagedView })}
      />
      <Choose
        label="View window"
        value={asked.view || statement.windows.view}
        options={VIEW_WINDOWS}
        all={null}
        onChange={(view) => rule({ view })}
      />
      <Choose
        label="Count"
        value={asked.count || statement.count}
        options={COUNTS}
        all={null}
        onChange={(count) => rule({ count })}
      />
      <Choose
        label="Statement"
        value={asked.statement}
        options={answer.statements.filter(({ role }) => role === 'past').map(pastOption)}
        all="as switched"
        onChange={(number) => onChange({ ...NO_RULES, statement: number })}
      />
    </form>
  );
}

interface DaysProps {
  asked: Pick<Asked, 'from' | 'to'>;
  /** what was taken where nothing was asked */
  taken: { from: string; to: string };
  onChange: (part: { from?: string; to?: string }) => void;
}

/** The days that are counted, both included. */
export function Days({ asked, taken, onChange }: DaysProps) {
  const [from, to] = [asked.from || taken.from, asked.to || taken.to];
  return (
    <div class="days">
      <Day label="From" value={from} max={to} onChange={(day) => onChange({ from: day })} />
      <Day label="To" value={to} min={from} onChange={(day) => onChange({ to: day })} />
    </div>
  );
}

/** One name of conversions, or all; an address may name several. */
function Names(props: {
  asked: Pick<Asked, 'name'>;
  names: readonly string[];
  onChange: (part: { name: string }) => void;
}) {
  const { asked, names, onChange } = props;
  return (
    <Choose
      label="Conversion"
      value={asked.name}
      options={names.map((name) => [name, name])}
      onChange={(name) => onChange({ name })}
    />
  );
}

/** Money is of one currency at a time: no two are ever added. */
function Currency(props: {
  asked: Pick<Asked, 'currency'>;
  currencies: readonly string[];
  taken: string;
  onChange: (part: { currency: string }) => void;
}) {
  return (
    <Choose
      label="Currency"
      value={props.asked.currency || props.taken}
      options={props.currencies.map((currency) => [currency, currency])}
      all={null}
      onChange={(currency) => props.onChange({ currency })}
    />
  );
}

function pastOption({ statement, specVersion, windows, asOf }: StatementAnswer): [string, string] {
  const until = daySays(new Date(asOf).toISOString().slice(0, 10));
  return [String(statement), `${statement}: spec ${specVersion}, until ${until}, ${windowsSay(windows)}`];
}
