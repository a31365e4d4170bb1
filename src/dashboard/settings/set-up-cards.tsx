import type { SettingsAnswer } from '../../api/answers.ts';
import { bytesText } from '../../ui/bytes.ts';
import { spanText } from '../../ui/duration.ts';
import { Fact } from '../../ui/fact.tsx';
import { countText } from '../../ui/number.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';

/** Which address serves what, and whose word on a visitor's address is taken. */
export function ListenersCard({ listeners }: { listeners: SettingsAnswer['listeners'] }) {
  return (
    <section class="card flush">
      <div class="card-head">
        <h2>Listeners</h2>
      </div>
      {listeners.map((listener) => (
        <div key={listener.name} class="card-body">
          <dl class="facts">
            <Fact name={listener.name}>
              <code>{listener.url}</code>
            </Fact>
            {listener.name === 'public' && (
              <Fact name="Trusted proxies">
                {listener.trustedProxies.length === 0
                  ? 'none: the peer’s address is the visitor’s'
                  : listener.trustedProxies.join(', ')}
              </Fact>
            )}
            <Fact name="Serves">
              <details>
                <summary>{countText(listener.serves.length, 'route')}</summary>
                <ul>
                  {listener.serves.map((route) => (
                    <li key={route}>
                      <code>{route}</code>
                    </li>
                  ))}
                </ul>
              </details>
            </Fact>
          </dl>
        </div>
      ))}
    </section>
  );
}

/** How long what is to be kept, and by which spec. */
export function RetentionCard(props: { retention: SettingsAnswer['retention']; specFile: string; version: number }) {
  const { retention, specFile, version } = props;
  return (
    <section class="card">
      <div class="card-head">
        <h2>Retention</h2>
        <span class="quiet">
          spec version {version}, <code>{specFile}</code>
        </span>
      </div>
      <dl class="facts">
        <Fact name="Personal fields">
          {spanText(retention.personal)} for hashes, addresses and pages, which no figure needs
        </Fact>
        <Fact name="Journal">
          {spanText(retention.journal)} for what was received; orders and leads are kept for ever
        </Fact>
        <Fact name="Last run">
          {retention.last ? <LastRun of={retention.last} /> : 'none since the server started'}
        </Fact>
      </dl>
    </section>
  );
}

function LastRun({ of }: { of: NonNullable<SettingsAnswer['retention']['last']> }) {
  const { at, rows, faded, removed, failed } = of;
  const emptied = `emptied ${countText(rows, 'ledger row')} and ${countText(faded, 'journal record')}`;
  return (
    <>
      <TimeText at={at} />: {rows + faded + removed === 0 ? 'nothing was due' : `${emptied}, removed ${removed}`}
      {failed === undefined ? '' : `. It did not come to its end, and the next one goes on: ${failed}`}
    </>
  );
}

const limitColumns: Column<SettingsAnswer['limits'][number]>[] = [
  { name: 'Limit', cell: (limit) => limit.name, sub: (limit) => limit.means },
  { name: 'At most', cell: (limit) => limit.value },
];

/** What is more than this is refused. */
export function LimitsCard({ limits }: { limits: SettingsAnswer['limits'] }) {
  return (
    <section class="card flush">
      <div class="card-head">
        <h2>Limits</h2>
      </div>
      <DataTable caption="Limits" columns={limitColumns} rows={limits} rowKey={(limit) => limit.name} />
    </section>
  );
}

const fileColumns: Column<SettingsAnswer['files'][number]>[] = [
  { name: 'File', cell: (file) => <code>{file.name}</code> },
  { name: 'Size', kind: 'number', cell: (file) => bytesText(file.bytes) },
];

/** What stands on the disk. */
export function FilesCard({ files }: { files: SettingsAnswer['files'] }) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <section class="card flush">
      <div class="card-head">
        <h2>Data files</h2>
        <span class="quiet">{bytesText(bytes)} in all</span>
      </div>
      <DataTable caption="Data files" columns={fileColumns} rows={files} rowKey={(file) => file.name} />
    </section>
  );
}
