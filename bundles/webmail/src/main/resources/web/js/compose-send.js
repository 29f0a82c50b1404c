/** Sending, RFC 8621 7: at once, with a few seconds in which it can be taken back, or at a time. */

import { batches } from './jmap.js';

const SUBMISSION = 'urn:ietf:params:jmap:submission';
export const UNDO_SECONDS = 10;
/** The server holds it a little longer than it is offered to be taken back, for the way of the request. */
const HOLD_SECONDS = UNDO_SECONDS + 2;

/** What the server offers; null where nothing can be sent. */
export function submission(client) {
  const accountId = client.session?.primaryAccounts?.[SUBMISSION];
  if (!accountId || !client.session.capabilities?.[SUBMISSION]) return null;
  const capability = client.session.accounts[accountId].accountCapabilities[SUBMISSION] ?? {};
  const canHold = (capability.maxDelayedSend ?? 0) > 0 && 'FUTURERELEASE' in (capability.submissionExtensions ?? {});
  return { accountId, maxDelayedSend: canHold ? capability.maxDelayedSend : 0 };
}

export async function identities(client) {
  const offer = submission(client);
  if (!offer) return [];
  const { who } = await client.call([['Identity/get', { accountId: offer.accountId, ids: null }, 'who']]);
  return who.list;
}

/** Each recipient once; the parameter of RFC 4865 holds the mail. */
function envelope({ from, recipients, parameters }) {
  const all = new Map(recipients.map((a) => [a.email.toLowerCase(), a]));
  return {
    mailFrom: { email: from, parameters },
    rcptTo: [...all.values()].map(({ email, parameters: own = null }) => ({ email, parameters: own })),
  };
}

