import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kit } from './kit.ts';
import { newKey } from './settings-answers.ts';

const changes = (asked: readonly string[]): string[] => asked.filter((line) => !line.startsWith('GET'));

/** Settings: what an operator may do, by keyboard alone. */
export function settingsPages(kit: () => Kit): void {
  test('a key is made by keyboard alone, and its text is shown once, to be copied', () =>
    kit().onPage('/settings', {}, async (page, at) => {
      await page.locator('summary').getByText('New key').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Tab');
      await page.keyboard.type('shop server');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText(newKey.key).waitFor();
      assert.deepEqual(changes(at.asked), ['POST /v1/keys {"role":"server","name":"shop server","draft":true}']);
      await page.getByRole('button', { name: 'Copy the key' }).click();
      await page.getByText('Copied').waitFor();
      await page.getByRole('button', { name: 'I have it' }).click();
      assert.equal(await page.getByText(newKey.key).count(), 0);
    }));

  test('what is wrong with a key stands at its field', () =>
    kit().onPage('/settings', {}, async (page, at) => {
      at.scene.change = [{ where: 'name', what: 'name has an @', fix: 'use letters', code: 'body_shape' }];
      await page.getByText('New key').click();
      await page.getByLabel('Name').fill('a@b');
      await page.getByRole('button', { name: 'Make the key' }).click();
      await page.getByText('Name has an @. Use letters.').waitFor();
      const field = page.getByLabel('Name');
      assert.equal(await field.getAttribute('aria-invalid'), 'true');
      const told = await page
        .locator(`#${(await field.getAttribute('aria-describedby'))?.split(' ').at(-1)}`)
        .innerText();
      assert.equal(told, 'Name has an @. Use letters.');
    }));

  test('a refusal that names no field stands in the form', () =>
    kit().onPage('/settings', { change: 409 }, async (page) => {
      await page.getByText('New key').click();
      await page.getByLabel('Name').fill('one more');
      await page.getByRole('button', { name: 'Make the key' }).click();
      await page.locator('form').getByText('The ledger is being rebuilt.').waitFor();
    }));

  test('ending a key asks once, can be taken back, and takes a grace', () =>
    kit().onPage('/settings', { change: {} }, async (page, at) => {
      const end = page.getByRole('button', { name: 'End shop server' });
      await end.click();
      assert.ok(await page.getByRole('button', { name: 'Keep' }).evaluate((button) => button.matches(':focus')));
      await page.keyboard.press('Escape');
      assert.ok(await end.evaluate((button) => button.matches(':focus')));
      assert.deepEqual(changes(at.asked), []);
      await end.click();
      await page.getByLabel('When').selectOption('24h');
      await page.getByRole('button', { name: 'End the key' }).click();
      await end.waitFor();
      assert.deepEqual(changes(at.asked), ['DELETE /v1/keys/key-1?grace=24h']);
    }));

  test('rotating makes the new key first and ends the old one a day later', () =>
    kit().onPage('/settings', {}, async (page, at) => {
      await page.getByRole('button', { name: 'Rotate try-out' }).click();
      await page.getByRole('button', { name: 'Make the new key' }).click();
      await page.getByText(newKey.key).waitFor();
      await page.getByRole('button', { name: 'Rotate try-out' }).waitFor();
      assert.deepEqual(changes(at.asked), [
        'POST /v1/keys {"role":"server","name":"try-out","draft":true}',
        'DELETE /v1/keys/key-2?grace=24h',
      ]);
    }));

  test('a key of the environment, and one that has ended, can’t be changed here', () =>
    kit().onPage('/settings', {}, async (page) => {
      await page.getByText('ASSAY_WRITE_KEY').waitFor();
      for (const name of ['End ASSAY_WRITE_KEY', 'End old CRM', 'End CRM'])
        assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0);
    }));

  test('a test session is opened with code and hours, and closed after a question', () =>
    kit().onPage('/settings', { change: {} }, async (page, at) => {
      const second = page.getByRole('region', { name: 'Destination second' });
      await second.getByText('Open a test session').click();
      await second.getByLabel('Test code').fill('TEST777');
      await second.getByLabel('Hours').fill('2');
      await second.getByRole('button', { name: 'Open' }).click();
      const close = page.getByRole('button', { name: 'Close the test session of main' });
      await close.click();
      await page.getByRole('button', { name: 'Close the session' }).click();
      await close.waitFor();
      assert.deepEqual(changes(at.asked), [
        'POST /v1/tests {"destination":"second","code":"TEST777","hours":2}',
        'DELETE /v1/tests/main',
      ]);
    }));

  test('what retention did last is told, and why it did not come to its end', () =>
    kit().onPage('/settings', {}, async (page) => {
      await page.getByText('emptied 1,200 ledger rows and 3,400 journal records, removed 560').waitFor();
      await page.getByText('the next one goes on: disk I/O error').waitFor();
    }));

  test('a missing token is told with the variable to set', () =>
    kit().onPage('/settings', {}, async (page) => {
      const second = page.getByRole('region', { name: 'Destination second' });
      await second.getByText('TIKTOK_TOKEN_2 is not set').waitFor();
      await second.getByText('no token: 40105 Access token is incorrect').waitFor();
    }));
}
