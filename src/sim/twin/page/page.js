// Keeps the twin's page current: every second the parts marked as live are fetched and, where they changed, replaced.
const shown = new Map();

async function refresh() {
  const response = await fetch(location.href);
  const next = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of next.querySelectorAll('[data-live]')) {
    const now = document.getElementById(part.id);
    if (!now || shown.get(part.id) === part.innerHTML) continue;
    shown.set(part.id, part.innerHTML);
    const open = [...now.querySelectorAll('details[open]')].map((details) => details.id);
    now.replaceChildren(...part.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  }
}

async function loop() {
  try {
    await refresh();
  } catch {
    // The twin is away; it may come back.
  }
  setTimeout(loop, 1000);
}

document.addEventListener('click', async (event) => {
  const button = event.target instanceof Element && event.target.closest('button[data-path]');
  if (!button) return;
  await fetch(button.dataset.path, { method: button.dataset.method, body: button.dataset.body });
  await refresh();
});

void loop();
