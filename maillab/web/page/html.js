// The HTML of a message: as a page in a frame without any right, as wide as a telephone or a screen, and its source.

import { make } from './dom.js';
import { say } from './words.js';

const WIDTHS = { phone: '375px', tablet: '768px', full: '100%' };
const ELSEWHERE = /(?:\b(?:src|srcset|background|poster)\s*=\s*["']?|url\(\s*["']?)\s*(?:https?:)?\/\//i;
const TAG = /(<!--[^]*?-->|<[^<>]*>)/;

export class Pages {
  constructor() {
    this.width = 'full';
  }

  // The page, and above it how wide it is; pictures from elsewhere are asked for by a person only, each time.
  of({ ID, HTML }) {
    const address = `/view/${ID}.html`;
    // no script, no form, no link that opens; its own policy says so, too, and pictures from elsewhere wait for a person
    const frame = make('iframe', { src: address, sandbox: '', title: say('tab.message.html'), referrerpolicy: 'no-referrer' });
    const widths = Object.keys(WIDTHS).map((width) => make('button', { type: 'button', class: 'quiet', 'data-width': width,
      onclick: () => this.fit(frame, widths, width) }, say(`width.${width}`)));
    this.fit(frame, widths, this.width);
    const fetch = make('button', { type: 'button', class: 'quiet', title: say('html.elsewhere_help'), onclick: () => {
      frame.src = `${address}?elsewhere=1`;
      fetch.disabled = true;
    } }, say('html.elsewhere'));
    return [make('div', { class: 'frame-bar' }, make('span', { class: 'widths', role: 'group', 'aria-label': say('width.name') }, widths),
      ELSEWHERE.test(HTML) && fetch), frame];
  }

  fit(frame, widths, width) {
    this.width = width;
    frame.style.maxWidth = WIDTHS[width];
    for (const button of widths) button.setAttribute('aria-pressed', String(button.dataset.width === width));
  }
}

// The source with its tags set off from what is read.
export const marked = (source) =>
  source.split(TAG).map((piece, index) => (index % 2 ? make('span', { class: piece.startsWith('<!--') ? 'comment' : 'markup' }, piece) : piece));
