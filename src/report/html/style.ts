/** The page's look in light, dark and print; system fonts, so that it is one file and works offline. */
export const STYLE = `
:root { color-scheme: light dark; --page: #ffffff; --ink: #1d2126; --soft: #626b76; --line: #d9dee4; --fill: #2f6fb3; --other: #b9772a; --wash: #eef3f8; --bad: #b3382f; --good: #2d7d4f }
@media (prefers-color-scheme: dark) {
  :root { --page: #15181c; --ink: #e6e9ed; --soft: #98a2ae; --line: #343b44; --fill: #6aaae8; --other: #dfa458; --wash: #1e242b; --bad: #ef8a80; --good: #7cc79a }
}
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 66rem; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.05rem; margin: 2.5rem 0 .6rem }
.soft { color: var(--soft) } .bad { color: var(--bad) } .good { color: var(--good) }
.tiles { display: flex; flex-wrap: wrap; margin: 1.5rem 0 0; border: solid var(--line); border-width: 1px 0 0 1px }
.tiles div { flex: 1 1 10rem; padding: .8rem 1rem; border: solid var(--line); border-width: 0 1px 1px 0 } .tiles b { display: block; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th { text-align: left; font-weight: 500; color: var(--soft); border-bottom: 1px solid var(--line) }
th, td { padding: .32rem .8rem .32rem 0; vertical-align: middle } td { border-bottom: 1px solid var(--wash) }
.n { text-align: right; white-space: nowrap }
.bar { display: block; width: 100%; height: .7em; fill: var(--fill) }
.bars td:nth-child(2) { width: 34% }
svg { display: block; width: 100%; font: 11px system-ui, sans-serif } svg text { fill: var(--soft) }
.spend { fill: var(--fill) } .baseline { fill: none; stroke: var(--other); stroke-width: 2 } .axis { stroke: var(--line) }
.key { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em; vertical-align: -.05em } .key:first-child { margin-left: 0 } .key.spend { background: var(--fill) } .key.baseline { border-top: 2px solid var(--other); height: 0; vertical-align: .25em }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .6rem 0 } dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
@media print { body { padding: 0; max-width: none; font-size: 11px } h2 { break-after: avoid } tr, svg, .tiles { break-inside: avoid } }
`
