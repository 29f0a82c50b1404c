// English, of what became of mail that was sent.
export default {
  delivery: 'What became of it',
  'delivery.yes': 'Delivered',
  'delivery.displayed': 'Delivered, and displayed',
  'delivery.no': 'Failed: {reply}',
  'delivery.held': 'Waits to be sent',
  'delivery.underway': 'On its way',
  'delivery.waiting': 'Waiting: {reply}',
  'delivery.handed': 'Handed to {host}',
  'delivery.unknown': 'Left this server; nothing more is known: {reply}',
  'done.calledOff': 'Called off: it is not sent',
  'delivery.more': ({ n }) => (n === 1 ? 'One more' : `${n.toLocaleString('en')} more`),
};
