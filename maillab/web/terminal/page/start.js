// The script of textual-serve begins with the page, and asks the terminal's element where to connect.
document.getElementById('terminal').dataset.sessionWebsocketUrl = `${location.origin.replace(/^http/, 'ws')}/ws`;

// It gives the body a class when it is connected: keys go to the terminal from then on.
new MutationObserver((_, observer) => {
  if (!document.body.classList.contains('-loaded')) return;
  observer.disconnect();
  document.querySelector('.xterm-helper-textarea')?.focus();
}).observe(document.body, { attributes: true });
