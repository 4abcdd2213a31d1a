// The page: files and options on one side, what becomes of them on the other, in a moment after each change.
import { byId, el } from './dom.ts';
import { examples } from './examples.ts';
import { filesPanel } from './files.ts';
import { optionsPanel, transforms } from './options.ts';
import { readPicked } from './pick.ts';
import { resultOf, statusOf } from './result.ts';
import { startRunner } from './runner.ts';
import { fragmentOf, isShared, projectFrom } from './share.ts';
import { dockerfileName, projectOf, type Answer, type Project } from './types.ts';

/** Between a key press and the question to the core. */
const pause = 250;

const project: Project = projectOf([]);
let last: Answer | undefined;
const status = byId('status', HTMLParagraphElement);
const said = byId('said', HTMLParagraphElement);
const problem = byId('problem', HTMLParagraphElement);
const example = byId('example', HTMLSelectElement);

const ask = startRunner((answer) => {
  last = answer;
  const isEmpty = project.files.every(({ path, text }) => path !== dockerfileName || text.trim() === '');
  status.textContent = isEmpty ? 'Paste a Dockerfile.' : statusOf(answer);
  status.className = answer.kind === 'done' || isEmpty ? '' : 'problem';
  byId('output', HTMLDivElement).replaceChildren(...resultOf(answer));
  byId('copy-dockerfile', HTMLButtonElement).disabled = answer.kind !== 'done';
  byId('copy-patch', HTMLButtonElement).disabled = answer.kind !== 'done' || answer.patch === '';
});
let clock: ReturnType<typeof setTimeout> | undefined;
function askIn(milliseconds: number): void {
  clearTimeout(clock);
  said.textContent = '';
  clock = setTimeout(() => ask(project), milliseconds);
}
const changed = (): void => askIn(pause);

const files = filesPanel(project, changed);
const showOptions = optionsPanel(project, changed);

function open({ files: list, settings }: Project): void {
  project.settings = settings;
  files.show(list.map((file) => ({ ...file })));
  showOptions();
  tell('');
  askIn(0);
}
function tell(message: string): void {
  problem.hidden = message === '';
  problem.textContent = message;
}

/** What the address asks for: a shared project, an example, or the first one. */
async function openAddress(): Promise<void> {
  const fragment = location.hash.slice(1);
  if (isShared(fragment)) {
    const shared = await projectFrom(
      fragment,
      transforms.map(({ id }) => id),
    );
    example.value = 'wrong' in shared ? 'empty' : '';
    if (!('wrong' in shared)) return open(shared);
    open(projectOf([]));
    return tell(`The link could not be opened: ${shared.wrong}.`);
  }
  const id = fragment.startsWith('example=') ? fragment.slice('example='.length) : 'node';
  const found = Object.hasOwn(examples, id) ? examples[id] : examples.node;
  if (!found) return;
  example.value = Object.hasOwn(examples, id) ? id : 'node';
  open(found.project);
}

example.append(...Object.entries(examples).map(([value, { title }]) => el('option', { value }, title)));
example.addEventListener('change', () => {
  const found = examples[example.value];
  if (found) open(found.project);
});

async function openPicked(list: Iterable<File>, how: 'add' | 'replace'): Promise<void> {
  const { files: picked, more } = await readPicked(list);
  const names = new Set(picked.map(({ path }) => path));
  const kept = how === 'add' ? project.files.filter(({ path, text }) => !names.has(path) && (path !== dockerfileName || text !== '')) : [];
  open({ ...project, files: [...kept, ...picked] });
  if (more > 0) tell(`${more} more files were left out: this page takes 2000. The command line takes all of them.`);
}
for (const [kind, how] of [
  ['files', 'add'],
  ['folder', 'replace'],
] as const) {
  const input = byId(`pick-${kind}`, HTMLInputElement);
  byId(`open-${kind}`, HTMLButtonElement).addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    void openPicked([...(input.files ?? [])], how).finally(() => (input.value = ''));
  });
}
document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => {
  event.preventDefault();
  if (event.dataTransfer && event.dataTransfer.files.length > 0) void openPicked(event.dataTransfer.files, 'add');
});

async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = `${what} copied.`;
  } catch {
    said.textContent = `The browser does not let this page copy: mark and copy it yourself.`;
  }
}
byId('copy-dockerfile', HTMLButtonElement).addEventListener('click', () => {
  if (last?.kind === 'done') void copy(last.result.output, 'The Dockerfile is');
});
byId('copy-patch', HTMLButtonElement).addEventListener('click', () => {
  if (last?.kind === 'done') void copy(last.patch, 'The patch is');
});
byId('share', HTMLButtonElement).addEventListener('click', async () => {
  const fragment = await fragmentOf(project);
  if (fragment === undefined) {
    said.textContent = 'This project is too large for a link.';
    return;
  }
  history.replaceState(undefined, '', `#${fragment}`);
  await copy(location.href, 'The link, which the address bar shows too, is');
});
addEventListener('hashchange', () => {
  // Not for the links within the page.
  if (/^#(?:v1|example)=/.test(location.hash)) void openAddress();
});

byId('version', HTMLSpanElement).textContent = import.meta.env.VITE_VERSION;
void openAddress();
