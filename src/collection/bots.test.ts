import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBot } from './bots.ts';

const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0';
const table = `
  bot     Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)
  bot     Mozilla/5.0 (Linux; Android 5.0) ${CHROME} Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)
  bot     facebookexternalhit/1.1
  bot     Mozilla/5.0 (X11; Linux x86_64) ${CHROME.replace('Chrome', 'HeadlessChrome')} Safari/537.36
  bot     curl/8.9.1
  bot     python-requests/2.32.0
  person  Mozilla/5.0 (X11; Linux x86_64) ${CHROME} Safari/537.36
  person  Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1
  person  Mozilla/5.0 (Linux; Android 13; CUBOT P80 Build/TP1A) ${CHROME} Mobile Safari/537.36
  person  Mozilla/5.0 (Linux; Android 14; Google TV Box) ${CHROME} Safari/537.36
  person  Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 musical_ly_41.3.0 JsSdk/2.0 NetType/WIFI Channel/App Store BytedanceWebview/d8a21c6
  person  Mozilla/5.0 (Linux; Android 15; Pixel 9 Build/X; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/141.0.0.0 Mobile Safari/537.36 trill_2024103050 BytedanceWebview/d8a21c6
  person  com.zhiliaoapp.musical_ly/2022803040 (Linux; U; Android 12; en_US; Pixel 6; Build/X; Cronet/TTNetVersion:68deaea9)
`;
for (const row of table.trim().split('\n')) {
  const [who, ...words] = row.trim().split(/\s+/);
  const userAgent = words.join(' ');
  test(`${userAgent} is a ${who}`, () => assert.equal(isBot(userAgent), who === 'bot'));
}

test('a request without a user agent is nobody known', () => assert.equal(isBot(''), false));

test('many user agents change no answer', () => {
  const bot = (n: number): string => `Mozilla/5.0 (compatible; Googlebot/2.${n}; +http://www.google.com/bot.html)`;
  for (let n = 0; n < 5000; n++) assert.ok(isBot(bot(n)));
  assert.equal(isBot(bot(0)), true);
  assert.equal(isBot(''), false);
});
