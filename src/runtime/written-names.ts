// Room: runtime/. Directories of the image whose names say that a program writes there (`logs`, `uploads`), where sources or settings files name them.
import { walk } from '../context/walk.ts';
import { parentOf } from '../effects/places.ts';
import { inside, originThrough, resolvePath } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { projectsOf } from '../facts/applications.ts';
import { settingsOf } from './settings-files.ts';

interface Written {
  path: string;
  file: boolean;
  evidence: Evidence;
}

/** Names of directories that are there to be written to. */
const WRITTEN = /^\.?(?:logs?|uploads?|te?mp|cache|sessions?|storage|backups?|downloads?|spool)$/i;
/** The same as words of a setting: `log_dir`, `uploadPath`. */
const SETTING =
  /(?:^|[^a-z])(?:logs?|logfile|uploads?|te?mp|cache|sessions?|storage|backups?|downloads?|spool|out|output|dest|destination)(?:[^a-z]|$)/i;
const FILE_OF_DATA = /\.(?:log|db|sqlite3?)$/i;
/** A key and its value, a relative path. */
const LINE = /(?:["']?([\w.-]{1,60})["']?\s*[:=]\s*|^\s*-\s*)["']?(?:\.\/)?([\w@][\w.@-]*(?:\/[\w.@%-]+){0,6})\/?["']?(?=\s*(?:[,}\]]|$))/g;

/** Those that the image has, without sources in them; and files that settings name there. */
export function writtenNames(subject: Subject, workdir: string): Written[] {
  const all = new Map([...ofHits(subject), ...ofSettings(subject)].toReversed().map((one) => [`${one.whole} ${one.text}`, one]));
  return [...all.values()].toReversed().flatMap(({ text, whole, evidence }) => {
    const path = resolvePath(workdir, text);
    if (path === undefined || path === workdir || !inside(path, workdir)) return [];
    const kind = kindIn(subject, path);
    if (kind === 'file' && whole) return [{ path, file: true, evidence }, ...directory(subject, parentOf(path), workdir, evidence)];
    return directory(subject, kind === 'dir' ? path : parentOf(path), workdir, evidence);
  });
}

function directory(subject: Subject, path: string, workdir: string, evidence: Evidence): Written[] {
  if (path === workdir || kindIn(subject, path) !== 'dir') return [];
  const origin = originIn(subject, path);
  const sources = origin === undefined || walk(subject.project.tree, origin).some(({ name }) => /\.(?:py|[cm]?[jt]sx?)$/.test(name));
  return sources ? [] : [{ path, file: false, evidence }];
}

function originIn({ stages, final, project }: Subject, path: string): string | undefined {
  const origin = originThrough(stages, final, project.tree, path);
  return origin === undefined || origin === '' || project.ignore.ignores(origin) ? undefined : origin;
}
function kindIn(subject: Subject, path: string): string | undefined {
  const origin = originIn(subject, path);
  return origin === undefined ? undefined : subject.project.tree.stat(origin)?.kind;
}

interface Named {
  text: string;
  /** The path is that of a file that is written. */
  whole: boolean;
  evidence: Evidence;
}

/** `path.join(__dirname, 'log')`, given to whatever: up to the last part that has such a name. */
function ofHits(subject: Subject): Named[] {
  return projectsOf(subject).flatMap(({ project }) =>
    project.hits().flatMap(({ kind, literal, file, line }) => {
      if (literal === undefined || literal.startsWith('/') || !['read', 'template'].includes(kind)) return [];
      const parts = literal.split('/');
      const last = parts.findLastIndex((part) => WRITTEN.test(part));
      if (last < 0) return [];
      const text = parts.slice(0, last + 1).join('/');
      return [{ text, whole: false, evidence: { file, line, says: `names ${text}` } }];
    }),
  );
}

/** `"filename": "logs/app.log"`, `uploadDir: public/files`. */
function ofSettings(subject: Subject): Named[] {
  return settingsOf(subject).flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, n) => {
      if (line.length > 1000 || /^\s*(?:#|;|\/\/)/.test(line)) return [];
      return [...line.matchAll(LINE)].flatMap(([, key = '', value = '']) => {
        const parts = value.split('/');
        const data = FILE_OF_DATA.test(value);
        const words = key.replace(/([a-z])([A-Z])/g, '$1_$2');
        if (!data && !SETTING.test(words) && !parts.some((part) => WRITTEN.test(part))) return [];
        return [{ text: value, whole: data, evidence: { file, line: n + 1, says: `names ${value}` } }];
      });
    }),
  );
}
