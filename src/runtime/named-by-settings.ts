// Room: runtime/. Files and directories of the context that the settings files of a program name: `template_dir = "views"`.
import { walk } from '../context/walk.ts';
import { contextPath } from '../facts/copies.ts';
import type { Project } from '../facts/project.ts';

const SETTINGS = /\.(?:json|ya?ml|toml|ini|cfg|conf|properties)$/;
const LARGEST = 100_000;
/** The last value of a line, behind `=` or `:`, or alone as an item of a list. */
const VALUE = /(?:[=:]|^\s*-)\s*["']?(?:\.\/)?([\w@-][\w@./-]{0,200})["']?\s*[,;]?\s*$/;

/** Context paths that settings among `paths` name, as seen from `dirs` or from where they stand. */
export function namedBySettings({ tree, ignore }: Project, paths: readonly string[], dirs: readonly string[]): string[] {
  const files = paths.flatMap((path) =>
    tree.stat(path)?.kind === 'dir' ? walk(tree, path).flatMap((entry) => (entry.kind === 'file' ? [entry.path] : [])) : [path],
  );
  return files
    .filter((path) => SETTINGS.test(path))
    .flatMap((file) => {
      const read = tree.read(file);
      if (read.kind !== 'text' || read.text.length > LARGEST) return [];
      const from = [...new Set([...dirs, file.slice(0, Math.max(0, file.lastIndexOf('/')))])];
      return read.text
        .split('\n')
        .flatMap((line) => VALUE.exec(line)?.[1] ?? [])
        .flatMap((value) => from.map((dir) => contextPath(`${dir}/${value}`)))
        .filter((path) => path !== '' && !dirs.includes(path) && !ignore.ignores(path) && tree.stat(path) !== undefined);
    });
}
