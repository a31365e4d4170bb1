import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextTheme, storedTheme, storeTheme } from './theme.ts';

test('a kept theme comes back', () => {
  const kept = new Map<string, string>();
  const storage = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  storeTheme(storage, 'dark');
  assert.equal(storedTheme(storage), 'dark');
});

test('a strange or missing theme is the system theme', () => {
  assert.equal(
    storedTheme(() => ({ getItem: () => 'sepia' })),
    'system',
  );
  assert.equal(
    storedTheme(() => ({ getItem: () => null })),
    'system',
  );
});

test('closed storage breaks nothing', () => {
  const closed = () => {
    throw new Error('denied');
  };
  assert.equal(storedTheme(closed), 'system');
  assert.doesNotThrow(() => storeTheme(closed, 'light'));
});

test('the toggle walks through all themes and comes back', () => {
  assert.equal(nextTheme('system'), 'light');
  assert.equal(nextTheme('light'), 'dark');
  assert.equal(nextTheme('dark'), 'system');
});
