// Addresses within the page: /view/ID and /search?q= as Mailpit writes them, and #lab, #wire, #sessions.

const MODES = ['lab', 'mail', 'wire', 'sessions'];

// An address of the page that keeps the language that was asked for.
export function address(path, query = {}) {
  const kept = new URLSearchParams(location.search).get('lang');
  const said = Object.entries({ ...query, lang: kept }).filter(([, value]) => value);
  return said.length ? `${path}?${new URLSearchParams(said)}` : path;
}

// Where an address leads: the mode, the message, and what is searched for.
export function place() {
  const mode = location.hash.slice(1);
  const [, kind, id] = location.pathname.split('/');
  return {
    mode: MODES.includes(mode) ? mode : 'mail',
    message: kind === 'view' && id ? decodeURIComponent(id) : '',
    query: kind === 'search' ? (new URLSearchParams(location.search).get('q') ?? '') : '',
  };
}
