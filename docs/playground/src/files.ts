// The files of the project: a list to choose from, one text field, adding and removing.
import { cleanPath } from '../../../src/context/paths.ts';
import { visible } from '../../../src/report/visible.ts';
import { byId, el } from './dom.ts';
import { dockerfileName, type Project, type ProjectFile } from './types.ts';

const usual = [
  'package.json package-lock.json yarn.lock pnpm-lock.yaml tsconfig.json',
  'requirements.txt pyproject.toml poetry.lock uv.lock',
  'go.mod go.sum main.go Cargo.toml Cargo.lock src/main.rs',
  '.dockerignore compose.yaml',
].flatMap((names) => names.split(' '));

export interface FilesPanel {
  /** Shows these files, the Dockerfile chosen. */
  show(files: readonly ProjectFile[]): void;
}

/** The panel over `project`, whose list of files it changes; `changed` is called after each change of a person. */
export function filesPanel(project: Project, changed: () => void): FilesPanel {
  const text = byId('text', HTMLTextAreaElement);
  const list = byId('files', HTMLDivElement);
  const remove = byId('remove', HTMLButtonElement);
  const path = byId('new-path', HTMLInputElement);
  let chosen: ProjectFile | undefined;
  byId('usual', HTMLDataListElement).append(...usual.map((value) => el('option', { value })));

  function choose(file: ProjectFile | undefined): void {
    chosen = file;
    text.value = file?.unread === undefined ? (file?.text ?? '') : '';
    text.readOnly = file?.unread !== undefined;
    text.placeholder = file?.unread === undefined ? '' : `Large, or no text: it is there, with ${file.unread} bytes, and is not read.`;
    byId('editing', HTMLElement).textContent = visible(file?.path ?? '');
    remove.hidden = file === undefined || file.path === dockerfileName;
  }
  function list_(): void {
    list.replaceChildren(
      ...project.files.map((file) => {
        const radio = el('input', { type: 'radio', name: 'file' });
        radio.checked = file === chosen;
        radio.addEventListener('change', () => choose(file));
        return el('label', { class: 'chip' }, radio, el('span', {}, visible(file.path)));
      }),
    );
  }
  function showAll(file: ProjectFile | undefined): void {
    choose(file);
    list_();
  }

  text.addEventListener('input', () => {
    if (!chosen) return;
    chosen.text = text.value;
    changed();
  });
  remove.addEventListener('click', () => {
    project.files = project.files.filter((file) => file !== chosen);
    showAll(project.files[0]);
    list.querySelector<HTMLInputElement>('input:checked')?.focus();
    changed();
  });
  path.addEventListener('input', () => path.setCustomValidity(''));
  byId('add', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const name = cleanPath(path.value.trim());
    if (name === undefined || name === '') {
      path.setCustomValidity('A path of the build context, as package.json or src/main.ts');
      path.reportValidity();
      return;
    }
    const there = project.files.find((file) => file.path === name);
    const file = there ?? { path: name, text: '' };
    if (!there) project.files.push(file);
    path.value = '';
    showAll(file);
    text.focus();
    changed();
  });

  return {
    show(files) {
      const first = files.find((file) => file.path === dockerfileName) ?? { path: dockerfileName, text: '' };
      project.files = [first, ...files.filter((file) => file !== first)];
      showAll(first);
    },
  };
}
