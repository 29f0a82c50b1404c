// German: what others share, and with whom one shares.
export default {
  'done.copied': ({ n, name }) => (n === 1 ? `Nach ${name} kopiert` : `${n.toLocaleString('de')} Unterhaltungen nach ${name} kopiert`),
  'done.partly': 'Ein Teil davon ist schon in {name}',
  copy: 'Kopieren…',
  'move.copy': 'Kopieren: Es bleibt auch hier',
  'search.of': 'Durchsuchen, was {owner} freigibt',
  'search.where': 'Wo gesucht wird',
  'search.own': 'Meine Mails',

  'shared.mayNot': 'Das ist hier nicht erlaubt: {owner} hat das Recht dazu nicht gegeben.',

  share: 'Freigeben…',
  'share.title': '{name} freigeben',
  'share.whom': 'E-Mail-Adresse von jemandem auf diesem Server',
  'share.may': 'Was erlaubt ist',
  'share.mayOf': 'Was {name} erlaubt ist',
  'share.read': 'Lesen',
  'share.write': 'Lesen und ändern',
  'share.other': 'Etwas anderes',
  'share.add': 'Freigeben',
  'share.people': 'Freigegeben für',
  'share.nobody': 'Niemand hier hat die Adresse {email}.',
  'share.done': 'Für {name} freigegeben',
  'share.remove': 'Nicht mehr für {name} freigeben',
  'share.removed': 'Für {name} nicht mehr freigegeben',
};
