// Keys for pages, loaded only for those who switched them on. Nothing is decided by a key: deciding ones lead to
// the button and give it the focus. Every key has its button or link on the page.
'use strict';

(() => {
  const places = document.currentScript.dataset;
  const TYPED = 'input, textarea, select, [contenteditable]';
  let isGoing = false;

  const rows = () => [...document.querySelectorAll('.queue tr.item')];
  const rowHere = () => document.activeElement.closest('.queue tr.item');

  const step = (by) => {
    const all = rows();
    const at = all.indexOf(rowHere());
    const next = at < 0 ? all[0] : all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) next.querySelector('.what a').focus();
  };

  const press = (found) => { if (found) found.click(); };
  const lead = (key) => {
    const found = document.querySelector(`[data-key="${key}"]`);
    if (found) found.focus();
  };

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    x: () => { const row = rowHere(); press(row && row.querySelector('input[name="line"]')); },
    a: () => { const row = rowHere(); press((row || document.querySelector('#decision') || document.createElement('p')).querySelector('[data-press="a"]')); },
    l: () => press(document.querySelector('#decision [data-press="l"]')),
    s: () => lead('s'),
    b: () => lead('b'),
    g: () => { isGoing = true; },
    '/': () => { const search = document.querySelector('#q'); if (search) search.select(); },
    '?': () => { window.location.assign(places.help); },
  };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.matches(TYPED)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : '';
    const wasGoing = isGoing;
    isGoing = false;
    if (wasGoing && key === 'i') { event.preventDefault(); window.location.assign(places.queue); return; }
    if (!keys[key]) return;
    event.preventDefault();
    keys[key]();
  });
})();