function held(offer, at) {
  // Without fractions of a second, RFC 4865 4.2.
  if (at) return { HOLDUNTIL: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z') };
  return offer.maxDelayedSend >= HOLD_SECONDS ? { HOLDFOR: String(HOLD_SECONDS) } : null;
}

/** Whether a request that failed may have been carried out all the same: it was not answered, or the server broke over it. */
function isOpen({ status = 0, type = '' }) {
  return status === 0 || status >= 500 || (status < 400 && type.startsWith('server'));
}

const LONGEST_PAUSE = 15_000;

/** Asks until there is an answer. @param told is called with each fault */
async function insist(question, told) {
  for (let pause = 1000; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await question();
    } catch (fault) {
      if (!isOpen(fault)) throw fault;
      told(fault);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/**
 * Hands in a mail that is in Drafts; when that is done the server moves it to `sentId`. If the answer is lost, the server is asked whether it has it.
 *
 * @param parameters of MAIL beside those that hold it, RFC 8621 7; each of `recipients` may have its own
 * @param at when it is to go, a Date, or null for now
 * @param ifInState of the submissions when the server was asked and did not have it: that it may not come twice, the first time having been late
 * @param told is called with what keeps us from knowing whether it is sent
 * @return `{id, canUndo}`, `{refused}` with the SetError, or `{fault, state}` where it did not come to the server
 */
export async function submit(client, { emailId, identity, parameters = {}, recipients, draftsId, sentId, at, ifInState, done, told }) {
  const offer = submission(client);
  const { accountId } = offer;
  const hold = held(offer, at);
  const place = sentPlace({ draftsId, sentId });
  const { send, now } = await change(client, accountId, emailId, {
    ifInState,
    create: { mail: { identityId: identity.id, emailId, envelope: envelope({ from: identity.email, recipients, parameters: { ...parameters, ...hold } }) } },
    onSuccessUpdateEmail: { '#mail': place },
  }, told);
  if (send.notCreated?.mail) return { refused: send.notCreated.mail };
  const found = send.created?.mail ? { known: send.created.mail, now } : await insist(() => find(client, accountId, emailId), told);
  if (!found.known) return { fault: send.error, state: found.state };
  if (found.now?.keywords.$draft) await put(client, accountId, emailId, place);
  if (done) await mark(client, accountId, done);
  return { id: found.known.id, canUndo: hold !== null };
}

/** The patch of a mail that is sent. */
function sentPlace({ draftsId, sentId }) {
  return { [`mailboxIds/${draftsId}`]: null, 'keywords/$draft': null, ...(sentId && { [`mailboxIds/${sentId}`]: true }) };
}

/**
 * Hands in a mail unless somebody else has done so, as the same button in another window. `mail` is that of `submit`.
 *
 * @return as `submit`
 */
export async function submitOnce(client, mail) {
  const { accountId } = submission(client);
  for (;;) {
    const { known, state, now } = await insist(() => find(client, accountId, mail.emailId), mail.told);
    if (known) {
      // Calling it off has made a draft of it once more.
      if (now?.keywords.$draft) await put(client, accountId, mail.emailId, sentPlace(mail));
      return { id: known.id, canUndo: false };
    }
    const sent = await submit(client, { ...mail, ifInState: state });
    if (sent.fault?.type !== 'stateMismatch') return sent;
  }
}

/**
 * Changes submissions, and asks what became of the Email: the answer to the implied Email/set bears the id of the call that it belongs to, RFC 8621 7.5,
 * and if it is an error it hides the other.
 *
 * @return the answer `send`, an `{error}` if it is not known, and the Email `now`
 */
async function change(client, accountId, emailId, set, told) {
  try {
    const { send, email } = await client.call([
      ['EmailSubmission/set', { accountId, ...set }, 'send'],
      ['Email/get', { accountId, ids: [emailId], properties: ['keywords'] }, 'email'],
    ], { partial: true });
    return { send, now: email.list?.[0] };
  } catch (error) {
    if (!isOpen(error)) throw error;
    told(error);
    return { send: { error }, now: undefined };
  }
}

/** What the server has of the sending of an Email: `known`, unless it has nothing or it was taken back; the Email `now`. */
async function find(client, accountId, emailId) {
  const { all, email } = await client.call([
    ['EmailSubmission/query', { accountId, filter: { emailIds: [emailId] } }, 'which'],
    ['EmailSubmission/get', { accountId, '#ids': { resultOf: 'which', name: 'EmailSubmission/query', path: '/ids' }, properties: ['id', 'undoStatus'] }, 'all'],
    ['Email/get', { accountId, ids: [emailId], properties: ['keywords'] }, 'email'],
  ]);
  return { known: all.list.find((one) => one.undoStatus !== 'canceled'), state: all.state, now: email.list[0] };
}

/** Puts an Email where it belongs now that it is sent, or is not; what was to be done with it is done, whether this succeeds or not. */
async function put(client, accountId, emailId, place) {
  try {
    const { place: answer } = await client.call([['Email/set', { accountId, update: { [emailId]: place } }, 'place']]);
    const refused = answer.notUpdated?.[emailId];
    if (refused) throw new Error(refused.description ?? refused.type);
  } catch (fault) {
    console.warn('A mail does not stand where it belongs, in Sent or in Drafts:', fault.message);
  }
}

/** The mail that was answered or forwarded says so; the mail is sent, whether this succeeds or not. */
async function mark(client, accountId, { id, keyword }) {
  try {
    await client.call([['Email/set', { accountId, update: { [id]: { [`keywords/${keyword}`]: true } } }, 'mark']]);
  } catch (fault) {
    console.warn(`The mail that was answered does not show it: ${fault.message}`);
  }
}

/**
 * Takes a mail back that has not gone yet; it is a draft again.
 *
 * @param scheduledId where it may lie beside Sent; undefined where there is no such mailbox
 * @param told is called with what keeps us from knowing whether it is
 * @return the SetError if it is too late
 */
export async function cancel(client, { submissionId, emailId, draftsId, sentId, scheduledId, told }) {
  const { accountId } = submission(client);
  const place = { [`mailboxIds/${draftsId}`]: true, 'keywords/$draft': true };
  for (const id of [sentId, scheduledId]) if (id) place[`mailboxIds/${id}`] = null;
  const set = { update: { [submissionId]: { undoStatus: 'canceled' } }, onSuccessUpdateEmail: { [submissionId]: place } };
  const { send } = await change(client, accountId, emailId, set, told);
  const refused = send.notUpdated?.[submissionId];
  if (refused) return refused;
  const found = await insist(() => find(client, accountId, emailId), told);
  if (found.known && send.error) throw send.error;
  if (found.known) {
    // Another window has called it off before and handed it in anew; this one has only made a draft of it.
    if (found.now?.keywords.$draft) await put(client, accountId, emailId, sentPlace({ draftsId, sentId }));
    return { type: 'cannotUnsend' };
  }
  if (!found.now?.keywords.$draft) await put(client, accountId, emailId, place);
  return undefined;
}

/**
 * Calls off what of these Emails waits for its time. It goes where its patch says in the same step, RFC 8621 7.5, and to Drafts if the server does not take
 * that: it must not look as if it waited.
 *
 * @param patches of Email/set by id; each makes a draft of its Email
 * @param told is called with what keeps us from knowing whether it is
 * @return the `ids` of what is where its patch says, and the Error `refused` of the first that is not, as it is on its way by now; its `isPartial` says whether
 *     any is called off
 */
export async function callOff(client, { patches, draftsId, told }) {
  const { accountId } = submission(client);
  const waiting = await pending(client, accountId, Object.keys(patches));
  const ids = [];
  const faults = [];
  let isPartial = false;
  for (const some of batches(client, waiting, 'maxObjectsInSet')) {
    const { notUpdated, implied } = await insist(() => canceled(client, accountId, some, patches), told);
    const off = some.filter(({ id }) => !notUpdated?.[id]);
    const refusal = ({ emailId }) => implied?.error ?? implied?.notUpdated?.[emailId];
    const astray = off.filter(refusal).map(({ emailId }) => emailId);
    if (astray.length > 0) await insist(() => goHome(client, accountId, astray, { patches, draftsId }), told);
    ids.push(...off.filter((one) => !refusal(one)).map(({ emailId }) => emailId));
    faults.push(...Object.values(notUpdated ?? {}), ...off.map(refusal).filter(Boolean));
    isPartial ||= off.length > 0;
  }
  const [fault] = faults;
  return { ids, refused: fault ? Object.assign(new Error(fault.description ?? fault.message ?? fault.type), { isPartial }) : null };
}

/** What of these Emails waits: `{id, emailId}` of each submission. */
async function pending(client, accountId, all) {
  const found = [];
  for (const emailIds of batches(client, all, 'maxObjectsInGet')) {
    const { which } = await client.call([
      ['EmailSubmission/query', { accountId, filter: { emailIds, undoStatus: 'pending' } }, 'ids'],
      ['EmailSubmission/get', { accountId, '#ids': { resultOf: 'ids', name: 'EmailSubmission/query', path: '/ids' }, properties: ['emailId'] }, 'which'],
    ]);
    found.push(...which.list);
  }
  return found;
}

/** To say it twice changes nothing, so that it can be said until it is answered. */
async function canceled(client, accountId, some, patches) {
  const update = Object.fromEntries(some.map(({ id }) => [id, { undoStatus: 'canceled' }]));
  const onSuccessUpdateEmail = Object.fromEntries(some.map(({ id, emailId }) => [id, patches[emailId]]));
  const { set } = await client.call([['EmailSubmission/set', { accountId, update, onSuccessUpdateEmail }, 'set']], { partial: true });
  if (set.error) throw set.error;
  if (set.implied?.error && isOpen(set.implied.error)) throw set.implied.error;
  return set;
}

/** Out of where they were to leave, into Drafts. */
function goHome(client, accountId, ids, { patches, draftsId }) {
  const home = (patch) => ({ ...Object.fromEntries(Object.entries(patch).filter(([, value]) => value === null)), [`mailboxIds/${draftsId}`]: true, 'keywords/$draft': true });
  return client.call([['Email/set', { accountId, update: Object.fromEntries(ids.map((id) => [id, home(patches[id])])) }, 'place']]);
}

/** Mail that waits for its time, the next first: `{id, emailId, identityId, envelope, sendAt, subject, to}`. @param which more of the filter of RFC 8621 7.3 */
export async function scheduled(client, which = {}) {
  const offer = submission(client);
  if (!offer?.maxDelayedSend) return [];
  const { accountId } = offer;
  const answers = await client.call([
    ['EmailSubmission/query', { accountId, filter: { ...which, undoStatus: 'pending' }, sort: [{ property: 'sentAt', isAscending: true }], limit: 500 }, 'which'],
    ['EmailSubmission/get', { accountId, '#ids': { resultOf: 'which', name: 'EmailSubmission/query', path: '/ids' }, properties: ['id', 'emailId', 'identityId', 'envelope', 'sendAt', 'undoStatus'] }, 'when'],
    ['Email/get', { accountId, '#ids': { resultOf: 'when', name: 'EmailSubmission/get', path: '/list/*/emailId' }, properties: ['id', 'subject', 'to', 'cc', 'bcc'] }, 'what'],
  ]);
  const mails = new Map(answers.what.list.map((mail) => [mail.id, mail]));
  return answers.when.list
    .filter((one) => one.undoStatus === 'pending')
    .map((one) => ({ ...one, ...mails.get(one.emailId), id: one.id, emailId: one.emailId }))
    .sort((a, b) => Date.parse(a.sendAt) - Date.parse(b.sendAt));
}
