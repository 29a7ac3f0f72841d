// The ladder and the transcript in one list, row by row, and beside it what the row under the cursor means.

import { Conversation, LANES, glyphOf, titleOf, wordsOf } from './conversation.js';
import { make } from './dom.js';
import { explained } from './explain.js';
import { Rows } from './rows.js';
import { number, say, span } from './words.js';

const SIGNS = { ok: '✓', warn: '!', error: '✗' };

export class Transcript {
  // `place` is filled; `onchange` hears when lines come, and when following begins or ends.
  constructor(place, { onchange = () => {}, empty = () => [], oncontrol = () => {} } = {}) {
    this.conversation = new Conversation();
    this.cursor = -1;
    this.follows = true;
    this.unseen = 0;
    this.onchange = onchange;
    this.oncontrol = oncontrol;
    this.heads = make('div', { class: 'heads', 'aria-hidden': 'true' }, make('span', { class: 'time' }),
      make('span', { class: 'ladder' }, LANES.map((lane) => make('b', { title: say(`lane.${lane}`) },
        make('span', { class: 'long' }, say(`lane.${lane}`)), make('span', { class: 'short' }, say(`lane.${lane}.short`))))));
    this.box = make('div', { class: 'lines', role: 'listbox', tabindex: '0', 'aria-label': say('pane.wire') });
    this.empty = make('div', { class: 'empty' }, empty());
    this.explain = make('aside', { class: 'explain', 'aria-label': say('pane.explain'), 'aria-live': 'polite' });
    place.replaceChildren(make('div', { class: 'ladders' }, this.heads, this.box, this.empty), this.explain);
    this.rows = new Rows(this.box, (index) => this.row(index));
    this.box.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.box.addEventListener('keydown', (event) => this.key(event));
    this.box.addEventListener('click', (event) => this.clicked(event));
    this.draw();
  }

  clear() {
    this.conversation.clear();
    this.cursor = -1;
    this.unseen = 0;
    this.follows = true;
    this.draw();
  }

  add(entries) {
    const before = this.conversation.rows.length;
    for (const entry of entries) this.conversation.add(entry);
    if (!this.follows) this.unseen += Math.max(0, this.conversation.rows.length - before);
    this.draw();
  }

  follow(on = true) {
    this.follows = on;
    if (on) {
      this.unseen = 0;
      this.rows.toEnd();
    }
    this.onchange();
  }

  // Put the cursor on a row.
  choose(index) {
    const { rows } = this.conversation;
    this.cursor = Math.max(-1, Math.min(index, rows.length - 1));
    this.rows.again();
    if (this.cursor >= 0) this.rows.reveal(this.cursor);
    this.box.setAttribute('aria-activedescendant', this.cursor < 0 ? '' : this.name(this.cursor));
    this.explain.replaceChildren(...explained(rows[this.cursor], this.conversation));
  }

  draw() {
    const { rows } = this.conversation;
    this.empty.hidden = rows.length > 0;
    this.rows.set(rows.length);
    if (this.follows) this.rows.toEnd();
    if (this.cursor < 0) this.explain.replaceChildren(make('p', { class: 'note' }, say('explain.nothing')));
    this.onchange();
  }

  scrolled() {
    const { isAtEnd } = this.rows;
    if (isAtEnd === this.follows || !this.conversation.rows.length) return;
    this.follows = isAtEnd;
    if (isAtEnd) this.unseen = 0;
    this.onchange();
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / this.rows.height) - 1);
    const moves = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) {
      this.oncontrol();
      this.choose(Math.max(0, this.cursor + moves[event.key]));
    } else if (event.key === 'Enter') this.turn(this.cursor);
    else if (event.key === 'F' || event.key === 'G') this.follow();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  clicked(event) {
    const element = event.target.closest('[data-index]');
    if (!element) return;
    this.oncontrol();
    const index = Number(element.dataset.index);
    const wasThere = index === this.cursor || event.target.closest('.said')?.dataset.folds;
    this.choose(index);
    if (wasThere) this.turn(index);
  }

  turn(index) {
    const added = this.conversation.fold(index);
    if (!added) return;
    this.follows = false;
    this.rows.set(this.conversation.rows.length);
    this.choose(index);
    this.onchange();
  }

  name(index) {
    return `${this.box.closest('section')?.id}-row-${index}`;
  }

  row(index) {
    const row = this.conversation.rows[index];
    const before = this.conversation.rows[index - 1];
    const { entry, talk } = row;
    const again = before && before.talk === talk;
    const classes = ['row', row.kind, entry.side ?? 'none', entry.verdict ?? 'ok', entry.secure && 'secure',
      row.inside && 'inside', index === this.cursor && 'cursor', again && 'again'].filter(Boolean).join(' ');
    return make('div', { class: classes, id: this.name(index), role: 'option', 'data-index': index,
      'aria-selected': String(index === this.cursor), 'aria-posinset': index + 1, 'aria-setsize': this.conversation.rows.length },
    make('span', { class: 'time' }, row.kind === 'told' ? '' : this.time(entry)),
    make('span', { class: 'ladder' }, arrow(row)),
    make('span', { class: 'talk' }, talk?.name ?? ''),
    make('span', { class: 'glyph', 'aria-hidden': 'true' }, row.kind === 'head' || row.kind === 'told' ? '' : glyphOf(row)),
    said(row),
    make('span', { class: 'gloss' }, gloss(row)));
  }

  time(entry) {
    const seconds = Math.max(0, entry.at - this.conversation.start);
    if (seconds < 3600) return seconds.toFixed(3);
    const days = Math.floor(seconds / 86400);
    const clock = new Date((seconds % 86400) * 1000).toISOString().slice(11, 19);
    return days ? `${days}d ${clock}` : clock;
  }
}

function said(row) {
  if (row.kind !== 'head') return make('span', { class: 'said', 'data-folds': row.more.length ? '1' : null }, wordsOf(row, say));
  const { talk, entry } = row;
  return make('span', { class: 'said' }, make('b', {}, talk.name), ` ${titleOf(talk)} `, make('span', { class: 'service' }, entry.service ?? ''));
}

function gloss(row) {
  const { entry, talk, more } = row;
  if (row.kind === 'head') return talk.end === undefined ? '…' : `${span(talk.end - talk.start)} ${SIGNS[talk.verdict] ?? ''}`;
  if (more.length && !row.unfolded) return more.map((each) => each.text.slice(4).split(' ')[0]).join(' ');
  return entry.gloss ?? '';
}

function arrow(row) {
  if (!row.ends) return null;
  const [from, to] = row.ends;
  const element = make('i', { class: from === to ? 'stop' : row.kind === 'line' ? `arrow ${from < to ? 'on' : 'back'}` : 'span' });
  element.style.setProperty('--from', Math.min(from, to));
  element.style.setProperty('--steps', Math.abs(to - from));
  return element;
}

export const counted = (transcript) => say('wire.lines', { count: transcript.conversation.entries });

export const unseen = (transcript) => say('wire.unseen', { count: number(transcript.unseen) });
