import type { NewKeyAnswer, SettingsAnswer } from '../../src/api/answers.ts';

/** 22 November 2026, 13:03:22.120 UTC. */
const AT = Date.UTC(2026, 10, 22, 13, 3, 22, 120);

export const settings: SettingsAnswer = {
  asOf: AT,
  timezone: 'Europe/Berlin',
  specVersion: 7,
  specFile: 'tracking.yaml',
  keys: [
    { id: 'env-browser', role: 'browser', name: 'ASSAY_WRITE_KEY', draft: false, from: 'environment', usedAt: AT },
    {
      id: 'key-1',
      role: 'server',
      name: 'shop server',
      draft: false,
      from: 'operator',
      createdAt: AT - 9e9,
      usedAt: AT,
    },
    { id: 'key-2', role: 'server', name: 'try-out', draft: true, from: 'operator', createdAt: AT - 9e8 },
    { id: 'key-3', role: 'import', name: 'CRM', draft: false, from: 'operator', createdAt: AT - 9e9, endsAt: AT + 9e6 },
    {
      id: 'key-4',
      role: 'import',
      name: 'old CRM',
      draft: false,
      from: 'operator',
      createdAt: AT - 9e9,
      endsAt: AT - 9e6,
    },
  ],
  destinations: [
    {
      id: 'main',
      pixel: 'CD9079RC77U0N3GBV16Y',
      eventNames: 'current',
      crmEventSet: '7300000000000000001',
      offlineEventSet: null,
      appId: null,
      token: 'TIKTOK_TOKEN',
      tokenSet: true,
      state: 'healthy',
      why: '',
      test: { code: 'TEST12345', until: AT + 3_600_000 },
    },
    {
      id: 'second',
      pixel: 'CD9079RC77U0N3GBV17Z',
      eventNames: 'legacy',
      crmEventSet: null,
      offlineEventSet: null,
      appId: null,
      token: 'TIKTOK_TOKEN_2',
      tokenSet: false,
      state: 'paused',
      why: '40105 Access token is incorrect',
    },
  ],
  listeners: [
    {
      name: 'public',
      url: 'http://127.0.0.1:4500',
      trustedProxies: ['10.0.0.0/8'],
      serves: ['GET /a.js', 'POST /v1/events', 'POST /v1/server/events'],
    },
    { name: 'admin', url: 'http://127.0.0.1:4501', trustedProxies: [], serves: ['GET /v1/live'] },
  ],
  retention: {
    ...{ personal: 30 * 86_400_000, journal: 400 * 86_400_000 },
    last: { at: AT - 60_000, rows: 1200, faded: 3400, removed: 560, snapshot: 9000, failed: 'disk I/O error' },
  },
  limits: [
    { name: 'ASSAY_RATE_ADDRESS', value: '20 a second, 100 at once', means: 'Requests of one visitor’s address.' },
    { name: 'body of a page', value: '256 KiB', means: 'Body of POST /v1/events.' },
  ],
  files: [
    { name: 'journal.db', bytes: 73_400_320 },
    { name: 'ledger.db', bytes: 12_288 },
  ],
};

export const bareSettings: SettingsAnswer = {
  ...settings,
  keys: [],
  destinations: [],
  listeners: [],
  retention: { personal: 30 * 86_400_000, journal: 400 * 86_400_000 },
  limits: [],
  files: [],
};

export const newKey: NewKeyAnswer = {
  ...{ id: 'key-9', role: 'server', name: 'shop server', draft: false, from: 'operator', createdAt: AT },
  key: 'sk_9sQ2mB7xK4pV1nR8tW3yZ6cF5hJ0dL2gA4eU7iO9qS1',
};
