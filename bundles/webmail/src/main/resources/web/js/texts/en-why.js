// English: the steps of a mail on its way here, which the server names by these words.
export default {
  'why.begun': 'Came to this server',
  'why.made': 'Made by this server',
  'why.judged': 'Looked at by a filter',
  'why.answered': 'Its recipient was checked',
  'why.content': 'Its content came',
  'why.accepted': 'Taken, and kept safe',
  'why.report': 'A report on a mail that was sent',
  'why.routed': 'Found to be for you',
  'why.attempted': 'Handed on to the mailbox',
  'why.waiting': 'Had to wait',
  'why.handled': 'Somebody stepped in',
  'why.shelved': 'Put into a mailbox',
  'why.leftOut': 'Steps that are not kept',

  'why.by.client': 'who sent it',
  'why.by.server': 'this server',
  'why.by.administrator': 'an administrator',
  'why.by.filter': 'filter {name}',
};
