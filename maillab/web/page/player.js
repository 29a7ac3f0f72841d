// Plays a session: line by line, or in a row, in the ladder and the transcript of the wire.

import { make } from './dom.js';
import { Transcript } from './transcript.js';
import { number, say } from './words.js';

const SHORTEST = 120; // milliseconds between two lines
const LONGEST = 900;

export class Player {
  constructor(place, onleave) {
    this.place = place;
    this.entries = [];
    this.position = 0;
    this.timer = 0;
    this.title = make('h2', {});
    this.state = make('span', { class: 'state' });
    this.count = make('span', { class: 'note', role: 'status' });
    this.slide = make('input', { type: 'range', min: '0', value: '0', 'aria-label': say('replay.place'), oninput: () => {
      this.pause();
      this.go(Number(this.slide.value));
    } });
    this.press = make('button', { type: 'button', class: 'press', onclick: () => this.turn() });
    const stage = make('div', { class: 'stage' });
    place.replaceChildren(
      make('div', { class: 'bar' }, make('button', { type: 'button', class: 'quiet', onclick: () => onleave() }, `← ${say('replay.leave')}`), this.title, this.state),
      make('div', { class: 'bar controls' },
        make('button', { type: 'button', 'aria-label': say('replay.line_back'), title: `${say('replay.line_back')} (←)`, onclick: () => this.step(-1) }, '◂'),
        this.press,
        make('button', { type: 'button', 'aria-label': say('replay.line_on'), title: `${say('replay.line_on')} (→)`, onclick: () => this.step(1) }, '▸'),
        this.slide, this.count),
      stage);
    this.transcript = new Transcript(stage, { empty: () => make('p', {}, say('replay.opened')), oncontrol: () => this.pause() });
    place.addEventListener('keydown', (event) => this.key(event));
  }

  get isOpen() {
    return !this.place.hidden;
  }

  focus() {
    this.press.focus();
  }

  open(title, entries) {
    this.entries = entries;
    this.title.textContent = title;
    this.slide.max = String(entries.length);
    this.place.hidden = false;
    this.position = 0;
    this.transcript.clear();
    this.tell();
    this.focus();
  }

  close() {
    this.pause();
    this.place.hidden = true;
  }

  // Show everything up to here; the cursor is on the last line.
  go(position) {
    const wanted = Math.max(0, Math.min(position, this.entries.length));
    if (wanted < this.position) this.transcript.clear();
    const from = wanted < this.position ? 0 : this.position;
    this.position = wanted;
    this.transcript.add(this.entries.slice(from, wanted));
    this.transcript.choose(this.transcript.conversation.rows.length - 1);
    this.tell();
  }

  step(by) {
    this.pause();
    this.go(this.position + by);
  }

  turn() {
    if (this.timer) {
      this.pause();
      return;
    }
    if (this.position >= this.entries.length) this.go(0);
    this.on();
  }

  on() {
    this.go(this.position + 1);
    const [before, next] = [this.entries[this.position - 1], this.entries[this.position]];
    const wait = next && Math.min(LONGEST, Math.max(SHORTEST, ((next.at ?? 0) - (before.at ?? 0)) * 1000));
    this.timer = next ? setTimeout(() => this.on(), wait) : 0;
    this.tell();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.tell();
  }

  tell() {
    const ended = this.position >= this.entries.length;
    const state = this.timer ? 'playing' : ended ? 'end' : 'paused';
    this.state.textContent = say(`replay.state.${state}`);
    this.press.textContent = say(this.timer ? 'replay.pause' : 'replay.play');
    this.slide.value = String(this.position);
    this.count.textContent = say('replay.line', { line: number(this.position), lines: number(this.entries.length) });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = event.target.closest('button');
    const onSlide = event.target === this.slide;
    if (event.key === ' ' && (!onButton || onButton === this.press)) this.turn();
    else if ((event.key === 'ArrowRight' || event.key === '.') && !onSlide) this.step(1);
    else if ((event.key === 'ArrowLeft' || event.key === ',') && !onSlide) this.step(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
