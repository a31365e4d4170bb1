import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ReasonAnswer } from '../api/answers.ts';
import { PageHead, Shell } from '../ui/shell.tsx';
import { Attribution } from './attribution/attribution.tsx';
import { WindowLab } from './attribution/windows/lab.tsx';
import { Deliveries } from './deliveries/deliveries.tsx';
import { ask } from './fetch.ts';
import { Funnel } from './funnel/funnel.tsx';
import { Leads } from './leads/leads.tsx';
import { Live } from './live/live.tsx';
import { followLinks, path } from './navigate.ts';
import { Orders } from './orders/orders.tsx';
import { keepReasons } from './reasons.ts';
import { PAGES, type Route, routeOf } from './route.ts';
import { Settings } from './settings/settings.tsx';
import { Trace } from './trace/trace.tsx';

/** The part of the page Attribution that compares windows. */
const WINDOWS = 'windows';

function App() {
  const route = routeOf(path.value);
  const page = PAGES.find((each) => each.name === route.page);
  const title = titleOf(route, page?.title);
  useEffect(() => {
    document.title = `${title} · Assay`;
  }, [title]);
  return (
    <Shell pages={PAGES} here={page?.path}>
      <Page route={route} />
    </Shell>
  );
}

function titleOf(route: Route, title = 'Not found'): string {
  if (route.page === 'trace' && route.id !== undefined) return `${route.id} · ${title}`;
  return route.page === 'attribution' && route.id === WINDOWS ? `Window lab · ${title}` : title;
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'live':
      return <Live />;
    case 'funnel':
      return <Funnel />;
    case 'attribution':
      return route.id === WINDOWS ? <WindowLab /> : <Attribution />;
    case 'orders':
      return <Orders />;
    case 'leads':
      return <Leads />;
    case 'deliveries':
      return <Deliveries />;
    case 'trace':
      return <Trace id={route.id} />;
    case 'settings':
      return <Settings />;
    case 'none':
      return (
        <PageHead
          title="There is no such page"
          says={
            <>
              Nothing is shown at <code>{route.path}</code>. <a href="/live">Go to Live</a>.
            </>
          }
        />
      );
  }
}

const root = document.getElementById('app');
if (root) render(<App />, root);
followLinks();
void ask<ReasonAnswer[]>('/v1/reasons', fetch).then(keepReasons);
