// Room: ecosystems/python. Content types of files by their ending: Python's own table, and /etc/mime.types beside it, which the full image has and slim lacks.
import { joinPath, parentOf } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { walk } from '../../context/walk.ts';
import { typesPackage } from '../../base/essentials.ts';
import type { SlimNeeds } from '../../base/slim-needs.ts';
import type { SourceHit } from '../types.ts';
import type { Pattern } from './scan-types.ts';
import { argumentOf, literalOf } from './source-text.ts';
import type { PythonProject } from './types.ts';

/**
 * Endings that Python's own table gives the same type, or one that browsers treat alike (text/javascript and application/javascript).
 * Sources: cpython/Lib/mimetypes.py 3.8 to 3.14, `_types_map_default`; /etc/mime.types of Debian 12.
 */
const ALIKE = /\.(?:html?|css|m?js|json|txt|csv|png|jpe?g|gif|svg|ico|pdf|zip|mp3|mp4|webm)$/i;

/**
 * Calls that answer with a file, or send one, and guess its type. Sources: flask.palletsprojects.com/api (send_file), starlette.dev/responses,
 * docs.aiohttp.org (add_static), tornadoweb.org (StaticFileHandler), bottlepy.org (static_file), docs.djangoproject.com (FileResponse,
 * attach_file, django.views.static), cloud.google.com/python/docs (upload_from_filename); docs.python.org/3/library/mimetypes.html.
 */
export const mediaTypePatterns: readonly Pattern[] = [
  { find: /\bmimetypes\.\w+/g, means: () => ({ kind: 'mime', literal: undefined }) },
  {
    find: /\b(?:send_file|FileResponse|attach_file|upload_from_filename)\(/g,
    call: true,
    means: (given) => ({ kind: 'mime', literal: literalOf(argumentOf(given, 0, 'path', 'path_or_file', 'filename')) }),
  },
  { find: /\bstatic_file\(/g, call: true, means: (given) => ({ kind: 'mime', literal: literalOf(argumentOf(given, 0, 'filename')) }) },
  {
    find: /\bsend_from_directory\(|\badd_static\(/g,
    call: true,
    means: (given) => {
      const [first, second] = [argumentOf(given, 0, 'directory'), argumentOf(given, 1, 'path', 'filename')].map(literalOf);
      return { kind: 'mime', literal: second !== undefined && /\.\w+$|^\.?\//.test(second) ? second : first };
    },
  },
  { find: /\bStaticFiles\(/g, call: true, means: (given) => ({ kind: 'mime', literal: literalOf(argumentOf(given, 0, 'directory')) }) },
  {
    find: /\bStaticFileHandler\b|\bdjango\.views\.static\b|\bstatic\(\s*settings\.MEDIA_URL/g,
    means: () => ({ kind: 'mime', literal: undefined }),
  },
  {
    // Flask serves the directory beside its module by itself
    find: /\bFlask\(/g,
    call: true,
    means: (given) => ({ kind: 'mime', literal: `${OWN}${literalOf(argumentOf(given, 2, 'static_folder')) ?? 'static'}` }),
  },
];
/** Before a directory that counts where it is there. */
const OWN = './';

/** The package of the table that slim lacks, and the first call that may guess a type by it; nothing where none does. */
export function mediaTypes(project: PythonProject, tree: FileTree, suite: string | undefined): SlimNeeds {
  const call = project.hits().find((hit) => hit.kind === 'mime' && !alike(hit, tree, project.dir));
  if (!call) return { packages: [], evidence: [] };
  const { file, line, text } = call;
  return { packages: [typesPackage(suite)], evidence: [{ file, line, says: `takes the type of a file from its ending: ${text}` }] };
}

function alike({ literal, file }: SourceHit, tree: FileTree, dir: string): boolean {
  if (literal === undefined) return false;
  const found = [parentOf(file), dir].flatMap((base) => joinPath(base, literal) ?? []).find((path) => tree.stat(path)?.kind === 'dir');
  if (found === undefined) return ALIKE.test(literal) || literal.startsWith(OWN);
  return walk(tree, found).every(({ kind, name }) => kind === 'dir' || ALIKE.test(name) || !name.includes('.', 1));
}
