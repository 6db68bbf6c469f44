// Small comforts on top of pages that work without this file. No page depends on it.
'use strict';

(() => {
  // The error summary takes the focus, so that it is read first.
  const summary = document.querySelector('[data-focus]');
  if (summary) summary.focus();

  // The place one is at is not cut off where the bar of a phone ends.
  const here = document.querySelector('.bar nav [aria-current]');
  if (here) {
    const places = here.closest('nav');
    places.scrollLeft = Math.max(0, here.offsetLeft + here.offsetWidth + 8 - places.clientWidth);
  }

  // One open sheet at a time; Escape and a click elsewhere close it.
  const sheets = () => document.querySelectorAll('details.who[open], details.menu[open]');
  document.addEventListener('click', (event) => {
    sheets().forEach((sheet) => { if (!sheet.contains(event.target)) sheet.open = false; });
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    sheets().forEach((sheet) => { sheet.open = false; sheet.querySelector('summary').focus(); });
  });

  // A button waits for what its form has asked and not heard: the server might take that later, and with it what was
  // typed before. The answer may put another form of the same id in the place of this one.
  const asked = new Map();
  document.addEventListener('asking', (event) => {
    const id = event.target.getAttribute('id'); // not the field of that name
    const done = () => { if (asked.get(id) === event.detail) asked.delete(id); };
    asked.set(id, event.detail);
    event.detail.then(done, done);
  });
  window.addEventListener('submit', (event) => {
    const id = event.target.getAttribute('id');
    const answer = asked.get(id);
    if (!answer) return;
    const pressed = event.submitter;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (pressed) pressed.setAttribute('aria-busy', 'true');
    const go = () => {
      if (pressed) pressed.removeAttribute('aria-busy'); // whoever is asked first may still say no
      const form = document.getElementById(id);
      const isPressed = (field) => field === pressed || (field.type === 'submit' && field.name === pressed.name && field.value === pressed.value);
      const button = pressed && Array.from(form.elements).find(isPressed);
      if (button || !pressed) form.requestSubmit(button);
    };
    answer.then(go, go);
  }, true);

  // What cannot be undone asks first.
  document.addEventListener('submit', (event) => {
    const asks = event.submitter && event.submitter.dataset.confirm;
    if (asks && !window.confirm(asks)) event.preventDefault();
  });

  // A form is sent once, and says so; the button keeps its name and value.
  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented || event.target.getAttribute('method') !== 'post') return;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = 'yes';
    if (event.submitter) event.submitter.setAttribute('aria-busy', 'true');
  });
  window.addEventListener('pageshow', () => {
    document.querySelectorAll('form[data-sent]').forEach((form) => { delete form.dataset.sent; });
  });

  document.querySelectorAll('[data-print]').forEach((link) => {
    link.hidden = false; // without a script nothing would happen
    link.addEventListener('click', (event) => { event.preventDefault(); window.print(); });
  });

  // A note is kept in this tab while it is being written, and forgotten once it was sent.
  document.querySelectorAll('textarea[data-keep]').forEach((area) => {
    const key = `note:${area.dataset.keep}`;
    if (!area.value && sessionStorage.getItem(key)) area.value = sessionStorage.getItem(key);
    area.addEventListener('input', () => sessionStorage.setItem(key, area.value));
    area.form.addEventListener('submit', () => sessionStorage.removeItem(key));
  });
})();
