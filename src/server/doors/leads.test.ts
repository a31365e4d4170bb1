import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOT, KEY, openDoor, PAGE, PERSON } from '../../../test/door.ts';
import { SHOP, WRITE_KEY } from '../../../test/server.ts';

const { ask, written } = openDoor();

const FORM = { key: WRITE_KEY, visitor: 'v-1', session: 's-1', consent: 'granted', page: { url: `${SHOP}/form` } };

test('a page’s lead gets an id of its own, is new, and says nothing of the person in the clear', async () => {
  await written();
  const user = { email: 'Jane.Roe@mail.example', phone: '+49 30 901820', ip: '198.51.100.1', user_agent: 'Lie' };
  const properties = { note: 'write to jane.roe@mail.example', size: 'M' };
  const answer = await ask('POST', '/v1/leads', PAGE, { ...FORM, user, properties, source: 'crm', spec: 1 });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.headers.get('access-control-allow-origin'), SHOP);
  assert.deepEqual(Object.keys(answer.json), ['receipt', 'lead_id']);
  assert.match(String(answer.json['lead_id']), /^[0-9a-f]{32}$/);
  const [lead, ...more] = await written('lead');
  assert.deepEqual(more, []);
  const { lead_id, status, source, consent, spec, properties: kept, event, bot } = lead?.body ?? {};
  assert.deepEqual(
    { lead_id, status, source, consent, spec, kept, event, bot },
    {
      ...{ lead_id: answer.json['lead_id'], status: 'new', source: 'web', consent: 'granted', spec: 1 },
      ...{ kept: { size: 'M' }, event: undefined, bot: undefined },
    },
  );
  assert.deepEqual(
    [lead?.door, lead?.personal?.user?.user_agent, lead?.personal?.user?.ip],
    [...['browser', PERSON, '127.0.0.1']],
  );
  assert.match(lead?.personal?.user?.email?.[0] ?? '', /^[0-9a-f]{64}$/);
  assert.doesNotMatch(JSON.stringify(lead), /jane|901820/i);
});

test('a server tells leads, and each later step under the id in the address', async () => {
  await written();
  const told = { lead_id: ' L 1/2 ', lead: { lead_event_source: 'HubSpot' }, source: 'crm', draft: true };
  const first = await ask('POST', '/v1/leads', KEY, told);
  assert.deepEqual([first.status, first.json['lead_id']], [201, 'L 1/2']);
  const step = { status: ' qualified ', time: '2026-08-01T12:00:00Z', lead_id: 'other', user: { ip: '203.0.113.7' } };
  const later = await ask('POST', '/v1/leads/L%201%2F2/status', KEY, step);
  assert.deepEqual([later.status, later.json['lead_id']], [201, 'L 1/2']);
  assert.deepEqual(
    (await written('lead')).map(({ door, body, personal }) => [door, body, personal]),
    [
      [
        'server',
        {
          ...{ source: 'crm', consent: 'unknown', lead: { lead_event_source: 'HubSpot' }, draft: true },
          ...{ lead_id: 'L 1/2', status: 'new' },
        },
        null,
      ],
      [
        'server',
        { consent: 'unknown', time: '2026-08-01T12:00:00Z', lead_id: 'L 1/2', status: 'qualified' },
        { user: { ip: '203.0.113.7' } },
      ],
    ],
  );
});

test('a bot’s lead is kept with a mark', async () => {
  await written();
  assert.equal((await ask('POST', '/v1/leads', { ...PAGE, 'user-agent': BOT }, FORM)).status, 201);
  assert.equal((await written('lead'))[0]?.body['bot'], true);
});

test('what is no lead is refused with its field and its fix, and who may not tell is', async () => {
  const step = { status: 'qualified' };
  const rows: [path: string, headers: Record<string, string>, body: object, status: number, where: string][] = [
    ['/v1/leads', PAGE, { ...FORM, status: 'approved' }, 422, 'status'],
    ['/v1/leads', PAGE, { ...FORM, lead_id: ' ' }, 422, 'lead_id'],
    ['/v1/leads', KEY, { lead_id: 'jane@mail.example' }, 422, 'lead_id'],
    ['/v1/leads', KEY, { lead_id: '+49 30 901820' }, 422, 'lead_id'],
    ['/v1/leads', KEY, { status: 'jane@mail.example' }, 422, 'status'],
    ['/v1/leads', KEY, { status: 'called 030 901820-11' }, 422, 'status'],
    ['/v1/leads', KEY, { status: 'x'.repeat(65) }, 422, 'status'],
    ['/v1/leads', KEY, { properties: [] }, 422, 'properties'],
    ['/v1/leads', KEY, { source: 'app' }, 422, 'source'],
    ['/v1/leads/L-1/status', KEY, {}, 422, 'status'],
    ['/v1/leads/jane%40mail.example/status', KEY, step, 422, 'lead_id'],
    [`/v1/leads/${'x'.repeat(513)}/status`, KEY, step, 422, 'lead_id'],
    ['/v1/leads', PAGE, { ...FORM, key: 'wk_other' }, 401, ''],
    ['/v1/leads', { ...PAGE, origin: 'https://evil.example' }, FORM, 403, ''],
    ['/v1/leads/L-1/status', PAGE, { ...FORM, ...step }, 401, ''],
    ['/v1/leads/L-1/status', { authorization: `Bearer ${WRITE_KEY}` }, step, 401, ''],
  ];
  for (const [path, headers, body, status, where] of rows) {
    const answer = await ask('POST', path, headers, body);
    const line = `${path} ${JSON.stringify(body)}: ${answer.text}`;
    assert.equal(answer.status, status, line);
    assert.doesNotMatch(answer.text, /jane|901820/);
    if (where === '') continue;
    const [problem] = answer.json['problems'] as { where: string; what: string; fix: string }[];
    assert.ok(problem?.where === where && problem.what && problem.fix, line);
  }
  assert.equal((await ask('GET', '/v1/leads')).status, 405);
  assert.equal((await ask('OPTIONS', '/v1/leads', PAGE)).headers.get('access-control-allow-origin'), SHOP);
  assert.equal((await ask('OPTIONS', '/v1/leads/L-1/status', PAGE)).status, 405);
});
