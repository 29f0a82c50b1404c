import { openCompose, placesOf } from './compose.js';
import { remember } from './compose-known.js';
import { openScheduled, waitingMailbox } from './compose-scheduled.js';
import { cancel, submit, submitOnce, UNDO_SECONDS } from './compose-send.js';
import { size } from './format.js';
import { locale, t } from './texts.js';
import { toast } from './toast.js';

/** What the button Send does: looks the mail over, saves it, hands it in, says what came of it, and takes it back while that can be done. */
export class Sending {
  constructor(compose) {
    this.compose = compose;
    /** When what was begun has come to its end, whichever. */
    this.done = Promise.resolve();
    /** A mail that did not come to the server, as far as is known: its `emailId` and the `state` of which that is said. */
    this.missed = null;
  }

  /**
   * @param at when the mail is to go; null for now
   * @param isSure whether the writer has heard what seems to be missing
   */
  async send(at = null, isSure = false) {
    const { form } = this.compose;
    form.forgive();
    if (this.isBusy || !this.areRecipientsSound()) return;
    const missing = isSure ? null : this.missing();
    if (missing) {
      form.ask(missing, t('compose.sendAnyway'), () => this.send(at, true));
      return;
    }
    this.isBusy = true;
    form.setBusy(true, form.attachments.isUploading);
    this.done = this.handIn(at)
      .catch((fault) => form.tell(t('compose.notSent', { why: fault.message })))
      .finally(() => {
        this.isBusy = false;
        form.setBusy(false);
      });
    await this.done;
  }

  areRecipientsSound() {
    const { fields } = this.compose.form;
    for (const field of Object.values(fields)) field.commit();
    const wrong = Object.values(fields).find((field) => field.invalid.length);
    if (wrong) wrong.input.focus();
    else if (this.compose.recipients.length === 0) {
      fields.to.tell(t('compose.noRecipients'));
      fields.to.input.focus();
    } else return true;
    return false;
  }

  /** What people forget; null when nothing is. */
  missing() {
    const { form } = this.compose;
    if (!form.subject.value.trim()) return t('compose.noSubject');
    const own = form.editor.text.split(t('compose.forwarded'))[0].split('\n').filter((line) => !line.startsWith('>')).join('\n');
    const speaks = new RegExp(t('compose.attachmentWords'), 'iu').test(`${own}\n${form.subject.value}`);
    return speaks && form.attachments.files.length === 0 ? t('compose.noAttachment') : null;
  }

  async handIn(at) {
    const { compose } = this;
    const { client, draft, form } = compose;
    await form.attachments.settled();
    form.setBusy(true);
    if (form.attachments.failed.length) throw new Error(t('compose.someFailed'));
    if (!draft.id) draft.isDirty = true;
    if (!(await draft.save())) throw new Error(t('compose.notSaved'));
    const { recipients } = compose;
    const sent = await submit(client, {
      emailId: draft.id,
      identity: compose.identity,
      recipients,
      draftsId: compose.draftsId,
      sentId: (at && (await waitingMailbox(client, compose.store))) || compose.sentId,
      at,
      ifInState: this.missed?.emailId === draft.id ? this.missed.state : null,
      done: compose.source.done,
      told: ({ message }) => form.tell(t('compose.asking', { why: message })),
    });
    form.forgive();
    if (sent.refused) return this.refused(sent.refused);
    if (sent.fault) {
      this.missed = { emailId: draft.id, state: sent.state };
      throw sent.fault;
    }
    remember(client, recipients);
    draft.close();
    compose.leave();
    compose.store.refresh();
    return this.announce(sent, draft.id, at);
  }

  announce(sent, emailId, at) {
    const { client, store } = this.compose;
    store.emit('scheduled');
    if (at) {
      const when = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
      toast(t('compose.willGo', { when }), { label: t('compose.showScheduled'), action: () => openScheduled({ client, store }), seconds: UNDO_SECONDS });
    } else sayIsSent({ client, store }, sent, emailId);
  }

