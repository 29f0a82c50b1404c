// German: the steps of a mail on its way here.
export default {
  'why.begun': 'Kam bei diesem Server an',
  'why.made': 'Von diesem Server erzeugt',
  'why.judged': 'Von einem Filter geprüft',
  'why.answered': 'Der Empfänger wurde geprüft',
  'why.content': 'Der Inhalt kam',
  'why.accepted': 'Angenommen und gesichert',
  'why.report': 'Ein Bericht über eine Mail, die gesendet wurde',
  'why.routed': 'Als Mail an Sie erkannt',
  'why.attempted': 'An das Postfach übergeben',
  'why.waiting': 'Musste warten',
  'why.handled': 'Jemand hat eingegriffen',
  'why.shelved': 'In ein Postfach gelegt',
  'why.leftOut': 'Schritte, die nicht aufbewahrt sind',

  'why.by.client': 'wer sie sandte',
  'why.by.server': 'dieser Server',
  'why.by.administrator': 'die Verwaltung',
  'why.by.filter': 'Filter {name}',
};
