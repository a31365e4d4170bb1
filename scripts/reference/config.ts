import { SETTINGS } from '../../src/server/config.ts';
import { code, page, table } from './markdown.ts';

export function configPage(): string {
  const rows = SETTINGS.map((setting) => [
    code(setting.name),
    setting.fallback === '' ? (setting.check?.('') ? '**must be set**' : 'empty') : code(setting.fallback),
    setting.means + (setting.secret ? ' Secret.' : ''),
    ruleOf(setting),
  ]);
  return page('Settings', 'SETTINGS in src/server/config.ts', [
    'Settings are environment variables, read once at the start. A wrong one stops the start, and all of them are listed together. A secret is never printed.',
    table(['variable', 'default', 'meaning', 'form'], rows),
    'Each destination of the tracking spec names one more variable, which holds its access token: `token: env:TIKTOK_TOKEN` reads `TIKTOK_TOKEN`. Two tokens may be live while one replaces the other: separated by a comma, or one a line in the file that `TIKTOK_TOKEN_FILE` names, which is read again when it changes. Where TikTok takes neither, and without one, the destination pauses and everything waits.',
    '`assay doctor` checks all of this, and the way to TikTok.',
  ]);
}

/** The form in the setting's own words: what it says to a value that no setting takes. */
function ruleOf(setting: (typeof SETTINGS)[number]): string {
  const fix = setting.check?.('\u0000') ?? '';
  return fix.replace(/^(?:set it to|write|a port is) /, '');
}
