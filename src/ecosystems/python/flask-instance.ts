// Room: ecosystems/python. Where Flask-SQLAlchemy keeps the file that a relative address of SQLite names: not below the working directory.
// Sources: flask-sqlalchemy.readthedocs.io/en/stable/config (3.0: the instance folder; before it: the application's root path);
// flask.palletsprojects.com/en/stable/config, "Instance Folders": beside the package that holds the application, or beside its module.
import type { FileTree } from '../../context/types.ts';
import { parentOf } from '../../effects/places.ts';
import type { SourceHit } from '../types.ts';

const ADDRESS = /sqlite(?:\+\w+)?:\/\/\//;
const APPLICATION = /\bFlask\(\s*__name__\b(?![^)]{0,300}\binstance_path\b)/;
const LISTS = ['requirements.txt', 'pyproject.toml', 'Pipfile', 'Pipfile.lock', 'poetry.lock', 'uv.lock'];
/** A version before 3.0 is asked for, or locked. */
const OLDER =
  /^\s*["']?flask[-_]sqlalchemy["']?\s*(?:=\s*["'])?(?:(?:==|~=|\^)\s*[012]\b|<\s*3\b)|name = "flask-sqlalchemy"\s+version = "[012]\.|"flask-sqlalchemy":\s*\{[^{}]{0,2000}"version":\s*"==[012]\./im;

/** The writes that the addresses of SQLite among `hits` mean; none where there is no such address, or no Flask-SQLAlchemy. */
export function instanceWrites(tree: FileTree, dir: string, sources: readonly string[], hits: readonly SourceHit[]): SourceHit[] {
  const address = hits.find(
    ({ kind, literal, beside, text }) =>
      kind === 'write' && ADDRESS.test(text) && literal !== undefined && beside !== true && !literal.startsWith('/'),
  );
  if (!address) return [];
  const texts = sources.map((file) => ({ file, text: textOf(tree, file) }));
  if (!texts.some(({ text }) => /\bflask_sqlalchemy\b/.test(text))) return [];
  const older = LISTS.some((name) => OLDER.test(textOf(tree, [dir, name].filter(Boolean).join('/'))));
  return texts.flatMap(({ file, text }) => {
    const at = APPLICATION.exec(text)?.index;
    if (at === undefined) return [];
    const line = text.slice(0, at).split('\n').length;
    const up = older
      ? ''
      : `${packagesAbove(tree, file)
          .map(() => '../')
          .join('')}instance/`;
    return [{ file, line, kind: 'write', literal: `${up}${address.literal}`, beside: true, text: address.text } satisfies SourceHit];
  });
}

/** The packages that hold a source, from the innermost on. */
function packagesAbove(tree: FileTree, file: string): string[] {
  const found: string[] = [];
  for (
    let at = parentOf(`/${file}`).slice(1);
    at !== '' && tree.stat(`${at}/__init__.py`)?.kind === 'file';
    at = parentOf(`/${at}`).slice(1)
  )
    found.push(at);
  return found;
}

function textOf(tree: FileTree, path: string): string {
  const read = tree.stat(path)?.kind === 'file' ? tree.read(path) : undefined;
  return read?.kind === 'text' ? read.text : '';
}
