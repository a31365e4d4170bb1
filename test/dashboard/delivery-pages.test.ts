import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { deliveries, letters, noDeliveries, noLetters, replayed } from './delivery-answers.ts';
import { assertAsked, assertFlawless, cutTables, type Kit, openKit } from './kit.ts';
import type { Scene } from './serve.ts';

let opened: Kit | undefined;
before(async () => {
  opened = await openKit();
});
after(() => opened?.close());

function kit(): Kit {
  assert.ok(opened);
  return opened;
}

const states: [name: string, shows: string, scene: Partial<Scene>, query?: string][] = [
  ['with figures and letters', '3 letters on this page', {}],
  ['before the first', 'No dead letter', { deliveries: noDeliveries, letters: noLetters }],
  ['without a destination', 'No destination', { deliveries: { ...deliveries, destinations: [] } }],
  ['that no filter lets through', 'No letter matches', { letters: noLetters }, '?kind=dead'],
  ['while the server is unwell', 'The ledger is being rebuilt.', { deliveries: 503, letters: 503 }],
  ['when signed out', 'You are signed out', { deliveries: 401, letters: 401 }],
  ['while they are read', 'Reading the deliveries', { deliveries: 'silent', letters: 'silent' }],
];

// Each page has a process of its own in the browser.
describe('the page Deliveries', { concurrency: 2 }, () => {
  for (const [name, shows, scene, query = ''] of states)
    test(`Deliveries ${name} fit every width and have no accessibility fault in either theme`, () =>
      kit().onPage(
        `/deliveries${query}`,
        scene,
        async (page) => {
          await page.getByText(shows).first().waitFor();
          await assertFlawless(page);
        },
        { axe: true },
      ));

  for (const name of ['InitiateCheckout', 'Purchase'])
    test(`the panel of a letter of ${name} fits every width and has no accessibility fault in either theme`, () =>
      kit().onPage(
        '/deliveries',
        {},
        async (page) => {
          await page.getByRole('button', { name }).click();
          await page.getByRole('dialog').waitFor();
          await assertFlawless(page);
        },
        { axe: true },
      ));

  test('each destination says how it stands, why, what waits and since when', () =>
    kit().onPage('/deliveries', {}, async (page) => {
      const sick = page.getByRole('region', { name: 'Destination second' });
      for (const words of [
        'as of 22 Nov 2026, 14:03:26 CET',
        '40105 Access token is incorrect or has been revoked.',
        '22 Nov 2026, 13:09:26 CET',
        '200 queued, 0 in flight, 0 held',
        '10 requests a second at most',
        'past the tracking spec’s warning age',
        'Renew the token',
      ])
        await sick.getByText(words).waitFor();
      const well = page.getByRole('region', { name: 'Destination main' });
      await well.getByText('It takes events.').waitFor();
      assert.equal(await well.getByText('warning age').count(), 0);
      await page.getByText('Times in Europe/Berlin (CET).').waitFor();
    }));

  test('a reason that a state names is told by its meaning', () =>
    kit().onPage(
      '/deliveries',
      {
        deliveries: {
          ...deliveries,
          destinations: deliveries.destinations.map((one) => ({ ...one, why: 'clock_passed 503 busy' })),
        },
      },
      async (page) => {
        const main = page.getByRole('region', { name: 'Destination main' });
        await main.getByText('TikTok could count a copy that leaves now a second time.').waitFor();
        await main.getByText('503 busy').waitFor();
      },
    ));

  test('charts say in words what they draw, and their figures stand in a table', () =>
    kit().onPage('/deliveries', {}, async (page) => {
      const main = page.getByRole('region', { name: 'Destination main' });
      await main.getByRole('img', { name: /^Waiting, events Events that waited for main: 45 now/ }).waitFor();
      await main.getByRole('img', { name: /^Lag, .* Half of what main took last came within 1 s/ }).waitFor();
      await main.getByText('Figures of main as a table').click();
      const table = main.getByRole('table', { name: 'What main did, newest first' });
      const [newest] = await table.locator('tbody tr').allInnerTexts();
      assert.match((newest ?? '').replace(/\s+/g, ' '), /^22 Nov 14:00 45 \d+ 2 1 s 3 s$/);
    }));

  test('answers are told by code with their meaning and what to do', () =>
    kit().onPage('/deliveries', {}, async (page) => {
      const row = page.getByRole('region', { name: 'Answers' }).getByRole('row', { name: /code 40105/ });
      const text = (await row.innerText()).replace(/\s+/g, ' ');
      assert.match(text, /paused second 214 TikTok: Access token wrong or revoked\..*Renew the token/);
    }));

  test('another span is asked for, stands in the address, and is that of the files', () =>
    kit().onPage('/deliveries?kind=dead', {}, async (page, at) => {
      await page.getByText('Answers, last 24 hours').waitFor();
      await page.getByLabel('Figures of the').selectOption('last 7 days');
      await page.waitForURL('**/deliveries?kind=dead&hours=168');
      await page.getByText('Answers, last 7 days').waitFor();
      await assertAsked(at, 'GET /v1/reports/deliveries?hours=168');
      for (const [name, file] of [
        ['Figures as CSV', '/v1/reports/deliveries.csv?hours=168'],
        ['Answers as CSV', '/v1/reports/deliveries-outcomes.csv?hours=168'],
        ['Letters as CSV', '/v1/reports/letters.csv?kind=dead'],
        ['Whole, as JSON lines', '/v1/reports/letters.ndjson?kind=dead'],
      ] as const)
        assert.equal(await page.getByRole('link', { name }).getAttribute('href'), file);
    }));

  test('filters narrow the letters, stand in the address, and can be cleared', () =>
    kit().onPage('/deliveries', {}, async (page, at) => {
      await page.getByLabel('Reason', { exact: true }).selectOption('refused_by_tiktok, 3');
      await page.waitForURL('**/deliveries?why=refused_by_tiktok');
      await page.getByLabel('Kind', { exact: true }).selectOption('Given up, 3');
      await page.getByLabel('Worth', { exact: true }).selectOption('money events');
      await page.getByLabel('Event name').fill('Purchase');
      await page.waitForURL('**/deliveries?kind=dead&why=refused_by_tiktok&event=Purchase&money=true');
      await assertAsked(
        at,
        'GET /v1/reports/letters?kind=dead&why=refused_by_tiktok&event=Purchase&money=true&limit=50',
      );
      at.scene.letters = noLetters;
      await page.getByRole('button', { name: 'Look again' }).click();
      await page.getByText('No letter matches').waitFor();
      at.scene.letters = letters;
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.waitForURL('**/deliveries');
      await page.getByText('3 letters on this page').waitFor();
      await page.getByRole('button', { name: 'Next page' }).click();
      await page.waitForURL('**/deliveries?after=MTIz');
    }));

  test('a figure of a destination opens down to its letters', () =>
    kit().onPage('/deliveries', {}, async (page, at) => {
      await page.getByRole('button', { name: '3 dead: show' }).click();
      await page.waitForURL('**/deliveries?kind=dead&destination=main');
      await assertAsked(at, 'GET /v1/reports/letters?kind=dead&destination=main&limit=50');
    }));

  test('a letter opens to its reason, its answers, and what a replay would do', () =>
    kit().onPage('/deliveries', {}, async (page) => {
      await page.getByRole('button', { name: 'Purchase' }).click();
      const dead = page.getByRole('dialog', { name: 'Purchase to main' });
      for (const words of [
        'TikTok refuses these bytes for good.',
        'TikTok refused every copy, so the next one counts. It leaves at once.',
        'the copy will count',
        'System error.',
        '1,259.90 EUR',
        '2 attempts',
      ])
        await dead.getByText(words).waitFor();
      assert.equal(await dead.getByRole('link', { name: 'Trace' }).getAttribute('href'), '/trace/demo-10045');
      await page.getByRole('button', { name: 'Lead' }).click();
      const maybe = page.getByRole('dialog', { name: 'Lead to main' });
      await maybe.getByText('now it would count another').waitFor();
      await maybe.getByText('be refused').waitFor();
      assert.equal(await maybe.getByRole('button', { name: /Replay/ }).count(), 0);
      await page.getByRole('button', { name: 'InitiateCheckout' }).click();
      const record = page.getByRole('dialog', { name: 'InitiateCheckout' });
      await record.getByText('send it with every value').waitFor();
      assert.equal(await record.getByRole('link', { name: 'Trace' }).getAttribute('href'), '/trace/955');
    }));

  test('a replay of all that match is tried first, done when confirmed, and tells what was refused and why', () =>
    kit().onPage(
      '/deliveries?kind=dead',
      { change: replayed },
      async (page, at) => {
        await page.getByRole('button', { name: 'Replay all that match' }).click();
        await page.getByText('2 letters would go again, 1 would not. Nothing is changed yet.').waitFor();
        await page.getByText('A copy may have arrived, and TikTok would count another.').waitFor();
        await assertFlawless(page);
        assert.deepEqual(changes(at), ['{"where":{"kind":"dead"},"dry":true}']);
        const before = at.asked.length;
        await page.getByRole('button', { name: 'Replay 2' }).click();
        await page.getByText('2 letters replayed, 1 refused.').waitFor();
        assert.deepEqual(changes(at).slice(1), ['{"where":{"kind":"dead"},"dry":false}']);
        await assertAsked(at, 'GET /v1/reports/letters?kind=dead&limit=50', before);
        await assertAsked(at, 'GET /v1/reports/deliveries?hours=24', before);
        await page.getByRole('button', { name: 'Close' }).click();
        assert.equal(await page.getByText('2 letters replayed').count(), 0);
      },
      { axe: true },
    ));

  test('some letters are picked and replayed together, and a trial can be left', () =>
    kit().onPage('/deliveries', { change: replayed }, async (page, at) => {
      const picked = page.getByRole('button', { name: 'Replay picked' });
      await page.getByLabel('Pick Purchase leg:812/main').check();
      assert.equal(await page.getByRole('dialog').count(), 0, 'a box opens no row');
      await page.getByLabel('Pick InitiateCheckout record:955').check();
      await page.getByText('2 letters picked').waitFor();
      await picked.click();
      await page.getByText('Nothing is changed yet').waitFor();
      await page.getByRole('button', { name: 'Leave it' }).click();
      assert.deepEqual(changes(at), ['{"ids":["leg:812/main","record:955"],"dry":true}']);
      await page.getByLabel('Kind', { exact: true }).selectOption('Given up, 3');
      await page.getByText('None picked').waitFor();
      assert.ok(await picked.isDisabled());
    }));

  test('one letter is replayed from its panel', () =>
    kit().onPage('/deliveries', { change: { ...replayed, replayed: 1, refused: [] } }, async (page, at) => {
      await page.getByRole('button', { name: 'Purchase' }).click();
      const panel = page.getByRole('dialog');
      await panel.getByRole('button', { name: 'Replay this letter' }).click();
      at.scene.letters = noLetters;
      await panel.getByRole('button', { name: 'Replay 1' }).click();
      await panel.getByText('1 letter replayed, 0 refused.').waitFor();
      await page.getByText('No dead letter').waitFor();
      assert.deepEqual(changes(at), ['{"ids":["leg:812/main"],"dry":true}', '{"ids":["leg:812/main"],"dry":false}']);
    }));

  test('a replay that the server refuses says so and changes nothing', () =>
    kit().onPage('/deliveries', { change: 503 }, async (page) => {
      await page.getByRole('button', { name: 'Replay all dead letters' }).click();
      const replay = page.getByRole('region', { name: 'Replay of all dead letters' });
      await replay.getByText('The ledger is being rebuilt.').waitFor();
      await replay.getByText('The trial did not come to its end.').waitFor();
      assert.equal(await replay.getByRole('button', { name: /^Replay/ }).count(), 0);
    }));

  test('letters are shown though the figures can’t be read, and the other way round', async () => {
    await kit().onPage('/deliveries', { deliveries: 503 }, async (page) => {
      await page.getByText('The ledger is being rebuilt.').waitFor();
      await page.getByText('3 letters on this page').waitFor();
    });
    await kit().onPage('/deliveries', { letters: 503 }, async (page) => {
      await page.getByText('The ledger is being rebuilt.').waitFor();
      await page.getByText('It takes events.').waitFor();
    });
  });

  test('before anything was sent the page says what will stand there', () =>
    kit().onPage('/deliveries', { deliveries: noDeliveries, letters: noLetters }, async (page) => {
      for (const words of ['No answer in this time', 'Everything that was told became an event', 'It takes events.'])
        await page.getByText(words).waitFor();
      await page.getByRole('img', { name: /Nothing was delivered to main in this time\.$/ }).waitFor();
    }));

  test('the tables of Deliveries are never cut, whatever the width', () =>
    kit().onPage('/deliveries', {}, async (page) => {
      await page.getByText('3 letters on this page').waitFor();
      await page.getByText('Figures of main as a table').click();
      for (let width = 320; width <= 1600; width += 64) {
        await page.setViewportSize({ width, height: 800 });
        assert.deepEqual(await cutTables(page), [], `${width} px`);
        assert.deepEqual(await outside(page), [], `${width} px`);
      }
    }));
});

test('no page broke a script or the content policy', () => {
  assert.deepEqual(kit().errors, []);
});

/** Bodies of the replays that were asked for. */
function changes({ asked }: { asked: readonly string[] }): string[] {
  const post = 'POST /v1/letters/replay ';
  return asked.filter((line) => line.startsWith(post)).map((line) => line.slice(post.length));
}

/** Charts that reach out of their card. */
function outside(page: Page): Promise<number[]> {
  return page
    .locator('.chart')
    .evaluateAll((charts) => charts.map((one) => one.scrollWidth - one.clientWidth).filter((tooMuch) => tooMuch > 0));
}
