// Room: ecosystems/java. Files of the repository that settings in the jar name: `key-store: file:keystore.p12`, `logging.config=./logback.xml`.
import type { FileTree } from '../../context/types.ts';
import { namedPlace } from '../source-text.ts';
import type { SourceHit } from '../types.ts';

const SETTINGS = /(?:^|\/)src\/main\/resources\/(?:[^/]+\/)*[^/]+\.(?:properties|ya?ml|xml|conf|toml|json)$/;
const LARGEST = 200_000;
/** Pieces of a line that may be paths. */
const PIECES = /[^\s"'<>=,;()[\]]+/g;

/** What settings read: files that are named, and `file:` places that are computed. */
export function settingsHits(tree: FileTree, files: readonly string[], exists: (path: string) => 'file' | 'dir' | undefined): SourceHit[] {
  return files
    .filter((path) => SETTINGS.test(path))
    .flatMap((file) => {
      const read = tree.read(file);
      if (read.kind !== 'text' || read.text.length > LARGEST) return [];
      return read.text.split('\n').flatMap((line, n) => {
        if (/^\s*(?:#|!|<!--)/.test(line) || line.length > 2000) return [];
        const hit = (literal: string | undefined): SourceHit => ({
          file,
          line: n + 1,
          kind: 'read',
          literal,
          text: line.trim().slice(0, 200),
        });
        return [...line.matchAll(PIECES)].flatMap(([piece]) => {
          const at = /(?:^|[:{])(?:optional:)?(?:file|jdbc:sqlite|h2:file|hsqldb:file):(?:\/\/)?(.*)$/.exec(piece);
          const path = (at?.[1] ?? piece.replace(/^.*:(?!\/\/)/, ''))
            .replace(/[}\]]+$/, '')
            .replace(/[?;].*$/, '')
            .replace(/\[\.\w+\]?$/, '');
          if (at) return /\$/.test(path) ? [hit(undefined)] : path === '' ? [] : [hit(path)];
          const place = piece.startsWith('classpath') ? undefined : namedPlace(path, exists);
          return place === undefined ? [] : [hit(place)];
        });
      });
    });
}
