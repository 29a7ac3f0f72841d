// One message, opened: what it says, and how it came.

import { beginning, json, tell } from './ask.js';
import { at, download, make, toast } from './dom.js';
import { Pages, marked } from './html.js';
import { routeOf } from './route.js';
import { number, say, size, whole } from './words.js';

const TABS = ['text', 'html', 'html_source', 'headers', 'raw', 'parts', 'route'];
const SHOWN = 400_000; // of a source that are shown

export class Message {
  // `back()` leaves the message; `step(by)` goes to another; `remove(id)` deletes it; `wire(filter)` shows its conversation.
  constructor({ back, step, remove, unread, wire }) {
    this.does = { back, step, remove, unread, wire };
    this.place = at('message');
    this.id = '';
    this.tab = 'html';
    this.wish = 'html'; // the view that was chosen last, where a message has it
    this.pages = new Pages();
    this.nothing();
    this.place.addEventListener('keydown', (event) => this.key(event));
  }

  focus() {
    this.place.focus();
  }

  // Whether it is still what one wants to see, when it has come.
  async show(id) {
    this.id = id;
    if (!id) {
      this.nothing();
      return true;
    }
    let message;
    try {
      message = await json(`/api/v1/message/${encodeURIComponent(id)}`);
    } catch (error) {
      if (this.id !== id) return false; // another one was opened meanwhile
      this.message = null;
      this.place.replaceChildren(make('div', { class: 'empty' }, make('p', {}, error.status === 404 ? say('message.gone') : error.message)));
      return true;
    }
    if (this.id !== id) return false;
    this.id = message.ID;
    this.message = message;
    this.tab = [this.wish, 'text', 'html', 'raw'].find((tab) => this.holds(tab));
    this.draw();
    this.place.scrollTop = 0;
    return true;
  }

  nothing() {
    this.message = null;
    this.place.replaceChildren();
  }

  holds(tab) {
    const { message } = this;
    if (tab === 'text') return Boolean(message.Text);
    if (tab.startsWith('html')) return Boolean(message.HTML);
    return tab !== 'parts' || files(message).length > 0;
  }

  draw() {
    const { message } = this;
    this.panel = make('div', { class: 'panel', role: 'tabpanel', id: 'panel', tabindex: '0' });
    this.tabs = make('div', { class: 'tabs', role: 'tablist', 'aria-label': say('message.views') }, TABS.map((tab) => this.tabOf(tab)));
    this.place.replaceChildren(
      make('header', {},
        make('div', { class: 'deeds' },
          make('button', { type: 'button', class: 'back quiet', onclick: () => this.does.back() }, `← ${say('back')}`),
          make('button', { type: 'button', class: 'quiet step', title: `${say('message.previous')} (k)`, 'aria-label': say('message.previous'), onclick: () => this.does.step(-1) }, '‹'),
          make('button', { type: 'button', class: 'quiet step', title: `${say('message.next')} (j)`, 'aria-label': say('message.next'), onclick: () => this.does.step(1) }, '›'),
          make('button', { type: 'button', class: 'quiet', onclick: () => this.does.unread(this.id) }, say('message.mark_unread')),
          download(`/api/v1/message/${this.id}/raw?dl=1`, `${this.id}.eml`, say('message.save')),
          make('button', { type: 'button', class: 'quiet danger', onclick: () => this.does.remove(this.id) }, say('message.delete'))),
        make('h2', {}, message.Subject || say('messages.no_subject')),
        make('dl', { class: 'people' }, people('header.from', message.From ? [message.From] : []), people('header.to', message.To),
          people('header.cc', message.Cc), people('header.bcc', message.Bcc), people('header.reply-to', message.ReplyTo),
          make('div', {}, make('dt', {}, say('header.date')), make('dd', {}, `${whole(new Date(message.Date))} · ${size(message.Size)}`)),
          make('div', {}, make('dt', {}, say('header.tags')), make('dd', {}, this.tagging())),
          message.Attachments.length ? make('div', {}, make('dt', {}, say('header.files')), make('dd', { class: 'chips' }, message.Attachments.map((part) => fileOf(message.ID, part)))) : null)),
      this.tabs, this.panel);
    this.turn(this.tab);
  }

  tabOf(tab) {
    const holds = this.holds(tab);
    return make('button', { type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-controls': 'panel', 'data-tab': tab, disabled: !holds,
      onclick: () => this.choose(tab) }, say(`tab.message.${tab}`),
    tab === 'parts' && holds ? make('b', { class: 'count' }, String(files(this.message).length)) : null);
  }

  choose(tab) {
    this.wish = tab;
    this.turn(tab);
  }

