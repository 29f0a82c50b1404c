// Where is searched: in one's own mail, or in what somebody shares.
import { h } from './dom.js';
import { searchHash } from './router.js';
import { sharers } from './shared.js';
import { t } from './texts.js';

/** The account of others whose owner that is, or undefined. */
export function accountOf(store, owner) {
  return sharers(store).find(([, name]) => name === owner)?.[0];
}

/** Who shares the mail that is shown; undefined for one's own. */
export function ownerShown(store) {
  return sharers(store).find(([id]) => id === store.account())?.[1];
}

/** A line of links to the same search elsewhere; empty where there is no other place. */
export class Scope {
  #store;

  constructor(store) {
    this.#store = store;
    this.element = h('nav', { class: 'search-where', hidden: true, aria: { label: t('search.where') } });
  }

  /** @param words what is searched for; undefined where nothing is */
  show(words) {
    const owners = words === undefined ? [] : sharers(this.#store).map(([, owner]) => owner);
    this.element.hidden = owners.length === 0;
    this.element.replaceChildren(...[undefined, ...owners].map((owner) => this.#link(words, owner)));
  }

  #link(words, owner) {
    const current = owner === ownerShown(this.#store) ? 'true' : null;
    return h('a', { href: searchHash(words, owner), aria: { current } }, owner ?? t('search.own'));
  }
}
