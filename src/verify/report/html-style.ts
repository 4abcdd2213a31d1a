// Room: verify/report/. The style of the page of verify: checks, measures and layers, on top of that of pages that show changes.
import { reportStyle } from '../../report/html-style.ts';

export const verifyStyle = `${reportStyle}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem;margin:1rem 0;padding:0;list-style:none}
.tiles li{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem}
.tiles .big{display:block;font-size:1.55rem;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
.tiles .what{display:block;font-weight:600}
.checks td.outcome{white-space:nowrap;font-weight:600;width:8.5rem}
.checks tbody th{width:38%}
.differences{margin:.4rem 0 0}.differences div{margin:0 0 .3rem}.differences dt{font-weight:600;font-size:.9rem}.differences dd{margin:0 0 0 1rem}
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
.differs{font-size:.8rem;font-weight:600;border:1px solid currentColor;border-radius:4px;padding:0 .35rem;color:var(--warn);white-space:nowrap}
.two{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
@media screen and (max-width:44rem){
.two{grid-template-columns:1fr;gap:0}
.checks thead,.measures thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.checks tr,.measures tr{display:block;border-bottom:1px solid var(--line);padding:.6rem 0}
.checks td,.checks th,.measures td,.measures th{display:block;border:0;padding:.1rem 0;width:auto!important;text-align:left!important}
.pair{grid-template-columns:2.9rem 1fr minmax(4.5rem,auto);gap:.4rem}
.scroll table{min-width:36rem}
}
@media print{
.card,.tiles li,.pair{break-inside:avoid}.scroll{overflow:visible}
}
`;