  // Show the view of this name.
  async turn(tab) {
    const { id, message } = this;
    this.tab = tab;
    for (const each of this.tabs.children) {
      const on = each.dataset.tab === tab;
      each.setAttribute('aria-selected', String(on));
      each.tabIndex = on ? 0 : -1;
    }
    this.panel.className = `panel in-${tab}`;
    this.panel.setAttribute('aria-labelledby', `tab-${tab}`);
    this.panel.replaceChildren(make('p', { class: 'note' }, '…'));
    const shown = await this.views[tab](message).catch((error) => [make('p', { class: 'error' }, error.message)]);
    if (this.id === id && this.tab === tab) this.panel.replaceChildren(...shown);
  }

  views = {
    text: async ({ Text }) => [Text ? make('pre', { class: 'letter' }, Text) : make('p', { class: 'note' }, say('message.no_text'))],
    html: async (message) => this.pages.of(message),
    html_source: async ({ HTML }) => [make('pre', { class: 'code' }, marked(cut(HTML)))],
    raw: async ({ ID, Size }) => [make('pre', { class: 'code' }, cut(await beginning(`/api/v1/message/${ID}/raw`, SHOWN), Size))],
    headers: async ({ ID }) => [headers(await json(`/api/v1/message/${ID}/headers`))],
    parts: async (message) => [make('ul', { class: 'parts' }, files(message).map((part) => partOf(message.ID, part)))],
    route: async (message) => routeOf(message, await json(`/api/v1/message/${message.ID}/headers`), this.does.wire),
  };

  tagging() {
    const input = make('input', { class: 'tag-new', 'aria-label': say('tag.add'), placeholder: say('tag.add'), maxlength: '100', 'data-key': 'tag' });
    const form = make('form', { class: 'chips', onsubmit: (event) => {
      event.preventDefault();
      if (input.value.trim()) this.retag([...this.message.Tags, input.value.trim()]);
    } }, this.message.Tags.map((tag) => make('span', { class: 'tag' }, tag, make('button', { type: 'button', class: 'off',
      'aria-label': say('tag.remove', { tag }), onclick: () => this.retag(this.message.Tags.filter((each) => each !== tag)) }, '×'))), input);
    return form;
  }

  async retag(tags) {
    try {
      await tell('PUT', '/api/v1/tags', { IDs: [this.id], Tags: tags });
      await this.show(this.id);
      this.place.querySelector('.tag-new')?.focus();
    } catch (error) {
      toast(error.message);
    }
  }

  key(event) {
    if (event.target.closest('input') || event.ctrlKey || event.metaKey || event.altKey || !this.message) return;
    const onTab = event.target.closest('[role=tab]');
    const by = { ']': 1, '[': -1, ...(onTab && { ArrowRight: 1, ArrowLeft: -1 }) }[event.key];
    if (!by) return;
    const open = TABS.filter((tab) => this.holds(tab) || tab === this.tab);
    this.choose(open[(open.indexOf(this.tab) + by + open.length) % open.length]);
    if (onTab) this.place.querySelector('[role=tab][aria-selected=true]').focus();
    event.preventDefault();
    event.stopPropagation();
  }
}

const files = (message) => [...message.Attachments, ...message.Inline];

function people(key, list) {
  if (!list.length) return null;
  return make('div', {}, make('dt', {}, say(key)), make('dd', {}, list.map((each) => (each.Name ? `${each.Name} <${each.Address}>` : each.Address)).join(', ')));
}

const cut = (source, whole = source.length) => (whole > SHOWN ? `${source.slice(0, SHOWN)}\n… ${say('message.more', { octets: number(whole - SHOWN) })}` : source);

function headers(fields) {
  const rows = Object.entries(fields).flatMap(([name, values]) => values.map((value) => [name, value]));
  return make('dl', { class: 'fields' }, rows.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))));
}

const nameOf = (part) => part.FileName || say('message.file', { number: part.PartID });
const placeOf = (id, part) => `/api/v1/message/${id}/part/${part.PartID}`;

// A file by its name, to be saved.
function fileOf(id, part) {
  return make('a', { class: 'tag file', href: placeOf(id, part), download: nameOf(part), title: `${say('save')}: ${nameOf(part)}` },
    make('span', { class: 'clip' }, nameOf(part)), make('span', { class: 'note' }, size(part.Size)));
}

function partOf(id, part) {
  const [where, name] = [placeOf(id, part), nameOf(part)];
  const picture = part.ContentType.startsWith('image/') && make('img', { src: `${where}/thumb`, alt: '', loading: 'lazy' });
  return make('li', {}, picture || make('span', { class: 'kind', 'aria-hidden': 'true' }, part.ContentType.split('/').pop().slice(0, 4)),
    make('span', { class: 'name' }, name, make('small', {}, `${part.ContentType} · ${size(part.Size)}`)), download(where, name, say('save')));
}
