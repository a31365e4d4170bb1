import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../event/event.ts';
import { adChannel, creativeOf, isReturn, knownOf, referrerChannel } from './channel.ts';

const channels = `
  # parameters                                        channel
  utm_source=tiktok&utm_medium=paid_social            tiktok / paid
  utm_source=TikTok                                   tiktok / paid
  utm_source=tiktok_ads&utm_medium=cpc                tiktok / paid
  utm_source=tt                                       tiktok / paid
  utm_source=tiktok&utm_medium=organic                tiktok / organic
  utm_source=tiktok&utm_medium=bio                    tiktok / organic
  tt_adgroup=17&tt_ad=18                              tiktok / paid
  campaign_id=17                                      tiktok / paid
  utm_source=Google&utm_medium=CPC                    google / cpc
  utm_source=newsletter&utm_medium=email&tt_ad=1      newsletter / email
  utm_source=partner                                  partner / (none)
  utm_medium=email                                    (unknown) / email
  utm_campaign=Spring                                 (unknown) / (none)
  utm_source=__CALLBACK__&utm_medium=cpc              (unknown) / cpc
  utm_content=a                                       -
  q=shoes                                             -
`;
for (const [parameters, channel] of rows(channels))
  test(`the parameters ${parameters} name the channel ${channel}`, () => {
    assert.equal(adChannel(adOf(parameters)), channel === '-' ? null : channel);
  });

const hosts = `
  www.google.com          google / organic
  www.google.co.uk        google / organic
  mail.google.com         mail.google.com / referral
  google.com.evil.example  google.com.evil.example / referral
  duckduckgo.com          duckduckgo / organic
  l.instagram.com         instagram / social
  www.tiktok.com          tiktok / social
  nottiktok.com           nottiktok.com / referral
  t.co                    x / social
  www.blog.example        blog.example / referral
`;
for (const [host, channel] of rows(hosts))
  test(`a visit from ${host} came by ${channel}`, () => assert.equal(referrerChannel(host), channel));

test('who comes back from a payment or a sign-in has come from nowhere else', () => {
  for (const host of [
    'checkout.stripe.com',
    'www.paypal.com',
    'pay.amazon.de',
    'accounts.google.com',
    'pay.klarna.com',
  ])
    assert.ok(isReturn(host), host);
  for (const host of ['www.google.com', 'stripe.com.evil.example', 'mystripe.com', 'blog.example'])
    assert.ok(!isReturn(host), host);
});

test('what may be an id or a name is what it looks like, and an exact field goes before it', () => {
  assert.deepEqual(creativeOf(adOf('campaign=Spring&adgroup=17&ad=__CID__&placement=TikTok')), {
    ...{ campaignId: null, campaign: 'Spring', adgroupId: '17', adgroup: null, adId: null, ad: null },
    placement: 'TikTok',
  });
  assert.deepEqual(creativeOf(adOf('utm_id=9&utm_campaign=Spring&campaign_id=8&tt_ad=18&utm_content=Video')), {
    ...{ campaignId: '8', campaign: 'Spring', adgroupId: null, adgroup: null, adId: '18', ad: 'Video' },
    placement: null,
  });
});

test('what is no text is not known, and a long name is cut', () => {
  const creative = creativeOf({ campaign_id: 17, campaign_name: { a: 1 }, ad_name: ' ', placement: 'x'.repeat(500) });
  assert.equal(creative.campaignId, '17');
  assert.equal(creative.campaign, null);
  assert.equal(creative.ad, null);
  assert.equal(creative.placement?.length, 200);
  assert.equal(knownOf(creative), 2);
});

function adOf(parameters: string): JsonObject {
  return Object.fromEntries(new URLSearchParams(parameters));
}

function rows(table: string): [string, string][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/))
    .filter(([first]) => first !== undefined && !first.startsWith('#')) as [string, string][];
}
