// What became of a mail that was sent, for each whom it was for: in words, and as soon as the server knows.
import { submission } from './compose-send.js';
import { h, icon } from './dom.js';
import { t } from './texts.js';

/** So many are shown; of a mail to more, those for whom it went worst, and the others behind a button. */
const SHOWN = 8;

/** The worst first. */
const ORDER = ['no', 'queued', 'unknown', 'yes'];
const ICONS = { no: 'junk', queued: 'scheduled', unknown: 'forward', yes: 'check' };

/** What one DeliveryStatus says, RFC 8621 7. `remoteMta` tells, where the server does, which host has the mail. */
export function outcome({ delivered, smtpReply = '', remoteMta, displayed }, isPending = false) {
  const reply = smtpReply;
  // Anybody who has the mail may say that another has seen it: that hides no failure.
  if (delivered === 'no') return t('delivery.no', { reply });
  if (displayed === 'yes') return t('delivery.displayed');
  if (delivered === 'yes') return t('delivery.yes');
  if (delivered === 'unknown') return remoteMta ? t('delivery.handed', { host: remoteMta }) : t('delivery.unknown', { reply });
  if (isPending) return t('delivery.held');
  return smtpReply.startsWith('4') ? t('delivery.waiting', { reply }) : t('delivery.underway');
}

/** The lines below one mail; nothing where it was not sent from here, or the server tells nothing of it. */
export class Delivery {
  #client;
  #accountId;
  #emailId;
  #list = h('ul', {});
  #rows = new Map();

  constructor(client, email) {
    this.#client = client;
    this.#accountId = submission(client)?.accountId;
    this.#emailId = email.id;
    this.element = h('section', { class: 'delivery', hidden: true, data: { testid: 'delivery' }, aria: { label: t('delivery'), live: 'polite' } }, this.#list);
    this.refresh();
  }

  /** Asks the server; what it cannot tell now stays as it is shown. */
  async refresh() {
    if (!this.#accountId) return;
    const accountId = this.#accountId;
    const { sent } = await this.#client
      .call([
        ['EmailSubmission/query', { accountId, filter: { emailIds: [this.#emailId] }, sort: [{ property: 'sentAt', isAscending: true }] }, 'which'],
        ['EmailSubmission/get', { accountId, '#ids': { resultOf: 'which', name: 'EmailSubmission/query', path: '/ids' }, properties: ['undoStatus', 'deliveryStatus'] }, 'sent'],
      ], { partial: true })
      .catch(() => ({}));
    if (sent?.list) this.#show(sent.list.filter((one) => one.undoStatus !== 'canceled' && one.deliveryStatus));
  }

  /** Of a mail that was sent more than once, each has the last word about those whom it was for. */
  #show(submissions) {
    const all = new Map();
    for (const { undoStatus, deliveryStatus } of submissions) {
      for (const [email, status] of Object.entries(deliveryStatus)) all.set(email, { status, words: outcome(status, undoStatus === 'pending') });
    }
    const sorted = [...all].sort(([, a], [, b]) => ORDER.indexOf(a.status.delivered) - ORDER.indexOf(b.status.delivered));
    const rows = sorted.map(([email, one]) => this.#row(email, one));
    const kept = this.#list.nextElementSibling;
    this.#list.replaceChildren(...rows.slice(0, SHOWN));
    if (rows.length > SHOWN) {
      const more = h('details', { open: kept?.open ?? false }, h('summary', {}, t('delivery.more', { n: rows.length - SHOWN })), h('ul', {}, rows.slice(SHOWN)));
      if (kept) kept.replaceWith(more);
      else this.#list.after(more);
    } else kept?.remove();
    this.element.hidden = rows.length === 0;
  }

  /** The same element while it says the same, so that nothing is read aloud twice. */
  #row(email, { status, words }) {
    const before = this.#rows.get(email);
    if (before?.words === words) return before.element;
    const element = h('li', { data: { state: status.delivered } }, icon(ICONS[status.delivered]), h('span', { class: 'delivery-who' }, email), h('span', { class: 'delivery-words', title: status.smtpReply }, words));
    this.#rows.set(email, { words, element });
    return element;
  }
}
