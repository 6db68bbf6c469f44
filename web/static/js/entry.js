// Results follow while one types in a quarter's entry, and the draft keeps itself; without this file *Periksa* does both.
'use strict';

(() => {
  const form = document.getElementById('entry');
  if (!form) return;
  // Fifteen seconds a question may take: a button waits for it. Browsers of before 2022 know no such limit.
  const limit = () => (AbortSignal.timeout ? AbortSignal.timeout(15000) : undefined);
  let timer = null;
  let running = Promise.resolve();
  let isDirty = false;
  const touched = new WeakSet();

  const read = (answer) => answer.text().then((text) => new DOMParser().parseFromString(text, 'text/html'));

  // Only what the server says is exchanged: fields keep what is typed, the focus and the selection.
  // What a refusal said of a row stays until that row is typed in again.
  const isOld = (place) => {
    const field = place.dataset.of && document.getElementById(place.dataset.of);
    return field && field.matches('input, select') && !touched.has(field);
  };

  // A field is marked, and described, by what is said of it now.
  const mark = (place) => {
    const field = place.dataset.of && document.getElementById(place.dataset.of);
    if (!field || !field.matches('input, select')) return;
    const error = place.querySelector('.err');
    const described = (field.getAttribute('aria-describedby') || '').split(' ').filter((id) => id && id !== `${field.id}-error`);
    field.classList.toggle('is-invalid', Boolean(error));
    if (error) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
    field.setAttribute('aria-describedby', [...described, ...(error ? [error.id] : [])].join(' '));
  };

  const follow = (page) => {
    document.querySelectorAll('[data-live]').forEach((place) => {
      const fresh = page.getElementById(place.id);
      if (isOld(place)) return;
      if (fresh && fresh.innerHTML !== place.innerHTML) place.replaceChildren(...fresh.childNodes);
      mark(place);
    });
    form.querySelectorAll('details[data-opens]').forEach((part) => {
      const fresh = page.getElementById(part.id);
      if (fresh && fresh.open) part.open = true;
    });
  };

  // Nothing typed is lost, but whoever leaves now has to know that the last of it is only on this page.
  const fail = () => {
    isDirty = true;
    const place = document.getElementById('saved');
    if (place && form.dataset.unsaved) place.textContent = form.dataset.unsaved;
  };

  const ask = () => {
    window.clearTimeout(timer);
    if (!isDirty) return;
    running = running.then(async () => {
      if (!isDirty) return; // an earlier question in the row took this change with it
      isDirty = false;
      const data = new FormData(form);
      data.set('op', 'check:');
      try {
        const answer = await fetch(form.action, { method: 'POST', body: data, headers: { 'X-Alur-Part': 'entry' }, signal: limit() });
        const page = answer.ok ? await read(answer) : null;
        if (page && page.getElementById('entry')) follow(page);
        else fail(); // refused, or led to the page where one signs in
      } catch {
        fail();
        timer = window.setTimeout(ask, 10000); // the line may be back then
      }
    });
    form.dispatchEvent(new CustomEvent('asking', { bubbles: true, detail: running }));
  };

  form.addEventListener('input', (event) => {
    touched.add(event.target);
    isDirty = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, 700);
  });
  form.addEventListener('change', () => { isDirty = true; ask(); });
  form.addEventListener('submit', () => { isDirty = false; window.clearTimeout(timer); });
  document.addEventListener('visibilitychange', () => { if (document.hidden) ask(); });
  // What is being typed is kept when the page is left without a button.
  window.addEventListener('beforeunload', () => {
    if (!isDirty) return;
    const data = new FormData(form);
    data.set('op', 'check:');
    navigator.sendBeacon(form.action, data);
  });
})();
