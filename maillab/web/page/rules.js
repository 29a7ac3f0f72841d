// Rules: what the lab does wrong on purpose.

import { json, tell } from './ask.js';
import { at, fill, make, toast } from './dom.js';
import { say } from './words.js';

const RULES = '/maillab/v1/rules';

export class Rules {
  constructor() {
    this.said = '';
    this.edited = 0;
    at('rule-form').addEventListener('submit', (event) => this.add(event));
    at('rule').addEventListener('input', () => wrong(at('rule'), at('rule-error'), ''));
    at('presets').addEventListener('change', () => this.begin());
    setInterval(() => !at('lab').hidden && !document.hidden && !this.edited && this.refresh(), 2000);
  }

  async refresh() {
    try {
      const { rules, presets } = await json(RULES);
      if (!at('presets').length) this.offer(presets);
      const said = JSON.stringify(rules) + this.edited;
      if (said === this.said) return;
      this.said = said;
      fill(at('rules'), rules.length ? rules.map((rule) => (rule.number === this.edited ? this.editor(rule) : this.row(rule)))
        : make('li', { class: 'note' }, say('rule.none')));
    } catch (error) {
      toast(error.message);
    }
  }

  // Rules that are ready to be added, site by site.
  offer(presets) {
    const sites = [...new Set(presets.map((preset) => preset.site))];
    at('presets').replaceChildren(make('option', { value: '' }, say('rule.ready')), ...sites.map((site) => make('optgroup', { label: site },
      presets.filter((preset) => preset.site === site).map((preset) => make('option', { value: preset.rule }, say(`rule.new.${preset.name}`))))));
  }

  // Write the one that was chosen where it can be changed, and added.
  begin() {
    const { value } = at('presets');
    if (!value) return;
    at('rule').value = value;
    wrong(at('rule'), at('rule-error'), '');
    at('presets').value = '';
    at('rule-form').querySelector('[type=submit]').focus();
  }

  row(rule) {
    const { number } = rule;
    const key = (what) => `rule-${number}-${what}`;
    const count = rule.over ? say('rule.over', rule) : say('rule.note', rule);
    return make('li', {},
      make('button', { type: 'button', role: 'switch', class: 'switch', 'aria-checked': String(rule.on), 'aria-label': rule.rule,
        'data-key': key('on'), onclick: () => this.does('PUT', number, { on: !rule.on }) }),
      make('span', { class: rule.on ? 'rule' : 'rule off' }, make('code', {}, rule.rule), make('small', {}, count)),
      make('span', { class: 'deeds' },
        make('button', { type: 'button', class: 'quiet', 'data-key': key('edit'), onclick: () => this.edit(number) }, say('rule.edit')),
        make('button', { type: 'button', class: 'quiet danger', 'data-key': key('remove'), onclick: () => this.does('DELETE', number) }, say('rule.remove'))));
  }

  editor(rule) {
    const input = make('input', { class: 'code', value: rule.rule, 'aria-label': say('rule.write'), spellcheck: 'false', 'data-key': 'editor',
      onkeydown: (event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        this.edit(0);
      } });
    const error = make('pre', { class: 'error', role: 'alert', hidden: true });
    return make('li', {}, make('form', { class: 'field', onsubmit: async (event) => {
      event.preventDefault();
      try {
        await tell('PUT', `${RULES}/${rule.number}`, { rule: input.value });
        this.edit(0);
      } catch (refused) {
        wrong(input, error, refused.message);
      }
    } }, make('div', { class: 'inputs' }, input, make('button', { type: 'submit', class: 'press' }, say('save')),
      make('button', { type: 'button', class: 'quiet', onclick: () => this.edit(0) }, say('cancel'))), error));
  }

  async edit(number) {
    this.edited = number;
    await this.refresh();
    at('rules').querySelector('input')?.focus();
  }

  async add(event) {
    event.preventDefault();
    try {
      await tell('POST', RULES, { rule: at('rule').value });
      at('rule').value = '';
      await this.refresh();
    } catch (error) {
      wrong(at('rule'), at('rule-error'), error.message);
    }
  }

  async does(method, number, body) {
    try {
      await tell(method, `${RULES}/${number}`, body);
    } catch (error) {
      toast(error.message);
    }
    await this.refresh();
  }
}

// What is wrong with a rule, the place below it, and the cursor there.
function wrong(input, place, text) {
  const column = Number(/\((?:column|cột) (\d+)\)/.exec(text)?.[1] ?? 0);
  place.textContent = column ? `${input.value}\n${' '.repeat(column - 1)}^ ${text}` : text;
  place.hidden = !text;
  input.setAttribute('aria-invalid', String(Boolean(text)));
  if (column) {
    input.focus();
    input.setSelectionRange(column - 1, column - 1);
  }
}
