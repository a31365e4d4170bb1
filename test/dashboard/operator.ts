import type { Browser, Page } from 'playwright-core';
import type { TestServer } from '../server.ts';

/** A page of an operator who has signed in; script errors and broken rules of the pages gather in `errors`. */
export async function openOperator(
  browser: Browser,
  server: TestServer,
  errors: string[],
  timeoutMs = 20_000,
): Promise<Page> {
  const context = await browser.newContext();
  context.setDefaultTimeout(timeoutMs);
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
  await page.goto(server.signInUrl());
  await page.waitForURL(/\/(?:live)?$/);
  return page;
}
