// German, of what became of mail that was sent.
export default {
  delivery: 'Was daraus geworden ist',
  'delivery.yes': 'Zugestellt',
  'delivery.displayed': 'Zugestellt und angezeigt',
  'delivery.no': 'Gescheitert: {reply}',
  'delivery.held': 'Wartet auf den Versand',
  'delivery.underway': 'Unterwegs',
  'delivery.waiting': 'Wartet: {reply}',
  'delivery.handed': 'Übergeben an {host}',
  'delivery.unknown': 'Hat diesen Server verlassen; mehr ist nicht bekannt: {reply}',
  'done.calledOff': 'Zurückgezogen: sie wird nicht gesendet',
  'delivery.more': ({ n }) => (n === 1 ? 'Noch eine Adresse' : `${n.toLocaleString('de')} weitere`),
};
