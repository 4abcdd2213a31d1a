// Room: cli/. What `dockerfile-mod` starts: the bundle, with V8's code cache for it. Compiling 1 MB of text anew costs more than the work
// on a Dockerfile. The cache lies in the user's own cache directory; without one everything works as well, only slower.
// Node.js has module.enableCompileCache from 22.8 on; this does the same on Node.js 20, and keeps functions that are compiled late.
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/** Digest of the bundle, set when it is built: V8 compares no more than the length of a text. */
declare const bundleDigest: string;

/** Files of other versions that stay: people switch between versions of Node.js. */
const others = 3;
/** Runs whose functions are kept. */
const runs = 4;

const { env, platform, versions, arch } = process;
// V8 compiles functions for speed so early that a run of a tenth of a second never gets the time back; a long one loses nothing, since it gets
// there all the same. So it is with regular expressions, most of which meet a few lines. Flags as V8 11 (Node.js 20) and 12 and 13 (22, 24) have them.
setFlagsFromString('--regexp-tier-up-ticks=30');
if (versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=1000000');
else {
  setFlagsFromString('--invocation-count-for-maglev=4000');
  setFlagsFromString('--invocation-count-for-turbofan=20000');
}

const bundle = join(__dirname, 'main.cjs');
const cacheDir = placeOfCache();
const cacheFile = cacheDir === undefined ? undefined : join(cacheDir, `${bundleDigest}-${versions.v8}-${arch}.v8`);
const known = cacheFile === undefined ? undefined : ownFile(cacheFile);
// The last byte says how many runs it holds the functions of.
const cachedData = known?.subarray(0, -1);
const held = known?.at(-1) ?? 0;
// The bundle is a function (scripts/build.ts): what stands around it here would cost a copy of it. Imports are handed in: those of a text that
// comes from the cache find no loader on Node.js 20. The bundle is ASCII: its strings take one byte a letter.
const script = new Script(readFileSync(bundle, 'latin1'), {
  filename: bundle,
  ...(cachedData ? { cachedData } : {}),
});
const main: { exports: { hasWorked?: () => boolean } } = { exports: {} };
// After a run that read a Dockerfile: by then the functions that such a run needs are compiled, and are kept as well. Other Dockerfiles need
// others: those of the first runs are added.
const isNew = cachedData === undefined || script.cachedDataRejected === true;
if (cacheDir !== undefined && cacheFile !== undefined && (isNew || held < runs))
  process.on('exit', () => {
    if (main.exports.hasWorked?.() !== true) return;
    keep(cacheDir, cacheFile, Buffer.concat([script.createCachedData(), Buffer.of(isNew ? 1 : held + 1)]));
  });
script.runInThisContext()(main, require, (part: string) => import(part));

/** The user's cache directory; undefined where none is wanted: CI starts anew each time, and Node.js's own variable switches it off. */
function placeOfCache(): string | undefined {
  const { CI, NODE_DISABLE_COMPILE_CACHE, XDG_CACHE_HOME, LOCALAPPDATA, HOME } = env;
  if (isSet(CI) || isSet(NODE_DISABLE_COMPILE_CACHE)) return undefined;
  const home = HOME !== undefined && isAbsolute(HOME) ? HOME : undefined;
  // https://specifications.freedesktop.org/basedir-spec/latest/: a relative path is to be ignored.
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'dockerfile-mod');
  if (platform === 'win32') return LOCALAPPDATA === undefined ? undefined : join(LOCALAPPDATA, 'dockerfile-mod', 'cache');
  if (home === undefined) return undefined;
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'dockerfile-mod') : join(home, '.cache', 'dockerfile-mod');
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}

/** The bytes of a file that nobody but this user can have written: it holds code. */
function ownFile(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { uid, mode } = fstatSync(file);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOwn ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Writes the cache beside those of other versions, and removes the oldest of them. A failure costs the next start some time, nothing else. */
function keep(dir: string, path: string, data: Buffer): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, data, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, path);
    const aged = readdirSync(dir)
      .filter((name) => /\.v8(?:\.\d+)?$/.test(name) && join(dir, name) !== path)
      .map((name) => ({ at: join(dir, name), changed: statSync(join(dir, name)).mtimeMs }))
      .sort((a, b) => b.changed - a.changed);
    for (const { at } of aged.slice(others)) rmSync(at, { force: true });
  } catch {
    // A full or read-only disk.
  }
}
