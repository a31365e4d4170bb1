// The browser half of the twin: behaves like TikTok's pixel towards a page, in a few hundred readable lines.
(() => {
  const settings = /* settings */ {};
  const VERSION = 'twin';
  // 13 months, renewed on every visit; browsers cap a cookie at 400 days.
  const COOKIE_SECONDS = 34_190_000;
  const METHODS = [
    ...['page', 'track', 'identify', 'instances', 'debug', 'on', 'off', 'once', 'ready', 'alias', 'group'],
    ...['enableCookie', 'disableCookie', 'holdConsent', 'revokeConsent', 'grantConsent', 'instance', 'load'],
  ];

  const origin = new URL(document.currentScript.src).origin;
  const stub = window[window.TiktokAnalyticsObject || 'ttq'];
  // A stub of another shape keeps its calls where no one looks for them.
  if (!Array.isArray(stub)) return console.warn('[pixel] no array of queued calls: nothing will be sent');
  if (stub.adoptScript) return stub.adoptScript(settings.code, settings.known);

  const pixels = new Map();
  const scripts = new Set();
  const labels = {};
  const listeners = {};
  const user = {};
  const pageviewId = randomText(16);
  const sessionId = sessionValue('tt_sessionId', () => randomText(16));
  let consent = 'granted';
  let waiting = [];
  let sent = 0;

  function diagnose(rule, text, code) {
    labels[rule] = true;
    if (stub._o?.[code]?.diagnostics !== false) console.warn(`[pixel] ${rule}: ${text}`);
  }

  /** Takes note of a script that arrived for a pixel code. */
  function adoptScript(code, known) {
    if (scripts.has(code)) diagnose('DUPLICATE_PIXEL_CODE', `${code} is loaded twice`, code);
    scripts.add(code);
    if (code.length !== 20) diagnose('MISSING_PIXEL_CODE', 'a pixel code has 20 characters', code);
    else if (!known) diagnose('INVALID_PIXEL_CODE', `${code} is not known`, code);
    adoptPixel(code);
  }

  function adoptPixel(code) {
    if (code && !pixels.has(code)) pixels.set(code, { options: stub._o?.[code] ?? {}, queue: stub._i?.[code] ?? [] });
  }

  // Cookies

  function readCookie(name) {
    return document.cookie
      .split('; ')
      .find((pair) => pair.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  }

  /** Writes to the widest domain that the browser takes, as one shop has many hosts. */
  function writeCookie(name, value, seconds) {
    const labelsOfHost = location.hostname.split('.');
    const isAddress = /^[\d.]+$|:/.test(location.hostname);
    const domains = isAddress ? [] : labelsOfHost.map((_, from) => labelsOfHost.slice(from).join('.')).slice(0, -1);
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    for (const domain of [...domains.reverse().map((one) => `; Domain=${one}`), '']) {
      // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is asynchronous and not everywhere
      document.cookie = `${name}=${value}; Path=/; Max-Age=${seconds}; SameSite=Lax${secure}${domain}`;
      if (seconds > 0 && readCookie(name) === value) return;
    }
  }

  /** The browser's id, set or renewed; undefined while cookies are not wanted. */
  function anonymousId() {
    if (consent !== 'granted' || readCookie('_tt_enable_cookie') === '0') return undefined;
    const id = readCookie('_ttp') ?? randomText(27);
    writeCookie('_tt_enable_cookie', '1', COOKIE_SECONDS);
    writeCookie('_ttp', id, COOKIE_SECONDS);
    return id;
  }

  function randomText(length) {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';
    return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => alphabet[byte % 64]).join('');
  }

  /** A value kept for the session: as it was, or made now. */
  function sessionValue(name, make) {
    try {
      const kept = sessionStorage.getItem(name) ?? make();
      if (kept) sessionStorage.setItem(name, kept);
      return kept ?? undefined;
    } catch {
      return make() ?? undefined;
    }
  }

  /** A query parameter of this page, else of an earlier one in the session. */
  function parameter(name, kept) {
    const given = new URLSearchParams(location.search).get(name);
    try {
      if (given) sessionStorage.setItem(kept, given);
    } catch {
      // Without storage the parameter holds for this page only.
    }
    return given ?? sessionValue(kept, () => null);
  }

  // Sending

  function send(code, event, properties, eventId, limitedDataUse) {
    const { options } = pixels.get(code);
    const testId = parameter('tt_test_id', 'tt_test_id');
    sent += 1;
    const message = {
      event,
      message_id: `messageId-${Date.now()}-${sent}-${code}`,
      event_id: eventId,
      is_onsite: false,
      timestamp: new Date().toISOString(),
      context: {
        ad: testId ? {} : { callback: parameter('ttclid', 'tt_adInfo'), sdk_env: 'external', jsb_status: 2 },
        user: testId ? {} : { anonymous_id: anonymousId(), ...user },
        pixel: { code, mode: 'standard', runtime: '1' },
        page: { url: location.href, referrer: document.referrer },
        library: { name: 'pixel.js', version: VERSION },
        device: { platform: /Mobi/.test(navigator.userAgent) ? 'mobile' : 'pc' },
        session_id: sessionId,
        pageview_id: pageviewId,
        variation_id: '',
        index: sent,
        userAgent: navigator.userAgent,
      },
      _inspection: {},
      signal_diagnostic_labels: { ...labels },
      properties,
      limited_data_use: limitedDataUse ?? isTrue(options.limited_data_use),
      partner: options.partner,
      ...(testId ? { tt_test_id: testId } : {}),
    };
    const text = JSON.stringify(message);
    const url = `${origin}/api/v2/pixel`;
    if (!navigator.sendBeacon?.(url, text)) new Image().src = `${url}?analytics_message=${encodeURIComponent(text)}`;
    for (const listener of listeners[event] ?? []) attempt(() => listener(message));
  }

  function isTrue(value) {
    return value === true || value === 1 || value === '1' || value === 'true';
  }

  function attempt(work) {
    try {
      return work();
    } catch (error) {
      console.error(error);
    }
  }

  /** Does the work now, later or never, as consent says. */
  function withConsent(work) {
    if (consent === 'granted') work();
    else if (consent === 'held' && settings.holdKeepsCalls) waiting.push(work);
  }

  /** The pixels a call is meant for: the one it names, or all. */
  function targets(code) {
    return [...pixels.keys()].filter((one) => code === undefined || one === code);
  }

  function track(only, event, params = {}, options = {}) {
    const name = typeof event === 'string' ? (settings.renames[event] ?? event) : '';
    if (['', 'null', 'undefined'].includes(name.trim()))
      return diagnose('EMPTY_EVENT_TYPE_NAME', 'an event needs a name');
    const { event_id: idInParams, limited_data_use: limitedDataUse, ...properties } = params ?? {};
    if (typeof properties.currency === 'string') properties.currency = properties.currency.toUpperCase();
    const eventId = options?.event_id ?? options?.eventID ?? idInParams;
    const limited = limitedDataUse === undefined ? undefined : isTrue(limitedDataUse);
    const code = only ?? options?.pixel_code;
    withConsent(() => {
      for (const target of targets(code)) send(target, name, properties, eventId, limited);
    });
  }

  // Identity

  function identify(first, second) {
    const given = typeof first === 'string' ? { ...second, external_id: first } : (first ?? {});
    const email = hashed(given.email, (value) => value.trim().toLowerCase(), /^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'EMAIL');
    const phone = hashed(given.phone_number, phoneDigits, /^\+[1-9]\d{6,14}$/, 'PHONE_NUMBER');
    Object.assign(
      user,
      present({
        email: email ?? given.sha256_email?.toLowerCase(),
        phone_number: phone ?? given.sha256_phone_number?.toLowerCase(),
        external_id: given.external_id && hashUnlessHash(String(given.external_id).trim()),
        first_name: given.first_name && hashUnlessHash(given.first_name.trim().toLowerCase()),
        last_name: given.last_name && hashUnlessHash(given.last_name.trim().toLowerCase()),
        zip_code: given.zip_code && hashUnlessHash(given.zip_code.replace(/[\s-]/g, '').toLowerCase()),
        city: given.city && lettersAndDigits(given.city),
        state: given.state && lettersAndDigits(given.state),
        country: given.country && lettersAndDigits(given.country),
      }),
    );
  }

  /** The hash of a normalised contact; a hash given in its place is no contact, and is hashed once more. */
  function hashed(value, normalise, form, label) {
    if (value === undefined || value === null) return undefined;
    if (['', 'null', 'undefined'].includes(String(value).trim().toLowerCase()))
      return diagnose(`INVALID_${label}_INFORMATION`, 'blank value given to identify');
    const normal = normalise(String(value));
    if (!form.test(normal) && !isHash(normal)) return diagnose(`INVALID_${label}_FORMAT`, 'not usable, so not sent');
    return sha256(normal);
  }

  function phoneDigits(value) {
    return value
      .trim()
      .replace(/[\s().-]/g, '')
      .replace(/^00/, '+');
  }

  function hashUnlessHash(value) {
    return isHash(value) ? value.toLowerCase() : sha256(value);
  }

  function isHash(value) {
    return /^[0-9a-f]{64}$/i.test(value);
  }

  function lettersAndDigits(value) {
    return value.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  }

  function present(values) {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
  }

  // Synchronous, because a page may be left right after the call; the browser's own digest is not.
  function sha256(text) {
    const primes = [];
    for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
    const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
    const rounds = primes.map((prime) => fraction(Math.cbrt(prime)));
    const state = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
    const bytes = new TextEncoder().encode(text);
    const padded = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / 64) * 64));
    for (const [place, byte] of bytes.entries()) padded.setUint8(place, byte);
    padded.setUint8(bytes.length, 0x80);
    padded.setUint32(padded.byteLength - 4, bytes.length * 8);
    const rotate = (word, by) => (word >>> by) | (word << (32 - by));
    for (let block = 0; block < padded.byteLength; block += 64) {
      const w = Array.from({ length: 16 }, (_, place) => padded.getInt32(block + place * 4));
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i += 1) {
        if (i >= 16) {
          const low = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >>> 3);
          const high = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >>> 10);
          w[i] = (w[i - 16] + low + w[i - 7] + high) | 0;
        }
        const chosen = (e & f) ^ (~e & g);
        const one = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + chosen + rounds[i] + w[i]) | 0;
        const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
      }
      [a, b, c, d, e, f, g, h].forEach((word, place) => {
        state[place] = (state[place] + word) | 0;
      });
    }
    return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  // Calls

  /** What a page can call, on all pixels or on one. */
  function callsOf(only) {
    return {
      page: () => track(only, 'Pageview'),
      track: (event, params, options) => track(only, event, params, options),
      identify,
      instances: () => [...pixels.keys()].map(instance),
      instance,
      load(code, options) {
        stub._o = { ...stub._o, [code]: options ?? {} };
        adoptScript(code, true);
      },
      ready: (work) => attempt(work),
      on(event, listener) {
        listeners[event] = [...(listeners[event] ?? []), listener];
      },
      off(event, listener) {
        listeners[event] = (listeners[event] ?? []).filter((one) => listener && one !== listener);
      },
      once(event, listener) {
        const first = (message) => {
          stub.off(event, first);
          listener(message);
        };
        stub.on(event, first);
      },
      enableCookie() {
        writeCookie('_tt_enable_cookie', '1', COOKIE_SECONDS);
        anonymousId();
      },
      disableCookie() {
        writeCookie('_tt_enable_cookie', '0', COOKIE_SECONDS);
        writeCookie('_ttp', '', 0);
        navigator.sendBeacon?.(`${origin}/disable_cookie`);
      },
      holdConsent() {
        consent = 'held';
      },
      grantConsent() {
        consent = 'granted';
        anonymousId();
        const kept = waiting;
        waiting = [];
        for (const work of kept) attempt(work);
      },
      revokeConsent() {
        consent = 'revoked';
        waiting = [];
        writeCookie('_ttp', '', 0);
        writeCookie('_tt_enable_cookie', '', 0);
      },
      debug: () => undefined,
      alias: () => undefined,
      group: () => undefined,
    };
  }

  const instances = new Map();
  function instance(code) {
    if (!instances.has(code)) instances.set(code, { ...callsOf(code), code });
    return instances.get(code);
  }

  function perform(calls, queued) {
    for (const [method, ...args] of queued.filter(Array.isArray))
      if (METHODS.includes(method)) attempt(() => calls[method](...args));
  }

  const calls = callsOf(undefined);
  for (const code of Object.keys(stub._i ?? {})) adoptPixel(code);
  adoptScript(settings.code, settings.known);
  const queued = stub.splice(0);
  Object.assign(stub, calls, { adoptScript });
  stub.push = (...more) => {
    perform(calls, more);
    return 0;
  };
  perform(calls, queued);
  for (const [code, { queue }] of pixels) perform(instance(code), queue.splice(0));
  anonymousId();
})();
