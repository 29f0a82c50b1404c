// JMAP, RFC 8620: the only way by which this page talks to the server. All URLs are of the page's own origin, whatever the session calls the server.
import { t } from './texts.js';

const TOKEN = 'posthorn.token';

/** Seconds after which a stream that has nothing to say says so, RFC 8620 7.3; the server may take others, and tells which. */
const PING = 60;

/** A stream that has said nothing for so many times as long has broken, and nobody was told. */
const MISSED = 3;

/** So many objects a call changes or tells, where the server allows as many. */
const BATCH = 1000;

/** Parts of an array, as large as a call may be. @param limit its name in the session, RFC 8620 2 @param most what is enough at a time */
export function batches({ session }, all, limit, most = BATCH) {
  const size = Math.min(most, session.capabilities['urn:ietf:params:jmap:core'][limit] ?? most);
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** Why a request, or one of its calls, failed. `type` is the word of RFC 8620 3.6, `status` that of HTTP (0: no connection). */
export class JmapError extends Error {
  constructor(message, { status = 0, type = '', detail = null } = {}) {
    super(message);
    this.name = 'JmapError';
    this.status = status;
    this.type = type;
    this.detail = detail;
  }
}

function unreached() {
  return new JmapError(t('error.connection'), { type: 'noConnection' });
}

/** What a status without a word of the server says. HTTP/2 has no reasons, and those of HTTP/1.1 are in English. */
function reason({ status, statusText }) {
  if ([502, 503, 504].includes(status)) return t('error.away');
  return `${status} ${statusText}`.trim();
}

function own(url) {
  return url.replace(/^[a-z]+:\/\/[^/]+/i, '');
}

function basic(user, password) {
  const octets = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...octets))}`;
}

/** What a person finds in a list of sessions. */
function deviceName() {
  const agent = navigator.userAgent;
  const browser = /Edg\//.test(agent) ? 'Edge' : /Firefox\//.test(agent) ? 'Firefox' : /Chrom(e|ium)\//.test(agent) ? 'Chromium' : /Safari\//.test(agent) ? 'Safari' : 'Browser';
  const system = /Android/.test(agent) ? 'Android' : /iPhone|iPad/.test(agent) ? 'iOS' : /Windows/.test(agent) ? 'Windows' : /Mac OS/.test(agent) ? 'macOS' : /Linux/.test(agent) ? 'Linux' : '';
  return system ? `${browser} on ${system}` : browser;
}

async function send(url, options) {
  try {
    // A browser must not answer a 401 with a window of its own, nor send what it remembers.
    return await fetch(url, { ...options, credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw unreached();
  }
}

async function checked(response) {
  if (response.ok) return response;
  let detail = null;
  try {
    detail = await response.json();
  } catch {
    // A status says enough where there is no problem document.
  }
  throw new JmapError(detail?.detail ?? reason(response), { status: response.status, type: detail?.type ?? '', detail });
}

/** One user's connection. */
export class Client {
  #authorization;
  #gone = () => {};
  #running = 0;
  #waiting = [];

  constructor(authorization) {
    this.#authorization = authorization;
    this.session = null;
    this.accountId = null;
    this.isStale = false;
  }

  /**
   * Logs in: by a token where the server makes them, else by the password, which stays in memory and is gone with the page.
   * @param stay whether the next start of the browser is to be logged in as well
   */
  static async login(user, password, { stay = false } = {}) {
    const authorization = basic(user, password);
    const response = await send('/auth/tokens', {
      method: 'POST',
      headers: { Authorization: authorization, 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: deviceName() }),
    });
    if (response.status === 404 || response.status === 503) return new Client(authorization).open();
    const { token } = await (await checked(response)).json();
    const client = await new Client(`Bearer ${token}`).open();
    (stay ? localStorage : sessionStorage).setItem(TOKEN, token);
    return client;
  }

  /** As whoever was logged in here before; null when nobody was, or his session has ended. */
  static async restore() {
    const token = sessionStorage.getItem(TOKEN) ?? localStorage.getItem(TOKEN);
    if (!token) return null;
    try {
      return await new Client(`Bearer ${token}`).open();
    } catch (error) {
      if (error.status !== 401) throw error;
      Client.forget();
      return null;
    }
  }

  static forget() {
    sessionStorage.removeItem(TOKEN);
    localStorage.removeItem(TOKEN);
  }

  async open() {
    this.session = await (await this.fetch('/.well-known/jmap')).json();
    this.accountId = this.session.primaryAccounts['urn:ietf:params:jmap:mail'];
    this.isStale = false;
    return this;
  }

  get username() {
    return this.session.username;
  }

  /** What the server says of a capability for this account, or undefined where it has none of that name. */
  capability(uri) {
    return this.session.accounts[this.accountId].accountCapabilities[uri];
  }

  /** Ends the session at the server as well, where it has one. */
  async logout() {
    try {
      const { tokens } = await (await this.fetch('/auth/tokens')).json();
      const current = tokens.find((token) => token.current);
      if (current) await this.fetch(`/auth/tokens/${encodeURIComponent(current.id)}`, { method: 'DELETE' });
    } catch {
      // A server without sessions has none to end; without a connection this one ends by itself.
    }
    Client.forget();
  }

  /** Called when the server no longer knows this session. */
  onGone(listener) {
    this.#gone = listener;
  }

  /** Any request to this server as this user. @throws JmapError unless it is answered with 2xx */
  async fetch(url, options = {}) {
    const response = await send(url, { ...options, headers: { ...options.headers, Authorization: this.#authorization } });
    if (response.status === 401) {
      Client.forget();
      this.#gone();
    }
    return checked(response);
  }

  /**
   * Carries out method calls `[name, arguments, id]`, in order. The account is put in, unless it is there; a back-reference is `'#ids': Client.ref(...)`.
   * @returns the responses' arguments by call id; those of a call that another one implies, RFC 8620 5.4, are its `implied`
   * @throws JmapError with the first call that failed, unless `partial`: then that one's answer is `{ error: JmapError }`
   */
  async call(methodCalls, { partial = false, signal } = {}) {
    const calls = methodCalls.map(([name, args, id], i) => [name, { accountId: this.accountId, ...args }, id ?? String(i)]);
    const { methodResponses, sessionState } = await this.#post(JSON.stringify({ using: Object.keys(this.session.capabilities), methodCalls: calls }), signal);
    // Another session than this one: others share something, or nothing any more.
    this.isStale ||= sessionState !== this.session.state;
    const answers = {};
    for (const [name, args, id] of methodResponses) {
      const error = name === 'error' ? new JmapError(args.description ?? args.type, { status: 200, type: args.type, detail: args }) : null;
      if (error && !partial) throw error;
      const answer = error ? { error } : args;
      if (id in answers) answers[id].implied = answer;
      else answers[id] = answer;
    }
    return answers;
  }

  /** As many at a time as the server takes, RFC 8620 2; the others wait for their turn. */
  async #post(body, signal) {
    const most = this.session.capabilities['urn:ietf:params:jmap:core'].maxConcurrentRequests;
    while (this.#running >= most) await new Promise((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await (await this.fetch(own(this.session.apiUrl), { method: 'POST', signal, headers: { 'Content-Type': 'application/json' }, body })).json();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  /** The result of another call of the same request, RFC 8620 3.7. */
  static ref(resultOf, name, path) {
    return { resultOf, name, path };
  }

  /** @param onProgress is told the part that is sent, 0 to 1. @returns `{ blobId, type, size }` */
  upload(blob, onProgress = () => {}, { signal } = {}) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', own(this.session.uploadUrl).replace('{accountId}', encodeURIComponent(this.accountId)));
      request.setRequestHeader('Authorization', this.#authorization);
      request.setRequestHeader('Content-Type', blob.type || 'application/octet-stream');
      request.responseType = 'json';
      request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
      request.onload = () => {
        const { status, response } = request;
        if (status >= 200 && status < 300) resolve(response);
        else reject(new JmapError(response?.detail ?? reason(request), { status, type: response?.type ?? '', detail: response }));
      };
      request.onerror = () => reject(unreached());
      request.onabort = () => reject(new DOMException('The upload was cancelled', 'AbortError'));
      signal?.addEventListener('abort', () => request.abort());
      request.send(blob);
    });
  }

  /** @returns a Blob */
  async download(blobId, { accountId = this.accountId, name = 'download', type = 'application/octet-stream', signal } = {}) {
    const url = own(this.session.downloadUrl)
      .replace('{accountId}', encodeURIComponent(accountId))
      .replace('{blobId}', encodeURIComponent(blobId))
      .replace('{name}', encodeURIComponent(name))
      .replace('{type}', encodeURIComponent(type));
    return (await this.fetch(url, { signal })).blob();
  }

  /**
   * Listens for changes, RFC 8620 7.3; an EventSource would not log in. Comes back by itself when the connection breaks.
   * @param onStates is told the states of types that changed, by account
   * @param onConnected is told whether the stream is there
   * @returns what ends it
   */
  listen(types, onStates, onConnected = () => {}) {
    const end = new AbortController();
    const url = own(this.session.eventSourceUrl).replace('{types}', types.join(',')).replace('{closeafter}', 'no').replace('{ping}', String(PING));
    this.#stream(url, onStates, onConnected, end.signal);
    return () => end.abort();
  }

  async #stream(url, onStates, onConnected, signal) {
    let pause = 1000;
    let last = '';
    while (!signal.aborted) {
      const line = new Line(signal);
      try {
        const headers = { Accept: 'text/event-stream', ...(last && { 'Last-Event-ID': last }) };
        const response = await this.fetch(url, { headers, signal: line.signal });
        onConnected(true);
        pause = 1000;
        for await (const event of events(response.body, () => line.heard())) {
          last = event.id ?? last;
          if (event.type === 'ping') line.interval(JSON.parse(event.data).interval);
          const change = event.type === 'state' ? JSON.parse(event.data).changed : null;
          if (change) onStates(change);
        }
      } catch (error) {
        if (signal.aborted || error.status === 401) return;
      } finally {
        line.close();
      }
      onConnected(false);
      await wait(pause * (1 + Math.random() / 4), signal);
      pause = Math.min(pause * 2, 60_000);
    }
  }
}

/** Gives a stream up that has been silent for too long, as one is behind a sleep or a router that forgot it. */
class Line {
  #end = new AbortController();
  #cut = () => this.#end.abort();
  #outer;
  #quiet = MISSED * PING * 1000;
  #timer;

  constructor(outer) {
    this.#outer = outer;
    outer.addEventListener('abort', this.#cut);
    // A page that is left is kept for the way back, with its connections; a browser has six for a server, and none would be left.
    addEventListener('pagehide', this.#cut);
    this.heard();
  }

  get signal() {
    return this.#end.signal;
  }

  heard() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#cut, this.#quiet);
  }

  /** @param seconds between what the server says when there is nothing to say */
  interval(seconds) {
    if (!(seconds > 0)) return;
    this.#quiet = MISSED * seconds * 1000;
    this.heard();
  }

  close() {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#cut);
    removeEventListener('pagehide', this.#cut);
    this.#cut();
  }
}

/** Until then, or until the network is back. */
function wait(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}

/** The events of a stream, as HTML 9.2.6 has them. @param heard is called with all that comes */
async function* events(body, heard) {
  let text = '';
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    heard();
    text += value;
    const blocks = text.split(/\r\n\r\n|\n\n|\r\r/);
    text = blocks.pop();
    for (const block of blocks) yield event(block);
  }
}

function event(block) {
  const made = { type: 'message', data: '' };
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value] = line.match(/^([^:]*):? ?(.*)$/);
    if (field === 'event') made.type = value;
    else if (field === 'data') made.data += made.data ? `\n${value}` : value;
    else if (field === 'id') made.id = value;
  }
  return made;
}
