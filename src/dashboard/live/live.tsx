import { useEffect, useState } from 'preact/hooks';
import type { LiveRow } from '../../api/answers.ts';
import { zoneName } from '../../ui/clock.ts';
import { Loading } from '../../ui/notes.tsx';
import { countText } from '../../ui/number.ts';
import { DetailPanel } from '../../ui/panel.tsx';
import { PageHead } from '../../ui/shell.tsx';
import { Side } from '../../ui/side.tsx';
import { Zone } from '../../ui/time-text.tsx';
import { FailureNote } from '../failure-note.tsx';
import { connectionSays } from './connection.ts';
import { Deliveries, Sum } from './counts-view.tsx';
import { type Filter, filterOf, matches, queryOf } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { type LiveList, pause, resume } from './list.ts';
import { Notices } from './notices-view.tsx';
import { Records } from './records.tsx';
import { RowDetail } from './row-detail.tsx';
import { useLive } from './use-live.ts';
import { isOurs, nameOf } from './words.ts';

const SAYS = 'Every record as it arrives, with its verdict.';

/** What arrives, as it arrives, and figures that add up. */
export function Live() {
  const { list, setList, counts, notices, connection, failure } = useLive();
  const [filter, setFilter] = useState(() => filterOf(location.search));
  const [open, setOpen] = useState<LiveRow | undefined>(undefined);
  const zone = counts?.timezone ?? 'UTC';

  useEffect(() => {
    history.replaceState(null, '', location.pathname + queryOf(filter));
  }, [filter]);

  if (failure?.kind === 'signedOut')
    return (
      <>
        <PageHead title="Live" says={SAYS} />
        <FailureNote failure={failure} />
      </>
    );

  const line = connectionSays(connection, zone, Date.now());
  const shown = list.rows.filter((row) => matches(row, filter));
  const pick = (next: Filter) => {
    setFilter(next);
    document.getElementById('records')?.scrollIntoView();
  };
  const opened = open && (list.rows.find((row) => row.seq === open.seq) ?? open);

  return (
    <Zone.Provider value={zone}>
      <PageHead title="Live" says={counts ? `${SAYS} Times in ${zoneName(counts.asOf, zone)}.` : SAYS}>
        <span class="state" data-is={line.tone} role="status">
          {line.says}
        </span>
        <PauseButton list={list} onToggle={() => setList((now) => (now.paused ? resume(now) : pause(now)))} />
      </PageHead>
      {failure && <FailureNote failure={failure} />}
      {counts ? (
        <Sum counts={counts} filter={filter} onPick={pick} />
      ) : (
        !failure && <Loading what="Counting the records" />
      )}
      <div class="split">
        <section class="card flush" id="records" aria-label="List of records">
          <div class="card-head">
            <FilterBar rows={list.rows} filter={filter} onChange={setFilter} />
          </div>
          <Records
            rows={shown}
            arrived={list.rows.filter((row) => filter.ours !== '' || !isOurs(row)).length}
            waits={!counts}
            onFilter={setFilter}
            open={open?.seq}
            onOpen={setOpen}
          />
        </section>
        <div class="side">
          {opened && (
            <DetailPanel of={opened.seq} title={nameOf(opened)} onClose={() => setOpen(undefined)}>
              <RowDetail row={opened} />
            </DetailPanel>
          )}
          {counts && (
            <Side says="Deliveries, findings and differences">
              <Deliveries counts={counts} />
              <Notices notices={notices} rows={list.rows} filter={filter} onPick={pick} />
            </Side>
          )}
        </div>
      </div>
    </Zone.Provider>
  );
}

function PauseButton({ list, onToggle }: { list: LiveList; onToggle: () => void }) {
  return (
    <>
      {list.paused && <span class="quiet">{countText(list.freshTotal, 'new', 'new')} while paused</span>}
      <button type="button" class={list.paused ? 'button primary' : 'button'} onClick={onToggle}>
        {list.paused ? 'Resume' : 'Pause'}
      </button>
    </>
  );
}
