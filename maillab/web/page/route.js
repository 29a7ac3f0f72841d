// How a message came: each server that wrote itself into it, when, and what was said on the way.

import { lines, path } from './ask.js';
import { Conversation, glyphOf, titleOf, wordsOf } from './conversation.js';
import { make } from './dom.js';
import { lang, say, span, whole } from './words.js';

const HOP = /from (?<from>\S+)[^]*?\bby (?<by>\S+) with (?<how>\S+) id (?<id>[^\s;]+)[^;]*;\s*(?<date>[^]*)$/;
const NEAR = 5; // seconds between what a header says and what the logbook says of the same moment

export async function routeOf(message, fields, wire) {
  const hops = (fields.Received ?? []).map((value) => HOP.exec(value)?.groups ?? { other: value }).reverse();
  if (!hops.length) return [make('p', { class: 'note' }, say('route.none'))];
  const times = hops.map((hop) => Date.parse(hop.date ?? ''));
  const job = hops[0].id ? `job:${hops[0].id}.*` : '';
  const said = job ? await conversationOf(job, times[0] / 1000) : null;
  const steps = hops.map((hop, index) => step(hop, times[index], times[index - 1], index));
  const delivered = make('li', { class: 'end' }, make('p', {}, make('b', {}, (fields['Delivered-To'] ?? []).join(', '))), make('p', { class: 'note' }, say('route.mailbox')));
  const took = said?.took ?? (times.at(-1) - times[0]) / 1000;
  return [
    make('ol', { class: 'hops' }, steps, delivered),
    took >= 0 && make('p', { class: 'note' }, say('route.total', { took: passed(took) })),
    said && make('h3', {}, say('route.talks')),
    said && make('div', { class: 'talks' }, [...said.talks.values()].map((talk) => talkOf(talk, said))),
    said && make('button', { type: 'button', onclick: () => wire(job) }, say('route.wire')),
  ].filter(Boolean);
}

// A header field knows whole seconds only.
const passed = (seconds) => (seconds === 0 ? say('route.moment') : span(seconds));

function step(hop, time, before, index) {
  if (hop.other) return make('li', {}, make('p', {}, hop.other));
  const secure = /S(A)?$/.test(hop.how.replace(/^UTF8/, ''));
  const facts = [`${hop.how}`, `id ${hop.id}`, secure && say('route.tls'), /A$/.test(hop.how) && say('route.login')].filter(Boolean);
  return make('li', {}, make('p', {}, make('span', { class: 'number' }, String(index + 1)), make('b', {}, hop.from), ' → ', make('b', {}, hop.by)),
    make('p', { class: 'note' }, facts.join(' · ')),
    make('p', { class: 'note' }, Number.isNaN(time) ? say('route.no_date') : whole(new Date(time)),
      time - before >= 0 ? make('span', { class: 'tag' }, `+ ${passed((time - before) / 1000)}`) : null));
}

// What the logbook still holds of a message's way: null where it tells of another message that was called the same.
async function conversationOf(job, at) {
  const entries = await lines(path('/maillab/v1/sessions/live/entries', { filter: job, lang }));
  if (!entries.some((entry) => entry.kind === 'queued' && Math.abs(entry.at - at) < NEAR)) return null;
  const conversation = new Conversation();
  for (const entry of entries) conversation.add(entry);
  const ends = entries.filter((entry) => entry.kind === 'submitted' || entry.kind === 'delivered').map((entry) => entry.at);
  if (ends.length > 1) conversation.took = ends.at(-1) - ends[0];
  return conversation;
}

function talkOf(talk, conversation) {
  const rows = conversation.rows.filter((row) => row.talk === talk && row.kind !== 'head');
  const took = talk.end === undefined ? '' : span(talk.end - talk.start);
  return make('details', {}, make('summary', {}, make('b', {}, talk.name), ` ${titleOf(talk)} `, make('span', { class: 'note' }, took)),
    make('div', { class: 'lines-in' }, rows.map((row) => make('p', { class: `${row.entry.side ?? 'none'} ${row.entry.verdict}` },
      make('span', { class: 'glyph', 'aria-hidden': 'true' }, glyphOf(row)), wordsOf(row, say)))));
}
