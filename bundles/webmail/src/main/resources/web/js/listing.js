// The conversations of a query, RFC 8621 4.4: the ids by position, fetched a page at a time where somebody looks, and kept up with what changes.
import { Client, JmapError } from './jmap.js';
import { SUMMARY } from './emails.js';

const PAGE = 60;

/** So many changes are worked in; for more the list is asked for anew. */
const MOST_CHANGES = 500;

/** So many ids a server tells at a time. */
const MOST_IDS = 10_000;

/** The state of a list that is no longer believed; no server has it. */
const STALE = '';

const SORT = [{ property: 'receivedAt', isAscending: false }];

export class Listing {
  #client;
  #emails;
  #filter;
  #sort;
  #words;
  #mailboxId;
  #onChange;
  #pages = new Map();
  #end = new AbortController();
  #state = null;
  #canChange = false;
  /** Whether the positions here are others than those at the server, as far as is known: until it has told what changed, no page is asked for. */
  #isAhead = false;

  /**
   * @param filter of Email/query
   * @param sort of it, where it is not the usual one
   * @param mailboxId the one that is listed, if one is: of what lies there the UIDs are known
   * @param words whether snippets are wanted of what was searched for
   */
  constructor({ client, emails, filter, sort, mailboxId, words = false, onChange }) {
    this.#client = client;
    this.#emails = emails;
    this.#filter = filter;
    this.#sort = sort || SORT;
    this.#mailboxId = mailboxId;
    this.#words = words;
    this.#onChange = onChange;
    this.ids = [];
    this.total = null;
    this.error = null;
    this.snippets = new Map();
    this.uids = new Map();
  }

  get mailboxId() {
    return this.#mailboxId;
  }

  /** Nobody looks any more: what is asked for is given up. */
  close() {
    this.#end.abort();
    this.#pages.clear();
  }

  /** Somebody looks again, and what has changed meanwhile is asked for. @returns a promise of that */
  reopen() {
    this.#end = new AbortController();
    return this.total === null ? this.load(0, 1) : this.refresh();
  }

  #query(more) {
    return { filter: this.#filter, sort: this.#sort, collapseThreads: true, ...more };
  }

