/** Styles of the daemon's page beyond the report's. */
export const PAGE_STYLE = `
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
