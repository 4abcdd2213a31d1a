// Room: bulk/. What the campaign's page adds to the style of all pages.

/** Outcomes differ by a pattern as well as by colour, so that they can be told apart without it, and in print. */
export const pageStyle = `
:root{--open:#0969da;--done:#1a7f37;--rest:#8c959f;--care:#bf8700;--fail:#cf222e}
@media(prefers-color-scheme:dark){:root{--open:#4493f8;--done:#3fb950;--rest:#656c76;--care:#d29922;--fail:#f85149}}
.stack{display:flex;gap:2px;height:1.6rem;margin:.6rem 0;border-radius:6px;overflow:hidden}
.stack span{flex-basis:3px;flex-shrink:0}
.good-fill{background:var(--done)}
.open-fill{background:var(--open)}
.quiet-fill{background:var(--rest)}
.warn-fill{background:repeating-linear-gradient(45deg,var(--care) 0 6px,transparent 6px 9px),var(--panel)}
.bad-fill{background:repeating-linear-gradient(-45deg,var(--fail) 0 3px,transparent 3px 5px),var(--panel)}
.swatch{display:inline-block;width:.8em;height:.8em;border-radius:3px}
.bar{display:inline-block;height:.8em;border-radius:3px;min-width:3px}
td:has(.bar){width:40%;min-width:8rem}
td:has(>.n){text-align:right;width:1%}
.n{font-variant-numeric:tabular-nums;white-space:nowrap}
td{overflow-wrap:break-word;min-width:5rem}
td:last-child:not(:has(>.n)){min-width:11rem}
td:has(>.n){min-width:0}
details{border:1px solid var(--line);border-radius:6px;padding:.4rem .8rem;margin:.5rem 0}
details[open]>summary{margin-bottom:.4rem}
summary code{margin-left:.4rem}
a{color:var(--accent)}
ins,del{text-decoration:none;display:inline-block;min-width:100%}
ins{background:var(--add)}
del{background:var(--del)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
@media print{body{font-size:10pt}.stack,.bar,.swatch,ins,del{print-color-adjust:exact}details:not([open]){break-inside:avoid}}
`;
