// The comforts of a case form: rows change in place, a draft keeps itself, a spreadsheet pastes into a cell.
// The server does all the work; without this file every button sends the page instead.
'use strict';

(() => {
  const root = document.documentElement;
  root.classList.add('js');
  const form = () => document.getElementById('answers');
  const sentTo = () => form().getAttribute('action'); // form().action would be the field of that name
  if (!form()) return;

  // Fifteen seconds a keeping may take: a button waits for it. Browsers of before 2022 know no such limit.
  const limit = () => (AbortSignal.timeout ? AbortSignal.timeout(15000) : undefined);
  let timer = null;
  let running = Promise.resolve();
  let isDirty = false;

  // -- asking the server -----------------------------------------------------------------------------------------

  const ask = (extra, signal) => {
    const data = new FormData(form());
    // A file is sent once, by the change of its own box; not with every keeping of the draft.
    if (extra.op !== 'refresh:') Array.from(data).forEach(([name, value]) => { if (value instanceof File) data.delete(name); });
    Object.entries(extra).forEach(([name, value]) => data.set(name, value));
    return fetch(sentTo(), { method: 'POST', body: data, headers: { 'X-Alur-Part': 'form' }, redirect: 'follow', signal });
  };

  const tellOf = (answer) => form().dispatchEvent(new CustomEvent('asking', { bubbles: true, detail: answer }));

  const texts = () => new Map(Array.from(form().elements, (field) => [field.name, field.value]));

  // What was typed while the server worked is carried into the fresh form; its cells are the same unless a row moved.
  const carry = (asked, fresh) => {
    Array.from(form().elements).forEach((field) => {
      if (!field.name || field.type === 'hidden' || ['radio', 'checkbox', 'submit'].includes(field.type)) return;
      const before = asked.get(field.name);
      const place = fresh.querySelector(`[name="${CSS.escape(field.name)}"]`);
      if (before !== undefined && field.value !== before && place && place.value === before) place.value = field.value;
    });
  };

  const replaceWith = async (answer, asked) => {
    const address = new URL(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById('answers');
    if (!fresh || !answer.ok) return false;
    carry(asked, fresh);
    form().replaceWith(fresh);
    document.querySelector('nav.sections').replaceWith(page.querySelector('nav.sections'));
    document.getElementById('errors').replaceWith(page.getElementById('errors'));
    document.title = page.title;
    isDirty = false;
    grow();
    return decodeURIComponent(address.hash.slice(1)) || address.searchParams.get('at') || true;
  };

  const change = (operation, extra, focusOn) => {
    window.clearTimeout(timer);
    running = running.then(async () => {
      const keep = form().querySelectorAll('details[open][data-key]');
      const open = Array.from(keep, (part) => part.dataset.key);
      const asked = texts();
      const from = document.activeElement.id;
      let now = from;
      let place = false;
      try {
        const answer = await ask({ op: operation, ...extra });
        now = document.activeElement.id;
        place = await replaceWith(answer, asked);
      } catch { place = false; }
      if (place === false) { sendWhole(operation, extra); return; }
      open.forEach((key) => { const part = form().querySelector(`details[data-key="${CSS.escape(key)}"]`); if (part) part.open = true; });
      const hasMovedOn = now && now !== from && document.getElementById(now);
      focus(hasMovedOn ? now : document.getElementById(focusOn) ? focusOn : place);
    });
    tellOf(running);
    return running;
  };

  // When the short way fails (session over, network, a fault), the page is sent as if there were no script.
  const sendWhole = (operation, extra) => {
    Object.entries({ op: operation, ...extra }).forEach(([name, value]) => {
      const field = document.createElement('input');
      field.type = 'hidden'; field.name = name; field.value = value;
      form().append(field);
    });
    form().dataset.sent = 'yes'; // a button that waited must not send these fields with its own
    form().submit();
  };

  const focus = (id) => {
    const place = typeof id === 'string' && document.getElementById(id);
    if (!place) return;
    const inner = place.matches('input, textarea, select') ? place : place.querySelector('textarea:not([name^="paste:"]), input:not([type="hidden"]), select');
    (inner || place).focus();
  };

  // -- the draft keeps itself; totals and the list of sections follow ---------------------------------------------

  const keep = () => {
    window.clearTimeout(timer);
    if (!isDirty) return running;
    running = running.then(async () => {
      if (!isDirty) return; // an earlier keeping in the row took this change with it
      isDirty = false;
      try {
        const answer = await ask({ op: 'keep:' }, limit());
        if (!answer.ok || !answer.headers.get('Content-Type').includes('json')) { isDirty = true; return; }
        tell(await answer.json());
      } catch { isDirty = true; }
    });
    tellOf(running);
    return running;
  };

  const tell = (news) => {
    const saved = document.getElementById('saved');
    if (saved) saved.textContent = news.saved;
    Object.entries(news.totals).forEach(([name, words]) => {
      form().querySelectorAll(`[data-total="${CSS.escape(name)}"]`).forEach((place) => { place.textContent = words; });
    });
    Object.entries(news.out).forEach(([name, isOut]) => {
      form().querySelectorAll(`[data-condition="${CSS.escape(name)}"]`).forEach((place) => { place.toggleAttribute('data-out', isOut); });
    });
    news.nav.forEach((item) => {
      const words = document.querySelector(`nav.sections a[data-section="${CSS.escape(item.key)}"] small`);
      if (words) words.textContent = item.words;
    });
  };

  document.addEventListener('input', (event) => {
    if (event.target.form !== form() || event.target.name.startsWith('paste:')) return;
    isDirty = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, 900);
  });
  document.addEventListener('change', (event) => {
    if (event.target.form !== form()) return;
    if (event.target.dataset.changes) { change('refresh:', {}, event.target.id); return; }
    isDirty = true;
    keep();
  });
  document.addEventListener('visibilitychange', () => { if (document.hidden) keep(); });

  // -- buttons of rows ---------------------------------------------------------------------------------------------

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button[name="op"]');
    if (!button || button.form !== form()) return;
    const verb = button.value.split(':')[0];
    if (!['add', 'remove', 'up', 'down', 'paste', 'undo', 'unfile'].includes(verb)) { isDirty = false; return; }
    event.preventDefault();
    change(button.value, {});
  });

  // -- keys: Enter and arrows walk down and up a column, Alt with arrows moves the row ------------------------------

  const neighbour = (field, step) => {
    const parts = field.name.split('.');
    const column = parts.pop();
    const fields = Array.from(form().elements).filter((other) => {
      const theirs = other.name.split('.');
      return theirs.pop() === column && theirs.length === parts.length && theirs[0] === parts[0] && other.type !== 'hidden';
    });
    return fields[fields.indexOf(field) + step];
  };

  document.addEventListener('keydown', (event) => {
    const field = event.target;
    if (!field.form || field.form !== form() || !field.name || !field.closest('.nest, .goal-head')) return;
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.altKey && event.key !== 'Enter') {
      const row = field.closest('[data-row], .goal');
      const path = row && (row.dataset.row || row.dataset.path);
      if (!path) return;
      event.preventDefault();
      const way = path.split('.');
      const other = Number(way.pop()) + step;
      const column = field.name.slice(path.length + 1);
      change(`${step < 0 ? 'up' : 'down'}:${path}`, {}, other < 0 ? field.id : [...way, other, ...column.split('.')].join('-'));
      return;
    }
    if (event.altKey || field.tagName === 'SELECT') return;
    const isLong = field.tagName === 'TEXTAREA';
    if (isLong && (event.key !== 'Enter' || event.shiftKey) && field.value.includes('\n')) return;
    const next = neighbour(field, step);
    if (event.key === 'Enter' || next) event.preventDefault();
    if (next) { next.focus(); if (next.select) next.select(); }
  });

  // -- a spreadsheet's rows into a cell ----------------------------------------------------------------------------

  document.addEventListener('paste', (event) => {
    const field = event.target;
    if (!field.form || field.form !== form() || !field.closest('.nest') || field.name.startsWith('paste:')) return;
    const text = event.clipboardData.getData('text/plain');
    if (!text.includes('\t') && !/\n./.test(text.trim())) return;
    event.preventDefault();
    const parts = field.name.split('.');
    const column = parts.pop();
    change(`paste:${parts.join('.')}:${column}`, { pasted: text }, field.id);
  });

  // -- sizes -------------------------------------------------------------------------------------------------------

  const grow = () => {
    if (CSS.supports('field-sizing', 'content')) return;
    form().querySelectorAll('textarea.grow').forEach((area) => { area.rows = Math.max(1, area.value.split('\n').length, Math.ceil(area.value.length / 60)); });
  };
  grow();
  // On a phone the list of sections lies sideways: the one being filled in is brought into sight.
  const here = document.querySelector('nav.sections [aria-current]');
  const list = here && here.closest('nav');
  if (list && list.scrollWidth > list.clientWidth) list.scrollLeft = here.offsetLeft - list.offsetLeft - 16;

  // What is being typed is kept when the page is left without a button.
  window.addEventListener('beforeunload', () => {
    if (!isDirty) return;
    const data = new FormData(form());
    data.set('op', 'keep:');
    navigator.sendBeacon(sentTo(), data);
  });
  document.addEventListener('submit', (event) => {
    if (event.target !== form()) return;
    window.clearTimeout(timer);
    isDirty = false;
  });
})();
