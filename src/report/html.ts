// Room: report/. Pages that stand alone: one file, no network, no script; text from repositories is escaped where it enters.

/** Text that is HTML already. */
export interface Markup {
  readonly markup: string;
}

export type Content = Markup | string | number | undefined | false | readonly Content[];

/** HTML with what is put into it escaped: html`<b>${name}</b>`. Lists are joined, undefined and false are nothing. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Markup {
  return { markup: parts.map((part, i) => part + (i < values.length ? markupOf(values[i]) : '')).join('') };
}

/** HTML made elsewhere, of text that was escaped there. */
export const trusted = (markup: string): Markup => ({ markup });

function markupOf(value: Content): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  if (Array.isArray(value)) return (value as readonly Content[]).map(markupOf).join('');
  return (value as Markup).markup;
}

/** A sentence in which what stands between backticks is code. */
export const sentence = (text: string): Markup[] =>
  text.split('`').map((part, i, all) => (i % 2 === 1 && i < all.length - 1 ? html`<code>${part}</code>` : html`${part}`));

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for HTML, in attributes too; control characters other than tab and line break become visible. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (c) => escapes[c] ?? c)
    .replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

/** A whole page. Nothing is loaded from anywhere: the content policy forbids it, scripts too. */
export function page(title: string, body: Markup, style = ''): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}${style}</style>
</head>
<body>
<main>
${body.markup}
</main>
</body>
</html>
`;
}

// Light and dark as the reader's system has it; both with a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3).
export const pageStyle = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2128;--dim:#57606a;--line:#d0d7de;--panel:#f6f8fa;--good:#116329;--bad:#a40e26;--warn:#7d4e00;--accent:#0550ae;--add:#dafbe1;--del:#ffebe9}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9198a1;--line:#3d444d;--panel:#151b23;--good:#57d364;--bad:#ff938a;--warn:#e3b341;--accent:#79c0ff;--add:#12361f;--del:#4a1b20}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:75rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;margin:.2rem 0 .6rem}h2{font-size:1.2rem;margin:2rem 0 .6rem}h3{font-size:1rem;margin:1.2rem 0 .4rem}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.85em}
pre{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.8rem;overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--dim)}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.scroll{overflow-x:auto}
.dim{color:var(--dim)}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
summary{cursor:pointer}
`;
