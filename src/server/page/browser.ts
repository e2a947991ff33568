/**
 * Runs in the browser as a single script: asks the daemon for what is new and inserts it. All HTML comes from the daemon, with foreign text
 * escaped; the page's Content-Security-Policy allows no other script.
 */

/** The few things of a browser that are used here; the project's types are Node's. */
interface Element {
  readonly id: string
  readonly dataset: Record<string, string | undefined>
  readonly textContent: string | null
  readonly children: { readonly length: number }
  readonly nextElementSibling: Element | null
  readonly lastElementChild: Element | null
  innerHTML: string
  outerHTML: string
  hidden: boolean
  checked: boolean
  value: string
  className: string
  closest(selector: string): Element | null
  querySelectorAll(selector: string): Iterable<Element>
  insertAdjacentHTML(where: 'afterbegin' | 'afterend', html: string): void
  setAttribute(name: string, value: string): void
  focus(): void
  remove(): void
  addEventListener(type: string, listener: (event: Event) => void): void
}
interface Event {
  readonly target: Element
  readonly key?: string
  preventDefault(): void
}
declare const document: {
  readonly hidden: boolean
  readonly activeElement: Element | null
  getElementById(id: string): Element | null
  querySelector(selector: string): Element | null
}
declare const history: { replaceState(data: null, title: string, url: string): void }

const LIVE_MS = 1000
const REPORT_MS = 15_000
/** A report that takes long is asked for rarely: adding it up should take at most this share of the time. */
const REPORT_SHARE = 0.03
const SHOWN = 100

const find = (selector: string): Element => document.querySelector(selector)!
const state = find('#state')
const rows = find('#calls tbody')
const filter = find('#filter')
const pause = find('#pause')
const span = find('#span')

let seq = 0
let reported = { seq: -1, days: '', again: 0 }

// The link's code is used up: a reload or a bookmark should not show it.
history.replaceState(null, '', '/')

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(path, { signal: AbortSignal.timeout(20_000) }).catch(() => {
    throw new Error('The daemon does not answer. Is it running?')
  })
  if (response.status === 401) throw new Error('This page was opened too long ago, or before the daemon started anew: run `llmroute open`.')
  const body = (await response.json()) as T & { error?: { message?: string } }
  if (!response.ok) throw new Error(body.error?.message ?? `The daemon answered ${response.status}.`)
  return body
}

async function showCalls(): Promise<void> {
  const running = [...rows.querySelectorAll('[data-status=running]')].map(({ dataset }) => dataset.seq)
  const news = await ask<{ seq: number; state: string; rows: { id: string; html: string }[] }>(
    `/api/live?after=${seq}&running=${running.join(',')}`,
  )
  seq = news.seq
  state.className = 'soft'
  if (state.innerHTML !== news.state) state.innerHTML = news.state
  for (const { id, html } of news.rows) {
    const known = document.getElementById(id)
    if (known === null) rows.insertAdjacentHTML('afterbegin', html)
    else {
      const focused = document.activeElement?.id === id
      const open = known.nextElementSibling?.className === 'why'
      known.outerHTML = html
      if (open) document.getElementById(id)?.setAttribute('aria-expanded', 'true')
      if (focused) document.getElementById(id)?.focus()
    }
  }
  while (rows.children.length > SHOWN) rows.lastElementChild?.remove()
  find('#none').hidden = rows.children.length > 0
  if (news.rows.length > 0) hideOthers()
}

async function showReport(): Promise<void> {
  const days = span.value
  const started = Date.now()
  if (days === reported.days && (seq === reported.seq || started < reported.again)) return
  reported = { seq, days, again: started + REPORT_MS }
  const { html } = await ask<{ html: string }>(`/api/report?days=${days}`)
  if (days !== span.value) return
  find('#report').innerHTML = html
  const now = Date.now()
  reported = { ...reported, again: now + Math.max(REPORT_MS, (now - started) / REPORT_SHARE) }
}

/** Lines that do not hold the filter's words are hidden. */
function hideOthers(): void {
  const words = filter.value.toLowerCase().split(/\s+/)
  for (const row of rows.querySelectorAll('tr[id]')) {
    const text = `${row.dataset.status} ${row.textContent}`.toLowerCase()
    row.hidden = !words.every((word) => text.includes(word))
    if (row.nextElementSibling?.className === 'why') row.nextElementSibling.hidden = row.hidden
  }
}

/** Opens the explanation below a call, or closes it. */
async function toggle(row: Element): Promise<void> {
  if (row.nextElementSibling?.className === 'why') {
    row.nextElementSibling.remove()
    row.setAttribute('aria-expanded', 'false')
    return
  }
  row.setAttribute('aria-expanded', 'true')
  const { html } = await ask<{ html: string }>(`/api/explain/${row.id.slice(2)}?as=html`).catch((error: Error) => ({
    html: escaped(error.message),
  }))
  const now = document.getElementById(row.id)
  if (now?.nextElementSibling?.className !== 'why')
    now?.insertAdjacentHTML('afterend', `<tr class="why"><td colspan="11">${html}</td></tr>`)
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

function fail(error: Error): void {
  state.className = 'bad'
  state.innerHTML = escaped(error.message)
}

async function round(): Promise<void> {
  if (!document.hidden && !pause.checked) {
    await showCalls().then(showReport).catch(fail)
  }
  setTimeout(round, LIVE_MS)
}

rows.addEventListener('click', ({ target }) => {
  const row = target.closest('tr[id]')
  if (row !== null) void toggle(row)
})
rows.addEventListener('keydown', (event) => {
  const row = event.target.closest('tr[id]')
  if (row === null || (event.key !== 'Enter' && event.key !== ' ')) return
  event.preventDefault()
  void toggle(row)
})
filter.addEventListener('input', hideOthers)
span.addEventListener('change', () => void showReport().catch(fail))
void round()
