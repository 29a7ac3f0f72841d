// Plays a session: line by line, step by step, or in a row at a pace, in the ladder and the transcript of the wire.

import { TELLING } from './conversation.js';
import { make } from './dom.js';
import { Transcript } from './transcript.js';
import { number, say } from './words.js';

const SHORTEST = 120; // milliseconds between two lines, at the usual pace
const LONGEST = 900;
const TOLD = 2500; // milliseconds for what a story tells between two lines, which is read
const PACES = [0.25, 0.5, 1, 2, 4, 8, 16];

export class Player {
  constructor(place, onleave) {
    this.place = place;
    this.entries = [];
    this.position = 0;
    this.timer = 0;
    this.pace = 1;
    this.title = make('h2', {});
    this.state = make('span', { class: 'state' });
    this.count = make('span', { class: 'note', role: 'status' });
    this.slide = make('input', { type: 'range', min: '0', value: '0', 'aria-label': say('replay.place'), oninput: () => {
      this.pause();
      this.go(Number(this.slide.value));
    } });
    this.press = make('button', { type: 'button', class: 'press', onclick: () => this.turn() });
    this.paces = make('select', { 'aria-label': say('replay.pace'), title: `${say('replay.pace')} (< >)`,
      onchange: () => this.hasten(Number(this.paces.value)) }, PACES.map((pace) => make('option', { value: pace, selected: pace === 1 }, `×${number(pace)}`)));
    const stage = make('div', { class: 'stage' });
    place.replaceChildren(
      make('div', { class: 'bar' }, make('button', { type: 'button', class: 'quiet', onclick: () => onleave() }, `← ${say('replay.leave')}`), this.title, this.state),
      make('div', { class: 'bar controls' },
        make('button', { type: 'button', 'aria-label': say('replay.line_back'), title: `${say('replay.line_back')} (←)`, onclick: () => this.step(-1) }, '◂'),
        this.press,
        make('button', { type: 'button', 'aria-label': say('replay.line_on'), title: `${say('replay.line_on')} (→)`, onclick: () => this.step(1) }, '▸'),
        this.paces, this.slide, this.count),
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

  // To where the story tells something next, or told something before.
  scene(by) {
    this.pause();
    const isTold = (place) => place < 1 || place >= this.entries.length || TELLING.has(this.entries[place - 1].kind);
    let place = this.position + by;
    while (!isTold(place)) place += by;
    this.go(place);
  }

  hasten(pace) {
    this.pace = pace;
    this.paces.value = String(pace);
    if (this.timer) this.wait();
    this.tell();
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
    this.wait();
    this.tell();
  }

  // Until the next line: as long as it took then, within bounds.
  wait() {
    clearTimeout(this.timer);
    const [before, next] = [this.entries[this.position - 1], this.entries[this.position]];
    const took = TELLING.has(before?.kind) ? TOLD : Math.min(LONGEST, Math.max(SHORTEST, ((next?.at ?? 0) - (before?.at ?? 0)) * 1000));
    this.timer = next ? setTimeout(() => this.on(), took / this.pace) : 0;
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
    else if (event.key === '[' || event.key === ']') this.scene(event.key === ']' ? 1 : -1);
    else if (event.key === '<' || event.key === '>') this.hasten(PACES[PACES.indexOf(this.pace) + (event.key === '>' ? 1 : -1)] ?? this.pace);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
