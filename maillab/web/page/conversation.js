// Entries of the logbook as rows: a heading for each conversation, long answers folded. It knows no elements.

export const LANES = ['client', 'sender', 'names', 'recipient'];
const ENDS = { submit: [0, 1], lookup: [1, 2], relay: [1, 3], retrieve: [0, 3] }; // of a leg: who asks, who answers
const SENDING = new Set(['submitted', 'queued', 'routed', 'attempted', 'deferred', 'failed', 'bounced', 'dropped']);
export const TELLING = new Set(['told', 'mark']); // what a story says between two lines
const SPOKEN = new Set(['said', 'packet', 'carried']);
const SIGNS = { ok: '', warn: '! ', error: '✗ ' };
const WORST = { ok: 0, warn: 1, error: 2 };
const MOST = 50_000; // rows that are kept; the oldest go

export class Conversation {
  constructor() {
    this.clear();
  }

  clear() {
    this.rows = [];
    this.talks = new Map();
    this.entries = 0;
    this.start = null;
    this.open = new Map(); // talk: the answer of several lines that goes on
  }

  // Take in an entry. The last row may have grown by it.
  add(entry) {
    this.entries += 1;
    this.start ??= entry.at;
    const talk = this.talkOf(entry);
    if (this.continues(entry)) return;
    this.rows.push({ entry, kind: kindOf(entry), talk, ends: endsOf(entry), more: [] });
    if (/^\d{3}-/.test(entry.text) && entry.side === 'server') this.open.set(entry.talk, this.rows.at(-1));
    if (this.rows.length > MOST) this.rows.splice(0, MOST / 10);
  }

  // Show or hide the lines that are folded below a row; how many rows were added.
  fold(index) {
    const row = this.rows[index];
    if (!row?.more.length) return 0;
    row.unfolded = !row.unfolded;
    const below = row.more.map((entry) => ({ entry, kind: 'line', talk: row.talk, ends: row.ends, more: [], inside: true }));
    this.rows.splice(index + 1, row.unfolded ? 0 : below.length, ...(row.unfolded ? below : []));
    return row.unfolded ? below.length : -below.length;
  }

  continues(entry) {
    const row = this.open.get(entry.talk);
    if (!row || entry.side !== 'server' || entry.kind !== 'said') return false;
    if (/^\d{3} /.test(entry.text)) this.open.delete(entry.talk);
    row.more.push(entry);
    if (row.unfolded) {
      const index = this.rows.lastIndexOf(row);
      this.rows.splice(index + row.more.length, 0, { entry, kind: 'line', talk: row.talk, ends: row.ends, more: [], inside: true });
    }
    return true;
  }

  talkOf(entry) {
    if (!entry.talk) return null;
    let talk = this.talks.get(entry.talk);
    if (!talk) this.talks.set(entry.talk, (talk = { name: entry.talk, start: entry.at, client: '', server: '', verdict: 'ok' }));
    talk.server ||= entry.server ?? '';
    talk.client ||= clientIn(entry);
    if (WORST[entry.verdict] > WORST[talk.verdict]) talk.verdict = entry.verdict;
    if (entry.kind === 'closed') talk.end = entry.at;
    return talk;
  }
}

// how a row is read: its sign and its words
export function wordsOf(row, say) {
  const { entry, more } = row;
  if (!more.length) return `${SIGNS[entry.verdict] ?? ''}${entry.text || say('explain.empty')}`;
  const code = entry.text.slice(0, 3);
  const all = more.at(-1);
  if (row.unfolded) return `▾ ${entry.text}`;
  return `▸ ${code} ${say('wire.more', { text: entry.text.slice(4) || all.text.slice(4), count: more.length })}`;
}

export const glyphOf = (row) =>
  row.kind === 'line' ? (row.entry.side === 'client' ? '▶' : '◀') : row.entry.kind === 'secured' ? '═' : '·';

export const titleOf = (talk) => [talk.client, talk.server].filter(Boolean).join(' → ');

function kindOf(entry) {
  if (entry.kind === 'opened') return 'head';
  if (TELLING.has(entry.kind)) return 'told';
  return SPOKEN.has(entry.kind) ? 'line' : 'note';
}

// the lanes from and to which something goes; a decision stands in the lane of the machine that took it
function endsOf(entry) {
  const [asks, answers] = ENDS[entry.leg] ?? [null, null];
  if (SPOKEN.has(entry.kind) && asks !== null) return entry.side === 'client' ? [asks, answers] : [answers, asks];
  if (entry.kind === 'opened' || entry.kind === 'closed' || entry.kind === 'secured') return asks === null ? null : [asks, answers];
  if (SENDING.has(entry.kind)) return [1, 1];
  return answers === null ? null : [answers, answers];
}

function clientIn(entry) {
  const hello = entry.kind === 'said' && entry.side === 'client' && /^(?:EHLO|HELO|LHLO) (\S+)/i.exec(entry.text);
  return hello ? hello[1] : entry.kind === 'authenticated' && entry.leg === 'retrieve' ? entry.user : '';
}
