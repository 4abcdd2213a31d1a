// Room: verify/report/. The style of the page of `verify`, on top of that of every page: light, dark, narrow, printed, without colour.

export const verifyStyle = `
.lead{font-size:1.05rem;margin:.2rem 0 1rem}
.badge{display:inline-block;font-size:.8rem;font-weight:600;border:1.5px solid currentColor;border-radius:1rem;padding:.1rem .7rem;vertical-align:.15em;white-space:nowrap}
h1,h2,h3,p,td,th,dd,dt,li,summary,caption{overflow-wrap:anywhere}
h2{border-top:1px solid var(--line);padding-top:1.4rem;font-size:1.35rem}
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.4rem 1.2rem}
a{color:var(--accent)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem;margin:1rem 0;padding:0;list-style:none}
.tiles li{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem}
.tiles .big{display:block;font-size:1.55rem;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
.tiles .what{display:block;font-weight:600}
.note{display:block;font-size:.85rem;font-weight:400;color:var(--dim)}
.aside{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
tbody th{color:var(--fg)}
table{position:relative}
.checks td.outcome{white-space:nowrap;font-weight:600;width:8.5rem}
.checks tbody th{width:38%}
.differences{margin:.4rem 0 0}.differences div{margin:0 0 .3rem}.differences dt{font-weight:600;font-size:.9rem}.differences dd{margin:0 0 0 1rem}
details{margin:.4rem 0}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0}
summary{color:var(--accent);width:fit-content}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.card{border:1px solid var(--line);border-left-width:5px;border-radius:6px;padding:.2rem 1rem;margin:.8rem 0;background:var(--panel)}
.bad-edge{border-left-color:var(--bad)}
.measures tbody th{width:14rem}.measures td.n{width:6rem;font-weight:600;vertical-align:middle}
.pair{display:grid;grid-template-columns:3.4rem 1fr minmax(6rem,auto);gap:.6rem;align-items:center;margin:.15rem 0}
.pair .side{font-size:.85rem;color:var(--dim)}
.pair .value{font-variant-numeric:tabular-nums;white-space:nowrap;font-size:.92rem}
.track{display:block;height:.85rem}
.bar{display:block;height:100%;min-width:2px;border:1px solid var(--fg);border-radius:2px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.bar.before{background:repeating-linear-gradient(135deg,var(--line) 0 3px,var(--bg) 3px 7px)}
.bar.after{background:var(--accent);border-color:var(--accent)}
.stack{display:flex;height:1.3rem;border:1px solid var(--fg);border-radius:2px;overflow:hidden;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.stack span{min-width:1px;border-right:1px solid var(--bg);flex-basis:0}
.stack.before span{background:repeating-linear-gradient(135deg,var(--line) 0 3px,var(--bg) 3px 7px)}.stack.before span:nth-child(even){background:var(--line)}
.stack.before span{border-right-color:var(--fg)}.stack.before span:last-child{border-right:0}
.stack.after span{background:var(--accent)}.stack.after{border-color:var(--accent)}.stack.after span:last-child{border-right:0}
.stack+.value{white-space:normal}
.layers th,.layers td{white-space:nowrap}
.diff{table-layout:fixed;border:1px solid var(--line);border-radius:6px;font:.8rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;margin:1rem 0}
.diff caption{text-align:left;font-weight:600;padding:.3rem 0;font-family:system-ui,sans-serif}
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
.diff b{font-weight:700;text-decoration:underline;text-underline-offset:2px}
.differs{font-size:.8rem;font-weight:600;border:1px solid currentColor;border-radius:4px;padding:0 .35rem;color:var(--warn);white-space:nowrap}
.two{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:1rem;color:var(--dim);font-size:.9rem}
@media screen and (max-width:44rem){
main{padding:1rem .8rem 3rem}
.two{grid-template-columns:1fr;gap:0}
.checks thead,.measures thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.checks tr,.measures tr{display:block;border-bottom:1px solid var(--line);padding:.6rem 0}
.checks td,.checks th,.measures td,.measures th{display:block;border:0;padding:.1rem 0;width:auto!important;text-align:left!important}
.pair{grid-template-columns:2.9rem 1fr minmax(4.5rem,auto);gap:.4rem}
.diff thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.diff,.diff tbody,.diff caption{display:block}
.diff{border:0}.diff tbody{border:1px solid var(--line)}
.diff .n{width:auto}
.scroll table{min-width:36rem}
.diff tr{display:grid;grid-template-columns:2.2rem 1fr}
.diff td:nth-child(2){border-right:0}
.diff .none,.diff .same .before{display:none}
}
@media print{
:root{--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;--panel:#f6f8fa;--good:#0b4a1c;--bad:#8a0018;--warn:#5c3a00;--accent:#0550ae;--add:#e6f7e9;--del:#fdecea}
body{font-size:10.5pt}main{max-width:none;padding:0}
h2{break-before:auto}h2,h3,caption{break-after:avoid}tr,.card,.tiles li,.pair{break-inside:avoid}
.diff{font-size:7.5pt}.diff td{print-color-adjust:exact;-webkit-print-color-adjust:exact}
nav{display:none}.scroll{overflow:visible}
}
`;
