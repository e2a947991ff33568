import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { STYLE } from '../../report/index.js'
import type { OwnAnswer } from '../own-answer.js'

/** The page itself. It holds no figures: the script beside it asks for them. */
export function pageDocument(headers: Readonly<Record<string, string>>): OwnAnswer {
  const script = readFileSync(new URL('./browser.js', import.meta.url), 'utf8')
  const style = STYLE + PAGE_STYLE
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>llmroute</title><link rel="icon" href="data:,"><style>${style}</style></head><body>
<header><h1>llmroute</h1><p id="state" class="soft" role="status">asking the daemon …</p></header>
<section><div class="bar-of"><h2>Calls</h2><label>filter <input id="filter" type="search" placeholder="model, task, client …"></label><label><input id="pause" type="checkbox"> pause</label></div>
<div class="calls"><table id="calls"><thead><tr><th></th><th>time</th><th>model</th><th>task</th><th>difficulty</th><th class="n">cost</th><th class="n">first token</th><th class="n">took</th><th class="n">tok/s</th><th>client</th><th>reason</th></tr></thead><tbody></tbody></table></div>
<p id="none" class="soft">No calls yet. Send one with <code>llmroute ask "hi"</code>.</p></section>
<section><div class="bar-of"><h2>What the models cost</h2><label>of the last <select id="span"><option value="1">day</option><option value="7">7 days</option><option value="30" selected>30 days</option><option value="365">year</option></select></label></div>
<div id="report"></div></section>
<noscript>This page needs its script. <code>llmroute report</code> and <code>llmroute monitor</code> do without.</noscript>
<script type="module">${script}</script></body></html>
`
  return { status: 200, type: 'text/html; charset=utf-8', body, headers: { ...guards(script, style), ...headers } }
}

/** Nothing is loaded from elsewhere, no other script runs, and no other page may frame this one. */
function guards(script: string, style: string): Readonly<Record<string, string>> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      `script-src '${hashOf(script)}'`,
      `style-src '${hashOf(style)}'`,
      "connect-src 'self'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    ...READ_ONLY_GUARDS,
  }
}

/** For whatever the page and its script receive. */
export const READ_ONLY_GUARDS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

/** Styles of the daemon's page beyond the report's. */
const PAGE_STYLE = `
body { max-width: 92rem } header { display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; align-items: baseline } header p { margin: 0 }
.bar-of { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: baseline } .bar-of h2 { margin-right: auto }
input[type=search], select { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 4px; padding: .1rem .4rem }
code { font-family: ui-monospace, monospace; font-size: .92em }
header span { white-space: nowrap }
.calls { max-height: 62vh; overflow: auto } #calls > thead th { position: sticky; top: 0; background: var(--page) }
#calls td { white-space: nowrap } #calls > tbody > tr[id] > td:last-child { width: 45%; min-width: 12rem; max-width: 0; overflow: hidden; text-overflow: ellipsis } #calls svg { width: 4.5rem; background: var(--wash) }
#calls tbody tr[id] { cursor: pointer } #calls tbody tr[id]:hover, #calls tr[aria-expanded=true] { background: var(--wash) }
#calls tr:focus-visible { outline: 2px solid var(--fill); outline-offset: -2px }
#calls tr.why > td { white-space: normal; padding: .4rem 0 1rem 1.6rem; border-left: 3px solid var(--fill) } #calls tr.why td td { white-space: normal } #calls tr.why svg { width: 100% } #calls tr.why table { width: auto; min-width: min(40rem, 100%) } #calls tr.why svg { min-width: 4rem }
.ok { color: var(--good) } .error, .interrupted, .light-open { color: var(--bad) } .running, .cancelled, .light-half-open { color: var(--other) } .light-closed { color: var(--good) }
@media print { .bar-of label { display: none } }
`
