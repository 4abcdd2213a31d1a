// Room: verify/run/. The programs that interpreters run inside of a container to import modules: one JSON object a line, told before and after each import,
// so that a crash is known by its module.

/** What each line begins with: modules print, too. */
export const mark = '@dockerfile-mod@';

/** One line of a script. */
export interface ImportLine {
  /** This module is imported next. */
  start?: string;
  module?: string;
  /** The package of the module. */
  of?: string;
  /** Undefined or null: it was imported. */
  error?: string | null;
}

/**
 * Arguments: names of distributions as JSON, modules to pass over as JSON. Modules of a distribution: top_level.txt, else the files of RECORD.
 * Source: https://packaging.python.org/en/latest/specifications/recording-installed-packages/
 */
export const pythonScript = `
import importlib, json, os, sys
out = os.fdopen(os.dup(1), 'w')
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
def say(**line):
    out.write('\\n${mark}' + json.dumps(line) + '\\n')
    out.flush()
def modules(distribution):
    found = (distribution.read_text('top_level.txt') or '').split()
    if not found:
        for file in distribution.files or []:
            parts = str(file).split('/')
            first = parts[0]
            if len(parts) == 1:
                if first.endswith('.py') or '.so' in first:
                    found.append(first.split('.')[0])
            elif parts[-1].endswith('.py') or '.so' in parts[-1]:
                found.append(first)
    return sorted(set(name for name in found if name.isidentifier() and name != '__pycache__'))
try:
    from importlib import metadata
except ImportError as error:
    say(error='importlib.metadata: ' + str(error))
    os._exit(3)
passed_over = set(json.loads(sys.argv[2]))
names = json.loads(sys.argv[1])
sys.argv = ['-c']
for name in names:
    try:
        listed = modules(metadata.distribution(name))
    except BaseException as error:
        say(of=name, error='is not installed' if type(error).__name__ == 'PackageNotFoundError' else repr(error))
        continue
    for module in listed:
        if module in passed_over:
            continue
        say(start=module, of=name)
        try:
            importlib.import_module(module)
            say(module=module, of=name)
        except BaseException as error:
            say(module=module, of=name, error=(type(error).__name__ + ': ' + str(error))[:2000])
os._exit(0)
`;

/** Arguments: names of packages as JSON, those to pass over as JSON. `import()` takes ES modules and CommonJS alike. */
export const nodeScript = `
const fs = require('fs');
const exit = process.exit.bind(process);
const say = (line) => fs.writeSync(1, '\\n${mark}' + JSON.stringify(line) + '\\n');
process.exit = (code) => { throw new Error('it calls process.exit(' + code + ')'); };
process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});
const names = JSON.parse(process.argv[1]);
const passedOver = new Set(JSON.parse(process.argv[2]));
process.argv.length = 1;
const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error('it does not end to load')), 20000));
(async () => {
  for (const name of names) {
    if (passedOver.has(name)) continue;
    say({ start: name, of: name });
    try {
      await Promise.race([import(name), late()]);
      say({ module: name, of: name });
    } catch (error) {
      say({ module: name, of: name, error: String((error && error.message) || error).slice(0, 2000) });
    }
  }
  exit(0);
})();
`;