  /** Fetches what is missing from one position to another. */
  async load(from, to) {
    // What has failed is not asked for again by itself: a server in trouble would be asked by all who look, all the time.
    if (this.error || this.#isAhead) return;
    const pages = [];
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) {
      if (this.total !== null && page * PAGE >= Math.max(this.total, 1)) break;
      if (!this.#known(page)) pages.push(page);
    }
    await Promise.all(pages.map((page) => this.#page(page)));
  }

  #known(page) {
    if (this.total === null) return false;
    for (let i = page * PAGE; i < Math.min((page + 1) * PAGE, this.total); i++)
      if (!this.ids[i] || this.#emails.get(this.ids[i])?.receivedAt === undefined || !this.#emails.hasThread(this.ids[i])) return false;
    return true;
  }

  #page(page) {
    const running = this.#pages.get(page) ?? this.#fetch(page).finally(() => this.#pages.get(page) === running && this.#pages.delete(page));
    this.#pages.set(page, running);
    return running;
  }

  async #fetch(page) {
    const { signal } = this.#end;
    try {
      const answers = await this.#client.call(this.#calls(page), { signal, partial: true });
      this.#take(page, answers);
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.error = error;
    }
    if (!signal.aborted) this.#onChange();
  }

  #calls(page) {
    const ids = Client.ref('query', 'Email/query', '/ids');
    const calls = [
      ['Email/query', this.#query({ position: page * PAGE, limit: PAGE, calculateTotal: true }), 'query'],
      ['Email/get', { '#ids': ids, properties: SUMMARY }, 'first'],
      ['Thread/get', { '#ids': Client.ref('first', 'Email/get', '/list/*/threadId') }, 'threads'],
      ['Email/get', { '#ids': Client.ref('threads', 'Thread/get', '/list/*/emailIds'), properties: SUMMARY }, 'all'],
    ];
    if (this.#words) calls.push(['SearchSnippet/get', { filter: this.#filter, '#emailIds': ids }, 'snippets']);
    if (this.#locates) calls.push(['Email/locate', { mailboxId: this.#mailboxId, '#ids': ids }, 'uids']);
    return calls;
  }

  #take(page, { query, first, threads, all, snippets, uids }) {
    if (query.error) throw query.error;
    this.error = null;
    this.#canChange = query.canCalculateChanges;
    const stale = this.#state === STALE;
    const moved = this.#state !== null && this.#state !== query.queryState;
    // The other pages are older than this one: what has changed since is worked into them, and this one is asked for again; or all are asked for anew.
    if (moved && this.#canChange && !stale) {
      this.#isAhead = true;
      queueMicrotask(() => this.refresh());
    } else if (stale || !this.#isAhead) this.#place(page, query, moved);
    if (first.error) throw first.error;
    this.#emails.put(first.list);
    // A conversation can be too long for one answer: then it is shown by its newest alone.
    if (!threads?.error && !all?.error) {
      this.#emails.put(all.list);
      this.#emails.putThreads(threads.list);
    } else this.#emails.putThreads(first.list.map((email) => ({ id: email.threadId, emailIds: [email.id] })));
    for (const snippet of snippets?.list ?? []) this.snippets.set(snippet.emailId, snippet);
    for (const { emailId, uid } of uids?.list ?? []) this.uids.set(emailId, uid);
  }

  #place(page, { ids, total, queryState }, moved) {
    if (moved) this.ids = [];
    this.#state = queryState;
    this.#isAhead = false;
    this.total = total;
    this.ids.length = total;
    ids.forEach((id, i) => (this.ids[page * PAGE + i] = id));
  }

  /** Works in what has changed since, or asks again for what has failed. */
  async refresh() {
    if (this.error) return this.reload();
    if (this.#state === null) return;
    if (this.#canChange && (await this.#changes())) return;
    if (this.#end.signal.aborted) return;
    await this.reload();
  }

  /** Asks for it anew; what is shown stays until the new is there, and other positions are asked for when somebody looks at them. */
  async reload() {
    this.error = null;
    this.#canChange = false;
    this.#state = STALE;
    await this.#page(0);
  }

  async #changes() {
    const since = this.#state;
    try {
      const { changes } = await this.#client.call(
        [['Email/queryChanges', this.#query({ sinceQueryState: since, maxChanges: MOST_CHANGES, calculateTotal: true }), 'changes']],
        { signal: this.#end.signal },
      );
      if (this.#state === since) this.#apply(changes);
      return true;
    } catch (error) {
      if (error.name === 'AbortError') return true;
      if (error instanceof JmapError && error.status === 200) return false;
      this.error = error;
      this.#onChange();
      return true;
    }
  }

  /** RFC 8620 5.6. Behind a place where it is not known what lay there positions are not known either. */
  #apply({ newQueryState, removed, added, total }) {
    this.#state = newQueryState;
    this.#isAhead = false;
    const gone = new Set(removed);
    for (const id of removed) this.uids.delete(id);
    this.#locate(added.map(({ id }) => id));
    const gap = this.#firstGap();
    const known = this.ids.slice(0, gap).filter((id) => !gone.has(id));
    const ends = gap >= (this.total ?? 0);
    for (const { id, index } of [...added].sort((a, b) => a.index - b.index)) {
      if (index <= known.length) known.splice(index, 0, id);
    }
    this.total = total;
    this.ids = ends ? known.slice(0, total) : known;
    this.ids.length = total;
    this.#onChange();
  }

  /** Which UIDs these have now: who came back from elsewhere has another one. */
  async #locate(ids) {
    if (ids.length === 0 || !this.#locates) return;
    try {
      const { uids } = await this.#client.call([['Email/locate', { mailboxId: this.#mailboxId, ids }, 'uids']], { signal: this.#end.signal });
      for (const { emailId, uid } of uids.list) this.uids.set(emailId, uid);
    } catch {
      // Without its UID an Email goes by its id.
    }
  }

  get #locates() {
    return Boolean(this.#mailboxId && this.#client.capability('urn:posthorn:imap'));
  }

  #firstGap() {
    for (let i = 0; i < this.ids.length; i++) if (!this.ids[i]) return i;
    return this.ids.length;
  }

  /** Takes these out at once, before the server tells that they are gone. */
  remove(ids) {
    const gone = new Set(ids);
    const left = [];
    let taken = 0;
    // Places that are not known stay so, each as far up as the ones before it that go.
    this.ids.forEach((id, i) => {
      if (gone.has(id)) taken++;
      else left[i - taken] = id;
    });
    if (taken === 0) return;
    this.ids = left;
    this.total -= taken;
    this.ids.length = this.total;
    this.#isAhead = true;
    this.#onChange();
  }

  /** The id of each conversation that is listed. */
  async all() {
    const ids = [];
    const states = new Set();
    let total;
    do {
      const { query } = await this.#client.call([['Email/query', this.#query({ position: ids.length, limit: MOST_IDS, calculateTotal: true }), 'query']]);
      ids.push(...query.ids);
      states.add(query.queryState);
      total = query.total;
      if (query.ids.length === 0) break;
    } while (ids.length < total);
    // Of a newer state they would be changed a second time by what has changed since.
    if (states.size === 1 && states.has(this.#state) && ids.length === total && !this.#isAhead) this.ids = [...ids];
    return ids;
  }
}