  /** Says beside the field what the server does not like about it. */
  refused(error) {
    const { form } = this.compose;
    const why = error.description ?? error.type;
    const at = {
      invalidRecipients: () => form.refuseRecipients(error.invalidRecipients ?? [], why),
      noRecipients: () => form.fields.to.tell(t('compose.noRecipients')),
      tooManyRecipients: () => form.fields.to.tell(t('compose.tooMany', { most: error.maxRecipients })),
      forbiddenFrom: () => form.tellFrom(t('compose.forbiddenFrom', { why })),
      forbiddenMailFrom: () => form.tellFrom(t('compose.forbiddenFrom', { why })),
      tooLarge: () => form.attachments.tell(error.maxSize ? t('compose.tooLarge', { limit: size(error.maxSize) }) : why),
    }[error.type];
    if (at) at();
    else form.tell(t('compose.notSent', { why }));
  }
}

function sayIsSent({ client, store }, { id, canUndo }, emailId) {
  if (canUndo) toast(t('compose.sent'), { label: t('undo'), action: () => takeBack({ client, store }, { id, emailId }), seconds: UNDO_SECONDS, ends: true });
  else toast(t('compose.sent'));
}

/** Makes a draft again of a mail that waits, and opens it. @return whether it was not too late */
export async function takeBack({ client, store }, { id, emailId }) {
  const isDraft = await callBack({ client, store }, { id, emailId });
  if (isDraft) await openCompose({ client, store, draft: emailId });
  return isDraft;
}

/** Makes a draft again of a mail that waits, or says why not. @return whether it was not too late */
async function callBack({ client, store }, { id, emailId }) {
  try {
    const { draftsId, sentId } = await placesOf(client, store);
    const scheduledId = store.mailboxByRole('scheduled')?.id;
    const refused = await whileTold('compose.askingBack', (told) => cancel(client, { submissionId: id, emailId, draftsId, sentId, scheduledId, told }));
    store.refresh();
    store.emit('scheduled');
    if (!refused) return true;
    toast(refused.type === 'cannotUnsend' ? t('compose.tooLate') : t('compose.notTakenBack', { why: refused.description ?? refused.type }), { error: true });
  } catch (fault) {
    toast(t('compose.notTakenBack', { why: fault.message }), { error: true });
  }
  return false;
}

/**
 * Sends at once what waits for its time. The time of what is handed in cannot be changed, RFC 8621 7: it is taken back, and then handed in anew, to the same people.
 * What is not handed in is a draft, and is opened as one.
 *
 * @param one of `scheduled`
 * @return whether it waits no longer
 */
export async function sendNow({ client, store }, one) {
  if (!(await callBack({ client, store }, one))) return false;
  const { emailId, envelope, identityId } = one;
  let sent = null;
  try {
    const { draftsId, sentId } = await placesOf(client, store);
    const identity = { id: identityId, email: envelope.mailFrom.email };
    const { HOLDFOR, HOLDUNTIL, ...parameters } = envelope.mailFrom.parameters ?? {};
    const mail = { emailId, identity, parameters, recipients: envelope.rcptTo, draftsId, sentId, at: null, done: null };
    sent = await whileTold('compose.asking', (told) => submitOnce(client, { ...mail, told }));
    const fault = sent.fault ?? (sent.refused && new Error(sent.refused.description ?? sent.refused.type));
    if (fault) throw fault;
    store.refresh();
    sayIsSent({ client, store }, sent, emailId);
  } catch (fault) {
    toast(t('compose.notSent', { why: fault.message }), { error: true });
    const opened = await openCompose({ client, store, draft: emailId });
    if (opened && sent?.fault) opened.sending.missed = { emailId, state: sent.state };
  }
  return true;
}

/** Does what may be asked again and again, and says so meanwhile. */
async function whileTold(text, work) {
  let close = null;
  try {
    return await work(({ message }) => (close ??= toast(t(text, { why: message }), { error: true, seconds: 60 })));
  } finally {
    close?.();
  }
}
