// Level, base and transforms, as the flags of the command line.
import { transforms as all } from 'virtual:transforms';
import { byId, el } from './dom.ts';
import { bases, levels, type Project, type Settings } from './types.ts';

/** Transforms that run without being named; others are for `--only`. */
export const transforms = all.filter(({ optIn }) => !optIn);

/** The panel over `project.settings`. Out: a function that shows what these are now. */
export function optionsPanel(project: Project, changed: () => void): () => void {
  const set = (settings: Partial<Settings>): void => {
    project.settings = { ...project.settings, ...settings };
    changed();
  };
  const radios = Object.entries(levels).map(([value, meaning]) => {
    const input = el('input', { type: 'radio', name: 'level', value });
    input.addEventListener('change', () => set({ level: value as Settings['level'] }));
    byId('levels', HTMLDivElement).append(el('label', { class: 'option' }, input, el('span', {}, el('strong', {}, value), ' ', meaning)));
    return input;
  });
  const base = byId('base', HTMLSelectElement);
  base.append(...bases.map((value) => el('option', { value }, value)));
  base.addEventListener('change', () => set({ base: bases.find((one) => one === base.value) ?? 'slim' }));
  const boxes = transforms.map(({ id, title }) => {
    const input = el('input', { type: 'checkbox', value: id });
    input.addEventListener('change', () => set({ skip: boxes.filter((box) => !box.checked).map((box) => box.value) }));
    byId('transforms', HTMLDivElement).append(el('label', { class: 'option' }, input, el('span', {}, el('code', {}, id), ' ', title)));
    return input;
  });
  return () => {
    const { settings } = project;
    for (const radio of radios) radio.checked = radio.value === settings.level;
    base.value = settings.base;
    for (const box of boxes) box.checked = !settings.skip.includes(box.value);
  };
}
