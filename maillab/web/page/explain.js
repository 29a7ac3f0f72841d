// What a row means: the line, its explanation, where to read more, and what is known of it.

import { make } from './dom.js';
import { say, span } from './words.js';

const KNOWN = new Set(['seq', 'at', 'kind', 'talk', 'leg', 'text', 'side', 'secure', 'verdict', 'gloss', 'source', 'line',
  'octets', 'message', 'content', 'certificate']);

const STATES = new Set(['opened', 'secured', 'closed']); // of a connection: nobody has decided them

export function explained(row, conversation) {
  if (!row) return [make('p', { class: 'note' }, say('explain.nothing'))];
  const { entry } = row;
  return [
    narrated(row, conversation),
    make('p', { class: 'where' }, where(entry)),
    make('p', { class: `quote ${entry.side ?? ''} ${entry.verdict ?? ''}` }, entry.text || say('explain.empty')),
    entry.gloss && make('p', { class: 'meaning' }, entry.gloss),
    entry.source && make('p', { class: 'source' }, entry.source),
    answers(row, conversation),
    !entry.gloss && row.kind === 'note' && !STATES.has(entry.kind) && make('p', { class: 'note' }, say('explain.no_octets')),
    facts(entry),
    ...(row.unfolded ? [] : row.more.map((each) => make('div', { class: 'also' }, make('code', {}, each.text), make('p', {}, each.gloss ?? '')))),
  ].filter(Boolean);
}

// what a narrator said last before this line
function narrated(row, { rows }) {
  const told = rows.slice(0, rows.lastIndexOf(row)).findLast((each) => each.kind === 'told');
  return told && row.kind !== 'told' && make('p', { class: 'narration' }, told.entry.text);
}

function where(entry) {
  const speaker = entry.side && say(`explain.${entry.side}`);
  const tls = entry.side && say(entry.secure ? 'explain.secure' : 'explain.clear');
  const line = entry.seq && say('explain.line', { number: entry.seq });
  return [entry.talk, line, speaker, tls].filter(Boolean).join(' · ');
}

// which command a reply answers, and how long that took
function answers(row, conversation) {
  const { entry } = row;
  if (entry.side !== 'server' || row.kind !== 'line') return null;
  const { rows } = conversation;
  for (let index = rows.lastIndexOf(row) - 1; index >= 0; index -= 1) {
    const { entry: asked } = rows[index];
    if (asked.talk !== entry.talk) continue;
    if (asked.kind === 'opened') return null;
    if (asked.side === 'client') {
      return make('p', { class: 'note' }, say('explain.answers'), ' ', make('code', {}, asked.text), ' ',
        say('explain.took', { time: span(Math.max(0, entry.at - asked.at)) }));
    }
  }
  return null;
}

// the fields of a message of DNS, of a certificate, of a decision
function facts(entry) {
  const said = { ...(typeof entry.message === 'object' ? entry.message : {}), ...entry.certificate };
  for (const [name, value] of Object.entries(entry)) if (!KNOWN.has(name)) said[name] = value;
  const shown = Object.entries(said).filter(([, value]) => value !== '' && value !== null && String(value) !== '');
  if (!shown.length) return null;
  return make('dl', {}, shown.map(([name, value]) => make('div', {}, make('dt', {}, name),
    make('dd', {}, Array.isArray(value) ? value.join('\n') : String(value)))));
}
