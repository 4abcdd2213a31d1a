// Room: report/. The style of pages that show changes, on top of that of every page: side by side, light, dark, narrow, printed, without colour.

export const reportStyle = `
.lead{font-size:1.05rem;margin:.2rem 0 1rem}
.badge{display:inline-block;font-size:.8rem;font-weight:600;border:1.5px solid currentColor;border-radius:1rem;padding:.1rem .7rem;vertical-align:.15em;white-space:nowrap}
/* How safe a change is, beside its name. */
.safety{display:inline-block;font-size:.8em;border:1px solid currentColor;border-radius:1rem;padding:0 .5rem;color:var(--dim);white-space:nowrap}.safety.risky{color:var(--bad)}
.reasons{padding-left:1.2rem}.reasons>li{margin:0 0 .6rem}.reasons ul{padding-left:1.2rem}
h1,h2,h3,p,td,th,dd,dt,li,summary,caption{overflow-wrap:anywhere}
h2{border-top:1px solid var(--line);padding-top:1.4rem;font-size:1.35rem}
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.4rem 1.2rem}
a{color:var(--accent)}
.note{display:block;font-size:.85rem;font-weight:400;color:var(--dim)}
.aside{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
tbody th{color:var(--fg)}
table{position:relative}
details{margin:.4rem 0}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0}
summary{color:var(--accent);width:fit-content}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.diff{table-layout:fixed;border:1px solid var(--line);border-radius:6px;font:.8rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;margin:1rem 0}
.diff caption{text-align:left;font-weight:600;font-size:.95rem;padding:.3rem 0;font-family:system-ui,sans-serif}
.diff th,.diff td{border-bottom:0;padding:.05rem .5rem;white-space:pre-wrap;overflow-wrap:anywhere}
.diff thead th{border-bottom:1px solid var(--line);font-family:system-ui,sans-serif}
.diff .n{width:2.8rem;color:var(--dim);padding:.05rem .4rem;user-select:none}
.diff td:nth-child(2){border-right:1px solid var(--line)}
.diff td:not(.n){padding-left:calc(.5rem + 1.8ch);text-indent:-1.8ch}
.diff .sign{display:inline-block;width:1.8ch;text-indent:0;user-select:none}
.diff thead th:not(.n){padding-left:calc(.5rem + 1.8ch)}
.diff tr:not(.same) td.before:not(.none){background:var(--del)}.diff tr:not(.same) td.after:not(.none){background:var(--add)}
.diff tr:not(.same) td.n:not(.none){color:var(--fg)}
.diff td.none{background:var(--panel)}
.diff.new .before{display:none}
.diff b{font-weight:700;text-decoration:underline;text-underline-offset:2px}
footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:1rem;color:var(--dim);font-size:.9rem}
@media screen and (max-width:44rem){
main{padding:1rem .8rem 3rem}
.diff thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.diff,.diff tbody,.diff caption{display:block}
.diff{border:0}.diff tbody{border:1px solid var(--line)}
.diff .n{width:auto}
.diff tr{display:grid;grid-template-columns:2.2rem 1fr}
.diff td:nth-child(2){border-right:0}
.diff .none,.diff .same .before{display:none}
}
@media print{
:root{--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;--panel:#f6f8fa;--good:#0b4a1c;--bad:#8a0018;--warn:#5c3a00;--accent:#0550ae;--add:#e6f7e9;--del:#fdecea}
body{font-size:10.5pt}main{max-width:none;padding:0}
h2{break-before:auto}h2,h3,caption{break-after:avoid}tr{break-inside:avoid}
.diff{font-size:7.5pt}.diff td{print-color-adjust:exact;-webkit-print-color-adjust:exact}
nav{display:none}
}
`;
